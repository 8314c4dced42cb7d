# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions: many datasets from one table, and templates of a member."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.verbund.domain import bulk
from ckanext.verbund.forms import config, imports, notes, uploads, values

__all__ = [
    "verbund_import_check",
    "verbund_import_show",
    "verbund_import_start",
    "verbund_template_list",
    "verbund_template_mark",
]

_KEPT_DAYS = 30


def verbund_import_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Look at a table of datasets without writing anything.

    Example::

        curl -F owner_org=stadt-landau -F upload=@tabelle.csv …/api/action/verbund_import_check

    Args:
        context: The context.
        data_dict: ``owner_org``, ID of the member; ``upload``, the table.

    Returns:
        ``run``, to be asked for with ``verbund_import_show``.

    Raises:
        ValidationError: No file, or the table is of no use (``upload``).
    """
    owner_org = _member(context, data_dict)
    tk.check_access("verbund_import_check", context, {**data_dict, "owner_org": owner_org})
    upload = data_dict.get("upload")
    with uploads.received(upload) as (path, kept):
        name = kept.filename
        uploads.check(path, name)
        sheet = bulk.read(path, name, values.schema_of("dataset"), config.import_rows())
    if refusal := sheet.refusal:
        raise tk.ValidationError({"upload": [uploads.sentence(refusal, name)]})
    notes.delete_older(notes.IMPORT, _KEPT_DAYS)
    run = str(uuid.uuid4())
    content = {
        "run": run,
        "owner_org": owner_org,
        "user": context["user"],
        "file_name": name,
        "notices": [uploads.sentence(f) for f in sheet.findings],
        "rows": [imports.as_row(row) for row in sheet.rows],
    }
    imports.save(owner_org, run, content)
    imports.step(owner_org, run, "checking", 0, len(sheet.rows))
    _run(imports.check, content)
    return {"run": run, "owner_org": owner_org}


def verbund_import_start(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write the good rows of a table that was looked at, as drafts.

    Example::

        ckanapi action verbund_import_start owner_org=… run=…

    Args:
        context: The context.
        data_dict: ``owner_org``, ``run``.

    Returns:
        ``run``.

    Raises:
        ObjectNotFound: There is no such run.
        ValidationError: It is not ready, or was started already.
    """
    owner_org = _member(context, data_dict)
    tk.check_access("verbund_import_start", context, {**data_dict, "owner_org": owner_org})
    content = imports.show(owner_org, data_dict.get("run") or "")
    if content is None:
        raise tk.ObjectNotFound(tk._("This import is no longer there."))
    if content["state"] not in {"checked", "failed"}:
        raise tk.ValidationError({"run": [tk._("This import was started already.")]})
    imports.step(owner_org, content["run"], "writing", 0, len(content["rows"]))
    _run(imports.write, {**content, "user": context["user"]})
    return {"run": content["run"], "owner_org": owner_org}


def _run(job: Any, content: dict[str, Any]) -> None:
    """Do a few rows at once, many in a job."""
    order = [content["owner_org"], content["run"], content["user"]]
    if len(content["rows"]) <= imports.AT_ONCE:
        job(*order)
        return
    tk.enqueue_job(
        job,
        order,
        title=f"Import {content['run']}",
        rq_kwargs={"timeout": imports.TIMEOUT},
    )


@tk.side_effect_free
def verbund_import_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an import: how far it is, and what becomes of each row.

    Example::

        ckanapi action verbund_import_show owner_org=… run=…

    Args:
        context: The context.
        data_dict: ``owner_org``, ``run``.

    Returns:
        ``state`` (``checking``, ``checked``, ``writing``, ``done``, ``failed``), ``done``,
        ``total``, ``notices``, ``rows`` with ``line``, ``key``, ``title``, ``result``,
        ``name`` and ``problems`` (``field``, ``reason``, ``remedy``).

    Raises:
        ObjectNotFound: There is no such run.
    """
    owner_org = _member(context, data_dict)
    tk.check_access("verbund_import_show", context, {**data_dict, "owner_org": owner_org})
    content = imports.show(owner_org, data_dict.get("run") or "")
    if content is None:
        raise tk.ObjectNotFound(tk._("This import is no longer there."))
    return content


def _member(context: Context, data_dict: DataDict) -> str:
    """Return the ID of the member that is meant."""
    name = data_dict.get("owner_org")
    if not name:
        raise tk.ValidationError({"owner_org": [tk._("Please choose a member.")]})
    show = tk.fresh_context(context)
    return tk.get_action("organization_show")(show, {"id": name, "include_users": False})["id"]


def verbund_template_mark(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make a dataset a template of its member, or no longer.

    Example::

        ckanapi action verbund_template_mark id=spielplaetze template=true

    Args:
        context: The context.
        data_dict: ``id`` of the dataset or draft; ``template``.

    Returns:
        ``id`` and ``template``.
    """
    tk.get_or_bust(data_dict, ["id", "template"])
    tk.check_access("verbund_template_mark", context, data_dict)
    package = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    is_template = tk.asbool(data_dict["template"])
    if is_template:
        notes.save(notes.TEMPLATE, package["id"], {"by": context["user"]})
    else:
        notes.delete(notes.TEMPLATE, package["id"])
    return {"id": package["id"], "template": is_template}


@tk.side_effect_free
def verbund_template_list(context: Context, data_dict: DataDict) -> list[dict[str, str]]:
    """List the templates of the members whose editor somebody is.

    Example::

        ckanapi action verbund_template_list

    Args:
        context: The context.
        data_dict: Nothing is asked for.

    Returns:
        ``id``, ``title``, ``type`` and ``owner_org`` of each, by title.
    """
    tk.check_access("verbund_template_list", context, data_dict)
    own = tk.get_action("organization_list_for_user")(
        tk.fresh_context(context), {"permission": "create_dataset"}
    )
    return notes.templates_of([organization["id"] for organization in own])
