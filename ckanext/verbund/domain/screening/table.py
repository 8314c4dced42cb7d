# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A table on its way through all passes, and what its columns mean together.

What a column alone tells is little: an address is a playground's or somebody's home, a
telephone number a school's or a mother's. So confidence is decided here, where all columns
are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import polars as pl

from ckanext.verbund.domain.screening.column import DISTINCT, RARE, Column, Tally
from ckanext.verbund.domain.screening.headers import plain
from ckanext.verbund.domain.screening.people import ANY_NAME, Sign
from ckanext.verbund.domain.screening.report import (
    Collected,
    Confidence,
    Hit,
    Part,
    short,
)

_DISTINCT_IN_ALL = 200_000
_HASHES_KEPT = 5_000_000
_QUASI_MOST = 5


class Table:
    """Scans one table; ``add`` batches, then ``finish`` once.

    Args:
        name: Sheet, layer or member.
        headers: Headers as far as they are known; columns may come later.
        exhaustive: Whether pass 2 looks at every cell or at a sample.
        hidden: Whether people who open the file do not see it.
    """

    def __init__(
        self,
        name: str,
        headers: Sequence[str] = (),
        *,
        exhaustive: bool = True,
        hidden: bool = False,
    ):
        self.name = short(name)
        self.rows = 0
        self.columns: list[Column] = []
        self.hidden = hidden
        self._exhaustive = exhaustive
        self._hashes: list[pl.Series] = []
        self._hashed = 0
        self._quasi: list[int] = []
        self.extend(headers)

    def extend(self, headers: Sequence[str]) -> None:
        """Add columns that turned up."""
        width = len(self.columns) + len(headers)
        distinct = min(DISTINCT, max(100, _DISTINCT_IN_ALL // max(1, width)))
        for header in headers:
            self.columns.append(
                Column(
                    header,
                    exhaustive=self._exhaustive,
                    seed=len(self.columns),
                    distinct=distinct,
                )
            )

    def add(self, cells: Sequence[pl.Series]) -> None:
        """Take a batch.

        Args:
            cells: One series of text per column, all of one length; columns that came later
                may be missing at the end.
        """
        if not cells:
            return
        self.rows += len(cells[0])
        self.extend([""] * (len(cells) - len(self.columns)))
        for column, series in zip(self.columns, cells, strict=False):
            column.add(series)
        self._remember(cells)

    def _remember(self, cells: Sequence[pl.Series]) -> None:
        """Keep a number per row for its combination of traits; it ends with the scan."""
        quasi = [i for i in self._quasi_identifiers() if i < len(cells)]
        if quasi != self._quasi:
            # A column turned up late: what was kept no longer compares.
            self._quasi, self._hashes, self._hashed = quasi, [], 0
        if len(quasi) < 2 or self._hashed > _HASHES_KEPT:
            return
        frame = pl.DataFrame([cells[i].alias(str(i)) for i in quasi])
        hashes = frame.hash_rows(seed=1)
        self._hashed += len(hashes)
        self._hashes.append(hashes)

    def finish(self) -> Collected:
        """Return what was found."""
        for column in self.columns:
            column.finish()
        hits = [
            *self._structured(),
            *self._names(),
            *self._addresses(),
            *self._free_text(),
            *self._birth(),
            *self._homes(),
            *self._small_counts(),
            *self._unique_rows(),
        ]
        part = Part(
            name=self.name,
            rows=self.rows,
            columns=tuple(self._label(i) for i in range(len(self.columns))),
            heuristic="sample" if any(c.sampled for c in self.columns) else "full",
            free_text=tuple(self._label(i) for i in self._sentence_columns),
            hidden=self.hidden,
        )
        return Collected(hits=hits, parts=[part])

    # What the columns mean together

    def _label(self, index: int) -> str:
        return short(self.columns[index].header) or f"Spalte {index + 1}"

    def _having(self, *wanted: str) -> list[Column]:
        return [c for c in self.columns if c.roles & set(wanted) and c.filled]

    @cached_property
    def _things(self) -> bool:
        return any("things" in c.roles for c in self.columns)

    @cached_property
    def _facility(self) -> bool:
        return bool(self._having("facility"))

    @cached_property
    def _named(self) -> dict[int, tuple[int, Confidence]]:
        """Columns with names of people: how many cells, how sure."""
        found = {}
        for index, column in enumerate(self.columns):
            if result := self._named_column(column):
                found[index] = result
        return found

    def _named_column(self, column: Column) -> tuple[int, Confidence] | None:
        scanned = column.people_scanned
        if not scanned:
            return None
        full = column.signs(Sign.FULL_NAME)
        any_name = column.signs(ANY_NAME)
        words = column.signs(Sign.WORDS | Sign.FULL_NAME)
        share = any_name / scanned
        by_header = self._named_by_header(column, words / scanned, share)
        if by_header:
            return scanned, by_header
        if not any_name:
            return None
        if full / scanned >= 0.3:
            return any_name, "medium" if self._facility and full < 3 else "high"
        if column.signs(Sign.SENTENCE) / scanned >= 0.1 or "remark" in column.roles:
            addressed = column.signs(Sign.ADDRESSED)
            return any_name, "high" if addressed or any_name >= 3 else "medium"
        # A few names among labels: monuments, streets and halls have those.
        return any_name, "low"

    def _named_by_header(self, column: Column, words: float, share: float) -> Confidence | None:
        wanted = column.roles
        if "last-name" in wanted and words >= 0.5:
            return "high"
        if "first-name" in wanted and words >= 0.5:
            # A statistic of first names names nobody.
            alone = not self._having("last-name", "name", "person", "birth-date", "street")
            return "low" if alone and self._having("count") else "high"
        if "name" in wanted and words >= 0.5 and self._having("first-name"):
            return "high"
        if "person" in wanted and share >= 0.2:
            return "high"
        if "person" in wanted and words >= 0.5 and not self._facility:
            return "low"
        return None

    @cached_property
    def _about_people(self) -> bool:
        """Whether the rows are about single people, as far as one can tell."""
        if any(confidence != "low" for _, confidence in self._named.values()):
            return True
        return bool(self._having("last-name", "birth-date", "home")) and not self._having(
            "count"
        )

    @cached_property
    def _address_columns(self) -> dict[int, int]:
        """Columns with house addresses and how many."""
        found = {}
        for index, column in enumerate(self.columns):
            number = column.signs(Sign.ADDRESS)
            if not number and "house-number" in column.roles and self._having("street"):
                number = column.kinds["number"]
            if number:
                found[index] = number
        return found

    @cached_property
    def _sentence_columns(self) -> list[int]:
        """Columns of free text: texts that differ, not the same few over and over."""
        found = []
        for index, column in enumerate(self.columns):
            scanned = max(1, column.people_scanned)
            texts = column.people[Sign.SENTENCE]
            varied = column.sentences >= min(3, texts) and column.sentences > texts * 0.1
            varied = varied or self._named.get(index, (0, "low"))[1] != "low"
            enough = (texts > 1 and texts / scanned >= 0.2) or "remark" in column.roles
            if texts and varied and enough:
                found.append(index)
        return found

    # Pass 1

    def _structured(self) -> Iterator[Hit]:
        for index, column in enumerate(self.columns):
            for kind, tally in column.tallies.items():
                if tally.total and (confidence := self._judge(kind, column, tally)):
                    yield self._hit(kind, index, tally.total, confidence)

    def _judge(self, kind: str, column: Column, tally: Tally) -> Confidence | None:
        best = tally.best
        if kind == "tax-id" and best == "medium":
            # One in a hundred numbers of eleven digits passes the checksum by chance.
            if tally.total < tally.candidates * 0.2:
                return "low" if tally.total > tally.candidates * RARE else None
            return "low" if "code" in column.roles and tally.candidates < 5 else "medium"
        office = self._facility and not self._having("last-name", "birth-date", "home")
        if kind == "phone" and best == "medium" and office and not self._sentences(column):
            return "low"
        if kind == "email" and best == "medium" and office and not self._sentences(column):
            return "low"
        if kind == "plate":
            return self._judge_plate(column, tally)
        return best

    def _judge_plate(self, column: Column, tally: Tally) -> Confidence | None:
        if tally.best == "low":
            # A whole column of nothing else, and not one of things that have such numbers.
            alike = tally.total >= max(5, 0.6 * column.filled) and not self._things
            return "medium" if alike else None
        explicit = "vehicle" in column.roles
        people = explicit or self._having("last-name", "person", "name")
        if "plate" in column.roles and self._things and not people:
            return "low"
        return tally.best

    def _sentences(self, column: Column) -> bool:
        return column.people[Sign.SENTENCE] > 0

    # Pass 2

    def _names(self) -> Iterator[Hit]:
        for index, (number, confidence) in self._named.items():
            yield self._hit("name", index, number, confidence, heuristic=True)

    def _addresses(self) -> Iterator[Hit]:
        # Playgrounds have addresses too: a hint where the header says so, no more.
        confidence: Confidence = "medium" if self._about_people else "low"
        for index, number in self._address_columns.items():
            if self._about_people or self.columns[index].roles & {"street", "house-number"}:
                yield self._hit("address", index, number, confidence, heuristic=True)

    def _free_text(self) -> Iterator[Hit]:
        for index in self._sentence_columns:
            column = self.columns[index]
            inside = index in self._named and self._named[index][1] != "low"
            inside = inside or any(t.total and t.best != "low" for t in column.tallies.values())
            number = column.people[Sign.SENTENCE]
            confidence: Confidence = "high" if inside else "low"
            yield self._hit("free-text", index, number, confidence, heuristic=True)

    # Pass 3

    def _birth(self) -> Iterator[Hit]:
        # "Geburtsjahr; Anzahl" is a statistic.
        counted = bool(self._having("count")) and len(self.columns) <= 4
        for index, column in enumerate(self.columns):
            if number := column.kinds["day"]:
                yield self._hit("birth-date", index, number, "low" if counted else "high")
            elif (number := column.kinds["year"]) and not counted:
                confidence: Confidence = "medium" if self._about_people else "low"
                yield self._hit("birth-date", index, number, confidence)

    def _homes(self) -> Iterator[Hit]:
        precise = [
            i
            for i, c in enumerate(self.columns)
            if c.kinds["precise"] and c.kinds["precise"] >= c.filled * 0.5
        ]
        if not precise:
            return
        if self._about_people:
            confidence: Confidence = "high"
        elif self._having("consumption") and not self._facility:
            confidence = "medium"
        else:
            return
        label = " + ".join(self._label(i) for i in precise[:2])
        number = max(self.columns[i].kinds["precise"] for i in precise)
        yield Hit("home-location", self.name, label, number, self.rows, "full", confidence)

    def _small_counts(self) -> Iterator[Hit]:
        dimension = any(
            "people-dimension" in c.roles and "count" not in c.roles for c in self.columns
        )
        for index, column in enumerate(self.columns):
            number = column.kinds["one-two"]
            if not number:
                continue
            of_people = "people-counted" in column.roles
            if self._having("first-name") or not (dimension or of_people):
                continue
            sure = dimension and not self._things
            yield self._hit("small-counts", index, number, "high" if sure else "low")

    def _quasi_identifiers(self) -> list[int]:
        """Columns whose combination may point at one person; none where rows are sums."""
        if self._things or any("count" in c.roles for c in self.columns):
            return []
        personal = [i for i, c in enumerate(self.columns) if "personal" in c.roles]
        others = [
            i
            for i, c in enumerate(self.columns)
            if "locality" in c.roles and "personal" not in c.roles
        ]
        weak = all(plain(self.columns[i].header) in {"alter", "jahrgang"} for i in personal)
        if not personal or (weak and len(personal) < 2):
            return []
        return (personal + others)[:_QUASI_MOST]

    def _unique_rows(self) -> Iterator[Hit]:
        if not self._hashes or self.rows < 2:
            return
        sizes = pl.concat(self._hashes).rename("row").value_counts(name="size")["size"]
        alone = int((sizes == 1).sum())
        if not alone:
            return
        confidence: Confidence = "high" if alone >= self._hashed * 0.05 else "medium"
        label = " + ".join(self._label(i) for i in self._quasi)
        coverage = "full" if self._hashed == self.rows else "sample"
        yield Hit("unique-rows", self.name, label, alone, self._hashed, coverage, confidence)

    def _hit(
        self,
        kind: str,
        index: int,
        matched: int,
        confidence: Confidence,
        *,
        heuristic: bool = False,
    ) -> Hit:
        column = self.columns[index]
        sampled = heuristic and column.sampled
        scanned = column.people_scanned if sampled else self.rows
        return Hit(
            kind=kind,
            part=self.name,
            column=self._label(index),
            rows_matched=min(matched, scanned),
            rows_scanned=scanned,
            coverage="sample" if sampled else "full",
            confidence=confidence,
        )
