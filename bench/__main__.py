# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measure stock CKAN and this portal side by side: ``python -m bench --help``.

Example:
    $ make bench
    $ make bench ONLY=harvest-first SIZE=200
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx

from bench import dcat, harvest, pages, results, screening, tables
from bench.cluster import BenchError, Cluster
from stack.services import StackError, postgres_bin
from stack.settings import ROOT, STACK

FAMILIES = (harvest, pages, tables, screening, dcat)
_PACKAGES = (
    "ckan", "ckanext-dcat", "ckanext-harvest", "ckanext-scheming", "ckanext-verbund",
    "pyoxigraph", "rdflib", "SQLAlchemy", "gunicorn", "polars",
)  # fmt: skip


def wanted(only: str | None) -> list[set[str]]:
    """Return which measurements of each family are wanted.

    Args:
        only: Names with commas; ``dataset-page`` means ``dataset-page-median`` too.

    Raises:
        BenchError: No measurement is called so.
    """
    names = only.split(",") if only else []
    known = [i for family in FAMILIES for i in family.IDS]
    for name in names:
        if name not in known:
            raise BenchError(
                f"Eine Messung »{name}« gibt es nicht. Es gibt: {', '.join(known)}."
            )
    return [
        {
            i
            for i in family.IDS
            if not names or any(i == n or i.startswith(f"{n}-") for n in names)
        }
        for family in FAMILIES
    ]


def machine() -> dict:
    """Return what the figures depend on: machine, versions, date, state of the code."""
    cpu = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": _output("git", "describe", "--always", "--dirty"),
        "cpu": cpu[0] if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": _output(postgres_bin("postgres"), "--version"),
        "packages": {name: _version(name) for name in _PACKAGES} | {"xloader": tables.XLOADER},
        "load_before": [round(x, 2) for x in os.getloadavg()],
    }


def _output(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def main(arguments: list[str] | None = None) -> int:
    """Run the measurements, write and print the results."""
    parser = argparse.ArgumentParser(
        prog="bench", description="Messungen: Serienstand und wir, nebeneinander."
    )
    parser.add_argument("--only", help="nur diese Messung; mehrere mit Komma")
    parser.add_argument("--size", type=int, help="Datensätze, Zeilen oder Verbindungen")
    parser.add_argument("--repeat", type=int, help="Paare von Läufen")
    args = parser.parse_args(arguments)
    meta, begin, found = machine(), time.monotonic(), []
    try:
        plan = wanted(args.only)
        with Cluster().running() as cluster:
            for family, ids in zip(FAMILIES, plan, strict=True):
                if ids:
                    print(f"{time.monotonic() - begin:6.0f} s  {', '.join(sorted(ids))} …")
                    sys.stdout.flush()
                    found += family.measure(cluster, ids, args.size, args.repeat)
                    meta["load_after"] = [round(x, 2) for x in os.getloadavg()]
                    meta["seconds"] = round(time.monotonic() - begin)
                    results.write(found, meta, STACK)
    except (BenchError, StackError, httpx.HTTPError) as error:
        print(f"\nFehler: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nAbgebrochen.", file=sys.stderr)
        return 130
    print(f"\n{results.table(found)}\n")
    print(
        "Verhältnis über 1: wir sind besser. ↑: mehr ist besser. "
        f"{meta['seconds']} s; Einzelwerte: {STACK / 'bench-meta.json'}"
    )
    if meta["load_before"][0] > 1:
        print("Vorläufig: Auf der Maschine lief schon vorher anderes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
