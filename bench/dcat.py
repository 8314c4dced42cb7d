# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One graph with many datasets: read into packages, written as Turtle, checked.

Times are CPU times, child processes included, so that neighbours on the machine count less.
"""

from __future__ import annotations

import shutil

from bench.catalog import Catalog
from bench.cluster import SIDES, BenchError, Cluster, readable
from bench.results import Result

IDS = ("parse-dataset", "serialize-dataset", "check-dataset", "check-dataset-rss")
SIZE = 1000
REPEAT = 3
SMALL = 10  # times smaller: what grows with the square shows


def measure(
    cluster: Cluster, ids: set[str], size: int | None, repeat: int | None
) -> list[Result]:
    """Read, write and check the same catalogue on both sides by turns.

    Args:
        cluster: The running portals.
        ids: Which measurements are wanted.
        size: Number of datasets in the graph.
        repeat: Number of pairs of runs.
    """
    size = size or SIZE
    parse = Result("parse-dataset", size, "ms/dataset", "lower")
    serialize = Result("serialize-dataset", size, "ms/dataset", "lower")
    check = Result("check-dataset", size, "ms/dataset", "lower")
    memory = Result("check-dataset-rss", size, "MB", "lower")
    files = cluster.data / "graph"
    shutil.rmtree(files, ignore_errors=True)
    paths = {}
    for count in (max(1, size // SMALL), size):
        folder = files / str(count)
        (paths[count],) = Catalog(count).write(folder, "rdf")
        readable(paths[count])
    for _ in range(repeat or REPEAT if ids & {"parse-dataset", "serialize-dataset"} else 0):
        for count, path in paths.items():
            for side in SIDES:
                run = cluster.inside(side, f"graph-{side}", path=str(path))
                if run["datasets"] != count:
                    raise BenchError(f"{side}: {run['datasets']} Datensätze statt {count}.")
                for result in (parse, serialize):
                    value = run[result.id] * 1000 / count
                    if count == size:
                        result.add(side, value)
                    else:
                        result.detail.setdefault(f"{side}_{count}", []).append(value)
    for _ in range(repeat or REPEAT if ids & {"check-dataset", "check-dataset-rss"} else 0):
        run = cluster.inside("ours", "check-graph", path=str(paths[size]))
        check.add("ours", run["cpu"] * 1000 / size)
        memory.add("ours", run["growth_mb"])
    return [one for one in (parse, serialize, check, memory) if one.id in ids]
