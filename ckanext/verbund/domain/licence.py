# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a licence means in plain words, from ``schemas/vocab/license_facts.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ckanext.verbund.domain import vocab

__all__ = ["Licence", "find"]


@dataclass(frozen=True)
class Licence:
    """A licence of the list with what it allows and asks; None: written elsewhere.

    Attributes:
        iri: Its address in the list of DCAT-AP.de.
        name: Its full German name.
        title: What it is about in two or three words.
        short: How it is called in an attribution.
        url: The page with its text, or empty.
        open: Whether it makes open data.
        attribution: The source must be named.
        commercial: Use for money is allowed.
        changes: The data may be changed.
        tell_changes: Who changes them must say so.
        same_terms: What is made of them must be passed on under the same terms.
    """

    iri: str
    name: str
    title: str
    short: str
    url: str
    open: bool
    attribution: bool | None
    commercial: bool | None
    changes: bool | None
    tell_changes: bool | None
    same_terms: bool | None


def find(key: str | None) -> Licence | None:
    """Return the licence of an IRI, code, name or address, or None if the list lacks it."""
    concept = vocab.load("license").get(key)
    return _licences()[concept.code] if concept else None


@cache
def _licences() -> dict[str, Licence]:
    text = (files("ckanext.verbund.schemas") / "vocab" / "license_facts.yaml").read_text(
        "utf-8"
    )
    facts = yaml.safe_load(text)
    return {
        concept.code: Licence(
            iri=concept.iri,
            name=concept.label(),
            url=concept.extra["homepage"],
            open=concept.extra["open"] == "yes",
            **facts[concept.code],
        )
        for concept in vocab.load("license").concepts
    }
