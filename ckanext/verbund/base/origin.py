# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a dataset was written: here, or elsewhere and harvested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["OWN_ONLY", "is_harvested"]

_MARKS = ("guid", "harvest_object_id", "harvest_source_id")
OWN_ONLY = tuple(f"-{mark}:[* TO *]" for mark in _MARKS)
"""Filters for the index: only what was written here."""


def is_harvested(package: Mapping[str, Any]) -> bool:
    """Tell whether a dataset came from elsewhere.

    Args:
        package: As ``package_show`` returns it.
    """
    return any(extra.get("key") in _MARKS for extra in package.get("extras") or ())
