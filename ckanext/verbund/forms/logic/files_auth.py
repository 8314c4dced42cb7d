# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may work on files, imports and templates: those who may change or create datasets."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict

__all__ = [
    "verbund_file_add",
    "verbund_file_move",
    "verbund_file_period_adopt",
    "verbund_import_check",
    "verbund_import_show",
    "verbund_import_start",
    "verbund_template_list",
    "verbund_template_mark",
]


def verbund_file_add(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def verbund_file_move(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the file."""
    return authz.is_authorized("resource_update", context, {"id": data_dict["id"]})


def verbund_file_period_adopt(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the file."""
    return authz.is_authorized("resource_update", context, {"id": data_dict["id"]})


def verbund_import_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may create datasets of the member."""
    return _may_create(context, data_dict.get("owner_org"))


def verbund_import_start(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may create datasets of the member."""
    return _may_create(context, data_dict.get("owner_org"))


def verbund_import_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may create datasets of the member."""
    return _may_create(context, data_dict.get("owner_org"))


def verbund_template_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody who is signed in; each sees the templates of own members."""
    return {"success": bool(context.get("user"))}


def verbund_template_mark(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def _may_create(context: Context, organization: str | None) -> AuthResult:
    may = organization and authz.has_user_permission_for_group_or_org(
        organization, context.get("user") or "", "create_dataset"
    )
    if may:
        return {"success": True}
    return {"success": False, "msg": tk._("You may not create datasets of this member.")}
