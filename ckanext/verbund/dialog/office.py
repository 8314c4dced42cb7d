# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the questions add to the tasks of staff."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.dialog import config, words
from ckanext.verbund.dialog.model import Question
from ckanext.verbund.domain.dialog import question as rules


def tasks(who: Person, limit: int) -> Batch:
    """Return open questions: those of nobody and one's own now, those of others apart."""
    if who.organizations == frozenset():
        return Batch()
    package, group, user = model.Package, model.Group, model.User
    waiting = sa.func.coalesce(Question.assigned_to, who.id) != who.id
    place = sa.func.row_number().over(partition_by=waiting, order_by=Question.created)
    query = (
        sa.select(
            Question.id,
            Question.kind,
            Question.text,
            Question.created,
            Question.organization_id,
            sa.func.coalesce(package.title, package.name, group.title, group.name).label(
                "about"
            ),
            sa.func.coalesce(user.fullname, user.name).label("assigned"),
            waiting.label("waiting"),
            place.label("place"),
            sa.func.count().filter(sa.not_(waiting)).over().label("total"),
        )
        .join(group, group.id == Question.organization_id)
        .outerjoin(package, package.id == Question.package_id)
        .outerjoin(user, user.id == Question.assigned_to)
        .where(Question.state.in_(rules.OPEN))
    )
    if who.organizations is not None:
        query = query.where(Question.organization_id.in_(who.organizations))
    inner = query.subquery()
    rows = model.Session.execute(
        sa.select(inner).where(inner.c.place <= limit).order_by(inner.c.created)
    ).all()
    return Batch(
        tuple(_task(row) for row in rows),
        rows[0].total if rows else 0,
        tk.url_for("verbund_dialog.inbox"),
    )


def _task(row: sa.Row) -> Task:
    kind = words.kinds()[row.kind]
    excerpt = " ".join(row.text.split())
    excerpt = excerpt if len(excerpt) <= 90 else excerpt[:89].rsplit(" ", 1)[0] + " …"
    why = f"{kind}: {excerpt}"
    if row.waiting:
        why = tk._("{kind}; {person} has it").format(kind=kind, person=row.assigned)
    return Task(
        id=f"question:{row.id}",
        title=row.about,
        why=why,
        url=tk.url_for("verbund_dialog.show", id=row.id),
        action=tk._("Answer it"),
        due=rules.due(row.created, config.answer_days()),
        since=row.created.date(),
        waiting=row.waiting,
    )
