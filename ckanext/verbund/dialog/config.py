# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed readers of the settings."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

_PREFIX = "ckanext.verbund.dialog."


def answer_days() -> int:
    """Return the days in which a question should be answered."""
    return tk.config[f"{_PREFIX}answer_days"]


def retention_days() -> int:
    """Return the days that a question stays after its answer."""
    return tk.config[f"{_PREFIX}retention_days"]


def per_hour() -> int:
    """Return how many messages one connection may send in an hour."""
    return tk.config[f"{_PREFIX}per_hour"]


def can_mail() -> bool:
    """Return whether this portal can send mail at all."""
    return bool(tk.config.get("smtp.server"))
