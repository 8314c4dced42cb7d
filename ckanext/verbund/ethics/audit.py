# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what happened, in the transaction in which it happens; a failure fails both."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid

from ckanext.verbund.domain.ethics import audit as chain
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.ethics import config
from ckanext.verbund.ethics.model import Row, event, rows, words

_AT_ONCE = 1000
_ERASED = "erase"


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
    organization_id: str | None = None, anchors: dict[str, dict[int, str]] | None = None
) -> list[chain.Break]:
    """Check the chains of one or all members.

    Args:
        organization_id: Only this one.
        anchors: By member, numbers and hashes of entries that are known from elsewhere.
    """
    return list(chain.verify(entries(organization_id), payloads(organization_id), anchors))


def erase(*where: sa.ColumnElement[bool]) -> int:
    """Erase what entries say in words; their chain stays as it is. No commit.

    That it was done is an entry of each member, with how many there were and nothing else.

    Args:
        *where: Conditions on ``event``.

    Returns:
        How many were erased.
    """
    chosen = sa.select(event.c.id, event.c.organization_id).where(
        *where, event.c.action != _ERASED
    )
    found = chosen.join(words, words.c.event_id == event.c.id).subquery()
    done = model.Session.execute(
        sa.delete(words)
        .where(words.c.event_id == found.c.id)
        .returning(found.c.organization_id)
    )
    counts = Counter(done.scalars())
    for organization_id, number in sorted(counts.items()):
        write(organization_id, _ERASED, "system", {"entries": number})
    return sum(counts.values())


def of_person(user_id: str, user_name: str) -> sa.ColumnElement[bool]:
    """Return the condition on entries that say something by or about somebody."""
    about = sa.select(words.c.event_id).where(words.c.payload["user"].astext == user_name)
    return sa.or_(event.c.actor == user_id, event.c.id.in_(about))


def older(days: int) -> sa.ColumnElement[bool]:
    """Return the condition on entries that are older than some days."""
    limit = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=days)
    return event.c.at < limit.isoformat(timespec="microseconds")


def forget() -> int:
    """Erase the words whose time is over; for the schedule.

    Returns:
        How many.
    """
    days = config.words_days()
    done = erase(older(days)) if days else 0
    model.Session.commit()
    return done
