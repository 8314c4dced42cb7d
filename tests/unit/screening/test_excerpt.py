# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows that a finding is about: for the eyes of those who judge it."""

import zipfile

import pytest
import xlsxwriter

from ckanext.verbund.domain.screening.excerpt import MOST_ROWS
from ckanext.verbund.domain.screening.limits import ScanLimits
from ckanext.verbund.domain.screening.report import Hit
from ckanext.verbund.domain.screening.scan import excerpts, scan_file

IBAN = "DE89370400440532013000"


@pytest.fixture
def show(tmp_path):
    """Screen a file, and show the rows of its finding of a kind, or its first rows."""

    def look(content, kind="", name="a.csv"):
        path = tmp_path / name
        if content:
            path.write_text(content, encoding="utf-8")
        end = name.rsplit(".", 1)[1]
        hits = [hit for hit in scan_file(path, end).hits if hit.kind == kind]
        found, reason = excerpts(path, end, hits[0] if kind else None)
        assert bool(found) != bool(reason)
        return found

    return look


ROWS = {
    "iban": (f"Ort;Konto\nTor;ohne\nBach;{IBAN}\n", [2], [1]),
    "email": ("Ort;Post\nTor;–\nBach;erika.muster@gmx.de\n", [2], [1]),
    "name": ("Ort;Wer\n" + "Tor;–\n" * 2 + "Bach;Erika Muster\n", [3], [1]),
    "birth-date": ("Nr;Geburtsdatum\n1;\n2;01.02.1980\n", [2], [1]),
    "small-counts": ("Ortsteil;Geschlecht;Anzahl\nA;w;7\nB;w;1\n", [2], [2]),
    "unique-rows": ("Geschlecht;Jahrgang\n" + "w;1980\n" * 3 + "m;1979\n", [4], [0, 1]),
}


@pytest.mark.parametrize("kind", ROWS)
def test_the_rows_of_a_finding_are_shown_and_no_others(show, kind):
    content, numbers, marked = ROWS[kind]
    [found] = show(content, kind)
    assert (found["numbers"], found["marked"]) == (numbers, marked)


def test_where_the_header_alone_told_the_filled_cells_are_shown(show):
    [found] = show("Nr;Nachname\n1;\n2;Zzyzx\n", "name")
    assert found["rows"] == [["2", "Zzyzx"]]


def test_the_first_rows_of_each_sheet_are_shown(show, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        rows = [("Ort", "Zahl"), *(("Tor", number) for number in range(50))]
        for sheet, table in (("Eins", rows), ("Zwei", [("Platz", "Art"), ("Bach", "Wippe")])):
            made = book.add_worksheet(sheet)
            for number, row in enumerate(table):
                made.write_row(number, 0, row)
    first, other = show(None, name="b.xlsx")
    assert (first["total"], len(first["rows"])) == (50, MOST_ROWS)
    assert (other["part"], other["columns"]) == ("Zwei", ["Platz", "Art"])


def test_a_finding_in_a_member_of_an_archive_is_found_again(show, tmp_path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("gut.csv", "Ort;Konto\nTor;ohne\n")
        archive.writestr("schlecht.csv", f"Ort;Konto\nBach;{IBAN}\n")
    [found] = show(None, "iban", "c.zip")
    assert (found["part"], found["rows"]) == ("schlecht.csv", [["Bach", IBAN]])


def test_what_cannot_be_read_or_is_too_large_gives_a_reason(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nichts")
    hit = Hit("iban", "", "Konto", 1, 1, "full", "high")
    assert excerpts(path, "pdf", hit) == ([], "unchecked")
    assert excerpts(path, "pdf", None, ScanLimits(max_bytes=3)) == ([], "too-large")
