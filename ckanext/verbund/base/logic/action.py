# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.verbund.base import search

__all__ = ["verbund_search_correct", "verbund_search_suggest"]

_MOST = 20


@tk.side_effect_free
def verbund_search_suggest(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Suggest titles, tags, themes and members while somebody types.

    Example::

        ckanapi action verbund_search_suggest q=müllab limit=5

    Args:
        context: The context; only what its user may see is suggested.
        data_dict: ``q``, what was typed so far; ``limit`` of each kind (5; at most 20).

    Returns:
        ``titles`` (``name``, ``title``), ``tags`` (``name``, ``count``), ``themes``
        (``iri``, ``label``, ``count``), ``members`` (``name``, ``title``, ``count``).

    Raises:
        ValidationError: ``limit`` is no number.
    """
    tk.check_access("verbund_search_suggest", context, data_dict)
    try:
        limit = int(data_dict.get("limit", 5))
    except (TypeError, ValueError):
        raise tk.ValidationError({"limit": [tk._("Must be a natural number")]}) from None
    return search.suggest(context, str(data_dict.get("q") or ""), max(1, min(limit, _MOST)))


@tk.side_effect_free
def verbund_search_correct(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say how a misspelt query is written, if the corrected one really finds something.

    Example::

        ckanapi action verbund_search_correct q=Mülabfur

    Args:
        context: The context; only what its user may see counts.
        data_dict: ``q``, what somebody looked for.

    Returns:
        ``query``: the corrected query, or None; ``changes``: ``word`` and ``correction``
        of each exchanged word; ``count``: datasets that hold the rarest of them.
    """
    tk.check_access("verbund_search_correct", context, data_dict)
    return search.correct(context, str(data_dict.get("q") or ""))
