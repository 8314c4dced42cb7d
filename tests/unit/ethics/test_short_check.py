# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kurzprüfung: who may, what short answers stand for, batches, yearly files."""

import re
from dataclasses import replace

import pytest

from ckanext.verbund.domain.ethics import catalogue, short_check
from ckanext.verbund.domain.ethics.assess import Answer, Case, Outcome, recommend
from ckanext.verbund.domain.ethics.catalogue import (
    NO,
    NONE,
    UNCLEAR,
    YES,
    CatalogueError,
    load,
    text_of,
)
from ckanext.verbund.domain.ethics.short_check import (
    Candidate,
    Column,
    Facts,
    Renewal,
    Scope,
    Short,
    adoptable,
    batches,
    differences,
    expand,
    held_back,
    lengthen,
    misses,
    open_questions,
    read,
    rules,
)

CATALOGUE = load()
RULES = rules()
TREES = "floraUndFauna/baumbestand/baumkataster"
WHY = "Ein Verzeichnis der Bäume ohne Angaben zu Menschen."
COLUMNS = (Column("art", "text"), Column("pflanzjahr", "integer"))
FIT = Facts(
    type=TREES,
    adopted=frozenset({TREES}),
    screened=True,
    columns=COLUMNS,
    own=True,
    open_licence=True,
)
ALL_NO = Short(groups=dict.fromkeys(RULES.groups, NO), ticks=frozenset(RULES.ticks), reason=WHY)


def said(**groups) -> Short:
    return replace(ALL_NO, groups={**ALL_NO.groups, **groups})


# -- Who may ----------------------------------------------------------------------------------


def test_a_fitting_dataset_may_take_the_short_way():
    assert misses(RULES, FIT) == []


CONDITIONS = {
    "adopted": {"adopted": frozenset({"freizeit/grillplatz"})},
    "screened": {"screened": False},
    "no_findings": {"open_findings": 1},
    "columns_known": {"columns": None},
    "no_free_text": {"columns": (*COLUMNS, Column("bemerkung", "text", free_text=True))},
    "own": {"own": False},
    "open_licence": {"open_licence": False},
    "not_never": {"type": "kultur/denkmal", "adopted": frozenset({"kultur/denkmal"})},
}


def test_every_condition_is_tried():
    assert set(CONDITIONS) == set(short_check.CONDITIONS)


@pytest.mark.parametrize(("code", "change"), CONDITIONS.items(), ids=CONDITIONS)
def test_each_condition_alone_closes_the_short_way(code, change):
    found = misses(RULES, replace(FIT, **change))
    assert [miss.code for miss in found] == [code]
    for lang in ("de", "en"):
        assert found[0].texts[lang]
        assert found[0].remedy[lang]


def test_what_is_not_known_counts_against_it():
    assert {m.code for m in misses(RULES, Facts())} == set(CONDITIONS) - {
        "no_findings",
        "no_free_text",
        "not_never",
    }


def test_a_kind_without_columns_is_not_known():
    assert [m.code for m in misses(RULES, replace(FIT, columns=()))] == ["columns_known"]


def test_never_says_why():
    people = replace(FIT, type="sozialeHilfe/flucht/asylbewerber")
    words = next(m for m in misses(RULES, people) if m.code == "not_never").texts
    assert "Menschen in schwierigen Lagen" in words["de"]
    assert "difficult situations" in words["en"]


@pytest.mark.parametrize(
    ("type", "forbidden"),
    [
        ("sozialeHilfe/flucht/asylbewerber", True),
        ("sozialeHilfe/pflege", True),
        ("sozialeHilfe/bericht", False),
        (TREES, False),
        ("", False),
    ],
    ids=["in einem Zweig", "genannt", "daneben", "harmlos", "ohne Art"],
)
def test_never_covers_names_and_branches(type, forbidden):
    assert bool(RULES.forbidden(type)) is forbidden


def test_a_kind_is_known_by_each_of_its_spellings():
    iri = f"https://musterdatenkatalog.de/def/musterdatensatz/{TREES}"
    assert misses(RULES, replace(FIT, type=iri)) == []


def test_leitung_adopts_known_kinds_that_are_not_barred():
    may, may_not = adoptable(RULES, [TREES, "wirtschaft/insolvenz", "gibt/es/nicht"])
    assert may == {TREES}
    assert may_not == ["wirtschaft/insolvenz", "gibt/es/nicht"]


def test_what_is_proposed_can_be_adopted():
    may, may_not = adoptable(RULES, RULES.proposed)
    assert (len(may), may_not) == (len(RULES.proposed), [])


# -- Screens ----------------------------------------------------------------------------------


def test_the_author_sees_at_most_eight_screens():
    assert RULES.groups == tuple("ABCDEF")
    assert len(RULES.screens) <= 8


def test_the_screens_show_every_question_that_is_always_asked():
    shown = {*RULES.statements, *RULES.ticks}
    assert shown == {q.id for q in CATALOGUE.questions if not q.after}


def test_a_statement_that_turns_its_question_round_has_a_help_of_its_own():
    assert RULES.help("A1") != CATALOGUE["A1"].help
    assert RULES.help("B1") == CATALOGUE["B1"].help
    for id in (*RULES.statements, *RULES.ticks):
        if CATALOGUE[id].trigger == NO:
            assert not re.match("Ja|Nein", RULES.help(id)["de"])


# -- What short answers stand for -------------------------------------------------------------


def test_nothing_holds_gives_all_answers_by_short_check_and_is_open():
    found = expand(RULES, ALL_NO, {})
    assert found.done
    assert all(a.short and not a.reason for a in found.answers.values())
    assert len(found.answers) == 29
    assert recommend(CATALOGUE, Case(found.answers)).outcome is Outcome.OPEN


def test_the_short_answers_are_those_that_trigger_nothing():
    found = expand(RULES, ALL_NO, {}).answers
    assert found["B5"].value == NONE
    for question in CATALOGUE.questions:
        if question.id in found and question.id != "B5":
            assert not question.triggered(found[question.id].value)


@pytest.mark.parametrize("answer", [YES, UNCLEAR])
@pytest.mark.parametrize("group", RULES.groups)
def test_yes_and_unclear_open_their_group_only(group, answer):
    found = expand(RULES, said(**{group: answer}), {})
    assert (found.opened, found.pending, found.done) == ((group,), (), False)
    wanted = [id for id in RULES.statements if id[0] == group]
    assert open_questions(RULES, found) == wanted
    assert {id for id in RULES.statements if id not in found.answers} == set(wanted)


def test_an_opened_group_keeps_what_was_entered_in_the_long_form():
    given = {"C2": Answer(NO, "Die kleinste Zahl ist siebzehn."), "A1": Answer(YES, WHY)}
    found = expand(RULES, said(C=YES), given)
    assert found.answers["C2"] == given["C2"]
    assert found.answers["A1"] == given["A1"]
    assert open_questions(RULES, found) == ["C1", "C3", "C4"]


def test_a_group_that_was_opened_and_closed_again_loses_nothing():
    given = {"C2": Answer(NO, "Die kleinste Zahl ist siebzehn.")}
    once = expand(RULES, said(C=YES), given)
    again = expand(RULES, ALL_NO, once.answers)
    assert again.done
    assert again.answers["C2"] == given["C2"]


def test_short_answers_of_an_opened_group_are_asked_again():
    once = expand(RULES, ALL_NO, {})
    again = expand(RULES, said(E=UNCLEAR), once.answers)
    assert open_questions(RULES, again) == ["E1", "E2", "E3", "E4", "E5"]


def test_a_confirmed_answer_that_triggers_opens_its_group_whatever_the_screen_says():
    assert expand(RULES, ALL_NO, {"D1": Answer(YES, WHY)}).opened == ("D",)
    assert expand(RULES, ALL_NO, {"D1": Answer(NO, WHY)}).opened == ()


def test_a_known_duty_to_publish_opens_nothing():
    found = expand(RULES, ALL_NO, {"A2": Answer(YES, WHY)})
    assert found.done
    assert found.answers["A2"].value == YES
    assert recommend(CATALOGUE, Case(found.answers)).needs_ground


def test_a_missing_tick_opens_the_last_group():
    found = expand(RULES, replace(ALL_NO, ticks=frozenset({"G1", "G2"})), {})
    assert found.opened == ("G",)
    assert open_questions(RULES, found) == ["G3"]


def test_an_answer_given_in_the_long_form_stands_for_a_tick():
    given = {"G3": Answer(YES, WHY)}
    assert expand(RULES, replace(ALL_NO, ticks=frozenset({"G1", "G2"})), given).done
    given = {"G3": Answer(NO, WHY)}
    assert expand(RULES, ALL_NO, given).opened == ("G",)


def test_an_unanswered_group_is_pending_and_answers_nothing():
    groups = {g: NO for g in RULES.groups if g != "F"}
    found = expand(RULES, replace(ALL_NO, groups=groups), {})
    assert (found.pending, found.done) == (("F",), False)
    assert not any(id.startswith("F") for id in found.answers)


def test_one_reason_is_needed_for_the_whole_case():
    assert expand(RULES, replace(ALL_NO, reason="zu kurz"), {}).needs_reason
    assert not expand(RULES, ALL_NO, {}).needs_reason


def test_none_does_not_stand_when_there_are_people():
    given = {"B1": Answer(YES, WHY)}
    found = expand(RULES, ALL_NO, given)
    assert found.opened == ("B",)
    assert "B5" not in found.answers


def test_the_long_form_keeps_the_values_and_asks_for_reasons():
    long = lengthen(expand(RULES, ALL_NO, {}).answers)
    advice = recommend(CATALOGUE, Case(long))
    assert {id: a.value for id, a in long.items()} == {
        id: a.value for id, a in expand(RULES, ALL_NO, {}).answers.items()
    }
    assert advice.outcome is Outcome.INCOMPLETE
    assert set(advice.missing) == set(long)


# -- Batches ----------------------------------------------------------------------------------

ONE = Candidate("1", "kl", "GEOSPATIAL", "dl-by", TREES, COLUMNS)


def test_alike_datasets_make_a_batch_and_others_do_not():
    other = replace(ONE, id="3", licence="cc0")
    found = batches([ONE, replace(ONE, id="2"), other])
    assert [[c.id for c in batch] for batch in found] == [["1", "2"]]


@pytest.mark.parametrize("change", [{"columns": ()}, {"musterdatensatz": ""}])
def test_what_is_not_known_is_alike_to_nothing(change):
    unknown = replace(ONE, **change)
    assert batches([unknown, replace(unknown, id="2")]) == []


def test_the_order_of_columns_does_not_matter():
    turned = replace(ONE, id="2", columns=COLUMNS[::-1])
    assert differences(ONE, turned) == []


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "member": "nonnweiler",
        "musterdatensatz": "freizeit/grillplatz",
        "type": "STATISTICAL",
        "licence": "cc0",
        "columns": (*COLUMNS, Column("standort", "text")),
        "source": "Vermessungsbüro",
    }.items(),
)
def test_each_difference_keeps_datasets_apart(name, value):
    other = replace(ONE, id="2", **{name: value})
    assert differences(ONE, other) == [name]
    assert batches([ONE, other]) == []
    assert set(short_check.ALIKE[name]) == {"de", "en"}


# -- Yearly files -----------------------------------------------------------------------------

DECIDED = Scope(COLUMNS, "Grünflächeninformationssystem", "Stadtbäume", frozenset({"07312000"}))
NEXT_YEAR = Renewal(DECIDED, screened=True)


def test_a_file_of_the_same_kind_goes_public_by_the_decision_there_is():
    assert held_back(DECIDED, NEXT_YEAR, in_force=True) == []


def scope(**change) -> Renewal:
    return replace(NEXT_YEAR, scope=replace(DECIDED, **change))


HELD = {
    "neue Spalte": ("columns", scope(columns=(*COLUMNS, Column("besitz", "text")))),
    "fehlende Spalte": ("columns", scope(columns=COLUMNS[:1])),
    "anderer Typ": ("columns", scope(columns=(COLUMNS[0], Column("pflanzjahr", "text")))),
    "Freitext": ("columns", scope(columns=(Column("art", "text", True), COLUMNS[1]))),
    "andere Quelle": ("source", scope(source="Liste von Hand")),
    "andere Zeilen": ("rows", scope(rows="Bäume auf privaten Grundstücken")),
    "anderer Ort": ("rows", scope(spatial=frozenset({"07335"}))),
    "nicht geprüft": ("screened", replace(NEXT_YEAR, screened=False)),
    "Fund": ("findings", replace(NEXT_YEAR, findings=2)),
}


@pytest.mark.parametrize(("code", "renewal"), HELD.values(), ids=HELD)
def test_each_change_holds_the_new_file_back(code, renewal):
    found = held_back(DECIDED, renewal, in_force=True)
    assert [miss.code for miss in found] == [code]
    assert all(found[0].texts[lang] and found[0].remedy[lang] for lang in ("de", "en"))


def test_a_decision_that_ended_lets_nothing_through():
    assert [m.code for m in held_back(DECIDED, NEXT_YEAR, in_force=False)] == ["in_force"]


def test_an_unknown_source_is_never_the_same_source():
    nowhere = replace(DECIDED, source="")
    assert [m.code for m in held_back(nowhere, Renewal(nowhere, True), in_force=True)] == [
        "source"
    ]


# -- The file ---------------------------------------------------------------------------------

FAULTS = {
    "kein YAML": ("conditions:\n", "conditions: [\n", "Zeile"),
    "Bedingung unbekannt": ("  own: {", "  owned: {", "die Bedingung „owned“ gibt es nicht"),
    "Bedingung fehlt": ("  own: {", "  #own: {", "die Bedingung „own“ fehlt"),
    "Abhilfe fehlt": ("remedy: {", "tip: {", "„remedy“ fehlt"),
    "Art unbekannt": ("- bau/brunnen", "- bau/brunen", "den Musterdatensatz „bau/brunen“"),
    "Zweig unbekannt": ("sozialeHilfe/flucht/,", "sozialeHilfe/x/,", "„sozialeHilfe/x/“"),
    "vorgeschlagen und nie": (
        "- bau/brunnen",
        "- wirtschaft/insolvenz",
        "steht auch unter „never“",
    ),
    "Frage unbekannt": ("  F5: {", "  F9: {", "die Frage F9 gehört nicht hierher"),
    "Frage fehlt": ("  F5: {", "  #F5: {", "die Frage F5 fehlt"),
    "Frage doppelt": ("  F5: {", "  F4: {", "die Frage F4 steht schon da"),
    "Häkchen fehlt": ("  G3: {", "  #G3: {", "die Frage G3 fehlt"),
    "Antwort entlastet nicht": ("relieved: none", "relieved: no", "„no“ entlastet"),
    "Deutsch fehlt": ("  F5: {de:", "  F5: {fr:", "„de“ fehlt"),
}


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_file_is_refused_with_line_and_reason(old, new, reason):
    text = text_of(short_check.FILE)
    assert old in text
    with pytest.raises(CatalogueError, match=r"kurzpruefung\.yaml, Zeile \d+") as error:
        read(text.replace(old, new, 1), CATALOGUE)
    assert reason in str(error.value)


def test_a_change_of_the_lists_is_another_catalogue():
    texts = {name: text_of(name) for name in catalogue.FILES}
    changed = texts | {short_check.FILE: texts[short_check.FILE].replace("- bau/brunnen\n", "")}
    assert catalogue.read(texts).hash != catalogue.read(changed).hash
