# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_dcat``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.verbund.base.origin import is_harvested
from ckanext.verbund.dcat import describe, words
from ckanext.verbund.domain import schemaorg

__all__ = [
    "verbund_dataset_findings",
    "verbund_dataset_points",
    "verbund_findings_members",
    "verbund_points_words",
    "verbund_schema_org",
]


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


def verbund_dataset_points(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the estimated points of an own dataset; None for what gets none.

    Args:
        package: As ``package_show`` returns it.
    """
    if is_harvested(package) or package["type"] != "dataset":
        return None
    return tk.get_action("verbund_dataset_points")({}, {"id": package["id"]})


def verbund_points_words() -> dict[str, dict[str, str]]:
    """Return what ratings and dimensions of points are called."""
    return {"ratings": words.ratings(), "dimensions": words.dimensions()}


def verbund_findings_members() -> list[dict[str, Any]]:
    """Return the members whose datasets the reader may change."""
    if tk.current_user.is_anonymous:
        return []
    return tk.h.organizations_available("update_dataset")


def verbund_schema_org(package: Mapping[str, Any]) -> Markup:
    """Return a package for search engines, as the content of a script element.

    Args:
        package: As ``package_show`` returns it.
    """
    catalog = describe.portal_catalog()
    page = tk.url_for(
        f"{package['type']}.read", id=package["name"], qualified=True, locale="default"
    )
    about = schemaorg.describe(describe.of_page(package), page, catalog)
    return Markup(schemaorg.script(about))  # noqa: S704 - nothing in it can end the script
