# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing is lost: shared things, rings of blank nodes, hostile and huge documents."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.dataset import Agent, Text
from ckanext.verbund.domain.dcatde.from_graph import SHARED_BUDGET, from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, Limits, RefusedError, read, write
from ckanext.verbund.domain.dcatde.roundtrip import lines_of, roundtrip
from ckanext.verbund.domain.dcatde.terms import PREFIXES, expand, line
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from tests.unit.dcatde.strategies import PROFILE

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
HEAD += "@prefix : <https://a.example/> .\n"


def turtle(body):
    return read((HEAD + body).encode(), "ttl")


def report(body):
    result = roundtrip(turtle(body))
    assert result.missing == ()
    assert result.triples == result.kept + result.repaired + result.redacted
    return result


# -- any graph at all ----------------------------------------------------------------------

_NODES = [f"<https://a.example/{n}>" for n in range(4)] + [f"_:b{n}" for n in range(5)]
_NODES += ["<tag:x,2020:1>", "<javascript:alert(2)>", "<https://a.example/x y>"]
_PREDICATES = [
    expand(name)
    for name in (
        "rdf:type", "dct:title", "dct:publisher", "dct:creator", "dcat:distribution",
        "dcat:contactPoint", "dct:spatial", "locn:geometry", "dcat:dataset", "foaf:name",
        "dct:license", "dct:temporal", "dcat:accessService", "adms:identifier", "dct:relation",
        "foaf:mbox", "dcat:byteSize", "dct:issued", "dcatde:maintainer", "dct:hasVersion",
        "prov:qualifiedAttribution", "prov:agent", "dct:isVersionOf", "dct:type",
    )
]  # fmt: skip
_VALUES = [
    *_NODES,
    *(expand(f"dcat:{c}") for c in ("Dataset", "Catalog", "DatasetSeries", "DataService")),
    "<http://dcat-ap.de/def/datasetTypes/collection>",
    "<https://www.dcat-ap.de/def/licenses/cc-zero>",
    "<javascript:alert(1)>",
    "<mailto:erika.muster@a.example>",
    '"Text"@de',
    '"Text"',
    '""',
    '"28.01.2021"',
    '"12.0"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '"a\\u0001b"',
    '"POINT (1 2)"',
    '"https://a.example/2"',
]
_graphs = st.lists(
    st.tuples(st.sampled_from(_NODES), st.sampled_from(_PREDICATES), st.sampled_from(_VALUES)),
    max_size=40,
)


@PROFILE
@given(_graphs)
def test_no_graph_loses_a_statement(triples):
    result = roundtrip(Graph(triples))
    assert result.missing == ()


@PROFILE
@given(_graphs)
def test_what_was_read_once_is_read_the_same_again(triples):
    first = from_graph(Graph(triples))
    again = from_graph(read(write(lines_of(first), "nt"), "nt"))
    assert set(lines_of(again)) >= {one for one in lines_of(first) if "_:" not in one}


# -- shared things -------------------------------------------------------------------------


def test_one_publisher_for_all_datasets_is_known_to_each():
    reading = from_graph(
        turtle(
            """:1 a dcat:Dataset ; dct:publisher :p . :2 a dcat:Dataset ; dct:publisher :p .
            :p a foaf:Agent ; foaf:name "Stadt" ; :own "x" ."""
        )
    )
    for dataset in reading.datasets:
        assert dataset.publisher == Agent("https://a.example/p", (Text("Stadt"),))
        assert dataset.remainder == ('<https://a.example/p> <https://a.example/own> "x" .',)


def test_a_nameless_publisher_of_two_datasets_gets_a_name_below_each():
    result = report(
        """:1 a dcat:Dataset ; dct:publisher _:p . :2 a dcat:Dataset ; dct:publisher _:p .
        _:p a foaf:Agent ; foaf:name "Stadt" ."""
    )
    names = {one.split(" ")[0] for one in result.output if '"Stadt"' in one}
    assert names == {"<https://a.example/1#publisher-1>", "<https://a.example/2#publisher-1>"}


def test_a_body_in_two_roles_stays_one_body():
    result = report(
        """:1 a dcat:Dataset ; dct:publisher _:p ; dct:creator _:p . _:p foaf:name "Stadt" ."""
    )
    assert len([one for one in result.output if '"Stadt"' in one]) == 1


def test_a_thing_that_is_body_and_contact_at_once_keeps_both_sides():
    report(
        """:1 a dcat:Dataset ; dct:publisher :p ; dcat:contactPoint :p .
        :p a foaf:Agent, vcard:Kind ; foaf:name "Stadt" ; vcard:fn "Amt" ; :x "y" ."""
    )


def test_a_huge_shared_thing_is_described_once():
    shared = " ".join(f":p :own{n} {n} ." for n in range(400))
    count = 50
    body = "".join(f":{n} a dcat:Dataset ; dct:creator :p .\n" for n in range(count))
    reading = from_graph(turtle(body + shared))
    total = sum(len(to_graph(dataset)) for dataset in reading.datasets)
    assert total < (SHARED_BUDGET + 2) * (400 + 2 * count)
    report(body + shared)


# -- blank nodes ---------------------------------------------------------------------------


def test_rings_and_cliques_of_blank_nodes_come_through():
    clique = "".join(
        f"_:b{one} :knows _:b{other} .\n" for one in range(12) for other in range(12)
    )
    report(
        ":1 a dcat:Dataset ; :x _:b0 ; dct:creator _:r ."
        f" _:r :next _:s . _:s :next _:r . {clique}"
    )


def test_a_long_chain_of_nameless_things_has_short_names():
    chain = "".join(f"_:b{n} :next _:b{n + 1} .\n" for n in range(2000))
    result = report(f":1 a dcat:Dataset ; :next _:b0 . {chain}")
    assert max(map(len, result.output)) < 700


def test_the_order_of_a_document_does_not_change_names():
    body = """
    <https://a.example/1> a dcat:Dataset ;
        dcat:contactPoint [ vcard:fn "A" ], [ vcard:fn "B" ; :own "x" ] ;
        dct:spatial [ skos:prefLabel "Ort" ; :near [ :own "X" ], [ :own "Y" ] ] .
    """
    triples = list(turtle(body))
    outputs = set()
    for seed in range(6):
        random.Random(seed).shuffle(triples)  # noqa: S311
        outputs.add(frozenset(lines_of(from_graph(Graph(triples)))))
    assert len(outputs) == 1


def test_a_dataset_without_address_gets_the_same_one_each_time():
    body = '[] a dcat:Dataset ; dct:identifier "67-1" ; dct:title "Bäume" .'
    first, second = (from_graph(turtle(body)).datasets[0].uri for _ in range(2))
    assert first == second
    assert first.startswith("urn:uuid:")
    report(body)
    report(f":c a dcat:Catalog ; dcat:dataset _:d . _:d a dcat:Dataset . {body}")


# -- catalogue and orphans -----------------------------------------------------------------


def test_statements_of_the_catalogue_and_of_nothing_are_kept():
    reading = from_graph(
        turtle(
            """:c a dcat:Catalog ; dct:title "Katalog" ; dcat:dataset :1 ; :own "x" ;
                dcat:record [ a dcat:CatalogRecord ; foaf:primaryTopic :1 ] .
            :1 a dcat:Dataset . :orphan :own [ :own :1 ] ."""
        )
    )
    assert reading.catalogs[0].dataset == ("https://a.example/1",)
    assert len(reading.catalogs[0].remainder) == 3
    assert len(reading.remainder) == 2
    assert reading.datasets[0].remainder == ()


def test_series_and_services_are_told_apart():
    reading = from_graph(
        turtle(
            """:s a dcat:DatasetSeries . :1 a dcat:Dataset ; dcat:inSeries :s ;
                dcat:distribution [ a dcat:Distribution ; dcat:accessService :w ] .
            :w a dcat:DataService ; dct:title "WFS" .
            :api a dcat:DataService ; dct:title "API" ."""
        )
    )
    assert [one.uri for one in reading.series] == ["https://a.example/s"]
    assert [one.uri for one in reading.services] == ["https://a.example/api"]
    service = reading.datasets[0].distribution[0].access_service[0]
    assert (service.uri, service.title) == ("https://a.example/w", (Text("WFS"),))


def test_five_hundred_files_and_twice_the_same_identifier_are_no_problem():
    files = ", ".join(f'[ a dcat:Distribution ; dct:title "{n}" ]' for n in range(500))
    result = report(
        f""":1 a dcat:Dataset ; dct:identifier "x" ; dcat:distribution {files} .
        :2 a dcat:Dataset ; dct:identifier "x", "y" ."""
    )
    assert result.datasets == 2


def test_an_empty_document_is_an_empty_catalogue():
    assert str(report("")).startswith("datasets=0 triples=0 kept=0 repaired=0")


# -- hostile documents ---------------------------------------------------------------------

_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>'


@pytest.mark.parametrize(
    ("data", "form", "finding"),
    [
        (b"<https://a> <https://b> ", "ttl", "dcat.unreadable"),
        (b"<not xml", "rdf", "dcat.unreadable"),
        (b'{"@id": ', "jsonld", "dcat.unreadable"),
        (b'{"@context": "https://e.example/c", "@id": "x"}', "jsonld", "dcat.remote-context"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + _XML.format("").encode(),
            "rdf",
            "dcat.entity",
        ),
        (_XML.format("<a>" * 200 + "</a>" * 200).encode(), "rdf", "dcat.too-much-depth"),
        (b"[" * 5000 + b"]" * 5000, "jsonld", "dcat.too-much-depth"),
        (b'<https://a> <https://b> "' + b"x" * 2000 + b'" .', "nt", "dcat.too-much-literal"),
        (b"<https://a> <https://b> 1, 2, 3, 4 .", "ttl", "dcat.too-much-triples"),
        (b"#" * 6000, "ttl", "dcat.too-much-document"),
    ],
)  # fmt: skip
def test_a_hostile_document_is_refused_with_a_finding(data, form, finding):
    limits = Limits(document=5000, triples=3, literal=1000)
    if finding == "dcat.too-much-depth":
        limits = Limits()
    with pytest.raises(RefusedError) as refused:
        read(data, form, limits=limits)
    assert refused.value.finding.id == finding
    assert refused.value.finding.message_de
    assert refused.value.finding.remedy_de


def test_a_literal_of_fifty_megabytes_is_refused():
    data = b'<https://a> <https://b> "' + b"x" * (50 * 2**20) + b'" .'
    with pytest.raises(RefusedError):
        read(data, "nt")


def test_nesting_in_texts_is_no_nesting():
    data = (
        '{"@id": "https://a.example/", "https://b.example/": "' + "[{" * 500 + '"}'
    ).encode()
    assert len(read(data, "jsonld")) == 1


def test_a_relative_address_is_completed_by_that_of_the_document():
    graph = read(b"<1> <https://b.example/> <2> .", "ttl", base="https://a.example/catalog")
    assert [line(one) for one in graph] == [
        "<https://a.example/1> <https://b.example/> <https://a.example/2> ."
    ]
