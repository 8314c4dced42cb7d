# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Traffic, parking, cycling, charging and public transport."""

from __future__ import annotations

import datetime as dt
import math
from random import Random

from demo.files import formats as f
from demo.files.settlements import SETTLEMENTS, path, somewhere, spot

STREETS = (
    "Mainzer Straße",
    "Bahnhofstraße",
    "Am Mühlweiher",
    "Königstraße",
    "Schloßstraße",
    "Südring",
    "Hauptstraße",
    "Brückenstraße",
    "Gärtnerweg",
    "Nordallee",
)


def _days(year: int, count: int = 365) -> list[dt.date]:
    return [dt.date(year, 1, 1) + dt.timedelta(days=day) for day in range(count)]


def traffic_counts(rng: Random, place: str, year: int = 2025, stations: int = 6) -> bytes:
    """Daily motor traffic: CP1252, title line, thousands points, German dates."""
    rows = []
    for station in range(stations):
        usual, heavy = rng.randrange(2500, 24000), rng.uniform(2, 9)
        for day in _days(year):
            quiet = 0.62 if day.weekday() == 6 else 0.8 if day.weekday() == 5 else 1
            total = round(usual * quiet * rng.uniform(0.88, 1.1))
            share = heavy * quiet * rng.uniform(0.8, 1.2)
            rows.append(
                [
                    f.date(day),
                    f"Z{station + 1:02}",
                    STREETS[station],
                    f.number(total, thousands=True),
                    f.number(share, 1),
                    f.number(rng.uniform(38, 57), 1),
                    "ja" if day.weekday() < 5 else "nein",
                ]
            )
    header = [
        "Datum",
        "Zählstelle",
        "Straße",
        "Kfz gesamt",
        "Anteil Schwerverkehr in %",
        "Ø Geschwindigkeit in km/h",
        "Werktag",
    ]
    return f.csv_file(header, rows, encoding="cp1252", title=f"Verkehrszählung {year}")


def bicycle_counts(rng: Random, place: str, year: int = 2026, days: int = 60) -> bytes:
    """Hourly bicycles at three counters: CP1252, gaps where a counter failed."""
    rows = []
    for day in _days(year, days):
        gap = rng.random() < 0.04
        for hour in range(24):
            peak = math.exp(-((hour - 8) ** 2) / 5) + math.exp(-((hour - 17) ** 2) / 8) + 0.05
            counts = [round(base * peak * rng.uniform(0.7, 1.3)) for base in (95, 60, 38)]
            if gap:
                counts[2] = ""
            rows.append(
                [f.date(day), f"{hour:02}:00", *counts, f.number(rng.uniform(-4, 16), 1)]
            )
    header = [
        "Datum",
        "Uhrzeit",
        *(f"Fahrräder {street}" for street in STREETS[:3]),
        "Temperatur in °C",
    ]
    return f.csv_file(header, rows, encoding="cp1252")


def counting_stations(rng: Random, place: str, stations: int = 3) -> bytes:
    """Where the counters stand (WGS 84)."""
    part = SETTLEMENTS[place][0]
    features = [
        f.feature(
            "Point", spot(rng, part), nummer=f"R{i + 1}", straße=STREETS[i], stadtteil=part.name
        )
        for i in range(stations)
    ]
    return f.geojson_file(features, name="Zählstellen")


def parking(rng: Random, place: str, days: int = 7) -> bytes:
    """Free spaces of car parks every 15 minutes: UTF-8 with BOM."""
    parks = {"Parkhaus Altstadt": 420, "Tiefgarage Rathaus": 260, "Parkplatz Messe": 610}
    start, rows = dt.datetime(2026, 9, 14), []  # noqa: DTZ001 local time, as such files have it
    for quarter in range(days * 96):
        now = start + dt.timedelta(minutes=15 * quarter)
        load = 0.15 + 0.7 * math.exp(-((now.hour + now.minute / 60 - 13) ** 2) / 22)
        for park, spaces in parks.items():
            free = max(0, round(spaces * (1 - load * rng.uniform(0.85, 1.12))))
            rows.append(
                [f.moment(now), park, spaces, free, f.number(100 - 100 * free / spaces, 1)]
            )
    header = ["Zeitpunkt", "Parkanlage", "Stellplätze", "frei", "Auslastung in %"]
    return f.csv_file(header, rows)


def parking_sites(rng: Random, place: str, count: int = 12) -> bytes:
    """Car parks and hikers' car parks as points (WGS 84)."""
    features = []
    for index in range(count):
        part, lon, lat = somewhere(rng, place)
        features.append(
            f.feature(
                "Point",
                [lon, lat],
                name=f"Parkplatz {part.name} {index + 1}",
                stellplaetze=rng.randrange(8, 120),
                behindertenstellplaetze=rng.randrange(0, 6),
                gebuehrenpflichtig=rng.random() < 0.4,
                ortsteil=part.name,
            )
        )
    return f.geojson_file(features, name="Parkplätze")


def charging_points(rng: Random, place: str, count: int = 40) -> bytes:
    """Charging points: a workbook with locations, sockets, use per month and notes."""
    sites, sockets, use = [], [], []
    for index in range(1, count + 1):
        part, lon, lat = somewhere(rng, place)
        opened = dt.date(2018, 1, 1) + dt.timedelta(days=rng.randrange(2900))
        sites.append(
            [
                f"LS-{index:03}",
                rng.choice(STREETS),
                rng.randrange(1, 90),
                part.name,
                lat,
                lon,
                opened,
            ]
        )
        for plug in range(rng.choice((1, 2, 2, 4))):
            kind, power = rng.choice(
                (("AC Typ 2", 11.0), ("AC Typ 2", 22.0), ("DC CCS", 50.0), ("DC CCS", 150.0))
            )
            sockets.append([f"LS-{index:03}", plug + 1, kind, power])
        use += [
            [
                f"LS-{index:03}",
                f"2026-{month:02}",
                rng.randrange(3, 160),
                round(rng.uniform(60, 4200), 1),
            ]
            for month in range(1, 7)
        ]
    return f.xlsx_file(
        {
            "Hinweise": [["Hinweis"], [f.NOTICE], ["Blätter: Standorte, Ladepunkte, Nutzung"]],
            "Standorte": [
                [
                    "Kennung",
                    "Straße",
                    "Hausnummer",
                    "Ortsteil",
                    "Breite",
                    "Länge",
                    "In Betrieb seit",
                ],
                *sites,
            ],
            "Ladepunkte": [["Kennung", "Ladepunkt", "Steckertyp", "Leistung in kW"], *sockets],
            "Nutzung": [["Kennung", "Monat", "Ladevorgänge", "Energie in kWh"], *use],
        }
    )


def cycle_routes(rng: Random, place: str, count: int = 18) -> bytes:
    """Cycle routes, half of them drawn by volunteers (WGS 84)."""
    features = []
    for index in range(1, count + 1):
        volunteers = index % 2 == 0
        features.append(
            f.feature(
                "LineString",
                path(rng, place),
                routennummer=index,
                name=f"Radroute {index}",
                belag=rng.choice(("Asphalt", "Pflaster", "wassergebunden")),
                beleuchtet=rng.random() < 0.5,
                erfasst_durch="Ehrenamtliche (Radforum)" if volunteers else "Tiefbauamt",
                geprueft_am=None if volunteers else f"2026-0{rng.randrange(1, 9)}-15",
            )
        )
    return f.geojson_file(features, name="Radrouten")


def registrations(rng: Random, place: str) -> bytes:
    """Registered vehicles per municipality, year and drive: UTF-8 with BOM."""
    rows = []
    for part in SETTLEMENTS[place]:
        cars = rng.randrange(5200, 15800)
        for year in range(2016, 2026):
            electric = 0.001 * 1.75 ** (year - 2016)
            for drive, share in (
                ("Benzin", 0.62 - electric),
                ("Diesel", 0.36),
                ("Elektro", electric),
                ("Sonstige", 0.02),
            ):
                rows.append(
                    [year, part.name, drive, f.number(cars * max(share, 0), thousands=True)]
                )
    return f.csv_file(["Jahr", "Gemeinde", "Antrieb", "Bestand"], rows)


def gtfs(
    rng: Random, place: str, lines: int = 5, agency: str = "Verkehrsbetrieb Musterlinie"
) -> bytes:
    """A small GTFS timetable: stops inside the place, lines, trips on workdays."""
    stops = [["stop_id", "stop_name", "stop_lat", "stop_lon"]]
    for index in range(lines * 8):
        part, lon, lat = somewhere(rng, place)
        stops.append(
            [f"H{index:03}", f"{part.name}, {rng.choice(STREETS)} {index + 1}", lat, lon]
        )
    routes = [["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"]]
    trips = [["route_id", "service_id", "trip_id", "trip_headsign"]]
    times = [["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"]]
    for line in range(1, lines + 1):
        own = stops[1 + (line - 1) * 8 : 1 + line * 8]
        routes.append([f"L{line}", "A1", f"{100 + line}", f"{own[0][1]} – {own[-1][1]}", 3])
        for departure in range(5 * 60, 22 * 60, 60):
            trip = f"L{line}-{departure:04}"
            trips.append([f"L{line}", "MOFR", trip, own[-1][1]])
            for sequence, stop in enumerate(own):
                minute = departure + sequence * 4 + line
                clock = f"{minute // 60:02}:{minute % 60:02}:00"
                times.append([trip, clock, clock, stop[0], sequence + 1])
    tables = {
        "agency": [
            ["agency_id", "agency_name", "agency_url", "agency_timezone"],
            ["A1", f"{agency} ({f.NOTICE})", "https://verkehr.example/", "Europe/Berlin"],
        ],
        "stops": stops,
        "routes": routes,
        "trips": trips,
        "stop_times": times,
        "calendar": [
            [
                "service_id",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "start_date",
                "end_date",
            ],
            ["MOFR", 1, 1, 1, 1, 1, 0, 0, "20261214", "20271211"],
        ],
    }
    return f.zip_file(
        {
            f"{name}.txt": f.csv_file(rows[0], rows[1:], encoding="utf-8", delimiter=",")
            for name, rows in tables.items()
        }
    )
