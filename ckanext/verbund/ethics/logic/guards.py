# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of CKAN with the gate before them, and those that told too much."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import logic, model
from ckan.lib.plugins import get_permission_labels
from ckan.types import Action, Context, DataDict

from ckanext.verbund.base import rights
from ckanext.verbund.ethics import audit, cases, gate

__all__ = [
    "activity_create",
    "format_autocomplete",
    "member_list",
    "package_create",
    "package_update",
    "tag_autocomplete",
    "tag_list",
    "tag_search",
    "tag_show",
]


@tk.chained_action
def package_create(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a package; it is private until somebody decides, whatever it says."""
    with gate.readable(refuse=False):
        return up_func(context, data_dict)


@tk.chained_action
def package_update(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a package; what nobody decided stays off the net.

    A new file for a public package is refused for everybody: it would lie in the place of the
    old one before anything is committed.
    """
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    public = package is not None and gate.is_public(package)
    id = package.id if package is not None else None
    uploads = any(
        r.get("upload") or r.get("clear_upload") for r in data_dict.get("resources") or ()
    )
    if public and uploads and not tk.asbool(data_dict.get("private", False)):
        raise tk.ValidationError({"private": [gate.decided()]})
    user = model.User.get(context.get("user"))
    try:
        with gate.readable(refuse=not context.get("ignore_auth")):
            result = up_func(context, data_dict)
    except gate.Refused as refused:
        # What was tried is rolled back; that it was tried is kept.
        facts = {"package_id": package.id, "state": package.state}
        actor = user.id if user else "system"
        audit.write(package.owner_org or "", "refused", actor, refused.error_dict, **facts)
        model.Session.commit()
        raise
    if id and user is not None and not context.get("defer_commit"):
        # What the portal does by itself, such as loading a table, is nobody's writing.
        by_itself = user.name == tk.config["ckan.site_id"]
        cases.edited(id, None if by_itself else user.id)
    return result


@tk.chained_action
@tk.side_effect_free
def member_list(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """List members of a group, of its datasets only those that the account may read."""
    found = up_func(context, data_dict)
    ids = [id for id, kind, _capacity in found if kind == "package"]
    if not ids or context.get("ignore_auth"):
        return found
    readable = _readable(context, ids)
    return [one for one in found if one[1] != "package" or one[0] in readable]


def _readable(context: Context, ids: list[str]) -> set[str]:
    user = model.User.get(context.get("user"))
    packages = model.Session.scalars(
        sa.select(model.Package).where(model.Package.id.in_(ids))
    ).all()
    if user is not None and user.sysadmin:
        return {package.id for package in packages}
    labels = get_permission_labels()
    own = set(labels.get_user_dataset_labels(user))
    return {one.id for one in packages if own & set(labels.get_dataset_labels(one))}


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Suggest formats of public files; CKAN's own would name those of private ones too."""
    return _formats(context, data_dict)


@logic.validate(logic.schema.default_autocomplete_schema)
def _formats(context: Context, data_dict: DataDict) -> list[str]:
    tk.check_access("format_autocomplete", context, data_dict)
    resource, package = model.Resource, model.Package
    query = (
        sa.select(resource.format)
        .join(package, package.id == resource.package_id)
        .where(
            resource.state == "active",
            package.state == "active",
            package.private.is_(False),
            resource.format.icontains(data_dict["q"], autoescape=True),
        )
        .group_by(resource.format)
        .order_by(sa.func.count().desc(), resource.format)
        .limit(data_dict.get("limit", 5))
    )
    return [name.lower() for name in model.Session.scalars(query)]


# Tags are words that somebody wrote into a dataset; CKAN lists those of private ones too.


@tk.chained_action
@tk.side_effect_free
def tag_list(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """List tags of datasets that are public or that the account may edit."""
    found = up_func(context, data_dict)
    shown = _tags(context, [one["name"] if isinstance(one, dict) else one for one in found])
    return [one for one in found if (one["name"] if isinstance(one, dict) else one) in shown]


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Suggest tags of datasets that are public or that the account may edit."""
    found = up_func(context, data_dict)
    shown = _tags(context, found)
    return [name for name in found if name in shown]


@tk.chained_action
@tk.side_effect_free
def tag_search(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Find tags of datasets that are public or that the account may edit."""
    found = up_func(context, data_dict)
    shown = _tags(context, [one["name"] for one in found["results"]])
    results = [one for one in found["results"] if one["name"] in shown]
    return {**found, "results": results, "count": len(results)}


@tk.chained_action
@tk.side_effect_free
def tag_show(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Show a tag of a dataset that is public or that the account may edit."""
    found = up_func(context, data_dict)
    if found["name"] not in _tags(context, [found["name"]]):
        raise tk.ObjectNotFound(tk._("Not found"))
    return found


def _tags(context: Context, names: list[str]) -> set[str]:
    package, tag, used = model.package_table, model.Tag, model.PackageTag
    readable = sa.and_(package.c.state == "active", package.c.private.is_(False))
    own = rights.editable_by(context.get("user") or "")
    if own is None or context.get("ignore_auth"):
        return set(names)
    query = (
        sa.select(tag.name)
        .distinct()
        .join(used, used.tag_id == tag.id)
        .join(package, package.c.id == used.package_id)
        .where(
            used.state == "active",
            tag.name.in_(names),
            sa.or_(readable, package.c.owner_org.in_(own)),
        )
    )
    return set(model.Session.scalars(query))


@tk.chained_action
def activity_create(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Record what happened, except for views: CKAN shows those to everybody."""
    if str(data_dict.get("activity_type") or "").endswith("resource view"):
        tk.check_access("activity_create", context, data_dict)
        return {}
    return up_func(context, data_dict)


def present() -> dict[str, Action]:
    """Return the actions that there is something to chain to."""
    names = set(__all__) - (set() if p.plugin_loaded("activity") else {"activity_create"})
    return {name: globals()[name] for name in names}
