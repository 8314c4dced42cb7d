# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What data.europa.eu would probably give: an estimate of its metadata quality points.

The European portal rates descriptions with at most 405 points in five dimensions (Metadata
Quality Assessment, MQA). Its own computation was not at hand; the points here are those of the
README of ``mjanez/ckan-mqa``, cross-checked with Norway's ``dcatno-mqa``. By a reading of the
code of piveau only the best distribution counts, and a status of 200 to 399 is good.
So the result is an estimate and must be shown as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import yaml
from rdflib import URIRef
from rdflib.term import Node

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.dcatde import shapes
from ckanext.verbund.domain.dcatde.fields import iri
from ckanext.verbund.domain.dcatde.reading import Reading, Triples, read

__all__ = ["INDICATORS", "MAXIMUM", "Estimate", "Indicator", "estimate", "estimates", "mean"]

Dimension = Literal[
    "findability", "accessibility", "interoperability", "reusability", "contextuality"
]
Rating = Literal["excellent", "good", "sufficient", "bad"]


@dataclass(frozen=True)
class Indicator:
    """One thing that gives points.

    Attributes:
        id: Its name.
        dimension: The dimension that it belongs to.
        points: What it gives.
        effort: How much work it is to get them: 1 a click, 2 some words, 3 work on data or
            servers.
        de: What it is about, in German.
        remedy: What to do for it, in German.
    """

    id: str
    dimension: Dimension
    points: int
    effort: int
    de: str
    remedy: str


_TABLE = yaml.safe_load(
    (files("ckanext.verbund.schemas") / "checks" / "mqa.yaml").read_text(encoding="utf-8")
)
INDICATORS: Mapping[str, Indicator] = {
    row["id"]: Indicator(**row) for row in _TABLE["indicators"]
}
"""What gives points, by name (``schemas/checks/mqa.yaml``)."""
MAXIMUM = sum(one.points for one in INDICATORS.values())
_RATINGS: tuple[tuple[int, Rating], ...] = (
    (351, "excellent"),
    (221, "good"),
    (121, "sufficient"),
)
_MACHINE_READABLE = frozenset(_TABLE["machine_readable"])
_PROPRIETARY = frozenset(_TABLE["proprietary"])


@dataclass(frozen=True)
class Estimate:
    """The estimate for one dataset, or the mean of a catalogue.

    Attributes:
        subject: The dataset.
        points: By name of the indicator; means are rounded.
        unknown: What could not be told, such as whether addresses answer; it counts nothing.
    """

    subject: str
    points: Mapping[str, int]
    unknown: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """All points, of 405."""
        return sum(self.points.values())

    @property
    def rating(self) -> Rating:
        """The word for the total."""
        return next((word for least, word in _RATINGS if self.total >= least), "bad")

    @property
    def dimensions(self) -> dict[Dimension, tuple[int, int]]:
        """Points and most points of each dimension."""
        found: dict[Dimension, tuple[int, int]] = {}
        for one in INDICATORS.values():
            had, most = found.get(one.dimension, (0, 0))
            found[one.dimension] = (had + self.points[one.id], most + one.points)
        return found

    def improvements(self, limit: int = 3) -> list[Indicator]:
        """Return what would bring points with the least work: points per effort, best first."""
        open_ones = [
            one for one in INDICATORS.values()
            if self.points[one.id] < one.points and one.id not in self.unknown
        ]  # fmt: skip
        gain = {one.id: (one.points - self.points[one.id]) / one.effort for one in open_ones}
        return sorted(open_ones, key=lambda one: (-gain[one.id], one.effort))[:limit]


def estimates(triples: Triples, statuses: Mapping[str, int] | None = None) -> list[Estimate]:
    """Return the estimate for each dataset of a graph.

    Args:
        triples: An rdflib graph, or statements in N-Triples notation.
        statuses: What addresses answered when last asked, as HTTP status; 0 for no answer.
            What is not in it is unknown and gives no points.
    """
    reading = read(triples)
    return [estimate(reading, node, statuses) for node in reading.datasets]


def estimate(
    reading: Reading, node: Node, statuses: Mapping[str, int] | None = None
) -> Estimate:
    """Return the estimate for one dataset."""
    known = statuses or {}
    met = {name for name, test in _OF_DATASET.items() if test(reading, node)}
    files = [_of_file(reading, one, known) for one in reading.values(node, "dcat:distribution")]
    # only the best file counts
    best, unknown = max(files, key=lambda f: _sum(f[0]), default=(set(), set()))
    met |= best
    points = {one.id: one.points if one.id in met else 0 for one in INDICATORS.values()}
    return Estimate(str(node), points, frozenset(unknown - met))


def mean(every: Iterable[Estimate], subject: str = "") -> Estimate:
    """Return the mean of estimates, for a whole catalogue."""
    every = list(every)
    number = len(every) or 1
    points = {name: round(sum(e.points[name] for e in every) / number) for name in INDICATORS}
    unknown = [e.unknown for e in every]
    return Estimate(
        subject, points, frozenset.intersection(*unknown) if unknown else frozenset()
    )


def _sum(names: Iterable[str]) -> int:
    return sum(INDICATORS[name].points for name in names)


# -- what is met ------------------------------------------------------------------------------


def _has(name: str) -> Callable[[Reading, Node], bool]:
    return lambda reading, node: bool(reading.values(node, name))


def _listed(prop: str, name: str) -> Callable[[Reading, Node], bool]:
    def test(reading: Reading, node: Node) -> bool:
        return any(_concept(name, value) for value in reading.values(node, prop))

    return test


def _concept(name: str, value: Node) -> vocab.Concept | None:
    """Return the value of a list; its IRI only, no text that means it."""
    found = vocab.load(name).get(str(value)) if isinstance(value, URIRef) else None
    return found if found and str(value).rstrip("/") == found.iri else None


def _conforms(reading: Reading, node: Node) -> bool:
    """Whether the shapes find no error in the dataset and what it points to."""
    around = {node}
    todo = [node]
    while todo:
        one = todo.pop()
        for values in reading.data.own.get(one, {}).values():
            for value in values:
                if (
                    value in reading.data.own
                    and value not in around
                    and not _elsewhere(reading, value)
                ):
                    around.add(value)
                    todo.append(value)
    results = shapes.shapes("spec").results(reading.data, around)
    return not any(str(r.severity).endswith("#Violation") for r in results)


def _elsewhere(reading: Reading, node: Node) -> bool:
    """Whether a node is another dataset or a catalogue, with faults of its own."""
    return bool(reading.data.classes(node) & {iri("dcat:Dataset"), iri("dcat:Catalog"),
                                              iri("dcat:DatasetSeries")})  # fmt: skip


_OF_DATASET: Mapping[str, Callable[[Reading, Node], bool]] = {
    "keyword": _has("dcat:keyword"),
    "theme": _has("dcat:theme"),
    "spatial": _has("dct:spatial"),
    "temporal": _has("dct:temporal"),
    "access_rights": _has("dct:accessRights"),
    "access_rights_listed": _listed("dct:accessRights", "access_right"),
    "contact": _has("dcat:contactPoint"),
    "publisher": _has("dct:publisher"),
    "issued": _has("dct:issued"),
    "modified": _has("dct:modified"),
    "shacl": _conforms,
}


def _of_file(
    reading: Reading, node: Node, statuses: Mapping[str, int]
) -> tuple[set[str], set[str]]:
    """Return which indicators a distribution meets, and which cannot be told."""
    formats = {
        c.code for v in reading.values(node, "dct:format") if (c := _concept("file_type", v))
    }
    media = reading.values(node, "dcat:mediaType")
    media_listed = any(
        str(v).startswith(("http://www.iana.org/", "https://www.iana.org/")) for v in media
    )
    met = {
        "download": bool(reading.values(node, "dcat:downloadURL")),
        "format": bool(reading.values(node, "dct:format")),
        "media_type": bool(media),
        "format_listed": bool(formats) and media_listed,
        "non_proprietary": bool(formats - _PROPRIETARY),
        "machine_readable": bool(formats & _MACHINE_READABLE),
        "license": bool(reading.values(node, "dct:license")),
        "license_known": _listed("dct:license", "license")(reading, node),
        "rights": bool(reading.values(node, "dct:rights")),
        "byte_size": bool(reading.values(node, "dcat:byteSize")),
    }
    unknown = set()
    for name, prop in (
        ("access_status", "dcat:accessURL"),
        ("download_status", "dcat:downloadURL"),
    ):
        addresses = [str(value) for value in reading.values(node, prop)]
        answers = [statuses[a] for a in addresses if a in statuses]
        met[name] = any(200 <= answer < 400 for answer in answers)
        if addresses and not answers:
            unknown.add(name)
    return {name for name, holds in met.items() if holds}, unknown
