# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed readers of the settings."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain.http import Policy
from ckanext.verbund.domain.tables.limits import POSTGRES_COLUMNS, Limits

PREFIX = "ckanext.verbund.tables."


def limits() -> Limits:
    """Return what a file may cost."""
    return Limits(
        max_bytes=tk.config[f"{PREFIX}max_bytes"],
        max_sheet_bytes=tk.config[f"{PREFIX}max_sheet_bytes"],
        max_rows=tk.config[f"{PREFIX}max_rows"],
        max_columns=min(POSTGRES_COLUMNS, tk.config[f"{PREFIX}max_columns"]),
        bad_values_percent=float(tk.config[f"{PREFIX}bad_values_percent"]),
        max_findings=tk.config[f"{PREFIX}max_findings"],
    )


def timeout() -> int:
    """Return the seconds a job may take."""
    return tk.config[f"{PREFIX}timeout"]


def loads_linked() -> bool:
    """Tell whether linked files become tables too."""
    return tk.config[f"{PREFIX}linked"]


def fetch_policy() -> Policy:
    """Return what fetching a linked file may do."""
    return Policy(
        max_bytes=tk.config[f"{PREFIX}max_bytes"],
        max_seconds=timeout() / 2,
        allow_private=tk.config[f"{PREFIX}allow_private_addresses"],
    )
