# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Working days of a Land, reminders that never decide, review and expiry."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.verbund.domain.ethics import deadlines, workflow
from ckanext.verbund.domain.ethics.deadlines import (
    LIMITS,
    Holder,
    Notice,
    Stage,
    Standing,
    add_working_days,
    due,
    is_working_day,
    next_working_day,
    notice,
    recipients,
    review_on,
    standing,
    today,
)
from ckanext.verbund.domain.ethics.workflow import File, Role, State, is_public

RLP, SAAR = "07", "10"
MONDAY = date(2026, 11, 23)
UTC = timezone.utc


# -- Days -------------------------------------------------------------------------------------

DAYS = {
    "ein Montag": (MONDAY, True, True),
    "ein Samstag": (date(2026, 11, 28), False, False),
    "ein Sonntag": (date(2026, 11, 29), False, False),
    "Fronleichnam": (date(2026, 6, 4), False, False),
    "Allerheiligen 2027": (date(2027, 11, 1), False, False),
    "Mariä Himmelfahrt 2025": (date(2025, 8, 15), True, False),
    "Reformationstag 2025": (date(2025, 10, 31), True, True),
    "Heiligabend": (date(2026, 12, 24), True, True),
}


@pytest.mark.parametrize(("day", "rlp", "saar"), DAYS.values(), ids=DAYS)
def test_working_days_are_those_of_the_land(day, rlp, saar):
    assert (is_working_day(day, RLP), is_working_day(day, SAAR)) == (rlp, saar)


def test_an_unknown_land_has_the_national_holidays():
    assert not is_working_day(date(2026, 5, 1), "")
    assert is_working_day(date(2026, 6, 4), "")


def test_every_land_is_known():
    assert len(set(deadlines.LANDS.values())) == 16
    for land in deadlines.LANDS:
        assert not is_working_day(date(2026, 12, 25), land)


@pytest.mark.parametrize(
    ("start", "days", "land", "end"),
    [
        (MONDAY, 0, RLP, MONDAY),
        (MONDAY, 4, RLP, date(2026, 11, 27)),
        (MONDAY, 5, RLP, date(2026, 11, 30)),
        (date(2026, 12, 23), 3, RLP, date(2026, 12, 29)),
        (date(2025, 8, 14), 1, RLP, date(2025, 8, 15)),
        (date(2025, 8, 14), 1, SAAR, date(2025, 8, 18)),
    ],
    ids=["keiner", "Woche", "Wochenende", "Weihnachten", "Rheinland-Pfalz", "Saarland"],
)
def test_periods_skip_what_is_no_working_day(start, days, land, end):
    assert add_working_days(start, days, land) == end


def test_the_next_working_day_may_be_the_day_itself():
    assert next_working_day(MONDAY, RLP) == MONDAY
    assert next_working_day(date(2026, 12, 25), RLP) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_is_that_of_the_portal_also_when_clocks_change(moment, day):
    assert today(moment) == day


def test_a_moment_without_time_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="time zone"):
        today(datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 the fault


# -- Reminders --------------------------------------------------------------------------------

RESTING = {State.DECIDED_OPEN, State.DECIDED_RESTRICTED, State.DECIDED_NOT, State.REVOKED}


def test_every_state_has_a_limit_or_waits_for_nobody():
    assert set(LIMITS) | RESTING == set(State)
    assert not set(LIMITS) & RESTING
    for state in RESTING:
        assert due(state, MONDAY, RLP) is None
        assert notice(state, MONDAY, date(2099, 1, 1), RLP) is None


E, P, D, L = Role.EDITOR, Role.REVIEWER, Role.DECIDER, Role.LEITUNG
# Written down a second time, by hand: state → stage → working days, and who is told last.
TABLE = [
    (State.DRAFT, Stage.REMIND, 10, (E,)),
    (State.REVIEW, Stage.REMIND, 3, (P,)),
    (State.REVIEW, Stage.DEPUTY, 5, (P,)),
    (State.REVIEW, Stage.ESCALATE, 8, (P, D)),
    (State.COMMENTS, Stage.REMIND, 5, (Role.DPO,)),
    (State.COMMENTS, Stage.DEPUTY, 8, (Role.DPO,)),
    (State.COMMENTS, Stage.ESCALATE, 10, (Role.DPO, L)),
    (State.READY, Stage.REMIND, 3, (D,)),
    (State.READY, Stage.DEPUTY, 5, (D,)),
    (State.READY, Stage.ESCALATE, 8, (D, L)),
    (State.SUSPENDED, Stage.REMIND, 1, (D,)),
    (State.SUSPENDED, Stage.DEPUTY, 2, (D,)),
    (State.SUSPENDED, Stage.ESCALATE, 3, (D, L)),
]


def test_the_table_is_whole():
    mine = {(state, stage, days) for state, stage, days, _ in TABLE}
    assert mine == {
        (state, stage, limit.after(stage))
        for state, limit in LIMITS.items()
        for stage in Stage
        if limit.after(stage) is not None
    }


@pytest.mark.parametrize(("state", "stage", "days", "roles"), TABLE)
def test_each_stage_comes_on_its_day_and_not_the_day_before(state, stage, days, roles):
    on = add_working_days(MONDAY, days, RLP)
    open_roles = {Role.DPO} if state is State.COMMENTS else None
    lower = [s for s in Stage if s < stage]
    found = notice(state, MONDAY, on, RLP, sent=lower, open_roles=open_roles)
    assert (found.stage, found.roles, found.waited) == (stage, roles, days)
    assert found.due == due(state, MONDAY, RLP)
    early = on - timedelta(days=1)
    assert notice(state, MONDAY, early, RLP, sent=lower, open_roles=open_roles) is None
    again = [*lower, stage]
    assert notice(state, MONDAY, on, RLP, sent=again, open_roles=open_roles) is None


def test_after_a_long_silence_one_notice_is_sent_and_not_three():
    late = MONDAY + timedelta(days=60)
    assert notice(State.READY, MONDAY, late, RLP).stage is Stage.ESCALATE
    assert notice(State.READY, MONDAY, late, RLP, sent=[Stage.ESCALATE]) is None


def test_specialists_who_answered_are_not_reminded():
    late = MONDAY + timedelta(days=30)
    found = notice(State.COMMENTS, MONDAY, late, RLP, open_roles={Role.LEGAL})
    assert found.roles == (Role.LEGAL, Role.LEITUNG)
    assert notice(State.COMMENTS, MONDAY, late, RLP, open_roles=()) is None


def test_a_clock_that_jumped_back_sends_nothing():
    assert notice(State.READY, MONDAY, MONDAY - timedelta(days=400), RLP) is None


def test_a_missed_deadline_knows_no_way_to_move_a_case():
    moves = {"act", "Action", "Wish", "File", "RULES"}
    assert moves <= set(vars(workflow))
    assert not moves & set(vars(deadlines))


@settings(max_examples=60, deadline=None)
@given(
    since=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    jumps=st.lists(st.integers(-4000, 4000), max_size=12),
    state=st.sampled_from(State),
)
def test_however_the_clock_jumps_each_stage_is_sent_once_at_most(since, jumps, state):
    sent: list[Stage] = []
    for jump in jumps:
        found = notice(state, since, since + timedelta(days=jump), RLP, sent=sent)
        if found:
            assert jump > 0
            assert found.stage not in sent
            sent.append(found.stage)
    assert sent == sorted(sent)


# -- Who is asked -----------------------------------------------------------------------------

AWAY = ((date(2026, 11, 20), date(2026, 11, 30)),)
DORA = Holder("dora", D, deputies=("paul",))
LENA = Holder("lena", L)


def told(stage, *roles) -> Notice:
    return Notice(stage, roles or (D,), MONDAY, 3)


@pytest.mark.parametrize(
    ("stage", "holders", "authors", "wanted"),
    [
        (Stage.REMIND, [DORA, LENA], (), ("dora",)),
        (Stage.DEPUTY, [DORA, LENA], (), ("dora", "paul")),
        (Stage.REMIND, [replace(DORA, away=AWAY), LENA], (), ("paul",)),
        (Stage.REMIND, [DORA, LENA], ("dora",), ("paul",)),
        (Stage.DEPUTY, [DORA, LENA], ("paul",), ("dora",)),
        (Stage.REMIND, [DORA, LENA], ("dora", "paul"), ("lena",)),
        (Stage.REMIND, [replace(DORA, away=AWAY), Holder("paul", P, away=AWAY)], (), ()),
        (Stage.REMIND, [LENA], (), ("lena",)),
        (Stage.REMIND, [DORA, Holder("dora", D)], (), ("dora",)),
    ],
    ids=[
        "zuständig",
        "dazu die Vertretung",
        "abwesend",
        "hat selbst geschrieben",
        "Vertretung hat geschrieben",
        "niemand übrig: Leitung",
        "niemand",
        "Rolle unbesetzt",
        "niemand doppelt",
    ],
)
def test_notices_go_to_whoever_may_act(stage, holders, authors, wanted):
    assert recipients(told(stage), holders, MONDAY, authors) == wanted


def test_absence_ends():
    back = date(2026, 12, 1)
    assert recipients(told(Stage.REMIND), [replace(DORA, away=AWAY)], back) == ("dora",)


def test_authors_are_reminded_of_their_own_draft():
    erik = Holder("erik", E)
    assert recipients(told(Stage.REMIND, E), [erik, LENA], MONDAY, ("erik",)) == ("erik",)


def test_escalation_reaches_both():
    assert recipients(told(Stage.ESCALATE, D, L), [DORA, LENA], MONDAY) == (
        "dora",
        "paul",
        "lena",
    )


# -- Wiedervorlage and "gültig bis" -----------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "years", "wanted"),
    [
        (date(2026, 11, 25), 3, date(2029, 11, 26)),
        (date(2024, 2, 29), 3, date(2027, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 11, 25), 1, date(2027, 11, 25)),
    ],
    ids=["auf einen Sonntag", "Schalttag", "Schalttag zu Schalttag", "ein Jahr"],
)
def test_the_review_is_on_a_working_day_years_later(decided, years, wanted):
    assert review_on(decided, RLP, years) == wanted


NEAR, FAR, PAST = MONDAY + timedelta(days=20), MONDAY + timedelta(days=90), date(2026, 11, 20)
STANDINGS = {
    "nichts gesetzt": (None, None, Standing.CURRENT),
    "alles fern": (FAR, FAR, Standing.CURRENT),
    "Wiedervorlage nah": (NEAR, None, Standing.REVIEW_SOON),
    "Wiedervorlage heute": (MONDAY, None, Standing.REVIEW_DUE),
    "Wiedervorlage vorbei": (PAST, None, Standing.REVIEW_DUE),
    "Ablauf nah": (PAST, NEAR, Standing.ENDS_SOON),
    "letzter Tag": (None, MONDAY, Standing.ENDS_SOON),
    "abgelaufen": (None, PAST, Standing.ENDED),
    "abgelaufen trotz Wiedervorlage": (FAR, PAST, Standing.ENDED),
}


@pytest.mark.parametrize(("review", "until", "wanted"), STANDINGS.values(), ids=STANDINGS)
def test_a_review_reminds_and_an_expiry_ends(review, until, wanted):
    found = standing(review, until, MONDAY, RLP)
    assert found is wanted
    assert found.public is (wanted is not Standing.ENDED)


@settings(max_examples=100, deadline=None)
@given(
    review=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    until=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    day=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_the_standing_and_the_gate_agree(review, until, day):
    file = File(State.DECIDED_OPEN, decided="f", fingerprint="f", valid_until=until)
    assert standing(review, until, day, RLP).public == is_public(file, "f", day)
