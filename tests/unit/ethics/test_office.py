# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures of the data office: per office, never per person, small ones not at all."""

from dataclasses import fields
from datetime import date, datetime, timedelta, timezone

from ckanext.verbund.domain.ethics.office import (
    Duration,
    Event,
    Known,
    by_ground,
    by_state,
    durations,
    overdue,
    reviews,
)
from ckanext.verbund.domain.ethics.workflow import Role, State

TODAY = date(2026, 11, 25)
BEGIN = datetime(2026, 11, 2, 9, tzinfo=timezone.utc)


def way(id, *steps):
    """Return events of a case: day, action, state after, role."""
    return [Event(id, BEGIN + timedelta(days=d), *rest) for d, *rest in steps]


def usual(id, review, comment, decision):
    return way(
        id,
        (0, "create", "draft", "editor"),
        (1, "answer", "draft", "editor"),
        (2, "submit", "review", "editor"),
        (2, "remind", "review", ""),
        (2 + review, "pass", "comments", "reviewer"),
        (2 + review + comment, "comment", "ready", "dpo"),
        (2 + review + comment + decision, "decide_open", "decided_open", "decider"),
    )


def test_an_office_has_the_median_of_its_pieces_of_work():
    events = [*usual("a", 1, 4, 1), *usual("b", 3, 5, 2), *usual("c", 8, 9, 3)]
    assert durations(events) == [
        Duration(Role.EDITOR, 3, 2.0),
        Duration(Role.REVIEWER, 3, 3.0),
        Duration(Role.DECIDER, 3, 2.0),
        Duration(Role.DPO, 3, 5.0),
    ]


def test_fewer_than_three_are_not_told():
    events = [*usual("a", 1, 4, 1), *usual("b", 3, 5, 2)]
    assert {(one.number, one.median_days) for one in durations(events)} == {(None, None)}


def test_a_case_that_comes_back_is_another_piece_of_work():
    steps = [(0, "create", "draft", "editor")]
    for day in (2, 6, 10):
        steps += [
            (day, "submit", "review", "editor"),
            (day + 1, "return", "draft", "reviewer"),
        ]
    found = {one.role: one.number for one in durations(way("a", *steps))}
    assert found == {Role.EDITOR: 3, Role.REVIEWER: 3}


def test_no_person_is_in_what_figures_are_made_of():
    assert {field.name for field in fields(Event)} == {
        "case_id",
        "at",
        "action",
        "state",
        "role",
    }


def case(id, state, since, **more):
    return Known(id, id, state, since, "07", **more)


CASES = [
    case("alt", State.READY, date(2026, 10, 1)),
    case("neu", State.READY, TODAY),
    case("älter", State.REVIEW, date(2026, 9, 1)),
    case("fertig", State.DECIDED_OPEN, date(2020, 1, 1), grounds=("contract",)),
    case("nicht", State.DECIDED_NOT, date(2020, 1, 1), grounds=("contract", "quality")),
]


def test_cases_are_counted_and_the_late_ones_come_first():
    assert by_state(CASES) == {
        State.REVIEW: 1, State.READY: 2, State.DECIDED_OPEN: 1, State.DECIDED_NOT: 1,
    }  # fmt: skip
    assert by_ground(CASES) == {"contract": 2, "quality": 1}
    assert [one.id for one in overdue(CASES, TODAY)] == ["älter", "alt"]


def test_what_is_looked_at_again_or_ends_stands_in_the_order_of_days():
    made = [
        case("fern", State.DECIDED_OPEN, TODAY, review_on=date(2029, 1, 1)),
        case("bald", State.DECIDED_OPEN, TODAY, review_on=date(2026, 12, 10)),
        case("ende", State.DECIDED_OPEN, TODAY, valid_until=date(2026, 12, 1)),
        case("nie", State.DECIDED_OPEN, TODAY),
    ]
    assert [one.id for one in reviews(made, TODAY)] == ["ende", "bald"]
