# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a period, a place or a box that a person gave to a filter query for Solr.

What Solr gets is made of checked numbers and keys alone; nothing that somebody typed
reaches it.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ckanext.verbund.domain import places

PERIOD, PLACES = "verbund_period", "verbund_place"
"""Fields of the index: spans of days; official keys of places."""

Reason = Literal["unreadable", "reversed", "outside", "empty"]


@dataclass
class UnusableError(ValueError):
    """A filter that cannot be applied.

    Attributes:
        field: ``from``, ``to``, ``period`` or ``box``.
        reason: Why: cannot be read; ends before it begins (or crosses the date line); lies
            outside of what there is; has no extent.
        value: What was given, shortened.
    """

    field: str
    reason: Reason
    value: str = ""


# -- periods ---------------------------------------------------------------------

_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?(?:T.*)?")
_GERMAN = re.compile(r"(?:(?:(?P<day>\d{1,2})\.)?\s*(?P<month>\d{1,2})[./]\s*)?(?P<year>\d{4})")


def first_and_last(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that a date means, or None.

    Args:
        text: Year, month or day: ``2026``, ``2026-03``, ``03.2026``, ``24.11.2026``, or a
            moment as ISO 8601.
    """
    text = text.strip()
    found = _DAY.fullmatch(text) or _GERMAN.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(found[n]) if found[n] else 0 for n in ("year", "month", "day"))
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            last = calendar.monthrange(year, month)[1]
            return date(year, month, 1), date(year, month, last)
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:  # also calendar.IllegalMonthError
        return None


def span(start: Any, end: Any) -> str | None:
    """Return a period of a dataset as the index wants it, or None.

    Args:
        start: First day, month or year; empty: open.
        end: Last one; empty: open.

    Returns:
        Such as ``[2026-01-01 TO *]``; None without any usable limit and for a period that
        ends before it begins: Solr would refuse the whole dataset.
    """
    first, last = (first_and_last(str(value or "")) for value in (start, end))
    if not (first or last) or (first and last and first[0] > last[1]):
        return None
    return f"[{first[0] if first else '*'} TO {last[1] if last else '*'}]"


OPEN_END = "9999-12-31"
"""Last day of a period that goes on; the first one that a list of the newest begins with."""


def extent(periods: Iterable[tuple[Any, Any]]) -> tuple[str, str]:
    """Return the first and the last day of all periods of a dataset, to sort by.

    Args:
        periods: Start and end of each, as `span` takes them.

    Returns:
        Two ISO days. An unknown start is empty; without an end the last day is `OPEN_END`.
        Two empty texts without any usable limit.
    """
    starts, ends = [], []
    for start, end in periods:
        first, last = (first_and_last(str(value or "")) for value in (start, end))
        if first or last:
            starts.append(str(first[0]) if first else "")
            ends.append(str(last[1]) if last else OPEN_END)
    return min(starts, default=""), max(ends, default="")


def period(begin: str, until: str) -> str:
    """Return the query for datasets whose period overlaps the one asked for.

    Args:
        begin: First day, month or year; empty: open.
        until: Last one; empty: open.

    Raises:
        UnusableError: One cannot be read, or the end lies before the beginning.
    """
    days = {}
    for name, text in (("from", begin), ("to", until)):
        if text.strip():
            days[name] = first_and_last(text)
            if days[name] is None:
                raise UnusableError(name, "unreadable", text.strip()[:40])
    first, last = days.get("from"), days.get("to")
    if first and last and first[0] > last[1]:
        raise UnusableError(
            "period", "reversed", f"{begin.strip()[:20]} – {until.strip()[:20]}"
        )
    return f"{PERIOD}:[{first[0] if first else '*'} TO {last[1] if last else '*'}]"


# -- places ----------------------------------------------------------------------


def box(text: str) -> places.BBox:
    """Return west, south, east and north of a box that somebody asks for.

    Args:
        text: The four in degrees, separated by commas.

    Raises:
        UnusableError: Not four numbers; west of east is not west (also: across the date line);
            beyond the poles; or without extent.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise UnusableError("box", "unreadable", text.strip()[:60]) from None
    if not all(map(math.isfinite, (west, south, east, north))):
        raise UnusableError("box", "unreadable", text.strip()[:60])
    if west > east or south > north:
        raise UnusableError("box", "reversed", text.strip()[:60])
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise UnusableError("box", "outside", text.strip()[:60])
    if west == east or south == north:
        raise UnusableError("box", "empty", text.strip()[:60])
    return west, south, east, north


def keys_around(key: str) -> list[str]:
    """Return the keys of the places that a place lies in, itself first.

    Example:
        >>> keys_around("10046115")
        ['10046115', '10046', '10']
    """
    return [key[:length] for length in (8, 5, 2) if length <= len(key)]


def place(found: places.Place) -> str:
    """Return the query for datasets about a place.

    These are the datasets of the place itself, of the places in it and of those around it.
    Datasets that have an outline of their own but name no official place are found when
    their rectangle overlaps that of the place.
    """
    west, south, east, north = found.bbox
    keys = " OR ".join(keys_around(found.key))
    inside = "" if found.level == "municipality" else f" OR {PLACES}:{found.key}*"
    return (
        f"{PLACES}:({keys}){inside} OR (*:* -{PLACES}:[* TO *] "
        f"+minx:[* TO {east}] +maxx:[{west} TO *] +miny:[* TO {north}] +maxy:[{south} TO *])"
    )
