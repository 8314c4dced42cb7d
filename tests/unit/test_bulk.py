# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A table of datasets: its columns, and what a row means."""

from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain import bulk
from ckanext.verbund.domain.spreadsheet import harmless, to_csv

SCHEMA = yaml.safe_load(
    (Path(__file__).parents[2] / "schemas" / "dataset.yaml").read_text(encoding="utf-8")
)
KEY = "Kennung (eigener Schlüssel)"


def table(folder, text, name="tabelle.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return bulk.read(path, name, SCHEMA, most=5)


def test_the_template_is_what_excel_opens_as_a_table():
    text = bulk.template(SCHEMA)
    assert text.startswith(b"\xef\xbb\xbf" + f"{KEY};Titel;Beschreibung;".encode())
    labels = [c.label for c in bulk.columns(SCHEMA)]
    assert len(labels) == len(set(labels))
    assert {c.path for c in bulk.columns(SCHEMA)} >= {"theme", "contact.email", "resource.url"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_whatever_excel_makes_of_it_is_read(tmp_path, encoding, delimiter):
    text = f"{KEY};Titel;Themen\r\nM-1;Müll;Umwelt\r\nM-2;Bäume;Verkehr\r\n"
    sheet = table(tmp_path, text.replace(";", delimiter), encoding=encoding)
    assert [row.values["title"] for row in sheet.rows] == ["Müll", "Bäume"]
    assert all(row.is_good for row in sheet.rows)
    assert sheet.rows[0].line == 2


def test_a_row_becomes_a_dataset(tmp_path):
    sheet = table(
        tmp_path,
        f"{KEY};Titel;Schlagwörter;Themen;Kontakt: E-Mail;Zeitraum: Beginn;Zeitraum: Ende;"
        "Datei: Adresse\n"
        "M-1;Müll;Abfall, Tonne;Umwelt|Verkehr;a@stadt.example;1.2.2026;2026-12-31;"
        "https://stadt.example/m.csv\n",
    )
    (row,) = sheet.rows
    assert row.findings == []
    assert row.values["tags"] == [{"name": "Abfall"}, {"name": "Tonne"}]
    assert len(row.values["theme"]) == 2
    assert row.values["contact"] == [{"email": "a@stadt.example"}]
    assert row.values["temporal_coverage"] == [{"start": "2026-02-01", "end": "2026-12-31"}]
    assert row.values["resources"] == [{"url": "https://stadt.example/m.csv"}]


@pytest.mark.parametrize(
    ("head", "cells", "rule"),
    [
        ("Themen", "Umweld", "bulk.not-in-list"),
        ("Zeitraum: Beginn", "31.2.2026", "bulk.date"),
        ("Zeitraum: Beginn;Zeitraum: Ende", "2.2.2026;1.2.2026", "bulk.period-swapped"),
        ("Datei: Titel", "Nur ein Titel", "bulk.file-without-address"),
    ],
)
def test_a_wrong_cell_names_field_reason_and_remedy(tmp_path, head, cells, rule):
    (row,) = table(tmp_path, f"{KEY};Titel;{head}\nM-1;Müll;{cells}\n").rows
    (finding,) = row.findings
    assert finding.id == rule
    assert finding.property
    assert finding.message_de
    assert finding.remedy_de
    assert not row.is_good


def test_keys_are_there_and_different(tmp_path):
    rows = table(tmp_path, f"{KEY};Titel\nM-1;A\n;B\nM-1;C\nM-2;D\n").rows
    assert [[f.id for f in row.findings] for row in rows] == [
        [],
        ["bulk.lacking"],
        ["bulk.key-twice"],
        [],
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a;b\n1;2\n", "bulk.no-header"),
        (f"{KEY};Beschreibung\n1;2\n", "bulk.column-missing"),
        (f"{KEY};Titel;Titel\n1;2;3\n", "bulk.column-twice"),
        (f"{KEY};Titel\n", "bulk.no-rows"),
        (f"{KEY};Titel\n" + "".join(f"{n};x\n" for n in range(6)), "bulk.too-many"),
        ("", "table.empty"),
    ],
)
def test_a_table_of_no_use_is_refused(tmp_path, text, rule):
    assert table(tmp_path, text).refusal.id == rule


def test_an_unknown_column_is_passed_over_with_a_word(tmp_path):
    sheet = table(tmp_path, f"{KEY};Titel;Notiz\nM-1;A;x\n")
    assert [f.id for f in sheet.findings] == ["bulk.unknown-columns"]
    assert sheet.refusal is None


def test_the_same_row_has_the_same_mark_and_another_has_not(tmp_path):
    one, two = table(tmp_path, f"{KEY};Titel\nM-1;A\nM-2;A\n").rows
    again = table(tmp_path, f"{KEY};Titel\nM-1;A\n", encoding="cp1252").rows[0]
    assert one.digest == again.digest
    assert one.digest != two.digest


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@a", "\tb"])
def test_a_formula_in_a_report_is_only_a_text(text):
    assert harmless(text) == f"'{text}"
    assert harmless("Müll") == "Müll"
    assert f"'{text}".encode() in to_csv(["a"], [[text]])
