# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures: what counts as better, what is written, what is refused."""

import csv
import json
from pathlib import Path

import pytest

from bench import dcat, harvest, pages, screening, tables
from bench.__main__ import machine, main, wanted
from bench.cluster import BenchError
from bench.results import Result, table, write

KEYS = "id size unit better stock ours ratio ratio_min ratio_max"


def faster() -> Result:
    return Result("harvest-first", 100, "ms", "lower", [100.0, 90.0, 120.0], [50, 30, 120])


def test_less_time_is_a_ratio_above_one():
    entry = faster().entry()
    assert (entry["ratio_min"], entry["ratio"], entry["ratio_max"]) == (1, 2, 3)


def test_more_requests_are_a_ratio_above_one():
    entry = Result("search-page", 8, "1/s", "higher", [30, 20], [60, 20]).entry()
    assert (entry["ratio_min"], entry["ratio"], entry["ratio_max"]) == (1, 1.5, 2)


def test_an_entry_has_the_agreed_keys():
    entry = faster().entry()
    assert list(entry) == KEYS.split()
    assert entry["stock"] == {"min": 90, "median": 100, "max": 120}


def test_what_stock_cannot_do_has_no_ratio():
    entry = Result("sparql", 1, "ms", "lower", [], [5.0]).entry()
    assert entry["stock"] is None
    assert entry["ratio"] is None


def test_no_growth_of_memory_is_no_division_by_zero():
    assert Result("rss", 1, "MB", "lower", [10.0], [0.0]).ratios == [100]


def test_results_are_a_list_and_the_machine_is_told_beside(tmp_path: Path):
    result = faster()
    result.detail["note"] = "x"
    write([result], {"cores": 2}, tmp_path)
    assert json.loads((tmp_path / "bench.json").read_text()) == [result.entry()]
    meta = json.loads((tmp_path / "bench-meta.json").read_text())
    assert meta["cores"] == 2
    assert meta["runs"]["harvest-first"]["note"] == "x"
    assert meta["runs"]["harvest-first"]["stock"] == [100, 90, 120]


def test_the_table_is_markdown():
    lines = table([faster(), Result("x", 10000, "1/s", "higher", [1.25], [2.5])]).splitlines()
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1
    assert "2,00 (1,00–3,00)" in lines[2]
    assert "10.000" in lines[3]
    assert "↑" in lines[3]


def test_the_machine_is_described():
    meta = machine()
    assert meta["cores"] >= 1
    assert meta["packages"]["ckan"]


# -- selection ------------------------------------------------------------------


def test_everything_is_the_default():
    assert wanted(None) == [set(one.IDS) for one in (harvest, pages, tables, screening, dcat)]


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("harvest-first", {"harvest-first"}),
        ("load-csv", {"load-csv", "load-csv-rss"}),
        ("load-csv-rss", {"load-csv-rss"}),
        ("search-page", {i for i in pages.IDS if i.startswith("search-page")}),
        ("catalog-page,rss-harvest", {"catalog-page", "catalog-page-ttl", "rss-harvest"}),
    ],
)
def test_some_of_them(only: str, found: set[str]):
    assert set().union(*wanted(only)) == found


def test_an_unknown_name_is_refused_before_anything_starts(capsys: pytest.CaptureFixture):
    assert main(["--only", "harvest-second"]) == 1
    assert "harvest-first" in capsys.readouterr().err
    with pytest.raises(BenchError, match="Es gibt"):
        wanted("x")


# -- table ----------------------------------------------------------------------


def test_the_csv_file_is_what_towns_have(tmp_path: Path):
    path = tables.write_csv(tmp_path / "t.csv", 200)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert len(rows) == 200
    assert {len(row) for row in [header, *rows]} == {tables.COLUMNS}
    assert rows[1][2] == "02.01.2015"
    assert "," in rows[1][7]


def test_the_csv_file_is_the_same_each_time(tmp_path: Path):
    first, second = (tables.write_csv(tmp_path / n, 50).read_bytes() for n in "ab")
    assert first == second
