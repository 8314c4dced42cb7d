# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What findings mean, in words: ``schemas/screening/findings.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Text = Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """A kind of finding in words, each by language (``de``, ``en``).

    Attributes:
        label: In lists.
        several: In the middle of a sentence.
        what: What was found.
        why: Why it matters.
        remedy: What to do.
    """

    label: Text
    several: Text
    what: Text
    why: Text
    remedy: Text


@cache
def findings() -> Mapping[str, Wording]:
    """Return every kind of finding, in the order of the file.

    Raises:
        TypeError: A text is missing or has an unknown name.
    """
    return {
        entry["id"]: Wording(**{k: v for k, v in entry.items() if k != "id"})
        for entry in _read()["findings"]
    }


def reasons() -> Mapping[str, Text]:
    """Return why something was not looked at."""
    return _read()["reasons"]


def levels() -> Mapping[str, Mapping[str, Text]]:
    """Return the words for ``confidence``, ``coverage`` and ``status``."""
    return {name: _read()[name] for name in ("confidence", "coverage", "status")}


def notice() -> Text:
    """Return what has to stand beside every result."""
    return _read()["notice"]


@cache
def _read() -> Mapping[str, Any]:
    path = files("ckanext.verbund.schemas") / "screening" / "findings.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
