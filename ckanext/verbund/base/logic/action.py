# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search as ckan_search
from ckan.types import Action, Context, DataDict

from ckanext.verbund.base import mine, search, tasks

__all__ = [
    "dataset_purge",
    "verbund_my_dataset_list",
    "verbund_search_correct",
    "verbund_search_suggest",
    "verbund_task_list",
]

_MOST = 20


@tk.chained_action
def dataset_purge(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Purge a dataset that nobody is changing at the moment.

    CKAN locks a dataset before it changes it, but not before it purges it; a job that
    describes a table of the dataset then waits for the purge and the purge for the job.
    Whoever wrote the index in between is followed by a second removal.

    Args:
        up_func: CKAN's own action.
        context: The context.
        data_dict: ``id`` or name of the dataset.

    Returns:
        What CKAN returns.
    """
    tk.check_access("dataset_purge", context, data_dict)
    package = model.Package.get(tk.get_or_bust(data_dict, "id"), for_update=True)
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset was not found"))
    package_id = package.id
    result = up_func(context, data_dict)
    ckan_search.clear(package_id)
    return result


@tk.side_effect_free
def verbund_search_suggest(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Suggest titles, tags, themes and members while somebody types.

    Example::

        ckanapi action verbund_search_suggest q=müllab limit=5

    Args:
        context: The context; only what its user may see is suggested.
        data_dict: ``q``, what was typed so far; ``limit`` of each kind (5; at most 20).

    Returns:
        ``titles`` (``name``, ``title``), ``tags`` (``name``, ``count``), ``themes``
        (``iri``, ``label``, ``count``), ``members`` (``name``, ``title``, ``count``).

    Raises:
        ValidationError: ``limit`` is no number.
    """
    tk.check_access("verbund_search_suggest", context, data_dict)
    try:
        limit = int(data_dict.get("limit", 5))
    except (TypeError, ValueError):
        raise tk.ValidationError({"limit": [tk._("Must be a natural number")]}) from None
    return search.suggest(context, str(data_dict.get("q") or ""), max(1, min(limit, _MOST)))


@tk.side_effect_free
def verbund_search_correct(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say how a misspelt query is written, if the corrected one really finds something.

    Example::

        ckanapi action verbund_search_correct q=Mülabfur

    Args:
        context: The context; only what its user may see counts.
        data_dict: ``q``, what somebody looked for.

    Returns:
        ``query``: the corrected query, or None; ``changes``: ``word`` and ``correction``
        of each exchanged word; ``count``: datasets that hold the rarest of them.
    """
    tk.check_access("verbund_search_correct", context, data_dict)
    return search.correct(context, str(data_dict.get("q") or ""))


@tk.side_effect_free
def verbund_task_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what waits for the account that asks.

    Example::

        ckanapi action verbund_task_list

    Args:
        context: The context; tasks are those of its user.
        data_dict: Nothing.

    Returns:
        ``now`` and ``waiting``, each with ``id``, ``title``, ``why``, ``url``, ``action``,
        ``due``, ``since`` (ISO days or None); ``total``, ``overdue``; ``more`` (``url``,
        ``count``) for what is not listed one by one.
    """
    tk.check_access("verbund_task_list", context, data_dict)
    found = tasks.for_person(tasks.person(context["user"]))
    return {
        "now": [_task(task) for task in found.now],
        "waiting": [_task(task) for task in found.waiting],
        "total": found.total,
        "overdue": found.overdue,
        "more": [{"url": url, "count": count} for url, count in found.more],
    }


def _task(task: tasks.Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "title": task.title,
        "why": task.why,
        "url": task.url,
        "action": task.action,
        "due": task.due.isoformat() if task.due else None,
        "since": task.since.isoformat() if task.since else None,
    }


@tk.side_effect_free
def verbund_my_dataset_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the own datasets of the organisations whose datasets the account may change.

    Example::

        ckanapi action verbund_my_dataset_list show=overdue sort=due

    Args:
        context: The context; the list is that of its user.
        data_dict: ``show`` (``all``, ``published``, ``draft``, ``private``, ``overdue``),
            ``q`` (words of the title), ``organization_id``, ``sort`` (``changed``, ``title``,
            ``due``), ``page`` (1), ``limit`` (50; at most 500).

    Returns:
        ``datasets`` of the page; ``total`` of the filter; ``counts`` of each filter for the
        words and the organisation; ``members`` (``id``, ``title``) to choose from; ``limit``.

    Raises:
        ValidationError: ``page`` or ``limit`` is no number.
    """
    tk.check_access("verbund_my_dataset_list", context, data_dict)
    try:
        page = max(1, int(data_dict.get("page") or 1))
        limit = max(1, min(int(data_dict.get("limit") or mine.PER_PAGE), 500))
    except (TypeError, ValueError):
        raise tk.ValidationError({"page": [tk._("Must be a natural number")]}) from None
    rows = mine.datasets(tasks.person(context["user"]), tasks.today())
    fitting = mine.chosen(
        rows,
        words=str(data_dict.get("q") or ""),
        member=str(data_dict.get("organization_id") or ""),
        sort=str(data_dict.get("sort") or ""),
    )
    found = mine.chosen(
        fitting, show=str(data_dict.get("show") or "all"), sort=str(data_dict.get("sort") or "")
    )
    return {
        "datasets": [_dataset(row) for row in found[(page - 1) * limit : page * limit]],
        "total": len(found),
        "counts": mine.counted(fitting),
        "members": sorted(
            [{"id": i, "title": t} for i, t in {(r.organization_id, r.member) for r in rows}],
            key=lambda member: member["title"].casefold(),
        ),
        "limit": limit,
    }


def _dataset(row: mine.Mine) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "title": row.title,
        "member": row.member,
        "draft": row.draft,
        "private": row.private,
        "changed": row.changed.isoformat(),
        "data_changed": row.fresh.changed.isoformat() if row.fresh.changed else None,
        "due": row.fresh.due.isoformat() if row.fresh.due else None,
        "overdue": row.overdue,
    }
