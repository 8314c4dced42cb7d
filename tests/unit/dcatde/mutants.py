# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good samples, spoilt at random: the input on which our engine must agree with pySHACL."""

import random
from collections import Counter
from pathlib import Path

import pyshacl
from rdflib import DCAT, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from ckanext.verbund.domain.dcatde import shapes
from ckanext.verbund.domain.dcatde.shacl import Data

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "rdf").glob("*.ttl"))
PLACE = "https://daten.stadt.example/"
CLASSES = [
    DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution,
    URIRef(f"{DCAT}DatasetSeries"),
    DCAT.CatalogRecord, DCAT.Resource, URIRef("http://xmlns.com/foaf/0.1/Agent"),
    URIRef("http://www.w3.org/ns/org#OrganizationalUnit"), SKOS.Concept,
    URIRef("http://www.w3.org/2006/vcard/ns#Group"), URIRef("http://purl.org/dc/terms/Location"),
    URIRef("https://stadt.example/def/Eigenes"),
]  # fmt: skip
VALUES = [
    URIRef("http://publications.europa.eu/resource/authority/file-type/CSV"),
    URIRef("http://publications.europa.eu/resource/authority/language/GSW"),
    URIRef("http://publications.europa.eu/resource/authority/language/quatsch"),
    URIRef("http://dcat-ap.de/def/licenses/dl-by-de/2.0"),
    URIRef("http://dcat-ap.de/def/licenses/cc-by/4.0/"),
    URIRef("http://dcat-ap.de/def/hashAlgorithms/md/5"),
    URIRef("http://purl.org/adms/status/Completed"),
    URIRef("http://purl.org/adms/publishertype/Company"),
    URIRef("https://www.iana.org/assignments/media-types/text/csv"),
    URIRef("HTTP://WWW.IANA.ORG/assignments/media-types/text/csv"),
    Literal("Text"), Literal("Text", lang="de"), Literal("12", datatype=XSD.decimal),
    Literal("-1", datatype=XSD.nonNegativeInteger), Literal("zwölf", datatype=XSD.decimal),
    Literal("7", datatype=XSD.nonNegativeInteger), Literal("abc", datatype=XSD.hexBinary),
    Literal("P1Y", datatype=XSD.duration), Literal("ein Jahr", datatype=XSD.duration),
    Literal("2026-05-02", datatype=XSD.date), Literal(""), BNode("leer"),
]  # fmt: skip


def predicates() -> list[URIRef]:
    """Return every property that a shape or a sample names."""
    found = {p for path in SAMPLES for p in Graph().parse(path).predicates()}
    for name in shapes.SETS:
        paths = shapes.graph(name).objects(None, SH.path)
        found |= {p for p in paths if isinstance(p, URIRef)}
    return sorted(found)


def mutant(rng: random.Random, number: int, known: list[URIRef]) -> Graph:
    """Return a sample with one to eight faults; its names are its own."""
    graph = Graph()
    graph.parse(rng.choice(SAMPLES))
    for _ in range(rng.randint(1, 8)):
        rng.choice(FAULTS)(rng, graph, sorted(graph), known)
    return Graph().parse(data=graph.serialize(format="nt").replace(PLACE, f"{PLACE}{number}/"),
                         format="nt")  # fmt: skip


def _lose(rng, graph, triples, known):
    graph.remove(rng.choice(triples))


def _lose_all(rng, graph, triples, known):
    subject, predicate, _ = rng.choice(triples)
    graph.remove((subject, predicate, None))


def _replace(rng, graph, triples, known):
    triple = rng.choice(triples)
    graph.remove(triple)
    graph.add((*triple[:2], rng.choice(VALUES)))


def _double(rng, graph, triples, known):
    graph.add((*rng.choice(triples)[:2], rng.choice(VALUES)))


def _add(rng, graph, triples, known):
    graph.add((rng.choice(triples)[0], rng.choice(known), rng.choice(VALUES)))


def _link(rng, graph, triples, known):
    graph.add((rng.choice(triples)[0], rng.choice(known), rng.choice(triples)[0]))


def _turn(rng, graph, triples, known):
    subject, predicate, value = rng.choice(triples)
    graph.remove((subject, predicate, value))
    other = URIRef("https://x.example/") if isinstance(value, Literal) else Literal(str(value))
    graph.add((subject, predicate, other))


def _retype(rng, graph, triples, known):
    subject = rng.choice(triples)[0]
    if rng.random() < 0.5:
        graph.remove((subject, RDF.type, None))
    graph.add((subject, RDF.type, rng.choice(CLASSES)))


def _subclass(rng, graph, triples, known):
    graph.add((CLASSES[-1], RDFS.subClassOf, rng.choice(CLASSES[:-1])))


FAULTS = [_lose, _lose_all, _replace, _double, _add, _link, _turn, _retype, _subclass]


def ours(graph: Graph, name: str) -> Counter:
    """Return the results of our engine."""
    data = Data(graph, shapes.background())
    return Counter(
        (r.focus, frozenset(r.path), r.value, r.component, r.severity, str(r.shape.node))
        for r in shapes.shapes(name).results(data)
    )


def theirs(graph: Graph, name: str) -> Counter:
    """Return the results of pySHACL, with what is known of values loaded into the data."""
    known = shapes.background()
    data = Graph()
    for triple in graph:
        data.add(triple)
    for node in set(graph.objects()) | set(graph.subjects()):
        for predicate, values in (known.get(node) or {}).items():
            for value in values:
                data.add((node, predicate, value))
    for triple in known.triples():
        if triple[1] == RDFS.subClassOf:
            data.add(triple)
    rules = shapes.shapes(name).graph
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, inplace=True)
    found = Counter()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        choice = report.value(path, SH.alternativePath) if isinstance(path, BNode) else None
        paths = Collection(report, choice) if choice is not None else filter(None, [path])
        found[(
            report.value(result, SH.focusNode), frozenset(paths),
            report.value(result, SH.value),
            report.value(result, SH.sourceConstraintComponent),
            report.value(result, SH.resultSeverity),
            str(report.value(result, SH.sourceShape)),
        )] += 1  # fmt: skip
    return found


def batches(count: int, size: int, seed: int):
    """Yield graphs of several mutants each: pySHACL then reads its shapes less often."""
    rng, known = random.Random(seed), predicates()  # noqa: S311
    for start in range(0, count, size):
        graph = Graph()
        for number in range(start, min(count, start + size)):
            for triple in mutant(rng, number, known):
                graph.add(triple)
        yield graph
