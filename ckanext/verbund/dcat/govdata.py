# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the datasets of a member reach GovData: one way, and an ID that GovData gave.

Without both, nothing is borrowed or guessed: no ID is written (K12), and those who manage the
member have a task.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model

from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.domain import vocab

__all__ = ["tasks"]


def tasks(who: Person, limit: int) -> Batch:
    """Return the members with public datasets whose way or ID is missing.

    Args:
        who: Only those who may change the member have the task.
        limit: At most so many are returned.
    """
    if who.organizations == frozenset():
        return Batch()
    group, package, member = model.Group, model.Package, model.Member
    route = sa.func.coalesce(group.extras["govdata_route"].astext, "")
    given = sa.func.coalesce(group.extras["contributor_id"].astext, "")
    listed = [concept.iri for concept in vocab.load("contributor").concepts]
    published = sa.exists().where(
        package.owner_org == group.id,
        package.type == "dataset",
        package.state == "active",
        package.private.is_(False),
        sa.not_(package.extras.has_key("guid")),
    )
    query = (
        sa.select(
            group.id,
            group.name,
            group.title,
            route.label("route"),
            sa.func.count().over().label("total"),
        )
        .where(
            group.is_organization.is_(True),
            group.state == "active",
            published,
            sa.or_(route == "", given.not_in(listed)),
        )
        .order_by(group.title)
        .limit(limit)
    )
    if who.organizations is not None:
        manages = sa.exists().where(
            member.group_id == group.id,
            member.table_name == "user",
            member.table_id == who.id,
            member.state == "active",
            member.capacity.in_(authz.get_roles_with_permission("update")),
        )
        query = query.where(manages)
    rows = model.Session.execute(query).all()
    return Batch(tuple(map(_task, rows)), rows[0].total if rows else 0)


def _task(row: sa.Row) -> Task:
    if row.route:
        why = tk._("GovData has given no listed ID for this member yet, so none is exported.")
    else:
        why = tk._("It is not settled how the datasets of this member reach GovData.")
    return Task(
        id=f"govdata:{row.id}",
        title=row.title or row.name,
        why=why,
        url=tk.url_for("organization.edit", id=row.name) + "#field-govdata_route",
        action=tk._("Add details"),
    )
