# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_tables``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base.helpers import verbund_column_type
from ckanext.verbund.domain.tables.formats import GEOJSON, table_format


def verbund_table_status(resource: dict[str, Any]) -> dict[str, Any] | None:
    """Return the status of a resource for those who may see it, else ``None``."""
    if not table_format(resource.get("format") or "", resource.get("url") or ""):
        return None
    try:
        return tk.get_action("verbund_table_status_show")({}, {"resource_id": resource["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def verbund_table_type_label(name: str) -> str:
    """Return what a type of column is called, also where ``verbund`` is not enabled."""
    return verbund_column_type(name)


def verbund_table_csv_url(package_name: str, resource_id: str) -> str:
    """Return where the table of a resource is found as CSV, for programs."""
    return tk.url_for(
        "verbund_tables.csv", id=package_name, resource_id=resource_id, qualified=True
    )


def verbund_table_map_url(resource: dict[str, Any]) -> str | None:
    """Return where the map of an uploaded GeoJSON is found, in WGS 84."""
    fmt = table_format(resource.get("format") or "", resource.get("url") or "")
    if fmt not in GEOJSON or resource.get("url_type") != "upload":
        return None
    return tk.url_for(
        "verbund_tables.map", id=resource["package_id"], resource_id=resource["id"]
    )
