# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a file to tables: every sheet, every member, every field that a reader here knows.

What no reader knows is named as unchecked. The readers are those of ``domain/tables``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

import polars as pl
from lxml import etree

from ckanext.verbund.domain import file_kinds
from ckanext.verbund.domain.screening.limits import ScanLimits
from ckanext.verbund.domain.screening.report import TITLES, Collected, Hit, Unchecked, short
from ckanext.verbund.domain.screening.table import Table
from ckanext.verbund.domain.tables.blocks import Blocks, open_blocks
from ckanext.verbund.domain.tables.layout import HEAD_ROWS, find_header
from ckanext.verbund.domain.tables.limits import Limits, TableError
from ckanext.verbund.domain.tables.records import Record, json_records, xml_records
from ckanext.verbund.domain.tables.workbook import Sheet, every_sheet

_ROWS = 4000
_CHUNK = 1 << 20
_GROUPS = 50
_FIELDS = 2000  # fields of records; more are counted as one
_WORKBOOKS = {"xlsx", "ods", "ole", "ole-macro"}
_TABLES = {"csv", "tsv", "tab"}
#: Makes what takes a table batch by batch, as ``Table`` does.
MakeTable = Callable[..., Any]
COMMENTS = "Kommentare"
PROPERTIES = "Dateieigenschaften"

_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}

# Why nothing here reads them.
_UNREAD = {
    "pdf": "document",
    "docx": "document",
    "odt": "document",
    "pptx": "document",
    "odp": "document",
    "ole-encrypted": "encrypted",
    "zip-broken": "damaged",
    "7z": "archive",
    "gzip": "archive",
    "rar": "archive",
    "sqlite": "database",
    "parquet": "database",
    **dict.fromkeys(("png", "jpeg", "gif", "webp", "tiff"), "picture"),
}


@dataclass
class Budget:
    """What is left of the limits for archives."""

    limits: ScanLimits
    folder: Path
    members: int
    unpacked: int
    table: MakeTable = Table


def collect(
    path: Path, name: str, limits: ScanLimits, folder: Path, table: MakeTable = Table
) -> Collected:
    """Look at a whole file.

    Args:
        path: The file.
        name: Its name; the extension tells a timetable from a text.
        limits: What it may cost.
        folder: Where members of archives are unpacked, one at a time.
        table: What takes the tables: the scan, or who keeps some rows (``excerpt``).

    Returns:
        What was found, looked at and not looked at.
    """
    budget = Budget(limits, folder, limits.members, limits.unpacked_bytes, table)
    return _file(path, name, budget, 0)


def _file(path: Path, name: str, budget: Budget, depth: int) -> Collected:
    shape = file_kinds.recognise(path, name).shape
    if not path.stat().st_size:
        return Collected(unchecked=[Unchecked("", "empty")])
    try:
        if shape == "zip":
            return _archive(path, budget, depth)
        exhaustive = path.stat().st_size <= budget.limits.exhaustive_bytes
        make = partial(budget.table, exhaustive=exhaustive)
        if found := _read(path, shape, file_kinds.extension(name), make):
            return found
    except TableError as error:
        return _refused(error)
    return Collected(unchecked=[Unchecked("", _UNREAD.get(shape, "unknown"))])


def _read(path: Path, shape: str, end: str, make: MakeTable) -> Collected | None:
    """Read a file that is no archive; ``None`` where nothing here can."""
    if shape in _WORKBOOKS:
        return _workbook(path, make)
    if shape in {"text", "page"}:
        return _text(path, end, make)
    if shape == "json":
        return _records(json_records(path), path, make)
    if shape not in {"xml", "svg"}:
        return None
    found = _records(xml_records(path), path, make)
    if shape == "svg":
        found.unchecked.append(Unchecked("", "picture"))
    return found


def _refused(error: TableError) -> Collected:
    rule = error.finding.id.removeprefix("table.")
    reasons = {"encrypted": "encrypted", "empty": "empty", "workbook-too-large": "too-large"}
    return Collected(unchecked=[Unchecked("", reasons.get(rule, "damaged"))])


# -- tables and texts --------------------------------------------------------------------------


def _text(path: Path, end: str, make: MakeTable) -> Collected:
    blocks = open_blocks(path, Limits(), tabs=end in {"tsv", "tab"})
    # GTFS calls its tables ".txt"; prose has commas too, but never as evenly.
    is_table = end in _TABLES or (blocks.width > 1 and blocks.even >= 0.8)
    if is_table:
        return _delimited(blocks, make)
    return _lines(blocks.lines(), make)


def _lines(lines: Iterable[pl.Series], make: MakeTable) -> Collected:
    table = make("", ["Text"])
    for series in lines:
        table.add([series])
    return table.finish()


def _delimited(blocks: Blocks, make: MakeTable) -> Collected:
    table = make("", blocks.headers)
    table.extend([""] * (blocks.width - len(blocks.headers)))
    for cells in blocks.cells():
        table.add(cells)
    found = table.finish()
    found.add(_head((*blocks.titles, *blocks.headers), "", make))
    return found


def _head(texts: Sequence[str], part: str, make: MakeTable) -> Collected:
    """Look at titles and headers; names stand there as well."""
    if not any(texts):
        return Collected()
    table = make(part, [TITLES])
    table.add([pl.Series(TITLES, texts, dtype=pl.String)])
    # A header tells what a column holds: "E-Mail", "Telefon" are no finding.
    found = table.finish()
    return replace(found, parts=[])


def _workbook(path: Path, make: MakeTable) -> Collected:
    found = Collected()
    for sheet in every_sheet(path, Limits()):
        found.add(_sheet(sheet, make))
    if not found.parts:
        found.unchecked.append(Unchecked("", "damaged"))
    if not zipfile.is_zipfile(path):
        # XLS: nothing here reads more than its cells.
        found.unchecked.append(Unchecked(f"{COMMENTS}, {PROPERTIES}", "unknown"))
        return found
    try:
        found.add(_beside_the_cells(path, make))
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error):
        found.unchecked.append(Unchecked(f"{COMMENTS}, {PROPERTIES}", "damaged"))
    return found


def _sheet(sheet: Sheet, make: MakeTable) -> Collected:
    return rows_collected(
        sheet.rows(), name=sheet.name, make=partial(make, hidden=sheet.hidden)
    )


def rows_collected(
    rows: Iterable[Sequence[str]],
    *,
    headers: Sequence[str] | None = None,
    name: str = "",
    make: MakeTable = Table,
) -> Collected:
    """Look at rows of text in this process.

    Args:
        rows: The cells; a header among them is found unless ``headers`` are given.
        headers: The headers.
        name: What the table is called.
        make: What takes the table.
    """
    rest = iter(rows)
    titles: list[str] = []
    if headers is None:
        head = [list(row) for row in islice(rest, HEAD_ROWS)]
        place = find_header(head)
        headers = place.cells or ()
        start = place.index + 1 if place.cells is not None else place.index
        titles = [cell for row in head[: place.index] for cell in row]
        rest = chain(head[start:], rest)
    table = make(name, headers)
    for cells in _batches(rest):
        table.add(cells)
    found = table.finish()
    found.add(_head([*titles, *headers], name, make))
    return found


def _batches(rows: Iterator[Sequence[str]]) -> Iterator[list[pl.Series]]:
    while batch := list(islice(rows, _ROWS)):
        yield [pl.Series("", cells, dtype=pl.String) for cells in zip_longest(*batch)]


def _beside_the_cells(path: Path, make: MakeTable) -> Collected:
    """Look at what a workbook holds beside cells: comments, pictures, its author."""
    found = Collected()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if texts := [text for name in names for text in _comments(archive, name)]:
            table = make(COMMENTS, ["Kommentar"])
            table.add([pl.Series("", texts, dtype=pl.String)])
            found.add(table.finish())
        if any("/media/" in n or n.startswith("Pictures/") for n in names):
            found.unchecked.append(Unchecked("Bilder", "picture"))
        if any("/embeddings/" in n for n in names):
            found.unchecked.append(Unchecked("Eingebettete Dateien", "embedded"))
        people = [text for name in names for text in _people(archive, name)]
        found.hits += _properties(people)
    return found


def _comments(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Yield the comments of XLSX (files of their own) and ODS (among the cells)."""
    if name == "content.xml":
        with archive.open(name) as content:
            tag = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"
            for _, note in etree.iterparse(content, tag=tag, **_SAFE):
                yield " ".join(t.strip() for t in note.itertext() if t.strip())
    elif "comments" in name.lower() and name.endswith(".xml"):
        # Texts are cut where the type changes; the whole comment is what people read.
        for _, note in etree.iterparse(archive.open(name), **_SAFE):
            if etree.QName(note).localname in {"comment", "threadedComment"}:
                yield "".join(note.itertext())


def _people(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Yield who made, changed or commented on a workbook."""
    if name in {"docProps/core.xml", "meta.xml"}:
        for _, element in etree.iterparse(archive.open(name), **_SAFE):
            yield (element.text or "").strip()
    elif name.startswith("xl/persons/"):
        for _, element in etree.iterparse(archive.open(name), **_SAFE):
            yield element.get("displayName", "")


def _properties(texts: list[str]) -> list[Hit]:
    table = Table(PROPERTIES, ["Angelegt von"])
    table.add([pl.Series("", texts, dtype=pl.String)])
    return [
        Hit("file-properties", PROPERTIES, hit.column, 1, 1, "full", "medium")
        for hit in table.finish().hits
        if hit.kind in {"name", "email"}
    ][:1]


# -- records -----------------------------------------------------------------------------------


class _Group:
    """Records of one kind on their way into a table; fields turn up as they come."""

    def __init__(self, name: str, make: MakeTable):
        self.table = make(name)
        self.columns: dict[str, int] = {}
        self.waiting: list[Record] = []

    def add(self, record: Record) -> None:
        self.waiting.append(record)
        if len(self.waiting) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        rows = [row for record in self.waiting for row in _rows(record, self.columns)]
        self.waiting = []
        self.table.extend(list(self.columns)[len(self.table.columns) :])
        self.table.add(_columns(rows, len(self.columns)))


def _records(records: Iterable[tuple[str, Record]], path: Path, make: MakeTable) -> Collected:
    groups: dict[str, _Group] = {}
    damaged = False
    try:
        for name, record in records:
            key = name if name in groups or len(groups) < _GROUPS else "…"
            if key not in groups:
                groups[key] = _Group(key, make)
            groups[key].add(record)
    except TableError:
        damaged = True
    found = Collected()
    for group in groups.values():
        group.flush()
        found.add(group.table.finish())
    if damaged:
        if not found.parts:
            # Whatever it is, its characters can be looked at.
            found = _lines(open_blocks(path, Limits()).lines(), make)
        found.unchecked.append(Unchecked("", "damaged"))
    elif not found.parts:
        found.unchecked.append(Unchecked("", "empty"))
    return found


def _rows(record: Record, columns: dict[str, int]) -> Iterator[dict[int, str]]:
    """Yield the rows of a record: several values of a field go into several rows."""
    seen: Counter[int] = Counter()
    rows: list[dict[int, str]] = [{}]
    for name, text in record:
        key = name if name in columns or len(columns) < _FIELDS else "…"
        index = columns.setdefault(key, len(columns))
        number = seen[index]
        seen[index] += 1
        if number == len(rows):
            rows.append({})
        rows[number][index] = text
    yield from rows


def _columns(rows: list[dict[int, str]], width: int) -> list[pl.Series]:
    return [
        pl.Series("", [row.get(index) for row in rows], dtype=pl.String)
        for index in range(width)
    ]


# -- archives ----------------------------------------------------------------------------------


def _archive(path: Path, budget: Budget, depth: int) -> Collected:
    found = Collected()
    if depth >= budget.limits.depth:
        found.unchecked.append(Unchecked("", "nested"))
        return found
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                if budget.members <= 0 or budget.unpacked <= 0:
                    reason = "too-large" if budget.members > 0 else "too-many"
                    found.unchecked.append(Unchecked("", reason))
                    break
                found.add(_member(archive, entry, budget, depth), short(entry.filename))
    except (zipfile.BadZipFile, OSError, ValueError):
        found.unchecked.append(Unchecked("", "damaged"))
    return found


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget, depth: int
) -> Collected:
    budget.members -= 1
    if entry.flag_bits & 1:
        return Collected(unchecked=[Unchecked("", "encrypted")])
    target = budget.folder / f"member-{depth}"
    try:
        with archive.open(entry) as source, target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                budget.unpacked -= len(chunk)
                if budget.unpacked <= 0:
                    return Collected(unchecked=[Unchecked("", "too-large")])
                out.write(chunk)
        return _file(target, file_kinds.clean_name(entry.filename), budget, depth + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return Collected(unchecked=[Unchecked("", "damaged")])
    finally:
        target.unlink(missing_ok=True)
