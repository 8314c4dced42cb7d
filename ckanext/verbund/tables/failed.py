# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that did not become a table are tasks of their members."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.tables import status


def failed_tasks(who: Person, limit: int) -> Batch:
    """Return the files of somebody's datasets that did not become a table, newest first."""
    if who.organizations == frozenset():
        return Batch()
    package, resource = model.Package, model.Resource
    status_table = model.TaskStatus.__table__  # type: ignore[attr-defined]
    query = (
        sa.select(
            resource.id,
            resource.package_id,
            package.name,
            sa.func.coalesce(package.title, package.name).label("title"),
            sa.func.coalesce(sa.func.nullif(resource.name, ""), resource.url).label("file"),
            status_table.c.last_updated,
            sa.func.count().over().label("total"),
        )
        .join(resource, resource.id == status_table.c.entity_id)
        .join(package, package.id == resource.package_id)
        .where(
            status_table.c.task_type == status.TASK_TYPE,
            status_table.c.key == status.KEY,
            status_table.c.state == "failed",
            resource.state == "active",
            package.state.in_(("active", "draft")),
        )
        .order_by(status_table.c.last_updated.desc())
        .limit(limit)
    )
    if who.organizations is not None:
        query = query.where(package.owner_org.in_(who.organizations))
    rows = model.Session.execute(query).all()
    tasks = tuple(
        Task(
            id=f"table:{row.id}",
            title=row.title,
            why=tk._("The file “{file}” could not be read as a table.").format(file=row.file),
            url=tk.url_for("dataset_resource.read", id=row.name, resource_id=row.id),
            action=tk._("See report"),
            since=row.last_updated.date(),
        )
        for row in rows
    )
    return Batch(tasks, rows[0].total if rows else 0)
