# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does a description keep the rules of DCAT-AP.de 3.0? The one entry for every place that asks.

Three layers: the official shapes (with ours where theirs are broken), the conventions, and
our own rules on quality. The same thing found by several of them is told once.

Example:
    >>> from rdflib import Graph
    >>> graph = Graph().parse("tests/samples/rdf/pflicht.ttl")
    >>> [f.id for f in check(graph) if f.severity == "error"]
    []
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rdflib import SH, URIRef
from rdflib.term import Node

from ckanext.verbund.domain import dataset
from ckanext.verbund.domain.finding import Finding

from . import shapes
from .conventions import conventions
from .plausible import plausible
from .reading import DATASET, SERIES, SERVICE, Hit, Reading, Triples, read
from .told import told

__all__ = ["HVD_LAW", "LAYERS", "check", "validated"]

LAYERS = ("shapes", "govdata", "conventions", "quality")
"""What is checked; each can be left out."""
HVD_LAW = URIRef(dataset.HVD_LAW)
"""Implementing regulation on high-value datasets, the value of dcatap:applicableLegislation."""
_RANK = {"error": 0, "warning": 1, "hint": 2}
# What shapes can find wrong with one value at once, the most telling first.
_TELLING = ("unlisted", "deprecated-value", "kind-iri", "kind-node", "class")


def check(
    triples: Triples,
    *,
    layers: Collection[str] = LAYERS,
    today: date | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
) -> list[Finding]:
    """Return everything that is wrong with a description, errors first.

    Args:
        triples: A dataset, service, series or whole catalogue: an rdflib graph, statements
            whose terms are texts in N-Triples notation (``<https://…>``, ``"Text"@de``), or
            lines of canonical N-Triples.
        layers: Which of ``LAYERS`` to check.
        today: The day that "in the future" is measured by (today in Germany if left out).
        columns: The columns that tables have indeed, by IRI of the distribution.
    """
    reading = read(triples)
    hits = _merged(_hits(reading, layers, today or _today(), columns or {}))
    return sorted(hits, key=lambda finding: _RANK[finding.severity])


def validated(triples: Triples) -> tuple[int, int]:
    """Return how many violations and warnings the shapes of DCAT-AP.de 3.0 find.

    The official validator counts so (type ``v30_de_spec``), apart from the two slips of the
    German shapes that are mended here.

    Args:
        triples: As for `check`.
    """
    reading = read(triples)
    found = Counter(r.severity for r in shapes.shapes("spec").results(reading.data))
    return found[SH.Violation], found[SH.Warning]


def _hits(
    reading: Reading, layers: Collection[str], today: date, columns: Mapping[str, Sequence[str]]
) -> Iterator[Hit]:
    results = []
    if "shapes" in layers:
        results += shapes.shapes("spec").results(reading.data)
        results += shapes.shapes("hvd").results(reading.data, _high_value(reading))
    if "govdata" in layers:
        results += shapes.shapes("govdata").results(reading.data)
    for result in results:
        yield from told(reading, result)
    if "conventions" in layers:
        yield from conventions(reading)
    if "quality" in layers:
        yield from plausible(reading, today, columns)


def _high_value(reading: Reading) -> list[Node]:
    """Return what says of itself to be of high value, with its files and contacts."""
    found: dict[Node, None] = {}
    for cls in (DATASET, SERIES, SERVICE):
        for node in reading.by_class[cls]:
            law = reading.values(node, "dcatap:applicableLegislation")
            if HVD_LAW in law or reading.values(node, "dcatap:hvdCategory"):
                found[node] = None
                found |= dict.fromkeys(
                    reading.values(node, "dcat:distribution", "dcat:contactPoint")
                )
    return [node for node in found if node in reading.data.own]


def _merged(hits: Iterable[Hit]) -> Iterator[Finding]:
    """Yield each thing once: in the most telling words, with all who say so."""
    kept: dict[tuple, Hit] = {}
    for one in hits:
        topic = "value" if one.topic in _TELLING else one.topic
        about = "" if topic in {"missing", "surplus"} else one.finding.value_excerpt
        key = (one.node, one.path, topic, about)
        before = kept.get(key)
        kept[key] = _joined(before, one) if before else one
    for one in kept.values():
        yield one.finding


def _joined(first: Hit, second: Hit) -> Hit:
    better = _vagueness(second) < _vagueness(first)
    best, other = (second, first) if better else (first, second)
    sources = dict.fromkeys(
        [*first.finding.rule_source.split("; "), second.finding.rule_source]
    )
    severity = min(best.finding.severity, other.finding.severity, key=_RANK.__getitem__)
    finding = replace(best.finding, severity=severity, rule_source="; ".join(sources))
    return replace(best, finding=finding)


def _vagueness(one: Hit) -> int:
    """Return how well a finding tells what to do about a value; low is well."""
    return _TELLING.index(one.topic) if one.topic in _TELLING else 0


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()
