# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules in words: ``schemas/checks/*.yaml``, for clerks to read and to improve.

``rules.yaml`` holds the conventions of the handbook of DCAT-AP.de 2.0, to which 3.0 refers,
and our own rules on quality; ``shapes.yaml`` says what the official shapes find. The page
``docs/pruefung.md`` is made from both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ckanext.verbund.domain.finding import Severity

__all__ = ["Rule", "not_checked", "rules", "wording"]

_FOLDER = files("ckanext.verbund.schemas") / "checks"


@dataclass(frozen=True)
class Rule:
    """One rule; ``{…}`` in its words stands for what was found.

    Attributes:
        id: Its lasting name, such as ``K01``.
        severity: How bad it is to break it.
        property: The property concerned, as a prefixed name, or ``*``.
        topic: Findings of one topic at one property of one thing are told once.
        de: What is the matter, in German.
        en: The same in English.
        remedy: What to do, in German.
        source: Where the rule is written down.
    """

    id: str
    severity: Severity
    property: str
    topic: str
    de: str
    en: str
    remedy: str
    source: str


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule beyond the shapes, by its name."""
    return {entry["id"]: Rule(**entry) for entry in _read("rules.yaml")["rules"]}


def not_checked() -> Mapping[str, str]:
    """Return the conventions that have no check of their own, and why."""
    return _read("rules.yaml")["not_checked"]


def wording() -> Mapping[str, Any]:
    """Return the words for what shapes find."""
    return _read("shapes.yaml")


@cache
def _read(name: str) -> Mapping[str, Any]:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
