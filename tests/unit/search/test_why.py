# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A result says why it was found, and nothing that is not so."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.search import why


def marked(pieces):
    return [text for text, meant in pieces if meant]


def explain(query, title="Titel", notes="Text.", tags=()):
    return why.Marker(query).explain(title, notes, [("tag", tags)])


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("Spielplatz", "Öffentliche Spielplätze", ["Spielplätze"]),
        ("spielplaetze", "Spielplatz am Markt", ["Spielplatz"]),
        ("Strasse", "Unfälle je Straße", ["Straße"]),
        ("Müll", "Müllabfuhr und Abfall", ["Müllabfuhr"]),
        ("Muell", "Müllabfuhr", ["Müllabfuhr"]),
        ("Rad Auto", "Auto, Rad, Bus", ["Auto", "Rad"]),
        ("Rad", "Rat der Stadt", []),
        ("ÖPNV", "Fahrgäste im ÖPNV", ["ÖPNV"]),
        ("wo ist der Baum", "Baum ist der", ["Baum"]),
    ],
)
def test_words_are_marked_in_any_spelling(query, title, found):
    assert marked(explain(query, title).title) == found


def test_what_the_title_says_is_not_said_again():
    assert explain("Baum", "Baumkataster", tags=["Baum"]).via == ()


def test_a_keyword_is_named():
    assert explain("Kinder", "Spielplätze", tags=["Freizeit", "Kinder"]).via == (
        ("tag", "Kinder"),
    )


def test_a_related_word_is_named():
    reason = explain("Abfalltermine", "Plan der Müllabfuhr")
    assert reason.via == (("word", "Müllabfuhr"),)
    assert marked(reason.title) == ["Müllabfuhr"]


def test_nothing_is_claimed_without_a_reason():
    reason = explain("Hallenbad", "Wahlbezirke", "Grenzen.")
    assert reason == why.Reason((("Wahlbezirke", False),), (("Grenzen.", False),), ())


def test_the_excerpt_begins_near_the_word():
    notes = "Viele andere Wörter. " * 40 + "Hier steht die Laterne am Ende."
    pieces = explain("Laterne", notes=notes).excerpt
    assert marked(pieces) == ["Laterne"]
    assert pieces[0][0].startswith("… ")
    assert sum(len(text) for text, _ in pieces) < why.EXCERPT + 10


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**fett** und [Link](https://x.example)", "fett und Link"),
        ("# Kopf\n\n- Punkt\n- Punkt", "Kopf Punkt Punkt"),
        ("<script>alert(1)</script> A &amp; B", "alert(1) A & B"),
        ("5 * 3 und a_b_c", "5 * 3 und a_b_c"),
        ("", ""),
    ],
)
def test_descriptions_become_plain(markdown, text):
    assert why.plain_text(markdown) == text


def test_unknown_words_are_told_from_known_ones():
    marker = why.Marker("Baumkatastr Stadt")
    assert marker.unknown(["Baumkataster der Stadt"])
    assert not why.Marker("Bäume Stadt").unknown(["Baum", "Stadt"])


@given(st.text(max_size=60), st.text(max_size=300))
def test_pieces_make_up_the_text(query, title):
    reason = why.Marker(query).explain(title, title, [])
    assert "".join(text for text, _ in reason.title) == title


def test_long_words_take_no_time():
    begin = time.perf_counter()
    why.Marker("x" * 60 + " a" * 30).explain("x" * 50_000, why.plain_text("<" * 50_000), [])
    assert time.perf_counter() - begin < 1


@given(
    st.text("aeousmtÄäöüÜßẞ", min_size=1, max_size=9),
    st.text("aeousmtAEOUSTÄäÖöÜüßẞ -", max_size=60),
)
def test_no_match_is_missed_by_looking_for_bare_words_first(word, text):
    for meant in why.Marker(word)._steps:
        if meant.pattern.search(text):
            assert meant.may_be_in(why._bare(text))
