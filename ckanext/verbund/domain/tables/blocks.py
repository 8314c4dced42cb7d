# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""CSV and TSV files as blocks of text columns, many times faster than row by row.

For those who look at every cell and change none: nothing is typed, left out or joined.
polars cuts the blocks; where a block is not as regular as it demands (rows of different
width, stray quotes), Python's reader cuts that block, so that no cell is lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import polars as pl

from ckanext.verbund.domain.tables import encoding as enc
from ckanext.verbund.domain.tables.delimited import excel_separator
from ckanext.verbund.domain.tables.layout import (
    HEAD_ROWS,
    find_header,
    sniff_delimiter,
    sniff_quote,
)
from ckanext.verbund.domain.tables.limits import Limits

_BLOCK = 2 << 20
_LONGEST_BLOCK = 4 * _BLOCK


@dataclass(frozen=True)
class Blocks:
    """A text file that is about to be read in blocks.

    Attributes:
        headers: The header cells; empty where there is no header.
        titles: Lines above the header.
        even: Share of the first rows that are as wide as most, 0 to 1; prose is not even.
        width: Columns of most rows.
    """

    path: Path
    encoding: enc.Encoding
    delimiter: str
    quote: str
    headers: tuple[str, ...]
    titles: tuple[str, ...]
    even: float
    width: int
    _skip: int

    def cells(self) -> Iterator[list[pl.Series]]:
        """Yield the rows below the header as columns of text, null where empty."""
        for text in _texts(self.path, self.encoding, self._skip, self.quote.encode()):
            yield _cut(text, self.delimiter, self.quote, self.width)

    def lines(self) -> Iterator[pl.Series]:
        """Yield all lines of the file uncut, for texts that are no table."""
        for text in _texts(self.path, self.encoding, 0, b""):
            yield pl.Series("line", text.decode("utf-8", "replace").splitlines())


def open_blocks(path: Path, limits: Limits, tabs: bool = False) -> Blocks:
    """Open a text file for reading in blocks.

    Args:
        path: The file.
        limits: Bounds on the length of a line.
        tabs: Whether it is announced as tab-separated.

    Returns:
        How to read it.

    Raises:
        TableError: If it is no text file, or a line never ends.
    """
    encoding = enc.detect(path, limits)
    head = list(islice(enc.text_lines(path, encoding), HEAD_ROWS * 4))
    declared = excel_separator(head)
    first = 1 if declared else 0
    sample = head[first:]
    quote = sniff_quote(sample)
    delimiter = declared or ("\t" if tabs and any("\t" in s for s in sample) else "")
    delimiter = delimiter or sniff_delimiter(sample, quote)
    csv.field_size_limit(max(limits.max_line_bytes, 131072))
    reader = csv.reader(sample, delimiter=delimiter, quotechar=quote)
    rows, ends = [], []
    for row in islice(reader, HEAD_ROWS):
        rows.append(row)
        ends.append(reader.line_num)
    found = find_header(rows)
    skip = first
    if rows and (found.cells is not None or found.index):
        last = found.index if found.cells is not None else found.index - 1
        skip += ends[last]
    full = [r for r in rows if any(map(str.strip, r))]
    even = sum(len(r) == found.width for r in full) / len(full) if full else 0.0
    return Blocks(
        path, encoding, delimiter, quote, found.cells or (), found.titles, even,
        max(1, found.width), skip,
    )  # fmt: skip


def _texts(path: Path, encoding: enc.Encoding, skip: int, quote: bytes) -> Iterator[bytes]:
    """Yield UTF-8 in blocks of whole rows.

    A line may end inside quotes; a block ends where the quotes before are even. Where they
    never are, one of them is stray, and the block ends at a line.
    """
    rest = b""
    for piece in _pieces(path, encoding):
        text = rest + piece
        if skip:
            while skip and (end := text.find(b"\n")) >= 0:
                text, skip = text[end + 1 :], skip - 1
            if skip:
                rest = text
                continue
        cut = text.rfind(b"\n") + 1
        stray = len(text) > _LONGEST_BLOCK
        if not cut or (quote and text.count(quote, 0, cut) % 2 and not stray):
            rest = text
            continue
        yield text[:cut]
        rest = text[cut:]
    if rest and not skip:
        yield rest


def _pieces(path: Path, encoding: enc.Encoding) -> Iterator[bytes]:
    if encoding.name == "mixed":
        lines = enc.text_lines(path, encoding)
        while piece := "".join(islice(lines, 20_000)):
            yield _plain(piece.encode())
        return
    if encoding.name in {"utf-8", "utf-8-sig"}:
        with path.open("rb") as handle:
            first = handle.read(_BLOCK).removeprefix(b"\xef\xbb\xbf")
            mac = b"\r" in first and b"\n" not in first
            while first:
                yield _plain(first, mac)
                first = handle.read(_BLOCK)
        return
    with path.open(encoding=encoding.name, errors="replace", newline=None) as handle:
        while piece := handle.read(_BLOCK):
            yield _plain(piece.encode())


def _plain(text: bytes, mac: bool = False) -> bytes:
    if b"\0" in text:
        text = text.replace(b"\0", b"")
    return text.replace(b"\r", b"\n") if mac else text


def _cut(text: bytes, delimiter: str, quote: str, width: int) -> list[pl.Series]:
    try:
        return pl.read_csv(
            io.BytesIO(text),
            separator=delimiter,
            quote_char=quote if quote.encode() in text else None,
            has_header=False,
            schema={f"c{i}": pl.String for i in range(width)},
            encoding="utf8-lossy",
        ).get_columns()
    except pl.exceptions.PolarsError:
        return _cut_slowly(text.decode("utf-8", "replace"), delimiter, quote)


def _cut_slowly(text: str, delimiter: str, quote: str) -> list[pl.Series]:
    lines = text.splitlines(keepends=True)
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=False))
    except csv.Error:
        rows = [line.split(delimiter) for line in lines]
    columns = zip_longest(*rows)
    return [pl.Series(f"c{i}", cells, dtype=pl.String) for i, cells in enumerate(columns)]
