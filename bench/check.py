# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much CPU time the check of DCAT-AP.de takes: ``python -m bench.check [datasets]``.

The real catalogue of Rostock (100 datasets, 773 files, many faults) is checked dataset by
dataset and, repeated under other addresses, as one file. pySHACL checks some of the same
datasets with the same shapes. Needs no cluster.
"""

from __future__ import annotations

import gzip
import resource
import statistics
import sys
import time
from collections.abc import Iterator

import pyshacl
from rdflib import DCAT, RDF, Graph
from rdflib.term import Node

from ckanext.verbund.domain.dcatde import shapes
from ckanext.verbund.domain.dcatde.check import check
from ckanext.verbund.domain.quality import mqa
from stack.settings import ROOT

CATALOG = ROOT / "demo" / "catalogs" / "rostock.rdf.gz"
ORIGIN = b"https://www.opendata-hro.de"
SOME = 5


def described(graph: Graph, subject: Node) -> Graph:
    """Return what a graph says of a thing and of all that it points to."""
    found, todo, seen = Graph(), [subject], set()
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            for triple in graph.triples((node, None, None)):
                found.add(triple)
                todo.append(triple[2])
    return found


def timed(calls: Iterator) -> list[float]:
    """Return the milliseconds of CPU time that each call took."""
    times, begin = [], time.process_time()
    for _ in calls:
        times.append((time.process_time() - begin) * 1000)
        begin = time.process_time()
    return times


def peak() -> float:
    """Return the most memory that this process has used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> int:
    """Measure and print."""
    number = int(arguments[0]) if arguments else 1000
    source = gzip.decompress(CATALOG.read_bytes())
    graph = Graph().parse(data=source, format="xml")
    single = [described(graph, node) for node in graph.subjects(RDF.type, DCAT.Dataset)]
    begin = time.process_time()
    check(single[0])
    print(f"erste Prüfung mit Übersetzen der Shapes  {time.process_time() - begin:8.2f} s")
    ours = timed(check(one) for one in single)
    print(f"Prüfung je Datensatz, Median             {statistics.median(ours):8.1f} ms")
    print(f"  größter von {len(single)}                          {max(ours):8.1f} ms")
    points = timed(mqa.estimates(one) for one in single)
    print(f"MQA-Schätzung je Datensatz, Median       {statistics.median(points):8.1f} ms")
    rules = shapes.graph("spec")
    theirs = timed(
        pyshacl.validate(one, shacl_graph=rules, inplace=True) for one in single[:SOME]
    )
    print(f"pySHACL je Datensatz, nur Shapes, Median {statistics.median(theirs):8.1f} ms")
    del graph, single
    before, begin = peak(), time.process_time()
    whole = Graph()
    for copy in range(-(-number // 100)):
        text = source.replace(ORIGIN, b"https://kopie-%d.example" % copy)
        whole.parse(data=text, format="xml")
    read = time.process_time() - begin
    found = check(whole)
    seconds = time.process_time() - begin
    count = sum(1 for _ in whole.subjects(RDF.type, DCAT.Dataset))
    print(f"Datei mit {count} Datensätzen, {len(whole):,} Aussagen   {seconds:8.1f} s")
    print(f"  davon Lesen {read:.1f} s; {len(found):,} Befunde; +{peak() - before:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
