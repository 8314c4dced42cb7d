# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of ``verbund_tables``: the map data, the report, loading again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.datastore.blueprint import dump_to
from flask import Blueprint, Response, stream_with_context
from werkzeug.wsgi import wrap_file

from ckanext.verbund.domain.spreadsheet import to_csv
from ckanext.verbund.domain.tables.formats import GEOJSON, table_format
from ckanext.verbund.domain.tables.limits import TableError
from ckanext.verbund.tables import config, files, watch

verbund_tables = Blueprint("verbund_tables", __name__)
_PREFIX = "/dataset/<id>/resource/<resource_id>"
_REPORT = ["line", "severity", "id", "property", "value_excerpt", "message_de", "remedy_de"]


def _resource(package_id: str, resource_id: str) -> dict[str, Any]:
    """Return a resource its reader may see, as the download page asks for it."""
    try:
        resource = tk.get_action("resource_show")({}, {"id": resource_id})
        package = tk.get_action("package_show")({}, {"id": package_id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Resource not found"))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Not authorized to read resource"))
    if resource["package_id"] != package["id"]:
        return tk.abort(404, tk._("Resource not found"))
    return resource


def map_data(id: str, resource_id: str) -> Response:
    """Send an uploaded GeoJSON in WGS 84, whatever system it was made in.

    Made anew for each reader from the file the reader may see: nothing is stored that
    would have to be withdrawn with it.
    """
    resource = _resource(id, resource_id)
    fmt = table_format(resource.get("format") or "", resource.get("url") or "")
    if fmt not in GEOJSON or resource.get("url_type") != "upload":
        return tk.abort(404, tk._("Resource not found"))
    etag = watch.fingerprint(resource)
    if tk.request.if_none_match.contains(etag):
        return Response(status=304)
    from ckanext.verbund.domain.tables.geojson import wgs84_chunks

    folder = tempfile.TemporaryDirectory(prefix="verbund-karte-")
    path = Path(folder.name) / "datei"
    try:
        files.save(resource, path, config.fetch_policy())
        chunks = wgs84_chunks(path)
        first = next(chunks)
    except TableError as error:
        folder.cleanup()
        return Response(
            json.dumps({"error": error.finding.message_de}, ensure_ascii=False),
            status=422,
            mimetype="application/json",
        )

    def content() -> Iterator[str]:
        with folder:
            yield first
            yield from chunks

    response = Response(stream_with_context(content()), mimetype="application/geo+json")
    response.set_etag(etag)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response


def table_csv(id: str, resource_id: str) -> Response:
    """Send the whole table as CSV, at an address that says so.

    Geographic information systems tell by the end of an address what they get, and ask for its
    length and for pieces of it; CKAN's own ``/datastore/dump/…`` has neither.
    """
    resource = _resource(id, resource_id)
    if not resource.get("datastore_active"):
        return tk.abort(404, tk._("Resource not found"))
    table = tempfile.TemporaryFile(prefix="verbund-tabelle-")  # noqa: SIM115 closed when sent
    for piece in dump_to(
        resource_id,
        fmt="csv",
        offset=0,
        limit=None,
        options={"bom": False},
        sort="_id",
        search_params={},
        user=tk.current_user.name,
    ):
        table.write(piece)
    length = table.tell()
    table.seek(0)
    content = wrap_file(tk.request.environ, table)
    response = Response(content, mimetype="text/csv", direct_passthrough=True)
    response.content_length = length
    response.headers.set("Content-Disposition", "attachment", filename="tabelle.csv")
    return response.make_conditional(tk.request, accept_ranges=True, complete_length=length)


def report(id: str, resource_id: str) -> Response:
    """Send the findings as CSV for spreadsheets."""
    _resource(id, resource_id)
    try:
        status = tk.get_action("verbund_table_status_show")({}, {"resource_id": resource_id})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Not authorized to read resource"))
    head = ["Zeile", "Schwere", "Regel", "Spalte", "Wert", "Befund", "Abhilfe"]
    rows = ([finding.get(key) for key in _REPORT] for finding in status["findings"])
    response = Response(to_csv(head, rows), mimetype="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="befunde.csv")
    return response


def reload(id: str, resource_id: str) -> Any:
    """Load the file again."""
    _resource(id, resource_id)
    try:
        tk.get_action("verbund_table_load")({}, {"resource_id": resource_id})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Not authorized to edit this resource"))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(error.error_summary.values()))
    else:
        tk.h.flash_success(tk._("The file is being loaded again."))
    return tk.redirect_to("dataset_resource.read", id=id, resource_id=resource_id)


verbund_tables.add_url_rule(f"{_PREFIX}/karte.geojson", "map", map_data)
verbund_tables.add_url_rule(f"{_PREFIX}/tabelle.csv", "csv", table_csv)
verbund_tables.add_url_rule(f"{_PREFIX}/befunde.csv", "report", report)
verbund_tables.add_url_rule(f"{_PREFIX}/neu-einlesen", "reload", reload, methods=["POST"])
