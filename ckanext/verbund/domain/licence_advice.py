# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When to choose which licence, from ``schemas/vocab/license_advice.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ckanext.verbund.domain import licence, vocab

__all__ = ["Advice", "advices"]


@dataclass(frozen=True)
class Advice:
    """A licence and when it fits.

    Attributes:
        licence: What it allows and asks.
        advice: When to choose it, by language.
        recommended: Whether it fits nearly always.
    """

    licence: licence.Licence
    advice: Mapping[str, str]
    recommended: bool


@cache
def advices() -> tuple[Advice, ...]:
    """Return the licences that the form compares, in the order of the file.

    Raises:
        KeyError: The file names a licence that the vocabulary lacks.
    """
    path = files("ckanext.verbund.schemas") / "vocab" / "license_advice.yaml"
    found = []
    for code, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        concept = vocab.load("license").get(code)
        known = licence.find(code) if concept and concept.code == code else None
        if known is None:
            raise KeyError(f"license_advice.yaml: there is no licence {code!r}")
        found.append(Advice(known, entry["advice"], entry.get("recommended", False)))
    return tuple(found)
