# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows from answers: each rule with a case that fires it and one that does not."""

from dataclasses import replace

import pytest

from ckanext.verbund.domain.ethics.assess import (
    Answer,
    Case,
    Outcome,
    Verdict,
    asked,
    recommend,
)
from ckanext.verbund.domain.ethics.catalogue import NO, NONE, UNCLEAR, YES, Effect
from tests.unit.ethics.cases import CATALOGUE, WHY, harmless


def effects(case: Case, question: str) -> set[str]:
    return {s.effect.value for s in recommend(CATALOGUE, case).steps if s.question == question}


def test_nothing_triggered_is_open():
    found = recommend(CATALOGUE, harmless())
    assert (found.outcome, found.steps, found.risk) == (Outcome.OPEN, (), 1)


RULES = {
    "A1": {"KO"}, "A2": set(), "A3": {"KO"},
    "B1": {"ANON", "DSB"}, "B2": {"ANON", "DSB"}, "B3": {"KO"}, "B4": {"DSB", "ETHIK"},
    "B5": {"KO"}, "B6": {"ANON"}, "B7": {"ANON", "DSB"},
    "C1": {"STAT"}, "C2": {"ANON", "STAT"}, "C3": {"KO", "RECHT"}, "C4": {"RECHT"},
    "D1": {"RECHT", "KO"}, "D2": {"AUFL", "RECHT"},
    "E1": {"KO", "SEC"}, "E2": {"KO", "SEC"}, "E3": {"KO"}, "E4": {"ANON"}, "E5": {"KO", "SEC"},
    "F1": {"ETHIK"}, "F2": {"AUFL"}, "F3": {"DSB", "ETHIK"}, "F4": {"ETHIK"}, "F5": {"ETHIK"},
    "G1": {"AUFL"}, "G2": {"AUFL"}, "G3": {"AUFL"},
}  # fmt: skip


@pytest.mark.parametrize(("id", "wanted"), RULES.items(), ids=RULES)
def test_each_question_fires_on_its_trigger_and_on_unclear_only(id, wanted):
    question = CATALOGUE[id]
    other = NO if question.trigger == YES else YES
    assert effects(harmless(**{id: question.trigger}), id) == wanted
    unclear = harmless(**{id: UNCLEAR})
    assert effects(unclear, id) == wanted
    assert recommend(CATALOGUE, unclear).tasks == (id,)
    assert effects(harmless(**{id: other}), id) == set()


def test_less_detail_is_asked_only_after_people_secrets_or_security():
    assert "G4" not in {q.id for q in asked(CATALOGUE, harmless().answers)}
    assert "G4" not in {q.id for q in asked(CATALOGUE, harmless(F1=YES).answers)}
    for id in ("B7", "C1", "E4"):
        assert "G4" in {q.id for q in asked(CATALOGUE, harmless(**{id: YES}).answers)}
    assert effects(harmless(E4=YES, G4=YES), "G4") == {"AUFL"}


OUTCOMES = {
    "ein Gesetz verbietet es": ({"A3": YES}, Outcome.NOT_PUBLISH),
    "nicht zuständig": ({"A1": NO}, Outcome.NOT_PUBLISH),
    "Gesundheit, nicht anonymisiert": ({"B3": YES}, Outcome.RESTRICTED),
    "Gesundheit, anonymisiert": (
        {"B3": Answer(YES, WHY, frozenset({"anonymised"}))},
        Outcome.OPEN,
    ),
    "Geheimnis ohne Einwilligung": ({"C3": YES}, Outcome.NOT_PUBLISH),
    "seltene Arten": ({"E4": YES}, Outcome.RESTRICTED),
    "Schutzort und Anonymisierbares": ({"E3": YES, "B3": YES}, Outcome.NOT_PUBLISH),
    "nur Auflagen": ({"G1": NO, "F2": NO}, Outcome.OPEN_WITH_CONDITIONS),
    "Auflage erfüllt": ({"G1": Answer(NO, WHY, frozenset({"fixed"}))}, Outcome.OPEN),
    "Stellungnahme offen": ({"F5": YES}, Outcome.RESTRICTED),
}


@pytest.mark.parametrize(("answers", "wanted"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcome(answers, wanted):
    assert recommend(CATALOGUE, harmless(**answers)).outcome is wanted


def test_missing_answer_short_reason_and_foreign_value_are_incomplete():
    case = harmless()
    for id, answer in [("F1", None), ("F1", Answer(NO, "kurz")), ("F1", Answer(NONE, WHY))]:
        answers = {k: v for k, v in case.answers.items() if k != id}
        if answer:
            answers[id] = answer
        found = recommend(CATALOGUE, Case(answers))
        assert (found.outcome, found.missing) == (Outcome.INCOMPLETE, (id,))


def test_one_reason_serves_the_short_check():
    answers = {id: replace(a, reason="", short=True) for id, a in harmless().answers.items()}
    assert recommend(CATALOGUE, Case(answers)).outcome is Outcome.OPEN


def test_does_not_apply_only_without_personal_data():
    answers = dict(harmless(B1=YES).answers)
    answers["B5"] = Answer(NONE, WHY)
    assert recommend(CATALOGUE, Case(answers)).missing == ("B5",)


def test_a_legal_basis_lifts_the_anonymisation_of_named_persons_but_not_the_comment():
    found = recommend(CATALOGUE, harmless(B1=YES, B5=YES))
    settled = {s.effect: s.settled for s in found.steps if s.question == "B1"}
    assert settled == {Effect.ANON: True, Effect.DSB: False}
    found = recommend(CATALOGUE, harmless(B2=YES, B5=YES))
    assert not any(s.settled for s in found.steps if s.question == "B2")


def test_a_comment_settles_unless_it_objects():
    case = harmless(F5=YES)
    assert recommend(CATALOGUE, case).open_comments == (Effect.ETHIK,)
    for verdict, settled in [
        (Verdict.NO_OBJECTION, True),
        (Verdict.CONDITION, True),
        (Verdict.OBJECTION, False),
    ]:
        found = recommend(CATALOGUE, replace(case, comments={Effect.ETHIK: verdict}))
        assert not found.open_comments, "whoever objected has commented"
        assert all(s.settled == settled for s in found.steps)


def test_a_legal_objection_to_a_contract_speaks_against_publishing():
    case = harmless(C4=YES)
    assert recommend(CATALOGUE, case).outcome is Outcome.RESTRICTED
    objects = replace(case, comments={Effect.RECHT: Verdict.OBJECTION})
    assert recommend(CATALOGUE, objects).outcome is Outcome.NOT_PUBLISH
    agrees = replace(case, comments={Effect.RECHT: Verdict.NO_OBJECTION})
    assert recommend(CATALOGUE, agrees).outcome is Outcome.OPEN


def test_a_finding_that_contradicts_an_answer_blocks_until_explained():
    case = replace(harmless(), scan=frozenset({"iban"}))
    found = recommend(CATALOGUE, case)
    assert (found.outcome, found.contradictions) == (Outcome.BLOCKED, (("B1", "iban"),))
    explained = replace(case, explained=frozenset({"iban"}))
    assert recommend(CATALOGUE, explained).outcome is Outcome.OPEN
    agrees = replace(harmless(B1=YES), scan=frozenset({"iban"}))
    assert recommend(CATALOGUE, agrees).outcome is not Outcome.BLOCKED


@pytest.mark.parametrize(("value", "wanted"), [(YES, True), (UNCLEAR, True), (NO, False)])
def test_a_duty_to_publish_makes_a_refusal_need_a_ground(value, wanted):
    assert recommend(CATALOGUE, harmless(A2=value, A3=YES)).needs_ground is wanted


def test_risk_band_grows_with_what_was_triggered():
    some = dict.fromkeys(("B1", "B2", "B3", "B7"), YES)
    many = {**some, **dict.fromkeys(("C2", "C3", "C4", "D1", "E1", "E2", "E5"), YES)}
    bands = [recommend(CATALOGUE, harmless(**a)).risk for a in ({}, some, many)]
    assert bands == [1, 2, 3]
