# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may describe datasets: those whom CKAN lets create or edit them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict

from ckanext.verbund.forms.logic import files_auth
from ckanext.verbund.forms.logic.files_auth import *  # noqa: F403

__all__ = [  # noqa: PLE0604
    *files_auth.__all__,
    "verbund_draft_copy",
    "verbund_draft_create",
    "verbund_form_check",
    "verbund_form_publish",
    "verbund_form_save",
    "verbund_place_suggest",
]


def verbund_draft_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may create datasets."""
    return authz.is_authorized("package_create", context)


def verbund_draft_copy(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the original and create datasets."""
    readable = authz.is_authorized("package_show", context, {"id": data_dict["id"]})
    return authz.is_authorized("package_create", context) if readable["success"] else readable


def verbund_form_save(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may edit the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def verbund_form_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may edit the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


def verbund_form_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may edit the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})


@tk.auth_allow_anonymous_access
def verbund_place_suggest(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody: the list of places is public."""
    return {"success": True}
