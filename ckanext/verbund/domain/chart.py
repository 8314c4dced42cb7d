# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which chart suits a table, and how it is drawn.

Pure: columns and their spread go in, a plan comes out; grouped values go in, a drawing
comes out. Positions are percentages, so that a chart fits any width with text of one size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import Literal

from babel.dates import format_date, format_datetime

from ckanext.verbund.domain import german

__all__ = [
    "MOST_BARS",
    "MOST_POINTS",
    "Bar",
    "Column",
    "Drawing",
    "Plan",
    "Point",
    "draw",
    "kind_of",
    "plan",
    "propose",
    "step_for",
    "ticks",
]

Kind = Literal["time", "year", "number", "category", "other"]
How = Literal["sum", "mean", "count"]
Step = Literal["hour", "day", "month", "year"]

MOST_BARS = 30
"""Bars that one can still read; of more categories the largest are shown."""
MOST_POINTS = 400
"""Points of a line; a finer step than this allows is not drawn."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a distance, in no zone
_HOURS: dict[Step, float] = {"hour": 1, "day": 24, "month": 24 * 30, "year": 24 * 365}
_NUMBERS = {"int2", "int4", "int8", "numeric", "float4", "float8"}
_TIMES = {"date", "timestamp", "timestamptz"}
# Numbers that only name something: adding them up says nothing.
_KEY = re.compile(
    r"(nummer|nr\.?|schl(ü|ue)ssel|kennung|kennziffer|code|plz|postleitzahl|ags|ars)$"
    r"|(^|[\W_])(f|o|g)?id$|objectid|^lfd|telefon|fax|jahrgang|baujahr|pflanzjahr",
    re.IGNORECASE,
)
_COORDINATE = re.compile(
    r"breitengrad|l(ä|ae)ngengrad|^(lat|lon|lng|latitude|longitude|x|y)$|rechtswert|hochwert"
    r"|ostwert|nordwert|easting|northing|koordinate|utm",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^(kalender|berichts|haushalts|erhebungs)?jahr$|^year$", re.IGNORECASE)
# Quantities of which a sum says nothing.
_MEAN = re.compile(
    r"anteil|quote|prozent|durchschnitt|mittel|temperatur|index|preis|pegel|wasserstand"
    r"|konzentration|dichte|alter|rate|geschwindigkeit|feinstaub|stickstoff|stickoxid|ozon|pm10"
    r"|pm2|no2|h(ö|oe)he|breite|l(ä|ae)nge|durchmesser|umfang|hebesatz|grad\b",
    re.IGNORECASE,
)
_MEAN_UNITS = {"%", "°c", "µg/m³", "mg/l", "km/h", "‰"}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name in the table.
        label: Its name for people.
        kind: What it can do in a chart.
        unit: Its unit, or empty.
        distinct: How many different values a sample of it holds.
        lowest: The earliest moment, of a time.
        highest: The latest moment, of a time.
        hours: It knows the time of day.
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    distinct: int = 0
    lowest: datetime | date | None = None
    highest: datetime | date | None = None
    hours: bool = False


@dataclass(frozen=True)
class Plan:
    """A chart to be made: ``y`` over ``x``; without ``y`` rows are counted."""

    kind: Literal["line", "bars"]
    x: Column
    y: Column | None
    how: How
    step: Step | None = None


@dataclass(frozen=True)
class Point:
    """A group: its time, year or category, its value, and the rows behind it."""

    x: datetime | date | int | str
    y: float
    rows: int = 1


@dataclass(frozen=True)
class Bar:
    """A bar in percent of the width; ``value`` is written German."""

    label: str
    value: str
    start: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """A chart as it is drawn.

    Attributes:
        kind: ``line`` or ``bars``.
        values: Label and value of each point, written German: the table of the chart.
        segments: Pieces of the line, as points in a square of 1000.
        dots: Points of the line in percent, where there are few.
        ticks: Percent from above and label of each line of the scale.
        ends: Labels of the first, the middle and the last point.
        bars: The bars.
        lowest: The point with the lowest value, label and value.
        highest: The point with the highest value.
    """

    kind: Literal["line", "bars"]
    values: tuple[tuple[str, str], ...]
    segments: tuple[str, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    ends: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    lowest: tuple[str, str] = ("", "")
    highest: tuple[str, str] = ("", "")


# -- which chart ----------------------------------------------------------------


def kind_of(name: str, pg_type: str) -> Kind:
    """Say what a column can do in a chart, from its name and its type in PostgreSQL."""
    if pg_type in _TIMES:
        return "time"
    if pg_type in _NUMBERS:
        if _YEAR.search(name):
            return "year"
        return "other" if _KEY.search(name) or _COORDINATE.search(name) else "number"
    if pg_type == "bool":
        return "category"
    return "category" if pg_type == "text" and not _KEY.search(name) else "other"


def propose(columns: Sequence[Column], rows: int) -> Plan | None:
    """Propose the chart that most likely says something, or None.

    A course of time comes first, then categories. Without a number the rows are counted,
    if there are several for one value.

    Args:
        columns: The columns with their spread.
        rows: How many rows the table has.
    """
    if rows < 2:
        return None
    number = next((c for c in columns if c.kind == "number" and c.distinct > 1), None)
    times = [c for c in columns if c.kind in {"time", "year"} and c.distinct > 1]
    if times and (number or times[0].distinct < rows):
        return plan(times[0], number)
    groups = [c for c in columns if c.kind == "category" and 1 < c.distinct <= MOST_BARS]
    if not number:
        groups = [c for c in groups if c.distinct < rows]
    if not groups:
        return None
    # One row for each value: the table is about these. Else the coarsest division.
    whole = next((c for c in groups if number and c.distinct == rows), None)
    return plan(whole or min(groups, key=lambda c: c.distinct), number)


def plan(x: Column, y: Column | None, how: How | None = None) -> Plan:
    """Plan the chart of two columns.

    Args:
        x: What is compared: a time, a year or a category.
        y: The number; without it rows are counted.
        how: How values of one group are put together; without it what suits the number.
    """
    if y is None:
        how = "count"
    elif how not in {"sum", "mean"}:
        mean = _MEAN.search(y.label or y.name) or y.unit.casefold() in _MEAN_UNITS
        how = "mean" if mean else "sum"
    if x.kind in {"time", "year"}:
        return Plan("line", x, y, how, step_for(x))
    return Plan("bars", x, y, how)


def step_for(x: Column) -> Step | None:
    """Return the finest step in which a time does not have too many points."""
    if x.kind != "time" or x.lowest is None or x.highest is None:
        return None
    hours = (_moment(x.highest) - _moment(x.lowest)).total_seconds() / 3600
    steps: list[Step] = ["hour", "day", "month", "year"][0 if x.hours else 1 :]
    return next((step for step in steps if hours / _HOURS[step] < MOST_POINTS), "year")


# -- how it is drawn ------------------------------------------------------------


def draw(made: Plan, points: Sequence[Point]) -> Drawing | None:
    """Draw grouped values.

    Args:
        made: The plan they were grouped by.
        points: The groups; those of a line in the order of time.

    Returns:
        The drawing, or None when there is nothing to compare.
    """
    if len(points) < 2:
        return None
    lone = all(point.rows == 1 for point in points)
    digits = None if made.how != "mean" or lone else 1
    unit = f"\N{NO-BREAK SPACE}{made.y.unit}" if made.y and made.y.unit else ""
    values = tuple(
        (label(point.x, made.step), german.number(point.y, digits) + unit) for point in points
    )
    drawing = Drawing(
        kind=made.kind,
        values=values,
        lowest=values[min(range(len(points)), key=lambda i: points[i].y)],
        highest=values[max(range(len(points)), key=lambda i: points[i].y)],
    )
    heights = [point.y for point in points]
    if made.kind == "bars":
        return replace(drawing, bars=_bars(values, heights))
    zero = made.how != "mean" or min(heights) < max(heights) / 2
    scale = ticks(min(heights), max(heights), zero=zero)
    low, high = scale[0], scale[-1]
    places = [_place(point.x) for point in points]
    width = places[-1] - places[0]
    spots = [
        ((p - places[0]) / width * 100, (high - y) / (high - low) * 100)
        for p, y in zip(places, heights, strict=True)
    ]
    return replace(
        drawing,
        segments=_segments(spots),
        dots=tuple((round(x, 2), round(y, 2)) for x, y in spots) if len(spots) <= 40 else (),
        ticks=tuple(
            (round((high - t) / (high - low) * 100, 2), german.number(t) + unit) for t in scale
        ),
        ends=(values[0][0], values[len(values) // 2][0], values[-1][0])
        if len(values) > 2
        else (values[0][0], values[-1][0]),
    )


def _bars(values: Sequence[tuple[str, str]], heights: Sequence[float]) -> tuple[Bar, ...]:
    """Lay bars from zero, to both sides if there are values below it."""
    low, high = min(0.0, *heights), max(0.0, *heights)
    span = (high - low) or 1
    return tuple(
        Bar(
            text,
            value,
            round((min(y, 0) - low) / span * 100, 2),
            round(abs(y) / span * 100, 2),
        )
        for (text, value), y in zip(values, heights, strict=True)
    )


def _segments(spots: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Connect points, but not across a gap: nobody knows what lies there."""
    gaps = [b[0] - a[0] for a, b in pairwise(spots)]
    widest = median(gaps) * 2.5
    pieces: list[list[tuple[float, float]]] = [[spots[0]]]
    for spot, gap in zip(spots[1:], gaps, strict=True):
        if gap > widest:
            pieces.append([])
        pieces[-1].append(spot)
    return tuple(
        " ".join(f"{x * 10:.1f},{y * 10:.1f}" for x, y in piece)
        for piece in pieces
        if len(piece) > 1
    )


def ticks(low: float, high: float, *, zero: bool = True, about: int = 4) -> list[float]:
    """Return round values from below the lowest to above the highest.

    Args:
        low: The lowest value.
        high: The highest value.
        zero: Zero must be among them.
        about: How many steps there should be.
    """
    if zero:
        low, high = min(low, 0), max(high, 0)
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(f * power for f in (1, 2, 2.5, 5, 10) if f * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * n, 10) for n in range(first, last + 1)]


def label(x: datetime | date | int | str, step: Step | None = None) -> str:
    """Write a time, year or category as people read it."""
    if not isinstance(x, date):
        return str(x)
    if step == "year":
        return str(x.year)
    if step == "month":
        return format_date(x, "MMMM yyyy", locale=german.LOCALE)
    if step == "hour" and isinstance(x, datetime):
        return format_datetime(x, "dd.MM.yyyy, H 'Uhr'", locale=german.LOCALE)
    return german.short_date(x)


def _moment(value: datetime | date) -> datetime:
    """Return a moment without zone; a day begins at midnight."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001


def _place(x: datetime | date | int | str) -> float:
    if isinstance(x, date):
        return (_moment(x) - _EPOCH).total_seconds()
    return float(x)
