# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the check finds in one package, with the field of the form that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.verbund.base import convert
from ckanext.verbund.dcat import describe
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.check import check
from ckanext.verbund.domain.dcatde.graph import triples_of
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.finding import Finding

__all__ = ["found_in"]

_FILES = "dcat:distribution"
_LOCAL = "dcatde.Q-address-local"


def found_in(package: Mapping[str, Any], value: convert.Resource) -> list[dict[str, Any]]:
    """Return the findings as dicts, errors first.

    ``field`` is the field of the form (``resources`` for the files as such), or empty;
    ``resource_id`` the file that it belongs to, or empty.

    Args:
        package: As ``package_show`` returns it.
        value: The same as a value.
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
        for finding in check(triples_of(to_graph(value)))
        if not _is_setup(finding)
    ]


def _field(finding: Finding) -> str:
    if finding.property.split("/")[0] == _FILES:
        return "resources"
    return finding.link.removeprefix("#field-")


def _is_setup(finding: Finding) -> bool:
    """Return whether the portal is at fault, on a machine that has no public address."""
    return finding.id == _LOCAL and finding.value_excerpt.startswith(describe.site())
