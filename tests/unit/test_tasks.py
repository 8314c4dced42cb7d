# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tasks: the urgent ones first."""

from datetime import date

from ckanext.verbund.domain.task import Task, ordered, overdue

DAY = date(2026, 11, 24)


def task(id, **values):
    return Task(id, values.pop("title", id), "", "/", "Tun", **values)


def test_due_comes_before_waiting_and_waiting_before_nothing():
    late = task("late", due=date(2026, 11, 1))
    soon = task("soon", due=date(2026, 12, 1), since=date(2020, 1, 1))
    old = task("old", since=date(2026, 1, 1))
    new = task("new", since=date(2026, 11, 1))
    plain = task("plain")
    assert ordered([plain, new, old, soon, late]) == [late, soon, old, new, plain]


def test_equal_tasks_are_ordered_by_title():
    tasks = [task("1", title="Übersicht"), task("2", title="ämter"), task("3", title="Bäume")]
    assert ordered(tasks)[0].title == "Bäume"


def test_days_overdue_are_counted_from_the_day_after():
    assert overdue(task("a", due=date(2026, 11, 22)), DAY) == 2
    assert overdue(task("a", due=DAY), DAY) == 0
    assert overdue(task("a"), DAY) == 0
