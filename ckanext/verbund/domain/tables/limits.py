# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file may cost, and how a file is refused that costs more."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.verbund.domain.finding import Finding

MB = 1024 * 1024
# PostgreSQL allows 1600 columns; the datastore adds two, we may add a few.
POSTGRES_COLUMNS = 1500


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file. All of them can be configured.

    Attributes:
        max_bytes: Size of the file as uploaded.
        max_sheet_bytes: Size of a workbook once unpacked; it is read as a whole.
        max_rows: Rows of the table.
        max_columns: Columns of the table.
        max_line_bytes: Longest line of a text file.
        bad_values_percent: Up to this share of values that do not fit, a column is
            still typed; more, and it stays text.
        max_findings: Findings kept with text; all are counted.
    """

    max_bytes: int = 1024 * MB
    max_sheet_bytes: int = 100 * MB
    max_rows: int = 10_000_000
    max_columns: int = 1000
    max_line_bytes: int = 1 * MB
    bad_values_percent: float = 1.0
    max_findings: int = 1000


class TableError(Exception):
    """The file cannot become a table; ``finding`` says why."""

    def __init__(self, finding: Finding):
        super().__init__(finding.message_de)
        self.finding = finding


def refuse(
    rule: str, message_de: str, message_en: str, remedy_de: str = "", line: int | None = None
) -> TableError:
    """Return the exception that refuses a file."""
    return TableError(
        Finding(
            f"table.{rule}",
            "error",
            subject=f"Zeile {line}" if line else "",
            message_de=message_de,
            message_en=message_en,
            remedy_de=remedy_de,
            line=line,
        )
    )


def megabytes(size: int) -> str:
    """Return a size as a German reader writes it."""
    return f"{size / MB:,.1f} MB".replace(",", " ").replace(".", ",")
