# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of cases and decisions, outside CKAN's metadata.

``clean_db`` and purges of CKAN reach only what is in its metadata; what was decided stays.
The migration makes the tables; here is what the code reads and writes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()
Row = dict[str, Any]


def now() -> dt.datetime:
    """Return the time as CKAN stores it: UTC without saying so."""
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def _table(name: str, *columns: sa.Column) -> sa.Table:
    return sa.Table(f"verbund_ethics_{name}", metadata, *columns)


def _text(name: str, **options: Any) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, **options)


def _id() -> sa.Column:
    return _text("id", primary_key=True, default=make_uuid)


def _texts(name: str) -> sa.Column:
    return sa.Column(name, ARRAY(sa.UnicodeText), default=list)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, default=False)


role = _table(
    "role",
    _id(),
    _text("organization_id"),
    _text("user_id"),
    _text("role"),
    _flag("deputy"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
)
case = _table(
    "case",
    _id(),
    _text("package_id"),
    _text("organization_id"),
    _text("state"),
    _text("fingerprint"),
    sa.Column("round", sa.Integer, default=1),
    _flag("short"),
    _text("before"),
    _text("decision_id"),
    _text("cosigned_by"),
    sa.Column("short_groups", JSONB, default=dict),
    _texts("short_ticks"),
    _text("short_reason", default=""),
    sa.Column("since", sa.DateTime, default=now),
    sa.Column("reminded", sa.Integer, default=0),
    sa.Column("created", sa.DateTime, default=now),
    sa.Column("changed", sa.DateTime, default=now, onupdate=now),
)
author = _table("author", _text("case_id", primary_key=True), _text("user_id"))
answer = _table(
    "answer",
    _text("case_id", primary_key=True),
    _text("question", primary_key=True),
    _text("value"),
    _text("reason", default=""),
    _texts("measures"),
    _flag("short"),
    _text("user_id"),
    sa.Column("changed", sa.DateTime, default=now),
)
comment = _table(
    "comment",
    _id(),
    _text("case_id"),
    sa.Column("round", sa.Integer),
    _text("effect"),
    _text("verdict"),
    _text("text"),
    _text("user_id"),
    sa.Column("created", sa.DateTime, default=now),
)
decision = _table(
    "decision",
    _id(),
    _text("case_id"),
    _text("package_id"),
    _text("organization_id"),
    _text("outcome"),
    _text("inherited_from"),
    _text("fingerprint"),
    sa.Column("catalogue_version", sa.Integer),
    _text("catalogue_hash"),
    _text("recommendation"),
    _flag("deviates"),
    _texts("grounds"),
    _text("legal_ground", default=""),
    _text("conditions", default=""),
    _text("way", default=""),
    _text("register_title", default=""),
    _text("register_text", default=""),
    sa.Column("review_date", sa.Date),
    sa.Column("valid_until", sa.Date),
    _texts("authors"),
    _text("decided_by"),
    _text("cosigned_by"),
    sa.Column("created", sa.DateTime, default=now),
)
gate = _table(
    "gate",
    _text("package_id", primary_key=True),
    _text("decision_id"),
    _flag("stale"),
    _flag("was_public"),
)
scan = _table(
    "scan",
    _text("sha256", primary_key=True),
    _text("version", primary_key=True),
    sa.Column("report", JSONB),
    sa.Column("created", sa.DateTime, default=now),
)
file = _table(
    "file", _text("resource_id", primary_key=True), _text("mark", default=""), _text("sha256")
)
disposition = _table(
    "disposition",
    _text("case_id", primary_key=True),
    _text("sha256", primary_key=True),
    _text("finding", primary_key=True),
    _text("value"),
    _text("reason"),
    _text("user_id"),
    sa.Column("created", sa.DateTime, default=now),
)
short_type = _table(
    "short_type",
    _text("organization_id", primary_key=True),
    _text("code", primary_key=True),
    _text("user_id"),
    sa.Column("created", sa.DateTime, default=now),
)
link = _table(
    "link",
    _text("package_id", primary_key=True),
    _text("kind", primary_key=True),
    _text("original_id", default=""),
    _text("access_rights"),
    sa.Column("created", sa.DateTime, default=now),
)
precedent = _table(
    "precedent",
    _text("source", primary_key=True),
    _text("id", primary_key=True),
    _text("kind", default=""),
    _texts("themes"),
    sa.Column("decided_on", sa.Date),
    sa.Column("entry", JSONB),
)
batch = _table("batch", _text("case_id", primary_key=True), _text("batch_id"))
told = _table("told", _text("decision_id", primary_key=True), _text("standing"))
field = _table("field", _text("kind"), _text("field"))
event = _table(
    "event",
    _id(),
    _text("organization_id"),
    sa.Column("seq", sa.BigInteger),
    _text("at"),
    _text("action"),
    _text("package_id"),
    _text("case_id"),
    _text("decision_id"),
    _text("actor"),
    _text("role"),
    _flag("deputy"),
    _text("state"),
    _text("fingerprint"),
    sa.Column("catalogue_version", sa.Integer),
    _text("catalogue_hash"),
    _text("payload_hash"),
    _text("prev_hash"),
    _text("hash"),
)
words = _table(
    "words", _text("event_id", primary_key=True), _text("salt"), sa.Column("payload", JSONB)
)

#: What may be public must be one of these; everything else is no dataset.
EXEMPT = frozenset({"harvest"})
OPEN_STATES = ("draft", "review", "comments", "ready")


def first(query: sa.Select) -> Row | None:
    """Return the first row of a query as a dict, or None."""
    row = model.Session.execute(query).mappings().first()
    return dict(row) if row else None


def rows(query: sa.Select) -> list[Row]:
    """Return all rows of a query as dicts."""
    return [dict(row) for row in model.Session.execute(query).mappings()]


def in_force(package_id: str) -> bool:
    """Return whether a decision lets a package be public now, by the database's own rule."""
    query = sa.select(sa.func.verbund_ethics_in_force(package_id))
    return bool(model.Session.scalar(query))
