# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which Musterdatensatz may be meant: three proposals from title and description.

A linear model, offline and explainable. Words are cut into overlapping pieces of four to
six letters, so that »Spielplatzverzeichnis« resembles »Spielplätze«. Each entry of the
catalogue has a weight for each piece: from its name, its description, the words of
``schemas/search/words.csv`` and from labelled datasets. The table is
``schemas/search/musterdatensatz.tsv``; ``python -m stack.musterdatensatz_model`` makes it and
says how well it does. A name that stands there in full counts in addition. Where nothing
fits well, »Sonstiges« is the third proposal.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.search import words

__all__ = ["Evaluation", "Model", "Suggestion", "evaluate", "named", "suggest", "vector"]

LIST = "musterdatensatz"
OTHER = "sonstiges/sonstiges"
#: A description counts this much beside a title.
DESCRIPTION = 0.5
#: How much of a description is read; what it is about stands at its beginning.
BEGINNING = 300
#: What a name in full adds to the score: in the title, at the beginning of the description.
NAMED, NAMED_BELOW = 0.25, 0.2
#: Below this the best proposal is doubtful, and »Sonstiges« is proposed as well.
DOUBT = 0.75
_SHORTEST, _LONGEST = 4, 6
_TABLE = files("ckanext.verbund.schemas") / "search" / "musterdatensatz.tsv"
_NOISE = re.compile(r"<!\[CDATA\[|\]\]>|<[^>]{0,200}>|https?://\S+|\d+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: Two names are the same when this much of their letters agrees; the most is 3.
_SAME_NAME = 2.0
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Suggestion:
    """One proposal.

    Attributes:
        concept: The entry of the Musterdatenkatalog.
        score: How well it fits; only good for comparing.
        words: The words of the text that led to it, the weightiest first.
    """

    concept: vocab.Concept
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """How often the labelled entry is the first, and one of the first three."""

    number: int
    first: int
    among_three: int
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        total = self.number or 1
        return (
            f"n={self.number} top1={self.first / total:.3f} top3={self.among_three / total:.3f}"
        )


@dataclass(frozen=True)
class Model:
    """Weights by piece, and for each piece by code of the entry."""

    weights: Mapping[str, Mapping[str, float]]

    def ranking(self, title: str, description: str = "") -> list[tuple[str, float]]:
        """Return codes and scores, best first; »Sonstiges« as far up as it should stand."""
        scores: dict[str, float] = defaultdict(float)
        for piece, value in text_vector(title, description).items():
            for code, weight in self.weights.get(piece, {}).items():
                scores[code] += value * weight
        for code, bonus in _named_in(title, description).items():
            scores[code] += bonus
        scores.pop(OTHER, None)
        ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
        best = ranked[0][1] if ranked else 0.0
        place = min(2, len(ranked)) if best < DOUBT else len(ranked)
        ranked.insert(place, (OTHER, ranked[place - 1][1] if place else 0.0))
        return ranked

    def contributions(self, code: str, text: str) -> list[tuple[str, float]]:
        """Return the words of a text by what they add to an entry, the weightiest first."""
        found: dict[str, float] = {}
        for word in _WORD.findall(_NOISE.sub(" ", text)):
            pieces = _pieces(words.plain(word))
            found[word] = sum(self.weights.get(p, {}).get(code, 0.0) for p in pieces)
        return sorted(found.items(), key=lambda entry: -entry[1])


def suggest(title: str, description: str = "", limit: int = 3) -> list[Suggestion]:
    """Return the entries of the Musterdatenkatalog that a dataset may belong to.

    Args:
        title: Its title.
        description: Its description, or the beginning of it.
        limit: How many proposals.

    Example:
        >>> [s.concept.code for s in suggest("Altglascontainer", limit=1)]
        ['abfallentsorgung/container']
    """
    model, concepts = _model(), _concepts()
    found = []
    for code, score in model.ranking(title, description)[:limit]:
        ranked = model.contributions(code, f"{title} {description[:BEGINNING]}")
        least = ranked[0][1] / 4 if ranked else 0.0
        reasons = tuple(word for word, value in ranked[:4] if value > least)
        found.append(Suggestion(concepts[code], round(score, 3), reasons))
    return found


def named(label: str) -> vocab.Concept | None:
    """Return the entry of a name, also of a name that an earlier edition gave it."""
    known = vocab.load(LIST).get(label)
    if known:
        return known
    likeness, concept = max(
        ((_likeness(label, c.label()), c) for c in vocab.load(LIST).concepts),
        key=lambda entry: entry[0],
    )
    return concept if likeness >= _SAME_NAME else None


def evaluate(rows: Iterable[Mapping[str, str]], model: Model | None = None) -> Evaluation:
    """Compare proposals with labels.

    Args:
        rows: With ``musterdatensatz`` (name, code or IRI), ``title``, ``description``.
        model: The model to judge (the bundled one if left out).
    """
    model = model or _model()
    number = first = among = 0
    unknown = []
    for row in rows:
        number += 1
        label = named(row["musterdatensatz"].strip())
        if label is None:
            unknown.append(row["musterdatensatz"])
            continue
        ranking = model.ranking(row["title"] or "", row.get("description") or "")
        three = [code for code, _score in ranking[:3]]
        first += three[:1] == [label.code]
        among += label.code in three
    return Evaluation(number, first, among, tuple(dict.fromkeys(unknown)))


# -- text to numbers ------------------------------------------------------------------------


def vector(text: str) -> dict[str, float]:
    """Return the pieces of a text, each with its weight, the whole of length 1."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(words.plain(_NOISE.sub(" ", text))):
        if word not in words.STOPWORDS:
            counts.update(_pieces(word))
    found = {piece: 1 + math.log(n) for piece, n in counts.items()}
    length = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {piece: value / length for piece, value in found.items()}


def text_vector(title: str, description: str) -> dict[str, float]:
    """Return the pieces of title and description, the whole of length 1."""
    found = defaultdict(float, vector(title))
    if description.strip() != title.strip():
        for piece, value in vector(description[:BEGINNING]).items():
            found[piece] += DESCRIPTION * value
    length = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {piece: value / length for piece, value in found.items()}


def _pieces(word: str) -> list[str]:
    whole = f" {word.replace('-', '')} "
    return [
        whole[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(max(1, len(whole) - size + 1))
    ]


def _named_in(title: str, description: str) -> dict[str, float]:
    """Return a bonus for each entry whose name or word stands in the text in full."""
    found: dict[str, float] = {}
    for text, bonus in ((description[:BEGINNING], NAMED_BELOW), (title, NAMED)):
        for concept, share in words.matching(words.tokens(text), limit=6, partly=False):
            found[concept.code] = bonus * (0.5 + 0.5 * share)
    return found


def _likeness(one: str, other: str) -> float:
    """Compare two names; the last part counts double."""
    last = _agreement(one.rpartition(" - ")[2], other.rpartition(" - ")[2])
    return 2 * last + _agreement(one, other)


def _agreement(one: str, other: str) -> float:
    first, second = (set(_fours(words.plain(text))) for text in (one, other))
    return 2 * len(first & second) / ((len(first) + len(second)) or 1)


def _fours(text: str) -> Sequence[str]:
    whole = f" {text} "
    return [whole[at : at + 4] for at in range(len(whole) - 3)]


# -- the bundled table ------------------------------------------------------------------------


@cache
def _concepts() -> Mapping[str, vocab.Concept]:
    return {concept.code: concept for concept in vocab.load(LIST).concepts}


@cache
def _model() -> Model:
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, *cells = line.split("\t")
        for cell in cells:
            piece, _, value = cell.rpartition("=")
            weights[piece][code] = int(value) / 1000
    return Model(weights)
