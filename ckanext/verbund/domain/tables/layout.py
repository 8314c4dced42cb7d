# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in a file the table lies: delimiter, title lines, header, notes below."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEAD_ROWS = 60
TAIL_ROWS = 8
NAME_BYTES = 63  # PostgreSQL cuts longer names off
DELIMITERS = ";,\t|"
DELIMITER_LABELS = {
    ";": "Semikolon",
    ",": "Komma",
    "\t": "Tabulator",
    "|": "senkrechter Strich",
}

Row = Sequence[str]

_SUM = re.compile(
    r"^\s*(summe|gesamt|gesamtsumme|gesamtergebnis|insgesamt|zusammen|total)\b[\s:]*$",
    re.IGNORECASE,
)
_NUMBERISH = re.compile(
    r"^[-+−]?[\d.,]+\s?%?$|^\d{1,2}\.\d{1,2}\.\d{2,4}|^\d{4}-\d\d-\d\d|^\d{1,2}:\d\d"
)
_YEARISH = re.compile(r"^(18|19|20|21)\d\d$")


def sniff_delimiter(lines: Sequence[str], quotechar: str = '"') -> str:
    """Choose the delimiter that cuts the first lines most evenly.

    Args:
        lines: The first lines of the file.
        quotechar: The quoting character.

    Returns:
        One of ``; , tab |``; the comma for a file of a single column.
    """
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = [r for r in parse(lines, delimiter, quotechar) if any(map(str.strip, r))]
        if not rows:
            continue
        widths = Counter(len(r) for r in rows if len(r) > 1)
        if not widths:
            continue
        width, same = max(widths.items(), key=lambda item: (item[1], item[0]))
        # A decimal comma cuts evenly too, but rarely as often as the real delimiter.
        score = same / len(rows) + 0.02 * min(width, 20) + (0.1 if delimiter != "," else 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def sniff_quote(lines: Sequence[str]) -> str:
    """Return the quoting character; an apostrophe only where it opens and closes fields."""
    text = "".join(lines)
    if '"' in text:
        return '"'
    paired = re.findall(r"(?:^|[;,\t|])'[^'\n]*'(?=[;,\t|\r\n])", text)
    return "'" if len(paired) > 2 else '"'


def parse(lines: Iterable[str], delimiter: str, quotechar: str) -> list[list[str]]:
    """Cut lines into rows, forgiving quotes left open by the end of a sample."""
    return list(csv.reader(lines, delimiter=delimiter, quotechar=quotechar))


def filled(row: Row) -> int:
    """Return how many cells of a row hold something."""
    return sum(1 for cell in row if cell.strip())


def last_filled(row: Row) -> int:
    """Return the width of a row without the empty cells at its end."""
    for index in range(len(row), 0, -1):
        if row[index - 1].strip():
            return index
    return 0


@dataclass(frozen=True)
class Header:
    """Where the header stands in the first rows, if there is one.

    Attributes:
        index: Row of the header, or of the first data where there is none.
        cells: Its texts, or none.
        titles: What stood above it.
        width: How many columns the table has as far as the first rows show.
    """

    index: int
    cells: tuple[str, ...] | None
    titles: tuple[str, ...]
    width: int


def find_header(rows: Sequence[Row]) -> Header:
    """Find the header below title lines.

    The header is the first row that is about as wide as the table; titles fill one
    or two cells. Where this row looks exactly like the data below it, there is none.

    Args:
        rows: The first rows of the file.

    Returns:
        The place of the header.
    """
    widths = Counter(last_filled(r) for r in rows if filled(r))
    if not widths:
        return Header(0, None, (), 0)
    if len(widths) > 1 and len(rows) > 2:
        widths.pop(1, None)
    common = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    enough = max(1, common * 0.6) if common > 1 else 1
    index = next((i for i, r in enumerate(rows) if filled(r) >= enough), 0)
    if common == 1 and index + 1 < len(rows) and filled(rows[index]) == 1:
        index = next(i for i, r in enumerate(rows) if filled(r))
    titles = tuple(
        " ".join(c.strip() for c in r if c.strip()) for r in rows[:index] if filled(r)
    )
    head = rows[index]
    width = _width(head, rows[index + 1 :])
    if _is_data(head, rows[index + 1 : index + 6]):
        return Header(index, None, titles, width)
    return Header(index, tuple(head[:width]), titles, width)


def _width(head: Row, below: Sequence[Row]) -> int:
    """Return the width of the header, wider only where half of the rows are."""
    widths = sorted(last_filled(r) for r in below if filled(r))
    return max(last_filled(head), widths[len(widths) // 2] if widths else 0)


def _is_data(head: Row, below: Sequence[Row]) -> bool:
    """Tell whether a would-be header is a row of data like those below it."""
    below = [r for r in below if filled(r)]
    tells = [bool(_NUMBERISH.match(c.strip())) and not _YEARISH.match(c.strip()) for c in head]
    if not below or not any(tells):
        return False
    words = [i for i, c in enumerate(head) if c.strip() and not _NUMBERISH.match(c.strip())]
    if any(all(i < len(r) and _NUMBERISH.match(r[i].strip()) for r in below) for i in words):
        return False  # a word above numbers names them
    for row in below:
        shape = [bool(_NUMBERISH.match(c.strip())) for c in row]
        if any(t and not s for t, s in zip(tells, shape, strict=False)):
            return False
    return True


@dataclass(frozen=True)
class Name:
    """The name of a column in the table and how it came about.

    Attributes:
        name: Valid and unique in the datastore.
        header: What the file says; empty where it says nothing.
        reason: ``""``, ``empty``, ``duplicate``, ``long`` or ``character``.
    """

    name: str
    header: str
    reason: str = ""


def column_names(headers: Sequence[str]) -> list[Name]:
    """Turn headers into column names, changing only what the datastore refuses.

    Args:
        headers: The header cells as they stand in the file.

    Returns:
        One name for each header, all different.
    """
    names: list[Name] = []
    taken: set[str] = set()
    wished = {_clean(h) for h in headers}
    for position, header in enumerate(headers, 1):
        original = " ".join(header.split())
        name = _clean(header)
        reason = "" if name == original else "character"
        if not name:
            name = f"Spalte {position}"
            reason = "empty"
        short = cut(name)
        if short != name:
            name, reason = short, "long"
        base, number = name, 1
        while name in taken or (number > 1 and name in wished):
            number += 1
            reason = reason if reason in {"empty", "long"} else "duplicate"
            suffix = f" ({number})"
            name = cut(base, NAME_BYTES - len(suffix)) + suffix
        taken.add(name)
        names.append(Name(name, original, reason))
    return names


def _clean(header: str) -> str:
    text = "".join(
        " " if unicodedata.category(c).startswith("C") else c for c in " ".join(header.split())
    )
    # A list of sort clauses is cut at commas, so a name with one could never be sorted.
    text = text.replace('"', "'").replace(",", " ").replace("\\:", ":")
    # ":wort" would be taken for a placeholder by the search of the datastore.
    text = re.sub(r"(?<![:\w]):(?=\w)", ": ", text)
    return " ".join(text.split()).lstrip("_$ ").strip()


def cut(name: str, length: int = NAME_BYTES) -> str:
    """Cut a name to a number of UTF-8 bytes without splitting a character."""
    return name.encode()[:length].decode(errors="ignore").strip()


def split_tail(
    rows: Sequence[tuple[int, Row]], width: int, known_sums: bool
) -> tuple[list[tuple[int, Row]], list[tuple[int, Row, str]]]:
    """Separate notes and sums below a table from its last rows.

    Args:
        rows: The last rows with their line numbers.
        width: Number of columns of the table.
        known_sums: Whether words like "Gesamt" also occur further up, as data.

    Returns:
        The rows that are data, and those that are not with ``note`` or ``sum``.
    """
    data = list(rows)
    below: list[tuple[int, Row, str]] = []
    while data:
        line, row = data[-1]
        if not filled(row):
            data.pop()
        elif width >= 3 and filled(row) == 1 and row[0].strip() and _is_note(row[0], data):
            below.append((line, row, "note"))
            data.pop()
        elif width >= 2 and not known_sums and filled(row) > 1 and _is_sum(row):
            below.append((line, row, "sum"))
            data.pop()
        else:
            break
    return data, below[::-1]


def is_sum_label(cell: str) -> bool:
    """Tell whether a cell is a word such as "Summe" or "Insgesamt"."""
    return bool(_SUM.match(cell))


def _is_sum(row: Row) -> bool:
    return is_sum_label(next((c for c in row if c.strip()), ""))


def _is_note(cell: str, data: Sequence[tuple[int, Row]]) -> bool:
    """A lone text is a note unless the rows above are as bare."""
    if _NUMBERISH.match(cell.strip()):
        return False
    above = [row for _, row in data[:-1] if filled(row)]
    bare = sum(1 for row in above if filled(row) == 1)
    return not above or bare < max(2, len(above) / 2)
