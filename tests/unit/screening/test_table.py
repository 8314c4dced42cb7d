# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the columns of a table mean together. All people are invented."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.screening.report import NAME_LENGTH, Hit, most_telling
from ckanext.verbund.domain.screening.scan import scan_rows
from ckanext.verbund.domain.screening.wording import findings

PEOPLE = ["Sabine Musterfeld", "Mehmet Probstein", "Hans Testberger", "Katarzyna Beispiel"]
COMPLAINT = "Die Nachbarin Sabine Musterfeld hat sich schon wieder über den Lärm beschwert."
PLACES = ["Rathaus", "Stadtpark", "Bahnhof", "Schwimmbad"]


def hits(headers, rows):
    return {(h.kind, h.column): h.confidence for h in scan_rows(headers, rows).hits}


def repeat(*columns, times=5):
    """Return rows that go through the given columns again and again."""
    return [[c[i % len(c)] for c in columns] for i in range(times * max(map(len, columns)))]


BLOCKS = [
    # What must be explained: headers, columns, kind, column of the finding
    (["Name", "Strafe"], [PEOPLE, ["20", "30"]], "name", "Name"),
    (["Feld 1", "Feld 2"], [PEOPLE, ["20", "30"]], "name", "Feld 1"),
    (["Nachname", "Betrag"], [["Musterfeld", "Öztürkoğlu"], ["20"]], "name", "Nachname"),
    (["Name", "Vorname"], [["Musterfeld"], ["Sabine"]], "name", "Vorname"),
    (["Hundehalter", "Rasse"], [PEOPLE, ["Dackel"]], "name", "Hundehalter"),
    (
        ["Geburtsdatum", "Thema"],
        [["01.02.1980", "3.4.1975"], ["Bau"]],
        "birth-date",
        "Geburtsdatum",
    ),
    (["GebDat", "Thema"], [["1980-02-01"], ["Bau"]], "birth-date", "GebDat"),
    (["Name", "Geburtsjahr"], [PEOPLE, ["1980"]], "birth-date", "Geburtsjahr"),
    (
        ["Name", "Straße", "Hausnummer"],
        [PEOPLE, ["Lindenstraße"], ["1", "2a"]],
        "address",
        "Hausnummer",
    ),
    (
        ["Eigentümer", "lat", "lon"],
        [PEOPLE, ["49.441234"], ["7.761234"]],
        "home-location",
        "lat + lon",
    ),
    (
        ["Adresse", "Stromverbrauch", "Koordinaten"],
        [["Lindenweg 1"], ["900"], ["7.761234 49.441234"]],
        "home-location",
        "Koordinaten",
    ),
    (
        ["Jahr", "Leistung", "Personen"],
        [["2024"], ["Hilfe zur Pflege"], ["1", "7", "19"]],
        "small-counts",
        "Personen",
    ),
    (["Altersgruppe", "Arbeitslose"], [["18–25"], ["2", "40"]], "small-counts", "Arbeitslose"),
    (
        ["Geschlecht", "Geburtsjahr", "Ortsteil", "Diagnose"],
        [
            ["w", "m"],
            [str(y) for y in range(1950, 1990)],
            ["Nord"],
            [f"D{i}" for i in range(21)],
        ],
        "unique-rows",
        "Geschlecht + Geburtsjahr + Diagnose + Ortsteil",
    ),
    (["Bemerkung"], [[COMPLAINT]], "name", "Bemerkung"),
    (["Bemerkung"], [[COMPLAINT]], "free-text", "Bemerkung"),
    (
        ["Feld 7"],
        [["KL-AB 123", "LD-XY 9", "WND-Q 4", "KL-ZZ 800", "KL-CD 77", "LD-EF 612"]],
        "plate",
        "Feld 7",
    ),
    (["Vorgang", "Kfz-Kennzeichen"], [["1"], ["KL-AB 123"]], "plate", "Kfz-Kennzeichen"),
    (["Steuer-ID"], [["86095742719"]], "tax-id", "Steuer-ID"),
]

PASSES = [
    # What is harmless, or at most a hint
    (["Vorname", "Anzahl", "Geschlecht"], [["Sabine", "Mehmet"], ["1", "2", "40"], ["w", "m"]]),
    (
        ["Name", "Adresse", "lat", "lon"],
        [
            ["Spielplatz Nord", "Kita Anne Frank"],
            ["Lindenstraße 1"],
            ["49.441234"],
            ["7.761234"],
        ],
    ),
    (
        ["Schule", "Telefon"],
        [["Albert-Schweitzer-Schule", "Grundschule Nord"], ["0631 36512", "0631 36513"]],
    ),
    (
        ["Baumnummer", "Gattung", "Alter", "Ortsteil"],
        [["1"], ["Acer", "Tilia"], ["1", "80", "33"], ["Nord"]],
    ),
    (["name", "alter_ab", "ortsteil"], [["Spielplatz am See"], ["3", "6", "12"], PLACES]),
    (["Linie", "Fahrten"], [["R 1", "S-B 2"], ["1", "2", "30"]]),
    (["Mast", "Kennzeichen"], [["1", "2"], ["KL-A 12", "KL-A 13"]]),
    (["Feld 1"], [["KL-A 12", "KL-A 13", "KL-B 14", "KL-A 15", "KL-B 16"]]),
    (
        ["Denkmal", "Adresse"],
        [["Ludwig Uhland", "Kriegerdenkmal", "Alte Linde", "Steinkreuz"], ["Am Markt 1"]],
    ),
    (["Vorgang"], [[str(10**10 + i * 7919) for i in range(400)]]),
    (["Geburtsjahr", "Anzahl"], [["1980", "1981"], ["14", "20"]]),
    (["Datum", "Beginn"], [["01.02.2026"], ["17:00"]]),
    (["Kontakt"], [["info@example.org", "bauamt@example.org"]]),
    (["Bemerkung"], [["außer Betrieb", "nur werktags", "frei"]]),
    (["Jahr", "Ortsteil", "Einwohner"], [["2024"], PLACES, ["1200", "900"]]),
]


@pytest.mark.parametrize(("headers", "columns", "kind", "column"), BLOCKS)
def test_what_must_be_explained_is_found(headers, columns, kind, column):
    assert hits(headers, repeat(*columns)).get((kind, column)) in {"medium", "high"}


@pytest.mark.parametrize(("headers", "columns"), PASSES, ids=lambda v: str(v)[:40])
def test_what_is_harmless_contradicts_nobody(headers, columns):
    found = hits(headers, repeat(*columns))
    assert {k: c for k, c in found.items() if c != "low"} == {}


def test_every_kind_of_pass_two_and_three_has_a_case():
    of_cells = {"iban", "social-insurance", "email", "phone", "credentials"}
    of_files = {"file-properties"}
    assert {kind for *_, kind, _ in BLOCKS} == set(findings()) - of_cells - of_files


def test_counts_are_rows_not_different_values():
    (hit,) = scan_rows(["Text"], [["erika.muster@example.org"]] * 40 + [["–"]] * 60).hits
    assert (hit.rows_matched, hit.rows_scanned) == (40, 100)


def test_a_name_in_the_header_is_seen():
    found = scan_rows(["Tag", "Sabine Musterfeld"], [["Mo", "frei"]]).hits
    assert [h.kind for h in found] == ["name"]


def test_an_endless_header_is_cut_and_stays_on_one_line():
    (hit,) = [
        h
        for h in scan_rows(["E-Mail\n" + "x" * 500], [["a.muster@gmx.de"]]).hits
        if h.kind == "email"
    ]
    assert len(hit.column) == NAME_LENGTH
    assert "\n" not in hit.column


def test_columns_of_free_text_are_named_even_where_nothing_was_found_in_them():
    texts = [
        [f"Die Leuchte {i} flackert seit gestern Abend und bleibt manchmal ganz aus."]
        for i in range(9)
    ]
    assert scan_rows(["Meldung"], texts).parts[0].free_text == ("Meldung",)
    assert scan_rows(["Meldung"], texts[:1] * 9).parts[0].free_text == ()


def test_of_too_many_findings_the_surest_of_every_kind_stay():
    def hit(kind, confidence):
        return Hit(kind, "", "Spalte", 1, 1, "full", confidence)

    many = [hit("name", "high") for _ in range(50)] + [
        hit("email", "low"),
        hit("iban", "medium"),
    ]
    kept = most_telling(many, 10)
    assert len(kept) == 10
    assert {(h.kind, h.confidence) for h in kept} == {
        ("name", "high"),
        ("email", "low"),
        ("iban", "medium"),
    }


def test_a_mailbox_of_an_office_in_a_text_does_not_make_the_text_suspicious():
    text = "Die Anlage ist werktags offen, Fragen beantwortet das Amt unter info@example.org."
    assert hits(["Beschreibung"], [[text]])["free-text", "Beschreibung"] == "low"


SECRET = "Zwetschgenmus4711"


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    SECRET,
                    f"Frau {SECRET}",
                    f"{SECRET}.muster@gmx.de",
                    f"passwort={SECRET}",
                    f"{SECRET} 12, 67655 {SECRET}",
                    f"Der Nachbar {SECRET} hat am Dienstag wieder bis in die Nacht gehämmert.",
                    "1",
                    "",
                ]
            ),
            min_size=3,
            max_size=3,
        ),
        max_size=12,
    )
)
def test_no_value_ever_leaves_the_scan(rows):
    found = scan_rows(["Nachname", "Bemerkung", "Alter"], rows)
    assert SECRET not in json.dumps(
        [asdict(h) for h in found.hits] + [asdict(p) for p in found.parts]
    )
