# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recommendation in words that a clerk understands."""

import re
from dataclasses import replace

import pytest

from ckanext.verbund.domain.ethics.assess import (
    Answer,
    Case,
    Outcome,
    Verdict,
    recommend,
)
from ckanext.verbund.domain.ethics.catalogue import NO, UNCLEAR, YES, Effect
from ckanext.verbund.domain.ethics.explain import LANGUAGES, explain, finding
from tests.unit.ethics.cases import CATALOGUE, WHY
from tests.unit.ethics.cases import harmless as case


def told(case: Case, lang: str = "de", **more):
    return explain(CATALOGUE, case, recommend(CATALOGUE, case), lang, **more)


def words(found) -> str:
    lines = [f"{li.asked} {li.answered} {li.follows} {li.remedy}" for li in found.lines]
    return " ".join((found.headline, found.why, *lines, *found.todo))


ANON = frozenset({"anonymised"})
OUTCOMES = {
    Outcome.OPEN: (case(), "offen veröffentlichen.", ()),
    Outcome.OPEN_WITH_CONDITIONS: (case(F2=NO, G1=NO), "mit Auflagen", ("F2", "G1")),
    Outcome.RESTRICTED: (case(F1=YES), "nur eingeschränkt", ("F1",)),
    Outcome.NOT_PUBLISH: (case(A3=YES, B3=YES), "nicht veröffentlichen", ("A3",)),
    Outcome.BLOCKED: (replace(case(), scan=frozenset({"iban"})), "Prüfung widerspricht", ()),
    Outcome.INCOMPLETE: (case(C1=Answer(NO, "kurz")), "fehlen Antworten oder Gründe", ()),
}


def test_every_outcome_is_tried():
    assert set(OUTCOMES) == set(Outcome)


@pytest.mark.parametrize(("outcome", "row"), OUTCOMES.items(), ids=[o.value for o in Outcome])
def test_each_outcome_says_what_is_recommended_and_what_it_hangs_on(outcome, row):
    given, headline, decisive = row
    assert recommend(CATALOGUE, given).outcome is outcome
    found = told(given)
    assert headline in found.headline
    assert found.decisive == decisive
    assert all(id in found.why for id in decisive)
    assert found.why != told(case()).why or outcome is Outcome.OPEN


def test_what_a_coarser_version_can_cure_says_so():
    found = told(case(B3=YES))
    assert "anonymisierte oder gröbere Fassung kann öffentlich werden" in found.why
    assert "kann öffentlich werden" not in told(case(F1=YES)).why


EFFECTS = {
    Effect.KO: (case(A3=YES), "A3", "spricht gegen", "durch keine Maßnahme"),
    Effect.ANON: (case(E4=YES), "E4", "zu anonymisieren", "Anonymisieren oder vergröbern Sie"),
    Effect.DSB: (case(B4=YES), "B4", "Der Datenschutz muss", "steht noch aus"),
    Effect.SEC: (case(E2=YES), "E2", "für Sicherheit muss", "steht noch aus"),
    Effect.STAT: (case(C1=YES), "C1", "Statistikstelle muss", "steht noch aus"),
    Effect.RECHT: (case(C4=YES), "C4", "Rechtsstelle muss", "steht noch aus"),
    Effect.ETHIK: (case(F1=YES), "F1", "Datenethik muss", "steht noch aus"),
    Effect.AUFL: (case(G2=NO), "G2", "Das ist eine Auflage", "Ergänzen Sie, was fehlt"),
}


def test_every_effect_is_tried():
    assert set(EFFECTS) == set(Effect)


@pytest.mark.parametrize(("effect", "row"), EFFECTS.items(), ids=[e.value for e in Effect])
def test_each_effect_names_its_question_what_follows_and_what_would_lift_it(effect, row):
    given, question, follows, remedy = row
    line = next(li for li in told(given).lines if follows in li.follows)
    assert (line.question, line.asked) == (question, CATALOGUE[question].texts["de"])
    assert remedy in line.remedy
    assert not line.settled
    assert not any(follows in li.follows for li in told(case()).lines)


MEASURES = {
    "consent": ("C3", "Holen Sie die Einwilligung ein", "Die Einwilligung liegt vor."),
    "licensed": ("D1", "die Rechte einräumen", "Die Rechte sind eingeräumt."),
    "anonymised": ("B3", "Anonymisieren oder", "Die Daten wurden anonymisiert"),
    "fixed": ("D2", "Ergänzen Sie", "Die Auflage ist erfüllt."),
    "restricted": ("G4", "auf Anfrage", "Nur eine gröbere Fassung oder auf Anfrage."),
}


def test_every_measure_is_tried():
    assert set(MEASURES) == set(CATALOGUE.measures)


@pytest.mark.parametrize(("measure", "row"), MEASURES.items(), ids=MEASURES)
def test_each_measure_is_asked_for_and_then_named(measure, row):
    id, remedy, settled = row
    trigger = CATALOGUE[id].trigger
    more = {"E4": YES} if id == "G4" else {}
    before = told(case(**more, **{id: trigger}))
    assert any(remedy in li.remedy for li in before.lines if li.question == id)
    done = Answer(trigger, WHY, frozenset({measure}))
    after = told(case(**more, **{id: done}))
    line = next(li for li in after.lines if li.question == id and li.settled)
    assert settled in line.remedy


VERDICTS = {
    Verdict.NO_OBJECTION: "ohne Einwände",
    Verdict.CONDITION: "nennt eine Auflage",
    Verdict.OBJECTION: "hat Einwände",
}


@pytest.mark.parametrize(("verdict", "said"), VERDICTS.items(), ids=[v.value for v in Verdict])
def test_each_verdict_is_told(verdict, said):
    given = replace(case(F5=YES), comments={Effect.ETHIK: verdict})
    line = told(given).lines[0]
    assert said in line.remedy
    assert line.settled is (verdict is not Verdict.OBJECTION)


def test_a_contract_that_the_lawyers_object_to_says_what_to_do():
    given = replace(case(C4=YES), comments={Effect.RECHT: Verdict.OBJECTION})
    line = next(li for li in told(given).lines if li.follows.startswith("Das spricht gegen"))
    assert "Gehen Sie darauf ein" in line.remedy
    assert any("Einwände behandeln" in todo for todo in told(given).todo)


def test_a_legal_basis_of_another_question_is_named():
    given = replace(case(B1=YES), comments={Effect.DSB: Verdict.NO_OBJECTION})
    line = next(li for li in told(given).lines if "anonymisieren" in li.follows)
    assert line.remedy == "Dafür gibt es eine Rechtsgrundlage (Frage B5)."


def test_unclear_says_that_it_counts_as_the_protective_answer():
    line = told(case(F1=UNCLEAR)).lines[0]
    assert line.follows.startswith("„Unklar“ zählt zur Sicherheit wie „Ja“.")
    assert "Klären" in " ".join(told(case(F1=UNCLEAR)).todo)
    assert told(case(G1=UNCLEAR)).lines[0].follows.startswith("„Unklar“ zählt zur Sicherheit")
    assert not told(case(F1=YES)).lines[0].follows.startswith("„Unklar“")


def test_an_answer_by_short_check_says_so():
    short = told(case(F2=Answer(NO, short=True))).lines[0]
    assert short.answered == "Nein (über Kurzprüfung)"
    assert told(case(F2=NO)).lines[0].answered == "Nein"


TODO = {
    "fehlende Antwort": (Case({}), "Frage A1 beantworten"),
    "fehlender Grund": (case(C1=Answer(NO, "kurz")), "Frage C1 braucht eine gültige Antwort"),
    "Widerspruch": (
        replace(case(), scan=frozenset({"iban"})),
        "Die automatische Prüfung hat Kontonummern (IBAN) gefunden",
    ),
    "Stellungnahme": (case(C1=YES), "Abwarten: Stellungnahme Statistik."),
    "Pflicht": (case(A2=YES), "die Leitung zeichnet mit"),
}


@pytest.mark.parametrize(("given", "said"), TODO.values(), ids=TODO)
def test_what_is_left_to_do_is_said_and_only_then(given, said):
    assert any(said in todo for todo in told(given).todo)
    assert told(case()).todo == ()


def test_what_is_not_settled_comes_first():
    found = told(case(E4=Answer(YES, WHY, ANON), F2=NO)).lines
    assert [(li.question, li.settled) for li in found] == [("F2", False), ("E4", True)]


def test_every_finding_that_a_question_speaks_of_has_words():
    kinds = {kind for q in CATALOGUE.questions for kind in q.contradicted_by}
    assert kinds
    assert all(finding(kind, lang) for kind in kinds for lang in LANGUAGES)


def test_both_languages_say_everything_and_no_score():
    everything = {q.id: q.trigger for q in CATALOGUE.questions if q.consequences}
    givens = [row[0] for row in OUTCOMES.values()] + [case(**everything), case(A2=YES)]
    for given in givens:
        advice = recommend(CATALOGUE, given)
        for lang in LANGUAGES:
            found = explain(CATALOGUE, given, advice, lang)
            text = words(found)
            assert "{" not in text
            assert not re.search(r"\d", re.sub(r"\b[A-G]\d\b", "", text))
            assert not re.search("Risiko|risk band|Ampel|Punkte|score", text)
            assert explain(CATALOGUE, given, replace(advice, risk=3), lang) == found
        german, english = (explain(CATALOGUE, given, advice, lang) for lang in LANGUAGES)
        assert (german.decisive, len(german.lines), len(german.todo)) == (
            english.decisive,
            len(english.lines),
            len(english.todo),
        )


def test_provisions_are_those_of_the_members_land():
    given = case(E2=YES)
    cites = {
        land: told(given, place=(land, "municipality")).lines[0].refs for land in ("07", "10")
    }
    assert cites == {"07": ("§§ 14 bis 17 LTranspG",), "10": ("§ 1 SIFG mit § 3 IFG",)}
