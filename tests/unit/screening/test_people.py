# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pass 2: what a cell looks like. All people are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.screening.people import Sign, first_names, signs

SHOWS = [
    (Sign.FULL_NAME, "Sabine Musterfeld"),
    (Sign.FULL_NAME, "Musterfeld, Sabine"),
    (Sign.FULL_NAME, "Dr. Hans-Peter von Beispiel"),
    (Sign.FULL_NAME, "Mehmet Öztürkoğlu"),
    (Sign.FULL_NAME, "Sabine Musterbach"),
    (Sign.FULL_NAME, "Hans Testberg"),
    (Sign.ADDRESSED, "Frau Probstein bittet um Rückruf."),
    (Sign.ADDRESSED, "laut Hr. Dr. Probstein"),
    (Sign.ADDRESSED, "Familie Testberger, 3. Stock"),
    (Sign.NAME_INSIDE, "Die Leuchte meldete Sabine Musterfeld gestern Abend."),
    (Sign.NAME_INSIDE, "S. Musterfeld meldet Lärm"),
    (Sign.NAME_INSIDE, "hr musterfeld war wieder da"),
    (Sign.FIRST_NAME, "Sabine"),
    (Sign.WORDS, "Musterfeld"),
    (Sign.ADDRESS, "Lindenstraße 12a"),
    (Sign.ADDRESS, "wohnt Am Gänsberg 7"),
    (Sign.ADDRESS, "Alte Landstr. 112"),
    (Sign.SENTENCE, "Der Nachbar hat am Dienstag wieder bis in die Nacht gehämmert."),
]
HIDES = [
    (Sign.FULL_NAME, "Sabine Musterfeld Schule"),
    (Sign.FULL_NAME, "Martin Luther Kirche"),
    (Sign.FULL_NAME, "Anna Hof"),
    (Sign.FULL_NAME, "Acer Platanoides"),
    (Sign.FULL_NAME, "Neustadt Nord"),
    (Sign.ADDRESSED, "Fraunhofer Institut"),
    (Sign.ADDRESSED, "Herr im Haus"),
    (Sign.NAME_INSIDE, "Kita Anne Frank"),
    (Sign.NAME_INSIDE, "Haltestelle Konrad-Adenauer-Platz"),
    (Sign.NAME_INSIDE, "Rosa Sommerflieder am Weg"),
    (Sign.NAME_INSIDE, "Treffpunkt Heinrich Heine Denkmal"),
    (Sign.NAME_INSIDE, "August Einnahmen"),
    (Sign.FIRST_NAME, "Linde"),
    (Sign.WORDS, "KL-A 12"),
    (Sign.WORDS, "Rathausplatz"),
    (Sign.ADDRESS, "Im Mai 2026"),
    (Sign.ADDRESS, "Lindenstraße"),
    (Sign.ADDRESS, "In der Woche 12,5 %"),
    (Sign.SENTENCE, "Kita Löwenzahn, Träger kirchlich"),
    (Sign.SENTENCE, "Hauptbahnhof Nord West Süd Ost Rathausplatz Messe Stadion"),
]


@pytest.mark.parametrize(("sign", "cell"), SHOWS)
def test_a_cell_shows_what_it_holds(sign, cell):
    assert sign in signs(cell)


@pytest.mark.parametrize(("sign", "cell"), HIDES)
def test_a_cell_does_not_show_what_it_does_not_hold(sign, cell):
    assert sign not in signs(cell)


def test_a_name_far_down_in_a_long_text_is_seen():
    assert Sign.ADDRESSED in signs(
        "Alles ist in Ordnung hier. " * 2000 + "Frau Probstein ruft an."
    )


def test_the_list_of_first_names_is_the_statistic_and_nothing_else():
    names = first_names()
    assert {"sabine", "mehmet", "hans"} <= names
    assert not {"april", "linde", "berlin"} & names
    assert len(names) > 5000
    assert all(" " not in name for name in names)


@given(st.text(max_size=500))
def test_no_text_makes_it_fail(cell):
    assert isinstance(signs(cell), Sign)


@pytest.mark.parametrize("piece", ["Aa-", "Aa ", "aaa ", "Am ", "A. ", "von ", "x"])
def test_a_long_cell_is_looked_at_in_linear_time(piece):
    assert isinstance(signs("Sabine " + piece * (100_000 // len(piece))), Sign)
