# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page shows of a table: its columns, groups for a chart, places for a map.

Read only, with the datastore's read account, a short time limit and bounded answers. Who may
ask is decided by the actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_read_engine
from sqlalchemy.exc import DBAPIError

from ckanext.verbund.base.kept import Kept
from ckanext.verbund.domain import chart
from ckanext.verbund.domain.tables.formats import GEOJSON, table_format
from ckanext.verbund.domain.tables.limits import TableError
from ckanext.verbund.tables import config, files, watch

SAMPLE = 10_000
"""Rows that decide which chart is proposed."""
MOST_PLACES = 1_000
"""Points and shapes of a map; of more the first are shown."""
MOST_MAP_BYTES = 5_000_000
"""Size of a GeoJSON file that is read for a page."""
_MILLISECONDS = 2_000
_BERLIN = "Europe/Berlin"
_LONGITUDE = ("längengrad", "laengengrad", "longitude", "lon", "lng", "länge")
_LATITUDE = ("breitengrad", "latitude", "lat", "breite")
# West, east, south, north. "Länge" and "Breite" may be metres; these are not taken for places.
_GERMANY = (5.5, 15.5, 47.0, 55.5)


class TooLongError(Exception):
    """The database was not ready in time."""


@contextmanager
def _connection() -> Iterator[sa.engine.Connection]:
    """Connect to the datastore as a reader, for a short time."""
    with get_read_engine().connect() as connection, connection.begin():
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {_MILLISECONDS}"))
        try:
            yield connection
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) == "57014":  # query_canceled
                raise TooLongError from error
            raise


def columns(resource_id: str, fields: list[dict[str, Any]]) -> tuple[list[chart.Column], int]:
    """Look at the first rows of a table to learn what its columns can do in a chart.

    Args:
        resource_id: Name of the table.
        fields: Its columns as the datastore describes them.

    Returns:
        The columns, and how many rows were looked at.

    Raises:
        TooLongError: The database was not ready in time.
    """
    kinds = [(f, chart.kind_of(f["id"], f["type"])) for f in fields if f["id"] != "_id"]
    kinds = [(field, kind) for field, kind in kinds if kind != "other"][:40]
    table = _table(resource_id, [field["id"] for field, _ in kinds])
    sample = sa.select(*table.c).limit(SAMPLE).subquery()
    spread = [sa.func.count()]
    spread += [sa.func.count(sa.distinct(sample.c[f["id"]])) for f, _ in kinds]
    times = [f for f, kind in kinds if kind == "time"]
    edges = [
        edge(_local(table.c[f["id"]], f["type"]))
        for f in times
        for edge in (sa.func.min, sa.func.max)
    ]
    with _connection() as connection:
        total, *distinct = connection.execute(sa.select(*spread).select_from(sample)).one()
        ends = connection.execute(sa.select(*edges)).one() if edges else ()
    found = {f["id"]: ends[2 * n : 2 * n + 2] for n, f in enumerate(times)}
    return [
        chart.Column(
            name=field["id"],
            label=(field.get("info") or {}).get("label") or field["id"],
            kind=kind,
            unit=(field.get("info") or {}).get("unit") or "",
            distinct=number,
            hours=field["type"] != "date",
            **dict(zip(("lowest", "highest"), found.get(field["id"], ()), strict=False)),
        )
        for (field, kind), number in zip(kinds, distinct, strict=True)
    ], total


def groups(resource_id: str, plan: chart.Plan, types: dict[str, str]) -> list[chart.Point]:
    """Group a table as a chart asks for it.

    Args:
        resource_id: Name of the table.
        plan: The chart.
        types: Type of each column in PostgreSQL.

    Returns:
        The groups of a line in the order of time, those of bars from the largest down.

    Raises:
        TooLongError: The database was not ready in time.
    """
    names = [plan.x.name] + ([plan.y.name] if plan.y else [])
    table = _table(resource_id, names)
    x = _local(table.c[plan.x.name], types[plan.x.name])
    key = sa.func.date_trunc(plan.step, x) if plan.step else x
    if plan.kind == "bars":
        key = sa.cast(key, sa.Text)
    rows = sa.func.count()
    value = rows
    if plan.y is not None:
        number = table.c[plan.y.name]
        value = sa.func.avg(number) if plan.how == "mean" else sa.func.sum(number)
    query = sa.select(key.label("x"), value.label("y"), rows.label("n")).where(
        table.c[plan.x.name].isnot(None)
    )
    query = query.group_by(sa.text("1"))
    line = plan.kind == "line"
    query = query.having(value.isnot(None)).order_by(
        sa.text("1") if line else sa.desc(sa.text("2"))
    )
    with _connection() as connection:
        found = connection.execute(query.limit(chart.MOST_POINTS if line else chart.MOST_BARS))
        return [chart.Point(_key(x, plan, types), float(y), n) for x, y, n in found]


def _key(value: Any, plan: chart.Plan, types: dict[str, str]) -> Any:
    if plan.x.kind == "year":
        return int(value)
    if isinstance(value, str) and types[plan.x.name] == "bool":
        return tk._("Yes") if value == "true" else tk._("No")
    return value


def places(resource: dict[str, Any], fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return points and shapes of a table or a GeoJSON file, in WGS 84, as geometries.

    Args:
        resource: The resource as its reader sees it.
        fields: The columns of its table.

    Returns:
        At most ``MOST_PLACES`` geometries; none if it holds no places.

    Raises:
        TooLongError: The database was not ready in time.
    """
    numbers = {
        f["id"].casefold(): f["id"] for f in fields if f["type"] in {"numeric", "float8"}
    }
    east = next((numbers[name] for name in _LONGITUDE if name in numbers), None)
    north = next((numbers[name] for name in _LATITUDE if name in numbers), None)
    if east and north:
        table = _table(resource["id"], [east, north])
        query = sa.select(table.c[east], table.c[north]).where(
            table.c[east].between(*_GERMANY[:2]), table.c[north].between(*_GERMANY[2:])
        )
        with _connection() as connection:
            pairs = connection.execute(query.limit(MOST_PLACES))
            return [{"type": "Point", "coordinates": [float(x), float(y)]} for x, y in pairs]
    fmt = table_format(resource.get("format") or "", resource.get("url") or "")
    size = resource.get("size") or 0
    if fmt not in GEOJSON or resource.get("url_type") != "upload" or size > MOST_MAP_BYTES:
        return []
    # Kept in memory only, by the mark of this version of the file, and handed out after the
    # rights of the reader were checked: nothing outlives the file.
    mark = f"{resource['id']} {watch.fingerprint(resource)}"
    return _shapes.get(mark, lambda: _read_shapes(resource))


_shapes: Kept[list[dict[str, Any]]] = Kept(32)


def _read_shapes(resource: dict[str, Any]) -> list[dict[str, Any]]:
    from ckanext.verbund.domain.tables import geojson

    found: list[dict[str, Any]] = []
    try:
        with TemporaryDirectory(prefix="verbund-karte-") as folder:
            path = Path(folder) / "datei"
            files.save(resource, path, config.fetch_policy())
            convert = geojson.converter(geojson.overview(path, config.limits()))
            for feature in geojson.features(path):
                if len(found) == MOST_PLACES:
                    break
                if isinstance(feature.get("geometry"), dict):
                    found.append(geojson.geometry_to_wgs84(feature["geometry"], convert))
    except TableError:
        return []
    return found


def _table(resource_id: str, names: list[str]) -> sa.sql.expression.TableClause:
    return sa.table(resource_id, *(sa.column(name) for name in names))


def _local(column: Any, pg_type: str) -> Any:
    """Return a moment with zone as it was on the clocks here."""
    return sa.func.timezone(_BERLIN, column) if pg_type == "timestamptz" else column
