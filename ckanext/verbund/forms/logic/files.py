# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions for the files of a dataset that is being described."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.verbund.domain import file_kinds
from ckanext.verbund.forms import notes, uploads

__all__ = [
    "resource_create",
    "resource_update",
    "verbund_file_add",
    "verbund_file_move",
    "verbund_file_period_adopt",
]

_LOOKED_AT = "verbund_file_looked_at"
# What a person may have changed and a new version of the file does not overrule.
_STAYS = ("name", "description", "license", "license_attribution_by_text", "availability")


def verbund_file_add(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add an uploaded file to a dataset, filled in with what the file says about itself.

    Example::

        curl -F id=spielplaetze -F upload=@spielplaetze.csv …/api/action/verbund_file_add

    Args:
        context: The context.
        data_dict: ``id`` of the package; ``upload``; ``same_name``, what to do when a file of
            this name is there: ``ask`` (default), ``replace`` or ``both``; ``license`` and
            ``license_attribution_by_text``, else those of the last file.

    Returns:
        ``resource`` and ``proposals``.

    Raises:
        ValidationError: No file, too large, not taken (``upload``); or ``same_name`` is to be
            answered.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_file_add", context, data_dict)
    same_name = data_dict.get("same_name") or "ask"
    with uploads.received(data_dict.get("upload")) as (path, upload):
        found = uploads.proposals(path, upload.filename)
        show = tk.fresh_context(context)
        package = tk.get_action("package_show")(show, {"id": data_dict["id"]})
        resources = package.get("resources") or []
        there = uploads.namesake(resources, upload.filename)
        if there and same_name == "ask":
            question = tk._(
                "There is already a file “{name}”. Replace it, or keep both?"
            ).format(name=upload.filename)
            raise tk.ValidationError({"same_name": [question]})
        values = {**uploads.to_resource(found), "upload": upload}
        write = tk.fresh_context(context)
        write[_LOOKED_AT] = True
        if there and same_name == "replace":
            kept = {k: there[k] for k in _STAYS if there.get(k)}
            resource = tk.get_action("resource_update")(write, {**there, **values, **kept})
        else:
            # One licence for all files is the rule; each can be changed.
            other = next((r for r in reversed(resources) if r.get("license")), {})
            for name in ("license", "license_attribution_by_text"):
                if value := data_dict.get(name) or other.get(name):
                    values[name] = value
            values["package_id"] = package["id"]
            resource = tk.get_action("resource_create")(write, values)
    notes.save(notes.FILE, resource["id"], uploads.to_note(found))
    return {"resource": resource, "proposals": found.as_dict()}


def verbund_file_move(context: Context, data_dict: DataDict) -> list[str]:
    """Move a file one place up or down.

    Example::

        ckanapi action verbund_file_move id=<resource> direction=up

    Args:
        context: The context.
        data_dict: ``id`` of the resource; ``direction``, ``up`` or ``down``.

    Returns:
        IDs of the files in their new order.
    """
    resource_id, direction = tk.get_or_bust(data_dict, ["id", "direction"])
    tk.check_access("verbund_file_move", context, data_dict)
    resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": resource_id})
    package_id = resource["package_id"]
    package = tk.get_action("package_show")(tk.fresh_context(context), {"id": package_id})
    order = [r["id"] for r in package["resources"]]
    here = order.index(resource_id)
    there = max(0, min(len(order) - 1, here + (-1 if direction == "up" else 1)))
    order[here], order[there] = order[there], order[here]
    tk.get_action("package_resource_reorder")(
        tk.fresh_context(context), {"id": package_id, "order": order}
    )
    return order


def verbund_file_period_adopt(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make the period that a file proposes the period of its dataset.

    Example::

        ckanapi action verbund_file_period_adopt id=<resource>

    Args:
        context: The context.
        data_dict: ``id`` of the resource.

    Returns:
        ``start`` and ``end``, ISO days. If the dataset has one period, it is widened.

    Raises:
        ObjectNotFound: The file proposes no period.
    """
    resource_id = tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_file_period_adopt", context, data_dict)
    period = (notes.get(notes.FILE, resource_id) or {}).get("period")
    if not period:
        raise tk.ObjectNotFound(tk._("This file proposes no period."))
    resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": resource_id})
    package = tk.get_action("package_show")(
        tk.fresh_context(context), {"id": resource["package_id"]}
    )
    rows = package.get("temporal_coverage") or []
    start, end = period["start"], period["end"]
    if len(rows) == 1:
        start = min(filter(None, [start, str(rows[0].get("start") or "")[:10]]))
        end = max(filter(None, [end, str(rows[0].get("end") or "")[:10]]))
    row = {"start": start, "end": end}
    tk.get_action("package_patch")(
        tk.fresh_context(context),
        {"id": package["id"], "temporal_coverage": [row] if len(rows) < 2 else [*rows, row]},
    )
    return row


@tk.chained_action
def resource_create(next_action: Any, context: Context, data_dict: DataDict) -> Any:
    """Look at the content of what programs upload, too."""
    _check_upload(context, data_dict)
    return next_action(context, data_dict)


@tk.chained_action
def resource_update(next_action: Any, context: Context, data_dict: DataDict) -> Any:
    """Look at the content of what programs upload, too."""
    _check_upload(context, data_dict)
    return next_action(context, data_dict)


def _check_upload(context: Context, data_dict: DataDict) -> None:
    upload = data_dict.get("upload")
    is_file = isinstance(upload, FileStorage) and upload.filename
    if not is_file or context.get(_LOOKED_AT):
        return
    upload.filename = file_kinds.clean_name(upload.filename)
    with uploads.received(upload) as (path, _):
        uploads.check(path, upload.filename)
    upload.stream.seek(0)
