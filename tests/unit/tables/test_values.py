# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values as people in offices write them, and the types columns get from them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.verbund.domain.tables.cast import cast
from ckanext.verbund.domain.tables.values import (
    CLASSES,
    Profile,
    decide,
    file_reading,
    matches,
)

BELONGS = {
    "small": ["0", "1", "-5", "−3", "999"],
    "int": ["1000", "+4711", "2026", "123456789012345678"],
    "leading_zero": ["07312000", "00", "0631"],
    "thousand": ["1.234", "-12.000"],
    "thousands": ["1.234.567"],
    "comma": ["0,30", "1.234,56", "-3,5", "12345,6"],
    "dot": ["12.5", "0.123", "49.44321", "1234.567", "1.5e3"],
    "percent": ["12 %", "3,5%"],
    "euro": ["1.234,56 €", "3 EUR"],
    "date": ["01.02.2026", "1.2.26", "1. 2. 2026", "2026-02-01"],
    "timestamp": ["01.02.2026 14:30", "2026-02-01T14:30:00", "1.2.2026, 14:30 Uhr"],
    "timestamptz": ["2026-02-01T14:30:00Z", "2026-02-01 14:30+01:00"],
    "time": ["14:30", "14:30 Uhr", "14.30 Uhr", "9:05:10"],
    "bool": ["ja", "NEIN", "wahr"],
    "missing": ["-", "k.A.", "k. A.", "#NV", "."],
}
NOTHING = ["abc", "1.2.3", "24:30", "13:60", "32.01.2026", "01.13.2026", "1,2,3", "1.23.456,7"]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BELONGS.items() for value in values]
)
def test_value_belongs_to_exactly_one_class(name, value):
    assert [c for c in CLASSES if matches(pl.Series([value]), [c])[0]] == [name]


@pytest.mark.parametrize("value", NOTHING)
def test_other_values_belong_to_none(value):
    assert not any(matches(pl.Series([value]), [c])[0] for c in CLASSES)


@given(st.text(max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_text_belongs_to_two_classes(value):
    assert sum(matches(pl.Series([value]), [c])[0] for c in CLASSES) <= 1


def column(values, header="Wert", reads="de", bad=1.0):
    profile = Profile()
    profile.add(pl.Series(values, dtype=pl.String))
    decision = decide(profile, header, reads, bad)
    frame = pl.DataFrame({"c": pl.Series(values, dtype=pl.String)})
    return decision, frame.select(cast("c", decision)).to_series().to_list()


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["1", "-2", "+3"], "integer", ["1", "-2", "3"]),
        (["1.234,56", "0,30", "7"], "decimal", ["1234.56", "0.30", "7"]),
        (["593", "1.828"], "integer", ["593", "1828"]),
        (["1.234.567", "−2.000"], "integer", ["1234567", "-2000"]),
        (["12.5", "7.25"], "decimal", ["12.5", "7.25"]),
        (["12.5", "1.234"], "decimal", ["12.5", "1.234"]),
        (["12,5 %", "3 %"], "decimal", ["12.5", "3"]),
        (["1.200,00 €", "-3 €"], "decimal", ["1200.00", "-3"]),
        (
            ["01.02.2026", "1.2.26", "3.4.85"],
            "date",
            ["2026-02-01", "2026-02-01", "1985-04-03"],
        ),
        (
            ["01.02.2026 14:30", "1.2.26, 9.05 Uhr", "2026-02-01T08:00:01", "03.02.2026"],
            "timestamp",
            ["2026-02-01 14:30", "2026-02-01 9:05", "2026-02-01 08:00:01", "2026-02-03"],
        ),
        (
            ["2026-02-01T14:30:00Z", "2026-02-01 14:30:00+01:00"],
            "timestamptz",
            ["2026-02-01 14:30:00Z", "2026-02-01 14:30:00+01:00"],
        ),
        (["14:30 Uhr", "9.05 Uhr", "08:15"], "time", ["14:30", "9:05", "08:15"]),
        (["ja", "Nein"], "boolean", ["true", "false"]),
        (["07312000", "11000000"], "text", ["07312000", "11000000"]),
        (["a", "b"], "text", ["a", "b"]),
        (["x", "-"], "text", ["x", "-"]),
        (["12 %", "3 €"], "text", ["12 %", "3 €"]),
        (["31.02.2026", "30.02.2026"], "text", ["31.02.2026", "30.02.2026"]),
    ],
    ids=lambda v: str(v)[:30],
)
def test_column_gets_type_and_values(values, kind, expected):
    decision, got = column(values)
    assert decision.type == kind
    assert got == expected


@pytest.mark.parametrize(
    ("values", "header", "reads", "kind", "note"),
    [
        (["49.443", "12.501"], "Einwohner", "de", "integer", "ambiguous-thousands"),
        (["49.443", "7.768"], "lat", "de", "decimal", "ambiguous-decimal"),
        (["49.443", "7.768"], "Wert", "en", "decimal", "ambiguous-decimal"),
        (["49.44", "7.7"], "Wert", "de", "decimal", "dot-decimal"),
        (["67655", "67659"], "PLZ", "de", "text", "code-header"),
        (["67655", "67659"], "Anzahl", "de", "integer", None),
        (["07655", "67659"], "Anzahl", "de", "text", "leading-zero"),
        (["1.2.26"], "Tag", "de", "date", "short-year"),
        (["1.2.2026"], "Tag", "de", "date", None),
    ],
)
def test_doubt_is_said(values, header, reads, kind, note):
    decision, _ = column(values, header, reads)
    assert decision.type == kind
    assert decision.notes == ((note,) if note else ())


def test_few_misfits_keep_the_type_and_many_make_text():
    few, _ = column([str(i + 1) for i in range(199)] + ["ca. 5"])
    many, _ = column([str(i + 1) for i in range(50)] + ["ca. 5"])
    assert (few.type, few.misfits) == ("integer", 1)
    assert (many.type, many.nearly, many.misfits) == ("text", "integer", 1)


def test_placeholders_are_no_misfits():
    decision, values = column(["1", "-", "k. A."])
    assert (decision.type, decision.misfits, decision.missing) == ("integer", 0, 2)
    assert values == ["1", None, None]


def test_file_reads_english_only_where_columns_say_so():
    english, german, silent = Profile(), Profile(), Profile()
    english.add(pl.Series(["1.5"]))
    german.add(pl.Series(["1,5"]))
    silent.add(pl.Series(["1.500"]))
    assert file_reading([english, silent]) == "en"
    assert file_reading([english, german]) == "de"
    assert file_reading([silent]) == "de"
