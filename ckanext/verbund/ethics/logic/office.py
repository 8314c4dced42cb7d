# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of the data office of a member."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.verbund.base import members, tasks
from ckanext.verbund.domain import spreadsheet
from ckanext.verbund.domain.ethics import deadlines, office
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.register import LEAST
from ckanext.verbund.domain.ethics.workflow import State
from ckanext.verbund.ethics import reminders, told, words
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import case, decision, event, gate, rows

__all__ = ["verbund_office_export", "verbund_office_show"]

_SHOWN = 50


@tk.side_effect_free
@tk.validate(schema.role_list)
def verbund_office_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show how the cases of a member stand: for its staff, without a figure per person.

    Example::

        ckanapi action verbund_office_show organization_id=stadt-landau

    Args:
        context: The context; its user must have a role for the member or administer it.
        data_dict: ``organization_id``, ID or name.

    Returns:
        ``states`` (``state``, ``name``, ``number``); ``offices`` (``office``, ``number``,
        ``median_days``; None below ``least``); ``grounds`` (``ground``, ``number``);
        ``overdue`` (``id``, ``title``, ``state_name``, ``waits_for``, ``due``, ``late``) and
        ``reviews`` (``id``, ``title``, ``review_on``, ``valid_until``, ``standing``), at most
        50 each, with their numbers as ``overdue_total`` and ``reviews_total``; ``total``.
    """
    tk.check_access("verbund_office_show", context, data_dict)
    organization_id = _organization(data_dict)
    known, today = _known(organization_id), tasks.today()
    late, again = office.overdue(known, today), office.reviews(known, today)
    names, roles = words.states(), words.roles()
    grounds = load().grounds
    return {
        "states": [
            {"state": state.value, "name": names[state], "number": number}
            for state, number in office.by_state(known).items()
        ],
        "offices": [
            {
                "office": roles[one.role],
                "number": one.number,
                "median_days": one.median_days,
            }
            for one in office.durations(_events(organization_id))
        ],
        "least": LEAST,
        "grounds": [
            {"ground": grounds[code][told.lang()] if code in grounds else code}
            | {"number": number}
            for code, number in office.by_ground(known).items()
        ],
        "overdue": [
            {
                "id": one.id,
                "title": one.title,
                "state_name": names[one.state],
                "waits_for": [roles[r] for r in deadlines.LIMITS[one.state].roles],
                "due": one.due,
                "late": one.late(today),
            }
            for one in late[:_SHOWN]
        ],
        "overdue_total": len(late),
        "reviews": [
            {
                "id": one.id,
                "title": one.title,
                "review_on": one.review_on,
                "valid_until": one.valid_until,
                "standing": one.standing(today).value,
            }
            for one in again[:_SHOWN]
        ],
        "reviews_total": len(again),
        "total": len(known),
    }


@tk.side_effect_free
@tk.validate(schema.role_list)
def verbund_office_export(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Return all cases of a member as a table, one line each, without a name of staff.

    Args:
        context: The context; its user must have a role for the member or administer it.
        data_dict: ``organization_id``, ID or name.

    Returns:
        ``text``: the CSV.
    """
    tk.check_access("verbund_office_show", context, data_dict)
    states, outcomes, today = words.states(), words.outcomes(), tasks.today()
    grounds, lang = load().grounds, told.lang()
    header = [
        tk._("Number of the check"), tk._("Dataset"), tk._("State"), tk._("Since"), tk._("Due"),
        tk._("Days overdue"), tk._("Decision"), tk._("Decided on"), tk._("Grounds"),
        tk._("Looked at again"), tk._("Public until"),
    ]  # fmt: skip
    lines = [
        [
            one.id,
            one.title,
            states[one.state],
            one.since,
            one.due or "",
            one.late(today) or "",
            outcomes.get(one.outcome, ""),
            one.decided_on or "",
            "; ".join(grounds[code][lang] for code in one.grounds if code in grounds),
            one.review_on or "",
            one.valid_until or "",
        ]
        for one in _known(_organization(data_dict))
    ]
    return {"text": spreadsheet.to_csv(header, lines).decode()}


def _known(organization_id: str) -> list[office.Known]:
    """Return all cases of a member, in two queries."""
    package, member = model.package_table, members.member(organization_id)
    land = member.ags[:2] if member else ""
    query = (
        sa.select(
            case.c.id,
            sa.func.coalesce(package.c.title, package.c.name).label("title"),
            case.c.state,
            case.c.since,
            decision.c.outcome,
            decision.c.created.label("decided"),
            decision.c.grounds,
            decision.c.review_date,
            decision.c.valid_until,
            gate.c.package_id.label("counts"),
        )
        .outerjoin(package, package.c.id == case.c.package_id)
        .outerjoin(decision, decision.c.id == case.c.decision_id)
        .outerjoin(
            gate, sa.and_(gate.c.decision_id == decision.c.id, decision.c.outcome != "not")
        )
        .where(case.c.organization_id == organization_id)
        .order_by(case.c.created.desc(), case.c.id)
    )
    return [
        office.Known(
            id=row["id"],
            title=row["title"] or tk._("Deleted dataset"),
            state=State(row["state"]),
            since=reminders.day_of(row["since"]),
            land=land,
            outcome=row["outcome"] or "",
            decided_on=reminders.day_of(row["decided"]) if row["decided"] else None,
            grounds=tuple(row["grounds"] or ()),
            review_on=row["review_date"] if row["counts"] else None,
            valid_until=row["valid_until"] if row["counts"] else None,
        )
        for row in rows(query)
    ]


def _events(organization_id: str) -> list[office.Event]:
    query = (
        sa.select(event.c.case_id, event.c.at, event.c.action, event.c.state, event.c.role)
        .where(event.c.organization_id == organization_id, event.c.case_id != "")
        .order_by(event.c.seq)
    )
    return [
        office.Event(
            row["case_id"],
            dt.datetime.fromisoformat(row["at"]),
            row["action"],
            row["state"],
            row["role"].split(" ")[0],
        )
        for row in rows(query)
    ]


def _organization(data_dict: DataDict) -> str:
    group = model.Group.get(data_dict["organization_id"])
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return group.id
