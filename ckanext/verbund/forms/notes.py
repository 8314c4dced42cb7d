# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the forms remember beside the datasets: never public, never in search or catalogue.

Kept in CKAN's table ``task_status``: what a file proposed, which dataset is a template, how an
import stands. Written on a connection of its own, so that progress is seen at once.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

FILE = "verbund_file"
TEMPLATE = "verbund_template"
IMPORT = "verbund_import"

_TABLE = model.TaskStatus.__table__  # type: ignore[attr-defined]


def get(kind: str, entity_id: str, key: str = "note") -> dict[str, Any] | None:
    """Return a note, with its ``state`` and ``last_updated``, or None."""
    found = _rows(sa.and_(*_is(kind, entity_id, key)))
    return found[0] if found else None


def of_many(kind: str, entity_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the notes of several things in one query, by ID."""
    rows = _rows(_TABLE.c.task_type == kind, _TABLE.c.entity_id.in_(entity_ids))
    return {row["entity_id"]: row for row in rows}


def save(kind: str, entity_id: str, values: dict[str, Any], **where: str) -> None:
    """Write a note.

    Args:
        kind: ``FILE``, ``TEMPLATE`` or ``IMPORT``.
        entity_id: The resource, package or organisation.
        values: What is to be remembered, as JSON.
        **where: ``key`` where a thing has several notes; ``state``.
    """
    row = {
        "value": json.dumps(values, ensure_ascii=False).replace("\\u0000", ""),
        "state": where.get("state", ""),
        "last_updated": dt.datetime.now(dt.timezone.utc).replace(tzinfo=None),
    }
    statement = insert(_TABLE).values(
        id=model.types.make_uuid(),
        entity_id=entity_id,
        entity_type=kind.removeprefix("verbund_"),
        task_type=kind,
        key=where.get("key", "note"),
        **row,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["entity_id", "task_type", "key"], set_=row
    )
    with model.meta.engine.begin() as connection:
        connection.execute(statement)


def delete(kind: str, entity_id: str, key: str = "note") -> None:
    """Forget a note."""
    with model.meta.engine.begin() as connection:
        connection.execute(sa.delete(_TABLE).where(*_is(kind, entity_id, key)))


def delete_older(kind: str, days: int) -> None:
    """Forget notes that nobody has touched for some days."""
    before = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None) - dt.timedelta(days=days)
    with model.meta.engine.begin() as connection:
        connection.execute(
            sa.delete(_TABLE).where(_TABLE.c.task_type == kind, _TABLE.c.last_updated < before)
        )


def templates_of(organization_ids: list[str]) -> list[dict[str, str]]:
    """Return the templates of some members by title: ``id``, ``title``, ``owner_org``."""
    package = model.Package
    rows = model.Session.execute(
        sa.select(package.id, package.title, package.name, package.owner_org, package.type)
        .join(_TABLE, _TABLE.c.entity_id == package.id)
        .where(
            _TABLE.c.task_type == TEMPLATE,
            package.owner_org.in_(organization_ids),
            package.state != "deleted",
        )
        .order_by(package.title)
    )
    return [
        {"id": r.id, "title": r.title or r.name, "owner_org": r.owner_org, "type": r.type}
        for r in rows
    ]


def _rows(*conditions: Any) -> list[dict[str, Any]]:
    columns = _TABLE.c
    query = sa.select(
        columns.entity_id, columns.key, columns.value, columns.state, columns.last_updated
    ).where(*conditions)
    with model.meta.engine.connect() as connection:
        rows = connection.execute(query).all()
    return [
        {
            **json.loads(row.value),
            "entity_id": row.entity_id,
            "key": row.key,
            "state": row.state,
            "last_updated": row.last_updated,
        }
        for row in rows
    ]


def _is(kind: str, entity_id: str, key: str) -> list[Any]:
    return [
        _TABLE.c.entity_id == entity_id,
        _TABLE.c.task_type == kind,
        _TABLE.c.key == key,
    ]
