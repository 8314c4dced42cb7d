# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a file to typed columns in bounded memory.

The file is read once: rows go in batches to a temporary folder while the classes of
their values are counted. Then the types are known, and the batches come back typed.
Never more than one batch is in memory.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from ckanext.verbund.domain.finding import Findings
from ckanext.verbund.domain.tables import layout, report
from ckanext.verbund.domain.tables.cast import blank_as_null, cast, stripped
from ckanext.verbund.domain.tables.limits import Limits, refuse
from ckanext.verbund.domain.tables.source import Line, Source
from ckanext.verbund.domain.tables.values import (
    PG_TYPES,
    Decision,
    Profile,
    decide,
    file_reading,
    pattern,
)

LINE = "__line"
_CELLS_PER_BATCH = 200_000
_MISFITS_PER_COLUMN = 50
_SUM_INITIALS = frozenset("SsGgIiZzTt ")


@dataclass(frozen=True)
class Column:
    """One column of the table.

    Attributes:
        name: Its name in the datastore, the real header wherever possible.
        header: What the file says.
        type: A key of ``PG_TYPES``.
        unit: ``%`` or ``€`` where the values carried it.
    """

    name: str
    header: str
    type: str
    unit: str = ""

    @property
    def pg_type(self) -> str:
        """Return the type in PostgreSQL."""
        return PG_TYPES[self.type]


@dataclass
class _Spooled:
    """A column on its way: position in the spool, what was counted, what was decided."""

    key: str
    name: layout.Name
    profile: Profile = field(default_factory=Profile)
    decision: Decision = field(default_factory=lambda: Decision("text"))
    original: str = ""


class Table:
    """A file as a table. Use as a context manager; it owns a temporary folder.

    Attributes:
        columns: The columns, known once the table is open.
        rows: How many rows it has.
        skipped: How many rows were reported instead of loaded.
        findings: What was found; complete after the batches were read.
        info: Encoding, delimiter, header line, sheet, coordinate system.
    """

    def __init__(self, source: Source, limits: Limits, folder: Path | None = None):
        self.limits = limits
        self.unit = source.unit
        self.info: dict[str, Any] = dict(source.info)
        self.findings = Findings(limits.max_findings)
        self.rows = self.skipped = 0
        self._source = source
        self._temporary = tempfile.TemporaryDirectory(prefix="verbund-tabelle-", dir=folder)
        self._spool: list[Path] = []
        self._columns: list[_Spooled] = []
        self._width = 0
        self._sum_words = False
        self.columns: list[Column] = []

    def __enter__(self) -> Table:
        try:
            self._read()
        except BaseException:
            self._temporary.cleanup()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    # Reading: once through the file.

    def _read(self) -> None:
        for finding in self._source.findings:
            self.findings.add(finding)
        rows = iter(self._source.rows())
        head = list(islice(rows, layout.HEAD_ROWS))
        head = self._find_columns(head)
        # Cutting lines keeps Python busy, counting classes does not: they overlap.
        with ThreadPoolExecutor(1) as worker:
            pending: Future[None] | None = None
            for batch in self._batches_of_rows(chain(head, rows)):
                if pending:
                    pending.result()
                pending = worker.submit(self._store, batch)
            if pending:
                pending.result()
        for finding in self._source.late:
            self.findings.add(finding)
        if not self.rows:
            raise refuse(
                "empty",
                "Die Datei enthält keine Datenzeilen.",
                "The file holds no rows.",
                "Prüfen Sie, ob unter der Kopfzeile Daten stehen.",
            )
        self._decide()

    def _find_columns(self, head: list[Line]) -> list[Line]:
        """Find header and names; return the rows of the sample that are data."""
        if self._source.headers is not None:
            headers = list(self._source.headers)
            start = 0
        else:
            found = layout.find_header([row for _, row in head])
            start = found.index if found.cells is None else found.index + 1
            headers = list(found.cells or [])
            headers += [""] * (found.width - len(headers))
            if head:
                self.info["header_line"] = head[found.index][0] if found.cells else None
            if found.titles:
                self.findings.add(report.title_finding(found.titles, head[found.index][0]))
            if found.cells is None and head and found.width:
                self.findings.add(report.no_header_finding())
        while (
            headers and not headers[-1].strip() and not self._used(head[start:], len(headers))
        ):
            headers.pop()
        if not headers:
            raise refuse(
                "empty", "Die Datei enthält keine Tabelle.", "The file holds no table."
            )
        if len(headers) > self.limits.max_columns:
            raise refuse(
                "too-many-columns",
                f"Die Tabelle hat {len(headers)} Spalten, möglich sind "
                f"{self.limits.max_columns}.",
                f"{len(headers)} columns, {self.limits.max_columns} are possible.",
                "Teilen Sie die Tabelle, oder führen Sie Zeitreihen in Zeilen statt Spalten.",
            )
        self._columns = [
            _Spooled(f"c{i}", name) for i, name in enumerate(layout.column_names(headers))
        ]
        self._width = len(headers)
        return head[start:]

    @staticmethod
    def _used(rows: list[Line], width: int) -> bool:
        return any(len(row) >= width and row[width - 1].strip() for _, row in rows)

    def _batches_of_rows(self, rows: Iterator[Line]) -> Iterator[list[Line]]:
        """Cut rows into batches; hold the last ones back until the end is known."""
        size = max(200, _CELLS_PER_BATCH // max(1, self._width))
        tail: deque[Line] = deque()
        batch: list[Line] = []
        for line in rows:
            tail.append(line)
            if len(tail) > layout.TAIL_ROWS:
                self._take(tail.popleft(), batch)
            if len(batch) >= size:
                yield batch
                batch = []
        data, below = layout.split_tail(tail, self._width, self._sum_words)
        for number, row, kind in below:
            self.skipped += 1
            self.findings.add(report.below_finding(number, row, kind))
        for line in data:
            self._take(line, batch)
        if batch:
            yield batch

    def _take(self, line: Line, batch: list[Line]) -> None:
        """Put a row into the batch, as wide as the table, or report it."""
        number, row = line
        width = self._width
        if len(row) != width:
            if not any(map(str.strip, row)):
                return
            if len(row) > width:
                if any(map(str.strip, row[width:])):
                    self.skipped += 1
                    self.findings.add(report.surplus_finding(number, row, width, self.unit))
                    return
                row = row[:width]
            else:
                if self._source.headers is None:
                    self._report_short(number, row)
                row = row + [""] * (width - len(row))
        elif not row[0] and not any(map(str.strip, row)):
            return
        if row[0][:1] in _SUM_INITIALS and layout.is_sum_label(row[0]):
            self._sum_words = True
        self.rows += 1
        if self.rows > self.limits.max_rows:
            raise refuse(
                "too-many-rows",
                f"Die Tabelle hat mehr als {self.limits.max_rows} Zeilen.",
                f"More than {self.limits.max_rows} rows.",
                "Teilen Sie die Datei, etwa nach Jahren.",
            )
        batch.append((number, row))

    def _report_short(self, number: int, row: list[str]) -> None:
        # Sheets and some exports leave out empty cells at the end: no fault.
        if "delimiter" in self.info:
            self.findings.add(report.short_finding(number, row, self._width, self.unit))

    def _store(self, batch: list[Line]) -> None:
        """Profile a batch and lay it aside."""
        cells = zip(*(row for _, row in batch), strict=True)
        data: dict[str, Any] = {LINE: pl.Series([n for n, _ in batch], dtype=pl.Int64)}
        for column, values in zip(self._columns, cells, strict=True):
            data[column.key] = pl.Series(values, dtype=pl.String)
        frame = pl.DataFrame(data)
        texts = frame.select(stripped(c.key) for c in self._columns)
        for column in self._columns:
            column.profile.add(texts[column.key].drop_nulls())
        path = Path(self._temporary.name) / f"{len(self._spool):06}.arrow"
        frame.write_ipc(path, compression="lz4")
        self._spool.append(path)

    # Deciding: types and columns.

    def _decide(self) -> None:
        reads = file_reading(c.profile for c in self._columns)
        kept: list[_Spooled] = []
        for column in self._columns:
            if not column.profile.total and not column.name.header:
                self.findings.add(report.empty_column_finding(column.name.name))
                continue
            nameless = self.info.get("header_line", 0) is None
            if not nameless and (finding := report.name_finding(column.name)):
                self.findings.add(finding)
            column.decision = decide(
                column.profile, column.name.header, reads, self.limits.bad_values_percent
            )
            for note in report.column_findings(column.name.name, column.decision):
                self.findings.add(note)
            kept.append(column)
        if not kept:
            raise refuse(
                "empty", "Die Datei enthält keine Tabelle.", "The file holds no table."
            )
        self._columns = kept
        taken = {c.name.name for c in kept}
        for column in kept:
            decision = column.decision
            self.columns.append(
                Column(column.name.name, column.name.header, decision.type, decision.unit)
            )
            if decision.misfits and decision.type != "text":
                suffix = report.ORIGINAL_SUFFIX
                room = layout.NAME_BYTES - len(suffix)
                name = layout.cut(column.name.name, room) + suffix
                column.original = name if name not in taken else layout.cut(f"{name}", 60) + "~"
                taken.add(column.original)
                self.columns.append(Column(column.original, "", "text"))

    # Giving out: typed batches.

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in the order of the file, values as PostgreSQL reads them."""
        reported = dict.fromkeys((c.key for c in self._columns), 0)
        watched = [
            c for c in self._columns if c.decision.nearly or (c.decision.misfits and c.original)
        ]
        expressions = [e for c in self._columns for e in self._expressions(c)]
        for path in self._spool:
            frame = pl.read_ipc(path)
            for column in watched:
                self._report_misfits(frame, column, reported)
            yield frame.select(expressions)

    @staticmethod
    def _expressions(column: _Spooled) -> Iterator[pl.Expr]:
        value = cast(column.key, column.decision)
        yield value.alias(column.name.name)
        if column.original:
            yield (
                pl.when(value.is_null() & ~_is_placeholder(column.key))
                .then(blank_as_null(column.key))
                .alias(column.original)
            )

    def _report_misfits(
        self, frame: pl.DataFrame, column: _Spooled, reported: dict[str, int]
    ) -> None:
        room = _MISFITS_PER_COLUMN if column.decision.nearly else self.limits.max_findings
        room -= reported[column.key]
        if room <= 0:
            return
        decision = column.decision
        wanted = decision.nearly or decision.type
        as_type = Decision(wanted, decision.classes, decision.reading, decision.unit)
        bad = frame.filter(
            stripped(column.key).is_not_null()
            & cast(column.key, as_type).is_null()
            & ~_is_placeholder(column.key)
        ).select(LINE, column.key)
        for line, value in bad.head(room).iter_rows():
            self.findings.add(
                report.value_finding(line, column.name.name, value, wanted, self.unit)
            )
        reported[column.key] += min(room, len(bad))

    def copy_chunks(self) -> Iterator[bytes]:
        """Yield the rows as CSV for ``COPY … FROM STDIN WITH (FORMAT csv)``."""
        frames = self.batches()
        with ThreadPoolExecutor(1) as worker:
            # The next piece is made while PostgreSQL takes this one.
            pending = worker.submit(_next_chunk, frames)
            while (chunk := pending.result()) is not None:
                pending = worker.submit(_next_chunk, frames)
                yield chunk


def _next_chunk(frames: Iterator[pl.DataFrame]) -> bytes | None:
    frame = next(frames, None)
    return None if frame is None else frame.write_csv(include_header=False).encode()


def _is_placeholder(key: str) -> pl.Expr:
    return stripped(key).str.contains(pattern(["missing"])).fill_null(value=False)
