# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which other words mean what somebody looks for.

Two tables in ``schemas/search`` say it: ``synonyms.csv`` (words that can stand for each
other) and ``words.csv`` (for each Musterdatensatz the words that citizens and offices use).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ckanext.verbund.domain import vocab

_TABLES = files("ckanext.verbund.schemas") / "search"
_TOKEN = re.compile(r"\w+(?:[-.]\w+)*")
STOPWORDS = frozenset((_TABLES / "stopwords.txt").read_text(encoding="utf-8").split())
"""Words that say nothing about a subject."""


def tokens(text: str) -> list[str]:
    """Return the words of a text in small letters, hyphens kept."""
    return [match.lower() for match in _TOKEN.findall(text)]


def plain(word: str) -> str:
    """Write umlauts and ß as Solr's ``GermanNormalizationFilter`` does, in small letters."""
    word = word.lower().replace("ß", "ss").translate(_PLAIN)
    word = word.replace("ae", "a").replace("oe", "o")
    return re.sub(r"(?<![aeiouyq])ue", "u", word)


_PLAIN = str.maketrans("äöü", "aou")


def stem(word: str) -> str:
    """Reduce a word to what its spellings and usual endings have in common.

    Only for comparing a query with our own tables; Solr stems for itself.

    Example:
        >>> stem("Müllgebühren") == stem("Muellgebuehr")
        True
    """
    word = plain(word).replace("-", "")
    for ending in ("innen", "ern", "en", "er", "es", "em", "e", "n", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True)
class Concept:
    """What a Musterdatensatz is about.

    Attributes:
        code: Its code in the vocabulary.
        name: Its name without the topic, such as »Bibliothek - Standort«.
        words: Words that people use for it, most usual first.
    """

    code: str
    name: str
    words: tuple[str, ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """Return all concepts; »Sonstiges« means nothing and is none."""
    words = {row["musterdatensatz"]: _listed(row["words"]) for row in _rows("words.csv")}
    return tuple(
        Concept(c.code, c.label().partition(" - ")[2], words.get(c.code, ()))
        for c in vocab.load("musterdatensatz").concepts
        if not c.code.startswith("sonstiges")
    )


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return for the stem of each word the words that can stand for it."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("synonyms.csv"):
        group = _listed(row["words"])
        for word in group:
            others = tuple(w for w in group if stem(w) != stem(word))
            found[stem(word)] = tuple(dict.fromkeys(found.get(stem(word), ()) + others))
    return found


@cache
def known() -> frozenset[str]:
    """Return the stems of all words of our tables: no misspelling, whoever uses them."""
    named = {token for name, _weight, _concept in _names() for token in name}
    return frozenset(named | set(synonyms()))


def matching(
    query: Iterable[str], limit: int = 2, partly: bool = True
) -> list[tuple[Concept, float]]:
    """Return the concepts that a query means, with the share of it that is explained.

    A concept is meant when all words of its name or of one of its words stand in the
    query. Longer matches come first; a name outranks a word.

    Args:
        query: Words of the query.
        limit: How many concepts at most.
        partly: Count names as well of which the most stands in the query, not all.
    """
    stems = [stem(w) for w in query if w not in STOPWORDS]
    asked = set(stems)
    whole = sum(map(len, asked)) or 1
    best: dict[str, tuple[float, Concept]] = {}
    for name, weight, concept in _names():
        if name <= asked:
            share = weight * sum(map(len, name)) / whole
        elif partly and weight > 1 and len(common := name & asked) >= 2:
            share = sum(map(len, common)) / max(whole, sum(map(len, name)))
            share = share if share >= _ALIKE else 0.0
        else:
            continue
        if share > best.get(concept.code, (0.0,))[0]:
            best[concept.code] = (share, concept)
    ranked = sorted(best.values(), key=lambda entry: -entry[0])
    return [(concept, min(1.0, share)) for share, concept in ranked[:limit]]


_ALIKE = 0.6


@cache
def _names() -> tuple[tuple[frozenset[str], float, Concept], ...]:
    found = []
    for concept in concepts():
        for text, weight in ((concept.name, 1.1), *((w, 1.0) for w in concept.words)):
            stems = frozenset(stem(w) for w in tokens(text) if w not in STOPWORDS)
            if stems:
                found.append((stems, weight, concept))
    return tuple(found)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in text.split(";"))))


def _rows(name: str) -> list[dict[str, str]]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
