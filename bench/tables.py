# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A large CSV file into the datastore: our loader against ckanext-xloader."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from bench.cluster import BenchError, Cluster, readable
from bench.results import Result
from stack.settings import BIN, STACK

IDS = ("load-csv", "load-csv-rss")
SIZE = 1_000_000
REPEAT = 2
COLUMNS = 16
#: Its requirements contradict CKAN's, so it gets an environment of its own.
VENV = STACK / "venv-xloader"
XLOADER = "ckanext-xloader==2.6.0"
_NEEDS = ("tabulator==1.53.5", "Unidecode==1.4.0", "chardet==7.6.0", "ckantoolkit>=0.0.7")
_STREETS = ("Hauptstraße", "Bahnhofstraße", "Mühlgasse", "Am Gänsberg", "Königsplatz")
_STATES = ("in Ordnung", "Störung", "wird geprüft", "")
HEADER = (
    "Zählstelle;Straße;Datum;Stunde;Fahrräder;Pkw;Lkw;Mittlere Geschwindigkeit;"
    "Temperatur;Niederschlag;Lärmpegel;Breitengrad;Längengrad;Gemeindeschlüssel;"
    "Zustand;Bemerkung"
)


def write_csv(path: Path, rows: int, seed: int = 1) -> Path:
    """Write a table as German towns have them: semicolons, decimal commas, German days.

    Args:
        path: Where to.
        rows: Number of rows below the header.
        seed: The same seed gives the same file.
    """
    rng = random.Random(seed)
    number, below = rng.random, rng.randrange

    def comma(value: float) -> str:
        return f"{value:.2f}".replace(".", ",")

    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\r\n")
        for i in range(rows):
            day, month, year = 1 + i % 28, 1 + i // 28 % 12, 2015 + i // 336 % 10
            cells = (
                f"ZS-{below(400):04d}",
                _STREETS[below(5)],
                f"{day:02d}.{month:02d}.{year}",
                str(i % 24),
                str(below(900)),
                str(below(4000)),
                str(below(300)),
                comma(20 + number() * 60),
                comma(number() * 45 - 10),
                comma(number() * 9),
                comma(35 + number() * 50),
                comma(49 + number()),
                comma(7 + number()),
                f"07{below(9999999):07d}"[:8],
                _STATES[below(4)],
                f"Messung {i}; geprüft" if i % 50 else '"Messung; ""unsicher"""',
            )
            file.write(";".join(cells[:-1]) + ";" + _quoted(cells[-1]) + "\r\n")
    return path


def _quoted(text: str) -> str:
    return text if text.startswith('"') else f'"{text}"'


def measure(
    cluster: Cluster, ids: set[str], size: int | None, repeat: int | None
) -> list[Result]:
    """Load the same file on both sides by turns, each time into a new table.

    Args:
        cluster: The running portals.
        ids: Which measurements are wanted.
        size: Number of rows.
        repeat: Number of pairs of runs.
    """
    size = size or SIZE
    took = Result("load-csv", size, "s", "lower")
    memory = Result("load-csv-rss", size, "MB", "lower")
    path = readable(write_csv(cluster.data / "table.csv", size))
    environment()
    ini = cluster.variant(
        "stock",
        "xloader",
        ckan__plugins="activity datastore xloader",
        ckanext__xloader__api_token="unused",  # noqa: S106
        ckanext__xloader__jobs_db__uri=f"sqlite:///{cluster.portal('stock').folder}/storage/x.db",
    )
    sides = {
        "stock": {"command": "load-stock", "ini": ini, "python": VENV / "bin/python"},
        "ours": {"command": "load-ours"},
    }
    for _ in range(repeat or REPEAT):
        for side, how in sides.items():
            cluster.reset(side)
            resource = cluster.inside(side, "make-resource")["resource"]
            got = cluster.inside(side, path=str(path), resource=resource, **how)
            if got["rows"] != size:
                raise BenchError(f"{side}: {got['rows']} Zeilen statt {size}.")
            cluster.drop_table(side, resource)
            took.add(side, got["seconds"])
            memory.add(side, got["growth_mb"])
            took.detail.setdefault(f"{side}_runs", []).append(got)
    path.unlink()
    for side in sides:
        cluster.reset(side)
    return [result for result in (took, memory) if result.id in ids]


def environment() -> None:
    """Make the environment of ckanext-xloader once."""
    stamp = VENV / "ready"
    if stamp.exists() and stamp.read_text() == XLOADER:
        return
    print("Umgebung für ckanext-xloader einrichten …", flush=True)
    _uv("venv", "--clear", "--python", str(BIN / "python"), str(VENV))
    # --python always: without it uv installs into the environment that runs it.
    install = ("pip", "install", "--python", str(VENV / "bin/python"))
    _uv(*install, "ckan[requirements]==2.12.0", "setuptools<83", "wheel", *_NEEDS)
    # It asks for a newer urllib3 than CKAN pins and does not need it.
    _uv(*install, "--no-deps", XLOADER)
    stamp.write_text(XLOADER)


def _uv(*words: str) -> None:
    subprocess.run([str(BIN / "python"), "-m", "uv", "-q", *words], check=True)
