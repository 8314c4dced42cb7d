# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question of a citizen: its kinds, its states, and which step leads where."""

from __future__ import annotations

from datetime import date, datetime, timedelta

#: A request is for data that are given on request; only such datasets offer it.
REQUEST = "request"
KINDS = ("question", "error", "wish", REQUEST)

NEW, IN_PROGRESS, ANSWERED, CLOSED = STATES = ("new", "in_progress", "answered", "closed")
OPEN = (NEW, IN_PROGRESS)

# step → state before → state after; a pair that is missing is not allowed.
_STEPS = {
    "assign": {NEW: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS},
    "answer": {NEW: ANSWERED, IN_PROGRESS: ANSWERED},
    "close": {NEW: CLOSED, IN_PROGRESS: CLOSED, ANSWERED: CLOSED},
    "reopen": {ANSWERED: IN_PROGRESS, CLOSED: IN_PROGRESS},
    "publish": {ANSWERED: ANSWERED, CLOSED: CLOSED},
}
STEPS = tuple(_STEPS)


def after(step: str, state: str) -> str | None:
    """Return the state a step leads to, or None when it is not possible now.

    Args:
        step: One of ``STEPS``.
        state: The state now, one of ``STATES``.
    """
    return _STEPS[step].get(state)


def possible(state: str) -> list[str]:
    """Return the steps that are possible in a state."""
    return [step for step in STEPS if state in _STEPS[step]]


def due(created: datetime, days: int) -> date:
    """Return the day by which an answer is expected.

    Args:
        created: When the question came.
        days: Days that the office has for it.
    """
    return created.date() + timedelta(days=days)


def forgotten_before(now: datetime, days: int) -> datetime:
    """Return the time before which a finished question is deleted.

    Args:
        now: The present.
        days: Days that a question stays after its answer.
    """
    return now - timedelta(days=days)
