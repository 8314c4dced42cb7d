# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which files can become tables. Light: every web process imports this."""

from __future__ import annotations

import re

WORKBOOKS = {"xlsx", "xlsm", "xls", "ods"}
DELIMITED = {"csv", "tsv"}
GEOJSON = {"geojson"}
FORMATS = DELIMITED | WORKBOOKS | GEOJSON

_ALIASES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "tab": "tsv",
    "gjson": "geojson",
    "geo+json": "geojson",
    "application/geo+json": "geojson",
    "application/vnd.geo+json": "geojson",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "excel": "xlsx",
}


def table_format(declared: str, url: str = "") -> str | None:
    """Return the format of a resource if it can become a table.

    Args:
        declared: The format of the resource, as people or machines wrote it.
        url: Its address or file name, asked if no format is given.

    Returns:
        One of ``FORMATS``, or ``None``.
    """
    name = declared.strip().lower().rsplit("/file-type/", 1)[-1].lstrip(".")
    name = _ALIASES.get(name, name)
    if not name:
        found = re.search(r"\.(\w+)(?:[?#].*)?$", url.strip().lower())
        name = _ALIASES.get(found[1], found[1]) if found else ""
    return name if name in FORMATS else None
