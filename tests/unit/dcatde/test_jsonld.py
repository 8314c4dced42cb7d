# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON-LD says what the statements say, needs nobody else, and can be read by people."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from rdflib import RDFS, SKOS, Graph, URIRef
from rdflib.compare import to_isomorphic

from ckanext.verbund.domain.dcatde import jsonld, mapping, terms
from ckanext.verbund.domain.dcatde.graph import read, write
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from tests.unit.dcatde.strategies import PROFILE, resources

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "samples" / "rdf" / "vollstaendig.ttl"


def document(text):
    lines = [terms.line(one) for one in read(text.encode(), "ttl")]
    return json.loads(write(lines, "jsonld"))


@PROFILE
@given(resources((mapping.DATASET, mapping.SERIES, mapping.SERVICE, mapping.CATALOG)))
def test_what_is_written_is_read_again(value):
    lines = to_graph(value)
    assert {terms.line(one) for one in read(write(lines, "jsonld"), "jsonld")} == set(lines)


@pytest.mark.parametrize(
    "text",
    [
        "<https://a.example/1> <http://purl.org/dc/terms/spatial> <geo:48.1,7.2> .",
        "<https://a.example/1> <http://purl.org/dc/terms/license> 'T', <https://b.example/> .",
        "<https://a.example/1> a 'Text', <https://b.example/> .",
        "_:a <https://b.example/> _:b . _:b <https://b.example/> _:a .",
        "<https://a.example/1> <https://b.example/x#> '@id', '\\u2028', '@value'@en-gb .",
        "<dct:x> <dcat:y> <foaf:z> . <https://b.example/1> a <http://purl.org/dc/terms/x> .",
        "<https://a.example/1> <https://a.example/p> <https://a.example/1> .",
    ],
)
def test_odd_graphs_come_through_two_readers(text):
    given_graph = Graph().parse(data=text, format="turtle")
    written = json.dumps(document(text))
    assert to_isomorphic(Graph().parse(data=written, format="json-ld")) == to_isomorphic(
        given_graph
    )
    again = [terms.line(one) for one in read(written.encode(), "jsonld")]
    back = Graph().parse(data="\n".join(again), format="nt")
    assert to_isomorphic(back) == to_isomorphic(given_graph)


def test_a_chain_of_a_thousand_things_is_no_chain_of_brackets():
    chain = "".join(f"_:n{n} <https://b.example/> _:n{n + 1} ." for n in range(1000))
    text = json.dumps(document(chain))
    assert max(_depths(text)) < 60
    assert len(read(text.encode(), "jsonld")) == 1000


def _depths(text):
    depth = 0
    for mark in re.findall(r"[\[{\]}]", text):
        depth += 1 if mark in "[{" else -1
        yield depth


def test_things_stand_inside_what_names_them():
    found = document(SAMPLE.read_text(encoding="utf-8"))
    dataset = next(
        one for one in found["@graph"] if "dcat:Dataset" in str(one.get("@type"))
    )  # fmt: skip
    assert isinstance(dataset["dcat:contactPoint"], dict)
    assert dataset["dcat:theme"].startswith("http") or isinstance(dataset["dcat:theme"], list)


def test_a_document_brings_what_it_needs_of_the_published_context():
    found = document(SAMPLE.read_text(encoding="utf-8"))["@context"]
    assert isinstance(found, dict)
    whole = json.loads(jsonld.published())["@context"]
    assert found.items() <= whole.items()
    assert len(found) < len(whole)


# -- our own vocabulary --------------------------------------------------------------------


def vocabulary():
    return Graph().parse(ROOT / "schemas" / "vocab" / "verbund.ttl", format="turtle")


def used_terms():
    """Return the terms of our own that the portal writes."""
    used = {
        one.term[1:-1]
        for table in mapping.TABLES.values()
        for one in table.properties
        if one.name.startswith("verbund:")
    }
    schema = (ROOT / "schemas" / "dataset.yaml").read_text(encoding="utf-8")
    field = schema.split("field_name: data_origin", 1)[1].split("\n- field_name", 1)[0]
    return used | {
        f"{terms.VERBUND}origin-{value}" for value in re.findall(r"value: (\w+)", field)
    }


def test_every_term_of_ours_in_use_is_in_the_vocabulary_with_a_german_name():
    graph = vocabulary()
    used = used_terms()
    assert len(used) > 10
    for term in used:
        labels = [
            *graph.objects(URIRef(term), RDFS.label),
            *graph.objects(URIRef(term), SKOS.prefLabel),
        ]
        assert "de" in {label.language for label in labels}, term
    assert f"{terms.VERBUND}unbekannt" not in {str(s) for s in graph.subjects()}
