# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed readers of the settings."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

_PREFIX = "ckanext.verbund.ethics."


def withdrawal_keys() -> Path | None:
    """Return the file of the key ring that signs the list of withdrawals, None without one."""
    found = tk.config[f"{_PREFIX}withdrawal_keys"].strip()
    return Path(found) if found else None


def recipients() -> list[tuple[str, str]]:
    """Return who takes over data from here: name and address."""
    lines = tk.config[f"{_PREFIX}recipients"].splitlines()
    parts = [line.strip().rpartition(" ") for line in lines if line.strip()]
    return [(name.strip(" ,") or address, address) for name, _, address in parts]


def password_tries() -> int:
    """Return how many wrong passwords an account may send in an hour."""
    return tk.config[f"{_PREFIX}password_tries"]


def words_days() -> int:
    """Return the days that names and free text stay in the chain; 0 means for ever."""
    return tk.config[f"{_PREFIX}words_days"]


def anchor_mails() -> bool:
    """Return whether ends of chains are mailed."""
    return tk.config[f"{_PREFIX}anchor_mails"]
