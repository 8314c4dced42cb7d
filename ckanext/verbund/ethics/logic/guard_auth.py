# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refusals before anything is written: what is public keeps its content.

These come before an upload reaches the storage, and they hold for sysadmins too. A question
of a page ("may this person edit?") is asked with an ID alone and is not refused. Behind them
the triggers of the database say the same.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.verbund.ethics import gate

__all__ = [
    "datastore_create",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_upsert",
    "file_ownership_transfer",
    "harvest_object_show",
    "resource_create",
    "resource_delete",
    "resource_update",
    "resource_view_delete",
]

#: Chained only where the plugin that has the function is there: CKAN refuses to chain nothing.
OF_PLUGINS = {
    "datastore": (
        "datastore_create",
        "datastore_delete",
        "datastore_records_delete",
        "datastore_upsert",
    ),
    "harvest": ("harvest_object_show",),
}


def present(functions: dict[str, Any]) -> dict[str, Any]:
    """Return the functions whose plugin is enabled."""
    absent = {
        name
        for plugin, names in OF_PLUGINS.items()
        if not p.plugin_loaded(plugin)
        for name in names
    }
    return {name: one for name, one in functions.items() if name not in absent}


def _next(
    function: AuthFunction, context: Context, data_dict: DataDict, package_id: str | None
) -> AuthResult:
    package = model.Package.get(package_id) if package_id else None
    if package is not None and gate.is_public(package):
        return {"success": False, "msg": gate.decided()}
    return _as_before(function, context, data_dict)


def _as_before(function: AuthFunction, context: Context, data_dict: DataDict) -> AuthResult:
    # What CKAN does for sysadmins unless the outermost function asks to be called.
    if authz.is_sysadmin(context.get("user")):
        return {"success": True}
    return function(context, data_dict)


def _package_of(resource_id: Any) -> str | None:
    resource = model.Resource
    query = sa.select(resource.package_id).where(resource.id == str(resource_id or ""))
    return model.Session.scalar(query)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse another file for a public dataset."""
    return _next(next_auth, context, data_dict, data_dict.get("package_id"))


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse another content of a file of a public dataset; other fields may change."""
    upload = data_dict.get("upload") or data_dict.get("clear_upload")
    package_id = _package_of(data_dict.get("id")) if upload else None
    return _next(next_auth, context, data_dict, package_id)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse to take a file from a public dataset."""
    return _next(next_auth, context, data_dict, _package_of(data_dict.get("id")))


@tk.chained_auth_function
def resource_view_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Allow editors of the dataset; CKAN asks whether the file may be deleted."""
    view = model.ResourceView.get(data_dict["id"])
    if view is None:
        return next_auth(context, data_dict)  # which says that there is none
    return authz.is_authorized("package_update", context, {"id": _package_of(view.resource_id)})


def _table(next_auth: AuthFunction, context: Context, data_dict: DataDict) -> AuthResult:
    resource = data_dict.get("resource") or {}
    id = data_dict.get("resource_id") or data_dict.get("id") or resource.get("id")
    package_id = resource.get("package_id") or _package_of(id)
    return _next(next_auth, context, data_dict, package_id)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse rows from elsewhere than the file that was decided on."""
    return _table(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_upsert(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse rows from elsewhere than the file that was decided on."""
    return _table(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse to delete rows of a public dataset."""
    return _table(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_records_delete(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse to delete rows of a public dataset."""
    return _table(next_auth, context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def file_ownership_transfer(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Refuse to hand a file to a public dataset, whose readers would get it."""
    owner = data_dict.get("owner_id")
    kinds = {"package": lambda: owner, "resource": lambda: _package_of(owner)}
    package_id = kinds.get(str(data_dict.get("owner_type")), lambda: None)()
    return _next(next_auth, context, data_dict, package_id)


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def harvest_object_show(
    next_auth: AuthFunction, context: Context, data_dict: DataDict
) -> AuthResult:
    """Show a harvested record to those who may read its dataset, or edit its source."""
    from ckanext.harvest.model import HarvestObject

    package_id = data_dict.get("dataset_id")
    source_id = None
    if data_dict.get("id"):
        found = HarvestObject.get(data_dict["id"])
        if found is None:
            return next_auth(context, data_dict)  # which says that there is none
        package_id, source_id = found.package_id, found.harvest_source_id
    if package_id and model.Package.get(package_id):
        shown = tk.fresh_context(context)
        return authz.is_authorized("package_show", shown, {"id": package_id})
    return authz.is_authorized("harvest_source_update", context, {"id": source_id})
