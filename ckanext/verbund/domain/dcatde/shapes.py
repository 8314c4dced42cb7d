# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bundled shapes, and what is known about the values of vocabularies.

``schemas/shapes/manifest.yaml`` says where each file comes from. Nothing is fetched. Shapes
are compiled once per process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.verbund.domain import vocab

from .shacl import Facts, Shapes

__all__ = ["SETS", "Background", "background", "graph", "manifest", "shapes", "source"]

_FOLDER = files("ckanext.verbund.schemas") / "shapes"
SETS: Mapping[str, tuple[str, ...]] = {
    "spec": (
        "semic-dcat-ap-3.0.0.ttl",
        "de-semic.ttl",
        "de-additions.ttl",
        "de-deprecated.ttl",
        "de-vocabularies.ttl",
        "verbund-corrections.ttl",
    ),
    "hvd": ("semic-dcat-ap-hvd-3.0.0.ttl", "verbund-hvd.ttl"),
    "govdata": ("govdata-dashboard.ttl",),
}
"""The files of each set: the specification, high-value datasets, GovData's dashboard."""
_SOURCES = (
    ("https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd", "DCAT-AP HVD 3.0.0 (SEMIC)"),
    ("https://semiceu.github.io/DCAT-AP/releases/3.0.0/", "DCAT-AP 3.0.0 (SEMIC)"),
    ("http://govdata.de/", "GovData-Dashboard"),
)
_EU = "http://publications.europa.eu/resource/authority/"
_DE = "http://dcat-ap.de/def/"
SCHEMES: Mapping[str, str] = {
    "access_right": f"{_EU}access-right",
    "contributor": f"{_DE}contributors",
    "data_theme": f"{_EU}data-theme",
    "dataset_type": f"{_EU}dataset-type",
    "distribution_status": f"{_EU}distribution-status",
    "file_type": f"{_EU}file-type",
    "frequency": f"{_EU}frequency",
    "geocoding_level": f"{_DE}politicalGeocoding/Level",
    "hvd_category": "http://data.europa.eu/bna/asd487ae75",
    "language": f"{_EU}language",
    "license": f"{_DE}licenses",
    "planned_availability": f"{_EU}planned-availability",
    "publisher_type": "http://purl.org/adms/publishertype/1.0",
}
"""Vocabulary to the ``skos:inScheme`` that shapes ask for (DCAT-AP.de 3.0, section 5)."""
_LANGUAGE = re.compile(re.escape(f"{_EU}language/") + "[A-Z]{3}")


class Background:
    """Facts about the values of vocabularies and about classes, for every graph.

    The language list of the EU has some 8,000 codes and ours only those of the form; so any
    code of three capitals (ISO 639-3) is taken as a member.
    """

    def __init__(self, facts: Facts):
        self._facts = facts

    def get(self, node: Node) -> Mapping[Node, tuple[Node, ...]] | None:
        """Return what is known about a node."""
        known = self._facts.get(node)
        if known is None and isinstance(node, URIRef) and _LANGUAGE.fullmatch(node):
            return _IS_LANGUAGE
        return known

    def triples(self) -> Iterator[tuple[Node, Node, Node]]:
        """Yield the facts as triples, to load them into another validator."""
        for node, properties in self._facts.items():
            for predicate, values in properties.items():
                for value in values:
                    yield node, predicate, value


_IS_LANGUAGE = {RDF.type: (SKOS.Concept,), SKOS.inScheme: (URIRef(SCHEMES["language"]),)}
_OPEN = URIRef("http://govdata.de/mqa/#isOpenLicense")
# So the dashboard's shape writes it, with a prefix that was never expanded.
_TRUE = Literal("true", datatype=URIRef("xsd:boolean"))
_ALGORITHM = URIRef("http://spdx.org/rdf/terms#ChecksumAlgorithm")


@cache
def background() -> Background:
    """Return what is known without any data: about 1,100 values and 16 classes."""
    facts: dict[Node, dict[Node, tuple[Node, ...]]] = {}
    for name, scheme in SCHEMES.items():
        for concept in vocab.load(name).concepts:
            known = {
                RDF.type: (SKOS.Concept,),
                SKOS.prefLabel: (Literal(concept.label(), "de"),),
                SKOS.inScheme: (URIRef(scheme),),
            }
            if concept.extra.get("open") == "yes":
                known[_OPEN] = (_TRUE,)
            facts[URIRef(concept.iri)] = known
            if name == "license":  # the examples of the specification end with a slash
                facts[URIRef(f"{concept.iri}/")] = known
    for concept in vocab.load("checksum_algorithm").concepts:
        facts[URIRef(concept.iri)] = {RDF.type: (_ALGORITHM,)}
    for subject, predicate, value in _graph("verbund-classes.ttl"):
        facts.setdefault(subject, {}).setdefault(predicate, (value,))
    return Background(facts)


def graph(name: str) -> Graph:
    """Return the files of a set as they are, for another validator."""
    return _graph(*SETS[name])


@cache
def shapes(name: str) -> Shapes:
    """Return a compiled set.

    Args:
        name: A key of ``SETS``.
    """
    return Shapes(graph(name))


def source(shape: Node) -> str:
    """Return the document that a shape belongs to, for people to look it up."""
    for prefix, name in _SOURCES:
        if str(shape).startswith(prefix):
            return name
    return "DCAT-AP.de 3.0"


@cache
def manifest() -> Mapping[str, Mapping[str, Any]]:
    """Return origin, edition, hash and licence of each file."""
    return yaml.safe_load((_FOLDER / "manifest.yaml").read_text(encoding="utf-8"))


def _graph(*names: str) -> Graph:
    found = Graph()
    for name in names:
        found.parse(data=(_FOLDER / name).read_text(encoding="utf-8"), format="turtle")
    return found
