# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may have a dataset checked: whoever may mend it."""

from __future__ import annotations

from ckan import authz
from ckan.types import AuthResult, Context, DataDict


def verbund_dataset_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may change the dataset."""
    return authz.is_authorized("package_update", context, {"id": data_dict["id"]})
