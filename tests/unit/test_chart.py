# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which chart suits a table, and how it is drawn."""

from datetime import date, datetime, timedelta

import pytest

from ckanext.verbund.domain import chart
from ckanext.verbund.domain.chart import Column, Point

HOUR = Column(
    "Zeit", "Zeit", "time", distinct=1416, hours=True,
    lowest=datetime.fromisoformat("2026-01-01T00:00"), highest=datetime.fromisoformat("2026-02-28T23:00"),
)  # fmt: skip
YEAR = Column("Jahr", "Jahr", "year", distinct=10)
TOWN = Column("Stadtteil", "Stadtteil", "category", distinct=12)
KIND = Column("Art", "Art", "category", distinct=3)
MANY = Column("Straße", "Straße", "category", distinct=900)
COUNT = Column("Fahrräder", "Fahrräder", "number", distinct=500)
WARM = Column("Temperatur", "Temperatur", "number", unit="°C", distinct=90)
KEY = Column("Baumnummer", "Baumnummer", "other", distinct=900)


@pytest.mark.parametrize(
    ("name", "pg_type", "kind"),
    [
        ("Datum", "date", "time"),
        ("Zeitpunkt", "timestamp", "time"),
        ("Jahr", "int4", "year"),
        ("Haushaltsjahr", "int8", "year"),
        ("Baujahr", "int4", "other"),
        ("Einwohner", "int4", "number"),
        ("Anteil", "numeric", "number"),
        ("Baumnummer", "int4", "other"),
        ("BaumNr", "int4", "other"),
        ("lfd_nr", "int4", "other"),
        ("id", "int4", "other"),
        ("Jugendliche", "int4", "number"),
        ("Geldmittel_id", "int4", "other"),
        ("Breitengrad", "numeric", "other"),
        ("x", "numeric", "other"),
        ("Stadtteil", "text", "category"),
        ("PLZ", "text", "other"),
        ("Barrierefrei", "bool", "category"),
        ("Uhrzeit", "time", "other"),
    ],
)
def test_kind_of_a_column(name, pg_type, kind):
    assert chart.kind_of(name, pg_type) == kind


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        ([TOWN, HOUR, COUNT], 4000, ("line", "Zeit", "Fahrräder", "sum", "day")),
        ([HOUR, WARM], 1416, ("line", "Zeit", "Temperatur", "mean", "day")),
        ([YEAR, TOWN, COUNT], 120, ("line", "Jahr", "Fahrräder", "sum", None)),
        ([HOUR, TOWN], 3000, ("line", "Zeit", None, "count", "day")),
        ([TOWN, COUNT], 12, ("bars", "Stadtteil", "Fahrräder", "sum", None)),
        ([KIND, TOWN, COUNT], 12, ("bars", "Stadtteil", "Fahrräder", "sum", None)),
        ([TOWN, KIND, COUNT], 900, ("bars", "Art", "Fahrräder", "sum", None)),
        ([MANY, KIND, KEY], 900, ("bars", "Art", None, "count", None)),
    ],
    ids=[
        "a number over time",
        "a temperature is not added up",
        "years",
        "rows over time",
        "one row for each category",
        "the column that names the rows",
        "the coarsest division",
        "rows of a kind",
    ],
)
def test_a_chart_that_says_something_is_proposed(columns, rows, expected):
    made = chart.propose(columns, rows)
    y = made.y.name if made.y else None
    assert (made.kind, made.x.name, y, made.how, made.step) == expected


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([MANY, KEY], 900),
        ([COUNT], 500),
        ([Column("Titel", "Titel", "category", distinct=20)], 20),
        ([Column("Datum", "Datum", "time", distinct=1), KEY], 50),
        ([TOWN, COUNT], 1),
        ([], 0),
    ],
    ids=["keys", "a number alone", "titles", "one day", "one row", "nothing"],
)
def test_no_chart_where_it_makes_no_sense(columns, rows):
    assert chart.propose(columns, rows) is None


def test_a_person_may_choose_the_mean():
    assert chart.plan(TOWN, COUNT, "mean").how == "mean"
    assert chart.plan(TOWN, None, "mean").how == "count"


@pytest.mark.parametrize(
    ("days", "hours", "step"),
    [(2, True, "hour"), (2, False, "day"), (366, True, "day"), (3000, True, "month"),
     (30000, False, "year")],
)  # fmt: skip
def test_the_step_keeps_the_points_few(days, hours, step):
    begin = date(2000, 1, 1)
    column = Column(
        "t", "t", "time", lowest=begin, highest=begin + timedelta(days=days), hours=hours
    )
    assert chart.step_for(column) == step


@pytest.mark.parametrize(
    ("low", "high", "zero", "expected"),
    [
        (3, 97, True, [0, 25, 50, 75, 100]),
        (0, 1234567, True, [0, 500000, 1000000, 1500000]),
        (-3, 7, True, [-5, -2.5, 0, 2.5, 5, 7.5]),
        (18.2, 19.1, False, [18, 18.25, 18.5, 18.75, 19, 19.25]),
        (0, 0.04, True, [0, 0.01, 0.02, 0.03, 0.04]),
        (5, 5, False, [4, 4.5, 5, 5.5, 6]),
        (0, 0, True, [-1, -0.5, 0, 0.5, 1]),
    ],
)
def test_scale_is_round_and_holds_all_values(low, high, zero, expected):
    assert chart.ticks(low, high, zero=zero) == expected


def test_a_line_is_drawn_with_german_values():
    made = chart.plan(
        Column("Tag", "Tag", "time", lowest=date(2026, 1, 1), highest=date(2026, 1, 4)), COUNT
    )
    days = [Point(date(2026, 1, d), y) for d, y in ((1, 1000), (2, 4000), (3, 2000.5))]
    drawing = chart.draw(made, days)
    assert drawing.values == (
        ("01.01.2026", "1.000"), ("02.01.2026", "4.000"), ("03.01.2026", "2.000,5"),
    )  # fmt: skip
    assert drawing.segments == ("0.0,750.0 500.0,0.0 1000.0,499.9",)
    assert drawing.ticks[0] == (100.0, "0")
    assert drawing.ticks[-1] == (0.0, "4.000")
    assert (drawing.lowest[0], drawing.highest[0]) == ("01.01.2026", "02.01.2026")
    assert drawing.ends == ("01.01.2026", "02.01.2026", "03.01.2026")


def test_a_line_breaks_where_nothing_is_known():
    column = Column("Tag", "Tag", "time", lowest=date(2026, 1, 1), highest=date(2026, 3, 1))
    days = [Point(date(2026, 1, d), 5) for d in (1, 2, 3, 20, 21)]
    assert len(chart.draw(chart.plan(column, COUNT), days).segments) == 2


@pytest.mark.parametrize(
    ("step", "text"),
    [("hour", "02.03.2026, 14 Uhr"), ("day", "02.03.2026"), ("month", "März 2026"),
     ("year", "2026")],
)  # fmt: skip
def test_times_are_german(step, text):
    assert chart.label(datetime.fromisoformat("2026-03-02T14:00"), step) == text


def test_bars_begin_at_zero_on_both_sides():
    made = chart.plan(TOWN, WARM)
    drawing = chart.draw(made, [Point("Süd", 30, 2), Point("Nord", -10, 2)])
    assert [(b.label, b.value, b.start, b.width) for b in drawing.bars] == [
        ("Süd", "30,0\N{NO-BREAK SPACE}°C", 25.0, 75.0),
        ("Nord", "-10,0\N{NO-BREAK SPACE}°C", 0.0, 25.0),
    ]


def test_one_point_is_no_chart():
    assert chart.draw(chart.plan(TOWN, COUNT), [Point("Süd", 3)]) is None


def test_equal_values_are_drawn():
    column = Column("Jahr", "Jahr", "year", distinct=2)
    assert chart.draw(chart.plan(column, WARM), [Point(2024, 0), Point(2025, 0)]).segments
