# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about one file on one page: the rare fields too, and a new version of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.verbund.domain import form, german
from ckanext.verbund.forms import config, values, widgets

__all__ = ["fields_of", "marks", "save", "shown"]

# At once; all others behind "Weitere Angaben".
_FIRST = ("url", "name", "description", "format", "license", "license_attribution_by_text")


def fields_of(package_type: str, resource: Mapping[str, Any]) -> list[form.Field]:
    """Return the fields of a file; an uploaded one has no address to type."""
    fields = values.schema_of(package_type).get("resource_fields") or []
    uploaded = resource.get("url_type") == "upload"
    return [f for f in fields if not (uploaded and f["field_name"] == "url")]


def marks(stored: Mapping[str, Any]) -> dict[str, str]:
    """Return what tells later whether somebody changed a value."""
    return {name: form.digest(value) for name, value in stored.items()}


def save(
    resource: Mapping[str, Any],
    typed: values.Typed,
    base: Mapping[str, str],
    upload: FileStorage | None,
) -> dict[str, list[str]]:
    """Save what somebody changed, and nothing else: others may work on the same file.

    Args:
        resource: The file as it is stored.
        typed: What the page sent.
        base: The marks of the values that the page was shown with.
        upload: A new version of the file, if any.

    Returns:
        Errors by input.
    """
    changed = {n: v for n, v in typed.values.items() if form.digest(v) != base.get(n)}
    order: dict[str, Any] = {**changed, "id": resource["id"]}
    if upload is not None and upload.filename:
        order["upload"] = upload
    elif not changed:
        return {}
    try:
        tk.get_action("resource_patch")({}, order)
    except tk.NotAuthorized as error:
        # The person may edit the dataset; who refuses this change says why.
        return {"upload": [str(error)]}
    except tk.ValidationError as error:
        return values.errors_by_input(error.error_dict)
    return {}


def shown(
    fields: list[form.Field],
    given: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    grown: str = "",
) -> dict[str, Any]:
    """Return what the page shows.

    Args:
        fields: Fields of the file.
        given: Their values, tidy or as typed.
        errors: Messages by input.
        grown: Name of an entry that was just added to a group.
    """
    by_name = {f["field_name"]: f for f in fields}
    built = {n: widgets.build(f, given.get(n), errors) for n, f in by_name.items()}
    first = [built[name] for name in _FIRST if name in built]
    more = [widget for name, widget in built.items() if name not in _FIRST]
    in_more = [*(n for n in errors if n.split("-")[0] not in _FIRST), *([grown] * bool(grown))]
    return {
        "first": first,
        "more": more,
        "more_open": any(name.split("-")[0] in by_name for name in in_more),
        "grown": grown,
        "upload_errors": errors.get("upload", []),
        "summary": widgets.summary([*first, *more], dict(errors)),
        "accept": ",".join(f".{end}" for end in config.accepted_extensions()),
        "limit_text": german.file_size(config.max_file_bytes()),
    }
