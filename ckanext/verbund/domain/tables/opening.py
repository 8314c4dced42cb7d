# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open a file as a table, whatever its name says it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ckanext.verbund.domain.finding import Finding
from ckanext.verbund.domain.tables import encoding as enc
from ckanext.verbund.domain.tables.delimited import open_delimited
from ckanext.verbund.domain.tables.formats import GEOJSON, WORKBOOKS
from ckanext.verbund.domain.tables.geojson import open_geojson
from ckanext.verbund.domain.tables.limits import Limits, megabytes, refuse
from ckanext.verbund.domain.tables.source import Source
from ckanext.verbund.domain.tables.table import Table
from ckanext.verbund.domain.tables.workbook import open_workbook


def open_source(path: Path, fmt: str, limits: Limits) -> Source:
    """Open a file by what it is; a workbook named ``.csv`` is a workbook.

    Args:
        path: The file.
        fmt: What it is said to be.
        limits: What it may cost.

    Returns:
        Its rows.

    Raises:
        TableError: If it cannot become a table.
    """
    size = path.stat().st_size
    if not size:
        raise refuse("empty", "Die Datei ist leer.", "The file is empty.")
    if size > limits.max_bytes:
        raise refuse(
            "too-large",
            f"Die Datei ist {megabytes(size)} groß; Tabellen werden bis "
            f"{megabytes(limits.max_bytes)} eingelesen.",
            f"The file has {megabytes(size)}, the limit is {megabytes(limits.max_bytes)}.",
            "Teilen Sie die Datei, etwa nach Jahren.",
        )
    kind = enc.looks_binary(path)
    if kind == "ole" or (kind == "zip" and _is_workbook(path)):
        source = open_workbook(path, limits)
        return source if fmt in WORKBOOKS else _misnamed(source, fmt, "eine Arbeitsmappe")
    if kind:
        raise refuse(
            "binary",
            f"Die Datei ist keine Tabelle, sondern: {'zip-Archiv' if kind == 'zip' else kind}.",
            f"The file is no table but: {kind}.",
            "Laden Sie die Tabelle selbst als CSV oder XLSX hoch.",
        )
    if fmt in GEOJSON:
        return open_geojson(path, limits)
    source = open_delimited(path, limits, tabs=fmt == "tsv")
    return _misnamed(source, fmt, "eine Textdatei (CSV)") if fmt in WORKBOOKS else source


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return True  # let the workbook reader say that it is damaged
    return "content.xml" in names or any(n.startswith("xl/") for n in names)


def _misnamed(source: Source, fmt: str, really: str) -> Source:
    source.findings.insert(
        0,
        Finding(
            "table.misnamed",
            "warning",
            value_excerpt=fmt,
            message_de=f"Die Datei ist als {fmt.upper()} bezeichnet, ist aber {really}.",
            message_en=f"The file is called {fmt} but is something else.",
            remedy_de="Berichtigen Sie das Format der Ressource.",
        ),
    )
    return source


def open_table(
    path: Path | str, fmt: str, limits: Limits | None = None, folder: Path | None = None
) -> Table:
    """Return a file as a table; use it as a context manager.

    Args:
        path: The file.
        fmt: One of ``FORMATS``.
        limits: What it may cost.
        folder: Where the temporary folder is made.

    Returns:
        The table.

    Raises:
        TableError: If it cannot become one.
    """
    limits = limits or Limits()
    return Table(open_source(Path(path), fmt, limits), limits, folder)
