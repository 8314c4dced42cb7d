# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The datasets of somebody's organisations, and what waits in them.

One query reads the few columns that the list needs of all of them; the rule of freshness is
Python, so filter, order and page follow there. A thousand datasets take some milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.verbund.base import tasks
from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.domain import freshness

# Thousands of datasets share a few hundred pairs of frequency and day.
_judge = lru_cache(maxsize=4096)(freshness.judge)

FILTERS = ("all", "published", "draft", "private", "overdue")
SORTS = ("changed", "title", "due")
PER_PAGE = 50
_TYPES = ("dataset", "dataset_series", "data_service")


@dataclass(frozen=True)
class Mine:
    """One dataset as its list shows it."""

    id: str
    name: str
    type: str
    title: str
    member: str
    organization_id: str
    draft: bool
    private: bool
    changed: datetime
    fresh: freshness.Freshness

    @property
    def overdue(self) -> bool:
        """Whether an update is overdue; a draft owes nothing to anybody."""
        return self.fresh.overdue and not self.draft


def datasets(who: Person, day: date) -> list[Mine]:
    """Return all own datasets of somebody's organisations, in one query.

    What was harvested is left out: its home member looks after it.

    Args:
        who: Whose organisations.
        day: The day on which freshness is judged.
    """
    package, group, resource = model.Package, model.Group, model.Resource
    extras = sa.cast(sa.func.nullif(sa.cast(resource.extras, sa.Text), ""), JSONB)
    stated = extras["modified"].astext
    uploads = sa.func.max(resource.last_modified).filter(resource.url_type == "upload")
    files = (
        sa.select(
            resource.package_id,
            uploads.label("newest"),
            sa.func.array_agg(stated).filter(stated.is_not(None)).label("stated"),
        )
        .where(resource.state == "active")
        .group_by(resource.package_id)
        .subquery()
    )
    query = (
        sa.select(
            package.id,
            package.name,
            package.type,
            package.state,
            package.private,
            package.metadata_modified,
            package.owner_org,
            sa.func.coalesce(sa.func.nullif(package.title, ""), package.name).label("title"),
            sa.func.coalesce(group.title, group.name).label("member"),
            package.extras["frequency"].astext.label("frequency"),
            package.extras["modified"].astext.label("modified"),
            package.extras["issued"].astext.label("issued"),
            files.c.newest,
            files.c.stated,
        )
        .outerjoin(group, group.id == package.owner_org)
        .outerjoin(files, files.c.package_id == package.id)
        .where(
            package.type.in_(_TYPES),
            package.state.in_(("active", "draft")),
            sa.not_(package.extras.has_key("guid")),
        )
    )
    if who.organizations is not None:
        query = query.where(package.owner_org.in_(who.organizations))
    return [
        Mine(
            id=row.id,
            name=row.name,
            type=row.type,
            title=row.title,
            member=row.member or "",
            organization_id=row.owner_org or "",
            draft=row.state == "draft",
            private=bool(row.private),
            changed=row.metadata_modified,
            fresh=_judge(row.frequency, _data_changed(row, day), day),
        )
        for row in model.Session.execute(query)
    ]


def _data_changed(row: sa.Row, day: date) -> date | None:
    """Return the day the data changed, as the page of the dataset tells it."""
    newest = row.newest.isoformat() if row.newest else None
    return freshness.latest((row.modified, newest, *(row.stated or ())), day) or (
        freshness.latest((row.issued,), day)
    )


def counted(rows: Iterable[Mine]) -> dict[str, int]:
    """Return how many datasets each filter shows."""
    rows = list(rows)
    return {name: sum(_shown(row, name) for row in rows) for name in FILTERS}


def chosen(
    rows: Iterable[Mine],
    *,
    show: str = "all",
    words: str = "",
    member: str = "",
    sort: str = "",
) -> list[Mine]:
    """Return the datasets of a filter in an order.

    Args:
        rows: All datasets.
        show: One of ``FILTERS``; anything else shows all.
        words: Each of these words must be in the title.
        member: ID of an organisation, or empty for all.
        sort: One of ``SORTS``; anything else is ``changed``, newest first.
    """
    wanted = words.casefold().split()
    found = [
        row
        for row in rows
        if _shown(row, show)
        and (not member or row.organization_id == member)
        and all(word in row.title.casefold() for word in wanted)
    ]
    if sort == "title":
        return sorted(found, key=lambda row: (row.title.casefold(), row.id))
    if sort == "due":
        return sorted(found, key=lambda row: (row.fresh.due or date.max, row.title.casefold()))
    return sorted(found, key=lambda row: (row.changed, row.id), reverse=True)


def _shown(row: Mine, show: str) -> bool:
    return {
        "published": not row.draft and not row.private,
        "draft": row.draft,
        "private": row.private and not row.draft,
        "overdue": row.overdue,
    }.get(show, True)


def overdue_tasks(who: Person, limit: int) -> Batch:
    """Return the own datasets whose update is overdue."""
    if who.organizations == frozenset():
        return Batch()
    late = chosen(datasets(who, tasks.today()), show="overdue", sort="due")
    more = tk.url_for("verbund_tasks.datasets", show="overdue", sort="due")
    return Batch(tuple(_overdue(row) for row in late[:limit]), len(late), more)


def draft_tasks(who: Person, limit: int) -> Batch:
    """Return the drafts that somebody began; those of others are not theirs to finish."""
    package = model.Package
    rows = model.Session.execute(
        sa.select(
            package.id,
            package.name,
            package.type,
            package.metadata_modified,
            sa.func.coalesce(sa.func.nullif(package.title, ""), package.name).label("title"),
            sa.func.count().over().label("total"),
        )
        .where(
            package.creator_user_id == who.id,
            package.state == "draft",
            package.type.in_(_TYPES),
        )
        .order_by(package.metadata_modified)
        .limit(limit)
    ).all()
    more = tk.url_for("verbund_tasks.datasets", show="draft")
    return Batch(tuple(_draft(row) for row in rows), rows[0].total if rows else 0, more)


def _overdue(row: Mine) -> Task:
    return Task(
        id=f"overdue:{row.id}",
        title=row.title,
        why=tk._("New data were due; the last ones are of {day}.").format(
            day=_day(row.fresh.changed)
        ),
        url=tk.url_for(f"{row.type}.edit", id=row.name),
        action=tk._("Update"),
        due=row.fresh.due,
    )


def _draft(row: sa.Row) -> Task:
    day = row.metadata_modified.date()
    return Task(
        id=f"draft:{row.id}",
        title=row.title,
        why=tk._("Your draft, last changed on {day}.").format(day=_day(day)),
        url=tk.url_for(f"{row.type}.edit", id=row.name),
        action=tk._("Continue draft"),
        since=day,
    )


def _day(day: date | None) -> str:
    return tk.h.verbund_day(day) if day else ""
