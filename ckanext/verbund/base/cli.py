# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund …``."""

from __future__ import annotations

import click
from ckan.lib.jobs import Worker

from . import schedule

__all__ = ["verbund"]


@click.group(short_help="Datenverbund.")
def verbund() -> None:
    """Commands of Datenverbund."""


@verbund.command()
def worker() -> None:
    """Run background jobs and everything that comes back by schedule."""
    names = schedule.begin()
    click.echo(f"Schedule: {', '.join(names) or 'nothing'}")
    Worker().work(with_scheduler=True)
