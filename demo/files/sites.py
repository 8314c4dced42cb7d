# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places to go to, as points and lines in WGS 84."""

from __future__ import annotations

from random import Random

from demo.files import formats as f
from demo.files.mobility import STREETS
from demo.files.settlements import path, somewhere

HOURS = ("Mo–So 00:00–24:00", "Mo–Sa 08:00–20:00", "Apr–Okt 09:00–19:00")


def playgrounds(rng: Random, place: str, count: int = 45) -> bytes:
    """Playgrounds with their equipment."""
    gear = ("Schaukel", "Rutsche", "Klettergerüst", "Sandkasten", "Wippe", "Seilbahn")
    features = []
    for index in range(1, count + 1):
        part, lon, lat = somewhere(rng, place)
        features.append(
            f.feature(
                "Point",
                [lon, lat],
                name=f"Spielplatz {rng.choice(STREETS)} {index}",
                ortsteil=part.name,
                flaeche_m2=rng.randrange(180, 3200),
                alter_ab=rng.choice((0, 3, 6)),
                geraete=", ".join(rng.sample(gear, rng.randrange(1, 5))),
                barrierearm=rng.random() < 0.3,
            )
        )
    return f.geojson_file(features, name="Spielplätze")


def _points(rng: Random, place: str, count: int, name: str, **choices: tuple) -> bytes:
    features = []
    for index in range(1, count + 1):
        part, lon, lat = somewhere(rng, place)
        values = {key: rng.choice(options) for key, options in choices.items()}
        features.append(
            f.feature(
                "Point",
                [lon, lat],
                name=f"{name} {index}",
                ortsteil=part.name,
                adresse=f"{rng.choice(STREETS)} {rng.randrange(1, 99)}",
                **values,
            )
        )
    return f.geojson_file(features, name=name)


def toilets(rng: Random, place: str, count: int = 14) -> bytes:
    """Public toilets."""
    return _points(
        rng,
        place,
        count,
        "Öffentliche Toilette",
        barrierefrei=(True, False),
        gebuehr_eur=(0, 0.5),
        wickeltisch=(True, False),
        oeffnungszeiten=HOURS,
    )


def defibrillators(rng: Random, place: str, count: int = 22) -> bytes:
    """Defibrillators open to the public."""
    return _points(
        rng,
        place,
        count,
        "Defibrillator",
        standort=("Eingang", "Foyer", "Außenwand"),
        zugaenglich=HOURS,
    )


def monuments(rng: Random, place: str, count: int = 60) -> bytes:
    """Monuments."""
    return _points(
        rng,
        place,
        count,
        "Denkmal",
        art=("Wohnhaus", "Kirche", "Brunnen", "Stadtmauer", "Wegekreuz"),
        jahrhundert=(15, 16, 17, 18, 19, 20),
        geschuetzt_seit=(1978, 1984, 1991, 2003),
    )


def glass_containers(rng: Random, place: str, count: int = 50) -> bytes:
    """Containers for glass and clothes."""
    return _points(
        rng,
        place,
        count,
        "Glascontainer",
        behaelter=(1, 2, 3),
        altkleider=(True, False),
        leerung=("wöchentlich", "14-täglich"),
    )


def trails(rng: Random, place: str, count: int = 12) -> bytes:
    """Walking trails as lines, with what volunteers keep up."""
    features = []
    for index in range(1, count + 1):
        line = path(rng, place, points=16)
        features.append(
            f.feature(
                "LineString",
                line,
                name=f"Rundweg {index}",
                schwierigkeit=rng.choice(("leicht", "mittel", "schwer")),
                laenge_km=round(rng.uniform(1.2, 6.5), 1),
                wegepate=rng.choice(("Wanderverein", "Bauhof")),
                kinderwagen=rng.random() < 0.4,
            )
        )
    return f.geojson_file(features, name="Wanderwege")
