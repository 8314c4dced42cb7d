# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A map of the members, drawn from the bundled outlines: no tiles, no third party."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import dataclass
from functools import lru_cache

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
class MemberMap:
    """What the drawing consists of; ``ground`` are the districts around the members."""

    width: int
    height: int
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
    boxes = [place.bbox for place in (ground or members)]
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    # Equirectangular around the middle: at the size of a state no eye sees the difference.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def area(place: places.Place) -> Area:
        outline = shape(places.outline(place)).simplify(_TOLERANCE)
        parts = outline.geoms if isinstance(outline, MultiPolygon) else [outline]
        rings = [part.exterior.coords for part in parts if isinstance(part, Polygon)]
        path = "".join(
            "M"
            + "L".join(
                f"{(x - west) * squeeze * scale:.1f} {(north - y) * scale:.1f}"
                for x, y in ring[:-1]
            )
            + "Z"
            for ring in rings
        )
        return Area(place.key, place.label, path)

    return MemberMap(
        WIDTH,
        math.ceil((north - south) * scale),
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
