# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed readers of the settings of the page where others check their file."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

_PREFIX = "ckanext.verbund.dcat.check."


def max_bytes() -> int:
    """Return the most bytes of a file that is checked."""
    return tk.config[f"{_PREFIX}max_mb"] * 2**20


def max_entries() -> int:
    """Return the most datasets, services and series of a file that is checked."""
    return tk.config[f"{_PREFIX}max_datasets"]


def per_hour() -> int:
    """Return how many files one connection may have checked in an hour; 0: no page at all."""
    return tk.config[f"{_PREFIX}per_hour"]
