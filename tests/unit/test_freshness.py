# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fresh data are."""

from datetime import date

import pytest

from ckanext.verbund.domain import freshness, vocab

EU = "http://publications.europa.eu/resource/authority/frequency/"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("frequency", "changed", "overdue"),
    [
        ("DAILY", date(2026, 11, 22), False),
        ("DAILY", date(2026, 11, 21), True),
        ("MONTHLY", date(2026, 10, 17), False),
        ("MONTHLY", date(2026, 9, 30), True),
        ("ANNUAL", date(2025, 9, 1), False),
        ("ANNUAL", date(2025, 8, 1), True),
        ("TRIDECENNIAL", date(1990, 1, 1), False),
        ("TRIDECENNIAL", date(1980, 1, 1), True),
        ("NEVER", date(1980, 1, 1), False),
        ("IRREG", date(1980, 1, 1), False),
        ("UPDATE_CONT", date(1980, 1, 1), False),
        ("HOURLY", date(2026, 1, 1), False),
        ("ANNUAL", None, False),
    ],
)
def test_overdue_is_who_missed_promise_and_allowance(frequency, changed, overdue):
    assert freshness.judge(EU + frequency, changed, TODAY).overdue is overdue


def test_without_a_promise_nothing_is_due():
    for frequency in (None, "", "wenn es passt"):
        found = freshness.judge(frequency, date(2001, 1, 1), TODAY)
        assert (found.due, found.overdue) == (None, False)


def test_the_day_of_the_next_update_is_named():
    assert freshness.judge("wöchentlich", date(2026, 11, 20), TODAY).due == date(2026, 11, 27)


def test_every_judged_frequency_is_in_the_list():
    codes = {concept.code for concept in vocab.load("frequency").concepts}
    assert set(freshness.DAYS) <= codes


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (["2026-03-02", "2026-09-30T11:00:00.123", None, "bald"], date(2026, 9, 30)),
        (["2025"], date(2025, 12, 31)),
        (["2024-02"], date(2024, 2, 29)),
        (["2026-13-01", "2026-02-30"], None),
        (["2999-01-01"], TODAY),
        (["2026"], TODAY),
        ([], None),
    ],
)
def test_the_latest_day_counts(values, day):
    assert freshness.latest(values, TODAY) == day
