# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""GeoJSON in any coordinate system: a table of the properties, a map in WGS 84.

Municipal systems write ETRS89/UTM into GeoJSON, with the old ``crs`` member or without
a word. RFC 7946 knows WGS 84 only, and so do web maps. Files are read object by
object, so that memory does not grow with them.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ckanext.verbund.domain.finding import Finding, excerpt
from ckanext.verbund.domain.tables import encoding as enc
from ckanext.verbund.domain.tables.limits import Limits, TableError, refuse
from ckanext.verbund.domain.tables.source import Line, Source
from ckanext.verbund.domain.tables.workbook import number

WGS84 = "EPSG:4326"
LONGITUDE, LATITUDE, KIND = "Längengrad", "Breitengrad", "Geometrietyp"
_CHUNK = 1 << 18
_DECODER = json.JSONDecoder()
# Bounds of Germany with room to spare, in each system a German file may use.
_GERMANY = (4.5, 46.5, 16.5, 56.0)
_KNOWN = [
    ("EPSG:25832", (150_000, 5_150_000, 1_050_000, 6_150_000)),
    ("EPSG:4647", (32_150_000, 5_150_000, 33_050_000, 6_150_000)),
    ("EPSG:5650", (33_000_000, 5_150_000, 33_950_000, 6_150_000)),
    ("EPSG:31466", (2_400_000, 5_150_000, 2_700_000, 6_150_000)),
    ("EPSG:31467", (3_300_000, 5_150_000, 3_900_000, 6_150_000)),
    ("EPSG:31468", (4_200_000, 5_150_000, 4_900_000, 6_150_000)),
    ("EPSG:31469", (5_200_000, 5_150_000, 5_700_000, 6_150_000)),
    ("EPSG:3857", (500_000, 5_800_000, 1_850_000, 7_600_000)),
]


@dataclass
class Overview:
    """What a first pass over a GeoJSON file shows.

    Attributes:
        crs: Code of the coordinate system.
        named: Whether the file names it, rather than its coordinates giving it away.
        swapped: Whether latitude stands before longitude.
        objects: Number of features.
        kinds: Geometry types and how often each occurs.
        keys: Names of the properties in the order they appear.
        first: A first pair of coordinates.
    """

    crs: str = WGS84
    named: bool = False
    swapped: bool = False
    objects: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    keys: dict[str, None] = field(default_factory=dict)
    first: tuple[float, float] | None = None

    @property
    def is_wgs84(self) -> bool:
        """Tell whether a web map shows the file as it is in the right place."""
        return self.crs == WGS84 and not self.swapped


def open_geojson(path: Path, limits: Limits) -> Source:
    """Open a GeoJSON file as a table of its properties.

    Args:
        path: The file.
        limits: What it may cost.

    Returns:
        One row per feature; points with longitude and latitude in WGS 84.

    Raises:
        TableError: If it is no GeoJSON.
    """
    view = overview(path, limits)
    if not view.objects:
        raise refuse("empty", "Die GeoJSON-Datei enthält keine Objekte.", "No features.")
    points = set(view.kinds) <= {"Point", ""}
    extra = [LONGITUDE, LATITUDE] if points else ([KIND] if len(view.kinds) > 1 else [])
    keys = list(view.keys)
    headers = [*keys, *(e for e in extra if e not in view.keys)]
    extra = [e for e in extra if e not in view.keys]
    convert = converter(view)

    def rows() -> Iterator[Line]:
        for index, feature in enumerate(features(path), 1):
            properties = feature.get("properties") or {}
            cells = [cell(properties.get(key)) for key in keys]
            yield index, cells + _extra(feature.get("geometry") or {}, extra, convert)

    return Source(
        rows=rows,
        headers=headers,
        info={
            "crs": view.crs,
            "crs_label": crs_label(view.crs),
            "objects": view.objects,
            "geometries": dict(view.kinds),
        },
        findings=list(_findings(view)),
        unit="Objekt",
    )


def overview(path: Path, limits: Limits | None = None) -> Overview:
    """Read a file once and tell its coordinate system and its properties."""
    view = Overview()
    limits = limits or Limits()
    declared: Any = None
    pairs: list[tuple[float, float]] = []
    for name, value in _members(path):
        if name == "crs":
            declared = value
        elif name == "feature":
            view.objects += 1
            view.keys.update(dict.fromkeys(value.get("properties") or {}))
            if len(view.keys) > limits.max_columns or view.objects > limits.max_rows:
                raise refuse(
                    "too-many-columns",
                    "Die Datei hat zu viele verschiedene Eigenschaften oder Objekte.",
                    "Too many properties or features.",
                )
            geometry = value.get("geometry") or {}
            view.kinds[str(geometry.get("type") or "")] += 1
            if len(pairs) < 500:
                pair = _first_pair(geometry)
                if pair:
                    pairs.append(pair)
    view.first = pairs[0] if pairs else None
    view.crs, view.named = _declared(declared)
    if pairs:
        _recognise(view, pairs)
    return view


def _declared(member: Any) -> tuple[str, bool]:
    """Return the code of a ``crs`` member, or WGS 84."""
    if not isinstance(member, dict):
        return WGS84, False
    properties = member.get("properties") or {}
    name = str(properties.get("name") or properties.get("code") or properties.get("href") or "")
    if re.search(r"CRS:?:?84", name):
        return WGS84, True
    found = re.search(r"(?:EPSG|epsg)\D{0,30}?(\d{4,5})\D*$", name) or re.fullmatch(
        r"(\d{4,5})", name
    )
    return (f"EPSG:{found[1]}", True) if found else (WGS84, False)


def _recognise(view: Overview, pairs: list[tuple[float, float]]) -> None:
    """Correct the coordinate system where the coordinates contradict it."""
    degrees = all(abs(x) <= 180 and abs(y) <= 180 for x, y in pairs)
    if view.crs == WGS84 or view.crs in {"EPSG:4258", "EPSG:4326"}:
        if degrees:
            west, south, east, north = _GERMANY
            inside = sum(west <= x <= east and south <= y <= north for x, y in pairs)
            turned = sum(west <= y <= east and south <= x <= north for x, y in pairs)
            view.swapped = turned > len(pairs) * 0.9 and not inside
            return
        view.crs, view.named = _by_magnitude(pairs), False
    elif degrees:
        view.crs, view.named = WGS84, False


def _by_magnitude(pairs: list[tuple[float, float]]) -> str:
    for code, (west, south, east, north) in _KNOWN:
        if all(west <= x <= east and south <= y <= north for x, y in pairs):
            if code == "EPSG:25832" and _is_zone_33(pairs):
                return "EPSG:25833"
            return code
    raise refuse(
        "unknown-crs",
        f"Das Koordinatensystem ist nicht erkennbar (etwa {pairs[0][0]:g}, {pairs[0][1]:g}).",
        "The coordinate system cannot be recognised.",
        "Exportieren Sie die Datei in WGS 84 (EPSG:4326) oder benennen Sie das System in "
        "„crs“.",
    )


def _is_zone_33(pairs: list[tuple[float, float]]) -> bool:
    """UTM numbers alone do not tell the zone; only places outside Germany do.

    Zone 32 covers the west and is used far beyond its border. A file is taken for
    zone 33 only if zone 32 would put it out of the country to the west.
    """
    back = Transformer.from_crs("EPSG:25832", WGS84, always_xy=True)
    longitudes, _ = back.transform([x for x, _ in pairs], [y for _, y in pairs])
    return max(longitudes) < 5.8


def converter(view: Overview) -> Callable[[Any], Any]:
    """Return a function that turns coordinates of a file into WGS 84."""
    if view.is_wgs84:
        return lambda coordinates: coordinates
    if view.swapped:
        return _swap
    try:
        transformer = _transformer(view.crs)
    except CRSError as error:
        raise refuse(
            "unknown-crs",
            f"Das Koordinatensystem {excerpt(view.crs)} ist nicht bekannt.",
            f"Unknown coordinate system {view.crs}.",
            "Exportieren Sie die Datei in WGS 84 (EPSG:4326).",
        ) from error
    return lambda coordinates: _project(coordinates, transformer)


@lru_cache(maxsize=16)
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs(code, WGS84, always_xy=True)


def _swap(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        return [coordinates[1], coordinates[0], *coordinates[2:]]
    return [_swap(part) for part in coordinates or []]


def _project(coordinates: Any, transformer: Transformer) -> Any:
    """Reproject nested coordinates; a whole line or ring in one call."""
    if not coordinates:
        return coordinates
    if isinstance(coordinates[0], int | float):
        x, y = transformer.transform(coordinates[0], coordinates[1])
        return [round(x, 7), round(y, 7), *coordinates[2:3]]
    if coordinates[0] and isinstance(coordinates[0][0], int | float):
        xs, ys = transformer.transform([c[0] for c in coordinates], [c[1] for c in coordinates])
        return [
            [round(x, 7), round(y, 7), *c[2:3]]
            for x, y, c in zip(xs, ys, coordinates, strict=True)
        ]
    return [_project(part, transformer) for part in coordinates]


def wgs84_chunks(path: Path) -> Iterator[str]:
    """Yield the file as GeoJSON in WGS 84, object by object, without a ``crs`` member.

    Args:
        path: The file as uploaded.

    Yields:
        Pieces of text.
    """
    view = overview(path)
    convert = converter(view)
    yield '{"type":"FeatureCollection","features":[\n'
    comma = ""
    for feature in features(path):
        geometry = feature.get("geometry")
        out = {"type": "Feature", "properties": feature.get("properties"), "geometry": None}
        if "id" in feature:
            out["id"] = feature["id"]
        if isinstance(geometry, dict):
            out["geometry"] = geometry_to_wgs84(geometry, convert)
        yield comma + json.dumps(out, ensure_ascii=False, separators=(",", ":"))
        comma = ",\n"
    yield "\n]}\n"


def geometry_to_wgs84(
    geometry: dict[str, Any], convert: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return a geometry with converted coordinates."""
    if geometry.get("type") == "GeometryCollection":
        parts = geometry.get("geometries") or []
        return {
            "type": "GeometryCollection",
            "geometries": [geometry_to_wgs84(part, convert) for part in parts],
        }
    return {"type": geometry.get("type"), "coordinates": convert(geometry.get("coordinates"))}


def shortened(path: Path, target: Path, most: int) -> None:
    """Write the first features of a file as a GeoJSON file of its own.

    Args:
        path: The file.
        target: Where to write.
        most: How many characters are read; a feature cut by this limit is left out.

    Raises:
        TableError: If not even one feature is that short, or it is no GeoJSON.
    """
    kept: list[dict[str, Any]] = []
    crs: Any = None
    try:
        for name, value in _members(path, most):
            if name == "crs":
                crs = value
            else:
                kept.append(value)
    except TableError:
        if not kept:
            raise
    with target.open("w", encoding="utf-8") as out:
        json.dump({"type": "FeatureCollection", "crs": crs, "features": kept}, out)


def extent(path: Path, view: Overview) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all features in degrees (WGS 84), if any."""
    xs: list[float] = []
    ys: list[float] = []
    for feature in features(path):
        _corners(feature.get("geometry"), xs, ys)
    if not xs:
        return None
    convert = converter(view)
    # Sides of a rectangle are curved in another system: more points than the corners.
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    steps = [0, 0.25, 0.5, 0.75, 1]
    edge = [
        [west + (east - west) * a, south + (north - south) * b]
        for a in steps
        for b in steps
        if a in (0, 1) or b in (0, 1)
    ]
    points = convert(edge)
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    if box[0] < -180 or box[2] > 180 or box[1] < -90 or box[3] > 90:
        return None
    return tuple(round(value, 6) for value in box)  # type: ignore[return-value]


def _corners(geometry: Any, xs: list[float], ys: list[float]) -> None:
    """Add the smallest and largest coordinates of a geometry."""
    if not isinstance(geometry, dict):
        return
    for part in geometry.get("geometries") or []:
        _corners(part, xs, ys)
    pairs: list[Any] = []
    waiting = [geometry.get("coordinates") or []]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list) and value:
            if isinstance(value[0], int | float):
                pairs.append(value)
            else:
                waiting += value
    good = [p for p in pairs if len(p) > 1 and isinstance(p[1], int | float)]
    if good:
        xs += [min(p[0] for p in good), max(p[0] for p in good)]
        ys += [min(p[1] for p in good), max(p[1] for p in good)]


def features(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the features of a file one by one."""
    return (value for name, value in _members(path) if name == "feature")


def cell(value: Any) -> str:
    """Write a property as a table cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("\0", "")


def _extra(
    geometry: dict[str, Any], names: list[str], convert: Callable[[Any], Any]
) -> list[str]:
    if not names:
        return []
    if names == [KIND]:
        return [str(geometry.get("type") or "")]
    pair = convert(geometry.get("coordinates") or [])
    values = {LONGITUDE: pair[0], LATITUDE: pair[1]} if len(pair) > 1 else {}
    return [number(float(values[n])) if n in values else "" for n in names]


def _first_pair(geometry: dict[str, Any]) -> tuple[float, float] | None:
    value: Any = geometry.get("coordinates")
    while isinstance(value, list) and value:
        if isinstance(value[0], int | float) and len(value) > 1:
            return float(value[0]), float(value[1])
        value = value[0]
    parts = geometry.get("geometries")
    return _first_pair(parts[0]) if isinstance(parts, list) and parts else None


def crs_label(code: str) -> str:
    """Return the name of a coordinate system."""
    try:
        return f"{CRS.from_user_input(code).name} ({code})"
    except CRSError:
        return code


def _findings(view: Overview) -> Iterator[Finding]:
    if view.swapped:
        yield Finding(
            "table.axes-swapped",
            "warning",
            message_de=(
                "In den Koordinaten steht die Breite vor der Länge. Karte und Tabelle wurden "
                "richtiggestellt, die Datei ist unverändert."
            ),
            message_en="Latitude stands before longitude; corrected for map and table.",
            remedy_de="RFC 7946 verlangt zuerst die Länge, dann die Breite.",
            rule_source="RFC 7946, 3.1.1",
        )
    elif not view.is_wgs84:
        how = "laut Angabe in der Datei" if view.named else "an den Koordinaten erkannt"
        yield Finding(
            "table.reprojected",
            "hint" if view.named else "warning",
            value_excerpt=view.crs,
            message_de=(
                f"Die Koordinaten liegen in {crs_label(view.crs)} vor ({how}). Für Karte und "
                "Tabelle wurden sie nach WGS 84 umgerechnet; die Datei ist unverändert."
            ),
            message_en=f"Coordinates in {view.crs} were converted to WGS 84 for the map.",
            remedy_de="" if view.named else "Prüfen Sie auf der Karte, ob die Lage stimmt.",
            rule_source="RFC 7946, 4",
        )


def top_values(path: Path) -> Iterator[tuple[str, Any, bool]]:
    """Yield what any JSON file holds, piece by piece.

    Items of a list at the top or of a list in the object at the top come one by one; what
    else is in that object comes together at its end. Values may follow each other, as in
    JSON lines.

    Args:
        path: The file.

    Yields:
        The name a value stands under, the value, and whether it is an item of a list.

    Raises:
        TableError: If it is no JSON.
    """
    stream = _Stream(path)
    while first := stream.peek():
        if first == "[":
            for value in stream.items():
                yield "", value, True
        elif first == "{":
            yield from _object_values(stream)
        else:
            yield "", stream.value(), False


def _object_values(stream: _Stream) -> Iterator[tuple[str, Any, bool]]:
    stream.expect("{")
    rest: dict[str, Any] = {}
    while (key := stream.key()) is not None:
        # The coordinates of a lone geometry are one value.
        if stream.peek() == "[" and key != "coordinates":
            for value in stream.items():
                yield key, value, True
        else:
            rest[key] = stream.value()
    stream.expect("}")
    if rest:
        yield "", rest, False


def _members(path: Path, most: int | None = None) -> Iterator[tuple[str, Any]]:
    """Yield the members of the top object, and each feature as ``("feature", …)``.

    Other geometries at the top ("Feature", "Point") count as one feature. Of a file longer
    than ``most`` characters, the rest is as if it had been cut off.
    """
    stream = _Stream(path, most)
    stream.expect("{")
    rest: dict[str, Any] = {}
    seen_features = False
    while (key := stream.key()) is not None:
        if key == "features" and stream.peek() == "[":
            seen_features = True
            for value in stream.items():
                yield "feature", value if isinstance(value, dict) else {}
        else:
            rest[key] = stream.value()
            if key == "crs":
                yield "crs", rest[key]
    if seen_features:
        return
    if rest.get("type") == "Feature":
        yield "feature", rest
    elif "coordinates" in rest or "geometries" in rest:
        yield "feature", {"type": "Feature", "properties": {}, "geometry": rest}
    else:
        raise refuse(
            "not-geojson",
            "Die Datei ist JSON, aber kein GeoJSON.",
            "This is JSON, but no GeoJSON.",
            "Exportieren Sie eine FeatureCollection.",
        )


class _Stream:
    """Reads one JSON object from a file piece by piece."""

    def __init__(self, path: Path, most: int | None = None):
        encoding = enc.looks_binary(path)
        if encoding:
            raise refuse(
                "binary", f"Die Datei ist kein GeoJSON, sondern: {encoding}.", "Not GeoJSON."
            )
        with path.open("rb") as handle:
            head = handle.read(4)
        name = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self.file = path.open(encoding=name, errors="replace")
        self.buffer, self.position = "", 0
        self.left = sys.maxsize if most is None else most

    def _more(self, size: int = _CHUNK) -> bool:
        piece = self.file.read(min(size, self.left))
        self.left -= len(piece)
        self.buffer = self.buffer[self.position :] + piece
        self.position = 0
        return bool(piece)

    def peek(self) -> str:
        """Return the next character that is no blank, or nothing at the end."""
        while True:
            while self.position < len(self.buffer):
                if not self.buffer[self.position].isspace():
                    return self.buffer[self.position]
                self.position += 1
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Step over a character that must come next."""
        if self.peek() != character:
            raise self.broken()
        self.position += 1

    def key(self) -> str | None:
        """Return the next key of the object, or ``None`` at its end."""
        if self.peek() == ",":
            self.position += 1
        if self.peek() == "}":
            return None
        key = self.value()
        self.expect(":")
        return str(key)

    def items(self) -> Iterator[Any]:
        """Yield the items of an array."""
        self.expect("[")
        while (character := self.peek()) != "]":
            if character == ",":
                self.position += 1
                continue
            yield self.value()
        self.position += 1

    def value(self) -> Any:
        """Return the next value, reading on until it is complete."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.position)
            except (json.JSONDecodeError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more(size):
                    raise self.broken() from error
                size *= 2
                continue
            if end == len(self.buffer) and self._more(size):
                continue  # a number may go on
            self.position = end
            return value

    def broken(self) -> Exception:
        """Return the error for text that is no JSON."""
        near = excerpt(self.buffer[self.position : self.position + 40])
        return refuse(
            "not-json",
            f"Die Datei ist kein gültiges JSON (bei „{near}“).",
            f"Not valid JSON near: {near}",
            "Prüfen Sie, ob die Datei vollständig hochgeladen wurde.",
        )
