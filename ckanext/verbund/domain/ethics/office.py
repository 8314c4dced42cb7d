# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures for the data office of a member: where cases stand, how long offices take.

Durations exist per office, never per person, and only from ``LEAST`` on (publish-or-not,
section 7); a reminder or a deputy leaves no trace in them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from .deadlines import Standing, due, standing
from .register import LEAST
from .workflow import Role, State

#: Whose work a state is. Specialists each have their own figure, from their comments.
OFFICES: Mapping[State, Role] = {
    State.DRAFT: Role.EDITOR,
    State.REVIEW: Role.REVIEWER,
    State.READY: Role.DECIDER,
}
_SECONDS = 86400


@dataclass(frozen=True)
class Event:
    """An entry of the audit chain, as far as figures need it.

    Attributes:
        case_id: The case.
        at: When.
        action: What was done.
        state: State of the case after it.
        role: In which role; of several the first.
    """

    case_id: str
    at: datetime
    action: str
    state: str
    role: str = ""


@dataclass(frozen=True)
class Known:
    """A case as the office sees it.

    Attributes:
        id: The case.
        title: Of its dataset.
        state: Where it stands.
        since: Day on which it got there.
        land: Key of the Land, for holidays.
        outcome: What was decided, or empty.
        decided_on: When.
        grounds: Codes of the decision.
        review_on: Day of the Wiedervorlage, if the decision counts.
        valid_until: Last day of the publication, likewise.
    """

    id: str
    title: str
    state: State
    since: date
    land: str = ""
    outcome: str = ""
    decided_on: date | None = None
    grounds: tuple[str, ...] = ()
    review_on: date | None = None
    valid_until: date | None = None

    @property
    def due(self) -> date | None:
        """Return the day by which it should go on, None if it waits for nobody."""
        return due(self.state, self.since, self.land)

    def late(self, today: date) -> int:
        """Return by how many days it is overdue."""
        return max(0, (today - self.due).days) if self.due else 0

    def standing(self, today: date) -> Standing:
        """Return how its publication stands in time."""
        return standing(self.review_on, self.valid_until, today, self.land)


@dataclass(frozen=True)
class Duration:
    """How long an office takes.

    Attributes:
        role: The office.
        number: How many pieces of work there were, None below ``LEAST``.
        median_days: Their median in days, None likewise.
    """

    role: Role
    number: int | None
    median_days: float | None


def durations(events: Iterable[Event]) -> list[Duration]:
    """Return the median time that each office took for a piece of work.

    A piece of work begins when the case comes to the office and ends when it leaves it, for
    a specialist with the comment.

    Args:
        events: Of all cases, in their order within each case.
    """
    found: dict[Role, list[float]] = defaultdict(list)
    began: dict[str, tuple[str, datetime]] = {}
    for one in events:
        state, since = began.get(one.case_id, ("", one.at))
        days = (one.at - since).total_seconds() / _SECONDS
        if one.action == "comment" and one.role:
            found[Role(one.role)].append(days)
        if one.state and one.state != state:
            if state in {s.value for s in OFFICES}:
                found[OFFICES[State(state)]].append(days)
            began[one.case_id] = (one.state, one.at)
    return [
        Duration(role, len(found[role]), round(median(found[role]), 1))
        if len(found[role]) >= LEAST
        else Duration(role, None, None)
        for role in Role
        if found[role]
    ]


def by_state(cases: Iterable[Known]) -> dict[State, int]:
    """Return how many cases are in each state, in the order of the states."""
    counted = Counter(one.state for one in cases)
    return {state: counted[state] for state in State if counted[state]}


def by_ground(cases: Iterable[Known]) -> dict[str, int]:
    """Return how often each ground stood in a decision, the most frequent first."""
    return dict(Counter(code for one in cases for code in one.grounds).most_common())


def overdue(cases: Iterable[Known], today: date) -> list[Known]:
    """Return the cases that wait too long, the longest first."""
    late = [one for one in cases if one.late(today)]
    return sorted(late, key=lambda one: (-one.late(today), one.title))


def reviews(cases: Iterable[Known], today: date) -> list[Known]:
    """Return publications that end, or are looked at again, soon or already; the next first."""
    standings = ((one, one.standing(today)) for one in cases)
    found = [one for one, how in standings if how is not Standing.CURRENT]
    return sorted(found, key=lambda one: min(d for d in (one.valid_until, one.review_on) if d))
