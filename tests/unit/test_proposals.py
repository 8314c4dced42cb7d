# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form fills in from an uploaded file."""

import json
import zipfile
from pathlib import Path

import pytest

from ckanext.verbund.domain.proposals import Effort, propose, propose_apart, title_of

SAMPLES = Path(__file__).parents[1] / "samples" / "csv"
EU = "http://publications.europa.eu/resource/authority/file-type/"


def sample(name):
    return propose(SAMPLES / name, name)


def text(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return propose(path, name)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "verkehrszaehlung_fahrraeder_2026-Q1_final(2).csv",
            "Verkehrszählung Fahrräder 2026 Q1",
        ),
        ("Kopie von Haushalt 2026.xlsx", "Haushalt 2026"),
        ("haushalt_2025-2026.csv", "Haushalt 2025 bis 2026"),
        ("SpielplaetzeKaiserslautern.geojson", "Spielplätze Kaiserslautern"),
        ("baumkataster-der-stadt.csv", "Baumkataster der Stadt"),
        ("20260131_strassenbeleuchtung.csv", "Straßenbeleuchtung"),
        ("neue_steuern_aktuelle_quelle.csv", "Neue Steuern Aktuelle Quelle"),
        ("../../etc/passwd.csv", "Passwd"),
        ("Bäume & Sträucher.csv", "Bäume & Sträucher"),
        ("HUNDE.CSV", "HUNDE"),
        ("final.csv", "Final"),
    ],
)
def test_a_file_name_becomes_a_readable_title(name, title):
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "rows"),
    [
        ("dos.csv", "DOS (CP850)", "Semikolon", 3),
        ("haushalt_utf8_bom.csv", "UTF-8 mit BOM", "Semikolon", 3),
        ("nur_ascii.csv", "UTF-8", "senkrechter Strich", 2),
        ("pegel_utf16.csv", "UTF-16", "Tabulator", 2),
        ("spaet_umlaut.csv", "Windows-1252 (CP1252)", "Komma", 3001),
        ("gemischte_kodierung.csv", "gemischt (UTF-8 und CP1252)", "Semikolon", 2),
        ("nul.csv", "UTF-8", "Semikolon", 2),
    ],
)
def test_a_text_table_tells_encoding_delimiter_and_rows(name, encoding, delimiter, rows):
    found = sample(name)
    assert (found.encoding, found.delimiter, found.rows) == (encoding, delimiter, rows)
    assert found.rows_exact
    assert found.format == f"{EU}CSV"
    assert found.media_type == "text/csv"
    assert found.size == (SAMPLES / name).stat().st_size


def test_columns_carry_their_types_and_no_helper_columns():
    columns = {c.name: c.type for c in sample("verkehr_cp1252.csv").columns}
    assert columns["Datum"] == "date"
    assert columns["AGS"] == "text"
    assert columns["Anteil"] == "decimal"
    assert [c.name for c in sample("gemischt.csv").columns] == ["Jahr", "Einwohner"]


@pytest.mark.parametrize(
    ("content", "start", "end", "source"),
    [
        ("Datum;Wert\n01.02.2026;1\n3.1.26;2\n", "2026-01-03", "2026-02-01", "„Datum“"),
        ("Zeit;x\n2025-05-01 10:00;1\n2026-01-01 9:00;2\n", "2025-05-01", "2026-01-01", "Zeit"),
        ("Jahr;Wert\n2019;1\n2021;2\n2020;3\n", "2019-01-01", "2021-12-31", "„Jahr“"),
        ("Ort;2019;2020\nA;1;2\nB;3;4\n", "2019-01-01", "2020-12-31", "Überschriften"),
        ("Ort;Plan 2025;Ist 2024\nA;1;2\nB;3;4\n", "2024-01-01", "2025-12-31", "Überschriften"),
        ("von;bis;x\n01.01.2026;31.12.9999;1\n02.01.2026;05.01.2026;2\n",
         "2026-01-01", "2026-01-05", "von"),
    ],
)  # fmt: skip
def test_a_table_tells_its_period(tmp_path, content, start, end, source):
    period = text(tmp_path, "x.csv", content).period
    assert (period.start, period.end) == (start, end)
    assert source in period.source


@pytest.mark.parametrize(
    "content",
    [
        "Name;Baujahr\nA;1950\nB;1999\n",
        "Name;Geburtsdatum\nA;01.02.1950\nB;01.02.1960\n",
        "Name;Pflanzdatum;Wert\nA;01.02.1950;1\nB;01.02.1960;2\n",
        "Name;Stückzahl\nA;2019\nB;2020\n",
    ],
)
def test_dates_of_the_life_of_a_thing_are_no_period(tmp_path, content):
    assert text(tmp_path, "x.csv", content).period is None


def test_the_file_name_tells_the_period_where_the_table_does_not(tmp_path):
    period = text(tmp_path, "haushalt_2025-2026.csv", "a;b\n1;2\n").period
    assert (period.start, period.end, period.source) == (
        "2025-01-01",
        "2026-12-31",
        "Dateiname",
    )


def test_geojson_tells_system_and_extent():
    found = sample("baeume_utm32_crs.geojson")
    assert "EPSG:25832" in found.crs
    west, south, east, north = found.bbox
    assert 7.76 < west < east < 7.77
    assert 49.44 < south < north < 49.45
    assert found.format == f"{EU}GEOJSON"
    assert sample("einwohner.csv").bbox is None


def test_json_that_is_no_geojson_is_taken_without_complaint(tmp_path):
    found = text(tmp_path, "gebuehren.json", '{"gebuehren": [1, 2]}')
    assert found.refusal is None
    assert found.findings == ()
    assert found.format == f"{EU}JSON"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("leer.csv", b"", "file.empty"),
        ("daten.csv", b"\xef\xbb\xbf <!DOCTYPE html><html>Anmelden</html>", "file.page"),
        ("daten.xml", b"<?xml version='1.0'?><!-- x --><html xmlns='x'/>", "file.page"),
        ("daten.pdf", b"MZ\x90\0 This program", "file.program"),
        ("skript.txt", b"#!/bin/sh\nrm", "file.program"),
        ("setup.exe", b"irgendwas", "file.not-accepted"),
        ("seite.html", b"Hallo", "file.not-accepted"),
        ("ohneendung", b"a;b\n1;2\n", "file.not-accepted"),
        ("karte.svg", b"<svg xmlns='x'><script>alert(1)</script></svg>", "file.svg-active"),
        ("karte.svg", b"<?xml version='1.0'?><svg onload = 'x()'/>", "file.svg-active"),
        ("karte.xml", b"<svg xmlns='x' onload='x()'/>", "file.svg-active"),
        ("karte.svg", "<svg onload='x()'/>".encode("utf-16"), "file.svg-active"),
        ("mappe.xlsx", b"PK\x03\x04 abgebrochen", "file.broken-archive"),
        ("bild.png", b"\0\1\2\3" * 200, "file.other-content"),
    ],
)  # fmt: skip
def test_what_cannot_be_offered_is_refused_with_a_remedy(tmp_path, name, content, rule):
    refusal = text(tmp_path, name, content).refusal
    assert refusal.id == rule
    assert refusal.message_de
    assert refusal.remedy_de


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("karte.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"),
        ("tabelle.csv", "Titel;Text\nA;<script> kommt im Text vor\n"),
        ("plan.xml", "<?xml version='1.0'?><plan/>"),
        ("hinweis.txt", "Nur ein Satz."),
        ("bild.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
    ],
)
def test_harmless_files_are_taken(tmp_path, name, content):
    assert text(tmp_path, name, content).refusal is None


def test_a_workbook_called_csv_is_proposed_as_what_it_is(tmp_path):
    path = tmp_path / "daten.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/vbaProject.bin", b"")
    found = propose(path, path.name)
    assert found.refusal is None
    assert found.format == f"{EU}XLSX"
    assert {"file.misnamed", "file.macros"} <= {f.id for f in found.findings}


def test_a_program_in_an_archive_is_refused_and_data_are_not(tmp_path):
    for entry, refused in (("Haupt.class", True), ("stops.txt", False)):
        path = tmp_path / "fahrplan.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(entry, "x")
        assert bool(propose(path, path.name).refusal) is refused


def test_a_workbook_with_a_password_warns(tmp_path):
    content = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    found = text(tmp_path, "personal.xlsx", content)
    assert [f.id for f in found.findings] == ["file.encrypted"]
    assert found.refusal is None


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    found = propose(path, path.name, effort=Effort(workbook=1_000_000))
    assert [f.id for f in found.findings] == ["proposals.not-read"]


def test_of_a_large_table_both_ends_count(tmp_path):
    lines = [
        f"{1 + i % 28:02}.{1 + i // 1000 % 12:02}.{2000 + i // 1000};{i}" for i in range(25_000)
    ]
    path = tmp_path / "gross.csv"
    path.write_text("Datum;Wert\n" + "\n".join(lines) + "\n")
    found = propose(path, path.name, effort=Effort(whole=10_000, head=20_000, tail=5_000))
    assert found.period.start[:4] == "2000"
    assert found.period.end[:4] == "2024"
    assert not found.rows_exact
    assert found.rows == pytest.approx(25_000, abs=2)
    assert found.rows_text.startswith("etwa 2")


def test_of_a_large_map_the_first_objects_count(tmp_path):
    point = {"type": "Feature", "properties": {"n": 1},
             "geometry": {"type": "Point", "coordinates": [7.7, 49.4]}}  # fmt: skip
    path = tmp_path / "gross.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [point] * 500}))
    found = propose(path, path.name, effort=Effort(whole=1_000, head=20_000))
    assert found.rows_text.startswith("mindestens ")
    assert 10 < found.rows < 500
    assert found.findings == ()


def test_reading_apart_gives_the_same(tmp_path):
    path = SAMPLES / "verkehr_cp1252.csv"
    assert propose_apart(path, path.name) == propose(path, path.name)


def test_reading_apart_that_takes_too_long_still_names_the_file():
    found = propose_apart(SAMPLES / "spaet_umlaut.csv", "x.csv", effort=Effort(seconds=0.01))
    assert found.format == f"{EU}CSV"
    assert [f.id for f in found.findings] == ["proposals.not-read"]
