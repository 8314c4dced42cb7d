# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screening found and how far it looked, as plain values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

VERSION = "2026-11-25"
"""Changes with every rule, so that a kept report tells by which rules it was made."""

NAME_LENGTH = 60
HITS_KEPT = 1000
TITLES = "Kopf der Tabelle"
"""The column that stands for titles and headers, in which names may stand as well."""

Confidence = Literal["high", "medium", "low"]
Coverage = Literal["full", "sample"]
Status = Literal["scanned", "partial", "unscanned"]
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True)
class Hit:
    """Something that may not be public. Holds no value, no sample and no hash of one.

    Attributes:
        kind: What it is; a key of ``schemas/screening/findings.yaml``.
        part: Sheet, layer or member of the archive; empty where the file is one table.
        column: Header of the column, cut to ``NAME_LENGTH`` characters. Several columns,
            as those of a combination that is unique, are joined with " + ".
        rows_matched: In how many rows it was found. From the thousandth confirmed row of a
            column on, rows are counted by their pattern alone.
        rows_scanned: How many rows were looked at.
        coverage: ``sample`` where the first rows and some random ones stand for all.
        confidence: ``high`` and ``medium`` contradict answers, ``low`` is a hint.
        version: Edition of the rules.
    """

    kind: str
    part: str
    column: str
    rows_matched: int
    rows_scanned: int
    coverage: Coverage
    confidence: Confidence
    version: str = VERSION

    @property
    def contradicts(self) -> bool:
        """Tell whether somebody has to explain it before anything is decided."""
        return self.confidence != "low"


@dataclass(frozen=True)
class Part:
    """A table or text that was looked at.

    Attributes:
        name: Sheet, layer or member; empty where the file is one table.
        rows: How many rows it has.
        columns: Their headers, cut like those of findings.
        structured: How far patterns were looked for: always ``full``.
        heuristic: How far names, addresses and free text were looked for.
        free_text: Columns that hold sentences; a Kurzprüfung allows none.
        hidden: Whether people who open the file do not see it.
    """

    name: str
    rows: int
    columns: tuple[str, ...]
    structured: Coverage = "full"
    heuristic: Coverage = "full"
    free_text: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Excerpt:
    """Some rows of a part for the eyes of those who judge it; never stored.

    Attributes:
        part: As in ``Part.name``.
        columns: Headers of the columns that are shown, in their order.
        marked: Which of them the finding is about.
        numbers: Of the rows, from 1, without the header.
        rows: Their cells; long ones are cut.
        total: How many rows the part has.
    """

    part: str
    columns: tuple[str, ...]
    marked: tuple[int, ...]
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True)
class Unchecked:
    """Something no machine looked at.

    Attributes:
        name: Member or sheet; empty for the file itself.
        reason: A key of ``reasons`` in ``schemas/screening/findings.yaml``.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class Report:
    """The result for one file; bound to its bytes and to the edition of the rules.

    There is no state "clean" on purpose: nothing found never means that nothing is there.

    Attributes:
        sha256: Of the file; empty if it could not even be read.
        size: In bytes.
        status: ``scanned``: all of it was looked at. ``partial``: some members or sheets
            were not, or some columns by sample. ``unscanned``: nothing may be concluded.
        reason: Why it is unscanned.
        hits: What was found.
        parts: What was looked at.
        unchecked: What was not.
        version: Edition of the rules.
    """

    sha256: str
    size: int
    status: Status
    reason: str = ""
    hits: tuple[Hit, ...] = ()
    parts: tuple[Part, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    version: str = VERSION

    @property
    def complete(self) -> bool:
        """Tell whether every cell was looked at by every rule; a Kurzprüfung needs it."""
        return self.status == "scanned"

    @property
    def contradicting(self) -> frozenset[str]:
        """Return the kinds that contradict answers, as ``assess.Case.scan`` takes them."""
        return frozenset(hit.kind for hit in self.hits if hit.contradicts)

    @property
    def free_text(self) -> bool:
        """Tell whether a column holds sentences, with or without a finding in them."""
        return any(part.free_text for part in self.parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Report:
        """Read a report back.

        Args:
            values: What ``as_dict`` gave.

        Raises:
            TypeError: A field is missing or unknown.
            KeyError: A list is missing.
        """
        rest = {k: v for k, v in values.items() if k not in {"hits", "parts", "unchecked"}}
        parts = [
            {**p, "columns": tuple(p["columns"]), "free_text": tuple(p["free_text"])}
            for p in values["parts"]
        ]
        return cls(
            **rest,
            hits=tuple(Hit(**hit) for hit in values["hits"]),
            parts=tuple(Part(**part) for part in parts),
            unchecked=tuple(Unchecked(**one) for one in values["unchecked"]),
        )

    def holds_for(self, sha256: str) -> bool:
        """Tell whether the report is about these bytes and made by the rules in force."""
        return self.sha256 == sha256 and self.version == VERSION


@dataclass
class Collected:
    """What the parts of a file add up to."""

    hits: list[Hit] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    excerpts: list[Excerpt] = field(default_factory=list)

    def add(self, other: Collected, prefix: str = "") -> None:
        """Add what was found in a member of an archive."""
        self.hits += [replace(h, part=inside(prefix, h.part)) for h in other.hits]
        self.parts += [replace(p, name=inside(prefix, p.name)) for p in other.parts]
        self.unchecked += [replace(u, name=inside(prefix, u.name)) for u in other.unchecked]
        self.excerpts += [replace(e, part=inside(prefix, e.part)) for e in other.excerpts]

    @property
    def status(self) -> Status:
        """Return how far the file was looked at."""
        if not self.parts:
            return "unscanned"
        sampled = any(part.heuristic == "sample" for part in self.parts)
        return "partial" if self.unchecked or sampled else "scanned"


def most_telling(hits: Iterable[Hit], most: int = HITS_KEPT) -> tuple[Hit, ...]:
    """Return the hits that a report keeps: of each kind the surest, then the surest of all."""
    ranked = sorted(hits, key=lambda hit: -CONFIDENCES.index(hit.confidence))
    first = {hit.kind: hit for hit in reversed(ranked)}
    rest = [hit for hit in ranked if first[hit.kind] is not hit]
    return (*first.values(), *rest[: max(0, most - len(first))])


def inside(outer: str, inner: str) -> str:
    """Return the name of a part of a member."""
    return " / ".join(name for name in (outer, inner) if name)


def short(name: str) -> str:
    """Return a name that may be kept: one line, no control characters, not endless.

    Headers can hold anything, a whole letter too. The page escapes them.
    """
    plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in name)
    text = " ".join(plain.split())
    return text if len(text) <= NAME_LENGTH else text[: NAME_LENGTH - 1] + "…"
