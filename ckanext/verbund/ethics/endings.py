# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Announced ends of publications: the files say so for 30 days, then they are withdrawn."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics.ending import DEPRECATED, Ended
from ckanext.verbund.domain.ethics.workflow import PUBLIC, State
from ckanext.verbund.ethics import audit, cases, publication
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import Row, first, metadata, now, rows

log = logging.getLogger(__name__)

table = sa.Table(
    "verbund_ethics_ending",
    metadata,
    sa.Column("package_id", sa.UnicodeText, primary_key=True),
    sa.Column("case_id", sa.UnicodeText),
    sa.Column("decision_id", sa.UnicodeText),
    sa.Column("last_day", sa.Date),
    sa.Column("user_id", sa.UnicodeText),
    sa.Column("created", sa.DateTime, default=now),
)


def of_package(package_id: str) -> Row | None:
    """Return the announced end of a package, None without one."""
    return first(sa.select(table).where(table.c.package_id == package_id))


def announce(situation: Situation, user_id: str, last_day: dt.date) -> None:
    """Keep when a publication ends, in place of an earlier day; no commit.

    Args:
        situation: Its case.
        user_id: Who announces it.
        last_day: Last day of the publication.
    """
    forget(situation.row["package_id"])
    row = {
        "package_id": situation.row["package_id"],
        "case_id": situation.row["id"],
        "decision_id": situation.row["decision_id"],
        "last_day": last_day,
        "user_id": user_id,
    }
    model.Session.execute(sa.insert(table).values(row))


def forget(package_id: str) -> bool:
    """Take an announced end back; no commit. Returns whether there was one."""
    done = model.Session.execute(sa.delete(table).where(table.c.package_id == package_id))
    return bool(done.rowcount)


def mark(package_id: str, *, announced: bool) -> None:
    """Let the files of a package say that they are outdated, or no longer; commits.

    Args:
        package_id: The package.
        announced: Whether its end is announced.
    """
    context = {"ignore_auth": True, "use_cache": False}
    package = tk.get_action("package_show")(dict(context), {"id": package_id})
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    resources = package.get("resources") or []
    for one in resources:
        if announced:
            one["distribution_status"] = DEPRECATED
        elif one.get("distribution_status") == DEPRECATED:
            one["distribution_status"] = ""
    if resources:
        tk.get_action("package_patch")(
            {"ignore_auth": True, "user": site_user},
            {"id": package_id, "resources": resources},
        )


def due() -> list[str]:
    """Withdraw what was announced until a day that is over; for the schedule.

    Returns:
        IDs of the packages.
    """
    query = sa.select(table).where(table.c.last_day < tasks.today())
    done = []
    for row in rows(query):
        try:
            if _end(row):
                done.append(row["package_id"])
        except Exception:
            # One broken case must not keep all others public.
            model.Session.rollback()
            log.exception("The publication of %s could not be ended", row["package_id"])
    return done


def _end(row: Row) -> bool:
    situation = cases.get(row["case_id"], lock=True)
    forget(row["package_id"])
    file = situation.file
    stands = situation.row["decision_id"] == row["decision_id"]
    if not stands or file.state not in {*PUBLIC, State.SUSPENDED}:
        model.Session.commit()  # somebody decided otherwise meanwhile
        return False
    after = replace(file, state=State.REVOKED, before=None)
    cases.keep(situation, after, decision_id=None)
    audit.write(
        situation.row["organization_id"],
        "ended",
        "system",
        {},
        package_id=row["package_id"],
        case_id=row["case_id"],
        decision_id=row["decision_id"],
        state=after.state.value,
        fingerprint=file.fingerprint,
    )
    publication.withdraw(row["package_id"], row["decision_id"], Ended.ORDINARY)
    return True
