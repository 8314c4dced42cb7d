# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions that the pages of cases need: a case in words, signing, the Vermerk."""

from __future__ import annotations

import base64
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.verbund.domain.ethics import note
from ckanext.verbund.ethics import cases, papers, roles, told
from ckanext.verbund.ethics.logic import schema

__all__ = ["verbund_case_explain", "verbund_case_note", "verbund_case_sign"]


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_case_explain(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell a case in words: questions, proposals, recommendation, comments, who may what.

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``headline``, ``why``, ``decisive``, ``lines`` (the trace), ``todo``; ``groups`` of
        questions with ``help``, ``refs``, ``choices``, ``measures``, ``answer`` and
        ``proposal``; ``comments``; ``names`` by account; ``package`` with its ``files``;
        ``roles`` of the reader, whether they ``wrote`` the case, what they ``may_comment``;
        whether it is ``cosigned``.

    Raises:
        ObjectNotFound: There is no such case.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_case_show", context, data_dict)
    user = model.User.get(context["user"])
    return told.case(situation, roles.holder(user, situation.row["organization_id"]))


@tk.validate(schema.case_sign)
def verbund_case_sign(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Decide or co-sign with one's password, as ``verbund_case_act`` asks for it.

    Args:
        context: The context; its user decides.
        data_dict: As for ``verbund_case_act``, and ``password`` of the account.

    Returns:
        The case.

    Raises:
        ValidationError: The password is wrong, under ``password``; else as
            ``verbund_case_act``.
    """
    tk.check_access("verbund_case_act", context, data_dict)
    return tk.get_action("verbund_case_act")(tk.fresh_context(context), data_dict)


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_case_note(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Return the Vermerk on a decision, for the file.

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``name`` of the file; ``pdf``, Base64.

    Raises:
        ObjectNotFound: There is no such case, or it is not decided.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_case_show", context, data_dict)
    paper = papers.note(situation)
    data = base64.b64encode(note.pdf(paper)).decode("ascii")
    return {"name": f"vermerk-{paper.number}.pdf", "pdf": data}
