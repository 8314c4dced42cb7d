# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A labelled corpus for the screening of files: invented people, seeded.

Whoever wrote the rules wrote this as well, so its figures are upper bounds. First names were
written down without looking at the list that the rules use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

Make = Callable[[Random], str]

FIRST = (
    "Annegret", "Birgit", "Carsten", "Doris", "Eberhard", "Friederike", "Gerda", "Holger",
    "Ingrid", "Jochen", "Käthe", "Lothar", "Marlies", "Norbert", "Ottilie", "Philipp",
    "Roswitha", "Siegfried", "Thea", "Ulrich", "Volker", "Waltraud", "Yannick", "Ayşe",
    "Emine", "Hüseyin", "Mustafa", "Zeynep", "Elif", "Grzegorz", "Katarzyna", "Zbigniew",
    "Małgorzata", "Ahmad", "Fatima", "Khalid", "Layla", "Olena", "Oksana", "Dmytro",
    "Iryna", "Kofi", "Amara", "Thi", "Minh",
)  # fmt: skip
LAST = (
    "Beispielmann", "Probstein", "Exemplarius", "Vorlagner", "Testberger", "Musterfeld",
    "Platzhalter", "Fiktivsen", "Erfundner", "Attrappe", "Öztürkoğlu", "Yıldızcan",
    "Nowakiewicz", "Kowalczak", "Al-Beispiel", "Haddadin", "Schewtschenkova",
    "Kovaltschuk", "Nguyenova", "Mensahson",
)  # fmt: skip
STREETS = (
    "Lindenstraße",
    "Am Gänsberg",
    "Mühlgasse",
    "Bahnhofstr.",
    "Alte Landstraße",
    "Kirchweg",
)
PARTS = ("Nordstadt", "Altdorf", "Höhenberg", "Talmühle", "Neubau")
SCHOOLS = (
    "Albert-Schweitzer-Schule",
    "Grundschule Nord",
    "Kita Anne Frank",
    "Geschwister-Scholl-Gymnasium",
    "Sankt-Martin-Kindergarten",
    "Realschule am Park",
    "Rosa-Luxemburg-Haus",
)


def person(rng: Random) -> str:
    """Return a first name and a surname."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def iban(rng: Random) -> str:
    """Return a German account number with a valid checksum, half of them in groups."""
    account = "".join(rng.choice("0123456789") for _ in range(18))
    check = 98 - int(account + "131400") % 97
    number = f"DE{check:02}{account}"
    return (
        number if rng.random() < 0.5 else " ".join(number[i : i + 4] for i in range(0, 22, 4))
    )


def tax_id(rng: Random) -> str:
    """Return a number built like a tax ID: one digit twice, checksum after ISO 7064."""
    digits = rng.sample("0123456789", 9)
    digits.insert(rng.randrange(10), rng.choice(digits))
    while digits[0] == "0":
        rng.shuffle(digits)
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return "".join(digits) + str((11 - product) % 10)


def insurance(rng: Random) -> str:
    """Return a number built like one of the pension insurance."""
    letter = rng.choice("ABEHKMSW")
    body = f"{rng.choice((13, 53, 65))}{rng.randrange(1, 29):02}{rng.randrange(1, 13):02}"
    body += f"{rng.randrange(40, 99)}"
    serial = f"{rng.randrange(99):02}"
    digits = f"{body}{ord(letter) - 64:02}{serial}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits, weights, strict=True))
    return f"{body}{letter}{serial}{total % 10}"


def mobile(rng: Random) -> str:
    """Return a mobile number in one of the usual spellings."""
    number = f"{rng.randrange(10**7):07}"
    return rng.choice(
        (f"0171 {number}", f"0160/{number}", f"+49 151 2{number}", f"0176-5{number}")
    )


def landline(rng: Random) -> str:
    """Return a number of a town."""
    return f"0631 {rng.choice('345')}{rng.randrange(10**4):04}"


def mail(rng: Random) -> str:
    """Return an address of a person."""
    name = person(rng).lower().encode("ascii", "ignore").decode().split()
    return f"{name[0]}.{name[1]}@{rng.choice(('example.org', 'gmx.de', 'example.com'))}"


def plate(rng: Random) -> str:
    """Return a number plate."""
    letters = "".join(rng.choices("ABCXYZ", k=2))
    return f"{rng.choice(('KL', 'LD', 'WND'))}-{letters} {rng.randrange(1, 9999)}"


def birthday(rng: Random) -> str:
    """Return a date between 1940 and 2015."""
    return f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.{rng.randrange(1940, 2015)}"


def day(rng: Random) -> str:
    """Return a date of these years."""
    return f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.{rng.randrange(2020, 2027)}"


def address(rng: Random) -> str:
    """Return a street with a house number."""
    return f"{rng.choice(STREETS)} {rng.randrange(1, 120)}"


# kind, headers that say so, values
PERSONAL: tuple[tuple[str, tuple[str, ...], Make], ...] = (
    ("iban", ("IBAN", "Bankverbindung", "Konto"), iban),
    ("tax-id", ("Steuer-ID", "IdNr", "Identifikationsnummer"), tax_id),
    ("social-insurance", ("SV-Nummer", "Rentenversicherungsnummer", "RVNR"), insurance),
    ("phone", ("Mobil", "Telefon", "Handynummer"), mobile),
    ("email", ("E-Mail", "Mailadresse", "Email"), mail),
    ("plate", ("Kennzeichen", "Kfz-Kennzeichen", "amtl. Kennzeichen"), plate),
    ("birth-date", ("Geburtsdatum", "geb. am", "GebDat"), birthday),
    ("name", ("Name, Vorname", "Antragsteller", "Eigentümerin"), person),
    ("name", ("Nachname", "Familienname", "Zuname"), lambda rng: rng.choice(LAST)),
)
HARMLESS: tuple[tuple[str, Make], ...] = (
    ("Gemeindeschlüssel", lambda rng: f"073{rng.randrange(10**5):05}"),
    ("Mast", lambda rng: f"KL-A {rng.randrange(1, 99)}"),
    ("Aktenzeichen", lambda rng: f"{rng.randrange(1, 99)}/{rng.randrange(1, 999)}-2024"),
    ("Vorgang", lambda rng: f"{rng.randrange(10**10, 10**11)}"),
    ("EAN", lambda rng: f"40{rng.randrange(10**11):011}"),
    ("Datum", day),
    ("Zeitpunkt", lambda rng: f"{day(rng)} {rng.randrange(24):02}:{rng.randrange(60):02}"),
    ("Wert", lambda rng: f"{rng.random() * 1000:.3f}".replace(".", ",")),
    ("Messwert", lambda rng: repr(rng.random() * 100)),
    ("Breitengrad", lambda rng: f"{49 + rng.random():.6f}"),
    ("Baumart", lambda rng: rng.choice(("Acer platanoides", "Tilia cordata", "Quercus robur"))),
    ("Straße", lambda rng: rng.choice(STREETS)),
    ("Adresse", address),
    ("Schule", lambda rng: rng.choice(SCHOOLS)),
    ("Standort", lambda rng: f"Spielplatz {rng.choice(PARTS)}"),
    ("Ortsteil", lambda rng: rng.choice(PARTS)),
    (
        "Kontakt",
        lambda rng: rng.choice(("info@example.org", "bauamt@example.org", "stadt@example.org")),
    ),
    ("Linie", lambda rng: rng.choice(("R 14", "S-B 2", "Bus 105"))),
    ("Öffnungszeit", lambda rng: f"0{rng.randrange(6, 9)}:00–1{rng.randrange(5, 9)}:30"),
    ("Anzahl Stellplätze", lambda rng: str(rng.randrange(1, 40))),
    ("Haushaltsansatz", lambda rng: f"{rng.randrange(10**6):,}".replace(",", ".")),
    ("Hinweis", lambda rng: rng.choice(("außer Betrieb", "frei zugänglich", "nur werktags"))),
    ("WKN", lambda rng: f"A{rng.randrange(10**5):05}"),
    ("Flurstück", lambda rng: f"07-{rng.randrange(9999):04}-012/{rng.randrange(99)}"),
)


@dataclass(frozen=True)
class Sample:
    """A table with what should be found in each column (``""``: nothing)."""

    headers: list[str]
    rows: list[list[str]]
    labels: list[str]


def tables(seed: int, count: int, *, neutral: bool) -> Iterator[Sample]:
    """Yield tables, every second one with personal columns among harmless ones.

    Args:
        seed: The same seed gives the same tables.
        count: How many.
        neutral: Whether headers say nothing ("Feld 1").
    """
    rng = Random(seed)
    for number in range(count):
        columns = [(h, make, "") for h, make in rng.sample(HARMLESS, 5)]
        if number % 2:
            columns += [
                (rng.choice(headers), make, kind)
                for kind, headers, make in rng.sample(PERSONAL, 2)
            ]
        rng.shuffle(columns)
        size = rng.choice((20, 80, 300))
        yield Sample(
            [f"Feld {i + 1}" if neutral else c[0] for i, c in enumerate(columns)],
            [[make(rng) for _, make, _ in columns] for _ in range(size)],
            [label for _, _, label in columns],
        )


_EASY = {
    "name": (
        "Frau {last} hat angerufen und bittet um Rückruf.",
        "Gespräch mit {person} am Montag.",
        "Herr Dr. {last} widerspricht dem Bescheid.",
        "Antrag von {person} liegt vor.",
    ),
    "phone": (
        "Bitte Rückruf unter Tel. {mobile} am Vormittag.",
        "Mobil {mobile}, abends erreichbar.",
        "Telefon: {landline} (Nachbarin)",
    ),
    "email": ("Antwort bitte an {mail} senden.", "Kontakt: {mail}"),
    "iban": ("Erstattung auf {iban} veranlassen.", "Konto {iban} wurde geändert."),
    "plate": (
        "Der Pkw mit dem Kennzeichen {plate} parkt auf dem Gehweg.",
        "Fahrzeug {plate} abgeschleppt.",
    ),
    "": (
        "Die Leuchte flackert seit gestern Abend.",
        "Container war überfüllt und wurde geleert.",
        "Spielgerät gesperrt, Ersatzteil ist bestellt.",
        "Mast KL-A 12 wurde am 03.02.2024 getauscht.",
        "Reinigung am Dienstag durch den Bauhof erledigt.",
    ),
}
_HARD = {
    "name": (
        "{first} aus dem dritten Stock beschwert sich",
        "hr {lastlower} war wieder da",
        "{initial}. {last} meldet Lärm",
        "laut {last} ist der Zaun kaputt",
        "{person} kommt morgen vorbei",
    ),
    "phone": ("nr ist {mobile}", "{landline} anrufen", "bitte {mobile} wg. termin"),
    "email": ("{mail}", "schreibt an {mail} wegen dem hund"),
    "iban": ("überwiesen {iban} am montag",),
    "plate": ("schwarzer wagen {plate} steht da dauernd", "{plate} vor der einfahrt"),
    "": (
        "Mast KL-A 12 und KL-B 7 ohne Strom",
        "Lesung in der Anne-Frank-Schule verschoben",
        "Haltestelle Konrad-Adenauer-Platz verlegt",
        "Vorgang 0631/2024 abgeschlossen",
        "Rosa Sommerflieder am Weg zurückgeschnitten",
        "Treffpunkt Heinrich Heine Denkmal",
    ),
}


def texts(seed: int, count: int, *, hard: bool) -> Iterator[tuple[str, str]]:
    """Yield remarks with the kind of thing in them (``""``: nothing).

    Args:
        seed: The same seed gives the same texts.
        count: How many.
        hard: Without salutation, in small letters, with initials.
    """
    rng = Random(seed)
    kinds = _HARD if hard else _EASY
    for number in range(count):
        kind = "" if number % 2 else rng.choice([k for k in kinds if k])
        first, last = rng.choice(FIRST), rng.choice(LAST)
        yield (
            kind,
            rng.choice(kinds[kind]).format(
                first=first,
                last=last,
                lastlower=last.lower(),
                initial=first[0],
                person=f"{first} {last}",
                mobile=mobile(rng),
                landline=landline(rng),
                mail=mail(rng),
                iban=iban(rng),
                plate=plate(rng),
            ),
        )
