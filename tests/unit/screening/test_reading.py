# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every sheet, member and field is looked at; what cannot be is said. All people invented."""

import io
import json
import struct
import zipfile

import pytest
import xlsxwriter

from ckanext.verbund.domain.screening import reading
from ckanext.verbund.domain.screening.limits import ScanLimits
from ckanext.verbund.domain.screening.reading import collect
from ckanext.verbund.domain.tables.records import BESIDE

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def look(tmp_path):
    def look(name, content, **limits):
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        folder = tmp_path / "members"
        folder.mkdir(exist_ok=True)
        found = collect(path, name, ScanLimits(**limits), folder)
        assert list(folder.iterdir()) == []
        return found

    return look


def told(found):
    return {(h.kind, h.part, h.column) for h in found.hits if h.contradicts}


def reasons(found):
    return {u.name: u.reason for u in found.unchecked}


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def workbook(build, **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        build(book)
    return out.getvalue()


TABLE = f"Nummer;Größe;Konto\n1;schön;{IBAN}\n2;öde;–\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "cp850", "utf-16", "utf-16-le"]
)
def test_a_table_is_read_in_every_usual_encoding(look, encoding):
    found = look("a.csv", TABLE.encode(encoding, "replace"))
    assert told(found) == {("iban", "", "Konto")}
    assert found.parts[0].rows == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like(look, end):
    found = look("a.csv", TABLE.replace("\n", end))
    assert told(found) == {("iban", "", "Konto")}


@pytest.mark.parametrize(
    "rows",
    [
        f"1;schön;–;{IBAN}\n",  # beyond the last header
        f'1;2" Rohr;{IBAN}\n',  # a stray quote
        f'1;"zwei\nZeilen";{IBAN}\n',
        f'1;"offen;{IBAN}\n',  # a quote never closed
        f"1\n{IBAN}\n",  # too short
        f"1;a\0b;{IBAN}\n",
        f"1;{IBAN}",  # no end of line
    ],
)
def test_no_cell_of_an_irregular_table_is_lost(look, rows):
    for before in ("", "3;a;b\n" * 3):
        found = look("a.csv", "Nummer;Größe;Konto\n" + before + rows)
        assert {h.kind for h in found.hits} >= {"iban"}


def test_titles_above_a_table_are_looked_at(look):
    found = look("a.csv", f"Stand 2026, Konto {IBAN}\n\nNummer;Wert;Art\n1;2;x\n2;3;y\n3;4;z\n")
    assert told(found) == {("iban", "", reading.TITLES)}


def test_a_quote_across_blocks_loses_nothing(look, monkeypatch):
    monkeypatch.setattr("ckanext.verbund.domain.tables.blocks._BLOCK", 64)
    rows = "".join(f'{i};"a\nb";x\n' for i in range(50)) + f"99;b;{IBAN}\n"
    found = look("a.csv", "Nummer;Text;Konto\n" + rows)
    assert told(found) == {("iban", "", "Konto")}
    assert found.parts[0].rows == 51


def test_hidden_sheets_comments_and_the_author_of_a_workbook_are_looked_at(look):
    def build(book):
        book.set_properties({"author": "Sabine Musterfeld"})
        open_sheet = book.add_worksheet("Offen")
        open_sheet.write_column("A1", ["Wert", 1, 2, 3])
        open_sheet.write_comment("A2", "mobil 0171 1234567")
        for name, hide in (("Versteckt", "hide"), ("Tief", "very_hidden")):
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", ["Nr", "Konto"])
            sheet.write_row("A2", ["1", IBAN])
            getattr(sheet, hide)()

    found = look("a.xlsx", workbook(build))
    assert told(found) == {
        ("iban", "Versteckt", "Konto"),
        ("iban", "Tief", "Konto"),
        ("phone", reading.COMMENTS, "Kommentar"),
        ("file-properties", reading.PROPERTIES, "Angelegt von"),
    }
    assert {p.name for p in found.parts if p.hidden} == {"Versteckt", "Tief"}


def test_comments_of_an_open_document_are_looked_at(look):
    assert told(look("a.ods", open_document("office", "table", "text"))) == {
        ("iban", reading.COMMENTS, "Kommentar")
    }


def test_a_workbook_whose_sheets_the_reader_does_not_see_is_damaged(look):
    found = look("a.ods", open_document("o", "t", "x"))
    assert reasons(found) == {"": "damaged"}
    assert found.status != "scanned"


def open_document(office, table, text):
    """Return an ODS file with a comment, written with the given prefixes."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    row = (
        f"<{table}:table-row><{table}:table-cell {office}:value-type='string'>%s"
        f"<{text}:p>%s</{text}:p></{table}:table-cell></{table}:table-row>"
    )
    note = f"<{office}:annotation><{text}:p>Konto {IBAN}</{text}:p></{office}:annotation>"
    rows = row % ("", "Art") + row % (note, "Eiche") + row % ("", "Linde")
    content = (
        f"<{office}:document-content xmlns:{office}='{names}:office:1.0' "
        f"xmlns:{table}='{names}:table:1.0' xmlns:{text}='{names}:text:1.0'>"
        f"<{office}:body><{office}:spreadsheet><{table}:table {table}:name='A'>{rows}"
        f"</{table}:table></{office}:spreadsheet></{office}:body></{office}:document-content>"
    )
    manifest = f"<m:manifest xmlns:m='{names}:manifest:1.0'/>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed(
        **{"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def test_who_commented_on_a_workbook_is_seen(look):
    data = workbook(lambda book: book.add_worksheet("A").write_column("A1", ["Wert", 1, 2]))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(
            "xl/persons/person.xml",
            "<personList><person displayName='Sabine Musterfeld'/></personList>",
        )
    found = look("a.xlsx", out.getvalue())
    assert told(found) == {("file-properties", reading.PROPERTIES, "Angelegt von")}


def test_a_program_as_author_is_no_finding(look):
    def build(book):
        book.set_properties({"author": "Fachverfahren 4"})
        book.add_worksheet("A").write_column("A1", ["Wert", 1, 2, 3])

    found = look("a.xlsx", workbook(build))
    assert found.hits == []
    assert found.status == "scanned"


def test_numbers_of_a_workbook_are_not_rounded(look):
    def build(book):
        book.add_worksheet("A").write_column("A1", ["Steuer-ID", 86095742719])

    assert told(look("a.xlsx", workbook(build))) == {("tax-id", "A", "Steuer-ID")}


def test_properties_of_geojson_and_the_places_of_people_are_looked_at(look):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [7.761234, 49.441234]},
        "properties": {
            "eigentuemer": "Sabine Musterfeld",
            "kontakt": {"email": "s.muster@gmx.de"},
        },
    }
    found = look(
        "a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature] * 4})
    )
    assert {k for k, _, _ in told(found)} == {"name", "email", "home-location"}
    assert ("email", "", "kontakt.email") in told(found)
    assert [(p.name, p.rows) for p in found.parts] == [("", 4), (BESIDE, 1)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"a": 1}, {"a": 2, "b": {"c": ["x", IBAN]}}]),
        json.dumps({"stand": "2026", "daten": {"b": [{"konto": IBAN}]}}),
        json.dumps({"konto": IBAN}),
        json.dumps([[1, 2], [3, IBAN]]),
        json.dumps({"a": 1}) + "\n" + json.dumps({"a": IBAN}) + "\n",
        json.dumps(IBAN),
    ],
)
def test_json_of_any_structure_is_looked_at(look, text):
    found = look("a.json", text)
    assert {h.kind for h in found.hits} == {"iban"}
    assert found.status == "scanned"


def test_broken_json_is_looked_at_as_text_and_called_damaged(look):
    found = look("a.json", '{"konto": "' + IBAN + '", ')
    assert {h.kind for h in found.hits} == {"iban"}
    assert reasons(found) == {"": "damaged"}
    assert found.status == "partial"


@pytest.mark.parametrize(
    "text",
    [
        f"<liste><eintrag konto='{IBAN}'/></liste>",
        f"<a><b><c>{IBAN}</c></b></a>",
        f"<a><!-- {IBAN} --><b>x</b></a>",
        f"<a><b>x</b>{IBAN}</a>",
        f"<kml><Placemark><Data name='Konto'><value>{IBAN}</value></Data></Placemark></kml>",
        f"<?xml version='1.0' encoding='iso-8859-1'?><a><b>{IBAN}</b></a>",
    ],
)
def test_xml_is_looked_at_wherever_the_text_stands(look, text):
    found = look("a.xml", text)
    assert {h.kind for h in found.hits} == {"iban"}


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a><b>z</b>&x;</a>',
        "<a></a>",
        '<!DOCTYPE a [<!ENTITY x "ha">' + "".join(
            f'<!ENTITY x{i} "{"&x%s;" % (i - 1 if i else "") * 10}">' for i in range(12)
        ) + "]><a><b>&x11;</b></a>",
        "<a>" * 5000,
        "<a><b>",
    ],
)  # fmt: skip
def test_hostile_xml_is_never_clean(look, text):
    found = look("a.xml", text)
    assert found.status != "scanned"
    assert "root:" not in str(found)


def test_members_of_archives_are_looked_at_with_their_names(look):
    inner = packed(innen__csv=TABLE)
    data = packed(**{"agency.txt": "agency_name,agency_phone\nBus,0631 36512\n",
                     "daten/konten.csv": TABLE, "innen.zip": inner, "plan.pdf": b"%PDF-1.7",
                     "bild.png": b"\x89PNG\r\n"})  # fmt: skip
    found = look("gtfs.zip", data)
    assert told(found) == {
        ("iban", "daten/konten.csv", "Konto"),
        ("iban", "innen.zip / innen.csv", "Konto"),
    }
    assert ("phone", "low") in {(h.kind, h.confidence) for h in found.hits}
    assert reasons(found) == {"plan.pdf": "document", "bild.png": "picture"}
    assert found.status == "partial"


def test_an_archive_in_an_archive_in_an_archive_has_an_end(look):
    data = packed(a__csv=TABLE)
    for _ in range(4):
        data = packed(weiter__zip=data)
    found = look("a.zip", data)
    assert list(reasons(found).values()) == ["nested"]
    assert found.status == "unscanned"


def test_a_bomb_is_not_unpacked(look):
    found = look("a.zip", packed(a__csv=b"0" * 3_000_000), unpacked_bytes=1_000_000)
    assert reasons(found) == {"a.csv": "too-large"}
    assert found.status == "unscanned"


def test_too_many_members_are_said(look):
    members = {f"{i}.csv": "a;b\n1;2\n" for i in range(6)}
    found = look("a.zip", packed(**members), members=3)
    assert len(found.parts) == 3
    assert reasons(found) == {"": "too-many"}
    assert found.status == "partial"


def test_a_member_with_a_password_is_said(look):
    data = bytearray(packed(a__csv=TABLE))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    assert reasons(look("a.zip", bytes(data))) == {"a.csv": "encrypted"}


@pytest.mark.parametrize("path", ["../../etc/cron.d/x.csv", "/etc/x.csv", "C:\\x.csv"])
def test_a_member_cannot_leave_the_folder(look, path):
    assert told(look("a.zip", packed(**{path: TABLE})))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 text", "document"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "picture"),
        (
            "a.docx",
            packed(**{"[Content_Types].xml": "", "word/document.xml": "<a/>"}),
            "document",
        ),
        ("a.gz", b"\x1f\x8b\x08\0", "archive"),
        ("a.gpkg", b"SQLite format 3\0", "database"),
        ("a.las", b"LASF" + bytes(100), "unknown"),
        ("a.zip", b"PK\x03\x04 nothing", "damaged"),
        ("a.xlsx", b"PK\x03\x04 nothing", "damaged"),
        ("a.csv", b"", "empty"),
        ("a.csv", bytes(range(256)) * 50, "unknown"),
        ("a.csv", b"x" * 2_000_000, "damaged"),
    ],
)
def test_what_cannot_be_read_is_unchecked_and_never_clean(look, name, content, reason):
    found = look(name, content)
    assert reasons(found) == {"": reason}
    assert found.status == "unscanned"


def test_a_text_is_looked_at_line_by_line(look):
    found = look("a.md", f"# Notiz\n\nHallo, wie geht es,\n\nKonto {IBAN}, danke\n")
    assert told(found) == {("iban", "", "Text")}


def test_a_large_column_of_texts_is_sampled_and_said_to_be(look):
    rows = "".join(f"{i};Messung Nummer {i} am Standort\n" for i in range(20_000))
    found = look("a.csv", "Nr;Bemerkung\n" + rows, exhaustive_bytes=1000)
    assert found.parts[0].heuristic == "sample"
    assert found.status == "partial"
    full = look("a.csv", "Nr;Bemerkung\n" + rows)
    assert (full.parts[0].heuristic, full.status) == ("full", "scanned")


def test_a_large_table_of_numbers_and_few_words_is_no_sample(look):
    rows = "".join(f"{i};{i * 7.3:.2f};Störung\n" for i in range(20_000))
    found = look("a.csv", "Nr;Wert;Zustand\n" + rows, exhaustive_bytes=1000)
    assert (found.parts[0].heuristic, found.status) == ("full", "scanned")
