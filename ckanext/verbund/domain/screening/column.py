# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One column on its way through passes 1 and 2, in bounded memory.

Most columns hold few different values. Those are counted and looked at once, whatever the
length of the file. A column with more different values is looked at batch by batch: a pattern
in polars lets through the cells worth a closer look.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from ckanext.verbund.domain.screening import patterns, people
from ckanext.verbund.domain.screening.headers import roles
from ckanext.verbund.domain.screening.report import CONFIDENCES, Confidence
from ckanext.verbund.domain.tables.values import CLASSES

DISTINCT = 5000
"""A column with more different values is streamed; in wide tables fewer are counted."""
_DISTINCT_BYTES = 500
_CONFIRMED = 1000
"""From so many confirmed cells on, a column is counted by pattern alone."""
_CHANCE = 20_000
RARE = 0.03
"""Among so many candidates, matches this rare come from chance."""
_SAMPLE_PER_BATCH = 200
_CAPITALISED = "[A-ZÄÖÜÀ-Þ][^0-9 ]|[a-zäöüß]{2,} [a-zäöüß]{2,}"

DAY = rf"^\s*(?:{CLASSES['date']}|{CLASSES['timestamp']}|[0-9]{{8}})\s*$"
YEAR = r"^\s*(?:19|20)[0-9]{2}\s*$"
# Five decimals of a degree are a metre; projected coordinates are metres anyway.
PRECISE = r"[0-9]{1,3}[.,][0-9]{5,}|\b[0-9]{6,7}(?:[.,][0-9]+)?\b"
ONE_TWO = r"^\s*[12](?:[.,]0+)?\s*$"
_HAS_DIGIT = r"[0-9]"


@dataclass
class Tally:
    """How often a detector matched in a column, by confidence.

    Attributes:
        candidates: Cells that were looked at closely.
        matched: Cells by confidence.
    """

    candidates: int = 0
    matched: Counter[Confidence] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Return how many cells matched."""
        return self.matched.total()

    @property
    def best(self) -> Confidence:
        """Return the highest confidence that occurred."""
        return max(self.matched, key=CONFIDENCES.index)


class Column:
    """State of one column; feed it with ``add``, then call ``finish`` once.

    Attributes:
        header: As it stands in the file.
        roles: What the header says.
        filled: Cells that hold something.
        tallies: Results of pass 1 by kind.
        people: Cells of pass 2 by sign.
        people_scanned: Cells of pass 2.
        sampled: Whether pass 2 saw some cells only.
        kinds: Cells by shape, where the header asks for it: ``day``, ``year``, ``precise``,
            ``one-two``, ``number``.
    """

    def __init__(
        self, header: str, *, exhaustive: bool, seed: int = 0, distinct: int = DISTINCT
    ):
        self.header = header
        self.roles = roles(header)
        self.filled = 0
        self.tallies: dict[str, Tally] = {}
        self.people: Counter[people.Sign] = Counter()
        self.people_scanned = 0
        self.sentences = 0
        self.sampled = False
        self.kinds: Counter[str] = Counter()
        self._exhaustive = exhaustive
        self._most = distinct
        self._random = random.Random(seed)  # noqa: S311 - choosing rows, no secret
        self._distinct: Counter[str] | None = Counter()

    def add(self, cells: pl.Series) -> None:
        """Take the cells of a batch; null and empty ones count as nothing."""
        cells = cells.drop_nulls()
        cells = cells.filter(cells != "")
        if cells.is_empty():
            return
        self.filled += len(cells)
        if self._distinct is not None and self._count(cells):
            return
        self._shapes(cells)
        self._structured(cells)
        self._heuristic(cells)

    def _count(self, cells: pl.Series) -> bool:
        """Count different values; give up where there are many."""
        assert self._distinct is not None  # noqa: S101 - for the type checker
        counts = cells.rename("cell").value_counts(name="count")
        longest = int(cells.str.len_bytes().max() or 0)  # type: ignore[call-overload]
        if len(self._distinct) + len(counts) > self._most or longest > _DISTINCT_BYTES:
            self._flush()
            return False
        self._distinct.update(dict(counts.iter_rows()))
        return True

    def _flush(self) -> None:
        """Look at the different values counted so far."""
        counted, self._distinct = self._distinct, None
        if not counted:
            return
        cells = pl.Series("cell", list(counted), dtype=pl.String)
        self._shapes(cells, counted)
        self._structured(cells, counted)
        self._look(counted.items())

    def finish(self) -> None:
        """Look at what was only counted."""
        self._flush()

    # Pass 1

    def _structured(self, cells: pl.Series, weights: Counter[str] | None = None) -> None:
        headed = [d for d in patterns.DETECTORS if d.by_header and d.kind in self.roles]
        longest = int(cells.str.len_bytes().max() or 0)  # type: ignore[call-overload]
        if longest < (4 if headed else patterns.SHORTEST):
            return
        for detector in headed:
            self._detect(detector, detector.by_header, cells, weights)
        worth = cells.filter(cells.str.contains(patterns.PREFILTER))
        if worth.is_empty():
            return
        for detector in patterns.DETECTORS:
            if detector not in headed:
                self._detect(detector, detector.rust, worth, weights)

    def _detect(
        self,
        detector: patterns.Detector,
        pattern: str,
        cells: pl.Series,
        weights: Counter[str] | None,
    ) -> None:
        candidates = cells.filter(cells.str.contains(pattern))
        if candidates.is_empty():
            return
        tally = self.tallies.setdefault(detector.kind, Tally())
        if tally.total >= _CONFIRMED and tally.total >= tally.candidates / 2:
            tally.candidates += len(candidates)
            tally.matched[tally.best] += len(candidates)
            return
        if (
            detector.by_share
            and tally.candidates >= _CHANCE
            and tally.total < RARE * tally.candidates
        ):
            tally.candidates += len(candidates)
            return
        for cell in candidates:
            weight = weights[cell] if weights else 1
            tally.candidates += weight
            found = detector.check(patterns.tidy(cell), self.roles)
            if found:
                tally.matched[found] += weight

    # Pass 2

    def _heuristic(self, cells: pl.Series) -> None:
        worth = cells.filter(cells.str.contains(_CAPITALISED))
        if self._exhaustive or len(worth) <= _SAMPLE_PER_BATCH:
            self.people_scanned += len(cells)
            self._look(((cell, 1) for cell in worth), count=False)
            return
        self.sampled = True
        rows = sorted(self._random.sample(range(len(worth)), _SAMPLE_PER_BATCH))
        self._look((worth[row], 1) for row in rows)

    def _look(self, cells: Iterable[tuple[str, int]], *, count: bool = True) -> None:
        for cell, weight in cells:
            if count:
                self.people_scanned += weight
            signs = people.signs(cell)
            for sign in signs:
                self.people[sign] += weight
            if people.Sign.SENTENCE in signs:
                self.sentences += 1

    # What pass 3 asks for, by header

    def _shapes(self, cells: pl.Series, weights: Counter[str] | None = None) -> None:
        wanted = self.roles
        if "birth-date" in wanted:
            self._shape("day", cells, DAY, weights)
        if "birth-year" in wanted:
            self._shape("year", cells, YEAR, weights)
        if wanted & {"latitude", "longitude"}:
            self._shape("precise", cells, PRECISE, weights)
        if "house-number" in wanted:
            self._shape("number", cells, _HAS_DIGIT, weights)
        if "count" in wanted:
            self._shape("one-two", cells, ONE_TWO, weights)

    def _shape(
        self, name: str, cells: pl.Series, pattern: str, weights: Counter[str] | None
    ) -> None:
        found = cells.str.contains(pattern)
        if weights is None:
            self.kinds[name] += int(found.sum())
        else:
            self.kinds[name] += sum(weights[cell] for cell in cells.filter(found))

    def signs(self, wanted: people.Sign) -> int:
        """Return how many cells of pass 2 show at least one of some signs, at most all."""
        return min(self.people_scanned, sum(self.people[sign] for sign in wanted))
