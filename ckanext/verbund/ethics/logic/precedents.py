# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Action that tells what others decided."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.verbund.domain import vocab
from ckanext.verbund.ethics import cases, content, precedents
from ckanext.verbund.ethics.logic import schema

__all__ = ["verbund_precedent_list"]


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_precedent_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what this portal and its neighbours decided about data like those of a case.

    Example::

        ckanapi action verbund_precedent_list id=8b1c…

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``kind``: name of the Musterdatensatz of the dataset, or empty; ``entries``, at most
        five, those of the same kind first, else of the same theme: ``title``, ``outcome``,
        ``outcome_text``, ``grounds``, ``office``, ``reason``, ``conditions``, ``decided_on``,
        ``ended``, ``url``, ``portal``, ``same_kind``.

    Raises:
        ObjectNotFound: There is no such case.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_case_show", context, data_dict)
    try:
        package = content.show(situation.row["package_id"])
    except tk.ObjectNotFound:
        return {"kind": "", "entries": []}
    concept = vocab.load("musterdatensatz").get(package.get("musterdatensatz") or "")
    return {
        "kind": concept.label() if concept else "",
        "entries": precedents.similar(
            concept.code if concept else "",
            theme_codes(package.get("theme")),
            situation.row["decision_id"] or "",
        ),
    }


def theme_codes(themes: list[str] | None) -> list[str]:
    """Return the codes of themes, such as ``SOCI``, of their IRIs."""
    known = vocab.load("data_theme")
    found = (known.get(one) for one in themes or ())
    return [one.code for one in found if one]
