# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund_tables``."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.verbund.domain import chart, sketch
from ckanext.verbund.tables import preview, status, watch

log = logging.getLogger(__name__)

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


@tk.side_effect_free
def verbund_table_facts(context: Context, data_dict: DataDict) -> dict[str, dict[str, Any]]:
    """Tell the facts of all tables of a dataset in one query.

    Findings are not among them, for these quote values of the files.

    Example::

        ckanapi action verbund_table_facts id=radverkehr

    Args:
        context: The context.
        data_dict: ``id`` or name of the dataset.

    Returns:
        By resource that was loaded: ``rows``, ``columns`` (``id``, ``type``, ``unit``) and
        ``info`` (encoding, delimiter, sheet, coordinate system, objects).
    """
    package_id = tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_table_facts", context, data_dict)
    return status.facts(context["package"].id if "package" in context else package_id)


@tk.side_effect_free
def verbund_table_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the beginning of a table, a chart that suits it, and its places.

    Example::

        ckanapi action verbund_table_preview resource_id=… x=Stadtteil y=Einwohner how=sum

    Args:
        context: The context; who may read the resource may see its table.
        data_dict: ``resource_id``; ``limit`` of the rows (10; at most 100); for another chart
            than the proposed one ``x``, ``y`` (empty: rows are counted) and ``how``
            (``sum``, ``mean``).

    Returns:
        ``fields``, ``records``, ``chart`` (None if none makes sense; else names of the
        columns, ``values`` and how to draw them), ``choices`` (``x`` and ``y``: columns that
        a chart may have), ``map`` (None without places).

    Raises:
        ObjectNotFound: The resource has no table.
        ValidationError: A column cannot be in a chart.
    """
    resource_id = tk.get_or_bust(data_dict, "resource_id")
    tk.check_access("verbund_table_preview", context, data_dict)
    try:
        limit = max(0, min(int(data_dict.get("limit", 10)), 100))
    except (TypeError, ValueError):
        raise tk.ValidationError({"limit": [tk._("Must be a natural number")]}) from None
    found = tk.get_action("datastore_search")(
        Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj")),
        {"resource_id": resource_id, "limit": limit, "include_total": False},
    )
    fields = [field for field in found["fields"] if field["id"] != "_id"]
    result: dict[str, Any] = {
        "fields": fields,
        "records": found["records"],
        "chart": None,
        "choices": {"x": [], "y": []},
        "map": None,
    }
    try:
        result |= _chart(resource_id, fields, data_dict)
        result["map"] = _map(context, resource_id, fields)
    except preview.TooLongError:
        log.info("Table %s took too long for a preview", resource_id)
    return result


def _chart(
    resource_id: str, fields: list[dict[str, Any]], wish: dict[str, Any]
) -> dict[str, Any]:
    columns, rows = preview.columns(resource_id, fields)
    by_name = {column.name: column for column in columns}
    xs = [c for c in columns if c.kind != "number" and c.distinct > 1]
    ys = [c for c in columns if c.kind == "number"]
    choices = {
        "x": [{"name": c.name, "label": c.label} for c in xs],
        "y": [{"name": c.name, "label": c.label} for c in ys],
    }
    plan = chart.propose(columns, rows)
    if wish.get("x"):
        for key, allowed in (("x", xs), ("y", ys)):
            if wish.get(key) and by_name.get(wish[key]) not in allowed:
                message = tk._("This column cannot be in a chart. Please choose another one.")
                raise tk.ValidationError({key: [message]})
        plan = chart.plan(by_name[wish["x"]], by_name.get(wish.get("y")), wish.get("how"))
    if plan is None:
        return {"choices": choices}
    types = {field["id"]: field["type"] for field in fields}
    points = preview.groups(resource_id, plan, types)
    drawing = chart.draw(plan, points)
    if drawing is None:
        return {"choices": choices}
    shown = {
        "x": plan.x.name,
        "x_label": plan.x.label,
        "y": plan.y.name if plan.y else "",
        "y_label": plan.y.label if plan.y else "",
        "how": plan.how,
        "step": plan.step,
        "single": all(point.rows == 1 for point in points),
        "cut": plan.kind == "bars" and len(points) == chart.MOST_BARS < plan.x.distinct,
    }
    return {"choices": choices, "chart": {**asdict(drawing), **shown}}


def _map(
    context: Context, resource_id: str, fields: list[dict[str, Any]]
) -> dict[str, Any] | None:
    resource = tk.get_action("resource_show")(
        Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj")),
        {"id": resource_id},
    )
    drawn = sketch.draw(preview.places(resource, fields))
    return {**asdict(drawn), "most": preview.MOST_PLACES} if drawn else None


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
