# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thing that waits for somebody, and in which order such things are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """One thing to do.

    Attributes:
        id: Stable and unique, such as ``draft:<package id>``.
        title: What it is about, as a person would say it.
        why: Why it is here, in a short sentence.
        url: Where it is done.
        action: What happens there, as the button says it.
        due: Day by which it should be done, if there is one.
        since: Day since when it waits, if known.
        waiting: Somebody else has it; shown apart.
    """

    id: str
    title: str
    why: str
    url: str
    action: str
    due: date | None = None
    since: date | None = None
    waiting: bool = False


@dataclass(frozen=True)
class Batch:
    """What one part of the software has for somebody.

    Attributes:
        tasks: The most urgent ones.
        total: How many there are in all that somebody can do now.
        more: Where all of them are listed; empty when ``tasks`` is all.
    """

    tasks: tuple[Task, ...] = ()
    total: int = 0
    more: str = ""


def ordered(tasks: Iterable[Task]) -> list[Task]:
    """Return tasks by urgency: due first, earliest on top; then those that wait longest."""
    return sorted(
        tasks,
        key=lambda task: (
            task.due or date.max,
            task.since or date.max,
            task.title.casefold(),
            task.id,
        ),
    )


def overdue(task: Task, today: date) -> int:
    """Return for how many days a task is overdue; 0 when it is not."""
    return max(0, (today - task.due).days) if task.due else 0
