# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers, sizes and dates in German."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from ckanext.verbund.domain import german

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("PT15M", "15 Minuten"),
        ("PT1H", "1 Stunde"),
        ("P1D", "1 Tag"),
        ("P1Y6M", "1 Jahr 6 Monate"),
        ("PT0,5S", "0,5 Sekunden"),
        ("bald", "bald"),
        ("P", "P"),
    ],
)
def test_duration(iso, text):
    assert german.duration(iso) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2000, None, "2.000"),
        (0.3, None, "0,3"),
        (0.3, 2, "0,30"),
        (1234567.891, None, "1.234.567,891"),
        (-5, None, "-5"),
        (1999.5, 0, "2.000"),
    ],
)
def test_number(value, digits, text):
    assert german.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999, "999"),
        (14_700, f"14,7{NB}Tsd."),
        (1_000_000, f"1{NB}Mio."),
        (2_500_000_000, f"2,5{NB}Mrd."),
    ],
)
def test_short_number(value, text):
    assert german.short_number(value) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, f"1{NB}Byte"),
        (1000, f"1.000{NB}Bytes"),
        (1536, f"1,5{NB}KiB"),
        (1024**2 - 1, f"1{NB}MiB"),
        (int(1.2 * 1024**2), f"1,2{NB}MiB"),
        (5000 * 1024**4, f"5.000{NB}TiB"),
    ],
)
def test_file_size(size, text):
    assert german.file_size(size) == text


def test_dates():
    assert german.long_date(date(2026, 11, 24)) == "24. November 2026"
    assert german.short_date(date(2026, 3, 1)) == "01.03.2026"


@pytest.mark.parametrize(
    ("utc", "text"),
    [
        ("2026-11-24T13:03:00+00:00", "24. November 2026, 14:03 Uhr"),
        ("2026-11-24T13:03:00", "24. November 2026, 14:03 Uhr"),
        ("2026-07-01T22:30:00", "2. Juli 2026, 00:30 Uhr"),
    ],
    ids=["with zone", "without zone means UTC", "summer time, next day"],
)
def test_time_of_day_is_berlin_s(utc, text):
    assert german.date_time(datetime.fromisoformat(utc)) == text


def test_seconds():
    moment = datetime(2026, 7, 1, 10, 0, 5, tzinfo=timezone.utc)
    assert german.date_time(moment, seconds=True) == "1. Juli 2026, 12:00:05 Uhr"


def test_year_is_that_of_the_day_not_of_the_week():
    """CKAN's pattern has YYYY: it would say 2027 here."""
    moment = datetime(2026, 12, 31, 12, tzinfo=timezone.utc)
    assert german.date_time(moment).startswith("31. Dezember 2026")


def test_spans_of_time():
    now = datetime(2026, 11, 24, tzinfo=timezone.utc)
    assert german.ago(now - timedelta(days=3), now) == "vor 3 Tagen"
    assert german.ago(now + timedelta(hours=2), now) == "in 2 Stunden"
    assert german.ago(now, now) == "gerade eben"
