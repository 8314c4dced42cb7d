# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the values of a column are, as people in German offices write them.

Every value belongs to exactly one *class* ("1.234" is ``thousand``). The counts of
the classes decide the type of the column: see ``decide``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

_SIGN = "[-+−]?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?"
_DATE = rf"(?:{_DAY}(?:\d{{4}}|\d{{2}})|\d{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_UHR = r"(?:[01]?\d|2[0-3])[:.][0-5]\d\s?Uhr"
_NUMBER = rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d+)?"

# Exclusive: no value matches two of them.
CLASSES: dict[str, str] = {
    "small": rf"{_SIGN}(?:0|[1-9]\d{{0,2}})",
    "int": rf"{_SIGN}[1-9]\d{{3,17}}",
    "leading_zero": r"0\d+",
    "thousand": rf"{_SIGN}[1-9]\d{{0,2}}\.\d{{3}}",
    "thousands": rf"{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,5}}",
    "comma": rf"{_SIGN}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+),\d+",
    "dot": (
        rf"{_SIGN}(?:\d+\.(?:\d{{1,2}}|\d{{4,}})|(?:0\d*|\d{{4,}})\.\d{{3}}"
        r"|\d+(?:\.\d+)?[eE][-+]?\d{1,2})"
    ),
    "percent": rf"{_NUMBER}\s?%",
    "euro": rf"{_NUMBER}\s?(?:€|EUR|Euro)",
    "date": _DATE,
    "timestamp": rf"{_DATE}(?:[T ]|,\s?)(?:{_CLOCK}(?:\s?Uhr)?|{_UHR})",
    "timestamptz": rf"{_DATE}[T ]{_CLOCK}\s?(?:Z|[+-]\d\d:?\d\d)",
    "time": rf"(?:{_CLOCK}|{_UHR})",
    "bool": r"(?i:ja|nein|wahr|falsch|true|false)",
    "missing": (
        r"(?i:-+|–|—|\.{1,3}|…|/|x|k\.\s?a\.|o\.\s?a\.|n/?a|null|none|nan|unbekannt"
        r"|keine angaben?|ohne angabe|#(?:n/a|nv|wert!|div/0!|bezug!|name\?|null!|zahl!))"
    ),
}
OTHER = "other"

PG_TYPES = {
    "integer": "int8",
    "decimal": "numeric",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "time": "time",
    "boolean": "bool",
    "text": "text",
}

CODE_HEADER = re.compile(
    r"^(plz|postleitzahl|ags|ars|rs|agsneu|gemeindekennziffer|gemeindeschl(ü|ue)ssel"
    r"|regionalschl(ü|ue)ssel|vorwahl|telefon\w*|tel\.?|fax|telefax|mobil\w*|hausnummer|hausnr\.?"
    r"|iban|bic|\w*(kennziffer|schl(ü|ue)ssel|aktenzeichen))\b",
    re.IGNORECASE,
)
COORDINATE_HEADER = re.compile(
    r"^(lat|lon|lng|long|latitude|longitude|breite\w*|l(ä|ae)nge(ngrad)?|geo\w*|x|y|"
    r"[xy][-_ ]?(koord\w*|wert)|koord\w*|rechtswert|hochwert|ostwert|nordwert)\b",
    re.IGNORECASE,
)


@dataclass
class Profile:
    """Counts of the classes seen in one column; blanks are not counted."""

    counts: Counter[str] = field(default_factory=Counter)
    short_year: bool = False
    settled: bool = False

    @property
    def total(self) -> int:
        """Return how many values there are."""
        return sum(self.counts.values())

    def add(self, values: pl.Series) -> None:
        """Count a batch of stripped, non-null values."""
        if self.settled:
            self.counts[OTHER] += len(values)
            return
        rest = values
        # The commonest classes first: most columns are settled by one pattern.
        for name in sorted(CLASSES, key=lambda c: -self.counts[c]):
            if not len(rest):
                return
            hit = matches(rest, [name])
            number = int(hit.sum())
            if not number:
                continue
            found = rest.filter(hit)
            rest = rest.filter(~hit)
            if name in {"date", "timestamp", "timestamptz"}:
                number = self._real_days(found)
                self.counts[OTHER] += len(found) - number
            self.counts[name] += number
        self.counts[OTHER] += len(rest)
        # Clearly text: no need to look at a million more names.
        self.settled = self.total >= 5000 and self.counts[OTHER] > self.total / 2

    def _real_days(self, values: pl.Series) -> int:
        parts = values.str.extract(rf"^({_DATE})")
        if not self.short_year:
            self.short_year = bool(parts.str.contains(r"\.\s?\d\d$").any())
        days = pl.select(to_date(pl.lit(parts))).to_series()
        return len(days) - days.null_count()


def matches(values: pl.Series, classes: Iterable[str]) -> pl.Series:
    """Tell which values belong to one of the classes."""
    return values.str.contains(pattern(classes))


def pattern(classes: Iterable[str]) -> str:
    """Return the regular expression of some classes together."""
    return "^(?:" + "|".join(CLASSES[c] for c in classes) + ")$"


def to_date(text: pl.Expr) -> pl.Expr:
    """Turn "1.2.26", "01.02.2026" or "2026-02-01" into ISO text; impossible days are null."""
    text = (
        text.str.replace_all(r"\.\s", ".")
        .str.replace(r"\.([0-6]\d)$", ".20${1}")
        .str.replace(r"\.([7-9]\d)$", ".19${1}")
        .str.replace(r"^(\d)\.", "0${1}.")
        .str.replace(r"^(\d\d)\.(\d)\.", "${1}.0${2}.")
        .str.replace(r"^(\d\d)\.(\d\d)\.(\d{4})$", "${3}-${2}-${1}")
    )
    return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.String)


@dataclass(frozen=True)
class Decision:
    """The type of a column.

    Attributes:
        type: A key of ``PG_TYPES``.
        classes: The classes of values that fit.
        reading: How numbers are read: ``de`` or ``en``.
        unit: ``%`` or ``€`` where every value carries it.
        notes: Why it came out this way: ``leading-zero``, ``code-header``,
            ``ambiguous-thousands``, ``ambiguous-decimal``, ``dot-decimal``,
            ``short-year``, ``mixed``.
        nearly: The type the column would have but for too many other values.
        misfits: How many values do not fit (placeholders not counted).
        missing: How many placeholders such as "k. A." are read as empty.
    """

    type: str
    classes: tuple[str, ...] = ()
    reading: str = "de"
    unit: str = ""
    notes: tuple[str, ...] = ()
    nearly: str = ""
    misfits: int = 0
    missing: int = 0


_CANDIDATES: list[tuple[str, tuple[str, ...], str, str]] = [
    # type, classes, reading, unit; the narrowest that fits wins
    ("boolean", ("bool",), "", ""),
    ("integer", ("small", "int"), "de", ""),
    ("date", ("date",), "", ""),
    ("time", ("time",), "", ""),
    ("timestamp", ("timestamp", "date"), "", ""),
    ("timestamptz", ("timestamptz",), "", ""),
    ("decimal", ("percent",), "de", "%"),
    ("decimal", ("euro",), "de", "€"),
    ("decimal", ("comma", "thousand", "thousands", "small", "int"), "de", ""),
    ("integer", ("thousand", "thousands", "small", "int"), "de", ""),
    ("decimal", ("dot", "thousand", "small", "int"), "en", ""),
]


def decide(
    profile: Profile, header: str, file_reads: str = "de", bad_percent: float = 1.0
) -> Decision:
    """Decide the type of a column from the classes of its values.

    Args:
        profile: What was counted.
        header: The header; "PLZ" is a code however much it looks like a number.
        file_reads: How the other columns write decimals, ``de`` or ``en``.
        bad_percent: Share of values that may fail without making the column text.

    Returns:
        The decision.
    """
    counts = profile.counts
    missing = counts["missing"]
    values = profile.total - missing
    if not values:
        return Decision("text")
    if counts["leading_zero"]:
        return Decision("text", notes=("leading-zero",))
    if CODE_HEADER.match(header.strip()) and (counts["int"] or counts["small"]):
        return Decision("text", notes=("code-header",))
    ranked = sorted(_CANDIDATES, key=lambda c: -_fit(counts, c[1]))
    kind, classes, reading, unit = ranked[0]
    fit = _fit(counts, classes)
    if not fit:
        return Decision("text")
    notes: list[str] = []
    if counts["thousand"] and "thousand" in classes and not counts["comma"]:
        kind, classes, reading, notes = _ambiguous(profile, header, file_reads)
        fit = _fit(counts, classes)
    if kind == "decimal" and reading == "en" and not notes and file_reads == "de":
        notes = ["dot-decimal"]
    misfits = values - fit
    if misfits > values * bad_percent / 100:
        nearly = kind if fit >= values * 0.5 else ""
        return Decision(
            "text", classes, reading, unit, ("mixed",) if nearly else (), nearly, misfits
        )
    if profile.short_year and kind in {"date", "timestamp", "timestamptz"}:
        notes.append("short-year")
    return Decision(kind, classes, reading, unit, tuple(notes), "", misfits, missing)


def _fit(counts: Counter[str], classes: Iterable[str]) -> int:
    return sum(counts[c] for c in classes)


def _ambiguous(
    profile: Profile, header: str, file_reads: str
) -> tuple[str, tuple[str, ...], str, list[str]]:
    """Decide what "1.234" means in a column without any decimal comma."""
    counts = profile.counts
    english: tuple[str, ...] = ("dot", "thousand", "small", "int")
    german: tuple[str, ...] = ("thousand", "thousands", "small", "int")
    if counts["thousands"]:
        return "integer", german, "de", []
    if counts["dot"] > profile.total * 0.01:
        return "decimal", english, "en", []
    if COORDINATE_HEADER.match(header.strip()) or file_reads == "en":
        return "decimal", english, "en", ["ambiguous-decimal"]
    if counts["small"] and not counts["int"]:
        # 593 beside 1.828, never 1828: these are thousands.
        return "integer", german, "de", []
    return "integer", german, "de", ["ambiguous-thousands"]


def file_reading(profiles: Iterable[Profile]) -> str:
    """Return how a file writes decimals where its columns leave no doubt."""
    german = english = 0
    for profile in profiles:
        counts = profile.counts
        german += bool(counts["comma"] or counts["thousands"])
        english += bool(counts["dot"] and not counts["comma"])
    return "en" if english > german else "de"
