# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One shape for the result of every check, whoever makes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "hint"]
EXCERPT = 80


@dataclass(frozen=True)
class Finding:
    """What a check found, in words for the person who can mend it.

    Attributes:
        id: Stable name of the rule, such as ``table.value-misfit``.
        severity: ``error`` stops, ``warning`` should be looked at, ``hint`` explains.
        subject: What the finding is about: an IRI, a dataset, ``Zeile 17``.
        property: The field, column or property concerned.
        value_excerpt: The beginning of the offending value.
        message_de: What is the matter, in German.
        message_en: The same in English.
        remedy_de: What to do about it, in German.
        rule_source: Where the rule is written down.
        link: A page that explains more.
        line: Line (or row of a sheet) in the file, where there is one.
    """

    id: str
    severity: Severity
    subject: str = ""
    property: str = ""
    value_excerpt: str = ""
    message_de: str = ""
    message_en: str = ""
    remedy_de: str = ""
    rule_source: str = ""
    link: str = ""
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return asdict(self)


def excerpt(value: object, length: int = EXCERPT) -> str:
    """Return the beginning of a value on one line."""
    text = " ".join(str(value).replace("\0", "\\0").split())
    return text if len(text) <= length else text[: length - 1] + "…"


class Findings:
    """Collects findings; keeps the first ``limit`` of them and counts all."""

    def __init__(self, limit: int = 1000):
        self.limit = limit
        self.kept: list[Finding] = []
        self.counts: Counter[str] = Counter()

    def add(self, finding: Finding) -> None:
        """Count a finding and keep it while there is room."""
        self.counts[finding.severity] += 1
        if len(self.kept) < self.limit:
            self.kept.append(finding)

    def count(self, severity: Severity, number: int) -> None:
        """Count findings that are not worth a message of their own."""
        self.counts[severity] += number

    @property
    def total(self) -> int:
        """Return how many there are, kept or not."""
        return sum(self.counts.values())
