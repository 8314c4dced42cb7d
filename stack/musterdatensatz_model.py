# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make the table for proposing a Musterdatensatz: ``schemas/search/musterdatensatz.tsv``.

Each entry is a point in the space of word pieces: its name, words and description, and the
mean of the datasets labelled with it. Pieces that many texts have count little (inverse
document frequency, on both sides, hence squared). Of each entry the weightiest pieces are
kept.

Example:
    $ python -m stack.musterdatensatz_model labelled.csv            # cross-validate, then write
    $ python -m stack.musterdatensatz_model labelled.csv --check    # cross-validate only

The labelled datasets (columns musterdatensatz, title, description) are those that the
Bertelsmann Stiftung published with the Musterdatenkatalog (CC0).
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.musterdatensatz import (
    LIST,
    OTHER,
    Evaluation,
    Model,
    evaluate,
    named,
    text_vector,
    vector,
)
from ckanext.verbund.domain.search import words
from stack.settings import ROOT

TARGET = ROOT / "schemas" / "search" / "musterdatensatz.tsv"
#: How much the parts of an entry count beside its name and words.
NOTE, EXAMPLES = 0.3, 0.6
#: Pieces that are kept of each entry.
KEPT = 260
FOLDS, SEEDS = 5, (0, 1, 2)
Vector = Mapping[str, float]
HEAD = """\
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: CC0-1.0
# Made by stack/musterdatensatz_model.py from the Musterdatenkatalog and labelled datasets
# (Bertelsmann Stiftung, CC0). One line per entry: code, then pieces, weights in thousandths.
"""


def build(rows: Iterable[Mapping[str, str]]) -> Model:
    """Return the model that labelled datasets and the catalogue itself give."""
    examples: dict[str, list[Vector]] = defaultdict(list)
    for row in rows:
        label = named(row["musterdatensatz"].strip())
        if label and label.code != OTHER:
            examples[label.code].append(text_vector(row["title"], row["description"]))
    known = {c.code: c for c in words.concepts()}
    prototypes = {
        c.code: _prototype(c, known[c.code].words)
        for c in vocab.load(LIST).concepts
        if c.code in known
    }
    rarity = _rarity([*prototypes.values(), *(v for group in examples.values() for v in group)])
    rarest = max(rarity.values())
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for code, prototype in prototypes.items():
        point = defaultdict(float, _weighted(prototype, rarity))
        group = examples.get(code, [])
        for example in group:
            for piece, value in _weighted(example, rarity).items():
                point[piece] += EXAMPLES * value / len(group)
        best = sorted(point.items(), key=lambda entry: (-entry[1] * rarity[entry[0]], entry[0]))
        for piece, value in best[:KEPT]:
            weights[piece][code] = round(value * rarity[piece] / rarest, 3)
    return Model(weights)


def _prototype(concept: vocab.Concept, known: Sequence[str]) -> Vector:
    topic, _, name = concept.label().partition(" - ")
    found = defaultdict(float, vector(f"{name} {name} {' '.join(known)} {topic}"))
    for piece, value in vector(concept.note).items():
        found[piece] += NOTE * value
    return found


def _rarity(vectors: Sequence[Vector]) -> dict[str, float]:
    """Return the inverse document frequency of each piece, smoothed."""
    seen = Counter(piece for one in vectors for piece in one)
    return {piece: 1 + math.log((1 + len(vectors)) / (1 + n)) for piece, n in seen.items()}


def _weighted(one: Vector, rarity: Mapping[str, float]) -> dict[str, float]:
    found = {piece: value * rarity[piece] for piece, value in one.items()}
    length = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {piece: value / length for piece, value in found.items()}


def cross_validate(rows: Sequence[Mapping[str, str]]) -> Evaluation:
    """Judge each dataset by a model that has not seen it: five parts, three times."""
    number = first = among = 0
    for seed in SEEDS:
        order = list(rows)
        random.Random(seed).shuffle(order)  # noqa: S311
        for fold in range(FOLDS):
            model = build(row for n, row in enumerate(order) if n % FOLDS != fold)
            found = evaluate(order[fold::FOLDS], model)
            number += found.number
            first += found.first
            among += found.among_three
    return Evaluation(number, first, among)


def write(model: Model) -> None:
    """Write the table."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for piece in sorted(model.weights):
        for code, weight in model.weights[piece].items():
            if weight >= 0.001:
                by_code[code].append(f"{piece}={round(weight * 1000)}")
    lines = ["\t".join([code, *by_code[code]]) for code in sorted(by_code)]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Cross-validate with a labelled file, then write the table."""
    with Path(arguments[0]).open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    print(f"Kreuzvalidierung: {cross_validate(rows)}")
    if "--check" not in arguments:
        write(build(rows))
        print(f"{TARGET}: {TARGET.stat().st_size:,} Byte")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
