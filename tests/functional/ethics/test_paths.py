# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""W1 to W14: every known way to make data public, tried through the real door."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product

import pytest
from ckan import model, plugins
from ckan.common import config
from ckan.exceptions import CkanConfigurationException
from ckan.lib import search
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.lib.search.common import make_connection
from ckan.logic.schema import default_create_package_schema, default_update_package_schema
from ckan.tests import factories, helpers
from ckanext.dcat.harvesters.rdf import DCATRDFHarvester
from ckanext.harvest.model import HarvestJob
from ckanext.harvest.tests.lib import run_harvest_job
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage

from ckanext.verbund.ethics import posture

from .conftest import BYTES, LICENSE


def test_w1_a_new_dataset_is_private_whatever_it_says(make, hidden):
    package = make(private=False)
    assert package["private"] is True
    hidden(package)


def test_the_allowed_path_makes_it_public_and_readable(make, publish, visible):
    done = publish(make())
    assert done.package["private"] is False
    assert done.case["state"] == "decided_open"
    assert done.case["in_force"]
    visible(done.package)


def test_w2_nobody_sets_an_undecided_dataset_to_public(make, api, hidden):
    package = make()
    tries = {
        "package_patch": {"id": package["id"], "private": False},
        "package_update": {**package, "private": False},
        "package_revise": {"match": {"id": package["id"]}, "update": {"private": False}},
    }
    for who, (action, fields) in product(("author", "admin", "sysadmin"), tries.items()):
        got = api(action, who, **fields)
        assert got.status == 409, (action, got.got)
        assert "Darüber hat noch niemand entschieden" in str(got.got), got.got
    hidden(package)


def test_w3_the_bulk_button_publishes_nothing_undecided(make, publish, api, town, hidden):
    package, decided = make(), publish(make())
    api("package_patch", "author", id=decided.package["id"], private=True)
    home = town.home["id"]
    for who in ("admin", "sysadmin"):
        assert not api("bulk_update_public", who, datasets=[package["id"]], org_id=home).ok
    hidden(package)
    ids = [decided.package["id"]]
    allowed = api("bulk_update_public", "admin", datasets=ids, org_id=home)
    assert allowed.ok, allowed.got


def test_w4_publishing_a_draft_and_undeleting_need_a_decision(
    make, api, publish, hidden, visible
):
    draft = make(state="draft", upload=None)
    got = api("package_patch", "author", id=draft["id"], state="active", private=False)
    assert got.status == 409
    deleted = make()
    api("package_delete", "author", id=deleted["id"])
    got = api("package_patch", "author", id=deleted["id"], state="active", private=False)
    assert got.status == 409
    decided = publish(make()).package
    api("package_delete", "author", id=decided["id"])
    hidden(decided)
    assert api("package_patch", "author", id=decided["id"], state="active").ok
    visible(decided)


def test_w5_a_harvester_without_schema_and_auth_publishes_nothing(town, described, hidden):
    context = {"ignore_auth": True, "schema": default_create_package_schema()}
    context["user"] = town.people["sysadmin"]["name"]
    made = helpers.call_action(
        "package_create", dict(context), name="geholt", private=False,
        **described | {"title": "Geholt"}, resources=[
            {"url": "https://daten.example/x.csv", "name": "x", "license": LICENSE}
        ],
    )  # fmt: skip
    assert made["private"] is True
    hidden(made)
    context["schema"] = default_update_package_schema()
    again = helpers.call_action("package_update", dict(context), **{**made, "private": False})
    assert again["private"] is True
    hidden(made)


CATALOG = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://nachbar.example/> .
:k a dcat:Catalog ; dct:title "Nachbarstadt" ; dct:publisher :p ; dcat:dataset :baeume .
:p a foaf:Agent ; foaf:name "Nachbarstadt" .
:baeume a dcat:Dataset ; dct:title "Bäume der Nachbarstadt" ; dct:description "Alle" ;
  dct:publisher :p ; dcat:distribution :csv .
:csv a dcat:Distribution ; dcat:accessURL <https://nachbar.example/baeume.csv> ;
  dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> .
"""


class _Catalog(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        self.wfile.write(CATALOG.encode())

    do_HEAD = do_GET  # noqa: N815 name of the library

    def log_message(self, *_):
        pass


def test_w5_what_a_source_brings_is_private_until_somebody_decides_about_the_source(
    app, api, ready, step, staffed, hidden, visible
):
    with HTTPServer(("127.0.0.1", 0), _Catalog) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        source = api(
            "harvest_source_create", "admin", name=factories.Dataset.stub().name,
            title="Nachbar", url=f"http://127.0.0.1:{running.server_port}/katalog.ttl",
            source_type="dcat_rdf", owner_org=staffed.home["id"],
        )  # fmt: skip
        assert source.ok, source.got
        job = api("harvest_job_create", "sysadmin", source_id=source.got["id"], run=False)
        with app.flask_app.test_request_context():
            found = run_harvest_job(HarvestJob.get(job.got["id"]), DCATRDFHarvester())
        running.shutdown()
    (brought,) = [one["dataset"] for one in found.values()]
    assert brought["title"] == "Bäume der Nachbarstadt"
    assert brought["private"] is True
    quiet = {**brought, "resources": []}  # its file lies elsewhere
    hidden(quiet)
    wanted = {"source_id": source.got["id"], "package_ids": [brought["id"]]}
    context = {"ignore_auth": True, "user": staffed.people["sysadmin"]["name"]}
    refused = helpers.call_action("verbund_decision_inherit", dict(context), **wanted)
    assert refused["refused"] == [brought["id"]]
    hidden(quiet)
    assert step(ready(source.got), "decide_open", "decider").ok
    done = helpers.call_action("verbund_decision_inherit", dict(context), **wanted)
    assert done["inherited"] == [brought["id"]]
    visible(quiet)


def test_w6_sysadmins_decide_nothing(make, ready, step, api, staffed, hidden):
    package = make()
    case = ready(package)
    refused = api("verbund_case_act", "sysadmin", id=case["id"], action="decide_open")
    assert refused.status == 403
    given = api(
        "verbund_role_set", "sysadmin", organization_id=staffed.home["id"],
        user=staffed.people["sysadmin"]["name"], role="decider",
    )  # fmt: skip
    assert given.status == 409
    hidden(package)


def test_w7_orm_and_sql_of_others_publish_nothing(make, publish, sql, hidden, visible):
    package = make()
    found = model.Package.get(package["id"])
    found.private = False
    model.Session.commit()
    assert model.Package.get(package["id"]).private is True
    with pytest.raises(DBAPIError, match="no decision"):
        sql("UPDATE package SET private = false WHERE id = :id", id=package["id"])
    with pytest.raises(DBAPIError, match="no decision"):
        sql(
            "INSERT INTO package (id, name, state, private, type) "
            "VALUES ('roh', 'roh', 'active', false, 'dataset')"
        )
    with pytest.raises(DBAPIError, match="do not change"):
        sql("UPDATE package SET type = 'harvest' WHERE id = :id", id=package["id"])
    hidden(package)
    decided = publish(make()).package
    sql("UPDATE package SET private = true WHERE id = :id", id=decided["id"])
    sql("UPDATE package SET private = false WHERE id = :id", id=decided["id"])
    visible(decided)


def test_w8_a_new_file_never_lies_where_the_public_one_was(make, publish, api, app):
    done = publish(make()).package
    resource = done["resources"][0]
    for who in ("author", "sysadmin"):
        stream = FileStorage(io.BytesIO(b"Name\nErika Beispiel\n"), filename="plaetze.csv")
        got = api("resource_patch", who, id=resource["id"], upload=stream)
        assert got.status == 403
        assert "privat" in str(got.got)
    address = f"/dataset/{done['id']}/resource/{resource['id']}/download/plaetze.csv"
    assert app.get(address).body.encode() == BYTES


def test_w8_software_without_a_person_replaces_no_public_file_either(make, publish, app):
    done = publish(make()).package
    stream = FileStorage(io.BytesIO(b"Name\nErika Beispiel\n"), filename="plaetze.csv")
    resources = [{**done["resources"][0], "upload": stream}]
    with pytest.raises(plugins.toolkit.ValidationError):
        helpers.call_action(
            "package_patch", {"ignore_auth": True}, id=done["id"], resources=resources
        )
    address = f"/dataset/{done['id']}/resource/{done['resources'][0]['id']}/download/x.csv"
    assert app.get(address).body.encode() == BYTES


def test_w9_rows_of_a_public_table_come_from_its_file_alone(make, publish, api):
    package = make()
    id = package["resources"][0]["id"]
    fields = {"resource_id": id, "records": [{"a": "1"}], "force": True}
    fields["fields"] = [{"id": "a"}]
    assert api("datastore_create", "author", **fields).ok
    publish(package)
    tries = {
        "datastore_create": fields,
        "datastore_upsert": {**fields, "method": "insert"},
        "datastore_delete": {"resource_id": id, "force": True},
        "datastore_records_delete": {"resource_id": id, "filters": {}, "force": True},
    }
    for who, (action, more) in product(("author", "sysadmin"), tries.items()):
        assert api(action, who, **more).status == 403, action
    assert api("datastore_search", resource_id=id).got["total"] == 1


def test_w10_the_proxy_serves_links_of_public_datasets_only(make, api, app, publish):
    package = make(upload=None)
    link = api(
        "resource_create", "author", package_id=package["id"], name="x", format="CSV",
        url="http://127.0.0.1:9/x.csv", license=LICENSE,
    ).got  # fmt: skip
    address = f"/dataset/{package['id']}/resource/{link['id']}/proxy"
    assert app.get(address).status_code == 404
    publish(package)
    assert app.get(address).status_code == 502  # nothing listens there, but it was tried
    moved = api("resource_patch", "author", id=link["id"], url="http://127.0.0.1:9/y.csv")
    assert moved.status == 409
    assert "privat" in str(moved.got)


def test_w11_an_update_that_changes_nothing_changes_nothing(
    make, api, publish, hidden, visible
):
    package = make()
    assert api("package_update", "author", **package).ok
    hidden(package)
    done = publish(make()).package
    assert api("package_update", "author", **done).ok
    visible(done)


def test_w12_files_are_not_handed_to_a_public_dataset(make, publish, api, town):
    done = publish(make()).package
    file = model.File(
        name="geheim.csv", location=f"{done['id']}.csv", storage="x", content_type="text/csv"
    )
    model.Session.add(file)
    model.Session.flush()
    owner = model.FileOwner(
        file_id=file.id, owner_id=town.people["author"]["id"], owner_type="user"
    )
    model.Session.add(owner)
    model.Session.commit()
    owners = {"package": done["id"], "resource": done["resources"][0]["id"]}
    for who, (kind, id) in product(("author", "sysadmin"), owners.items()):
        got = api("file_ownership_transfer", who, id=file.id, owner_type=kind, owner_id=id)
        assert got.status == 403, got.got


def test_w13_an_index_rebuilt_without_the_plugin_shows_nothing_undecided(make, publish):
    package, done = make(), publish(make()).package
    labels = DefaultPermissionLabels()
    assert labels.get_dataset_labels(model.Package.get(package["id"])) != ["public"]
    assert labels.get_dataset_labels(model.Package.get(done["id"])) == ["public"]


def test_w14_another_plugin_of_labels_before_ours_stops_the_start(app, monkeypatch):
    posture.check(config)
    monkeypatch.setattr(posture, "get_permission_labels", DefaultPermissionLabels)
    with pytest.raises(CkanConfigurationException, match="nur das erste"):
        posture.check(config)


@pytest.mark.parametrize("setting", posture.FORBIDDEN)
def test_settings_that_open_a_way_around_stop_the_start(app, monkeypatch, setting):
    monkeypatch.setitem(config, setting, True)
    with pytest.raises(CkanConfigurationException, match=setting):
        posture.check(config)


def test_l9_a_refused_publication_leaves_no_phantom_in_the_index(make, api):
    package = make()
    api("package_patch", "author", id=package["id"], private=False)
    mine = f'+id:"{package["id"]}"'
    assert make_connection().search("*:*", fq=mine).hits == 1
    public = f"{mine} +(permission_labels:public capacity:public)"
    assert make_connection().search("*:*", fq=public).hits == 0


# -- Edits of what is public ---------------------------------------------------------------


def test_other_words_in_a_public_dataset_are_refused_and_it_stays(make, publish, api, visible):
    done = publish(make()).package
    tries = {
        "package_patch": {"id": done["id"], "title": "Kinder und ihre Adressen"},
        "resource_create": {"package_id": done["id"], "url": "https://x.example/y.csv"},
        "resource_delete": {"id": done["resources"][0]["id"]},
    }
    for who, (action, fields) in product(("author", "sysadmin"), tries.items()):
        got = api(action, who, **fields)
        assert got.status in {403, 409}
        assert "privat" in str(got.got)
    assert api("package_show", id=done["id"]).got["title"] == "Spielplätze"
    visible(done)


def test_other_fields_of_a_public_dataset_change_at_once(make, publish, api, visible):
    done = publish(make()).package
    got = api("package_patch", "author", id=done["id"], responsibility="Grünflächenamt")
    assert got.ok, got.got
    assert api("package_show", id=done["id"]).got["responsibility"] == "Grünflächenamt"
    view = {"resource_id": done["resources"][0]["id"], "view_type": "text_view", "title": "x"}
    made = api("resource_view_create", "author", **view)
    assert made.ok, made.got
    assert api("resource_view_delete", "stranger", id=made.got["id"]).status == 403
    assert api("resource_view_delete", "author", id=made.got["id"]).ok
    visible(done)


def test_set_to_private_it_can_be_changed_and_needs_a_new_decision(
    make, publish, api, hidden, visible
):
    done = publish(make()).package
    got = api("package_patch", "author", id=done["id"], title="Anders", private=True)
    assert got.ok, got.got
    hidden(done)
    assert api("package_patch", "author", id=done["id"], private=False).status == 409
    visible(publish(done).package)


def test_set_to_private_and_back_without_a_change_needs_none(make, publish, api, visible):
    done = publish(make()).package
    assert api("package_patch", "author", id=done["id"], private=True).ok
    assert api("package_patch", "author", id=done["id"], private=False).ok
    visible(done)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE package SET title = 'Anders' WHERE id = :id",
        'UPDATE package SET extras = extras || \'{"provenance": "x"}\' WHERE id = :id',
        "UPDATE resource SET url = 'anders.csv' WHERE package_id = :id",
        "UPDATE resource SET last_modified = now() WHERE package_id = :id",
        "DELETE FROM resource WHERE package_id = :id",
    ],
)
def test_decisive_content_changed_by_sql_is_private_at_once(
    make, publish, sql, hidden, statement
):
    done = publish(make()).package
    sql("DELETE FROM resource_view WHERE resource_id = :id", id=done["resources"][0]["id"])
    sql(statement, id=done["id"])
    search.rebuild(done["id"])
    hidden({**done, "resources": []})
    with pytest.raises(DBAPIError, match="no decision"):
        sql("UPDATE package SET private = false WHERE id = :id", id=done["id"])


def test_software_that_changes_words_takes_the_dataset_back(make, publish, town, hidden):
    done = publish(make()).package
    context = {"ignore_auth": True, "user": town.people["sysadmin"]["name"]}
    got = helpers.call_action("package_patch", context, id=done["id"], title="Anders")
    assert got["private"] is True
    hidden(done)
