# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Air, water, trees, energy, waste and lighting."""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache
from random import Random

from demo.files import formats as f
from demo.files.mobility import STREETS
from demo.files.settlements import SETTLEMENTS, somewhere

TREES = (
    ("Winterlinde", "Tilia cordata"),
    ("Spitzahorn", "Acer platanoides"),
    ("Stieleiche", "Quercus robur"),
    ("Platane", "Platanus × hispanica"),
    ("Rosskastanie", "Aesculus hippocastanum"),
    ("Hainbuche", "Carpinus betulus"),
    ("Eberesche", "Sorbus aucuparia"),
    ("Ginkgo", "Ginkgo biloba"),
)


@lru_cache(maxsize=1)
def _to_utm32():
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)


def air_quality(rng: Random, place: str, days: int = 90) -> bytes:
    """Hourly values of one station: UTF-8 with BOM, decimal commas, gaps after failures."""
    start, rows, broken = dt.datetime(2026, 1, 1), [], 0  # noqa: DTZ001 local time
    for hour in range(days * 24):
        now = start + dt.timedelta(hours=hour)
        broken = rng.randrange(2, 9) if rng.random() < 0.004 else max(0, broken - 1)
        rush = (
            1
            + 0.6 * math.exp(-((now.hour - 8) ** 2) / 6)
            + 0.5 * math.exp(-((now.hour - 18) ** 2) / 8)
        )
        dust, nitrogen = rng.gammavariate(6, 2.1) * rush, rng.gammavariate(5, 2.9) * rush
        values = [None] * 3 if broken else [dust, nitrogen, max(2, 70 - nitrogen * 1.4)]
        rows.append([f.moment(now), *(f.number(value, 1) for value in values)])
    header = ["Zeitpunkt (MEZ)", "PM10 in µg/m³", "NO2 in µg/m³", "Ozon in µg/m³"]
    return f.csv_file(header, rows)


def gauge(rng: Random, place: str, hours: int = 48, river: str = "Bach") -> bytes:
    """Water level every minute through a flood wave: UTF-8 with BOM."""
    start, rows, level = dt.datetime(2026, 5, 17), [], 62.0  # noqa: DTZ001 local time
    for minute in range(hours * 60):
        now = start + dt.timedelta(minutes=minute)
        wave = 145 * math.exp(-(((minute - hours * 22) / 260) ** 2))
        level += 0.08 * (62 + wave - level) + rng.gauss(0, 0.25)
        state = "Meldestufe 2" if level > 170 else "Meldestufe 1" if level > 120 else "normal"
        rows.append(
            [
                f"{now:%d.%m.%Y %H:%M:%S}",
                river,
                f.number(level, 1),
                f.number(max(level, 1) ** 1.8 / 900, 2),
                state,
            ]
        )
    header = ["Zeitpunkt", "Gewässer", "Wasserstand in cm", "Abfluss in m³/s", "Stufe"]
    return f.csv_file(header, rows)


def trees(rng: Random, place: str, count: int = 3000) -> bytes:
    """Tree register in ETRS89 / UTM 32N (EPSG:25832)."""
    spots = [somewhere(rng, place) for _ in range(count)]
    east, north = _to_utm32().transform([s[1] for s in spots], [s[2] for s in spots])
    features = []
    for index, (part, _, _) in enumerate(spots):
        german, latin = rng.choice(TREES)
        planted = rng.randrange(1890, 2026)
        features.append(
            f.feature(
                "Point",
                [round(east[index], 2), round(north[index], 2)],
                baumnummer=f"{index + 1:05}",
                art=german,
                art_botanisch=latin,
                pflanzjahr=planted,
                hoehe_m=round(min(28, 3 + (2026 - planted) * rng.uniform(0.15, 0.4)), 1),
                stammumfang_cm=round(12 + (2026 - planted) * rng.uniform(1.2, 2.4)),
                ortsteil=part.name,
            )
        )
    return f.geojson_file(features, name="Baumkataster", crs=f.UTM32)


def light_outages(rng: Random, place: str, count: int = 800) -> bytes:
    """Reported street-light outages: CP1252, German dates, still open ones without an end."""
    rows = []
    for index in range(count):
        reported = dt.datetime(2025, 1, 1) + dt.timedelta(minutes=rng.randrange(870_000))  # noqa: DTZ001
        days = rng.expovariate(1 / 4)
        mended = reported + dt.timedelta(days=days)
        is_open = mended > dt.datetime(2026, 8, 31)  # noqa: DTZ001
        part, _, _ = somewhere(rng, place)
        rows.append(
            [
                f"ST-{index + 1:05}",
                f.moment(reported),
                "" if is_open else f.moment(mended),
                "" if is_open else f.number(days, 1),
                part.name,
                rng.choice(STREETS),
                f"M{rng.randrange(1, 4000):04}",
                rng.choice(("Leuchtmittel", "Kabelschaden", "Vorschaltgerät", "Unfall")),
            ]
        )
    header = [
        "Störungsnummer",
        "gemeldet am",
        "behoben am",
        "Dauer in Tagen",
        "Ortsteil",
        "Straße",
        "Mast",
        "Ursache",
    ]
    return f.csv_file(header, rows, encoding="cp1252")


def solar(rng: Random, place: str) -> bytes:
    """Solar plants and output per part and year: CP1252, decimal comma, thousands points."""
    rows = []
    for part in SETTLEMENTS[place]:
        plants, power = rng.randrange(40, 260), rng.uniform(400, 2800)
        for year in range(2018, 2026):
            plants = round(plants * rng.uniform(1.05, 1.3))
            power *= rng.uniform(1.06, 1.35)
            rows.append(
                [
                    year,
                    part.name,
                    plants,
                    f.number(power, 1, thousands=True),
                    f.number(power / plants, 2),
                    f.number(power * rng.uniform(880, 1020), 0, thousands=True),
                ]
            )
    header = [
        "Jahr",
        "Ortsteil",
        "Anlagen",
        "Leistung in kWp",
        "Ø Leistung je Anlage in kWp",
        "Einspeisung in kWh",
    ]
    return f.csv_file(header, rows, encoding="cp1252")


def waste(rng: Random, place: str) -> bytes:
    """Waste per municipality, kind and year in tonnes: CP1252, title line."""
    rows = []
    for part in SETTLEMENTS[place]:
        people = rng.randrange(5500, 26000)
        for year in range(2019, 2026):
            for kind, kilos in (
                ("Restabfall", 118),
                ("Bioabfall", 74),
                ("Papier", 58),
                ("Sperrmüll", 29),
            ):
                mass = people * kilos * rng.uniform(0.9, 1.1) / 1000
                rows.append(
                    [
                        year,
                        part.name,
                        kind,
                        f.number(mass, 2, thousands=True),
                        f.number(mass * 1000 / people, 1),
                    ]
                )
    header = ["Jahr", "Gemeinde", "Abfallart", "Menge in t", "kg je Einwohner/in"]
    return f.csv_file(header, rows, encoding="cp1252", title="Abfallbilanz")


def bathing_water(rng: Random, place: str) -> bytes:
    """Samples of bathing water: UTF-8 with BOM; below the limit of detection it says "<15"."""
    rows = []
    for year in range(2021, 2027):
        for week in range(9):
            day = dt.date(year, 5, 18) + dt.timedelta(days=14 * week)
            bacteria = rng.gammavariate(1.2, 40)
            rows.append(
                [
                    f.date(day),
                    rng.choice(("Nordufer", "Südufer")),
                    "<15" if bacteria < 15 else f.number(bacteria),
                    f.number(rng.uniform(16, 26), 1),
                    f.number(rng.uniform(0.8, 3.2), 1),
                ]
            )
    header = [
        "Datum",
        "Probestelle",
        "Escherichia coli je 100 ml",
        "Wassertemperatur in °C",
        "Sichttiefe in m",
    ]
    return f.csv_file(header, rows)


def water_plants(rng: Random, place: str) -> bytes:
    """Waterworks with their weak spots: an example of what stays inside the house."""
    features = []
    for index in range(6):
        part, lon, lat = somewhere(rng, place)
        features.append(
            f.feature(
                "Point",
                [lon, lat],
                anlage=f"Hochbehälter {index + 1}",
                ortsteil=part.name,
                fassung_m3=rng.randrange(150, 2500),
                zaun=rng.choice(("ja", "schadhaft")),
                alarmanlage=rng.choice(("ja", "nein")),
                notstrom_h=rng.choice((0, 4, 24)),
            )
        )
    return f.geojson_file(features, name="Anlagen der Wasserversorgung (Demonstration)")
