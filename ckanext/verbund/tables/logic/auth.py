# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may see findings and load a file again: those who may change the resource."""

from __future__ import annotations

from ckan import authz
from ckan.types import AuthResult, Context, DataDict


def verbund_table_status_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the resource."""
    return _as_resource_update(context, data_dict)


def verbund_table_load(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the resource."""
    return _as_resource_update(context, data_dict)


def _as_resource_update(context: Context, data_dict: DataDict) -> AuthResult:
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})
