# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A map to pick a place from, and the rectangle that somebody draws on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ckanext.verbund.domain import places
from ckanext.verbund.domain.member_map import WIDTH, Area, Projection

__all__ = ["SIDES", "BoxError", "PlaceMap", "box", "draw", "sides"]

SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True)
class PlaceMap:
    """Places to pick; ``projection`` turns a point of the drawing into degrees."""

    width: int
    projection: Projection
    areas: tuple[Area, ...]


@lru_cache(maxsize=16)
def draw(key: str) -> PlaceMap | None:
    """Draw the surroundings of a member.

    Args:
        key: Its AGS. A municipality is shown with its district, a town that is a district
            with the districts of its state.

    Returns:
        The map, largest areas first so that small ones lie above, or None for an unknown key.
    """
    home = places.by_key(key)
    if home is None:
        return None
    inside = places.municipalities(home.key[:5])
    shown = inside if len(inside) > 1 else places.districts(home.state or home.key[:2])
    if not shown:
        return None
    projection = Projection.of([place.bbox for place in shown])
    return PlaceMap(
        WIDTH,
        projection,
        tuple(
            Area(place.key, place.label, projection.path(places.outline(place)))
            for place in sorted(shown, key=_largest_first)
        ),
    )


def _largest_first(place: places.Place) -> float:
    west, south, east, north = place.bbox
    return -(east - west) * (north - south)


class BoxError(ValueError):
    """Four sides that make no rectangle. ``reason`` is one of the names below.

    ``number`` (a side is empty or no number), ``range`` (outside the globe), ``swapped``
    (south is not below north), ``date-line`` (west is not left of east).
    """

    def __init__(self, reason: str, side: str) -> None:
        super().__init__(f"{reason}: {side}")
        self.reason = reason
        self.side = side


def box(written: Mapping[str, str]) -> dict[str, Any]:
    """Return the GeoJSON rectangle of four sides in degrees, written by a person.

    Args:
        written: West, south, east and north, with decimal comma or point.

    Raises:
        BoxError: They make no rectangle. One across the date line is refused as well: GeoJSON
            wants it cut in two (RFC 7946, 3.1.9), and Solr would index the rest of the globe.
    """
    degrees = {}
    for side in SIDES:
        try:
            degrees[side] = float(written.get(side, "").strip().replace(",", "."))
        except ValueError:
            raise BoxError("number", side) from None
    west, south, east, north = (degrees[side] for side in SIDES)
    for side, limit in zip(SIDES, (180, 90, 180, 90), strict=True):
        if not -limit <= degrees[side] <= limit:
            raise BoxError("range", side)
    if south >= north:
        raise BoxError("swapped", "south")
    if west >= east:
        raise BoxError("date-line", "west")
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def sides(geometry: Any) -> dict[str, str] | None:
    """Return the four sides of a GeoJSON rectangle as texts, or None if it is none."""
    try:
        (ring,) = geometry["coordinates"]
        xs, ys = ({point[axis] for point in ring} for axis in (0, 1))
        rectangle = geometry["type"] == "Polygon" and len(ring) == 5
        if not rectangle or len(xs) != 2 or len(ys) != 2:
            return None
        values = (min(xs), min(ys), max(xs), max(ys))
        return {side: str(value) for side, value in zip(SIDES, values, strict=True)}
    except (TypeError, ValueError, KeyError, IndexError):
        return None
