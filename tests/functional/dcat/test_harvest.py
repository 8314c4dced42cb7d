# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real catalogues are harvested over HTTP into CKAN, and every statement is in the export."""

import gzip
import json
import re
import threading
from collections import Counter
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from ckan import model
from ckan.lib.search import commit
from ckan.logic import NotAuthorized
from ckan.tests import factories, helpers
from ckanext.dcat.harvesters.rdf import DCATRDFHarvester
from ckanext.harvest.model import HarvestJob, HarvestObject
from click.testing import CliRunner

from ckanext.verbund.base.cli import verbund
from ckanext.verbund.dcat.model import Kept, SourceCatalog
from ckanext.verbund.domain.dcatde.check import check
from ckanext.verbund.domain.dcatde.from_graph import from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, read, triples_of
from ckanext.verbund.domain.dcatde.roundtrip import account
from ckanext.verbund.domain.dcatde.terms import TYPE, expand

CATALOGS = Path(__file__).parents[3] / "demo" / "catalogs"
REAL = {"rostock": 100, "brandenburg": 112}
HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix : <https://nachbar.example/> .
"""
SMALL = """
:k a dcat:Catalog ; dct:title "Nachbarstadt" ; dct:description "Alles" ; dct:publisher :p ;
  dcat:dataset :d1, :d2 .
:p a foaf:Agent ; foaf:name "Nachbarstadt" .
:d1 a dcat:Dataset ; dct:title "Bäume"@de, "Trees"@en ; dct:description "Alle Bäume" ;
  dct:publisher :p ; dct:identifier "b-1" ; :eigenes "wörtlich" ;
  dcat:contactPoint [ dct:description "nur hier" ] .
:d2 a dcat:Dataset ; dct:description "Ohne Titel" ; dct:publisher :p ;
  dcat:landingPage <javascript:alert(1)> ; dct:language "deutsch" .
:waise dct:title "Gehört zu nichts" .
"""
LISTED = "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"
LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
GEOMETRY, HAS_GEOMETRY = expand("locn:geometry"), expand("geo:hasGeometry")


class _Quiet(SimpleHTTPRequestHandler):
    def guess_type(self, path):
        return "text/turtle" if path.endswith(".ttl") else "application/rdf+xml"

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A web server with the real catalogues, and its folder for others."""
    folder = tmp_path_factory.mktemp("catalogs")
    for name in REAL:
        (folder / f"{name}.rdf").write_bytes(raw(name))
    with HTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def raw(name):
    return gzip.decompress((CATALOGS / f"{name}.rdf.gz").read_bytes())


@pytest.fixture(scope="module")
def harvest(portal, server, reset_index):
    """Harvest a file of the server as the consumers do; answers with source and errors."""
    reset_index()
    context = {"user": factories.Sysadmin()["name"]}
    owner = factories.Organization(name="sammler", title="Sammler")["id"]

    def source_of(file):
        name = f"quelle-{file.split('.')[0]}"
        known = model.Package.get(name)
        return known.id if known else helpers.call_action(
            "harvest_source_create", dict(context), name=name, title=name, owner_org=owner,
            url=f"{server[1]}/{file}", source_type="dcat_rdf", frequency="MANUAL",
        )["id"]  # fmt: skip

    def run(file, text=None):
        if text is not None:
            (server[0] / file).write_text(text, encoding="utf-8")
        # The index is written once, at the end.
        with (
            portal.flask_app.test_request_context(),
            helpers.changed_config("ckan.search.solr_commit", False),
        ):
            source = source_of(file)
            job = helpers.call_action(
                "harvest_job_create", dict(context), source_id=source, run=False
            )
            job = HarvestJob.get(job["id"])
            harvester = DCATRDFHarvester()
            for id in harvester.gather_stage(job):
                harvester.import_stage(HarvestObject.get(id))
            job.status = "Finished"
            job.save()
        commit()
        errors = [e.message for e in job.gather_errors]
        for one in model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id):
            errors += [e.message for e in one.errors]
        return source, errors

    return run


@pytest.fixture(scope="module")
def real(harvest):
    return {name: harvest(f"{name}.rdf") for name in REAL}


@pytest.fixture(scope="module")
def small(harvest):
    source, errors = harvest("klein.ttl", HEAD + SMALL)
    assert errors == []
    return source


def everything(portal):
    """Return all statements of the aggregate, page by page, and the number of pages."""
    found, number = set(), 0
    while True:
        number += 1
        page = set(
            triples_of(portal.get(f"/catalog/gesamt.nt?page={number}").body.splitlines())
        )
        found |= page
        if not any(p == expand("hydra:next") for _, p, _ in page):
            return found, number


def package_of(uri):
    query = model.Session.query(model.Package.id)
    return query.filter(model.Package.extras["guid"] == json.dumps(uri)).scalar()


def lines_of(portal, uri):
    return set(portal.get(f"/dataset/{package_of(uri)}.nt").body.splitlines())


def test_the_aggregate_of_good_sources_keeps_all_rules(portal, harvest):
    # Before the others: their sources break rules, and real ones redefine classes of DCAT.
    good = Path("tests/samples/rdf/vollstaendig.ttl").read_text(encoding="utf-8")
    assert harvest("gut.ttl", good)[1] == []
    owner = factories.Organization(contributor_id=LISTED, organization_type="municipality")
    factories.Dataset(
        title="Bäume", notes="Alle Bäume im Stadtgebiet mit Höhe.", owner_org=owner["id"],
        tags=[{"name": "Baum"}], contact=[{"email": "gruen@stadt.example"}],
        political_geocoding_level_uri=[LEVEL], resources=[],
    )  # fmt: skip
    written, _ = everything(portal)
    found = check(written, layers=("shapes", "govdata", "conventions"))
    assert [(f.id, f.subject, f.message_de) for f in found] == []
    kinds = Counter(o for _, p, o in written if p == TYPE)
    assert kinds[expand("dcat:Catalog")] == 3
    assert kinds[expand("dcat:CatalogRecord")] > 0


@pytest.mark.parametrize("name", REAL)
def test_every_dataset_of_a_real_catalogue_arrives(real, name):
    source, errors = real[name]
    assert errors == []
    assert model.Session.query(Kept).filter_by(source_id=source).count() == REAL[name]


def test_no_statement_of_real_catalogues_is_lost(portal, real):
    written, pages = everything(portal)
    assert pages > 2
    for name in REAL:
        # Brandenburg brings the ontology of DCAT along, which is not Brandenburg's to define.
        alone = portal.get(f"/catalog/quelle/quelle-{name}.nt").body.splitlines()
        written |= set(triples_of(alone))
    # Nameless things carry the mark of their source before their label.
    written = {tuple(re.sub("^_:s[0-9a-f]{32}", "_:", term) for term in t) for t in written}
    # The one property that is written in another spelling, see Describer.statements.
    written |= {(s, GEOMETRY, o) for s, p, o in written if p == HAS_GEOMETRY}
    for name in REAL:
        source = list(read(raw(name)))
        counts, missing = account(source, from_graph(Graph(source)), written)
        assert missing == []
        assert counts["kept"] + counts["repaired"] == len(source)


def test_a_second_run_changes_nothing_of_the_export(portal, harvest, small):
    before, _ = everything(portal)
    _, errors = harvest("klein.ttl")
    assert errors == []
    after, _ = everything(portal)
    moments = {t for t in before ^ after if "#record>" in t[0] or "/catalog" in t[0]}
    assert before ^ after == moments


def test_what_no_field_holds_is_written_out_again(portal, small):
    lines = lines_of(portal, "https://nachbar.example/d1")
    this = "<https://nachbar.example/d1>"
    assert f'{this} {expand("dct:title")} "Trees"@en .' in lines
    assert f'{this} <https://nachbar.example/eigenes> "wörtlich" .' in lines
    assert any('"nur hier"' in one for one in lines)


def test_nothing_is_invented(portal, small):
    lines = lines_of(portal, "https://nachbar.example/d2")
    assert not any(expand("dct:title") in one for one in lines)
    assert not any(expand("dct:identifier") in one for one in lines)
    assert not any("<javascript:" in one for one in lines)
    assert any('"javascript:alert(1)"' in one for one in lines)


def test_an_edit_replaces_only_what_it_touches(portal, small):
    uri = "https://nachbar.example/d1"
    before = lines_of(portal, uri)
    id = package_of(uri)
    context = {"user": factories.Sysadmin()["name"]}
    with portal.flask_app.test_request_context():
        helpers.call_action("package_patch", context, id=id, title="Stadtbäume")
    title = f"<{uri}> {expand('dct:title')}"
    assert before ^ lines_of(portal, uri) == {
        f'{title} "Bäume"@de .',
        f'{title} "Stadtbäume"@de .',
    }


def test_the_aggregate_tells_where_everything_comes_from(portal, small):
    written, _ = everything(portal)
    parts = {o for _, p, o in written if p == expand("dct:hasPart")}
    assert "<https://nachbar.example/k>" in parts
    records = {
        o: s for s, p, o in written if p == expand("foaf:primaryTopic") and "nachbar" in o
    }
    assert set(records) == {"<https://nachbar.example/d1>", "<https://nachbar.example/d2>"}
    origin = expand("prov:wasDerivedFrom")
    for record in records.values():
        assert (record, origin, "<https://nachbar.example/k>") in written
    orphan = ("<https://nachbar.example/waise>", expand("dct:title"), '"Gehört zu nichts"')
    assert orphan in written


def test_repairs_are_there_for_the_operator(act, small):
    admin = factories.Sysadmin()
    found = act("verbund_repair_list", admin, id="quelle-klein")
    rules = {rule["rule"]: rule["count"] for rule in found["rules"]}
    assert rules["unsafe"] == rules["vocabulary"] == 1
    unsafe = next(one for one in found["results"] if one["rules"] == ["unsafe"])
    assert "<javascript:" in unsafe["before"]
    assert unsafe["after"] == [unsafe["before"].replace("<j", '"j').replace(")>", ')"')]
    one = act("verbund_repair_list", admin, id=package_of("https://nachbar.example/d1"))
    assert one["count"] < found["count"]
    assert act("verbund_repair_list", admin, id="quelle-klein", limit="1")["count"] == len(
        found["results"]
    )
    with pytest.raises(NotAuthorized):
        act("verbund_repair_list", factories.User(), id="quelle-klein")


def test_repairs_are_there_at_the_terminal(portal, small):
    with portal.flask_app.test_request_context():
        shown = CliRunner().invoke(verbund, ["repairs", "quelle-klein"])
        assert shown.exit_code == 0, shown.output
        assert "unsafe: Adresse, die ein Browser" in shown.output
        told = json.loads(
            CliRunner().invoke(verbund, ["repairs", "--json", "quelle-klein"]).output
        )
        assert told["results"]
        assert CliRunner().invoke(verbund, ["repairs", "gibt-es-nicht"]).exit_code == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "leer"),
        (HEAD + ":d1 a dcat:Dataset ; dct:title 'offen", "nicht als RDF lesen"),
    ],
)
def test_an_unreadable_or_empty_page_deletes_nothing(portal, harvest, small, text, words):
    before = model.Session.query(Kept).filter_by(source_id=small).count()
    _, errors = harvest("klein.ttl", text)
    assert words in errors[0]
    assert model.Session.query(Kept).filter_by(source_id=small).count() == before > 0
    assert model.Package.get(package_of("https://nachbar.example/d2")).state == "active"


def test_a_next_page_that_is_no_web_address_is_not_opened(harvest):
    paging = "[] a hydra:PagedCollection ; hydra:next <file:///etc/passwd> ."
    one = ":x a dcat:Dataset ; dct:title 'Seite' ."
    assert harvest("blaettern.ttl", HEAD + one + paging)[1] == []


def test_what_was_kept_goes_with_its_package(portal, harvest):
    source, _ = harvest("gehend.ttl", HEAD + ":g a dcat:Dataset ; dct:title 'Geht' .")
    id = package_of("https://nachbar.example/g")
    context = {"user": factories.Sysadmin()["name"]}
    with portal.flask_app.test_request_context():
        helpers.call_action("dataset_purge", dict(context), id=id)
        assert model.Session.get(Kept, id) is None
        assert model.Session.get(SourceCatalog, source) is not None


def test_a_source_does_not_speak_in_the_name_of_others(portal, harvest):
    helpers.call_action(
        "organization_create",
        {"user": factories.Sysadmin()["name"]},
        name="landau",
        title="Landau",
        namespaces=["https://daten.landau.example"],
    )
    hostile = """
    :k2 a dcat:Catalog ; dct:title "Fremd" ; dcat:dataset :f .
    :f a dcat:Dataset ; dct:title "Fremd" ; :siehe <https://daten.landau.example/dataset/1> .
    <https://daten.landau.example/dataset/1> dct:title "Gefälscht" .
    dcat:Dataset <http://www.w3.org/2000/01/rdf-schema#subClassOf> foaf:Person .
    _:b0 dct:title "Namenlos" .
    """
    assert harvest("fremd.ttl", HEAD + hostile)[1] == []
    written, _ = everything(portal)
    text = " ".join(" ".join(triple) for triple in written)
    assert "Gefälscht" not in text
    assert "Namenlos" in text
    assert not any(s == expand("dcat:Dataset") for s, _, _ in written)
    assert not any(
        "Gefälscht" in line for line in lines_of(portal, "https://nachbar.example/f")
    )
    alone = portal.get("/catalog/quelle/quelle-fremd.nt").body
    assert "Gefälscht" in alone
    assert "subClassOf" in alone
    assert portal.get("/catalog/quelle/gibt-es-nicht.nt", status=404)
