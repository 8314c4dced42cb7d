# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may be helped in searching (everybody who may search), and who has tasks."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def verbund_search_suggest(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may search."""
    return authz.is_authorized("package_search", context, data_dict)


@tk.auth_allow_anonymous_access
def verbund_search_correct(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may search."""
    return authz.is_authorized("package_search", context, data_dict)


def verbund_task_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow every account; it sees what waits for itself."""
    return {"success": True}


def verbund_my_dataset_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow every account; it sees the datasets that it may change."""
    return {"success": True}
