# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""CSV and TSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ckanext.verbund.domain.finding import Finding, excerpt
from ckanext.verbund.domain.tables import encoding as enc
from ckanext.verbund.domain.tables.layout import (
    DELIMITER_LABELS,
    HEAD_ROWS,
    sniff_delimiter,
    sniff_quote,
)
from ckanext.verbund.domain.tables.limits import Limits, refuse
from ckanext.verbund.domain.tables.source import Line, Source

# A field that spans more lines than this is a quote that nobody closed.
_LINES_PER_FIELD = 50


def open_delimited(path: Path, limits: Limits, tabs: bool = False) -> Source:
    """Open a CSV or TSV file.

    Args:
        path: The file.
        limits: What it may cost.
        tabs: Whether it is announced as tab-separated.

    Returns:
        The rows and how they were read.

    Raises:
        TableError: If it is no text file.
    """
    encoding = enc.detect(path, limits)
    sample = list(islice(enc.text_lines(path, encoding), HEAD_ROWS * 4))
    declared = excel_separator(sample)
    if declared:
        sample = sample[1:]
    quote = sniff_quote(sample)
    delimiter = declared or ("\t" if tabs and any("\t" in s for s in sample) else "")
    delimiter = delimiter or sniff_delimiter(sample, quote)
    csv.field_size_limit(max(limits.max_line_bytes, 131072))
    source = Source(rows=lambda: _rows(path, encoding, delimiter, quote, source))
    if declared:
        source.rows = lambda: islice(_rows(path, encoding, delimiter, quote, source), 1, None)
    source.info = {
        "encoding": encoding.label,
        "delimiter": delimiter,
        "delimiter_label": DELIMITER_LABELS.get(delimiter, delimiter),
        "quote": quote,
    }
    source.findings = list(_encoding_findings(encoding))
    return source


def excel_separator(sample: list[str]) -> str:
    """Return the delimiter of a first line ``sep=;``, which Excel writes."""
    first = sample[0].strip().lower() if sample else ""
    return first[4:] if first.startswith("sep=") and len(first) == 5 else ""


class _Lines:
    """The lines of a file for ``csv.reader``, with those of the row it is at.

    Raises:
        _OpenQuoteError: If one row spans more lines than a cell plausibly does.
    """

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self.row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.row.append(line)
            if len(self.row) > _LINES_PER_FIELD:
                raise _OpenQuoteError
            yield line

    def rest(self) -> Iterator[str]:
        """Yield the lines of the present row and all that follow."""
        yield from self.row
        yield from self._lines


class _OpenQuoteError(Exception):
    pass


def _rows(
    path: Path, encoding: enc.Encoding, delimiter: str, quote: str, source: Source
) -> Iterator[Line]:
    """Yield rows with the line they begin in.

    Where a quote stays open, that row and all below are read line by line.
    """
    lines = _Lines(enc.text_lines(path, encoding))
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    line = 1
    try:
        for row in reader:
            lines.row.clear()
            yield line, row
            line = reader.line_num + 1
    except (_OpenQuoteError, csv.Error):
        source.late.append(_open_quote_finding(line))
        yield from _rows_line_by_line(lines.rest(), line, delimiter, quote)


def _rows_line_by_line(
    lines: Iterator[str], first: int, delimiter: str, quote: str
) -> Iterator[Line]:
    """Read every line on its own, quotes of a line with an odd number as characters."""
    number = first
    try:
        for number, line in enumerate(lines, first):
            if line.count(quote) % 2:
                rows = csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE)
            else:
                rows = csv.reader([line], delimiter=delimiter, quotechar=quote)
            for row in rows:
                yield number, row
    except csv.Error as error:
        raise refuse(
            "unreadable",
            f"Ab Zeile {number} lässt sich die Datei nicht lesen.",
            f"The file cannot be read from line {number} on: {error}.",
            "Prüfen Sie die Anführungszeichen in dieser Zeile.",
            number,
        ) from error


def _open_quote_finding(line: int) -> Finding:
    return Finding(
        "table.open-quote",
        "warning",
        subject=f"Zeile {line}",
        line=line,
        message_de=(
            f"In Zeile {line} beginnt ein Anführungszeichen, das nicht geschlossen wird. Ab "
            "dort wurde Zeile für Zeile gelesen; Zellen mit Zeilenumbruch sind zerteilt."
        ),
        message_en=f"A quote opened in line {line} is never closed; line by line from there.",
        remedy_de="Schließen Sie das Anführungszeichen oder verdoppeln Sie es im Text.",
    )


def _encoding_findings(encoding: enc.Encoding) -> Iterator[Finding]:
    for number in encoding.mixed_lines:
        yield Finding(
            "table.mixed-encoding",
            "warning",
            subject=f"Zeile {number}",
            line=number,
            message_de=(
                "Die Zeile ist anders kodiert als der Rest der Datei (CP1252 statt UTF-8). "
                "Sie wurde als CP1252 gelesen."
            ),
            message_en="This line is CP1252 in a UTF-8 file and was read as such.",
            remedy_de="Speichern Sie die ganze Datei als UTF-8.",
        )
    if encoding.has_nul:
        yield Finding(
            "table.nul",
            "warning",
            message_de="Die Datei enthält NUL-Zeichen; sie wurden entfernt.",
            message_en="NUL characters were removed.",
        )
    if encoding.mojibake:
        yield Finding(
            "table.mojibake",
            "warning",
            value_excerpt=excerpt("StraÃŸe"),
            message_de=(
                f"{encoding.mojibake} Umlaute sind doppelt kodiert („StraÃŸe“ statt "
                "„Straße“). Sie stehen so in der Tabelle."
            ),
            message_en=f"{encoding.mojibake} umlauts are encoded twice.",
            remedy_de="Exportieren Sie die Datei neu aus dem Fachverfahren.",
        )
