# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read and move cases. The rules of each step are in ``domain.ethics.workflow``.

Sysadmins are checked like everybody: the operator of a portal decides nothing for a member.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.verbund.domain.ethics.witness import EXPLAINERS
from ckanext.verbund.domain.ethics.workflow import Role
from ckanext.verbund.ethics import roles
from ckanext.verbund.ethics.logic import guard_auth, withdrawal_auth
from ckanext.verbund.ethics.model import case


def functions() -> dict[str, AuthFunction]:
    """Return the auth functions of this plugin by name."""
    own = {name: one for name, one in globals().items() if name.startswith("verbund_")}
    own |= {name: getattr(withdrawal_auth, name) for name in withdrawal_auth.__all__}
    return own | guard_auth.present({n: getattr(guard_auth, n) for n in guard_auth.__all__})


@tk.auth_sysadmins_check
def verbund_case_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow the editors of the member."""
    package = model.Package.get(data_dict.get("package_id"))
    return _with_role(context, package and package.owner_org, {Role.EDITOR})


@tk.auth_sysadmins_check
def verbund_case_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow the editors of the member."""
    return _with_role(context, _member_of(data_dict), {Role.EDITOR})


@tk.auth_sysadmins_check
def verbund_batch_leave(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow the editors of the member."""
    return _with_role(context, _member_of(data_dict), {Role.EDITOR})


@tk.auth_sysadmins_check
def verbund_case_act(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member; the action asks whether it is the right one."""
    return _with_role(context, _member_of(data_dict))


def verbund_case_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    return _with_role(context, _member_of(data_dict))


def verbund_case_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow every account; it sees the cases of members for which it has a role."""
    return {"success": True}


def verbund_undecided_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow every account; it sees the datasets that it may edit."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def verbund_register_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody: the register is there to be read."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def verbund_decision_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the dataset."""
    return authz.is_authorized("package_show", context, {"id": data_dict.get("package_id")})


@tk.auth_allow_anonymous_access
def verbund_restriction_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the dataset."""
    return authz.is_authorized("package_show", context, {"id": data_dict.get("package_id")})


@tk.auth_sysadmins_check
def verbund_derivative_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow the editors of the member."""
    package = model.Package.get(data_dict.get("package_id"))
    return _with_role(context, package and package.owner_org, {Role.EDITOR})


def verbund_role_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member, and its administration."""
    organization_id = _organization(data_dict)
    found = _with_role(context, organization_id)
    if found["success"]:
        return found
    return {"success": _administers(context, organization_id)}


def verbund_office_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member, and its administration."""
    return verbund_role_list(context, data_dict)


def verbund_role_set(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow the administration of the member and its Leitung.

    Sysadmins may too, for the first person of a new member has to come from somewhere; they
    cannot give anything to an account of the system administration, and it is all recorded.
    """
    organization_id = _organization(data_dict)
    if _with_role(context, organization_id, {Role.LEITUNG})["success"]:
        return {"success": True}
    return {"success": _administers(context, organization_id)}


@tk.auth_sysadmins_check
def verbund_source_decision_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member that harvests, and harvesters."""
    package = model.Package.get(data_dict.get("source_id"))
    return _with_role(context, package and package.owner_org)


@tk.auth_sysadmins_check
def verbund_decision_inherit(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow nobody but software that runs without a person: the harvester."""
    return {"success": False}


@tk.auth_sysadmins_check
def verbund_scan_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    package = model.Package.get(data_dict.get("package_id"))
    return _with_role(context, package and package.owner_org)


@tk.auth_sysadmins_check
def verbund_scan_dispose(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever explains findings for the member."""
    return _with_role(context, _member_of(data_dict), set(EXPLAINERS))


@tk.auth_sysadmins_check
def verbund_scan_rows(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member and may read the dataset."""
    query = sa.select(case.c.package_id).where(case.c.id == str(data_dict.get("id") or ""))
    package_id = model.Session.scalar(query)
    if package_id is None or not _with_role(context, _member_of(data_dict))["success"]:
        return {"success": False}
    return authz.is_authorized("package_show", context, {"id": package_id})


def verbund_short_check_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    return _with_role(context, _member_of(data_dict))


@tk.auth_sysadmins_check
def verbund_short_way_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    package = model.Package.get(data_dict.get("package_id"))
    return _with_role(context, package and package.owner_org)


def verbund_short_list_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow whoever has a role for the member."""
    return _with_role(context, _organization(data_dict))


@tk.auth_sysadmins_check
def verbund_short_list_set(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow Leitung of the member, nobody for it."""
    return _with_role(context, _organization(data_dict), {Role.LEITUNG})


def _with_role(
    context: Context, organization_id: str | None, wanted: set[Role] | None = None
) -> AuthResult:
    user = model.User.get(context.get("user"))
    if user is None or not organization_id:
        return {"success": False}
    held = roles.holder(user, organization_id).roles
    return {"success": bool(held & wanted if wanted else held)}


def _administers(context: Context, organization_id: str | None) -> bool:
    user = model.User.get(context.get("user"))
    return bool(user and organization_id and roles.organization_admin(user.id, organization_id))


def _member_of(data_dict: DataDict) -> str | None:
    query = sa.select(case.c.organization_id).where(case.c.id == str(data_dict.get("id") or ""))
    return model.Session.scalar(query)


def _organization(data_dict: DataDict) -> str | None:
    group = model.Group.get(data_dict.get("organization_id"))
    return group.id if group is not None and group.is_organization else None
