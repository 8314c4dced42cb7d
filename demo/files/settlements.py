# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the invented things stand: discs that lie wholly inside their municipality.

Centres are real places. The radii (metres) are smaller than the way to the nearest boundary
(outlines VG5000, 2021, GeoBasis-DE / BKG), so that no point can leave its municipality.
"""

from __future__ import annotations

import math
from random import Random
from typing import NamedTuple

METRES_PER_DEGREE = 111_320


class Settlement(NamedTuple):
    """A part of a municipality."""

    name: str
    lon: float
    lat: float
    radius: int


def _part(name: str, lon: float, lat: float, radius: int) -> Settlement:
    return Settlement(name, lon, lat, radius)


SETTLEMENTS: dict[str, tuple[Settlement, ...]] = {
    "kaiserslautern": (
        _part("Innenstadt", 7.7690, 49.4445, 1100),
        _part("Betzenberg", 7.7760, 49.4340, 500),
        _part("Lämmchesberg/Uniwohnstadt", 7.7600, 49.4290, 700),
        _part("Bännjerrück", 7.7280, 49.4330, 700),
        _part("Grübentälchen", 7.7950, 49.4440, 700),
        _part("Morlautern", 7.7680, 49.4690, 600),
        _part("Erlenbach", 7.7870, 49.4770, 500),
        _part("Siegelbach", 7.6920, 49.4650, 400),
        _part("Hohenecken", 7.7080, 49.4190, 600),
        _part("Dansenberg", 7.7380, 49.4085, 600),
        _part("Mölschbach", 7.8010, 49.3840, 400),
        _part("Einsiedlerhof", 7.6720, 49.4390, 500),
    ),
    "landau": (
        _part("Innenstadt", 8.1175, 49.1985, 800),
        _part("Horstring", 8.1050, 49.1940, 500),
        _part("Queichheim", 8.1345, 49.1970, 500),
        _part("Mörlheim", 8.1640, 49.1985, 250),
        _part("Dammheim", 8.1380, 49.2180, 400),
        _part("Nußdorf", 8.1010, 49.2215, 450),
        _part("Godramstein", 8.0790, 49.2165, 500),
        _part("Arzheim", 8.0800, 49.1860, 450),
        _part("Wollmesheim", 8.0800, 49.1755, 350),
        _part("Mörzheim", 8.0735, 49.1635, 350),
    ),
    "st-wendel": (
        _part("St. Wendel", 7.1680, 49.4675, 900),
        _part("Bliesen", 7.1150, 49.4830, 500),
        _part("Oberlinxweiler", 7.1470, 49.4480, 450),
        _part("Niederkirchen", 7.2700, 49.4680, 400),
        _part("Winterbach", 7.1140, 49.4560, 250),
        _part("Urweiler", 7.1650, 49.4840, 300),
    ),
    "freisen": (
        _part("Freisen", 7.2500, 49.5510, 600),
        _part("Oberkirchen", 7.2350, 49.5300, 400),
        _part("Haupersweiler", 7.2150, 49.5200, 300),
    ),
    "marpingen": (
        _part("Marpingen", 7.0570, 49.4520, 700),
        _part("Alsweiler", 7.0330, 49.4550, 150),
        _part("Urexweiler", 7.0680, 49.4330, 500),
        _part("Berschweiler", 7.0300, 49.4330, 300),
    ),
    "namborn": (
        _part("Namborn", 7.1400, 49.5200, 450),
        _part("Hirstein", 7.1650, 49.5350, 300),
    ),
    "nohfelden": (
        _part("Nohfelden", 7.1430, 49.5870, 400),
        _part("Türkismühle", 7.1180, 49.5840, 400),
        _part("Bosen", 7.0600, 49.5700, 400),
        _part("Wolfersweiler", 7.1860, 49.5650, 300),
        _part("Sötern", 7.0750, 49.5910, 400),
    ),
    "nonnweiler": (
        _part("Nonnweiler", 6.9670, 49.6080, 400),
        _part("Otzenhausen", 6.9970, 49.6150, 450),
        _part("Primstal", 6.9780, 49.5390, 500),
        _part("Kastel", 6.9850, 49.5650, 250),
    ),
    "oberthal": (_part("Oberthal", 7.0850, 49.5100, 400),),
    "tholey": (
        _part("Tholey", 7.0340, 49.4840, 500),
        _part("Theley", 7.0300, 49.5010, 500),
        _part("Hasborn-Dautweiler", 6.9750, 49.4920, 400),
        _part("Sotzweiler", 7.0120, 49.4660, 300),
        _part("Bergweiler", 7.0100, 49.4580, 250),
    ),
}

#: A district is its municipalities.
SETTLEMENTS["landkreis-st-wendel"] = tuple(
    settlements[0]
    for place, settlements in SETTLEMENTS.items()
    if place not in {"kaiserslautern", "landau"}
)


def spot(rng: Random, settlement: Settlement) -> tuple[float, float]:
    """Return a longitude and latitude inside the settlement's disc."""
    distance = settlement.radius * math.sqrt(rng.random())
    angle = rng.random() * math.tau
    lat = settlement.lat + distance * math.sin(angle) / METRES_PER_DEGREE
    shrink = METRES_PER_DEGREE * math.cos(math.radians(settlement.lat))
    lon = settlement.lon + distance * math.cos(angle) / shrink
    return round(lon, 6), round(lat, 6)


def somewhere(rng: Random, place: str) -> tuple[Settlement, float, float]:
    """Return a settlement of the place, larger ones more often, and a spot in it."""
    parts = SETTLEMENTS[place]
    part = rng.choices(parts, weights=[part.radius**2 for part in parts])[0]
    return part, *spot(rng, part)


def path(rng: Random, place: str, points: int = 12) -> list[list[float]]:
    """Return a winding line inside one settlement."""
    part, _, _ = somewhere(rng, place)
    start = rng.random() * math.tau
    shrink = METRES_PER_DEGREE * math.cos(math.radians(part.lat))
    line = []
    for step in range(points):
        angle = start + step / points * 4.5
        distance = part.radius * (0.35 + 0.5 * step / points + 0.15 * rng.random())
        lon = part.lon + distance * math.cos(angle) / shrink
        lat = part.lat + distance * math.sin(angle) / METRES_PER_DEGREE
        line.append([round(lon, 6), round(lat, 6)])
    return line
