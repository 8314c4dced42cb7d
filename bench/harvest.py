# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Harvesting a synthetic catalogue: for the first time, and again with nothing changed."""

from __future__ import annotations

import shutil

from bench.catalog import Catalog
from bench.cluster import SIDES, Cluster, FileServer
from bench.results import Result

IDS = ("harvest-first", "harvest-unchanged", "rss-harvest")
SIZE = 1000
REPEAT = 2
PAGE_SIZE = 100  # as CKAN portals publish; stock refuses files above 50 MB


def measure(
    cluster: Cluster, ids: set[str], size: int | None, repeat: int | None
) -> list[Result]:
    """Harvest into the emptied portals by turns.

    Args:
        cluster: The running portals.
        ids: Which measurements are wanted; without ``harvest-unchanged`` there is no
            second run.
        size: Number of datasets.
        repeat: Number of pairs of runs.
    """
    size, again = size or SIZE, "harvest-unchanged" in ids
    first = Result("harvest-first", size, "ms/dataset", "lower")
    unchanged = Result("harvest-unchanged", size, "ms/dataset", "lower")
    memory = Result("rss-harvest", size, "MB", "lower")
    files = cluster.data / "catalog"
    shutil.rmtree(files, ignore_errors=True)
    with FileServer(files) as server:
        Catalog(size, page_size=PAGE_SIZE, url=server.url).write(files, "rdf")
        url = f"{server.url}/catalog.rdf"
        for _ in range(repeat or REPEAT):
            for side in SIDES:
                cluster.reset(side)
                run = cluster.harvest(side, url, size)
                first.add(side, run["seconds"] * 1000 / size)
                memory.add(side, run["growth_mb"])
                first.detail.setdefault(f"{side}_runs", []).append(run)
            for side in SIDES if again else ():
                cluster.analyze(side)
                run = cluster.harvest(side, url, size)
                unchanged.add(side, run["seconds"] * 1000 / size)
                unchanged.detail.setdefault(f"{side}_runs", []).append(run)
    for side in SIDES:
        cluster.reset(side)
    return [result for result in (first, unchanged, memory) if result.id in ids]
