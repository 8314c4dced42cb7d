# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every state × action × role, and that nothing gets public without a second person."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.verbund.domain.ethics.assess import Outcome, Recommendation
from ckanext.verbund.domain.ethics.catalogue import Effect
from ckanext.verbund.domain.ethics.workflow import (
    COMMENTERS,
    PUBLIC,
    Action,
    File,
    NotAllowed,
    Person,
    Role,
    State,
    Wish,
    act,
    content_changed,
    is_public,
    possible,
    refusal,
)

TODAY = date(2026, 11, 25)
OPEN = Recommendation(Outcome.OPEN)
LEITUNG = Person("lena", frozenset({Role.LEITUNG}))


def wish(action, roles, who="zweite", **more):
    given = {"reason": "weil", "conditions": "auf Anfrage", "fingerprint": "f"}
    given |= {"way": "on_request"} | more
    return Wish(action, Person(who, frozenset(roles)), **given)


def file(state, **more):
    given = {"authors": frozenset({"autorin"}), "fingerprint": "f", "decided": "f"} | more
    return File(state, **given)


# Who may do what, written down a second time, by hand: state → action → roles.
E, P, D, L = Role.EDITOR, Role.REVIEWER, Role.DECIDER, Role.LEITUNG
EXPERTS = set(COMMENTERS.values())
ANYBODY = {E, P, D, Role.DPO, L}
TABLE = {
    State.DRAFT: {Action.ANSWER: {E}, Action.SUBMIT: {E}},
    State.REVIEW: {Action.RETURN: {P, D}, Action.PASS: {P}},
    State.COMMENTS: {Action.COMMENT: EXPERTS, Action.RETURN: {P, D}},
    State.READY: {
        Action.RETURN: {D},
        Action.COSIGN: {L},
        Action.DECIDE_OPEN: {D},
        Action.DECIDE_RESTRICTED: {D},
        Action.DECIDE_NOT: {D},
    },
    State.DECIDED_OPEN: {Action.SUSPEND: ANYBODY, Action.REVOKE: {D, Role.DPO, L}},
    State.DECIDED_RESTRICTED: {Action.SUSPEND: ANYBODY, Action.REVOKE: {D, Role.DPO, L}},
    State.DECIDED_NOT: {Action.REVIEW_AGAIN: {E, P, D}},
    State.SUSPENDED: {
        Action.RESUME: {D},
        Action.REVOKE: {D, Role.DPO, L},
        Action.REVIEW_AGAIN: {E, P, D},
    },
    State.REVOKED: {Action.REVIEW_AGAIN: {E, P, D}},
}


@pytest.mark.parametrize("state", State)
def test_every_action_of_every_role(state):
    for action, role in product(Action, Role):
        allowed = role in TABLE[state].get(action, set())
        got = refusal(file(state), wish(action, {role}), OPEN)
        assert (got is None) == allowed, (state, action, role, got)


@pytest.mark.parametrize("state", State)
def test_somebody_without_a_role_may_nothing(state):
    assert possible(file(state), Person("betrieb"), OPEN) == []


FOUR_EYES = {
    (State.REVIEW, Action.RETURN), (State.REVIEW, Action.PASS),
    (State.COMMENTS, Action.RETURN), (State.READY, Action.RETURN),
    (State.READY, Action.DECIDE_OPEN), (State.READY, Action.DECIDE_RESTRICTED),
    (State.READY, Action.DECIDE_NOT), (State.SUSPENDED, Action.RESUME),
    (State.READY, Action.COSIGN),
}  # fmt: skip


@pytest.mark.parametrize(("state", "action"), sorted(FOUR_EYES))
def test_who_wrote_a_case_does_not_judge_it(state, action):
    everything = frozenset(Role)
    got = refusal(file(state), wish(action, everything, who="autorin"), OPEN)
    assert got.code == "four-eyes"
    assert refusal(file(state), wish(action, everything), OPEN) is None


def test_the_way_of_a_harmless_case():
    case = File(fingerprint="f")
    case = act(case, wish(Action.ANSWER, {E}, who="autorin"), OPEN)
    case = act(case, wish(Action.SUBMIT, {E}, who="autorin"), OPEN)
    assert case.state is State.REVIEW
    case = act(case, wish(Action.PASS, {P}), OPEN)
    assert case.state is State.READY
    case = act(case, wish(Action.DECIDE_OPEN, {D}), OPEN)
    assert is_public(case, "f", TODAY)


def test_without_reviewers_and_comments_a_case_is_ready_at_once():
    case = act(file(State.DRAFT, has_reviewer=False), wish(Action.SUBMIT, {E}), OPEN)
    assert case.state is State.READY


def test_comments_come_before_the_decision():
    waits = Recommendation(Outcome.RESTRICTED, open_comments=(Effect.DSB,))
    case = act(file(State.REVIEW), wish(Action.PASS, {P}), waits)
    assert case.state is State.COMMENTS
    assert act(case, wish(Action.COMMENT, {Role.DPO}), waits).state is State.COMMENTS
    assert act(case, wish(Action.COMMENT, {Role.DPO}), OPEN).state is State.READY
    late = wish(Action.DECIDE_RESTRICTED, {D})
    assert refusal(file(State.READY), late, waits).code == "comments"


def test_a_specialist_gives_only_the_own_comment():
    waits = Recommendation(Outcome.RESTRICTED, open_comments=(Effect.DSB,))
    foreign = wish(Action.COMMENT, {Role.LEGAL}, effect=Effect.DSB)
    assert refusal(file(State.COMMENTS), foreign, waits).code == "role"
    own = wish(Action.COMMENT, {Role.LEGAL}, effect=Effect.RECHT)
    assert refusal(file(State.COMMENTS), own, waits) is None


CODES = {
    "unvollständig": (Action.DECIDE_OPEN, Recommendation(Outcome.INCOMPLETE), {}, "incomplete"),
    "Widerspruch": (Action.DECIDE_OPEN, Recommendation(Outcome.BLOCKED), {}, "blocked"),
    "andere Fassung gesehen": (Action.DECIDE_OPEN, OPEN, {"fingerprint": "alt"}, "changed"),
    "Abweichung ohne Grund": (Action.DECIDE_NOT, OPEN, {"reason": " "}, "deviation"),
    "eingeschränkt ohne Bedingung": (
        Action.DECIDE_RESTRICTED,
        Recommendation(Outcome.RESTRICTED),
        {"conditions": ""},
        "conditions",
    ),
    "eingeschränkt, aber wie": (
        Action.DECIDE_RESTRICTED,
        Recommendation(Outcome.RESTRICTED),
        {"way": ""},
        "way",
    ),
    "Pflicht, kein Grund": (
        Action.DECIDE_NOT,
        Recommendation(Outcome.NOT_PUBLISH, needs_ground=True),
        {"cosigned_by": LEITUNG},
        "ground",
    ),
    "Pflicht, keine Mitzeichnung": (
        Action.DECIDE_NOT,
        Recommendation(Outcome.NOT_PUBLISH, needs_ground=True),
        {"legal_ground": "§ 35 SGB I"},
        "cosign",
    ),
    "Mitzeichnung durch die Autorin": (
        Action.DECIDE_NOT,
        Recommendation(Outcome.NOT_PUBLISH, needs_ground=True),
        {"legal_ground": "§ 35 SGB I", "cosigned_by": replace(LEITUNG, id="autorin")},
        "cosign",
    ),
}


@pytest.mark.parametrize(("action", "advice", "more", "code"), CODES.values(), ids=CODES)
def test_a_decision_is_refused(action, advice, more, code):
    with pytest.raises(NotAllowed) as error:
        act(file(State.READY), wish(action, {D}, **more), advice)
    assert error.value.refusal.code == code
    assert error.value.refusal.message_de.endswith(".")


def test_a_refusal_in_spite_of_a_duty_with_ground_and_co_signature():
    advice = Recommendation(Outcome.NOT_PUBLISH, needs_ground=True)
    signed = wish(Action.DECIDE_NOT, {D}, legal_ground="§ 35 SGB I", cosigned_by=LEITUNG)
    assert act(file(State.READY), signed, advice).state is State.DECIDED_NOT


def test_stopping_needs_a_reason_and_going_on_the_same_content():
    case = file(State.DECIDED_OPEN)
    assert refusal(case, wish(Action.SUSPEND, {E}, reason=""), OPEN).code == "reason"
    stopped = act(case, wish(Action.SUSPEND, {E}), OPEN)
    assert not is_public(stopped, "f", TODAY)
    assert is_public(act(stopped, wish(Action.RESUME, {D}), OPEN), "f", TODAY)
    other = content_changed(stopped, "g", "x")
    assert refusal(other, wish(Action.RESUME, {D}), OPEN).code == "changed"


def test_other_content_is_not_public_and_opens_the_questions_again():
    assert not is_public(file(State.DECIDED_OPEN), "g", TODAY)
    changed = content_changed(file(State.READY), "g", "drittes")
    assert changed.state is State.DRAFT
    assert "drittes" in changed.authors
    assert content_changed(file(State.READY), "f", "drittes") == file(State.READY)


def test_public_ends_after_the_last_day_only():
    case = file(State.DECIDED_OPEN, valid_until=TODAY)
    assert is_public(case, "f", TODAY)
    assert not is_public(case, "f", TODAY + timedelta(days=1))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*Action, "edit"]),
            st.sampled_from("abc"),
            st.sets(st.sampled_from(Role)),
            st.sampled_from([OPEN, Recommendation(Outcome.RESTRICTED)]),
            st.sampled_from("fg"),
        ),
        max_size=25,
    )
)
def test_nothing_gets_public_without_a_decision_of_another_person(history):
    case, decisions = File(fingerprint="f"), []
    for action, who, roles, advice, content in history:
        if action == "edit":
            case = content_changed(case, content, who)
            continue
        try:
            after = act(case, wish(action, roles, who, fingerprint=content), advice)
        except NotAllowed:
            continue
        if action in {Action.DECIDE_OPEN, Action.DECIDE_RESTRICTED}:
            assert who not in case.authors
            assert Role.DECIDER in roles
            decisions.append(case.fingerprint)
        case = after
        if case.state in PUBLIC:
            assert case.decided in decisions
            assert not is_public(case, "anderes", TODAY)
