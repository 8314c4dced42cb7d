# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Load the file of a resource. Runs in the job; nothing here belongs into a request."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg2
from ckan import model
from ckan.lib import search

from ckanext.verbund.domain.finding import Finding
from ckanext.verbund.domain.tables.formats import table_format
from ckanext.verbund.domain.tables.limits import Limits, TableError, refuse
from ckanext.verbund.domain.tables.opening import open_table
from ckanext.verbund.domain.tables.table import Table
from ckanext.verbund.tables import config, datastore, files, status
from ckanext.verbund.tables.watch import fingerprint

log = logging.getLogger(__name__)

# PostgreSQL says so when a row or an index entry is larger than it can hold.
_TOO_WIDE = {"54000", "54001", "54011"}


def load_file(
    path: Path | str, resource_id: str, fmt: str = "csv", limits: Limits | None = None
) -> Table:
    """Load a file from disk into the datastore table of a resource.

    Neither the resource nor its status is touched: this is what the benchmark calls.

    Args:
        path: The file.
        resource_id: Name of the table.
        fmt: Format of the file.
        limits: What it may cost; the settings if not given.

    Returns:
        The table as it was loaded, with columns, findings and counts.

    Raises:
        TableError: If the file cannot become a table.
    """
    table, _ = _load(Path(path), resource_id, fmt, limits or config.limits())
    return table


def _load(
    path: Path, resource_id: str, fmt: str, limits: Limits
) -> tuple[Table, list[dict[str, Any]]]:
    with open_table(path, fmt, limits) as table:
        try:
            fields = datastore.replace_table(resource_id, table)
        except psycopg2.Error as error:
            if error.pgcode in _TOO_WIDE:
                raise refuse(
                    "row-too-wide",
                    "Die Zeilen der Tabelle sind zu breit für die Datenbank.",
                    "The rows are too wide for the database.",
                    "Teilen Sie die Tabelle, oder führen Sie Zeitreihen in Zeilen.",
                ) from error
            raise
    return table, fields


def load_resource(resource_id: str, force: bool = False) -> dict[str, Any]:
    """Load the file of a resource, unless it was loaded before.

    Args:
        resource_id: The resource.
        force: Load it even if its content did not change.

    Returns:
        The new status.
    """
    try:
        resource = tk.get_action("resource_show")(datastore.site_context(), {"id": resource_id})
    except tk.ObjectNotFound:
        status.delete(resource_id)
        return {}
    before = status.get(resource_id) or {}
    mark = {"fingerprint": fingerprint(resource), "started": status.now()}
    fmt = table_format(resource.get("format") or "", resource.get("url") or "")
    if fmt is None:
        datastore.drop_table(resource_id)
        status.save(resource_id, "none", **mark)
        return status.get(resource_id) or {}
    status.update(resource_id, "running", **mark)
    try:
        result = _load_into(resource, fmt, "" if force else before.get("hash", ""))
    except TableError as error:
        # The file is another one now: its old table would be a lie.
        datastore.drop_table(resource_id)
        status.save(resource_id, "failed", **mark, **_failed(error.finding))
    except Exception:
        if _gone(resource):
            return {}
        log.exception("Loading the table of resource %s failed", resource_id)
        status.update(resource_id, "failed", **mark, **_failed(_BROKEN))
        raise
    else:
        if result is None:
            status.update(resource_id, "done", **mark, finished=status.now())
        else:
            status.save(resource_id, "done", **mark, **result)
    if _gone(resource):
        return {}
    return status.get(resource_id) or {}


def _gone(resource: dict[str, Any]) -> bool:
    """Tell whether a resource was purged while it was loaded; if so, nothing is left of it."""
    model.Session.rollback()
    if model.Session.query(model.Resource.id).filter_by(id=resource["id"]).first():
        return False
    status.delete(resource["id"])
    datastore.drop_orphan(resource["id"])
    if not model.Session.query(model.Package.id).filter_by(id=resource["package_id"]).first():
        search.clear(resource["package_id"])
    return True


def _load_into(resource: dict[str, Any], fmt: str, old_hash: str) -> dict[str, Any] | None:
    """Fetch and load; ``None`` if the content is what the table holds already."""
    with tempfile.TemporaryDirectory(prefix="verbund-datei-") as folder:
        path = Path(folder) / "datei"
        digest = files.save(resource, path, config.fetch_policy())
        if digest == old_hash and resource.get("datastore_active"):
            return None
        table, fields = _load(path, resource["id"], fmt, config.limits())
    datastore.register(resource["id"], fields)
    _create_views(resource["id"])
    return {"hash": digest, "format": fmt, "finished": status.now(), **describe(table)}


def _create_views(resource_id: str) -> None:
    """Create the views of the file that the portal wishes: of its table, and of its map.

    CKAN itself makes the latter for new datasets and ``resource_create`` alone, not for files
    that come with ``package_update`` or ``package_revise``. Views that are there stay.
    """
    context = datastore.site_context()
    resource = tk.get_action("resource_show")(dict(context), {"id": resource_id})
    for of_table in (False, True):
        tk.get_action("resource_create_default_resource_views")(
            dict(context), {"resource": resource, "create_datastore_views": of_table}
        )


def describe(table: Table) -> dict[str, Any]:
    """Return what is remembered of a table."""
    return {
        "rows": table.rows,
        "rows_skipped": table.skipped,
        "columns": [
            {"id": c.name, "header": c.header, "type": c.type, "unit": c.unit}
            for c in table.columns
        ],
        "info": table.info,
        "findings": [f.as_dict() for f in table.findings.kept],
        "findings_total": table.findings.total,
        "findings_counts": dict(table.findings.counts),
    }


def _failed(finding: Finding) -> dict[str, Any]:
    return {
        "finished": status.now(),
        "findings": [finding.as_dict()],
        "findings_total": 1,
        "findings_counts": {"error": 1},
    }


_BROKEN = Finding(
    "table.internal",
    "error",
    message_de="Beim Einlesen ist ein technischer Fehler aufgetreten.",
    message_en="Loading failed for a technical reason.",
    remedy_de="Versuchen Sie es erneut; hilft das nicht, wenden Sie sich an die Betreuung.",
)
