# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ends of chains, kept where who rewrites the database cannot reach: in mails and in public.

Whoever owns the database can cut a chain or write it anew, and it is whole in itself. An end
that somebody else knows shows it (publish-or-not, section 7).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.base import members, tasks
from ckanext.verbund.domain.ethics.workflow import Role
from ckanext.verbund.ethics import config, roles
from ckanext.verbund.ethics.model import Row, event, metadata, rows

log = logging.getLogger(__name__)

table = sa.Table(
    "verbund_ethics_anchor",
    metadata,
    sa.Column("organization_id", sa.UnicodeText, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("seq", sa.BigInteger),
    sa.Column("hash", sa.UnicodeText),
    sa.Column("at", sa.UnicodeText),
)


def make() -> list[Row]:
    """Keep the end of each chain that grew since the last time, and mail it; commits.

    Returns:
        What was kept: one row for a member and a day, the first of the day counts.
    """
    kept = []
    last = {id: max(known) for id, known in known_ends().items()}
    for head in _heads():
        if last.get(head["organization_id"], 0) >= head["seq"]:
            continue
        moment = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        row = {**head, "day": tasks.today(), "at": moment}
        done = model.Session.execute(insert(table).values(row).on_conflict_do_nothing())
        if done.rowcount:
            kept.append(row)
    model.Session.commit()
    if config.anchor_mails():
        for row in kept:
            _mail(row)
    return kept


def _heads() -> list[Row]:
    query = (
        sa.select(event.c.organization_id, event.c.seq, event.c.hash)
        .distinct(event.c.organization_id)
        .order_by(event.c.organization_id, event.c.seq.desc())
    )
    return rows(query)


def known_ends(organization_id: str | None = None) -> dict[str, dict[int, str]]:
    """Return what the portal itself kept, by member and number.

    Args:
        organization_id: Only of this member.
    """
    query = sa.select(table)
    if organization_id:
        query = query.where(table.c.organization_id == organization_id)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows(query):
        found[row["organization_id"]][row["seq"]] = row["hash"]
    return dict(found)


def listed(organization_id: str, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Return ends as everybody may have them, the newest first, and how many there are.

    Args:
        organization_id: Only of this member; empty: of all.
        offset: How many to leave out.
        limit: How many at most.
    """
    query = sa.select(table)
    if organization_id:
        query = query.where(table.c.organization_id == organization_id)
    total = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    titles = {one.id: one.title for one in members.all_members()}
    query = query.order_by(table.c.day.desc(), table.c.organization_id)
    return [
        {
            "organization_id": row["organization_id"],
            "member": titles.get(row["organization_id"], tk._("Former member")),
            "day": row["day"].isoformat(),
            "number": row["seq"],
            "hash": row["hash"],
        }
        for row in rows(query.limit(limit).offset(offset))
    ], total or 0


def _mail(row: Row) -> None:
    """Send an end to the member and its data protection; the register has it anyway."""
    member = members.member(row["organization_id"])
    if member is None:
        return
    subject = tk._("Memory of decisions on {day}").format(day=row["day"].isoformat())
    body = "\n".join(
        (
            tk._(
                "Please keep this mail. It proves later that nobody changed what was decided."
            ),
            "",
            f"{row['organization_id']}:{row['seq']}:{row['hash']}",
            "",
            tk._("Also here: {url}").format(
                url=tk.url_for("verbund_withdrawals.anchors", _external=True)
            ),
        )
    )
    people = [
        user
        for one in roles.given(row["organization_id"])
        if one["role"] == Role.DPO.value and (user := model.User.get(one["user_id"]))
    ]
    addresses = {user.email: user.display_name for user in people if user.email}
    if member.email:
        addresses.setdefault(member.email, member.title)
    for address, name in addresses.items():
        try:
            tk.mail_recipient(name, address, subject, body)
        except Exception:  # whatever a mail server does, the schedule goes on
            log.exception("An end of a chain could not be sent")
