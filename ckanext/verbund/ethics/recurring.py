# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes back by itself: how often, and the kinds of tasks for people."""

from __future__ import annotations

from ckanext.verbund.base import schedule, tasks
from ckanext.verbund.ethics import (
    anchors,
    audit,
    endings,
    precedents,
    publication,
    reminders,
    reviews,
    screening,
    sweep,
    waiting,
    withdrawals,
)

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def register() -> None:
    """Hand everything that recurs to the schedule, and the tasks to the list of tasks."""
    schedule.every("ethics-expiry", _MINUTE, publication.expire)
    schedule.every("ethics-emptying", 5 * _MINUTE, withdrawals.empty)
    schedule.every("ethics-screening", 10 * _MINUTE, screening.again)
    schedule.every("ethics-endings", _HOUR, endings.due)
    schedule.every("ethics-precedents", _HOUR, precedents.refresh)
    schedule.every("ethics-reminders", _HOUR, reminders.send)
    schedule.every("ethics-reviews", _HOUR, reviews.send)
    schedule.every("ethics-anchors", _DAY, anchors.make)
    schedule.every("ethics-words", _DAY, audit.forget)
    schedule.every("ethics-sweep", _DAY, sweep.scheduled)
    tasks.provide("cases", waiting.tasks)
    tasks.provide("reviews", reviews.tasks)
