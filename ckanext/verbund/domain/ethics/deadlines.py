# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Working days, reminders, deputies, escalation, Wiedervorlage and expiry.

A missed deadline reminds, then asks a deputy, then goes further up. It never decides: nothing
here knows how to move a case (publish-or-not, section 1, no. 4).

All of it counts in days of the portal's time zone, so that neither summer time nor the time of
day matters. A clock that jumps sends at most one notice too early, and none twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum, IntEnum
from functools import lru_cache

import holidays

from ckanext.verbund.domain.german import BERLIN

from .workflow import COMMENTERS, Role, State

REVIEW_YEARS = 3  # publish-or-not, section 5.4
NOTICE_DAYS = 20  # working days before a review or an expiry
_DAY = timedelta(days=1)
#: Key of a Land, the first two digits of the AGS, and its code in ISO 3166-2.
LANDS: Mapping[str, str] = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP",
    "08": "BW", "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN",
    "15": "ST", "16": "TH",
}  # fmt: skip


# -- Days -------------------------------------------------------------------------------------


def today(now: datetime, zone: tzinfo = BERLIN) -> date:
    """Return the day that it is in the portal's time zone.

    Args:
        now: A moment with time zone.
        zone: The portal's.

    Raises:
        ValueError: The moment has no time zone: which day it is would be a guess.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without time zone belongs to no day")
    return now.astimezone(zone).date()


def is_working_day(day: date, land: str) -> bool:
    """Return whether offices work: Monday to Friday and no public holiday of the Land.

    Holidays of single towns (Augsburg, Fronleichnam in parts of Saxony and Thuringia) and days
    that an administration gives off, such as 24 December, count as working days.

    Args:
        day: The day.
        land: Key of the Land such as ``07``; an unknown one has the national holidays.
    """
    return day.weekday() < 5 and day not in _holidays(land, day.year)


def add_working_days(day: date, days: int, land: str) -> date:
    """Return the last day of a period of working days; the first day does not count.

    Source: § 31 VwVfG with § 187 Abs. 1 and § 193 BGB.

    Args:
        day: When it begins.
        days: How many working days, none or more.
        land: Key of the Land.
    """
    left = days
    while left > 0:
        day += _DAY
        left -= is_working_day(day, land)
    return day


def next_working_day(day: date, land: str) -> date:
    """Return the day, or the first working day after it (§ 193 BGB)."""
    while not is_working_day(day, land):
        day += _DAY
    return day


@lru_cache(maxsize=256)
def _holidays(land: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=LANDS.get(land), years=year))


# -- Reminders --------------------------------------------------------------------------------


class Stage(IntEnum):
    """How far a notice goes; each includes the people of those before."""

    REMIND = 1
    DEPUTY = 2
    ESCALATE = 3


@dataclass(frozen=True)
class Limit:
    """How long a case may wait in a state.

    Attributes:
        roles: Who is waited for.
        remind: Working days until they are reminded.
        deputy: Until their deputies are asked too; None: never.
        escalate: Until it goes further up; None: never.
        to: Who is told then.
    """

    roles: tuple[Role, ...]
    remind: int
    deputy: int | None = None
    escalate: int | None = None
    to: Role | None = None

    def after(self, stage: Stage) -> int | None:
        """Return after how many working days a stage is reached."""
        return {
            Stage.REMIND: self.remind,
            Stage.DEPUTY: self.deputy,
            Stage.ESCALATE: self.escalate,
        }[stage]


#: In the other states a case waits for nobody.
LIMITS: Mapping[State, Limit] = {
    State.DRAFT: Limit((Role.EDITOR,), remind=10),
    State.REVIEW: Limit((Role.REVIEWER,), 3, 5, 8, Role.DECIDER),
    State.COMMENTS: Limit(tuple(COMMENTERS.values()), 5, 8, 10, Role.LEITUNG),
    State.READY: Limit((Role.DECIDER,), 3, 5, 8, Role.LEITUNG),
    State.SUSPENDED: Limit((Role.DECIDER,), 1, 2, 3, Role.LEITUNG),
}


@dataclass(frozen=True)
class Notice:
    """Somebody has to be told that a case waits.

    Attributes:
        stage: How far it goes.
        roles: Whom it concerns, those it went further up to included.
        due: The day by which it should have been done.
        waited: Working days that it has waited.
    """

    stage: Stage
    roles: tuple[Role, ...]
    due: date
    waited: int


def notice(  # noqa: PLR0913 a case, a calendar and what was done
    state: State,
    since: date,
    day: date,
    land: str,
    *,
    sent: Collection[Stage] = (),
    open_roles: Collection[Role] | None = None,
    limits: Mapping[State, Limit] = LIMITS,
) -> Notice | None:
    """Return the notice that is to be sent now, or None.

    Only the furthest stage is sent: after a week without mail people get one, not three.

    Args:
        state: Where the case stands.
        since: The day on which it got there.
        day: Today.
        land: Key of the Land.
        sent: Stages sent already since then.
        open_roles: Of several roles waited for, those that have not answered.
        limits: The table.
    """
    limit = limits.get(state)
    if limit is None:
        return None
    roles = tuple(r for r in limit.roles if open_roles is None or r in open_roles)
    reached = [
        stage
        for stage in Stage
        if (days := limit.after(stage)) is not None
        and day >= add_working_days(since, days, land)
    ]
    if not roles or not reached or max(reached) <= max(sent, default=0):
        return None
    stage = max(reached)
    up = (limit.to,) if stage is Stage.ESCALATE and limit.to else ()
    return Notice(
        stage=stage,
        roles=(*roles, *up),
        due=due(state, since, land, limits) or day,
        waited=_between(since, day, land),
    )


def due(
    state: State, since: date, land: str, limits: Mapping[State, Limit] = LIMITS
) -> date | None:
    """Return the day by which a case should leave its state; None: it waits for nobody."""
    limit = limits.get(state)
    return add_working_days(since, limit.remind, land) if limit else None


def _between(since: date, day: date, land: str) -> int:
    days = (day - since).days
    return sum(is_working_day(since + n * _DAY, land) for n in range(1, days + 1))


# -- Who is asked -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """Somebody with a role.

    Attributes:
        person: The account.
        role: What it is for.
        deputies: Accounts that stand in, in order.
        away: First and last days of absence.
    """

    person: str
    role: Role
    deputies: tuple[str, ...] = ()
    away: tuple[tuple[date, date], ...] = ()


def recipients(
    told: Notice,
    holders: Iterable[Holder],
    day: date,
    authors: Collection[str] = (),
) -> tuple[str, ...]:
    """Return who gets a notice.

    Whoever is away, or has written the case and must not decide it, is replaced by a deputy at
    once. If nobody is left, Leitung is told.

    Args:
        told: The notice.
        holders: Everybody with a role for this member.
        day: Today.
        authors: Everybody who wrote the case.

    Returns:
        Accounts without repetition. Empty: the member has nobody, which is an alarm.
    """
    people = list(holders)
    away = {h.person for h in people if any(first <= day <= last for first, last in h.away)}

    def asked(role: Role) -> list[str]:
        barred = away if role is Role.EDITOR else away | set(authors)
        found = []
        for holder in people:
            if holder.role is not role:
                continue
            if holder.person not in barred:
                found.append(holder.person)
            if holder.person in barred or told.stage >= Stage.DEPUTY:
                found += [d for d in holder.deputies if d not in barred]
        return found

    found = [person for role in told.roles for person in asked(role)]
    return tuple(dict.fromkeys(found or asked(Role.LEITUNG)))


# -- Wiedervorlage and "gültig bis" -----------------------------------------------------------


class Standing(str, Enum):
    """How a publication stands in time. Only ``ENDED`` ends it."""

    CURRENT = "current"
    REVIEW_SOON = "review_soon"
    REVIEW_DUE = "review_due"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"

    @property
    def public(self) -> bool:
        """Return whether the data are still public as far as time goes."""
        return self is not Standing.ENDED


def review_on(decided: date, land: str, years: int = REVIEW_YEARS) -> date:
    """Return the day of the Wiedervorlage: a working day, years after the decision.

    Args:
        decided: Day of the decision; 29 February becomes 28 February.
        land: Key of the Land.
        years: How many years later.
    """
    try:
        day = decided.replace(year=decided.year + years)
    except ValueError:
        day = decided.replace(year=decided.year + years, day=28)
    return next_working_day(day, land)


def standing(review: date | None, valid_until: date | None, day: date, land: str) -> Standing:
    """Return how a publication stands.

    Args:
        review: Day of the Wiedervorlage; it reminds, the data stay public.
        valid_until: Last day on which the data are public, if one was set.
        day: Today.
        land: Key of the Land.
    """
    soon = add_working_days(day, NOTICE_DAYS, land)
    if valid_until and day > valid_until:
        return Standing.ENDED
    if valid_until and soon >= valid_until:
        return Standing.ENDS_SOON
    if review and day >= review:
        return Standing.REVIEW_DUE
    if review and soon >= review:
        return Standing.REVIEW_SOON
    return Standing.CURRENT
