# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coordinates in metadata: notation, reference system, order of axes, extent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import Literal
from rdflib.term import Node

from .reading import Reading
from .terms import PREFIXES

__all__ = ["GERMANY", "KNOWN_FORMATS", "Geometry", "geometries", "is_swapped"]

KNOWN_FORMATS = frozenset({"wkt", "gml", "kml", "uri"})
"""Notations that K06 and K07 allow."""
GERMANY = (5.5, 47.0, 15.6, 55.2)
"""West, south, east, north with some sea; degrees."""
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_WKT = re.compile(
    r"^\s*(?:<(?P<crs>[^>]*)>\s*)?"
    r"(?:POINT|LINESTRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION|ENVELOPE)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)[ ,]+(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
_SRS = re.compile(r"srsName\s*=\s*['\"]([^'\"]+)['\"]")
_WRITTEN = ("geo:asWKT", "geo:asGML", "geo:asKML", "geo:asGeoJSON")
# Systems whose first axis is the latitude, and which count in degrees.
_LATITUDE_FIRST = re.compile(r"(?:EPSG(?:/[\d.]+/|::?|/0/)?)(?:4326|4258)$", re.IGNORECASE)


@dataclass(frozen=True)
class Geometry:
    """One geometry.

    Attributes:
        property: The property that it is the value of, as a prefixed name.
        text: As it was given.
        notation: ``wkt``, ``gml``, ``kml``, ``uri`` or ``other``.
        crs: Its reference system; WKT has one without saying so; None where it is open.
        box: Smallest and largest first and second coordinate, or None.
    """

    property: str
    text: str
    notation: str
    crs: str | None
    box: tuple[float, float, float, float] | None

    @property
    def in_degrees(self) -> bool:
        """Whether the reference system counts in degrees."""
        return self.crs == _CRS84 or self.latitude_first

    @property
    def latitude_first(self) -> bool:
        """Whether the first coordinate is the latitude."""
        return self.crs is not None and bool(_LATITUDE_FIRST.search(self.crs))

    @property
    def lonlat(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees, as far as the axes are in order."""
        if self.box is None or not self.in_degrees:
            return None
        a, b, c, d = self.box
        return (b, a, d, c) if self.latitude_first else (a, b, c, d)

    @property
    def shown(self) -> str:
        """The corners, short, for people."""
        a, b, c, d = self.box or (0, 0, 0, 0)
        return f"{a:g} {b:g}" if (a, b) == (c, d) else f"{a:g} {b:g} bis {c:g} {d:g}"


def geometries(reading: Reading, location: Node) -> Iterator[Geometry]:
    """Yield the geometries of a ``dct:Location``."""
    for prop in ("dcat:bbox", "dcat:centroid", "locn:geometry"):
        for value in reading.values(location, prop):
            if isinstance(value, Literal):
                yield _of_literal(prop, value)
                continue
            written = reading.values(value, *_WRITTEN)
            yield from (_of_literal(prop, t) for t in written if isinstance(t, Literal))
            if not written and str(value).startswith("geo:"):
                yield Geometry(prop, str(value), "uri", _CRS84, None)


def _of_literal(prop: str, literal: Literal) -> Geometry:
    text = str(literal)
    datatype = str(literal.datatype or "").removeprefix(PREFIXES["geo"])
    wkt = _WKT.match(text)
    if wkt:
        return Geometry(prop, text, "wkt", wkt["crs"] or _CRS84, _box(text))
    if datatype == "gmlLiteral" or text.lstrip().startswith("<gml:"):
        srs = _SRS.search(text)
        return Geometry(prop, text, "gml", srs[1] if srs else None, None)
    if datatype == "kmlLiteral" or "<kml" in text[:200]:
        return Geometry(prop, text, "kml", _CRS84, None)
    return Geometry(prop, text, "other", None, None)


def _box(text: str) -> tuple[float, float, float, float] | None:
    pairs = [(float(a), float(b)) for a, b in _PAIR.findall(re.sub(r"<[^>]*>", "", text))]
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    return min(first), min(second), max(first), max(second)


def is_swapped(geometry: Geometry) -> bool:
    """Say whether coordinates lie in Germany only if the axes are exchanged."""
    box = geometry.lonlat
    if box is None:
        return False
    west, south, east, north = box
    return not _within(box) and _within((south, west, north, east))


def _within(box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = GERMANY
    return west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north
