# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The group ``ckan verbund``, to which any part of the software adds commands."""

from __future__ import annotations

import click

__all__ = ["verbund"]


@click.group(short_help="Datenverbund.")
def verbund() -> None:
    """Commands of Datenverbund."""
