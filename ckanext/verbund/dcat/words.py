# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What codes are called."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

__all__ = ["dimensions", "lacks", "ratings", "severities"]


def severities() -> dict[str, str]:
    """Return the severities of findings, the worst first."""
    return {"error": tk._("Error"), "warning": tk._("Warning"), "hint": tk._("Hint")}


def lacks() -> dict[str, str]:
    """Return what a high-value dataset can lack."""
    return {
        "law": tk._("the regulation is not named"),
        "licence": tk._("no licence"),
        "open_licence": tk._("licence not open"),
        "api": tk._("no API stated"),
        "download": tk._("no download stated"),
        "documentation": tk._("no documentation"),
    }


def ratings() -> dict[str, str]:
    """Return the words of data.europa.eu for a number of points."""
    return {
        "excellent": tk._("excellent"),
        "good": tk._("good"),
        "sufficient": tk._("sufficient"),
        "bad": tk._("poor"),
    }


def dimensions() -> dict[str, str]:
    """Return the five dimensions in which points are given."""
    return {
        "findability": tk._("Findability"),
        "accessibility": tk._("Accessibility"),
        "interoperability": tk._("Interoperability"),
        "reusability": tk._("Reusability"),
        "contextuality": tk._("Context"),
    }
