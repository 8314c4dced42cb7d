# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One address, several forms; pages tell machines where things are."""

import json
import re

import pytest
from ckan.tests import factories
from rdflib import DCAT, RDF, RDFS, SKOS, Graph, Literal, URIRef

from ckanext.verbund.domain.dcatde import jsonld

LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
TOWN = "https://daten.kaiserslautern.example"
DATASET = "/dataset/kaiserslautern-spielplaetze"
FORMS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
}
THINGS = (
    DATASET,
    "/organization/stadt-kaiserslautern",
    "/organization/stadt-kaiserslautern/catalog",
    "/catalog",
    "/catalog/gesamt",
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def ask(portal, path, accept=None, **more):
    headers = {"Accept": accept} if accept else {}
    return portal.get(path, headers=headers, follow_redirects=False, **more)


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("kind", FORMS)
def test_who_asks_for_rdf_gets_it_at_the_address_itself(portal, town, path, kind):
    answer = ask(portal, path, kind)
    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert "Accept" in answer.headers["Vary"]
    place = answer.headers["Content-Location"].split("test.ckan.net")[1]
    assert portal.get(place).body == answer.body
    assert len(Graph().parse(data=answer.body, format=FORMS[kind])) > 5


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("accept", [None, "*/*", "text/*", BROWSER])
def test_people_get_the_page(portal, town, path, accept):
    answer = ask(portal, path, accept)
    assert answer.status_code in (200, 303)
    if answer.status_code == 303:
        assert ask(portal, answer.headers["Location"], accept).mimetype == "text/html"
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html;q=0.4, application/rdf+xml;q=0.9", "application/rdf+xml"),
        ("text/turtle, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q=0, */*", "text/html"),
        ("application/*", "application/xhtml+xml"),
    ],
)
def test_wishes_are_weighed(portal, town, accept, kind):
    answer = ask(portal, DATASET, accept)
    assert answer.mimetype == ("text/html" if "html" in kind else kind)


@pytest.mark.parametrize("path", THINGS)
def test_what_there_is_not_is_answered_with_what_there_is(portal, town, path):
    answer = ask(portal, path, "image/png", status=406)
    for kind in ("text/html", *FORMS):
        assert re.search(rf"^{re.escape(kind)} http", answer.body, re.MULTILINE)
    assert "Accept" in answer.headers["Vary"]


def test_a_private_dataset_is_not_there_in_any_form(portal, town):
    private = next(f for f in town if f["private"])
    for kind in FORMS:
        ask(portal, f"/dataset/{private['name']}", kind, status=404)


def test_other_pages_do_not_negotiate(portal, town):
    answer = ask(portal, "/dataset", "text/turtle")
    assert answer.mimetype == "text/html"


def test_a_page_points_to_all_that_machines_look_for(portal, town):
    fields = next(f for f in town if f["name"] == DATASET.rsplit("/", maxsplit=1)[-1])
    header = ask(portal, DATASET).headers["Link"]
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', header)
    by_relation = {}
    for target, relation, kind in links:
        by_relation.setdefault(relation, []).append((target, kind))
    assert by_relation["cite-as"] == [(f"{TOWN}/dataset/{fields['id']}", "")]
    assert {kind for _, kind in by_relation["describedby"]} >= set(FORMS)
    for target, _ in by_relation["describedby"]:
        portal.get(target.split("test.ckan.net")[1], status=200)
    assert (LICENSE, "") in by_relation["license"]
    assert ("https://schema.org/Dataset", "") in by_relation["type"]
    assert len(by_relation["item"]) == len(fields["resources"])
    assert by_relation["collection"] == [("http://test.ckan.net/catalog/gesamt", "")]


def test_the_header_stays_short_and_whole_whatever_a_dataset_holds(portal, town):
    evil = 'https://a.example/ü>; rel="cite-as", <https://b.example/'
    addresses = [evil, *(f"https://a.example/{n}/{'x' * 200}" for n in range(60))]
    files = [{"url": url, "name": "Datei", "license": LICENSE} for url in addresses]
    many = factories.Dataset(owner_org="stadt-kaiserslautern", resources=files)
    header = ask(portal, f"/dataset/{many['name']}").headers["Link"]
    assert len(header) < 5000
    assert header.isascii()
    assert header.count('rel="cite-as"') == 1
    assert "https://b.example" not in header


def schema_org(body):
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    return json.loads(script)


def test_a_page_describes_its_dataset_for_search_engines(portal, town):
    fields = next(f for f in town if f["name"] == DATASET.rsplit("/", maxsplit=1)[-1])
    about = schema_org(ask(portal, DATASET).body)
    assert about["@id"] == f"{TOWN}/dataset/{fields['id']}"
    assert about["name"] == fields["title"]
    assert about["publisher"]["name"] == "Stadt Kaiserslautern"
    assert about["license"].startswith("https://www.govdata.de/dl-de/by-2-0")
    files = about["distribution"]
    assert len(files if isinstance(files, list) else [files]) == len(fields["resources"])


def test_no_text_ends_the_script(portal, town):
    evil = "</script><script>alert(1)</script>"
    dataset = factories.Dataset(title=evil, notes=evil, owner_org="stadt-kaiserslautern")
    body = ask(portal, f"/dataset/{dataset['name']}").body
    assert "<script>alert(1)" not in body
    assert schema_org(body)["name"] == evil


def test_an_address_of_a_file_leads_to_its_page(portal, town):
    fields = next(f for f in town if f["name"] == DATASET.rsplit("/", maxsplit=1)[-1])
    path = f"/dataset/{fields['id']}/distribution/{fields['resources'][0]['id']}"
    answer = ask(portal, path, "text/html")
    assert answer.status_code == 303
    assert "/resource/" in answer.headers["Location"]
    turtle = Graph().parse(data=ask(portal, path, "text/turtle").body, format="turtle")
    assert (URIRef(f"{TOWN}{path}"), RDF.type, DCAT.Distribution) in turtle


@pytest.mark.parametrize(("form", "name"), [("ttl", "turtle"), ("rdf", "xml"),
                                            ("jsonld", "json-ld"), ("nt", "nt")])  # fmt: skip
def test_our_vocabulary_has_an_address_and_german_names(portal, form, name):
    answer = portal.get(f"/vokabular.{form}")
    graph = Graph().parse(data=answer.body, format=name)
    term = URIRef("https://datenverbund.github.io/vokabular#knownLimits")
    assert (term, RDFS.label, Literal("Bekannte Lücken und Grenzen", lang="de")) in graph
    assert set(graph.objects(None, SKOS.prefLabel))
    portal.get("/vokabular.csv", status=404)


def test_the_context_of_our_json_is_there_under_its_version(portal):
    answer = portal.get(f"/vokabular/kontext-{jsonld.VERSION}.jsonld")
    assert json.loads(answer.body)["@context"] == json.loads(json.dumps(jsonld.context()))
    assert answer.mimetype == "application/ld+json"
