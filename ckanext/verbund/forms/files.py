# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a dataset on their page: those there are, and one to add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage, MultiDict

from ckanext.verbund.forms import values, widgets

__all__ = ["change", "read", "shown"]

_FIRST = ("name", "license", "license_attribution_by_text")
_MORE = ("url", "format")
_ASKED = _FIRST + _MORE
_PREFIX = "file-"


def read(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed about the file to add."""
    return {name: sent.get(_PREFIX + name, "").strip() for name in _ASKED}


def shown(
    package: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return what the page shows: files with their licence, and the inputs for one more."""
    fields = {f["field_name"]: f for f in values.schema_of(package["type"])["resource_fields"]}
    given = {**_proposed(package), **{k: v for k, v in typed.items() if v}}
    first, more = (
        [widgets.build(fields[n], given.get(n, ""), errors, _PREFIX + n) for n in names]
        for names in (_FIRST, _MORE)
    )
    return {
        "resources": package.get("resources") or [],
        "first": first,
        "more": more,
        "errors": errors.get("upload", []),
    }


def _proposed(package: Mapping[str, Any]) -> dict[str, str]:
    """Return licence and attribution: of the last file, else what the member is used to."""
    member = tk.h.get_organization(package.get("owner_org")) or {}
    proposed = {
        "license": member.get("default_license") or "",
        "license_attribution_by_text": member.get("default_attribution") or "",
    }
    for resource in (package.get("resources") or [])[-1:]:
        proposed |= {name: resource[name] for name in proposed if resource.get(name)}
    return proposed


def change(
    package: dict[str, Any], sent: MultiDict[str, str], uploads: Mapping[str, FileStorage]
) -> dict[str, list[str]]:
    """Add the file that was sent, or remove the one that was named.

    Args:
        package: The dataset; its list of files is brought up to date.
        sent: The form.
        uploads: Files of the form.

    Returns:
        Errors by input; empty if all went well.
    """
    if sent.get("go", "").startswith("remove-file:"):
        return _remove(package, sent["go"].removeprefix("remove-file:"))
    upload = uploads.get("upload")
    values_ = read(sent)
    if not (upload and upload.filename) and not values_["url"]:
        if sent.get("go") == "add-file":
            return {"upload": [tk._("Please choose a file, or give its address.")]}
        return {}
    resource: dict[str, Any] = {k: v for k, v in values_.items() if v}
    if upload and upload.filename:
        resource |= {"upload": upload, "url_type": "upload", "url": upload.filename}
    resource.setdefault("name", (upload and upload.filename) or values_["url"])
    try:
        created = tk.get_action("resource_create")(
            {}, {**resource, "package_id": package["id"]}
        )
    except tk.ValidationError as error:
        found = values.errors_by_input(error.error_dict)
        return {name if name == "upload" else _PREFIX + name: t for name, t in found.items()}
    package["resources"] = [*(package.get("resources") or []), created]
    return {}


def _remove(package: dict[str, Any], resource_id: str) -> dict[str, list[str]]:
    """Remove a file of this dataset; one that is gone already is no error."""
    if any(r["id"] == resource_id for r in package.get("resources") or []):
        tk.get_action("resource_delete")({}, {"id": resource_id})
    package["resources"] = [r for r in package["resources"] if r["id"] != resource_id]
    return {}
