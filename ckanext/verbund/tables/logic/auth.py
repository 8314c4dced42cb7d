# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Readers of a resource may see its table; findings and reloading are for its editors."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def verbund_table_facts(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the dataset."""
    return authz.is_authorized("package_show", context, {"id": data_dict["id"]})


@tk.auth_allow_anonymous_access
def verbund_table_preview(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the resource."""
    return authz.is_authorized("resource_show", context, {"id": data_dict["resource_id"]})


def verbund_table_status_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the resource."""
    return _as_resource_update(context, data_dict)


def verbund_table_load(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the resource."""
    return _as_resource_update(context, data_dict)


def _as_resource_update(context: Context, data_dict: DataDict) -> AuthResult:
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})
