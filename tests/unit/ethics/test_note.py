# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Vermerk: says everything, is tagged, has language and title, fetches nothing."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timezone
from itertools import pairwise

import pypdf
import pytest

from ckanext.verbund.domain.ethics import note as module
from ckanext.verbund.domain.ethics.assess import Answer, Case, Verdict, recommend
from ckanext.verbund.domain.ethics.catalogue import NO, NONE, YES, Effect
from ckanext.verbund.domain.ethics.explain import explain
from ckanext.verbund.domain.ethics.note import (
    DECISIONS,
    Comment,
    Found,
    Note,
    Person,
    html,
    pdf,
)
from ckanext.verbund.domain.ethics.short_check import Short, expand, rules
from ckanext.verbund.domain.ethics.workflow import Role, State
from tests.unit.ethics.cases import CATALOGUE, harmless

AT = datetime(2026, 11, 25, 9, 30, tzinfo=timezone.utc)


_CASE = replace(
    harmless(
        A2=Answer(YES, "Angaben über die Umwelt sind aktiv zu verbreiten."),
        B1=Answer(YES, "Die Spalte „Pate“ nannte Namen; sie ist entfernt."),
        B5=Answer(YES, "Für die Ansprechstelle gilt das Landestransparenzgesetz."),
        E4=Answer(
            YES,
            "Zwei Standorte sind selten; die Lage ist auf einen Kilometer gerundet.",
            frozenset({"anonymised"}),
        ),
        F2=Answer(NO, "Privates Grün fehlt, das steht noch nicht in der Beschreibung."),
    ),
    comments={Effect.DSB: Verdict.CONDITION},
    explained=frozenset({"name"}),
)
FULL = Note(
    number="KL-2026-0042",
    dataset="Straßenbäume und geschützte Einzelbäume <2026>",
    member="Stadt Kaiserslautern",
    office="Grünflächenamt",
    catalogue=CATALOGUE,
    case=_CASE,
    advice=recommend(CATALOGUE, _CASE),
    state=State.DECIDED_RESTRICTED,
    decided_at=AT,
    fingerprint="5f" * 32,
    chain_hash="c0de" * 16,
    place=("07", "municipality"),
    conditions="Öffentlich wird nur die Fassung mit gerundeter Lage.\n"
    "Das Original auf Anfrage.",
    legal_ground="§ 8 UIG, Schutz der Standorte.",
    deviation="Wir veröffentlichen vorsichtiger, bis die Beschreibung ergänzt ist.",
    comments=(
        Comment(
            Effect.DSB,
            Verdict.CONDITION,
            "Die Namen der Patinnen und Paten bleiben draußen.\nSonst bestehen keine Bedenken.",
            "Dana Beispiel",
            AT,
        ),
    ),
    findings=(Found("Namen von Personen in der Spalte „Pate“", "Erledigt: Spalte entfernt."),),
    people=(
        Person("Erik Muster", Role.EDITOR, "Fragen beantwortet, vorgelegt", AT),
        Person("Petra Probe", Role.REVIEWER, "Geprüft und weitergegeben", AT),
        Person("Dora Denk", Role.DECIDER, "Entschieden", AT, instead_of="Karl Chef"),
    ),
    review_on=date(2029, 11, 26),
    valid_until=date(2030, 12, 31),
)
_EXPANDED = expand(
    rules(),
    Short(
        groups=dict.fromkeys(rules().groups, NO),
        ticks=frozenset(rules().ticks),
        reason="Standorte von Spielplätzen, ohne Angaben zu Menschen.",
    ),
    {},
)
_SHORT_CASE = Case(_EXPANDED.answers)
SHORT = Note(
    number="KL-2026-0043",
    dataset="Spielplätze",
    member="Stadt Kaiserslautern",
    catalogue=CATALOGUE,
    case=_SHORT_CASE,
    advice=recommend(CATALOGUE, _SHORT_CASE),
    state=State.DECIDED_OPEN,
    decided_at=AT,
    fingerprint="5f" * 32,
    chain_hash="c0de" * 16,
    reason="Standorte von Spielplätzen, ohne Angaben zu Menschen.",
    check="Vollständig durchgelaufen, keine Funde.",
    people=(
        Person("Erik Muster", Role.EDITOR, "Kurzprüfung ausgefüllt", AT),
        Person("Dora Denk", Role.DECIDER, "Entschieden", AT),
    ),
    dynamic=True,
)


@pytest.fixture(scope="module")
def paper():
    return pypdf.PdfReader(io.BytesIO(pdf(FULL)))


@pytest.fixture(scope="module")
def text(paper):
    return _plain(" ".join(page.extract_text() for page in paper.pages))


def _plain(text: str) -> str:
    # Line ends of the paper, soft hyphens and the signs that hyphenation adds do not count.
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def _tags(paper) -> list[tuple[str, dict]]:
    found = []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((node["/S"], node))
            if "/K" in node:
                walk(node["/K"])

    walk(paper.trailer["/Root"]["/StructTreeRoot"])
    return found


# -- Accessible -------------------------------------------------------------------------------


def test_the_paper_is_tagged_and_has_language_and_title(paper):
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.metadata.title == f"Vermerk zum Vorgang KL-2026-0042: {FULL.dataset}"
    metadata = root["/Metadata"].get_data()
    assert b'pdfuaid:part="1"' in metadata
    assert b"pdfaid:part" in metadata


def test_headings_tables_and_lists_are_tagged_as_what_they_are(paper):
    names = [name for name, _ in _tags(paper)]
    assert names.count("/H1") == 1
    levels = [int(name[2]) for name in names if re.fullmatch(r"/H\d", name)]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert names.count("/Table") == 3
    assert names.count("/TH") >= 3 * 2
    for wanted in ("/H2", "/H3", "/H4", "/P", "/TD", "/LI", "/Caption"):
        assert wanted in names


def test_cells_name_their_headings(paper):
    cells = [node for name, node in _tags(paper) if name == "/TD"]
    assert all(cell["/A"]["/Headers"] for cell in cells)


def test_the_same_decision_gives_the_same_paper():
    assert pdf(SHORT) == pdf(SHORT)
    assert pdf(SHORT) != pdf(replace(SHORT, reason="Ein anderer Grund für dieselben Daten."))


def test_fonts_are_inside(paper):
    # A name that begins with six capitals and a plus is a subset inside the paper.
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in paper.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Fira-Sans" in font for font in fonts)
    assert all(re.match(r"/[A-Z]{6}\+", font) for font in fonts)


# -- Says everything --------------------------------------------------------------------------


def test_every_question_answer_and_reason_stands_in_it(text):
    for id, answer in FULL.case.answers.items():
        question = CATALOGUE[id]
        assert _plain(f"{id} {question.texts['de']}") in text
        assert _plain(CATALOGUE.answers[answer.value]["de"]) in text
        assert _plain(answer.reason) in text
        for reference in CATALOGUE.references_for(question, *FULL.place):
            assert _plain(reference.cite) in text


def test_the_trace_stands_in_it(text):
    told = explain(CATALOGUE, FULL.case, FULL.advice, "de", FULL.place)
    for said in (told.headline, told.why, *told.todo):
        assert _plain(said) in text
    for line in told.lines:
        assert _plain(line.follows) in text
        assert _plain(line.remedy) in text


WANTED = {
    "Vorgang": "KL-2026-0042",
    "Datensatz": FULL.dataset,
    "Mitglied": "Stadt Kaiserslautern · Grünflächenamt",
    "Entscheidung": DECISIONS[State.DECIDED_RESTRICTED],
    "Zeitpunkt": "25. November 2026, 10:30 Uhr",
    "Auflagen": "Öffentlich wird nur die Fassung mit gerundeter Lage.",
    "zweiter Absatz": "Das Original auf Anfrage.",
    "Rechtsgrund": "§ 8 UIG, Schutz der Standorte.",
    "Abweichung": FULL.deviation,
    "Stellungnahme": "Die Namen der Patinnen und Paten bleiben draußen.",
    "Urteil": "Stellungnahme Datenschutz: mit Auflage",
    "Fund": "Namen von Personen in der Spalte „Pate“",
    "Bewertung": "Erledigt: Spalte entfernt.",
    "Maßnahme": "Maßnahme: Die Daten wurden anonymisiert oder vergröbert.",
    "Person und Rolle": "Petra Probe Prüfung Geprüft und weitergegeben",
    "Vertretung": "Dora Denk (in Vertretung für Karl Chef)",
    "Wiedervorlage": "26. November 2029 (erinnert nur)",
    "gültig bis": "31. Dezember 2030, danach nicht mehr öffentlich",
    "Version des Katalogs": f"Version {CATALOGUE.version}",
    "Prüfsumme des Katalogs": CATALOGUE.hash,
    "Fingerabdruck": "5f" * 32,
    "Protokoll": "c0de" * 16,
    "kein Freispruch": "Keine Treffer ersetzt keine Prüfung.",
}


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_it_says(text, wanted):
    assert _plain(wanted) in text


def test_a_short_case_says_so_and_leaves_out_what_there_is_not():
    said = html(SHORT)
    assert said.count('<th scope="row">') == len(SHORT.case.answers) + len(SHORT.people)
    assert "Über Kurzprüfung beantwortet" in said
    assert SHORT.reason in said
    for id in SHORT.case.answers:
        assert CATALOGUE[id].texts["de"] in said
    assert "spätere Dateien mit gleichen Spalten" in said
    assert "Vollständig durchgelaufen, keine Funde." in said
    for absent in (
        "Stellungnahmen",
        "Auflagen</h3>",
        "abgewichen",
        "Wiedervorlage",
        "<ul>",
        "<h4>",
    ):
        assert absent not in said
        assert absent in html(FULL)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.DECIDED_OPEN, "wie empfohlen entschieden"),
        (State.DECIDED_NOT, "anders entschieden als empfohlen"),
    ],
)
def test_it_says_whether_the_decision_follows_the_recommendation(state, said):
    assert said in html(replace(SHORT, state=state))


def test_an_unexplained_finding_is_called_that():
    assert "Nicht erklärt." in html(replace(FULL, findings=(Found("Telefonnummern"),)))
    assert "Nicht erklärt." not in html(FULL)


@pytest.mark.parametrize("state", set(State) - set(DECISIONS))
def test_an_undecided_case_has_no_vermerk(state):
    with pytest.raises(ValueError, match="no decision"):
        html(replace(FULL, state=state))


def test_every_role_and_verdict_has_a_name():
    assert set(module.ROLES) == set(Role)
    assert set(module.VERDICTS) == set(Verdict)


# -- Hostile texts ----------------------------------------------------------------------------


def test_texts_stay_texts_and_nothing_is_fetched(monkeypatch):
    asked_for = []
    make = module._fetcher

    def watched():
        fetcher = make()
        fetch = fetcher.fetch
        fetcher.fetch = lambda url, headers=None: asked_for.append(url) or fetch(url, headers)
        return fetcher

    monkeypatch.setattr(module, "_fetcher", watched)
    bad = '<img src="http://169.254.169.254/x"><style>@import "file:///etc/passwd";</style>'
    paper = pypdf.PdfReader(io.BytesIO(pdf(replace(SHORT, dataset=bad, reason=bad))))
    assert _plain(bad) in _plain(" ".join(p.extract_text() for p in paper.pages))
    assert asked_for
    assert all(url.startswith("font:") for url in asked_for)


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/x.png",
        "file:///etc/passwd",
        "font:../note.py",
        "FiraSans-Regular",
    ],
)
def test_the_fetcher_gives_fonts_only(url):
    with pytest.raises(ValueError, match="fetches nothing"):
        module._fetcher().fetch(url)


def test_a_long_word_without_gaps_does_not_leave_the_page():
    answers = {**SHORT.case.answers, "A1": Answer(YES, "x" * 400)}
    paper = pypdf.PdfReader(io.BytesIO(pdf(replace(SHORT, case=Case(answers)))))
    assert "x" * 400 in _plain(" ".join(p.extract_text() for p in paper.pages))


def test_none_is_a_word_in_it():
    assert SHORT.case.answers["B5"].value == NONE
    assert "<td>Entfällt.</td>" in html(SHORT)


def test_a_group_opened_in_the_long_form_stands_beside_the_short_answers():
    own = Answer(NO, "Die kleinste Zahl in der Tabelle ist siebzehn.")
    said = html(replace(SHORT, case=Case({**SHORT.case.answers, "C2": own})))
    assert said.count("<h4>") == 1
    assert own.reason in said
    assert '<th scope="row">C2</th>' not in said
    assert '<th scope="row">C1</th>' in said
