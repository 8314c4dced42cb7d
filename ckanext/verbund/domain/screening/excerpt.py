# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows that a finding is about, for people who have to judge it; nothing of it is kept.

A finding holds no value (``report.Hit``). Whoever explains one looks at the file itself: this
reads it again, in the child process, by the same readers, and lets a few rows through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from ckanext.verbund.domain.screening import column as shapes
from ckanext.verbund.domain.screening import patterns, people
from ckanext.verbund.domain.screening.headers import roles
from ckanext.verbund.domain.screening.report import TITLES, Collected, Excerpt, Part, short

MOST_ROWS = 20
MOST_PARTS = 10
_MOST_COLUMNS = 60
_MOST_TEXT = 300  # characters of a cell
_MOST_COMBINATIONS = 5000
_MOST_LOOKS = 200_000  # cells that are looked at closely: somebody is waiting
_JOINED = " + "  # of headers, as ``Hit.column`` has them
_SIGNS = {
    "name": people.ANY_NAME | people.Sign.FIRST_NAME,
    "address": people.Sign.ADDRESS,
    "free-text": people.Sign.SENTENCE,
}
_SHAPES = {
    "birth-date": f"{shapes.DAY}|{shapes.YEAR}",
    "home-location": shapes.PRECISE,
    "small-counts": shapes.ONE_TWO,
}
_DETECTORS = {detector.kind: detector for detector in patterns.DETECTORS}


@dataclass
class Wanted:
    """What somebody wants to see.

    Attributes:
        kind: Of the finding; empty: the first rows of the file.
        part: As the finding names it.
        column: Likewise.
    """

    kind: str = ""
    part: str = ""
    column: str = ""
    _parts: int = field(default=0, repr=False)

    def table(self, name: str, headers: Sequence[str] = (), **_how: object) -> Sampler:
        """Return what takes a table in place of ``table.Table``."""
        wanted = not self.kind or self.part.endswith(short(name))
        if not self.kind:
            wanted = tuple(headers) != (TITLES,) and self._parts < MOST_PARTS
            self._parts += wanted
        return Sampler(name, headers, self if wanted else None)

    def chosen(self, found: Collected) -> tuple[Excerpt, ...]:
        """Return the excerpts of the part that is meant, or of the first ones."""
        shown = tuple(e for e in found.excerpts if e.rows)
        return tuple(e for e in shown if e.part == self.part)[:1] if self.kind else shown


class Sampler:
    """Takes a table batch by batch, as ``table.Table`` does, and keeps a few rows."""

    def __init__(self, name: str, headers: Sequence[str], wanted: Wanted | None) -> None:
        self.name = short(name)
        self.columns: list[str] = []
        self.rows = 0
        self._wanted = wanted
        self._kept: dict[int, tuple[str, ...]] = {}
        self._filled: dict[int, tuple[str, ...]] = {}
        self._alone: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
        self._seen: set[int] = set()
        self._looks = _MOST_LOOKS
        self.extend(headers)

    def extend(self, headers: Sequence[str]) -> None:
        """Add columns that turned up."""
        first = len(self.columns) + 1
        self.columns += [
            short(header) or f"Spalte {number}" for number, header in enumerate(headers, first)
        ]

    def add(self, cells: Sequence[pl.Series]) -> None:
        """Take a batch: one series of text per column."""
        if not cells:
            return
        self.extend([""] * (len(cells) - len(self.columns)))
        if self._wanted is not None:
            self._take(cells)
        self.rows += len(cells[0])

    def finish(self) -> Collected:
        """Return what was kept."""
        chosen = self._kept or self._filled
        if self._alone:
            chosen = dict(list(self._alone.values())[:MOST_ROWS])
        parts = [Part(self.name, self.rows, tuple(self.columns))]
        if self._wanted is None:
            return Collected(parts=parts)
        shown, marked = self._shown(), self._places()
        found = Excerpt(
            part=self.name,
            columns=tuple(self.columns[i] for i in shown),
            marked=tuple(shown.index(i) for i in marked if i in shown),
            numbers=tuple(chosen),
            rows=tuple(chosen.values()),
            total=self.rows,
        )
        return Collected(parts=parts, excerpts=[found])

    def _take(self, cells: Sequence[pl.Series]) -> None:
        places = [i for i in self._places() if i < len(cells)]
        kind = self._wanted.kind if self._wanted else ""
        if kind and not places:
            return
        if kind == "unique-rows":
            self._combinations(cells, places)
            return
        for row in sorted({r for i in places for r in self._rows_of(i, cells[i])}):
            if len(self._kept) < MOST_ROWS:
                self._kept[self.rows + row + 1] = self._row(cells, row)
        for row in range(len(cells[0])):
            # Where the header alone told, no cell matches: then whatever stands there.
            if self._kept or len(self._filled) >= MOST_ROWS:
                return
            if not places or any(cells[i][row] for i in places):
                self._filled[self.rows + row + 1] = self._row(cells, row)

    def _rows_of(self, place: int, cells: pl.Series) -> Iterator[int]:
        kind = self._wanted.kind if self._wanted else ""
        check: Callable[[str], object] = bool
        pattern = _SHAPES.get(kind, "")
        if signs := _SIGNS.get(kind):
            check = partial(_has_signs, signs)
        elif detector := _DETECTORS.get(kind):
            said = roles(self.columns[place])
            headed = kind in said and detector.by_header
            pattern = detector.by_header if headed else detector.rust
            check = partial(_is_hit, detector, said)
        elif not pattern:
            return
        hits = cells.str.contains(pattern or ".").fill_null(value=False).arg_true()
        left = MOST_ROWS - len(self._kept)
        for row in hits:
            if not left or not self._looks:
                return
            self._looks -= 1
            if check(cells[row]):
                left -= 1
                yield row

    def _combinations(self, cells: Sequence[pl.Series], places: list[int]) -> None:
        for row, combination in enumerate(zip(*(cells[i] for i in places), strict=True)):
            mark = hash(combination)
            if mark in self._seen:
                self._alone.pop(combination, None)
                continue
            self._seen.add(mark)
            if len(self._alone) < _MOST_COMBINATIONS:
                self._alone[combination] = (self.rows + row + 1, self._row(cells, row))

    def _places(self) -> list[int]:
        wanted = self._wanted.column if self._wanted else ""
        found = [i for i, name in enumerate(self.columns) if name == wanted]
        several = set(wanted.split(_JOINED))
        return found or [i for i, name in enumerate(self.columns) if name in several]

    def _shown(self) -> list[int]:
        """Return which columns are shown: what is meant, and the others in their order."""
        meant = self._places()
        rest = [i for i in range(len(self.columns)) if i not in meant]
        return sorted(meant + rest[: max(0, _MOST_COLUMNS - len(meant))])

    def _row(self, cells: Sequence[pl.Series], row: int) -> tuple[str, ...]:
        found = (cells[i][row] if i < len(cells) else None for i in self._shown())
        return tuple((text or "")[:_MOST_TEXT] for text in found)


def _has_signs(wanted: people.Sign, cell: str) -> bool:
    return bool(people.signs(cell) & wanted)


def _is_hit(detector: patterns.Detector, said: frozenset[str], cell: str) -> bool:
    return bool(detector.check(patterns.tidy(cell), said))
