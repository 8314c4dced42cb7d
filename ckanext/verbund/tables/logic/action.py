# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund_tables``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.verbund.tables import status, watch

# Inner marks that say nothing to anybody.
_PRIVATE = ("fingerprint", "hash")


@tk.side_effect_free
def verbund_table_status_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what became of the file of a resource.

    Findings quote values of the file, so only those who may change the resource see
    them.

    Example::

        ckanapi action verbund_table_status_show resource_id=…

    Args:
        context: The context.
        data_dict: ``resource_id``.

    Returns:
        ``state`` (``none``, ``waiting``, ``running``, ``done``, ``failed``), ``rows``,
        ``rows_skipped``, ``columns`` with types, ``info`` (encoding, delimiter, header
        line, sheet, coordinate system), ``findings`` with line numbers,
        ``findings_total``, ``findings_counts``, ``started``, ``finished``.
    """
    resource_id = tk.get_or_bust(data_dict, "resource_id")
    tk.check_access("verbund_table_status_show", context, data_dict)
    result = status.get(resource_id) or {"state": "none"}
    return {
        "resource_id": resource_id,
        "rows": None,
        "rows_skipped": 0,
        "columns": [],
        "info": {},
        "findings": [],
        "findings_total": 0,
        "findings_counts": {},
        "started": None,
        "finished": None,
        **{k: v for k, v in result.items() if k not in _PRIVATE},
    }


def verbund_table_load(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Load the file of a resource again.

    Example::

        ckanapi action verbund_table_load resource_id=…

    Args:
        context: The context.
        data_dict: ``resource_id``.

    Returns:
        ``resource_id`` and ``job_id``.
    """
    resource_id = tk.get_or_bust(data_dict, "resource_id")
    tk.check_access("verbund_table_load", context, data_dict)
    resource = tk.get_action("resource_show")(
        {"ignore_auth": True, "user": context.get("user", "")}, {"id": resource_id}
    )
    if resource.get("url_type") in tk.h.datastore_rw_resource_url_types():
        raise tk.ValidationError(
            {"resource_id": [tk._("This table has no file it could be loaded from.")]}
        )
    job_id = watch.enqueue(resource_id, watch.fingerprint(resource), force=True)
    return {"resource_id": resource_id, "job_id": job_id}
