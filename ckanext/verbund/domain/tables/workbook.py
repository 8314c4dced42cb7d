# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Workbooks: XLSX, XLS and ODS.

A resource has one table. Sheets with the same header ("2024", "2025") are one table
with a column naming the sheet; otherwise the first sheet that holds a table counts,
and the others are named in the report. The reader holds a whole sheet in memory, so
the unpacked size is bounded, whatever the archive claims about itself.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from ckanext.verbund.domain.finding import Finding, excerpt
from ckanext.verbund.domain.tables.layout import HEAD_ROWS, filled, find_header
from ckanext.verbund.domain.tables.limits import Limits, TableError, megabytes, refuse
from ckanext.verbund.domain.tables.source import Line, Source

SHEET_COLUMN = "Tabellenblatt"
_CHUNK = 1 << 16


def open_workbook(path: Path, limits: Limits) -> Source:
    """Open a workbook and choose the sheets that become the table.

    Args:
        path: The file.
        limits: What it may cost.

    Returns:
        The rows and how they were chosen.

    Raises:
        TableError: If it is too large, encrypted, damaged or holds no table.
    """
    book = _open(path, limits)
    try:
        return _choose(book)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(error) from error


def _open(path: Path, limits: Limits) -> CalamineWorkbook:
    guard_archive(path, limits)
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise refuse(
            "encrypted",
            "Die Arbeitsmappe ist mit einem Kennwort geschützt.",
            "The workbook is protected by a password.",
            "Speichern Sie sie ohne Kennwort.",
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> TableError:
    return refuse(
        "unreadable",
        "Die Arbeitsmappe ist beschädigt oder hat ein anderes Format.",
        f"The workbook cannot be read: {error}",
        "Öffnen Sie sie im Tabellenprogramm und speichern Sie sie neu als XLSX oder CSV.",
    )


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: Its name.
        hidden: Whether people who open the workbook do not see it.
        rows: Yields its rows as texts; may be called again.
    """

    name: str
    hidden: bool
    rows: Callable[[], Iterator[list[str]]]


def every_sheet(path: Path, limits: Limits) -> list[Sheet]:
    """Return all sheets of a workbook, the hidden ones too; charts have no cells.

    Args:
        path: The file.
        limits: What it may cost.

    Raises:
        TableError: If it is too large, encrypted or damaged.
    """
    book = _open(path, limits)
    return [
        Sheet(
            meta.name,
            "Hidden" in str(meta.visible),
            lambda name=meta.name: (row for _, row in _rows(book, name)),
        )
        for meta in book.sheets_metadata
        if "Chart" not in str(meta.typ)
    ]


def guard_archive(path: Path, limits: Limits) -> None:
    """Refuse an archive that unpacks to more than it may, counting real bytes."""
    if path.stat().st_size > limits.max_sheet_bytes:
        raise _too_large(limits)
    if not zipfile.is_zipfile(path):
        return
    left = limits.max_sheet_bytes
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as handle:
            for entry in archive.infolist():
                left -= _unpacked(handle, entry, left, limits)
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        raise refuse(
            "unreadable",
            "Die Arbeitsmappe ist beschädigt.",
            f"The workbook is damaged: {error}",
            "Öffnen Sie sie im Tabellenprogramm und speichern Sie sie neu.",
        ) from error


def _unpacked(handle: IO[bytes], entry: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Return the real size of an entry; the declared one may lie."""
    if entry.file_size > left:
        raise _too_large(limits)
    handle.seek(entry.header_offset)
    header = handle.read(30)
    handle.seek(int.from_bytes(header[26:28], "little"), 1)
    handle.seek(int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.file_size
    unpack, size, packed = zlib.decompressobj(-zlib.MAX_WBITS), 0, entry.compress_size
    data = b""
    while not unpack.eof and (packed > 0 or data):
        if not data:
            data = handle.read(min(_CHUNK, packed))
            packed -= len(data)
            if not data:
                break
        size += len(unpack.decompress(data, 1 << 20))
        data = unpack.unconsumed_tail
        if size > left:
            raise _too_large(limits)
    return size


def _too_large(limits: Limits) -> TableError:
    return refuse(
        "workbook-too-large",
        f"Die Arbeitsmappe ist entpackt größer als {megabytes(limits.max_sheet_bytes)}. "
        "So große Tabellen lassen sich nur als CSV einlesen.",
        f"Unpacked, the workbook exceeds {megabytes(limits.max_sheet_bytes)}.",
        "Speichern Sie die Tabelle als CSV (UTF-8) und laden Sie diese hoch.",
    )


def _choose(book: CalamineWorkbook) -> Source:
    tables: list[tuple[str, tuple[str, ...], int]] = []
    for meta in book.sheets_metadata:
        if "Work" not in str(meta.typ) or "Hidden" in str(meta.visible):
            continue
        head = _head(book, meta.name)
        header = find_header(head)
        has_rows = any(filled(r) for r in head[header.index + 1 :])
        if header.width >= 1 and has_rows and filled(head[header.index]) >= 1:
            cells = header.cells or tuple(f"Spalte {i + 1}" for i in range(header.width))
            tables.append((meta.name, _trim(cells), header.index))
    tables = [t for t in tables if len(t[1]) > 1] or tables
    if not tables:
        raise refuse(
            "empty",
            "Die Arbeitsmappe enthält keine Tabelle.",
            "The workbook holds no table.",
        )
    first = tables[0]
    same = [t for t in tables if t[1] == first[1]]
    info: dict[str, Any] = {"sheet": first[0], "sheets": list(book.sheet_names)}
    source = Source(rows=lambda: _rows(book, first[0]), info=info)
    if len(same) > 1:
        info["sheet"] = ", ".join(t[0] for t in same)
        source.rows = lambda: _joined(book, same)
        source.headers = [SHEET_COLUMN, *first[1]]
        source.findings.append(_joined_finding([t[0] for t in same]))
    used = {t[0] for t in same}
    others = [t[0] for t in tables if t[0] not in used]
    source.findings += [_other_finding(name, first[0]) for name in others]
    return source


def _trim(cells: Sequence[str]) -> tuple[str, ...]:
    trimmed = [" ".join(c.split()) for c in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return tuple(trimmed)


def _head(book: CalamineWorkbook, name: str) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    return [[text(c) for c in row] for row in sheet.to_python(nrows=HEAD_ROWS)]


def _rows(book: CalamineWorkbook, name: str) -> Iterator[Line]:
    sheet = book.get_sheet_by_name(name)
    first = (sheet.start or (0, 0))[0] + 1
    height = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number < first and not any(c != "" for c in row):
            continue
        height += 1
        yield number, [text(cell) for cell in row]


def _joined(
    book: CalamineWorkbook, sheets: list[tuple[str, tuple[str, ...], int]]
) -> Iterator[Line]:
    for name, header, _ in sheets:
        above = True
        for number, row in _rows(book, name):
            if above:
                above = _trim(row) != header and header[0] != "Spalte 1"
                continue
            if filled(row):
                yield number, [name, *row]


def text(cell: object) -> str:
    """Write a cell as a German office would, so that one typing serves all files."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return number(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def number(value: float) -> str:
    """Write a number with a decimal comma; whole ones without."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f").replace(".", ",")


def _joined_finding(names: list[str]) -> Finding:
    listed = ", ".join(names)
    return Finding(
        "table.sheets-joined",
        "hint",
        value_excerpt=excerpt(listed),
        message_de=(
            f"{len(names)} Tabellenblätter haben dieselben Spalten und wurden zu einer Tabelle "
            f"verbunden: {excerpt(listed, 200)}. Die Spalte „{SHEET_COLUMN}“ nennt das Blatt."
        ),
        message_en=f"{len(names)} sheets with the same columns were joined.",
    )


def _other_finding(name: str, used: str) -> Finding:
    return Finding(
        "table.sheet-left-out",
        "warning",
        subject=f"Tabellenblatt {name}",
        message_de=(
            f"Das Tabellenblatt „{name}“ steht nicht in der Tabelle; eingelesen wurde "
            f"„{used}“. In der Datei bleibt es erhalten."
        ),
        message_en=f'Sheet "{name}" was left out; "{used}" was loaded.',
        remedy_de="Soll es eine Tabelle werden, laden Sie es als eigene Datei hoch.",
    )
