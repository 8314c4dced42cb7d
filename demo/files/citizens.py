# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Population, elections, money, councils, and lists that must not be published as they are.

Lists, parties and persons are invented; parties are named after trees on purpose, so that no
made-up result can be taken for a real one.
"""

from __future__ import annotations

import datetime as dt
import itertools
from random import Random

from demo.files import formats as f
from demo.files.mobility import STREETS
from demo.files.settlements import SETTLEMENTS, somewhere

LISTS = (
    "Liste Ahorn",
    "Liste Birke",
    "Liste Eiche",
    "Liste Linde",
    "Liste Weide",
    "Einzelbewerbungen",
)
FIRST_NAMES = (
    "Adelinde",
    "Balduin",
    "Cordula",
    "Dietbert",
    "Eulalia",
    "Friedhelm",
    "Gundula",
    "Hasso",
)
LAST_NAMES = ("Musterfeld", "Beispielmann", "Probstein", "Exemplarius", "Testberg", "Vorlagner")
PRODUCTS = (
    ("1.1.1", "Zentrale Verwaltung"),
    ("1.2.6", "Brandschutz"),
    ("2.1.1", "Grundschulen"),
    ("2.5.2", "Museen"),
    ("3.6.5", "Kindertagesstätten"),
    ("4.2.4", "Sportstätten und Bäder"),
    ("5.1.1", "Stadtplanung"),
    ("5.4.1", "Gemeindestraßen"),
    ("5.5.1", "Öffentliches Grün"),
    ("5.7.5", "Tourismus"),
)


def population(rng: Random, place: str) -> bytes:
    """Inhabitants per part: a workbook by year, by age and with notes."""
    years, ages = [], []
    for part in SETTLEMENTS[place]:
        people = round(part.radius**1.45 * rng.uniform(0.35, 0.6))
        for year in range(2016, 2026):
            people = round(people * rng.uniform(0.992, 1.012))
            women = round(people * rng.uniform(0.5, 0.52))
            years.append([dt.date(year, 12, 31), part.name, people, women, people - women])
        for group, share in (
            ("0–17", 0.16),
            ("18–29", 0.15),
            ("30–64", 0.46),
            ("65 und älter", 0.23),
        ):
            ages.append([part.name, group, round(people * share * rng.uniform(0.92, 1.08))])
    return f.xlsx_file(
        {
            "Hinweise": [
                ["Hinweis"],
                [f.NOTICE],
                ["Stichtag jeweils 31. Dezember, Hauptwohnsitz"],
            ],
            "Einwohner": [
                ["Stichtag", "Ortsteil", "Einwohner", "weiblich", "männlich"],
                *years,
            ],
            "Altersgruppen 2025": [["Ortsteil", "Altersgruppe", "Einwohner"], *ages],
        }
    )


def budget(rng: Random, place: str, year: int = 2026) -> bytes:
    """Budget plan: decimal comma, thousands points, negative results; CP1252, title line."""
    rows = []
    for number, product in PRODUCTS:
        for account, name, sign in (
            ("41", "Zuwendungen", 1),
            ("43", "Entgelte", 1),
            ("50", "Personal", -1),
            ("52", "Sach- und Dienstleistungen", -1),
            ("57", "Abschreibungen", -1),
        ):
            amounts = [sign * rng.lognormvariate(13.2, 1.1) for _ in range(3)]
            rows.append(
                [
                    number,
                    product,
                    account,
                    name,
                    "Ertrag" if sign > 0 else "Aufwand",
                    *(f.number(amount, 2, thousands=True) for amount in amounts),
                ]
            )
    header = [
        "Produkt",
        "Bezeichnung",
        "Konto",
        "Kontenart",
        "Art",
        f"Ergebnis {year - 2} in €",
        f"Ansatz {year - 1} in €",
        f"Ansatz {year} in €",
    ]
    return f.csv_file(header, rows, encoding="cp1252", title=f"Haushaltsplan {year}")


def election(rng: Random, place: str, districts: int = 40) -> bytes:
    """Votes per polling district for invented lists: UTF-8 with BOM."""
    strength = [rng.uniform(0.4, 2) for _ in LISTS]
    rows = []
    for index in range(districts):
        part, _, _ = somewhere(rng, place)
        entitled = rng.randrange(620, 1650)
        voters = round(entitled * rng.uniform(0.42, 0.68))
        invalid = rng.randrange(2, 18)
        weights = [value * rng.uniform(0.7, 1.3) for value in strength]
        votes = [int((voters - invalid) * weight / sum(weights)) for weight in weights]
        votes[0] += voters - invalid - sum(votes)
        rows.append(
            [
                f"{index + 1:03}",
                part.name,
                entitled,
                voters,
                f.number(100 * voters / entitled, 2),
                invalid,
                *votes,
            ]
        )
    header = [
        "Wahlbezirk",
        "Ortsteil",
        "Wahlberechtigte",
        "Wählende",
        "Beteiligung in %",
        "ungültig",
        *LISTS,
    ]
    return f.csv_file(header, rows)


def council(rng: Random, place: str, year: int = 2026) -> bytes:
    """Meetings of council and committees: UTF-8 with BOM."""
    rooms = ("Rathaus, Großer Saal", "Rathaus, Zimmer 204", "Bürgerhaus")
    rows = []
    for body, weeks in (
        ("Rat", 6),
        ("Hauptausschuss", 5),
        ("Bauausschuss", 4),
        ("Jugendhilfeausschuss", 9),
    ):
        day = dt.date(year, 1, 12) + dt.timedelta(days=rng.randrange(4))
        while day.year == year:
            rows.append(
                [
                    f.date(day),
                    "17:00",
                    body,
                    rng.choice(rooms),
                    rng.randrange(4, 19),
                    rng.randrange(0, 5),
                ]
            )
            day += dt.timedelta(weeks=weeks)
    rows.sort(key=lambda row: row[0].split(".")[::-1])
    header = [
        "Datum",
        "Beginn",
        "Gremium",
        "Ort",
        "Punkte öffentlich",
        "Punkte nicht öffentlich",
    ]
    return f.csv_file(header, rows)


def childcare(rng: Random, place: str, count: int = 30) -> bytes:
    """Places in day care per house: CP1252."""
    rows = []
    for index in range(count):
        part, _, _ = somewhere(rng, place)
        places = rng.randrange(25, 140, 5)
        rows.append(
            [
                f"Kita {rng.choice(TREES_AND_ANIMALS)} {index + 1}",
                part.name,
                rng.choice(("kommunal", "kirchlich", "frei")),
                places,
                places // 5,
                f.number(rng.uniform(86, 104), 1),
                rng.choice(("07:00–16:30", "06:30–17:00")),
            ]
        )
    header = [
        "Einrichtung",
        "Ortsteil",
        "Trägerschaft",
        "Plätze",
        "davon unter 2 Jahren",
        "Belegung in %",
        "Öffnungszeit",
    ]
    return f.csv_file(header, rows, encoding="cp1252")


TREES_AND_ANIMALS = (
    "Löwenzahn",
    "Bärenhöhle",
    "Schmetterling",
    "Kastanienhof",
    "Gänseblümchen",
)


def events(rng: Random, place: str, count: int = 120) -> bytes:
    """Calendar of events: UTF-8 with BOM, commas and quotes inside cells."""
    rows = []
    for _ in range(count):
        day = dt.date(2026, 1, 5) + dt.timedelta(days=rng.randrange(350))
        part, _, _ = somewhere(rng, place)
        kind = rng.choice(("Konzert", "Lesung", "Markt", "Führung", "Ausstellung"))
        price = rng.choice((0, 5, 8.5, 12))
        rows.append(
            [
                f.date(day),
                f"{rng.randrange(10, 21)}:00",
                f'{kind} „Unter Linden", {part.name}',
                kind,
                part.name,
                "frei" if not price else f"{f.number(price, 2)} €",
            ]
        )
    rows.sort(key=lambda row: row[0].split(".")[::-1])
    return f.csv_file(["Datum", "Beginn", "Titel", "Art", "Ortsteil", "Eintritt"], rows)


def visitors(rng: Random, place: str, year: int = 2025) -> bytes:
    """Visitors per day of a pool or lake: CP1252, thousands points."""
    rows = []
    for day in range(137):
        date = dt.date(year, 5, 1) + dt.timedelta(days=day)
        warm = rng.uniform(13, 33)
        guests = round(max(20, (warm - 12) ** 2.1 * (2.2 if date.weekday() > 4 else 1.2)))
        rows.append(
            [
                f.date(date),
                f.number(guests, thousands=True),
                f.number(warm, 1),
                f.number(guests * 3.8, 2, thousands=True),
            ]
        )
    header = ["Datum", "Gäste", "Höchsttemperatur in °C", "Einnahmen in €"]
    return f.csv_file(header, rows, encoding="cp1252")


def complaints(rng: Random, place: str, count: int = 150) -> bytes:
    """Complaints whose free text names (invented) persons: not to be published as it is."""
    texts = (
        "{name}, {street} {house}, beschwert sich erneut über den Lärm des Nachbarn {other}.",
        "Frau {other} meldet, dass {name} seit Monaten den Gehweg zuparkt.",
        "{name} (Tel. 0631 555-{house:04}) sitzt nach einer Operation im Rollstuhl.",
        "Rückruf erbeten: {name}, Konto zur Erstattung DE00 0000 0000 0000 0000 00.",
    )
    rows = []
    for index in range(count):
        name, other = (f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}" for _ in range(2))
        street, house = rng.choice(STREETS), rng.randrange(1, 120)
        day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(240))
        text = rng.choice(texts).format(name=name, other=other, street=street, house=house)
        rows.append([index + 1, f.date(day), rng.choice(("Lärm", "Verkehr", "Müll")), text])
    return f.csv_file(["Nummer", "Eingang", "Thema", "Anliegen"], rows, encoding="cp1252")


def dog_owners(rng: Random, place: str, count: int = 200) -> bytes:
    """Home addresses of (invented) dog owners: not to be published."""
    rows = []
    for index in range(count):
        part, lon, lat = somewhere(rng, place)
        rows.append(
            [
                f"HS-{index + 1:04}",
                rng.choice(LAST_NAMES),
                rng.choice(FIRST_NAMES),
                rng.choice(STREETS),
                rng.randrange(1, 120),
                part.name,
                rng.choice(("Dackel", "Mischling", "Pudel", "Schäferhund")),
                f.number(rng.choice((72, 96, 612)), 2),
                f.number(lat, 6),
                f.number(lon, 6),
            ]
        )
    header = [
        "Steuernummer",
        "Name",
        "Vorname",
        "Straße",
        "Hausnummer",
        "Ortsteil",
        "Rasse",
        "Steuer in €",
        "Breite",
        "Länge",
    ]
    return f.csv_file(header, rows, encoding="cp1252")


def small_counts(rng: Random, place: str) -> bytes:
    """Social statistics with cells below 3: not to be published without suppression."""
    kinds = (
        "Hilfe zur Pflege",
        "Grundsicherung im Alter",
        "Eingliederungshilfe",
        "Inobhutnahme",
    )
    cells = itertools.product(
        (2023, 2024, 2025), SETTLEMENTS[place], kinds, ("weiblich", "männlich")
    )
    rows = [
        [year, part.name, kind, sex, min(int(rng.expovariate(1 / 7)), 60)]
        for year, part, kind, sex in cells
    ]
    rows[0][-1] = 1
    return f.csv_file(["Jahr", "Ortsteil", "Leistung", "Geschlecht", "Personen"], rows)
