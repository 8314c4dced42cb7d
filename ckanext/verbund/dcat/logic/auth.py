# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read catalogues: everybody; who may see findings and repairs: who may mend them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict


def verbund_dataset_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


@tk.auth_allow_anonymous_access
def verbund_catalog_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody; each dataset is asked for by the rights of the caller."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def verbund_source_catalog_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may see the harvest source."""
    return authz.is_authorized("package_show", context, {"id": data_dict["id"]})


def verbund_repair_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset, or the harvest source."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def verbund_dataset_points(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def verbund_member_findings(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the datasets of the member."""
    return {
        "success": authz.has_user_permission_for_group_or_org(
            data_dict["id"], context.get("user"), "update_dataset"
        )
    }


@tk.auth_allow_anonymous_access
def verbund_hvd_report(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody; datasets are listed by the rights of the caller."""
    return {"success": True}
