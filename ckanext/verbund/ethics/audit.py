# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what happened, in the transaction in which it happens; a failure fails both."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid

from ckanext.verbund.domain.ethics import audit as chain
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.ethics.model import Row, event, rows, words

_AT_ONCE = 1000


def write(
    organization_id: str, action: str, actor: str, payload: dict[str, Any], **facts: Any
) -> str:
    """Add an entry to the chain of a member; others of this member wait until the commit.

    Args:
        organization_id: The member.
        action: What was done.
        actor: ID of the account that did it, or ``system``.
        payload: What was said in words, with names; kept apart, can be erased.
        **facts: ``package_id``, ``case_id``, ``decision_id``, ``role``, ``deputy``,
            ``state``, ``fingerprint``.

    Returns:
        Hash of the entry.
    """
    lock = sa.func.hashtext(f"verbund_ethics:{organization_id}")
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    last = model.Session.execute(
        sa.select(event.c.seq, event.c.hash)
        .where(event.c.organization_id == organization_id)
        .order_by(event.c.seq.desc())
        .limit(1)
    ).first()
    seq, before = last or (0, chain.GENESIS)
    salt, catalogue = secrets.token_hex(16), load()
    entry: Row = {
        "id": make_uuid(),
        "organization_id": organization_id,
        "seq": seq + 1,
        "at": dt.datetime.now(dt.timezone.utc).isoformat(timespec="microseconds"),
        "action": action,
        "actor": actor,
        "package_id": "",
        "case_id": "",
        "decision_id": "",
        "role": "",
        "deputy": False,
        "state": "",
        "fingerprint": "",
        "catalogue_version": catalogue.version,
        "catalogue_hash": catalogue.hash,
        "payload_hash": chain.payload_hash(salt, payload),
        "prev_hash": before,
        **facts,
    }
    entry["hash"] = chain.entry_hash(before, entry)
    model.Session.execute(sa.insert(event).values(entry))
    model.Session.execute(
        sa.insert(words).values(event_id=entry["id"], salt=salt, payload=payload)
    )
    return entry["hash"]


def entries(organization_id: str | None = None) -> Iterator[Row]:
    """Return the chains of one or all members, entry by entry."""
    query = sa.select(event).order_by(event.c.organization_id, event.c.seq)
    if organization_id:
        query = query.where(event.c.organization_id == organization_id)
    found = model.Session.execute(query.execution_options(yield_per=_AT_ONCE))
    return (dict(row) for row in found.mappings())


def of_case(case_id: str) -> list[Row]:
    """Return what happened to a case, with what was said; the words may be erased."""
    said = ("at", "action", "actor", "role", "deputy", "state")
    return rows(
        sa.select(*(event.c[name] for name in said), words.c.payload)
        .outerjoin(words, words.c.event_id == event.c.id)
        .where(event.c.case_id == case_id)
        .order_by(event.c.seq)
    )


def payloads(organization_id: str | None = None) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return salt and words by ID of the entry, where they were not erased."""
    query = sa.select(words).join(event, event.c.id == words.c.event_id)
    if organization_id:
        query = query.where(event.c.organization_id == organization_id)
    return {row["event_id"]: (row["salt"], row["payload"]) for row in rows(query)}


def verify(
    organization_id: str | None = None, anchors: dict[str, tuple[int, str]] | None = None
) -> list[chain.Break]:
    """Check the chains of one or all members.

    Args:
        organization_id: Only this one.
        anchors: By member, number and hash of an entry that is known from elsewhere.
    """
    return list(chain.verify(entries(organization_id), payloads(organization_id), anchors))


def erase(event_ids: list[str]) -> int:
    """Erase what entries say in words; their chain stays as it is.

    Returns:
        How many were erased.
    """
    done = model.Session.execute(sa.delete(words).where(words.c.event_id.in_(event_ids)))
    return done.rowcount
