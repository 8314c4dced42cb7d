# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A map of the members, drawn from the bundled outlines: no tiles, no third party."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from ckanext.verbund.domain import places

WIDTH = 400
"""Width of the drawing in its own units."""

_TOLERANCE = 0.006  # degrees; a third of a unit at the width of a state


@dataclass(frozen=True)
class Area:
    """An outline: ``path`` is the ``d`` of an SVG path."""

    key: str
    label: str
    path: str


@dataclass(frozen=True)
class Projection:
    """Degrees to units of the drawing: equirectangular around the middle.

    At the size of a state no eye sees the difference to a better one.

    Attributes:
        west: Longitude of the left edge.
        north: Latitude of the upper edge.
        across: Units per degree of longitude.
        down: Units per degree of latitude.
        height: Height of the drawing.
    """

    west: float
    north: float
    across: float
    down: float
    height: int

    @classmethod
    def of(cls, boxes: Sequence[tuple[float, float, float, float]]) -> Projection:
        """Return the projection that fits all boxes (west, south, east, north) in `WIDTH`."""
        west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
        east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
        across = WIDTH / (east - west)
        down = across / math.cos(math.radians((south + north) / 2))
        return cls(west, north, across, down, math.ceil((north - south) * down))

    @property
    def bounds(self) -> places.BBox:
        """Return west, south, east and north of the drawing."""
        south = self.north - self.height / self.down
        return self.west, south, self.west + WIDTH / self.across, self.north

    def path(self, outline: Mapping[str, Any]) -> str:
        """Return the ``d`` of an SVG path for a GeoJSON outline, without its holes."""
        simple = shape(outline).simplify(_TOLERANCE)
        parts = simple.geoms if isinstance(simple, MultiPolygon) else [simple]
        rings = [part.exterior.coords for part in parts if isinstance(part, Polygon)]
        return "".join(
            "M"
            + "L".join(
                f"{(x - self.west) * self.across:.1f} {(self.north - y) * self.down:.1f}"
                for x, y in ring[:-1]
            )
            + "Z"
            for ring in rings
        )


@dataclass(frozen=True)
class MemberMap:
    """What the drawing consists of; ``ground`` are the districts around the members.

    ``bounds`` are west, south, east and north of the drawing, so that a place in it can be
    told in degrees.
    """

    width: int
    height: int
    bounds: places.BBox
    ground: tuple[Area, ...]
    members: tuple[Area, ...]


@lru_cache(maxsize=16)
def draw(keys: tuple[str, ...]) -> MemberMap | None:
    """Draw the members within the districts of their states.

    Args:
        keys: AGS of the members; unknown ones are left out.

    Returns:
        The map, or None when no key is known.
    """
    members = [place for key in dict.fromkeys(keys) if (place := places.by_key(key))]
    if not members:
        return None
    states = sorted({place.state or place.key[:2] for place in members})
    ground = [place for state in states for place in places.districts(state)]
    projection = Projection.of([place.bbox for place in (ground or members)])

    def area(place: places.Place) -> Area:
        return Area(place.key, place.label, projection.path(places.outline(place)))

    return MemberMap(
        WIDTH,
        projection.height,
        projection.bounds,
        tuple(area(place) for place in ground),
        tuple(area(place) for place in sorted(members, key=_largest_first)),
    )


def _largest_first(place: places.Place) -> float:
    west, south, east, north = place.bbox
    return -(east - west) * (north - south)


GROUND = {"laender": "state", "kreise": "district", "gemeinden": "municipality"}
"""Layers of the ground of maps, from far to near."""


@lru_cache(maxsize=24)
def ground(layer: str, state: str = "") -> bytes | None:
    """Return outlines that lie under a map instead of tiles, as packed GeoJSON.

    Args:
        layer: One of `GROUND`.
        state: Key of two digits; needed for all layers but the states.

    Returns:
        A gzip'd FeatureCollection whose features carry ``key`` and ``label`` and their
        rectangle as ``bbox``, or None when there is no such layer or state.
    """
    level = GROUND.get(layer)
    known = {place.key for place in places.inside("state")}
    if level is None or (state not in known if level != "state" else state):
        return None
    texts = {} if level == "state" else places.outline_texts(state)
    features = [
        f'{{"type":"Feature","bbox":{list(place.bbox)},'
        f'"properties":{json.dumps({"key": place.key, "label": place.label})},'
        f'"geometry":{texts.get(place.key) or _coarse(place)}}}'
        for place in places.inside(level, state)
    ]
    whole = f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
    return gzip.compress(whole.encode(), mtime=0)


def _coarse(place: places.Place) -> str:
    return json.dumps(mapping(shape(places.outline(place)).simplify(_TOLERANCE)))
