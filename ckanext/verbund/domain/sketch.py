# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small map of points and shapes before the bundled outlines: no tiles, no third party."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely import make_valid
from shapely.errors import ShapelyError
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from ckanext.verbund.domain import places

__all__ = ["Sketch", "draw"]

WIDTH = 600
"""Width of the drawing in its own units; it is never higher than wide."""
_MARGIN = 0.08  # of the extent, around the places
_LEAST = 0.02  # degrees; a single place is shown with its surroundings


@dataclass(frozen=True)
class Sketch:
    """What the drawing consists of; paths are the ``d`` of an SVG path.

    Attributes:
        width: Width in units.
        height: Height in units.
        ground: Outlines of the municipalities behind.
        names: Their names.
        points: Points, as x and y.
        lines: Lines.
        areas: Areas.
    """

    width: int
    height: int
    ground: tuple[str, ...]
    names: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    lines: tuple[str, ...]
    areas: tuple[str, ...]


def draw(geometries: Iterable[dict[str, Any]]) -> Sketch | None:
    """Draw geometries before the outlines of the municipalities around them.

    Args:
        geometries: GeoJSON in WGS 84; what is broken is left out.

    Returns:
        The drawing, or None when there is nothing to draw.
    """
    found = [part for geometry in geometries for part in _parts(geometry)]
    if not found:
        return None
    west, south, east, north = _extent(found)
    # Equirectangular around the middle, as in member_map.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def spot(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * squeeze * scale, 1), round((north - y) * scale, 1)

    def path(rings: Iterable[Any], end: str) -> str:
        lines = (
            "L".join(f"{x:g} {y:g}" for x, y in (spot(*pair[:2]) for pair in ring.coords))
            for ring in rings
        )
        return "".join(f"M{line}{end}" for line in lines)

    def area(polygon: Any) -> str:
        return path([polygon.exterior, *polygon.interiors], "Z")

    fine = 0.8 / scale
    view = box(west, south, east, north)
    ground = _ground((west, south, east, north))
    touching = [(place, _outline(place).intersection(view)) for place in ground]
    behind = [(place, outline) for place, outline in touching if not outline.is_empty]
    points, lines, areas = [], [], []
    for part in found:
        if part.geom_type == "Point":
            points.append(spot(part.x, part.y))
        elif part.geom_type == "Polygon":
            areas.append(area(_simple(part, fine)))
        else:
            lines.append(path([_simple(part, fine)], ""))
    return Sketch(
        WIDTH,
        math.ceil((north - south) * scale),
        tuple(
            "".join(area(p) for p in _flat(outline) if p.geom_type == "Polygon")
            for _, outline in behind
        ),
        tuple(place.label for place, _ in behind),
        tuple(dict.fromkeys(points)),
        tuple(lines),
        tuple(areas),
    )


def _parts(geometry: dict[str, Any]) -> list[BaseGeometry]:
    """Return the simple geometries of a GeoJSON geometry that lie on the globe."""
    try:
        whole = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return []
    return [
        part
        for part in _flat(whole)
        if not part.is_empty
        and all(math.isfinite(edge) for edge in part.bounds)
        and part.bounds[0] >= -180
        and part.bounds[2] <= 180
        and part.bounds[1] >= -85
        and part.bounds[3] <= 85
    ]


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    parts = getattr(geometry, "geoms", None)
    return [geometry] if parts is None else [leaf for part in parts for leaf in _flat(part)]


def _simple(part: BaseGeometry, tolerance: float) -> BaseGeometry:
    simple = part.simplify(tolerance)
    return part if simple.is_empty or simple.geom_type != part.geom_type else simple


def _extent(found: list[BaseGeometry]) -> tuple[float, float, float, float]:
    """Return the frame of the map: all places, a margin, and no frame higher than wide."""
    bounds = [part.bounds for part in found]
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    middle = (west + east) / 2, (south + north) / 2
    squeeze = math.cos(math.radians(middle[1]))
    height = max(north - south, _LEAST) * (1 + 2 * _MARGIN)
    width = max((east - west) * squeeze, _LEAST) * (1 + 2 * _MARGIN)
    width, height = max(width, height), max(height, width / 2)
    half = width / squeeze / 2, height / 2
    return middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]


@lru_cache(maxsize=256)
def _outline(place: places.Place) -> BaseGeometry:
    # The simplified outlines of some places touch themselves.
    return make_valid(shape(places.outline(place)))


@lru_cache(maxsize=64)
def _ground(view: tuple[float, float, float, float]) -> list[places.Place]:
    """Return the municipalities in the frame, or the districts, or the states."""
    levels: tuple[places.Level, ...] = ("municipality", "district", "state")
    for level in levels:
        found = places.within(view, level)
        if len(found) <= 60:
            return found
    return []
