# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells people that a case waits for them, then their deputies, then further up.

It never moves a case: silence consents to nothing. Each stage is sent once per stay in a state.
"""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import members, tasks
from ckanext.verbund.domain.ethics import deadlines
from ckanext.verbund.domain.ethics.deadlines import Holder, Notice, Stage
from ckanext.verbund.domain.ethics.workflow import COMMENTERS, Role, State
from ckanext.verbund.ethics import audit, cases, roles
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import Row, case, rows

log = logging.getLogger(__name__)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day of a moment as it is stored, in the time zone of the portal."""
    aware = moment.replace(tzinfo=dt.timezone.utc)
    return deadlines.today(aware, tk.h.get_display_timezone())


def land(organization_id: str) -> str:
    """Return the key of the Land of a member, empty if it names none."""
    member = members.member(organization_id)
    return member.ags[:2] if member else ""


def open_roles(situation: Situation) -> frozenset[Role] | None:
    """Return those of several specialists who have still to comment; None: no such state."""
    if situation.file.state is not State.COMMENTS:
        return None
    return frozenset(COMMENTERS[effect] for effect in situation.advice.open_comments)


def send() -> list[str]:
    """Send what is due today; for the schedule.

    A notice of which no mail could be sent is tried again in the next run.

    Returns:
        IDs of the cases about which somebody was told.
    """
    lands = {member.id: member.ags[:2] for member in members.all_members()}
    waiting = [state.value for state in deadlines.LIMITS]
    told = []
    for row in rows(sa.select(case).where(case.c.state.in_(waiting)).order_by(case.c.since)):
        try:
            if _tell(row, lands.get(row["organization_id"], "")):
                told.append(row["id"])
        except Exception:
            # One broken case must not silence all others.
            model.Session.rollback()
            log.exception("Nobody could be told that case %s waits", row["id"])
    return told


def _tell(row: Row, land: str) -> bool:
    notice = _notice(row, land)
    if notice is None:
        return False
    situation = cases.situation(row)
    waiting = open_roles(situation)
    if waiting is not None:
        notice = _notice(row, land, waiting)
        if notice is None:
            return False
    authors = situation.file.authors
    ids = deadlines.recipients(
        notice, holders(row["organization_id"], authors), tasks.today(), authors
    )
    people = [user for user in map(model.User.get, ids) if user and user.email]
    if not people:
        log.error("Case %s waits, and its member has nobody to tell", row["id"])
        return False
    package = model.Package.get(row["package_id"])
    title = package.title or package.name if package else row["package_id"]
    if not [user for user in people if _mail(user, title, notice, row["id"])]:
        return False
    _remember(row, notice)
    for user in people:
        tasks.forget(user.id)
    return True


def _notice(row: Row, land: str, waiting: frozenset[Role] | None = None) -> Notice | None:
    return deadlines.notice(
        State(row["state"]),
        day_of(row["since"]),
        tasks.today(),
        land,
        sent=[Stage(row["reminded"])] if row["reminded"] else (),
        open_roles=waiting,
    )


def holders(organization_id: str, authors: frozenset[str]) -> list[Holder]:
    """Return everybody with a role; of the editors those who wrote the case."""
    found = [Holder(author, Role.EDITOR) for author in sorted(authors)]
    given = roles.given(organization_id)
    for role in roles.GIVEN:
        own = [one["user_id"] for one in given if one["role"] == role and not one["deputy"]]
        deputies = tuple(
            one["user_id"] for one in given if one["role"] == role and one["deputy"]
        )
        # Where there are only deputies, they are those who are asked.
        found += [Holder(one, role, deputies) for one in own or deputies]
    return found


def _remember(row: Row, notice: Notice) -> None:
    # ``changed`` stays: a reminder is no step of the case.
    model.Session.execute(
        sa.update(case)
        .where(case.c.id == row["id"])
        .values(reminded=int(notice.stage), changed=row["changed"])
    )
    audit.write(
        row["organization_id"],
        "remind",
        "system",
        {"stage": notice.stage.name.lower(), "roles": [role.value for role in notice.roles]},
        package_id=row["package_id"],
        case_id=row["id"],
        state=row["state"],
        fingerprint=row["fingerprint"],
    )
    model.Session.commit()


def _mail(user: model.User, title: str, notice: Notice, case_id: str) -> bool:
    day = notice.due.strftime("%d.%m.%Y")
    lines = [
        tk._("The decision about “{title}” waits.").format(title=title),
        tk._("It should have gone on by {day}.").format(day=day),
        tk._("As long as nobody does anything, nothing becomes public and nothing is decided."),
        "",
        tk.url_for("verbund_cases.show", id=case_id, _external=True),
    ]
    subject = tk._("Please remember: {title}").format(title=title)
    if notice.stage is Stage.ESCALATE:
        subject = tk._("Waiting for {days} working days: {title}").format(
            days=notice.waited, title=title
        )
    return deliver(user, subject, lines)


def deliver(user: model.User, subject: str, lines: list[str]) -> bool:
    """Send a mail to somebody.

    Args:
        user: The account.
        subject: What it is about.
        lines: Its text.

    Returns:
        Whether the mail server took it.
    """
    try:
        # In the head of a mail a line break would begin a header of the writer's choice.
        tk.mail_user(user, " ".join(subject.split())[:200], "\n".join(lines))
    except Exception:  # whatever a mail server does, the schedule goes on
        log.exception("A reminder could not be sent")
        return False
    return True
