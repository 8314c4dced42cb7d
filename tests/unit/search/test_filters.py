# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Period, place and box become filter queries of checked values only."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain import places
from ckanext.verbund.domain.search import filters


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("02.2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("5.3.2024", date(2024, 3, 5), date(2024, 3, 5)),
        ("2024-03-05T10:00:00+01:00", date(2024, 3, 5), date(2024, 3, 5)),
    ],
)
def test_a_date_means_its_days(text, first, last):
    assert filters.first_and_last(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "gestern", "24", "99999", "0000", "13.2024", "30.02.2024", "2024-02-30", "-5"]
)
def test_what_is_no_date_is_none(text):
    assert filters.first_and_last(text) is None


def test_a_period_may_be_open():
    assert filters.period("2024", "") == "verbund_period:[2024-01-01 TO *]"
    assert filters.period("", "03.2024") == "verbund_period:[* TO 2024-03-31]"
    assert filters.period("2024", "2024") == "verbund_period:[2024-01-01 TO 2024-12-31]"


@pytest.mark.parametrize(
    ("begin", "until", "field", "reason"),
    [
        ("x", "2024", "from", "unreadable"),
        ("2024", "x", "to", "unreadable"),
        ("2025", "2024", "period", "reversed"),
    ],
)
def test_a_wrong_period_names_its_field(begin, until, field, reason):
    with pytest.raises(filters.UnusableError) as error:
        filters.period(begin, until)
    assert (error.value.field, error.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("start", "end", "indexed"),
    [
        ("2024-01-01", "2024-12-31", "[2024-01-01 TO 2024-12-31]"),
        ("2024", None, "[2024-01-01 TO *]"),
        (None, "2024-06", "[* TO 2024-06-30]"),
        (None, None, None),
        ("unklar", "", None),
        ("2025", "2024", None),
    ],
)
def test_only_a_usable_period_is_indexed(start, end, indexed):
    assert filters.span(start, end) == indexed


@pytest.mark.parametrize(
    ("periods", "first", "last"),
    [
        ([("2024", "2024")], "2024-01-01", "2024-12-31"),
        ([("2020", "2021"), ("2018-03", "2019")], "2018-03-01", "2021-12-31"),
        ([("2024-05-01", "")], "2024-05-01", filters.OPEN_END),
        ([("2020", "2021"), ("2024", None)], "2020-01-01", filters.OPEN_END),
        ([(None, "06.2024")], "", "2024-06-30"),
        ([("unklar", "")], "", ""),
        ([], "", ""),
    ],
)
def test_the_extent_of_all_periods_is_first_and_last_day(periods, first, last):
    assert filters.extent(periods) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unreadable"),
        ("1,2,3", "unreadable"),
        ("a,b,c,d", "unreadable"),
        ("nan,1,2,3", "unreadable"),
        ("1,1,inf,3", "unreadable"),
        ("8,49,7,50", "reversed"),
        ("7,50,8,49", "reversed"),
        ("170,1,-170,2", "reversed"),
        ("-181,1,2,3", "outside"),
        ("7,49,8,91", "outside"),
        ("7,49,7,50", "empty"),
    ],
)
def test_a_wrong_box_says_why(text, reason):
    with pytest.raises(filters.UnusableError) as error:
        filters.box(text)
    assert error.value.reason == reason


def test_a_good_box_is_four_numbers():
    assert filters.box(" 7.5, 49.3, 8, 49.6 ") == (7.5, 49.3, 8.0, 49.6)


def test_a_place_finds_what_lies_in_and_around_it():
    town, district = places.by_key("07313000"), places.by_key("10046")
    assert "verbund_place:(07313000 OR 07313 OR 07)" in filters.place(town)
    assert "*" not in filters.place(town).partition(" OR (*:*")[0]
    assert "verbund_place:(10046 OR 10) OR verbund_place:10046*" in filters.place(district)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_typed_reaches_solr(begin, until):
    try:
        made = filters.period(begin, until)
    except filters.UnusableError:
        return
    assert set(made) <= set("verbund_period:[]TO*- 0123456789")
