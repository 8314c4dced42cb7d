# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_dcat``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base.origin import is_harvested

__all__ = ["verbund_dataset_findings"]


def verbund_dataset_findings(
    package: Mapping[str, Any], told: Iterable[Mapping[str, Any]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Return what the check finds in an own dataset, by severity; nothing for a harvested one.

    Args:
        package: As ``package_show`` returns it.
        told: Findings of the form that the page shows already: ``property`` is the field,
            ``line`` the number of the file.
    """
    found: dict[str, list[dict[str, Any]]] = {"error": [], "warning": [], "hint": []}
    if is_harvested(package):
        return found
    resources = package.get("resources") or []
    ids = [""] + [resource["id"] for resource in resources]
    shown = {(lack["property"], ids[lack["line"] or 0]) for lack in told}
    names = {r["id"]: r.get("name") or r.get("url") or "" for r in resources}
    german = tk.h.lang() == "de"
    for finding in tk.get_action("verbund_dataset_check")({}, {"id": package["id"]}):
        where = (finding["field"], finding["resource_id"])
        if where in shown:
            continue
        finding["text"] = finding["message_de" if german else "message_en"]
        finding["remedy"] = finding["remedy_de"] if german else ""
        finding["file"] = names.get(finding["resource_id"], "")
        finding["href"] = tk.h.verbund_form_link(package, *where) if where[0] else ""
        found[finding["severity"]].append(finding)
    return found
