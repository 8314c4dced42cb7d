# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that people and machines fetch, from portals with 100 real datasets."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import ExitStack
from statistics import median

import httpx

from bench.cluster import SIDES, BenchError, Cluster, FileServer
from bench.results import Result
from demo.catalogs import unpack
from stack.settings import SHIFT

CATALOG_IDS = ("catalog-page", "catalog-page-ttl")
PEOPLE = ("dataset-page", "search-page", "list-page")
PEOPLE_IDS = tuple(
    f"{page}{part}" for page in PEOPLE for part in ("", "-median", "-cached", "-cached-median")
)
IDS = CATALOG_IDS + PEOPLE_IDS
REPEAT = 3
DATASETS = 100  # rostock.rdf
CONNECTIONS = 8
SECONDS = 6.0
CACHED_PORT = 5203 + SHIFT
_WORDS = ("Bäume", "Straßen", "Kita", "Haushalt", "Wahl", "Radverkehr", "Lärm", "")


def measure(
    cluster: Cluster, ids: set[str], size: int | None, repeat: int | None
) -> list[Result]:
    """Fetch pages from both portals by turns.

    Args:
        cluster: The running portals.
        ids: Which measurements are wanted.
        size: Connections at once for the pages of people.
        repeat: Number of pairs of runs.
    """
    for side in SIDES:
        _fill(cluster, side)
    results = []
    for name, ending, kind in (
        ("catalog-page", "rdf", "<dcat:Dataset "),
        ("catalog-page-ttl", "ttl", " a dcat:Dataset"),
    ):
        if name in ids:
            results.append(_catalog(cluster, name, ending, kind, repeat or REPEAT))
    for page in PEOPLE:
        if any(i.startswith(page) for i in ids):
            found = _people(cluster, page, size or CONNECTIONS, repeat or REPEAT)
            results += [r for r in found if r.id in ids]
    for side in SIDES:
        cluster.reset(side)
    return results


def _fill(cluster: Cluster, side: str) -> None:
    files = cluster.data / "real"
    files.mkdir(exist_ok=True)
    unpack(files)
    cluster.reset(side)
    with FileServer(files) as server:
        cluster.harvest(side, f"{server.url}/rostock.rdf", DATASETS)
    cluster.analyze(side)


def _catalog(cluster: Cluster, name: str, ending: str, kind: str, repeat: int) -> Result:
    """Fetch the first page of the catalogue, one request at a time."""
    result = Result(name, DATASETS, "ms", "lower")
    with httpx.Client(timeout=120) as client:
        urls = {side: f"{cluster.portal(side).url}/catalog.{ending}" for side in SIDES}
        for side in SIDES:
            body = client.get(urls[side]).raise_for_status().text
            if body.count(kind) != DATASETS:
                raise BenchError(
                    f"{urls[side]}: {body.count(kind)} Datensätze statt {DATASETS}."
                )
            result.detail[f"{side}_bytes"] = len(body.encode())
        for _ in range(max(5, repeat)):
            for side in SIDES:
                begin = time.monotonic()
                client.get(urls[side]).raise_for_status()
                result.add(side, (time.monotonic() - begin) * 1000)
    return result


# -- pages of people ------------------------------------------------------------


def _people(cluster: Cluster, page: str, connections: int, repeat: int) -> list[Result]:
    rate = Result(page, connections, "requests/s", "higher")
    wait = Result(f"{page}-median", connections, "ms", "lower")
    cached = Result(f"{page}-cached", connections, "requests/s", "higher")
    cached_wait = Result(f"{page}-cached-median", connections, "ms", "lower")
    with ExitStack() as stack:
        ini = cluster.variant("stock", "cached", ckan__cache_enabled="true")
        sites = {side: cluster.portal(side).url for side in SIDES}
        sites["cached"] = stack.enter_context(cluster.web("stock", ini, CACHED_PORT))
        paths = {site: _paths(page, url) for site, url in sites.items()}
        for site, url in sites.items():
            _warm(url, paths[site])
        for _ in range(repeat):
            found = {
                site: _load(url, paths[site], connections, SECONDS)
                for site, url in sites.items()
            }
            for index, pair in enumerate(((rate, cached), (wait, cached_wait))):
                pair[0].add("stock", found["stock"][index])
                pair[1].add("stock", found["cached"][index])
                for result in pair:
                    result.add("ours", found["ours"][index])
    return [rate, wait, cached, cached_wait]


def _paths(page: str, site: str) -> list[str]:
    if page == "search-page":
        return [f"/dataset/?q={word}" for word in _WORDS]
    if page == "list-page":
        # Unlike a search, by which stock finds less, these have as many lines on both sides.
        return [f"/dataset/?page={number}" for number in range(1, DATASETS // 20 + 1)]
    answer = httpx.get(
        f"{site}/api/3/action/package_search",
        params={"rows": 20, "fq": "dataset_type:dataset", "sort": "title_string asc"},
        timeout=60,
    )
    return [
        f"/dataset/{d['name']}" for d in answer.raise_for_status().json()["result"]["results"]
    ]


def _warm(site: str, paths: list[str]) -> None:
    """Fetch every page twice as often as there are workers, to have all compiled."""
    with httpx.Client(base_url=site, timeout=60) as client:
        for path in paths * 4:
            client.get(path)


def _load(site: str, paths: list[str], connections: int, seconds: float) -> tuple[float, float]:
    """Fetch pages with some connections at once.

    Returns:
        Requests per second, and the median time of a request in milliseconds.
    """
    times = asyncio.run(_fetch(site, paths, connections, seconds))
    return len(times) / seconds, median(times) * 1000


async def _fetch(site: str, paths: list[str], connections: int, seconds: float) -> list[float]:
    times: list[float] = []
    turn = itertools.cycle(paths)
    end = time.monotonic() + seconds

    async def visitor(client: httpx.AsyncClient) -> None:
        while (begin := time.monotonic()) < end:
            path = next(turn)
            answer = await client.get(path)
            if answer.status_code != 200:
                raise BenchError(f"{site}{path} antwortet mit {answer.status_code}.")
            now = time.monotonic()
            if now <= end:
                times.append(now - begin)

    limits = httpx.Limits(max_connections=connections)
    async with httpx.AsyncClient(base_url=site, limits=limits, timeout=60) as client:
        await asyncio.gather(*(visitor(client) for _ in range(connections)))
    if not times:
        raise BenchError(f"{site}: keine Antwort in {seconds} s.")
    return times
