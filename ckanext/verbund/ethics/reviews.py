# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells people that a publication is to be looked at again, or ends: by mail and as a task.

Wiedervorlage only reminds, the data stay public; "public until" ends them the day after. Each
stage is told once per decision; a new decision ends it.
"""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.base import members
from ckanext.verbund.base import tasks as work
from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.domain.ethics import deadlines
from ckanext.verbund.domain.ethics.deadlines import Notice, Stage, Standing
from ckanext.verbund.domain.ethics.workflow import Role
from ckanext.verbund.ethics import audit, reminders, roles
from ckanext.verbund.ethics.model import Row, case, decision, gate, rows, told

log = logging.getLogger(__name__)

_ASKED = (Role.DECIDER, Role.EDITOR)
#: More than ``NOTICE_DAYS`` working days ever take, holidays included.
_AHEAD = dt.timedelta(days=60)
_DUE = {Standing.REVIEW_DUE, Standing.ENDS_SOON}


def send() -> list[str]:
    """Send what is due today; for the schedule.

    Returns:
        IDs of the cases about which somebody was told.
    """
    sent = []
    for row, how in _standing(_counting()):
        if row["told"] == how.value:
            continue
        try:
            if _tell(row, how):
                sent.append(row["case_id"])
        except Exception:
            # One broken case must not silence all others.
            model.Session.rollback()
            log.exception("Nobody could be told how case %s stands", row["case_id"])
    return sent


def tasks(who: Person, limit: int) -> Batch:
    """Return the publications that somebody, as a decider, is to look at again now."""
    user = model.User.get(who.id)
    mine = [
        id for id in roles.members_of(who.id) if Role.DECIDER in roles.holder(user, id).roles
    ]
    found = [
        (row, how) for row, how in _standing(_counting(mine) if mine else []) if how in _DUE
    ]
    shown = [
        Task(
            id=f"review:{row['case_id']}",
            title=row["title"],
            why=_words(row, how),
            url=tk.url_for("verbund_cases.show", id=row["case_id"]),
            action=tk._("Look at it again"),
            due=row["valid_until"] if how is Standing.ENDS_SOON else row["review_date"],
        )
        for row, how in found[:limit]
    ]
    return Batch(tuple(shown), len(found), tk.url_for("verbund_cases.index"))


def _counting(organization_ids: list[str] | None = None) -> list[Row]:
    """Return the decisions that count and whose days come near, with their cases."""
    package, soon = model.package_table, work.today() + _AHEAD
    query = (
        sa.select(
            decision.c.id,
            decision.c.case_id,
            decision.c.organization_id,
            decision.c.package_id,
            decision.c.authors,
            decision.c.review_date,
            decision.c.valid_until,
            sa.func.coalesce(package.c.title, package.c.name).label("title"),
            told.c.standing.label("told"),
        )
        .join(gate, gate.c.decision_id == decision.c.id)
        .join(case, case.c.decision_id == decision.c.id)
        .join(package, package.c.id == decision.c.package_id)
        .outerjoin(told, told.c.decision_id == decision.c.id)
        .where(
            decision.c.outcome != "not",
            package.c.state == "active",
            sa.or_(decision.c.review_date <= soon, decision.c.valid_until <= soon),
        )
        .order_by(sa.func.least(decision.c.review_date, decision.c.valid_until))
    )
    if organization_ids is not None:
        query = query.where(decision.c.organization_id.in_(organization_ids))
    return rows(query)


def _standing(found: list[Row]) -> list[tuple[Row, Standing]]:
    lands = {one.id: one.ags[:2] for one in members.all_members()} if found else {}
    today = work.today()
    stand = (
        (row, deadlines.standing(row["review_date"], row["valid_until"], today, land))
        for row in found
        for land in [lands.get(row["organization_id"], "")]
    )
    return [(row, how) for row, how in stand if how is not Standing.CURRENT]


def _tell(row: Row, how: Standing) -> bool:
    authors = frozenset(row["authors"])
    notice = Notice(Stage.REMIND, _ASKED, work.today(), 0)
    holders = reminders.holders(row["organization_id"], authors)
    ids = deadlines.recipients(notice, holders, work.today(), authors)
    people = [user for user in map(model.User.get, ids) if user and user.email]
    address = tk.url_for("verbund_cases.show", id=row["case_id"], _external=True)
    subject = tk._("Please look at it again: {title}").format(title=row["title"])
    lines = [
        _words(row, how),
        tk._("A new check leads to a new decision. Until then the old one stands.")
        if how is not Standing.ENDED
        else tk._("A new check leads to a new decision."),
        "",
        address,
    ]
    if not [user for user in people if reminders.deliver(user, subject, lines)]:
        return False
    query = insert(told).values(decision_id=row["id"], standing=how.value)
    model.Session.execute(
        query.on_conflict_do_update(
            index_elements=["decision_id"], set_={"standing": how.value}
        )
    )
    facts = {name: row[name] for name in ("package_id", "case_id")}
    said = {"standing": how.value}
    audit.write(
        row["organization_id"], "remind", "system", said, decision_id=row["id"], **facts
    )
    model.Session.commit()
    for user in people:
        work.forget(user.id)
    return True


def _words(row: Row, how: Standing) -> str:
    texts = {
        Standing.REVIEW_SOON: tk._("“{title}” is to be looked at again on {review}."),
        Standing.REVIEW_DUE: tk._(
            "“{title}” was to be looked at again on {review}. The data stay public."
        ),
        Standing.ENDS_SOON: tk._("“{title}” is public until {end} and is then withdrawn."),
        Standing.ENDED: tk._("“{title}” was public until {end} and is withdrawn."),
    }
    day = {name: tk.h.verbund_day(row[name]) if row[name] else "" for name in _DAYS}
    return texts[how].format(
        title=row["title"], review=day["review_date"], end=day["valid_until"]
    )


_DAYS = ("review_date", "valid_until")
