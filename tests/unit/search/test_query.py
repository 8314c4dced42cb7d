# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person wrote becomes a query; what an expert wrote stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.search import query, words


@pytest.mark.parametrize(
    "text",
    ["Spielplatz", "Müllabfuhr Termine", "Wo kann ich parken?", "Kita-Plätze 2026", "öpnv",
     "https://stadt.example/daten"],
)  # fmt: skip
def test_words_are_plain(text):
    assert query.is_plain(text)


@pytest.mark.parametrize(
    "text",
    ["", "*:*", "title:Baum", '"genau so"', "Baum AND Straße", "+Baum", "-Baum", "Baum*",
     "Ba?m", "[2020 TO 2021]", "Baum^2", "Baum~"],
)  # fmt: skip
def test_syntax_is_left_to_solr(text):
    assert not query.is_plain(text)


def test_everyday_words_bring_official_ones():
    assert "müllabfuhr" in query.ranked("Abfalltermine").lower()


def test_every_clause_is_optional():
    # CKAN's q.op=AND would ask for every word.
    clauses = query.ranked("Bäume in der Stadt").split(" OR ")
    assert len(clauses) > 2
    assert clauses[0] == "bäume"


def test_words_that_say_nothing_do_not_count():
    assert not query.ranked("Wo ist der Spielplatz").startswith("wo")


def test_a_pasted_page_stays_a_query():
    assert len(query.ranked("wort " + " ".join(f"wort{n}" for n in range(5000)))) < 20_000


@given(st.text(max_size=80))
def test_nothing_becomes_syntax(text):
    made = query.ranked(text) if words.tokens(text) else ""
    for forbidden in ("{!", "_query_", "\\", "[", "]"):
        assert forbidden not in made


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müllgebühren", "Muellgebuehr"), ("Straße", "Strasse"), ("Bäume", "Baeume"),
     ("Schulen", "Schule"), ("Spielplätze", "Spielplaetze")],
)  # fmt: skip
def test_spellings_are_one_word(one, other):
    assert words.stem(one) == words.stem(other)


def test_tables_name_known_musterdatensaetze():
    codes = {concept.code for concept in words.concepts()}
    assert {row["musterdatensatz"] for row in words._rows("words.csv")} <= codes
