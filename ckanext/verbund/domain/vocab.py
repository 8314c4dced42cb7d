# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The controlled vocabularies: which values there are, and what they are called.

The lists are tables in ``schemas/vocab``, one row per value, for clerks to read and for
``manifest.yaml`` to account for. They come with the package; nothing is fetched.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType

__all__ = ["LANGUAGES", "Concept", "Vocabulary", "load", "names"]

LANGUAGES = ("de", "en")
_COLUMNS = frozenset({"code", "iri", "note", "deprecated", *LANGUAGES})
_LISTS = files("ckanext.verbund.schemas") / "vocab"
# https and www are spellings of one and the same value, wherever data come from.
_SCHEME = re.compile(r"^https?://(www\.)?")


@dataclass(frozen=True)
class Concept:
    """One value of a vocabulary.

    Attributes:
        code: The short name its publisher gave it, such as ``ANNUAL``.
        iri: What is stored and exported.
        labels: What people read, by language.
        deprecated: The publisher withdrew it: still understood, no longer offered.
        note: An explanation in German, or empty.
        extra: Further columns of this list, such as ``open`` of a licence.
    """

    code: str
    iri: str
    labels: Mapping[str, str] = field(hash=False)
    deprecated: bool = False
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def label(self, lang: str = "de") -> str:
        """Return the name in a language, else in German."""
        return self.labels.get(lang) or self.labels["de"]


@dataclass(frozen=True)
class Vocabulary:
    """A list of values that can be asked for by any of their spellings."""

    name: str
    concepts: tuple[Concept, ...]

    def get(self, key: str | None) -> Concept | None:
        """Find a value by IRI, code, label in any language, or alias.

        Capitals do not matter, nor do ``https``, ``www`` or a final slash of an IRI; so the
        old prefix ``https://www.dcat-ap.de/def/`` is understood as well.
        """
        return self._index.get(_spelling(key)) if key else None

    def label(self, key: str, lang: str = "de") -> str:
        """Return what a value is called, or the key itself when the list lacks it."""
        concept = self.get(key)
        return concept.label(lang) if concept else key

    def choices(self, lang: str = "de") -> list[tuple[str, str]]:
        """Return IRI and label of all values on offer, by German label."""
        return [(concept.iri, concept.label(lang)) for concept in self.current]

    @cached_property
    def current(self) -> tuple[Concept, ...]:
        """The values on offer, by German label."""
        on_offer = (concept for concept in self.concepts if not concept.deprecated)
        return tuple(sorted(on_offer, key=lambda concept: _collation(concept.labels["de"])))

    @cached_property
    def _index(self) -> dict[str, Concept]:
        """Every spelling; an IRI outranks a code, that a label, that an alias."""
        index: dict[str, Concept] = {}
        # What is on offer outranks what was withdrawn under the same name.
        ranked = sorted(self.concepts, key=lambda concept: concept.deprecated)
        for spellings in (_iri, _code, _labels, _aliases):
            for concept in ranked:
                for text in spellings(concept):
                    index.setdefault(_spelling(text), concept)
        return index


@cache
def load(name: str) -> Vocabulary:
    """Return a vocabulary by the name of its file.

    Raises:
        KeyError: There is no such list; the message says which there are.
    """
    if name not in names():
        raise KeyError(f"{name!r} is none of the vocabularies {', '.join(names())}")
    with (_LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return Vocabulary(name, tuple(_concept(row) for row in csv.DictReader(table)))


@cache
def names() -> tuple[str, ...]:
    """Return the names of all vocabularies."""
    found = (entry.name for entry in _LISTS.iterdir())
    return tuple(sorted(name[:-4] for name in found if name.endswith(".csv")))


def _concept(row: dict[str, str]) -> Concept:
    return Concept(
        code=row["code"],
        iri=row["iri"],
        labels=MappingProxyType({lang: row[lang] for lang in LANGUAGES}),
        deprecated=row["deprecated"] == "yes",
        note=row["note"],
        extra=MappingProxyType({k: v for k, v in row.items() if k not in _COLUMNS}),
    )


def _iri(concept: Concept) -> Iterable[str]:
    return (concept.iri,)


def _code(concept: Concept) -> Iterable[str]:
    return (concept.code,)


def _labels(concept: Concept) -> Iterable[str]:
    return concept.labels.values()


def _aliases(concept: Concept) -> Iterable[str]:
    return filter(None, concept.extra.get("alias", "").split(";"))


def _spelling(text: str) -> str:
    """Reduce a key to what two spellings of the same value have in common."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    bare = text.strip().casefold()
    if not bare.startswith("http"):
        return bare
    bare = _SCHEME.sub("http://", bare)
    return bare.rstrip("/") if bare.startswith("http://") else bare


def _collation(text: str) -> tuple[str, str]:
    """Sort as a German dictionary does: ä beside a, ß as ss."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)), text
