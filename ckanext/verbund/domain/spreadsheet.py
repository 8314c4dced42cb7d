# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables that people open in Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def harmless(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula.

    Source: OWASP, "CSV Injection".
    """
    is_formula = isinstance(value, str) and value[:1] in "=+-@\t\r" and value
    return f"'{value}" if is_formula else "" if value is None else value


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV that a German Excel opens as it should: semicolon, UTF-8 with mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
