# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers, sizes, dates and spans of time as one writes them in German."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit

LOCALE = "de"
BERLIN = ZoneInfo("Europe/Berlin")

_NO_BREAK = "\N{NO-BREAK SPACE}"
_BINARY = ("KiB", "MiB", "GiB", "TiB")
_DURATION_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?"
)
_SHORT = ((10**12, "Bio."), (10**9, "Mrd."), (10**6, "Mio."), (10**3, "Tsd."))


def _one_place(value: float) -> str:
    """Return a number with at most one decimal place."""
    return format_decimal(value, format="#,##0.#", locale=LOCALE)


def number(value: float, digits: int | None = None) -> str:
    """Return a number with decimal comma and thousands points.

    Args:
        value: The number.
        digits: How many decimal places; without it, up to three as needed.
    """
    places = "###" if digits is None else "0" * digits
    pattern = f"#,##0.{places}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=LOCALE)


def short_number(value: int) -> str:
    """Return a large number in words' short form: 14700 is ``14,7 Tsd.``."""
    for size, unit in _SHORT:
        if abs(value) >= size:
            return f"{_one_place(value / size)}{_NO_BREAK}{unit}"
    return number(value)


def file_size(size: int) -> str:
    """Return a size in bytes for people: ``1,2 MiB``."""
    if size < 1024:
        return f"{number(size)}{_NO_BREAK}{'Byte' if size == 1 else 'Bytes'}"
    power = 1
    while power < len(_BINARY) and round(size / 1024**power, 1) >= 1024:
        power += 1
    return f"{_one_place(size / 1024**power)}{_NO_BREAK}{_BINARY[power - 1]}"


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """Return a day with the month in words: ``24. November 2026``."""
    return format_date(day, format="long", locale=LOCALE)


def short_date(day: date) -> str:
    """Return a day in figures: ``24.11.2026``."""
    return format_date(day, format="dd.MM.yyyy", locale=LOCALE)


def date_time(moment: datetime, *, seconds: bool = False, zone: tzinfo = BERLIN) -> str:
    """Return day and time of day: ``24. November 2026, 14:03 Uhr``.

    Args:
        moment: A moment; without a time zone it is meant in UTC, as CKAN stores it.
        seconds: Whether to show seconds.
        zone: The time zone of the reader.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    pattern = "d. MMMM yyyy, HH:mm:ss 'Uhr'" if seconds else "d. MMMM yyyy, HH:mm 'Uhr'"
    return format_datetime(moment, format=pattern, tzinfo=zone, locale=LOCALE)


def duration(text: str) -> str:
    """Return an ISO 8601 duration in words: ``PT15M`` is ``15 Minuten``; else the text."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        return text
    parts = zip(_DURATION_UNITS, found.groups(), strict=True)
    return " ".join(
        format_unit(float(value.replace(",", ".")), f"duration-{unit}", locale=LOCALE)
        for unit, value in parts
        if value
    )


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago, or how far ahead, a moment is: ``vor 3 Tagen``."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    difference = moment - (now or datetime.now(timezone.utc))
    if abs(difference) < timedelta(seconds=1):
        return "gerade eben"
    return format_timedelta(difference, add_direction=True, locale=LOCALE)
