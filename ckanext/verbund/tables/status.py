# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of a file: kept in CKAN's table ``task_status``, one row per resource.

Written on a connection of its own, so that it is seen at once and never part of
somebody else's transaction. It says nothing to the dataset: no metadata changes.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert

TASK_TYPE = "verbund_tables"
KEY = "status"
_TABLE = model.TaskStatus.__table__  # type: ignore[attr-defined]


def now() -> str:
    """Return the time as it is stored and shown, UTC."""
    return dt.datetime.now(dt.timezone.utc).replace(microsecond=0).isoformat()


def get(resource_id: str) -> dict[str, Any] | None:
    """Return the status of a resource, or ``None`` if it never had one."""
    query = sa.select(_TABLE.c.value, _TABLE.c.state).where(*_of(resource_id))
    with model.meta.engine.connect() as connection:
        row = connection.execute(query).first()
    return {**json.loads(row.value), "state": row.state} if row else None


def save(resource_id: str, state: str, **values: Any) -> None:
    """Replace the status of a resource.

    Args:
        resource_id: The resource.
        state: ``waiting``, ``running``, ``done``, ``failed`` or ``none``.
        **values: Everything else that is to be remembered.
    """
    row = {
        "value": json.dumps(values, ensure_ascii=False).replace("\\u0000", ""),
        "state": state,
        "last_updated": dt.datetime.now(dt.timezone.utc).replace(tzinfo=None),
    }
    statement = insert(_TABLE).values(
        id=model.types.make_uuid(),
        entity_id=resource_id,
        entity_type="resource",
        task_type=TASK_TYPE,
        key=KEY,
        **row,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["entity_id", "task_type", "key"], set_=row
    )
    with model.meta.engine.begin() as connection:
        connection.execute(statement)


def update(resource_id: str, state: str, **values: Any) -> None:
    """Change some values of a status and keep the others."""
    before = get(resource_id) or {}
    before.pop("state", None)
    save(resource_id, state, **{**before, **values})


def delete(resource_id: str) -> None:
    """Forget a resource."""
    with model.meta.engine.begin() as connection:
        connection.execute(sa.delete(_TABLE).where(*_of(resource_id)))


def known(resource_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return state and fingerprint of several resources in one query."""
    query = sa.select(_TABLE.c.entity_id, _TABLE.c.value, _TABLE.c.state).where(
        _TABLE.c.task_type == TASK_TYPE, _TABLE.c.entity_id.in_(resource_ids)
    )
    with model.meta.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {r.entity_id: {**json.loads(r.value), "state": r.state} for r in rows}


def facts(package_id: str) -> dict[str, dict[str, Any]]:
    """Return what is remembered of the tables of a dataset, without the findings."""
    resource = model.Resource.__table__  # type: ignore[attr-defined]
    value = sa.cast(_TABLE.c.value, JSONB)
    query = (
        sa.select(_TABLE.c.entity_id, value["rows"], value["columns"], value["info"])
        .join(resource, resource.c.id == _TABLE.c.entity_id)
        .where(
            resource.c.package_id == package_id,
            resource.c.state == model.State.ACTIVE,
            _TABLE.c.task_type == TASK_TYPE,
            _TABLE.c.state == "done",
        )
    )
    return {
        resource_id: {"rows": rows, "columns": columns or [], "info": info or {}}
        for resource_id, rows, columns, info in model.Session.execute(query)
    }


def _of(resource_id: str) -> list[Any]:
    return [
        _TABLE.c.entity_id == resource_id,
        _TABLE.c.task_type == TASK_TYPE,
        _TABLE.c.key == KEY,
    ]
