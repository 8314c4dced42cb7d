# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about what is restricted: what a reader may know of it, and coarser versions."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.verbund.domain.ethics.restriction import ON_REQUEST
from ckanext.verbund.ethics import audit, restricted
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.logic.decisions import decision_of

__all__ = ["verbund_derivative_create", "verbund_restriction_show"]


@tk.side_effect_free
@tk.validate(schema.package)
def verbund_restriction_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show how access to a dataset is restricted, as far as the reader may know.

    Example::

        ckanapi action verbund_restriction_show package_id=baumkataster

    Args:
        context: The context; its user must be able to read the dataset.
        data_dict: ``package_id``, ID or name.

    Returns:
        ``on_request``: the description is public, the data are given on request under
        ``conditions``; ``coarser``: this is the coarser version of data that are not public;
        ``related``: datasets that belong to it (``kind``: ``files``, ``files_of``,
        ``original``, ``derivative``; ``name``, ``title``, ``private``), only those that the
        reader may read.
    """
    tk.check_access("verbund_restriction_show", context, data_dict)
    package = model.Package.get(data_dict["package_id"])
    found = decision_of(package.id)
    on_request = bool(found and found["way"] == ON_REQUEST and not package.private)
    every = restricted.related(package.id)
    return {
        "on_request": on_request,
        "conditions": found["conditions"] if found and on_request else "",
        "coarser": any(one["kind"] == "original" for one in every),
        "related": [one for one in every if _may_read(context, one["id"])],
    }


def _may_read(context: Context, id: str) -> bool:
    try:
        return tk.check_access("package_show", tk.fresh_context(context), {"id": id})
    except tk.NotAuthorized:
        return False


@tk.validate(schema.derivative)
def verbund_derivative_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin the coarser version of a dataset: its description without its files, a draft.

    It is a dataset of its own: with its own case, decision and files. That it comes from
    another one is kept inside; the public never reads that one's title from here.

    Example::

        ckanapi action verbund_derivative_create package_id=baeume title="Bäume je Viertel"

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``package_id`` of the original; ``title`` of the coarser version.

    Returns:
        The new dataset, a draft.

    Raises:
        ValidationError: The title is that of the original, or there are no forms here.
    """
    tk.check_access("verbund_derivative_create", context, data_dict)
    original = model.Package.get(data_dict["package_id"])
    restricted.refuse_internal(original.id)
    title = " ".join(data_dict["title"].split())
    if title.casefold() == (original.title or "").casefold():
        text = tk._("Please give the coarser version a title of its own; it will be public.")
        raise tk.ValidationError({"title": [text]})
    if not p.plugin_loaded("verbund_forms"):
        raise tk.ValidationError({"package_id": [tk._("This needs the plugin verbund_forms.")]})
    made = tk.get_action("verbund_draft_copy")(
        tk.fresh_context(context),
        {"id": original.id, "title": title, "owner_org": original.owner_org},
    )
    restricted.derive(original, made["id"])
    user = model.User.get(context["user"])
    said = {"name": user.display_name, "derivative": made["id"]}
    audit.write(original.owner_org, "derive", user.id, said, package_id=original.id)
    model.Session.commit()
    return made
