# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The controlled vocabularies as pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain import licence, vocab, vocab_lists

__all__ = ["Shown", "entries", "listed", "table", "titles"]


@dataclass(frozen=True)
class Shown:
    """A value of a list as a page shows it.

    Attributes:
        concept: The value.
        facts: What it means in plain words; of licences only.
        url: A page of its publisher, or empty.
    """

    concept: vocab.Concept
    facts: tuple[str, ...] = ()
    url: str = ""


def titles() -> dict[str, str]:
    """Return what the lists are called, by their names."""
    return {
        "license": tk._("Licences"),
        "data_theme": tk._("Themes"),
        "hvd_category": tk._("Categories of high-value datasets"),
        "musterdatensatz": tk._("Musterdatenkatalog"),
        "frequency": tk._("Frequencies of update"),
        "file_type": tk._("File formats"),
        "media_type": tk._("Media types"),
        "language": tk._("Languages"),
        "access_right": tk._("Access rights"),
        "planned_availability": tk._("Planned availability"),
        "geocoding_level": tk._("Levels of administration"),
        "contributor": tk._("Contributors of GovData"),
        "publisher_type": tk._("Kinds of publishers"),
        "dataset_type": tk._("Kinds of datasets"),
        "distribution_status": tk._("States of files"),
        "checksum_algorithm": tk._("Checksum algorithms"),
    }


@cache
def listed() -> dict[str, vocab_lists.Listed]:
    """Return edition, source and numbers of all lists, by name; read once."""
    return {one.name: one for one in vocab_lists.overview()}


def entries(name: str, words: str = "") -> list[Shown]:
    """Return the values of a list by German name, those on offer first.

    Args:
        name: The list.
        words: Each of these must be in a name, the code or the note.
    """
    wanted = words.casefold().split()
    vocabulary = vocab.load(name)
    withdrawn = [concept for concept in vocabulary.concepts if concept.deprecated]
    return [
        _shown(name, concept)
        for concept in (*vocabulary.current, *withdrawn)
        if all(word in _text(concept) for word in wanted)
    ]


def table(name: str) -> bytes:
    """Return a list as it lies in ``schemas/vocab``."""
    return (vocab_lists.FOLDER / f"{name}.csv").read_bytes()


def _text(concept: vocab.Concept) -> str:
    return " ".join([*concept.labels.values(), concept.code, concept.note]).casefold()


def _shown(name: str, concept: vocab.Concept) -> Shown:
    if name != "license":
        return Shown(concept)
    known = licence.find(concept.code)
    return Shown(concept, tuple(_facts(known)), known.url)


def _facts(known: licence.Licence) -> list[str]:
    """Return what a licence allows and asks, one sentence each."""
    if known.commercial is None:
        return [tk._("The terms are written with the data.")]
    said = [
        tk._("Open data.") if known.open else tk._("No open data."),
        tk._("Use for money is allowed.")
        if known.commercial
        else tk._("Use for money is not allowed."),
        tk._("Changes are allowed.") if known.changes else tk._("Changes are not allowed."),
        _attribution(known.attribution),
        tk._("Whoever changes the data must say so.") if known.tell_changes else "",
        tk._("What is made of the data must be passed on under the same terms.")
        if known.same_terms
        else "",
    ]
    return [text for text in said if text]


def _attribution(asked: Any) -> str:
    if asked is None:
        return tk._("Whether the source must be named is written with the data.")
    return tk._("The source must be named.") if asked else tk._("The source need not be named.")
