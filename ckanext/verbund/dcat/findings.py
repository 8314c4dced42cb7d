# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the check finds in one package, with the field of the form that it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import convert
from ckanext.verbund.dcat import describe
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain import form
from ckanext.verbund.domain.dcatde.check import LAYERS, check
from ckanext.verbund.domain.dcatde.graph import triples_of
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.finding import Finding

__all__ = ["LAYERS", "QUICK", "found_in", "typed"]

QUICK = ("conventions", "quality")
"""What can be checked while somebody types."""

_FILES = "dcat:distribution"
_LOCAL = "dcatde.Q-address-local"
_OF_OTHERS = {"dcatde.dataset.inseries.class", "dcatde.dataservice.servesdataset.class"}
"""Of what type another package is, its own description says, which is not looked at here."""


def typed(
    package: Mapping[str, Any], values: Mapping[str, Any], resource_id: str = ""
) -> dict[str, Any]:
    """Return fields of a form as ``package_show`` would have them, unless they are wrong.

    Args:
        package: As ``package_show`` returns it.
        values: Fields as they are in a form; what the schema does not know is left out.
        resource_id: The file that they belong to; empty for the package itself.

    Raises:
        tk.ValidationError: It is no object, or there is no such file.
    """
    if not isinstance(values, Mapping):
        raise tk.ValidationError({"values": [tk._("Please give fields with their values.")]})
    if not all(isinstance(value, str | list | None) for value in values.values()):
        raise tk.ValidationError({"values": [tk._("A value is a text or a list.")]})
    schema = tk.h.scheming_get_dataset_schema(package["type"])
    found = {
        field["field_name"]: form.tidy(field, values[field["field_name"]])
        for field in schema["resource_fields" if resource_id else "dataset_fields"]
        if field["field_name"] in values
    }
    if resource_id:
        files = package.get("resources", [])
        if all(file["id"] != resource_id for file in files):
            raise tk.ValidationError({"resource_id": [tk._("This file is no longer there.")]})
        return {
            "resources": [
                {**file, **found} if file["id"] == resource_id else file for file in files
            ]
        }
    if "tag_string" in found:
        names = found.pop("tag_string").split(",")
        found["tags"] = [{"name": name.strip()} for name in names if name.strip()]
    return found


def found_in(
    package: Mapping[str, Any], value: convert.Resource, layers: Collection[str] = LAYERS
) -> list[dict[str, Any]]:
    """Return the findings as dicts, errors first.

    ``field`` is the field of the form (``resources`` for the files as such), or empty;
    ``resource_id`` the file that it belongs to, or empty.

    Args:
        package: As ``package_show`` returns it.
        value: The same as a value.
        layers: What is checked.
    """
    files: dict[str, str] = {}
    if isinstance(value, d.Dataset):
        files = {
            file.uri: resource["id"]
            for file, resource in zip(value.distribution, package["resources"], strict=True)
        }
    return [
        {
            **finding.as_dict(),
            "field": _field(finding),
            "resource_id": files.get(finding.subject, ""),
        }
        for finding in check(triples_of(to_graph(value)), layers=layers)
        if not _is_setup(finding) and finding.id not in _OF_OTHERS
    ]


def _field(finding: Finding) -> str:
    if finding.property.split("/")[0] == _FILES:
        return "resources"
    return finding.link.removeprefix("#field-")


def _is_setup(finding: Finding) -> bool:
    """Return whether the portal is at fault, on a machine that has no public address."""
    return finding.id == _LOCAL and finding.value_excerpt.startswith(describe.site())
