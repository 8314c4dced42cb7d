# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about roles."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Context, DataDict
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.base import tasks
from ckanext.verbund.ethics import audit
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import role as role_table
from ckanext.verbund.ethics.model import rows
from ckanext.verbund.ethics.shown import iso

__all__ = ["verbund_role_list", "verbund_role_set"]


@tk.side_effect_free
@tk.validate(schema.role_list)
def verbund_role_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List who has which role for a member. Editors are who may edit its datasets.

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``organization_id``, ID or name.

    Returns:
        ``user_id``, ``user`` (name), ``display_name``, ``role``, ``deputy``, ``valid_from``,
        ``valid_to``, ``active`` (whether the account still exists) of each.
    """
    tk.check_access("verbund_role_list", context, data_dict)
    found = rows(
        sa.select(role_table)
        .where(role_table.c.organization_id == _organization(data_dict))
        .order_by(role_table.c.role, role_table.c.deputy, role_table.c.user_id)
    )
    users = {
        user.id: user
        for user in model.Session.scalars(
            sa.select(model.User).where(model.User.id.in_({one["user_id"] for one in found}))
        )
    }
    return [iso(one) | _named(users.get(one["user_id"])) for one in found]


def _named(user: model.User | None) -> dict[str, Any]:
    if user is None:
        return {"user": "", "display_name": "", "active": False}
    active = user.state == "active"
    return {"user": user.name, "display_name": user.display_name, "active": active}


@tk.validate(schema.role_set)
def verbund_role_set(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give somebody a role for a member, change its time, or take it back.

    Example::

        ckanapi action verbund_role_set organization_id=stadt-landau user=erika role=decider

    Args:
        context: The context; its user must administer the member or be its Leitung.
        data_dict: ``organization_id``, ``user``, ``role``; ``deputy``, ``valid_from`` (today),
            ``valid_to``; ``remove``.

    Returns:
        The role.

    Raises:
        ValidationError: There is no such account, or it is one of the system administration.
    """
    tk.check_access("verbund_role_set", context, data_dict)
    organization_id = _organization(data_dict)
    user = model.User.get(data_dict["user"])
    if user is None or user.state != "active":
        raise tk.ValidationError({"user": [tk._("This account does not exist.")]})
    if user.sysadmin and not data_dict["remove"]:
        text = tk._("System administration decides nothing for a member: no role for it.")
        raise tk.ValidationError({"user": [text]})
    row = {
        "organization_id": organization_id,
        "user_id": user.id,
        "role": data_dict["role"],
        "deputy": data_dict["deputy"],
        "valid_from": data_dict.get("valid_from") or tasks.today(),
        "valid_to": data_dict.get("valid_to"),
    }
    key = [role_table.c[n] == row[n] for n in ("organization_id", "user_id", "role")]
    if data_dict["remove"]:
        model.Session.execute(sa.delete(role_table).where(*key))
    else:
        query = insert(role_table).values(id=make_uuid(), **row)
        model.Session.execute(
            query.on_conflict_do_update(
                index_elements=["organization_id", "user_id", "role"],
                set_={n: row[n] for n in ("deputy", "valid_from", "valid_to")},
            )
        )
    actor = model.User.get(context["user"])
    audit.write(
        organization_id,
        "role_remove" if data_dict["remove"] else "role_set",
        actor.id if actor else "system",
        {"name": actor.display_name if actor else "", "user": user.name} | iso(row),
        role=data_dict["role"],
        deputy=data_dict["deputy"],
    )
    model.Session.commit()
    return iso(row)


def _organization(data_dict: DataDict) -> str:
    group = model.Group.get(data_dict["organization_id"])
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return group.id
