# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our SHACL engine says what pySHACL says, quickly, and refuses what it does not understand."""

import hashlib
import logging
from importlib.resources import files

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, Graph, Literal, URIRef

from ckanext.verbund.domain.dcatde import shapes
from ckanext.verbund.domain.dcatde.shacl import Data, Shapes, UnsupportedShapeError
from tests.unit.dcatde import mutants

EX = "https://daten.stadt.example/"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix : <https://daten.stadt.example/> .
"""
FOLDER = files("ckanext.verbund.schemas") / "shapes"


def results(text: str, name: str) -> list:
    data = Data(Graph().parse(data=PREFIXES + text, format="turtle"), shapes.background())
    return list(shapes.shapes(name).results(data))


def test_500_spoilt_datasets_get_the_results_of_pyshacl():
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # spoilt numbers are no news
    shapes_fired = set()
    for graph in mutants.batches(500, 25, seed=20261124):
        for name in shapes.SETS:
            found = mutants.ours(graph, name)
            assert found == mutants.theirs(graph, name)
            shapes_fired |= {key[-1] for key in found}
    assert len(shapes_fired) > 200


@pytest.mark.parametrize("path", mutants.SAMPLES, ids=lambda p: p.stem)
def test_a_good_sample_has_no_result(path):
    data = Data(Graph().parse(path), shapes.background())
    assert list(shapes.shapes("spec").results(data)) == []
    assert path.stem != "hvd" or list(shapes.shapes("hvd").results(data)) == []


def test_what_is_known_of_values_is_itself_without_fault():
    data = Data(shapes.background().triples(), shapes.Background({}))
    assert [list(shapes.shapes(name).results(data)) for name in shapes.SETS] == [[], [], []]


# -- each file has a sample that makes it fire -----------------------------------------


BROKEN = {
    "semic-dcat-ap-3.0.0.ttl": ("spec", ":d a dcat:Dataset ."),
    "de-semic.ttl": ("spec", ':d a dcat:Dataset ; dct:title <https://x.example/> .'),
    "de-additions.ttl": ("spec", ":d a dcat:Distribution ; dcat:accessURL :x ."),
    "de-deprecated.ttl": (
        "spec", ':d <http://dcat-ap.de/def/dcatde/legalBasis> "Satzung" .',
    ),
    "de-vocabularies.ttl": ("spec", ":d a dcat:Dataset ; dcat:theme :quatsch ."),
    "verbund-corrections.ttl": ("spec", ":d a dcat:DatasetSeries ."),
    "semic-dcat-ap-hvd-3.0.0.ttl": ("hvd", ":d a dcat:Dataset ."),
    "govdata-dashboard.ttl": ("govdata", ":d a dcat:Dataset ."),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_file_fires_on_a_broken_sample(name):
    collection, text = BROKEN[name]
    of_file = set(Graph().parse(str(FOLDER / name)).subjects(SH.severity)) or set(
        Graph().parse(str(FOLDER / name)).subjects(SH.path)
    )
    named = {str(node) for node in of_file if isinstance(node, URIRef)}
    messages = {str(m) for m in Graph().parse(str(FOLDER / name)).objects(None, SH.message)}
    fired = results(text, collection)
    assert [
        r for r in fired
        if str(r.shape.node) in named or messages & set(r.shape.messages.values())
    ]  # fmt: skip


@pytest.mark.parametrize("cls", ["Catalog", "Dataset", "DataService", "Distribution"])
def test_trap_a_availability_is_checked_in_its_real_namespace(cls):
    text = f":d a dcat:{cls} ; dcatap:availability :irgendwann, :manchmal ."
    on_availability = [
        r
        for r in results(text, "spec")
        if r.path == (URIRef("http://data.europa.eu/r5r/availability"),)
        or (r.via and r.via[1] == (URIRef("http://data.europa.eu/r5r/availability"),))
    ]
    assert len(on_availability) == 3  # one too many, two not in the list


def test_trap_a_upstream_alone_would_say_nothing():
    upstream = Graph()
    for name in ("de-additions.ttl", "de-vocabularies.ttl"):
        upstream.parse(str(FOLDER / name))
    text = PREFIXES + ":d a dcat:Dataset ; dcatap:availability :irgendwann, :manchmal ."
    data = Data(Graph().parse(data=text, format="turtle"), shapes.background())
    assert {r.path for r in Shapes(upstream).results(data)} == {(DCTERMS.publisher,)}


def test_trap_b_a_series_needs_a_publisher():
    text = ':s a dcat:DatasetSeries ; dct:title "Reihe" ; dct:description "Eine Reihe." '
    assert [r.path for r in results(f"{text}.", "spec")] == [(DCTERMS.publisher,)]
    assert (
        results(f'{text}; dct:publisher [ a foaf:Agent ; foaf:name "Stadt" ] .', "spec") == []
    )


# -- the bundle ---------------------------------------------------------------------------


def test_manifest_accounts_for_every_file():
    manifest = shapes.manifest()
    names = {entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".ttl")}
    assert set(manifest) == names
    assert names == {n for group in shapes.SETS.values() for n in group} | {
        "verbund-classes.ttl"
    }
    for name, entry in manifest.items():
        assert entry["sha256"] == hashlib.sha256((FOLDER / name).read_bytes()).hexdigest(), name
        assert all(entry[key] for key in ("source", "edition", "license", "copyright", "note"))


def test_a_member_of_a_list_need_not_be_in_the_data():
    csv = "<http://publications.europa.eu/resource/authority/file-type/CSV>"
    text = ":d a dcat:Distribution ; dcat:accessURL :x ; dct:license {} ; dct:format {} ."
    licence = "<http://dcat-ap.de/def/licenses/cc-zero>"
    assert results(text.format(licence, csv), "spec") == []
    assert len(results(text.format(licence, '"CSV"'), "spec")) == 2  # a text, and not listed
    # the specification's examples end with a slash
    assert results(text.format(licence[:-1] + "/>", csv), "spec") == []


def test_any_language_of_iso_639_3_is_one():
    text = ":c a dcat:CatalogRecord ; dct:language <{}language/{}> ."
    eu = "http://publications.europa.eu/resource/authority/"
    listed = {r.via for r in results(text.format(eu, "GSW"), "spec")}
    unlisted = {r.via for r in results(text.format(eu, "deutsch"), "spec")}
    assert listed == {None}
    assert (URIRef(f"{EX}c"), (DCTERMS.language,)) in unlisted


def test_a_town_is_an_agent_as_an_organisation_too():
    text = """:d a dcat:Catalog ; dct:title "K" ; dct:description "K" ; dct:publisher :s .
    :s a <http://www.w3.org/ns/org#OrganizationalUnit> ; foaf:name "Referat" ."""
    assert results(text, "spec") == []
    assert [r.focus for r in results(text.replace('foaf:name "Referat"', "a :x"), "spec")] == [
        URIRef(f"{EX}s")
    ]


# -- what is not understood is refused ---------------------------------------------------


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:closed true", 'sh:property [ sh:path dct:title ; sh:minLength 3 ]',
        "sh:property [ sh:path [ sh:inversePath dct:title ] ; sh:minCount 1 ]",
        "sh:or ( [ sh:nodeKind sh:IRI ] )", "sh:nodeKind :Quatsch",
        "sh:targetNode :x", "sh:targetObjectsOf dct:title",
    ],
)  # fmt: skip
def test_a_shape_that_is_not_understood_is_refused(constraint):
    text = f"{PREFIXES} :s a sh:NodeShape ; sh:targetClass dcat:Dataset ; {constraint} ."
    with pytest.raises(UnsupportedShapeError):
        Shapes(Graph().parse(data=text, format="turtle"))


def test_a_shape_that_is_off_says_nothing():
    text = f"""{PREFIXES} :s a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property :p .
    :p sh:path dct:title ; sh:minCount 1 {{}} ."""
    graph = Graph()
    graph.add((URIRef(f"{EX}d"), RDF.type, DCAT.Dataset))
    data = Data(graph, shapes.Background({}))
    for off, count in (("", 1), ("; sh:deactivated false", 1), ("; sh:deactivated true", 0)):
        compiled = Shapes(Graph().parse(data=text.format(off), format="turtle"))
        assert len(list(compiled.results(data))) == count


def test_results_can_be_asked_for_some_nodes_only():
    graph = Graph()
    for name in "ab":
        graph.add((URIRef(EX + name), RDF.type, FOAF.Agent))
    data = Data(graph, shapes.background())
    found = {r.focus for r in shapes.shapes("spec").results(data, focus=[URIRef(f"{EX}a")])}
    assert found == {URIRef(f"{EX}a")}


def test_a_subclass_that_the_data_declares_counts():
    above = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    text = f":d a :Karte . :Karte {above} dcat:Dataset . dcat:Dataset {above} :Karte ."
    assert {r.path for r in results(text, "spec")} >= {(DCTERMS.title,), (DCTERMS.publisher,)}


def test_values_are_each_counted_once():
    background = shapes.Background({FOAF.Agent: {FOAF.name: (Literal("A"), Literal("B"))}})
    data = Data([(FOAF.Agent, FOAF.name, Literal("A"))], background)
    assert list(data.values(FOAF.Agent, FOAF.name)) == [Literal("A"), Literal("B")]
