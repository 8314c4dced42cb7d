# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every kind of file looks like to the table builder: rows with line numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ckanext.verbund.domain.finding import Finding

Line = tuple[int, list[str]]


@dataclass
class Source:
    """A file that is about to become a table.

    Attributes:
        rows: Yields ``(line, cells)``; may be called once.
        headers: The header cells if the file names its columns apart from the rows.
        info: What is worth knowing: encoding, delimiter, sheet, crs.
        findings: What was odd while opening it.
        late: Findings that are only known once the rows were read.
        unit: What a line is called, ``Zeile`` or ``Objekt``.
    """

    rows: Callable[[], Iterable[Line]]
    headers: list[str] | None = None
    info: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)
    unit: str = "Zeile"


def numbered(rows: Iterable[list[str]], start: int = 1) -> Iterator[Line]:
    """Number rows from ``start``."""
    yield from enumerate(rows, start)
