# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may ask, and who may read and answer.

Asking needs no account. Reading needs the right to change datasets of the member that was
asked: messages may hold personal data, so neither strangers, nor other members, nor accounts
that may only read see them.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict

from ckanext.verbund.dialog.model import Question

_PERMISSION = "update_dataset"


@tk.auth_allow_anonymous_access
def verbund_question_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody to ask about what they may read."""
    return _as_reader(context, data_dict)


@tk.auth_allow_anonymous_access
def verbund_question_route(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody to know who answers for what they may read."""
    return _as_reader(context, data_dict)


@tk.auth_allow_anonymous_access
def verbund_question_published(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may read the dataset."""
    return authz.is_authorized("package_show", context, {"id": data_dict["package_id"]})


@tk.auth_allow_anonymous_access
def verbund_question_status(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow everybody: who knows the token asked the question."""
    return {"success": True}


def verbund_question_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow those who may answer for any member; the list holds their questions only."""
    return {"success": authz.has_user_permission_for_some_org(context["user"], _PERMISSION)}


def verbund_question_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_assign(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_note(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_close(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_reopen(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_unpublish(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def verbund_question_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Allow staff of the member."""
    return _as_staff(context, data_dict)


def _as_reader(context: Context, data_dict: DataDict) -> AuthResult:
    if data_dict.get("package_id"):
        return authz.is_authorized("package_show", context, {"id": data_dict["package_id"]})
    return authz.is_authorized(
        "organization_show", context, {"id": data_dict.get("organization_id")}
    )


def _as_staff(context: Context, data_dict: DataDict) -> AuthResult:
    question = model.Session.get(Question, str(data_dict.get("id") or ""))
    # The same answer whether a question is missing or somebody else's.
    allowed = question is not None and authz.has_user_permission_for_group_or_org(
        question.organization_id, context["user"], _PERMISSION
    )
    return {"success": allowed}
