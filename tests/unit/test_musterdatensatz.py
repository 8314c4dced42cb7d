# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 (tables of texts)
"""Proposals for the Musterdatensatz: useful, explained, offline, small."""

import time

import pytest

from ckanext.verbund.domain import musterdatensatz
from ckanext.verbund.domain.musterdatensatz import OTHER, Evaluation, evaluate, named, suggest
from ckanext.verbund.domain.search import words
from stack import musterdatensatz_model


# Made up, not from the labelled datasets.
@pytest.mark.parametrize(
    ("title", "description", "code"),
    [
        ("Altglascontainer", "", "abfallentsorgung/container"),
        ("Abfuhrtermine der Restmülltonnen", "", "abfallentsorgung/abfallkalender"),
        ("Spielplatzverzeichnis", "Lage und Geräte", "freizeit/spielplatzUndSpielstaette"),
        ("Straßenbäume", "Das Baumkataster der Gemeinde", "floraUndFauna/baumbestand/baumkataster"),
        ("Am Hang, 2. Änderung", "Bebauungsplan der Ortsgemeinde", "raumplanung/bebauungsplan"),
        ("Ladesäulen für Elektroautos", "", "verkehr/kfz/elektrotankstelle"),
        ("P+R-Parkplätze", "", "verkehr/kfz/parkplatz"),
        ("Ergebnisse der Bundestagswahl", "", "politischePartizipation/wahl/bundestagswahl"),
        ("Auslaufflächen für Hunde", "Wiesen ohne Leinenpflicht", "floraUndFauna/flaeche/hundewiese"),
    ],
)  # fmt: skip
def test_what_is_meant_is_among_the_first_three(title, description, code):
    if code not in {c.code for c in words.concepts()}:
        pytest.fail(f"{code} is no entry")
    assert code in [s.concept.code for s in suggest(title, description)]


def test_a_proposal_says_which_words_led_to_it():
    first = suggest("Standorte der Altglascontainer", "Alle Container im Stadtgebiet")[0]
    assert first.concept.label() == "Abfallentsorgung - Container"
    assert first.words[0] in {"Altglascontainer", "Container"}
    assert "Alle" not in first.words


@pytest.mark.parametrize(
    ("title", "description"),
    [("", ""), ("   ", "\n"), ("123 / 456", ""), ("!", "?"), ("A", "<b></b>"), ("x" * 5000, "y " * 9000)],
)  # fmt: skip
def test_odd_texts_get_proposals_without_an_error(title, description):
    found = suggest(title, description)
    assert found
    assert len(found) <= 3


def test_where_nothing_fits_other_is_proposed_too():
    assert OTHER in [s.concept.code for s in suggest("Qzx Wvk", "")]
    assert OTHER not in [s.concept.code for s in suggest("Altglascontainer Container", "")]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Abfallentsorgung - Container", "abfallentsorgung/container"),
        ("abfallentsorgung/container", "abfallentsorgung/container"),
        ("https://musterdatenkatalog.de/def/musterdatensatz/verkehr/unfall", "verkehr/unfall"),
        # of earlier editions: listed as alias, and only alike
        ("Kultur - Kirche, Kapelle und Kloster", "kultur/religioeseEinrichtung"),
        (
            "Raumordnung, Raumplanung und Raumentwicklung - Bauleitplan",
            "raumplanung/bauleitplan",
        ),
    ],
)
def test_a_name_of_this_or_an_earlier_edition_is_understood(label, code):
    assert named(label).code == code


def test_a_name_of_nothing_is_no_entry():
    assert named("Raumfahrt - Mondlandung") is None


def test_evaluation_counts_and_names_what_it_does_not_know():
    rows = [
        {"musterdatensatz": "Abfallentsorgung - Container", "title": "Altglascontainer",
         "description": ""},
        {"musterdatensatz": "Verkehr - Unfall", "title": "Bäume", "description": "Baumkataster"},
        {"musterdatensatz": "Raumfahrt - Mondlandung", "title": "Apollo", "description": ""},
    ]  # fmt: skip
    found = evaluate(rows)
    assert (found.number, found.first, found.among_three) == (3, 1, 1)
    assert found.unknown == ("Raumfahrt - Mondlandung",)
    assert str(found) == "n=3 top1=0.333 top3=0.333"
    assert str(Evaluation(0, 0, 0)) == "n=0 top1=0.000 top3=0.000"


def test_the_table_is_small_plain_and_complete():
    table = musterdatensatz_model.TARGET
    assert table.stat().st_size < 2_000_000
    lines = [n for n in table.read_text(encoding="utf-8").splitlines() if n[0] != "#"]
    assert {line.split("\t")[0] for line in lines} == {c.code for c in words.concepts()}


def test_a_model_learns_from_labelled_datasets():
    rows = [
        {"musterdatensatz": "verkehr/unfall", "title": "Blechschaden Quengelberg", "description": ""},
        {"musterdatensatz": "sonstiges/sonstiges", "title": "Allerlei", "description": ""},
    ]  # fmt: skip
    before, after = (musterdatensatz_model.build(r) for r in ([], rows))
    assert before.ranking("Quengelberg")[0][0] != "verkehr/unfall"
    assert after.ranking("Quengelberg")[0][0] == "verkehr/unfall"


def test_proposals_take_a_few_milliseconds():
    suggest("Bäume")
    begin = time.process_time()
    for _ in range(10):
        suggest("Spielplätze und Bolzplätze", "Alle öffentlichen Spielplätze mit Geräten. " * 5)
    assert (time.process_time() - begin) / 10 < 0.1


def test_the_model_is_read_once():
    assert musterdatensatz._model() is musterdatensatz._model()
