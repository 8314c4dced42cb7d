# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole files: each rule has a sample that triggers it and one that must not."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ckanext.verbund.domain.tables import layout
from ckanext.verbund.domain.tables.formats import table_format
from ckanext.verbund.domain.tables.limits import Limits, TableError
from ckanext.verbund.domain.tables.opening import open_table

SAMPLES = Path(__file__).parents[2] / "samples" / "csv"


def load(path, fmt="csv", limits=None):
    with open_table(path, fmt, limits) as table:
        rows = [row for frame in table.batches() for row in frame.rows()]
    return table, rows


def sample(name):
    return load(SAMPLES / name, name.rsplit(".", 1)[1])


def rules(table):
    return {f.id.removeprefix("table.") for f in table.findings.kept}


def refused(path, fmt="csv", limits=None):
    with pytest.raises(TableError) as caught, open_table(path, fmt, limits):
        pass
    finding = caught.value.finding
    assert finding.message_de
    assert finding.severity == "error"
    return finding.id.removeprefix("table.")


def test_office_export_becomes_a_table_with_its_real_headers():
    table, rows = sample("verkehr_cp1252.csv")
    assert [(c.name, c.type) for c in table.columns] == [
        ("Zählstelle", "text"),
        ("Straße", "text"),
        ("Datum", "date"),
        ("Fahrräder", "integer"),
        ("Anteil", "decimal"),
        ("in Betrieb", "boolean"),
        ("AGS", "text"),
    ]
    assert rows[0] == ("Z1", "Königstraße", "2026-02-01", "1234", "0.30", "true", "07312000")
    assert rows[2][2:4] == ("2026-02-03", "12004")
    assert (table.rows, table.skipped) == (3, 2)
    assert {"title-lines", "sum-line", "note-line", "leading-zero"} <= rules(table)
    assert table.info["header_line"] == 3


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("verkehr_cp1252.csv", "Windows-1252 (CP1252)", ";"),
        ("haushalt_utf8_bom.csv", "UTF-8 mit BOM", ";"),
        ("pegel_utf16.csv", "UTF-16", "\t"),
        ("spaet_umlaut.csv", "Windows-1252 (CP1252)", ","),
        ("dos.csv", "DOS (CP850)", ";"),
        ("gemischte_kodierung.csv", "gemischt (UTF-8 und CP1252)", ";"),
        ("nur_ascii.csv", "UTF-8", "|"),
        ("excel_sep.csv", "UTF-8", ";"),
    ],
)
def test_encoding_and_delimiter(name, encoding, delimiter):
    table, _ = sample(name)
    assert (table.info["encoding"], table.info["delimiter"]) == (encoding, delimiter)
    assert not any("\ufffd" in c.name for c in table.columns)


def test_umlaut_after_three_thousand_plain_lines_is_read():
    _, rows = sample("spaet_umlaut.csv")
    assert rows[-1] == ("Grünstadt", "7")


def test_quoted_fields_keep_delimiter_and_line_break():
    table, rows = sample("haushalt_utf8_bom.csv")
    assert rows[0] == ("11.1", "Verwaltung; Zentrale Dienste", "1234567.89", "12.5")
    assert rows[1][1] == "Ordnung\r\nund Sicherheit"
    assert [c.unit for c in table.columns] == ["", "", "€", "%"]


def test_wrong_number_of_fields_is_reported_with_its_line():
    table, rows = sample("zeilen_kaputt.csv")
    by_rule = {f.id: f for f in table.findings.kept}
    assert by_rule["table.too-many-fields"].line == 3
    assert "zu viel" in by_rule["table.too-many-fields"].value_excerpt
    assert by_rule["table.too-few-fields"].line == 4
    assert (len(rows), table.skipped) == (3, 1)
    assert rows[2] == ("4", "Kita Mond", "Süd")  # empty surplus fields are no fault


def test_open_quote_does_not_swallow_the_file():
    table, rows = sample("offenes_zeichen.csv")
    assert len(rows) == 99
    assert "open-quote" in rules(table)


def test_cells_of_several_lines_above_an_open_quote_stay_whole(tmp_path):
    path = tmp_path / "t.csv"
    below = "".join(f"{i};Baum {i}\n" for i in range(3, 90))
    path.write_text(f'Nr;Text\n1;"zwei\nZeilen"\n2;"offen\n{below}', encoding="utf-8")
    table, rows = load(path)
    assert len(rows) == 89
    assert rows[0][-1] == "zwei\nZeilen"
    assert next(f for f in table.findings.kept if f.id == "table.open-quote").line == 4


def test_headers_change_only_where_they_must():
    table, _ = sample("kopf_doppelt.csv")
    names = [c.name for c in table.columns]
    assert names[:5] == ["Wert", "Wert (2)", "Spalte 3", "id", "Größe m²"]
    assert len(names[5].encode()) <= 63
    assert table.columns[5].header.endswith("im Stadtgebiet")
    assert {"header-duplicate", "header-empty", "header-long", "header-character"} <= rules(
        table
    )
    assert not any(r.startswith("header") for r in rules(sample("verkehr_cp1252.csv")[0]))


def test_values_that_do_not_fit_are_kept_beside_the_number():
    table, rows = sample("gemischt.csv")
    assert [c.name for c in table.columns] == ["Jahr", "Einwohner", "Einwohner (Originaltext)"]
    assert rows[-1] == ("2100", None, "ca. 500")
    assert rows[0] == ("1800", "1000", None)
    misfit = next(f for f in table.findings.kept if f.id == "table.value-misfit")
    assert (misfit.line, misfit.property, misfit.value_excerpt) == (301, "Einwohner", "ca. 500")


def test_many_values_that_do_not_fit_leave_the_column_text():
    table, rows = sample("viele_luecken.csv")
    assert table.columns[1].type == "text"
    assert [r[1] for r in rows] == ["12", "ca. 5", "-", "keine", "3", "7"]
    assert [f.line for f in table.findings.kept if f.id == "table.value-misfit"] == [3, 5]


def test_header_or_none():
    assert "no-header" in rules(sample("ohne_kopf.csv")[0])
    head = layout.find_header([["12:30", "Anteil"], ["1", "2"], ["3", "4"]])
    assert head.cells == ("12:30", "Anteil")
    table, rows = sample("jahre_als_kopf.csv")
    assert [c.name for c in table.columns] == ["Stadtteil", "2019", "2020"]
    assert len(rows) == 2
    assert sample("einspaltig.csv")[1] == [("Hauptstraße",), ("Mühlgasse",)]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("mojibake.csv", "mojibake"),
        ("nul.csv", "nul"),
        ("gemischte_kodierung.csv", "mixed-encoding"),
        ("platzhalter.csv", "placeholder"),
        ("einwohner.csv", "ambiguous-thousands"),
        ("koordinaten.csv", "ambiguous-decimal"),
    ],
)
def test_oddities_are_reported_here_and_not_elsewhere(name, rule):
    assert rule in rules(sample(name)[0])
    assert rule not in rules(sample("nur_ascii.csv")[0])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("keine_tabelle.csv", "binary"),
        ("seite.csv", "binary"),
        ("kein_geo.geojson", "not-geojson"),
        ("abgebrochen.geojson", "not-json"),
    ],
)
def test_what_is_no_table_is_refused_in_german(name, rule):
    assert refused(SAMPLES / name, name.rsplit(".", 1)[1]) == rule


def write(tmp_path, content, name="f.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"Name;Wert\n", "empty"),
        (b"\n\n\n", "empty"),
        (b"a;b\n" + b"x" * 2_000_000, "endless-line"),
        (
            b";".join(b"s%d" % i for i in range(2000)) + b"\n" + b"1;" * 1999 + b"1\n",
            "too-many-columns",
        ),
        (b"a;b\n" + b"1;2\n" * 2000, "too-many-rows"),
        (b"a;b\n" + b"1;2\n" * 30000, "too-large"),
    ],
    ids=["nothing", "header only", "blank", "endless line", "columns", "rows", "size"],
)
def test_hostile_files_are_refused(tmp_path, content, rule):
    size = 100_000 if rule == "too-large" else 10_000_000
    limits = Limits(max_rows=1000, max_bytes=size)
    assert refused(write(tmp_path, content), "csv", limits) == rule


def test_zip_bomb_is_refused_whatever_it_claims(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    bomb = bytearray(buffer.getvalue())
    limits = Limits(max_sheet_bytes=1_000_000)
    assert (
        refused(write(tmp_path, bytes(bomb), "b.xlsx"), "xlsx", limits) == "workbook-too-large"
    )
    central = bomb.rfind(b"PK\x01\x02")
    bomb[central + 24 : central + 28] = (1000).to_bytes(4, "little")  # the lie
    path = write(tmp_path, bytes(bomb), "l.xlsx")
    assert refused(path, "xlsx", limits) == "workbook-too-large"


def test_damaged_workbook_is_refused(tmp_path):
    assert refused(write(tmp_path, b"PK\x03\x04 nothing", "d.xlsx"), "xlsx") == "unreadable"


def xlsx(path, sheets):
    """Write the least a workbook needs: inline strings and numbers."""

    def cell(value):
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>" if value is not None else "<c/>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{space}"><Relationship Id="r1" Type="{rel}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        entries = "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>'
            for i, name in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{entries}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{i}" Type="{rel}/worksheet" Target="worksheets/s{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{space}">{links}</Relationships>',
        )
        for i, rows in enumerate(sheets.values(), 1):
            body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/s{i}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )
    return path


DATA = [["Straße", "Wert"], ["Mühlgasse", 0.5], ["Hauptstraße", 1234]]


def test_first_sheet_with_a_table_counts_and_others_are_named(tmp_path):
    sheets = {
        "Deckblatt": [["Bericht"]],
        "Daten": DATA,
        "Legende": [["Kürzel", "Sinn"], ["a", "b"]],
    }
    table, rows = load(xlsx(tmp_path / "m.xlsx", sheets), "xlsx")
    assert rows == [("Mühlgasse", "0.5"), ("Hauptstraße", "1234")]
    assert table.info["sheet"] == "Daten"
    left = [f.subject for f in table.findings.kept if f.id == "table.sheet-left-out"]
    assert left == ["Tabellenblatt Legende"]


def test_sheets_with_the_same_columns_are_one_table(tmp_path):
    sheets = {"2024": [["Titel"], [], *DATA], "2025": DATA}
    table, rows = load(xlsx(tmp_path / "j.xlsx", sheets), "xlsx")
    assert [c.name for c in table.columns] == ["Tabellenblatt", "Straße", "Wert"]
    assert [r[0] for r in rows] == ["2024", "2024", "2025", "2025"]
    assert "sheets-joined" in rules(table)


def test_workbook_named_csv_is_still_a_workbook(tmp_path):
    table, rows = load(xlsx(tmp_path / "w.csv", {"A": DATA}), "csv")
    assert len(rows) == 2
    assert "misnamed" in rules(table)


def test_batches_agree_with_one_batch(tmp_path, monkeypatch):
    lines = b"".join(b"%d;%d,5;Stra\xdfe %d\n" % (i, i, i) for i in range(2000))
    path = write(tmp_path, b"a;b;c\n" + lines)
    _, whole = load(path)
    monkeypatch.setattr("ckanext.verbund.domain.tables.table._CELLS_PER_BATCH", 600)
    _, parts = load(path)
    assert parts == whole
    assert len(parts) == 2000


def test_findings_are_bounded_and_counted(tmp_path):
    path = write(tmp_path, b"a;b\n" + b"1;2\n" * 100 + b"1;2;3\n" * 500 + b"1;2\n" * 9)
    table, _ = load(path, "csv", replace(Limits(), max_findings=10))
    assert len(table.findings.kept) == 10
    assert table.skipped == 500
    assert table.findings.counts["error"] == 500


@pytest.mark.parametrize(
    ("declared", "url", "expected"),
    [
        ("CSV", "", "csv"),
        ("", "https://a.de/x.XLSX?v=1", "xlsx"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", "", "csv"),
        ("text/csv", "", "csv"),
        ("GeoJSON", "", "geojson"),
        ("PDF", "x.csv", None),
        ("", "bild.png", None),
        ("", "", None),
    ],
)
def test_format(declared, url, expected):
    assert table_format(declared, url) == expected


def test_sum_line_stays_if_sums_are_data():
    rows = [(1, ["Nord", "1"]), (2, ["Gesamt", "3"])]
    assert len(layout.split_tail(rows, 2, known_sums=True)[0]) == 2
    assert len(layout.split_tail(rows, 2, known_sums=False)[0]) == 1
