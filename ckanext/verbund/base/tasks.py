# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for somebody: a registry that any part of the software adds to.

A part calls ``provide`` in ``configure`` with a function from a person to a ``Batch``. Each
provider costs a fixed number of queries, however many tasks there are, and returns at most
``limit`` of them: nobody is helped by a list of three hundred.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from redis import RedisError

from ckanext.verbund.base import rights
from ckanext.verbund.domain.task import Batch, Task, ordered, overdue

__all__ = [
    "Batch",
    "Person",
    "Task",
    "Tasks",
    "cards",
    "count",
    "for_person",
    "forget",
    "person",
    "provide",
    "show_card",
    "today",
]

log = logging.getLogger(__name__)

PER_PROVIDER = 5
_KEPT = 60  # seconds that the number in the header may lag behind


@dataclass(frozen=True)
class Person:
    """For whom tasks are looked up.

    Attributes:
        id: ID of the account.
        name: Name of the account.
        organizations: IDs of the organisations whose datasets it may change; None means all.
    """

    id: str
    name: str
    organizations: frozenset[str] | None


@dataclass(frozen=True)
class Tasks:
    """What waits for a person.

    Attributes:
        now: What they can do, most urgent first.
        waiting: What others have.
        total: How many there are to do, shown or not.
        overdue: How many of those shown are overdue.
        more: Addresses and numbers of what is not shown.
    """

    now: list[Task]
    waiting: list[Task]
    total: int
    overdue: int
    more: list[tuple[str, int]]


Provider = Callable[[Person, int], Batch]
_providers: dict[str, Provider] = {}
_cards: list[str] = []


def provide(name: str, provider: Provider) -> None:
    """Register who knows of tasks; a plugin calls this in ``configure``.

    Args:
        name: Unique name, such as ``questions``.
        provider: Returns the tasks of a person, at most as many as its second argument.
    """
    _providers[name] = provider


def show_card(template: str) -> None:
    """Add a card to the page of tasks; a plugin calls this in ``configure``.

    Args:
        template: A snippet without parameters.
    """
    if template not in _cards:
        _cards.append(template)


def cards() -> list[str]:
    """Return the snippets of the cards that other parts added."""
    return list(_cards)


def today() -> date:
    """Return the day in the time zone of the portal."""
    return datetime.now(tk.h.get_display_timezone()).date()


def person(user_name: str) -> Person:
    """Return somebody with what they may change.

    Args:
        user_name: Name of an existing account.
    """
    user = model.User.get(user_name)
    return Person(user.id, user.name, rights.editable_by(user.name))


def for_person(who: Person) -> Tasks:
    """Return what waits for somebody.

    A part that fails is left out and logged: the other tasks must stay in reach.
    """
    now, waiting, more, total = [], [], [], 0
    for name, provider in _providers.items():
        try:
            batch = provider(who, PER_PROVIDER)
        except Exception:
            log.exception("The tasks of %s could not be read", name)
            model.Session.rollback()
            continue
        now += [task for task in batch.tasks if not task.waiting]
        waiting += [task for task in batch.tasks if task.waiting]
        total += batch.total
        hidden = batch.total - sum(not task.waiting for task in batch.tasks)
        if hidden > 0 and batch.more:
            more.append((batch.more, hidden))
    day = today()
    late = sum(overdue(task, day) > 0 for task in now)
    _remember(who.id, total)
    return Tasks(ordered(now), ordered(waiting), total, late, more)


def count(user: model.User) -> int:
    """Return how many tasks an account has, as of the last minute; for every page's header."""
    try:
        kept = connect_to_redis().get(_key(user.id))
    except RedisError:
        return 0
    return int(kept) if kept is not None else for_person(person(user.name)).total


def forget(user_id: str) -> None:
    """Let the number in somebody's header be counted anew."""
    try:
        connect_to_redis().delete(_key(user_id))
    except RedisError:
        log.warning("A number of tasks could not be forgotten")


def _remember(user_id: str, total: int) -> None:
    try:
        connect_to_redis().set(_key(user_id), total, ex=_KEPT)
    except RedisError:
        log.warning("A number of tasks could not be kept")


def _key(user_id: str) -> str:
    return f"verbund:{tk.config['ckan.site_id']}:tasks:{user_id}"
