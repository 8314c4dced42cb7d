# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proposed answers: each with a case that proposes it and one that does not."""

import pytest

from ckanext.verbund.domain.ethics import prefill
from ckanext.verbund.domain.ethics.assess import Answer, Case, Outcome, recommend
from ckanext.verbund.domain.ethics.catalogue import (
    NO,
    UNCLEAR,
    YES,
    CatalogueError,
    load,
    text_of,
)
from ckanext.verbund.domain.ethics.prefill import FACTS, Known, confirm, propose, read, rules

CATALOGUE = load()
NOTHING = {"licence_open": False}

# fact: (question, answer, what makes it hold, what is nearly it)
TABLE = {
    "own_data": ("A1", YES, {"own": True}, {"own": True, "origin": "third_party"}),
    "hvd": ("A2", YES, {"hvd": True}, {"hvd": False}),
    "legislation": ("A2", YES, {"legislation": True}, {"legislation": False}),
    "official_statistics": (
        "C1",
        YES,
        {"origin": "official_statistics"},
        {"origin": "administrative"},
    ),
    "third_party": ("D1", YES, {"origin": "mixed"}, {"origin": "sensors"}),
    "own_open_licence": (
        "D2",
        YES,
        {"own": True, "licence_open": True},
        {"own": False, "licence_open": True},
    ),
    "no_licence": ("D2", UNCLEAR, {"licence_open": None}, {"licence_open": False}),
    "coarse_places": ("E4", NO, {"resolution": 1000.0}, {"resolution": 999.0}),
    "limits_described": ("F2", YES, {"limits": True}, {"method": True}),
    "quality_described": (
        "G2",
        YES,
        {"limits": True, "method": True, "dated": True},
        {"limits": True, "method": True},
    ),
    "upkeep_described": ("G3", YES, {"contact": True, "frequency": True}, {"contact": True}),
    "found": (
        "B1",
        YES,
        {"confirmed": frozenset({"iban"})},
        {"suspected": frozenset({"iban"})},
    ),
    "free_text_columns": ("B6", NO, {"free_text": True}, {"free_text": False}),
    "precise_homes": (
        "B2",
        UNCLEAR,
        {"decimals": 5, "suspected": frozenset({"home-location"})},
        {"decimals": 4, "suspected": frozenset({"home-location"})},
    ),
}


def test_every_fact_is_tried_and_used():
    assert set(TABLE) == set(FACTS) == {rule.fact for rule in rules()}


@pytest.mark.parametrize(("fact", "row"), TABLE.items(), ids=TABLE)
def test_each_fact_proposes_its_answer_with_a_reason_or_nothing(fact, row):
    question, answer, holds, nearly = row
    found = propose(rules(), CATALOGUE, Known(**(NOTHING | holds)))[question]
    assert (found.value, found.source, found.fact) == (answer, FACTS[fact].source, fact)
    for lang in ("de", "en"):
        assert len(found.texts[lang]) >= CATALOGUE.reason_length
    others = propose(rules(), CATALOGUE, Known(**(NOTHING | nearly)))
    assert fact not in {p.fact for p in others.values()}


@pytest.mark.parametrize(
    ("kind", "question", "answer"),
    [
        ("phone", "B1", YES),
        ("birth-date", "B2", YES),
        ("free-text", "B6", NO),
        ("small-counts", "C2", YES),
        ("credentials", "E5", YES),
    ],
)
def test_a_confirmed_finding_speaks_to_its_question_only(kind, question, answer):
    known = Known(confirmed=frozenset({kind}), **NOTHING)
    found = propose(rules(), CATALOGUE, known)
    assert {id: p.value for id, p in found.items()} == {question: answer}


def test_every_question_that_findings_contradict_has_a_proposal():
    asked = {q.id for q in CATALOGUE.questions if q.contradicted_by}
    assert asked == {r.question for r in rules() if r.fact == "found"}


def test_what_nobody_said_proposes_only_caution():
    found = propose(rules(), CATALOGUE, Known())
    assert {id: p.value for id, p in found.items()} == {"D2": UNCLEAR}


def test_the_cautious_proposal_wins():
    both = tuple(reversed(rules()))
    for table in (rules(), both):
        found = propose(table, CATALOGUE, Known(confirmed=frozenset({"birth-date"})))
        assert CATALOGUE["B2"].triggered(found["B2"].value)
    same = (
        prefill.Rule("E4", "coarse_places", NO, {"de": "a", "en": "a"}),
        prefill.Rule("E4", "own_data", YES, {"de": "b", "en": "b"}),
    )
    known = Known(own=True, resolution=5000.0)
    for table in (same, same[::-1]):
        assert propose(table, CATALOGUE, known)["E4"].value == YES


def test_precise_places_alone_say_nothing_about_people():
    assert propose(rules(), CATALOGUE, Known(decimals=7, **NOTHING)) == {}


def test_a_finding_that_nobody_confirmed_proposes_nothing():
    assert propose(rules(), CATALOGUE, Known(**NOTHING)) == {}


def test_the_check_never_gives_a_harmless_answer():
    for rule in rules():
        if FACTS[rule.fact].source == prefill.CHECK:
            assert CATALOGUE[rule.question].triggered(rule.answer)


def test_a_proposal_is_no_answer_until_somebody_confirms_it():
    proposals = propose(rules(), CATALOGUE, Known(own=True, licence_open=True))
    assert not any(isinstance(p, Answer) for p in proposals.values())
    answers = {id: confirm(p) for id, p in proposals.items()}
    advice = recommend(CATALOGUE, Case(answers))
    assert advice.outcome is Outcome.INCOMPLETE
    assert not set(proposals) & set(advice.missing)


def test_a_person_may_give_a_reason_of_their_own():
    proposal = propose(rules(), CATALOGUE, Known(hvd=True, licence_open=False))["A2"]
    assert confirm(proposal) == Answer(YES, proposal.texts["de"])
    assert confirm(proposal, lang="en").reason == proposal.texts["en"]
    assert confirm(proposal, " Wetterdaten nach Anhang 4. ").reason == (
        "Wetterdaten nach Anhang 4."
    )


FAULTS = {
    "Frage unbekannt": ("question: A1", "question: A9", "die Frage A9 gibt es nicht"),
    "Tatsache unbekannt": ("fact: hvd", "fact: hvdx", "die Tatsache „hvdx“ gibt es nicht"),
    "Antwort unbekannt": ("answer: unclear", "answer: maybe", "die Antwort „maybe“ nicht"),
    "Text fehlt": ("  en: The data belong", "  fr: Les données", "„en“ fehlt"),
    "kein Fund dazu": ("fact: official_statistics", "fact: found", "kein Fund widerspricht"),
    "die Prüfung als Freispruch": (
        "fact: free_text_columns\n  answer: no",
        "fact: free_text_columns\n  answer: yes",
        "darf die Frage B6 nicht harmlos beantworten",
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_file_is_refused_with_line_and_reason(old, new, reason):
    text = text_of(prefill.FILE)
    assert old in text
    with pytest.raises(CatalogueError, match=r"prefilled\.yaml, Zeile \d+") as error:
        read(text.replace(old, new, 1), CATALOGUE)
    assert reason in str(error.value)
