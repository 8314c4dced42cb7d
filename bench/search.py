# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well people find: labelled datasets, asked for by the name of their kind.

``make bench-search [LABELLED=file.csv]``. The file has the columns ``musterdatensatz``,
``title`` and ``description``. Each row becomes a dataset of title and description, in a real
Solr core through CKAN, on the two portals of the profile ``bench``. Each label becomes a
query, its part after the first `` - ``; right are the rows with that label. Labels are used
for judging only: neither the index nor ``package_search`` gets them.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from bench.cluster import SIDES, BenchError, Cluster
from stack.services import StackError
from stack.settings import ROOT

_REFERENCE = ROOT.parent / "shared" / "reference" / "vocabularies"
DEFAULT = _REFERENCE / "musterdatenkatalog-labelled.csv"
COLUMNS = ("musterdatensatz", "title", "description")


def read(path: Path) -> list[dict[str, str]]:
    """Return the labelled rows.

    Raises:
        BenchError: The file is absent, empty or has other columns.
    """
    if not path.is_file():
        raise BenchError(
            f"Die Datei mit den Zuordnungen fehlt: {path}\n"
            "Abhilfe: make bench-search LABELLED=datei.csv "
            f"mit den Spalten {', '.join(COLUMNS)}."
        )
    with path.open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise BenchError(f"{path}: Gebraucht werden die Spalten {', '.join(COLUMNS)}.")
    return [{name: row[name] or "" for name in COLUMNS} for row in rows]


def queries(rows: list[dict[str, str]]) -> dict[str, set[int]]:
    """Return the queries with the numbers of the rows that are right for each."""
    right: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(rows):
        label = row["musterdatensatz"].strip()
        right[label.partition(" - ")[2].strip() or label].add(number)
    return dict(right)


def ndcg(found: list[int], right: set[int], depth: int = 10) -> float:
    """Return how good an order is: 1 if the right ones come first, 0 if none is there."""
    gain = sum(1 / math.log2(i + 2) for i, n in enumerate(found[:depth]) if n in right)
    return gain / sum(1 / math.log2(i + 2) for i in range(min(depth, len(right))))


def recall(found: list[int], right: set[int], depth: int = 20) -> float:
    """Return the share of the right ones among the first."""
    return len(right & set(found[:depth])) / len(right)


def judge(found: list[list[int]], right: list[set[int]]) -> dict[str, float]:
    """Return the mean figures over all queries."""
    pairs = list(zip(found, right, strict=True))
    return {
        "ndcg": statistics.fmean(ndcg(f, r) for f, r in pairs),
        "recall": statistics.fmean(recall(f, r) for f, r in pairs),
        "empty": statistics.fmean(not f for f in found),
    }


def figures(side: str, result: dict[str, float]) -> str:
    """Return the figures of a side as one phrase."""
    return (
        f"{side} nDCG@10={result['ndcg']:.3f} recall@20={result['recall']:.3f} "
        f"empty={result['empty']:.3f}"
    )


def measure(cluster: Cluster, rows: list[dict[str, str]], repeat: int) -> dict[str, dict]:
    """Index and ask on both sides.

    Args:
        cluster: The running profile.
        rows: The labelled rows.
        repeat: How often each query is asked; the fastest counts.
    """
    right = queries(rows)
    results = {}
    plain = [{"title": r["title"], "description": r["description"]} for r in rows]
    for side in SIDES:
        print(f"{side}: {len(rows)} Datensätze, {len(right)} Anfragen …", flush=True)
        cluster.reset(side)
        answer = cluster.inside(side, "search", rows=plain, queries=list(right), repeat=repeat)
        seconds = answer["seconds"]
        results[side] = judge(answer["found"], list(right.values())) | {
            "found": answer["found"],
            "errors": len(answer["errors"]),
            "median_ms": 1000 * statistics.median(seconds),
            "mean_ms": 1000 * statistics.fmean(seconds),
        }
        cluster.reset(side)
    return results


def report(results: dict[str, dict], right: dict[str, set[int]], worst: int) -> None:
    """Print times, our worst queries if wanted, and the figures as the last line."""
    for side, result in results.items():
        print(
            f"{side}: {result['median_ms']:.1f} ms je Anfrage "
            f"(Mittel {result['mean_ms']:.1f}), {result['errors']} abgelehnt"
        )
    print(f"Zeit: das {results['ours']['median_ms'] / results['stock']['median_ms']:.2f}-Fache")
    ranked = sorted(
        (ndcg(found, wanted), query, len(wanted))
        for found, (query, wanted) in zip(results["ours"]["found"], right.items(), strict=True)
    )
    for value, query, number in ranked[:worst]:
        print(f"  {value:.2f}  {query} ({number})")
    print(" ".join(figures(side, results[side]) for side in ("ours", "stock")))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the last line holds the figures."""
    parser = argparse.ArgumentParser(prog="bench.search", description="Wie gut findet man?")
    parser.add_argument("labelled", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--repeat", type=int, default=3, help="Wiederholungen je Anfrage")
    parser.add_argument("--worst", type=int, default=0, help="schlechteste Anfragen zeigen")
    args = parser.parse_args(arguments)
    try:
        rows = read(args.labelled)
        with Cluster().running() as cluster:
            results = measure(cluster, rows, args.repeat)
    except (BenchError, StackError) as error:
        print(f"\nFehler: {error}", file=sys.stderr)
        return 1
    report(results, queries(rows), args.worst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
