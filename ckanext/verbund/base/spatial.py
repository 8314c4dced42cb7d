# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places of a dataset: a name becomes key, rectangle and outline, and the map search finds it.

The places stand in ``spatial_coverage``, a repeating field with the subfields ``uri``,
``text``, ``geom``, ``bbox`` and ``centroid``, as ckanext-dcat has them.
"""

from __future__ import annotations

import json
from typing import Any

import shapely
from ckan.plugins import toolkit as tk
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from ckanext.verbund.domain import places

OUTLINE_LIMIT = 10_000
"""Longer outlines (some states) are not written into a dataset; the rectangle is."""

GEOMETRIES = ("geom", "bbox", "centroid")
# About 20 m: the search compares areas, and a point has none.
_POINT_MARGIN = 0.0002


def fill_places(data_dict: dict[str, Any]) -> None:
    """Complete the entries of ``spatial_coverage`` that name a known place.

    To be called before validation, on the data of a person or of an API. What a person
    wrote stays; an own geometry is never joined by ours. Names that are unknown or mean
    several places are left alone: `unknown_place` says so.
    """
    for entry in _entries(data_dict):
        place = _place_of(entry)
        if place is None:
            continue
        entry["uri"] = entry.get("uri") or place.iri
        text = str(entry.get("text") or "").strip()
        entry["text"] = place.label if not text or _is_key(text) else entry["text"]
        if not any(entry.get(name) for name in GEOMETRIES):
            entry["bbox"] = json.dumps(place.bbox_geometry)
            outline = places.outline_text(place)
            if len(outline) <= OUTLINE_LIMIT:
                entry["geom"] = outline


def _place_of(entry: dict[str, Any]) -> places.Place | None:
    """Return the place that an entry means; forget what an edit has made obsolete.

    Who changes the name of a filled entry leaves our key and outline behind, and who
    changes the key leaves our name. The rectangle tells which side is the old one.
    """
    uri, text = (str(entry.get(name) or "").strip() for name in ("uri", "text"))
    by_uri = places.resolve(uri) if uri else None
    if by_uri is None and places.is_key_iri(uri):
        return None
    by_text = places.resolve(text) if text else None
    if by_uri is None or by_text is None or by_uri in places.find(text):
        return by_uri or by_text
    bbox = _geometry(entry.get("bbox"))
    if bbox == by_uri.bbox_geometry:
        old, new, obsolete = by_uri, by_text, "uri"
    elif bbox == by_text.bbox_geometry:
        old, new, obsolete = by_text, by_uri, "text"
    else:
        return by_uri
    if _geometry(entry.get("geom")) == places.outline(old):
        entry["geom"] = None
    entry["bbox"] = entry[obsolete] = None
    return new


def unknown_place(entry: dict[str, Any]) -> str | None:
    """Return what to tell the person if the place of an entry is not certain, else None.

    An entry with an own geometry or an address from elsewhere needs no official place.
    """
    text = str(entry.get("text") or "").strip()
    uri = str(entry.get("uri") or "").strip()
    if any(entry.get(name) for name in GEOMETRIES):
        return None
    if uri:
        if places.resolve(uri) or not places.is_key_iri(uri):
            return None
        written = uri
    else:
        if not text or places.resolve(text):
            return None
        written = text
    near = "; ".join(places.describe(place) for place in places.similar(text or uri))
    if len({place.name for place in places.find(written)}) > 1 or places.find(written):
        message = tk._(
            "Place: “{text}” may mean several places. Please enter the full official name "
            "or the municipality key (AGS): {similar}."
        )
    elif near:
        message = tk._(
            "Place: “{text}” is not known. Please enter the official name or the "
            "municipality key (AGS); similar: {similar}."
        )
    else:
        message = tk._(
            "Place: “{text}” is not known. Please enter the official name or the "
            "municipality key (AGS), or an outline as GeoJSON."
        )
    return message.format(text=written, similar=near)


def index_geometry(data_dict: dict[str, Any]) -> str | None:
    """Return the GeoJSON that the map search is to find a dataset by.

    Of each entry the first usable of ``geom``, ``bbox``, ``centroid``, else the rectangle
    of its place; several entries make a GeometryCollection. What is no WGS 84 geometry is
    passed over: ckanext-spatial would stop the whole indexing at it.
    """
    shapes = []
    for entry in _entries(data_dict):
        found = next(filter(None, (_shape(entry.get(name)) for name in GEOMETRIES)), None)
        if found is None:
            uri, text = (str(entry.get(name) or "") for name in ("uri", "text"))
            place = places.resolve(uri) or (
                None if places.is_key_iri(uri) else places.resolve(text)
            )
            found = _shape(place.bbox_geometry) if place else None
        if found is not None:
            shapes.append(found)
    if not shapes:
        return None
    whole = shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)
    return json.dumps(mapping(whole))


def before_dataset_index(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give ckanext-spatial the geometry of a dataset, and Solr no coordinates as text.

    For the hook of the same name of our IPackageController. ``spatial_query`` looks
    whether ``extras_spatial`` is there and reads ``spatial``; the two exist only for
    datasets with an extra "spatial". ckanext-dcat fills them from ``spatial_coverage``,
    but later than ``spatial_query`` in our order of plugins, takes the centroid for the
    geometry, and puts each outline into two text fields. So we fill them first
    (``verbund`` stands before both) and take the coordinates out of what is indexed. The
    dataset itself lies in ``validated_data_dict`` and keeps everything.
    """
    entries = _entries(data_dict)
    if not data_dict.get("spatial"):
        geometry = index_geometry(data_dict)
        if geometry:
            data_dict["spatial"] = data_dict["extras_spatial"] = geometry
    if entries:
        left = [
            {name: value for name, value in entry.items() if name not in GEOMETRIES}
            for entry in entries
        ]
        was_text = isinstance(data_dict["spatial_coverage"], str)
        data_dict["spatial_coverage"] = json.dumps(left) if was_text else left
    return data_dict


def _entries(data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of ``spatial_coverage``: a list, or its JSON in the index."""
    value = data_dict.get("spatial_coverage") or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [e for e in value if isinstance(e, dict)] if isinstance(value, list) else []


def _is_key(text: str) -> bool:
    return text.replace(" ", "").isdigit() or places.is_key_iri(text)


def _geometry(value: Any) -> Any:
    """Return a geometry as a dict, however it is written."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _shape(value: Any) -> Any:
    """Return a geometry with an area, in degrees, or None."""
    try:
        found = shape(_geometry(value))
        west, south, east, north = found.bounds
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, ShapelyError):
        return None
    # compared this way round, NaN is turned away as well
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None
    if west == east or south == north:
        box = (west - _POINT_MARGIN, south - _POINT_MARGIN)
        return shapely.box(*box, east + _POINT_MARGIN, north + _POINT_MARGIN)
    return found
