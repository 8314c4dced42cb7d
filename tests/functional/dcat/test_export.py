# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Catalogues and datasets as DCAT-AP.de, for everybody who asks."""

import json
from itertools import chain

import pytest
from ckan.tests import factories
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib import DCAT, DCTERMS, RDF, BNode, Graph, Literal, Namespace, URIRef

from ckanext.verbund.dcat import importing, paging
from ckanext.verbund.domain.dcatde import child
from ckanext.verbund.domain.dcatde.check import check

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
FORMS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
TYPES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
# What the rules ask for; hints of the quality rules are about the content.
RULES = ("shapes", "govdata", "conventions")
# What the portal gives or derives, and what only it can know.
IDS = {"id", "name", "owner_org", "private", "type", "resources", "tag_string", "url", "uri",
       "hash_algorithm", "in_series", "serves_dataset"}  # fmt: skip
TOWN = "https://daten.kaiserslautern.example"


@pytest.fixture(scope="module")
def editor(demo, join):
    return join("stadt-kaiserslautern")


def fetch(portal, path, form="nt", **more):
    answer = portal.get(path, **more)
    assert answer.status_code == 200, answer.body
    return Graph().parse(data=answer.body, format=FORMS[form])


def page_of(graph):
    """Return the statements about the page, which differ from form to form."""
    return {t for node in graph.subjects(RDF.type, HYDRA.PagedCollection)
            for t in graph.triples((node, None, None))}  # fmt: skip


def walk(portal, path):
    """Return all pages of a catalogue together, as a harvester reads them."""
    whole = Graph()
    while path:
        page = fetch(portal, path)
        whole += page
        found = [*page.objects(None, HYDRA.next)]
        path = str(found[0]).split("test.ckan.net")[1] if found else None
    return whole


OF_OTHERS = {"dcatde.dataset.inseries.class", "dcatde.dataservice.servesdataset.class"}


def test_every_dataset_of_the_demonstration_keeps_all_rules(portal, demo):
    public = [fields for fields in demo if not fields["private"]]
    assert len(public) > 40
    found = {}
    for fields in public:
        graph = fetch(portal, f"/dataset/{fields['name']}.nt")
        # Of what type another package is, the document of that package says.
        findings = [f for f in check(graph, layers=RULES) if f.id not in OF_OTHERS]
        if findings:
            found[fields["name"]] = [(f.id, f.message_de, f.value_excerpt) for f in findings]
    assert found == {}


def test_the_catalogue_keeps_all_rules(portal, demo):
    graph = walk(portal, "/catalog.nt")
    assert [(f.id, f.subject, f.message_de) for f in check(graph, layers=RULES)] == []
    public = {fields["id"] for fields in demo if not fields["private"]}
    named = chain(graph.objects(None, DCAT.dataset), graph.objects(None, DCAT.service))
    listed = {str(o).rsplit("/", 1)[1] for o in named}
    assert listed == public
    assert not [s for s in graph.subjects() if isinstance(s, BNode)]


def test_a_rule_that_is_broken_shows(portal, demo):
    graph = fetch(portal, "/dataset/kaiserslautern-spielplaetze.nt")
    graph.remove((None, DCTERMS.title, None))
    assert check(graph, layers=RULES)


@pytest.mark.parametrize("path", ["/dataset/kaiserslautern-spielplaetze", "/catalog",
                                  "/organization/stadt-kaiserslautern/catalog"])  # fmt: skip
def test_all_forms_say_the_same(portal, demo, path):
    graphs = {form: fetch(portal, f"{path}.{form}", form) for form in FORMS}
    said = {form: set(graph) - page_of(graph) for form, graph in graphs.items()}
    assert len(said["nt"]) > 40
    assert all(one == said["nt"] for one in said.values())


@pytest.mark.parametrize("form", FORMS)
def test_a_form_names_its_type(portal, demo, form):
    for path in ("/dataset/kaiserslautern-spielplaetze", "/catalog"):
        answer = portal.get(f"{path}.{form}")
        assert answer.headers["Content-Type"].split(";")[0] == TYPES[form]
        assert "http://dcat-ap.de/def/licenses/" in answer.body


def test_addresses_lie_below_the_namespace_of_the_member(portal, demo):
    fields = next(f for f in demo if f["name"] == "kaiserslautern-spielplaetze")
    graph = fetch(portal, "/dataset/kaiserslautern-spielplaetze.nt")
    uri = URIRef(f"{TOWN}/dataset/{fields['id']}")
    assert (uri, RDF.type, DCAT.Dataset) in graph
    assert (uri, DCTERMS.identifier, Literal(fields["id"])) in graph
    files = {str(o) for o in graph.objects(uri, DCAT.distribution)}
    assert files == {f"{uri}/distribution/{r['id']}" for r in fields["resources"]}


def test_what_came_from_elsewhere_keeps_its_address_and_is_not_ours(portal, demo):
    uri = "https://nachbar.example/dataset/7"
    harvested = factories.Dataset(
        title="Vom Nachbarn",
        owner_org="stadt-landau",
        uri=uri,
        extras=[{"key": "guid", "value": uri}],
    )
    graph = fetch(portal, f"/dataset/{harvested['name']}.nt")
    said = set(graph.predicates(URIRef(uri)))
    assert DCTERMS.title in said
    # Neither a publisher nor an identifier is invented (K25, K36).
    assert not {DCTERMS.identifier, DCTERMS.publisher} & said
    own = walk(portal, "/catalog.nt")
    assert URIRef(uri) not in set(own.subjects())
    of_member = walk(portal, "/organization/stadt-landau/catalog.nt")
    assert (URIRef(uri), RDF.type, DCAT.Dataset) in of_member


def test_private_datasets_and_drafts_are_for_nobody_else(portal, demo, editor):
    private = next(f for f in demo if f["private"] and f["owner_org"] == "stadt-kaiserslautern")
    draft = factories.Dataset(
        title="Noch ein Entwurf", owner_org="stadt-kaiserslautern", state="draft"
    )
    mine = {"Authorization": editor["token"]}
    for path in ("/catalog", "/organization/stadt-kaiserslautern/catalog"):
        for headers in ({}, mine):
            said = "".join(walk(portal, f"{path}.nt").serialize(format="nt"))
            assert private["id"] not in said, headers
            assert draft["id"] not in said
    for package in (private, draft):
        for form in FORMS:
            portal.get(f"/dataset/{package['name']}.{form}", status=404)
        portal.get(f"/dataset/{package['name']}.ttl", headers=mine, status=200)


def test_a_series_is_named_by_its_members_only_where_one_may_read_it(portal, demo):
    owner = {"owner_org": "stadt-kaiserslautern"}
    shown = factories.Dataset(type="dataset_series", title="Haushalte", **owner)
    hidden = factories.Dataset(type="dataset_series", title="Geheim", private=True, **owner)
    part = factories.Dataset(title="Haushalt", in_series=[shown["name"], hidden["id"]], **owner)
    graph = fetch(portal, f"/dataset/{part['name']}.nt")
    series = f"{TOWN}/dataset/{shown['id']}"
    assert [str(o) for o in graph.objects(None, DCAT.inSeries)] == [series]
    described = fetch(portal, f"/dataset_series/{shown['name']}.nt")
    assert (URIRef(series), RDF.type, DCAT.DatasetSeries) in described


def test_pages_follow_each_other_without_gap(portal, demo, monkeypatch):
    whole = walk(portal, "/catalog.nt")
    monkeypatch.setattr(paging.Page, "__init__", smaller(paging.Page.__init__))
    parts = walk(portal, "/catalog.nt")
    assert set(parts) - page_of(parts) == set(whole) - page_of(whole)
    assert len({s for s, *_ in page_of(parts)}) > 5


def smaller(init):
    def build(self, start, number, size=10):
        init(self, start, number, size)

    return build


def test_the_harvester_of_ckanext_dcat_reads_our_page(portal, demo):
    parser = RDFParser(profiles=["euro_dcat_ap_3", "euro_dcat_ap_scheming"])
    with portal.flask_app.test_request_context():
        parser.parse(portal.get("/catalog.rdf").body, _format="xml")
        read = {dataset["uri"]: dataset for dataset in parser.datasets()}
    fields = next(f for f in demo if f["name"] == "kaiserslautern-spielplaetze")
    dataset = read[f"{TOWN}/dataset/{fields['id']}"]
    assert dataset["title"] == fields["title"]
    assert dataset["identifier"] == fields["id"]
    assert {r["license"] for r in dataset["resources"]} == {fields["resources"][0]["license"]}
    assert len(dataset["resources"]) == len(fields["resources"])


def test_a_package_comes_back_from_its_export(portal, demo, act):
    public = [fields for fields in demo if not fields["private"]][::4]
    assert len(public) > 10
    for fields in public:
        stored = act("package_show", id=fields["name"])
        body = portal.get(f"/dataset/{fields['name']}.jsonld").body
        (package,) = importing.Catalogue.of(child.read(body.encode())).packages()
        leftover = json.loads(package[importing.KEPT]["leftover"] or "{}")
        assert leftover.get("lines", []) == []
        for name in fields.keys() - IDS:
            assert spelt(package[name]) == spelt(stored[name]), (fields["name"], name)
        for file, known, given in zip(
            package["resources"], stored["resources"], fields["resources"], strict=True
        ):
            for name in given.keys() - IDS:
                assert file[name] == known[name], (fields["name"], name)


def spelt(value):
    """Return places with their geometries as numbers, for JSON can be written in many ways."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return value
    return [
        {key: json.loads(v) if v.startswith("{") else v for key, v in one.items()}
        for one in value
    ]


def test_whoever_uses_the_parser_of_ckanext_dcat_gets_our_mapping(portal, demo):
    body = portal.get("/dataset/kaiserslautern-spielplaetze.rdf").body
    anonymous = "_:a a dcat:Dataset ; dct:title 'Ohne Adresse' ; dct:format 'unbekannt' ."
    parser = RDFParser(profiles=["verbund_dcat_ap_de"])
    with portal.flask_app.test_request_context():
        parser.parse(body, _format="xml")
        parser.parse(f"@prefix dcat: <{DCAT}> . @prefix dct: <{DCTERMS}> . {anonymous}", "ttl")
        found = {package["title"]: package for package in parser.datasets()}
    assert found.keys() == {"Spielplätze", "Ohne Adresse"}
    assert "unbekannt" in found["Ohne Adresse"][importing.KEPT]["leftover"]


def test_whoever_uses_the_serialiser_of_ckanext_dcat_gets_our_mapping(portal, demo, act):
    package = act("package_show", id="kaiserslautern-spielplaetze")
    with portal.flask_app.test_request_context():
        written = RDFSerializer(profiles=["verbund_dcat_ap_de"]).serialize_catalog(
            {}, [package], _format="nt"
        )
    ours = set(fetch(portal, "/dataset/kaiserslautern-spielplaetze.nt"))
    assert ours <= set(Graph().parse(data=written, format="nt"))


def test_the_profiles_of_ckanext_dcat_are_there_by_name(portal, demo):
    graph = fetch(
        portal, "/dataset/kaiserslautern-spielplaetze.ttl?profiles=euro_dcat_ap_2", "ttl"
    )
    assert (None, RDF.type, DCAT.Dataset) in graph


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/dataset/gibt-es-nicht.ttl", 404, ""),
        ("/dataset/kaiserslautern-spielplaetze.csv", 404, ""),
        ("/organization/gibt-es-nicht/catalog.ttl", 404, ""),
        ("/catalog.ttl?page=0", 400, "Seite"),
        ("/catalog.ttl?page=zwei", 400, "Seite"),
        ("/catalog.ttl?modified_since=gestern", 400, "Jahr-Monat-Tag"),
        ("/catalog.ttl?fq=%7B!foo%20x", 400, ""),
    ],
)
def test_bad_input_gets_a_clear_answer(portal, demo, path, status, words):
    answer = portal.get(path, status=status)
    assert words in answer.body
    assert "Traceback" not in answer.body


def test_a_page_behind_the_last_is_empty_and_leads_back(portal, demo):
    graph = fetch(portal, "/catalog.nt?page=99")
    assert not [*graph.objects(None, DCAT.dataset)]
    assert str(next(graph.objects(None, HYDRA.previous))).endswith("page=1")
