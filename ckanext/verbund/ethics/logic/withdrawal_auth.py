# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read and change what ends publications."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.verbund.ethics import roles
from ckanext.verbund.ethics.model import case

__all__ = [
    "verbund_anchor_list",
    "verbund_ending_announce",
    "verbund_ending_cancel",
    "verbund_ending_show",
    "verbund_withdrawal_list",
]


@tk.auth_allow_anonymous_access
def verbund_withdrawal_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody: neighbours have to obey it."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def verbund_anchor_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody: what is known elsewhere proves something."""
    return {"success": True}


@tk.auth_sysadmins_check
def verbund_ending_announce(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member; the action asks whether it is the right one."""
    return _with_role(context, data_dict)


@tk.auth_sysadmins_check
def verbund_ending_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member; the action asks whether it is the right one."""
    return _with_role(context, data_dict)


def verbund_ending_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    return _with_role(context, data_dict)


def _with_role(context: Context, data_dict: DataDict) -> AuthResult:
    user = model.User.get(context.get("user"))
    query = sa.select(case.c.organization_id).where(case.c.id == str(data_dict.get("id") or ""))
    member = model.Session.scalar(query)
    return {"success": bool(user and member and roles.holder(user, member).roles)}
