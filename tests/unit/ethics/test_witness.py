# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the automatic check means for a case: it contradicts, and people explain."""

from dataclasses import replace

import pytest

from ckanext.verbund.domain.ethics import witness
from ckanext.verbund.domain.ethics.assess import Outcome, Recommendation
from ckanext.verbund.domain.ethics.witness import (
    EXPLAINABLE,
    EXPLAINERS,
    REMOTE,
    Disposition,
    Screened,
)
from ckanext.verbund.domain.ethics.workflow import (
    PUBLIC,
    Action,
    File,
    NotAllowed,
    Person,
    Role,
    State,
    Wish,
    held_by_finding,
    refusal,
)
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.domain.screening.report import Hit, Part, Report

IBAN = Hit("iban", "", "Konto", 2, 2, "full", "high")
HINT = replace(IBAN, kind="address", confidence="low")
READ = Report("a" * 64, 10, "scanned", hits=(IBAN, HINT), parts=(Part("", 2, ("Konto",)),))
FILE = Screened("r", "Plätze", "a" * 64, report=READ)
BLOCKED, OPEN = Recommendation(Outcome.BLOCKED), Recommendation(Outcome.OPEN)


def test_a_file_is_pending_until_there_is_a_result_and_a_link_never():
    assert Screened("r", "").pending
    assert not FILE.pending
    assert not Screened("r", "", remote=True).pending
    unread = replace(FILE, report=Report("a" * 64, 10, "unscanned", reason="crashed"))
    assert not unread.pending
    assert witness.pending([FILE, Screened("s", "")])
    assert not witness.pending([FILE])
    assert not witness.pending([])


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, {"iban"}),
        ({Disposition.FALSE}, set()),
        ({Disposition.LAWFUL}, set()),
        ({Disposition.CONFIRMED}, {"iban"}),
    ],
)
def test_only_what_is_false_or_lawful_stops_contradicting(said, left):
    explained = {(FILE.sha256, witness.key(IBAN)): one for one in said}
    assert witness.contradicting([FILE], explained) == left


@pytest.mark.parametrize(
    ("said", "confirmed", "suspected"),
    [
        ({}, set(), {"iban"}),
        ({Disposition.CONFIRMED}, {"iban"}, set()),
        ({Disposition.FALSE}, set(), set()),
    ],
)
def test_proposals_know_what_was_confirmed_and_what_nobody_explained(
    said, confirmed, suspected
):
    explained = {(FILE.sha256, witness.key(IBAN)): one for one in said}
    assert witness.confirmed([FILE], explained) == confirmed
    assert witness.suspected([FILE], explained) == suspected  # a hint is none


def test_an_explanation_is_about_one_place_in_one_content():
    elsewhere = replace(IBAN, column="Kasse")
    false = Disposition.FALSE
    for place in ((FILE.sha256, witness.key(elsewhere)), ("b" * 64, witness.key(IBAN))):
        assert witness.contradicting([FILE], {place: false}) == {"iban"}
    newer = replace(IBAN, rows_matched=9, confidence="medium", version="2030-01-01")
    assert witness.key(newer) == witness.key(IBAN)


def test_only_a_whole_reading_of_every_file_is_complete():
    assert witness.complete([FILE])
    assert not witness.complete([])
    for other in (
        Screened("s", "", remote=True),
        Screened("s", ""),
        replace(FILE, report=replace(READ, status="partial")),
        replace(FILE, report=replace(READ, status="unscanned")),
    ):
        assert not witness.complete([FILE, other])


def test_who_explains_is_an_author_from_now_on():
    after = witness.explain(File(), Person("eva", frozenset({Role.EDITOR})), "Bäume")
    assert after.authors == {"eva"}
    for state in State:
        for role in Role:
            eva = Person("eva", frozenset({role}))
            if state in EXPLAINABLE and role in EXPLAINERS:
                assert witness.explain(File(state), eva, "Bäume").state is state
                continue
            with pytest.raises(NotAllowed) as refused:
                witness.explain(File(state), eva, "Bäume")
            code = "role" if state in EXPLAINABLE else "state"
            assert refused.value.refusal.code == code
    with pytest.raises(NotAllowed, match="Grund"):
        witness.explain(File(), Person("eva", frozenset({Role.EDITOR})), " ")


def test_a_finding_suspends_what_is_public_and_moves_nothing_else():
    for state in State:
        file = File(state, decided="f", fingerprint="f")
        held = held_by_finding(file, BLOCKED)
        expected = State.SUSPENDED if state in PUBLIC else state
        assert held.state is expected
        assert held_by_finding(file, OPEN) == file
    assert held_by_finding(File(State.DECIDED_OPEN), BLOCKED).before is State.DECIDED_OPEN


def test_neither_decided_nor_resumed_before_the_check_spoke():
    dora = Person("dora", frozenset({Role.DECIDER}))
    for state, action in [
        (State.READY, Action.DECIDE_OPEN),
        (State.READY, Action.DECIDE_NOT),
        (State.SUSPENDED, Action.RESUME),
    ]:
        file = File(state, fingerprint="f", decided="f")
        wish = Wish(action, dora, reason="weil", fingerprint="f")
        assert refusal(file, wish, OPEN) is None
        assert refusal(replace(file, unscreened=True), wish, OPEN).code == "unscreened"
        assert refusal(file, wish, BLOCKED).code == "blocked"
    stop = Wish(Action.SUSPEND, dora, reason="weil", fingerprint="f")
    assert refusal(File(State.DECIDED_OPEN, unscreened=True), stop, BLOCKED) is None


def test_why_a_link_was_not_looked_at_has_words():
    assert REMOTE in wording.reasons()
    assert wording.reasons().keys() >= witness.PASSING
