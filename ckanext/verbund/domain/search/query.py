# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what a person wrote to a query for Solr's edismax parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ckanext.verbund.domain.search import words

LONGEST = 24
"""Words of a query that are looked at; a pasted page is no query."""
LONGEST_WORD = 60
"""Letters of a word that are looked at; the longest German compounds have about 70."""


@dataclass(frozen=True)
class Weights:
    """How much a match counts; measured with ``make bench-search``.

    Attributes:
        fields: Fields that are searched; whole words count more than parts of compounds.
        tie: Share that the other fields add to the best one.
        phrase: All words of the query beside each other.
        name: Name of a Musterdatensatz that the query means.
        words: Words that people use for it.
        synonym: Words that can stand for one of the query.
        fuzzy: Words that differ in one or two letters.
    """

    fields: str = (
        "verbund_title^2.5 title^1.5 verbund_tags^1.2 verbund_labels^1 "
        "verbund_notes^1 notes^0.6 text^0.2 name^4"
    )
    tie: float = 0.6
    phrase: float = 0.5
    name: float = 0.3
    words: float = 0.6
    synonym: float = 0.4
    fuzzy: float = 0.1


WEIGHTS = Weights()
#: What only somebody writes who knows Solr's syntax.
_SYNTAX = re.compile(
    r"""["\[\]{}^~\\]      # phrases, ranges, boosts, escapes
    | (?:^|\s)[+\-!]\S     # required and forbidden words
    | (?:^|\s)(?:AND|OR|NOT|&&|\|\|)(?:\s|$)
    | (?:^|[\s(])(?!https?:)[A-Za-z_*][\w.*-]*:\S  # field:value
    | \*                   # wildcards
    | \w\?\w | ^\S*\?\S*$  # a single word with ?; a question ends with one
    """,
    re.VERBOSE,
)


def is_plain(text: str) -> bool:
    """Return whether somebody wrote words, not a query in Solr's syntax."""
    return bool(words.tokens(text)) and not _SYNTAX.search(text)


@lru_cache(maxsize=512)
def ranked(text: str, weights: Weights = WEIGHTS) -> str:
    """Return the query that finds any of the words, best matches first.

    Args:
        text: What a person wrote; see `is_plain`.
        weights: How much each kind of match counts.

    Returns:
        Query for edismax with ``mm=1``. It holds nothing but words, quotes and boosts of
        ours, so that no input can become syntax.
    """
    asked = list(dict.fromkeys(w[:LONGEST_WORD] for w in words.tokens(text)))[:LONGEST]
    meant = [word for word in asked if word not in words.STOPWORDS] or asked
    clauses = list(meant)
    if len(meant) > 1:
        clauses.append(_boosted(" ".join(meant), weights.phrase, slop=3))
    extra: dict[str, float] = {}
    for word in meant:
        for other in words.synonyms().get(words.stem(word), ()):
            _add(extra, other, weights.synonym)
    for concept, share in words.matching(meant):
        _add(extra, concept.name, weights.name * share)
        for other in concept.words:
            _add(extra, other, weights.words * share)
    known = set(meant)
    clauses += [_boosted(w, boost) for w, boost in extra.items() if w not in known]
    if weights.fuzzy:
        clauses += [
            f"verbund_words:{word}~{2 if len(word) > 8 else 1}^{weights.fuzzy:g}"
            for word in meant
            if len(word) > 4 and word.isalpha()
        ]
    # CKAN sets q.op=AND and lets nobody change it: between explicit ORs it says nothing.
    return " OR ".join(clauses)


def _add(extra: dict[str, float], phrase: str, boost: float) -> None:
    text = " ".join(w for w in words.tokens(phrase) if w not in words.STOPWORDS)
    if text:
        extra[text] = max(boost, extra.get(text, 0.0))


def _boosted(text: str, boost: float, slop: int = 1) -> str:
    if " " in text or "-" in text:
        return f'"{text}"~{slop}^{boost:.3g}'
    return f"{text}^{boost:.3g}"
