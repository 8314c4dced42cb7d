# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Upload a file, and find the table."""

import io
import json
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from ckanext.datastore.backend.postgres import get_read_engine
from werkzeug.datastructures import FileStorage

from ckanext.verbund.tables import datastore, status, watch
from ckanext.verbund.tables.loading import load_resource

LICENCE = "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"
SAMPLES = Path(__file__).parents[2] / "samples" / "csv"

pytestmark = [
    pytest.mark.ckan_config(
        "ckan.plugins", "verbund_tables datastore datatables_view geojson_view"
    ),
    pytest.mark.ckan_config("ckan.views.default_views", "datatables_view geojson_view"),
    pytest.mark.usefixtures("with_plugins", "clean_db"),
]


def upload(content, name):
    data = content if isinstance(content, bytes) else (SAMPLES / content).read_bytes()
    return FileStorage(io.BytesIO(data), filename=name)


@pytest.fixture
def queue():
    """Collect jobs instead of queueing them, and run them when asked."""
    started = []

    class Job:
        id = "job"

    def enqueue(fn, args=None, **kwargs):
        started.append((fn, args, kwargs))
        return Job()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch.tk, "enqueue_job", enqueue)
        yield started


def run(queue):
    while queue:
        fn, args, _ = queue.pop(0)
        fn(*args)


def new_dataset(**values):
    values.setdefault("owner_org", factories.Organization()["id"])
    values.setdefault("notes", "Zählung")
    return factories.Dataset(**values)


def create(content="verkehr_cp1252.csv", name="verkehr.csv", fmt="CSV", **package):
    dataset = new_dataset(**package)
    return helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        format=fmt,
        name=name,
        license=LICENCE,
        upload=upload(content, name),
    )


def rows(resource_id, **query):
    return helpers.call_action("datastore_search", resource_id=resource_id, **query)


def test_upload_becomes_a_typed_table(queue):
    resource = create()
    assert [job[1] for job in queue] == [[resource["id"], False]]
    assert queue[0][2]["rq_kwargs"]["timeout"] == 3600
    run(queue)
    found = rows(resource["id"])
    assert [(f["id"], f["type"]) for f in found["fields"]][1:] == [
        ("Zählstelle", "text"),
        ("Straße", "text"),
        ("Datum", "date"),
        ("Fahrräder", "int8"),
        ("Anteil", "numeric"),
        ("in Betrieb", "bool"),
        ("AGS", "text"),
    ]
    assert found["records"][0]["Datum"] == "2026-02-01"
    assert found["total"] == 3
    shown = helpers.call_action("resource_show", id=resource["id"])
    assert shown["datastore_active"] is True
    views = helpers.call_action("resource_view_list", id=resource["id"])
    assert [v["view_type"] for v in views] == ["datatables_view"]


def test_numbers_and_days_sort_as_such(queue):
    resource = create()
    run(queue)
    by_number = rows(resource["id"], sort="Fahrräder desc")["records"]
    assert [r["Fahrräder"] for r in by_number] == [12004, 1234, 593]
    by_day = rows(resource["id"], sort="Datum desc")["records"]
    assert [r["Zählstelle"] for r in by_day] == ["Z3", "Z2", "Z1"]


def test_rows_are_found_by_words(queue):
    resource = create()
    run(queue)
    found = rows(resource["id"], q="Mühlgasse")
    assert [r["Zählstelle"] for r in found["records"]] == ["Z2"]
    found = rows(resource["id"], q="mühl:*", plain=False, language="simple")
    assert found["total"] == 1


def test_rows_that_are_added_later_go_on_counting_and_are_found(queue):
    resource = create()
    run(queue)
    before = rows(resource["id"])["total"]
    helpers.call_action(
        "datastore_upsert",
        resource_id=resource["id"],
        method="insert",
        records=[{"Zählstelle": "Z9", "Straße": "Neugasse"}],
        force=True,
    )
    found = rows(resource["id"], q="Neugasse")["records"]
    assert [record["_id"] for record in found] == [before + 1]


def test_loading_starts_no_loading_and_touches_only_datastore_active(queue):
    resource = create()
    before = helpers.call_action("resource_show", id=resource["id"])
    run(queue)
    assert queue == []
    after = helpers.call_action("resource_show", id=resource["id"])
    changed = {k for k in after if after[k] != before.get(k)} - {"metadata_modified"}
    assert changed == {"datastore_active"}
    package = helpers.call_action("package_show", id=resource["package_id"])[
        "metadata_modified"
    ]
    load_resource(resource["id"], force=True)
    again = helpers.call_action("package_show", id=resource["package_id"])["metadata_modified"]
    assert again == package


def test_other_edits_load_nothing_and_a_new_file_loads(queue):
    resource = create()
    run(queue)
    helpers.call_action("resource_patch", id=resource["id"], description="neu")
    helpers.call_action("package_patch", id=resource["package_id"], notes="neu")
    assert queue == []
    helpers.call_action(
        "resource_patch", id=resource["id"], upload=upload(b"a;b\n1;2\n", "verkehr.csv")
    )
    assert len(queue) == 1
    run(queue)
    assert [f["id"] for f in rows(resource["id"])["fields"]] == ["_id", "a", "b"]


def test_the_same_file_again_is_not_loaded_again(queue, monkeypatch):
    resource = create()
    run(queue)
    helpers.call_action(
        "resource_patch", id=resource["id"], upload=upload("verkehr_cp1252.csv", "verkehr.csv")
    )
    monkeypatch.setattr(
        "ckanext.verbund.tables.datastore.replace_table", lambda *_: pytest.fail("loaded")
    )
    run(queue)
    assert status.get(resource["id"])["state"] == "done"
    assert status.get(resource["id"])["rows"] == 3


def test_descriptions_people_wrote_survive_a_new_file(queue):
    resource = create(b"Wert;Ort\n1;A\n", "a.csv")
    alias = f"name_{resource['id']}"
    run(queue)
    helpers.call_action(
        "datastore_create",
        resource_id=resource["id"],
        force=True,
        aliases=alias,
        fields=[{"id": "Wert", "info": {"notes": "in Metern"}}, {"id": "Ort"}],
    )
    helpers.call_action(
        "resource_patch", id=resource["id"], upload=upload(b"Wert;Ort\n2;B\n", "a.csv")
    )
    run(queue)
    fields = rows(alias)["fields"]
    assert fields[1]["info"]["notes"] == "in Metern"
    assert rows(alias)["records"][0]["Ort"] == "B"


def test_a_file_that_is_no_table_takes_the_old_table_away(queue):
    resource = create()
    run(queue)
    helpers.call_action(
        "resource_patch", id=resource["id"], upload=upload("keine_tabelle.csv", "verkehr.csv")
    )
    run(queue)
    found = helpers.call_action("verbund_table_status_show", resource_id=resource["id"])
    assert found["state"] == "failed"
    assert found["findings"][0]["id"] == "table.binary"
    with pytest.raises(tk.ObjectNotFound):
        rows(resource["id"])


def test_readers_keep_the_old_table_if_loading_breaks(queue, monkeypatch):
    resource = create()
    run(queue)
    helpers.call_action(
        "resource_patch", id=resource["id"], upload=upload(b"a;b\n1;2\n", "v.csv")
    )

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("ckanext.verbund.tables.datastore._comment", broken)
    monkeypatch.setattr("ckanext.verbund.tables.datastore._renames", broken)
    with pytest.raises(RuntimeError):
        run(queue)
    assert rows(resource["id"])["total"] == 3
    assert status.get(resource["id"])["state"] == "failed"


UGLY = [
    *("Anteil %", "Uhrzeit: von", "Straße (Name)", "O'Brien", "[x]", "{y}", "a\\b", "$1"),
    *("a;b", "%s", "Größe, m²", ":id", "x--y", "/*z", "12:30"),
]


def test_ugly_headers_work_everywhere(queue):
    import csv

    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(UGLY)
    writer.writerow(range(len(UGLY)))
    writer.writerow(range(1, len(UGLY) + 1))
    resource = create(out.getvalue().encode(), "u.csv")
    run(queue)
    names = [f["id"] for f in rows(resource["id"])["fields"]][1:]
    assert names == [n.replace(", ", " ").replace(":id", ": id").lstrip("$") for n in UGLY]
    for name in names:
        found = rows(resource["id"], sort=f"{name} desc", filters={})
        assert found["records"][0]["_id"] == 2, name
        assert rows(resource["id"], filters={name: found["records"][0][name]})["total"] == 1


def test_many_columns(queue):
    header = ";".join(f"Spalte {i} ä" for i in range(900))
    resource = create((header + "\n" + ";".join(["1,5"] * 900) + "\n").encode(), "w.csv")
    run(queue)
    assert len(rows(resource["id"])["fields"]) == 901


def test_linked_file_in_our_own_network_is_refused(queue):
    dataset = new_dataset()
    resource = helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        url="http://127.0.0.1:1/x.csv",
        format="CSV",
    )
    run(queue)
    found = helpers.call_action("verbund_table_status_show", resource_id=resource["id"])
    assert (found["state"], found["findings"][0]["id"]) == ("failed", "table.fetch-address")


@pytest.mark.parametrize(
    "values",
    [{"url": "https://a.de/x.pdf", "format": "PDF"}, {"url": "https://a.de/", "format": ""}],
)
def test_other_files_load_nothing(queue, values):
    dataset = new_dataset()
    helpers.call_action("resource_create", package_id=dataset["id"], **values)
    assert queue == []


def test_linked_files_of_harvested_datasets_load_nothing(queue):
    dataset = new_dataset(extras=[{"key": "guid", "value": "https://a.de/1"}])
    helpers.call_action(
        "resource_create", package_id=dataset["id"], url="https://a.de/x.csv", format="CSV"
    )
    assert queue == []


def test_deleting_a_resource_removes_its_table(queue):
    resource = create()
    run(queue)
    helpers.call_action("resource_delete", id=resource["id"])
    with pytest.raises(tk.ObjectNotFound):
        rows(resource["id"])


@pytest.mark.parametrize("step", ["replace_table", "register"])
def test_purging_a_dataset_while_its_file_is_loaded_leaves_nothing(queue, monkeypatch, step):
    resource = create()
    todo = getattr(datastore, step)

    def purged_meanwhile(*args):
        result = todo(*args)
        helpers.call_action("dataset_purge", id=resource["package_id"])
        return result

    monkeypatch.setattr(datastore, step, purged_meanwhile)
    run(queue)
    assert status.get(resource["id"]) is None
    with get_read_engine().connect() as connection:
        found = connection.execute(
            sa.text("SELECT to_regclass(:name)"), {"name": f'"{resource["id"]}"'}
        )
        assert found.scalar() is None
    assert (
        helpers.call_action("package_search", fq=f"id:{resource['package_id']}")["count"] == 0
    )


@pytest.fixture
def people():
    editor, stranger = factories.UserWithToken(), factories.UserWithToken()
    org = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    return {"editor": editor, "stranger": stranger, "org": org}


@pytest.mark.parametrize("action", ["verbund_table_status_show", "verbund_table_load"])
@pytest.mark.parametrize(
    ("role", "allowed"), [("editor", True), ("stranger", False), ("", False)]
)
def test_only_those_who_may_edit(queue, people, action, role, allowed):
    resource = create(owner_org=people["org"]["id"])
    run(queue)
    context = {"user": people[role]["name"] if role else "", "ignore_auth": False}
    if allowed:
        assert helpers.call_action(action, context, resource_id=resource["id"])
    else:
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action(action, context, resource_id=resource["id"])


def test_editor_sees_the_report_and_a_visitor_does_not(queue, people, app):
    resource = create("gemischt.csv", "g.csv", owner_org=people["org"]["id"])
    run(queue)
    url = f"/dataset/{resource['package_id']}/resource/{resource['id']}"
    header = {"Authorization": people["editor"]["token"]}
    page = app.get(url, headers=header)
    assert 'data-verbund-table-state="done"' in page.body
    assert "ca. 500" in page.body
    assert "verbund-table-status" not in app.get(url).body
    report = app.get(f"{url}/befunde.csv", headers=header)
    assert "301;warning;table.value-misfit;Einwohner;ca. 500" in report.body
    assert app.get(f"{url}/befunde.csv", status=403)


def test_map_is_served_in_wgs84_and_used_by_the_view(queue, app):
    resource = create("baeume_utm32_crs.geojson", "b.geojson", "GeoJSON")
    run(queue)
    base = f"/dataset/{resource['package_id']}/resource/{resource['id']}"
    answer = app.get(f"{base}/karte.geojson")
    point = json.loads(answer.body)["features"][0]["geometry"]["coordinates"]
    assert point == pytest.approx([7.77, 49.44], abs=0.01)
    assert app.get(
        f"{base}/karte.geojson", headers={"If-None-Match": answer.headers["ETag"]}, status=304
    )
    view = next(
        v
        for v in helpers.call_action("resource_view_list", id=resource["id"])
        if v["view_type"] == "geojson_view"
    )
    page = app.get(f"{base}/view/{view['id']}")
    assert "karte.geojson" in page.body


def test_a_file_that_comes_with_a_changed_dataset_has_its_map_too(queue):
    dataset = new_dataset()
    file = {"name": "Bäume", "format": "GeoJSON", "license": LICENCE}
    with_file = helpers.call_action(
        "package_revise",
        match={"id": dataset["id"]},
        update__resources__extend=[file],
        update__resources__0__upload=upload("baeume_wgs84.geojson", "b.geojson"),
    )
    (resource,) = with_file["package"]["resources"]

    def kinds():
        found = helpers.call_action("resource_view_list", id=resource["id"])
        return [v["view_type"] for v in found]

    assert kinds() == []
    run(queue)
    assert kinds() == ["geojson_view", "datatables_view"]
    load_resource(resource["id"], force=True)
    assert kinds() == ["geojson_view", "datatables_view"]


def test_map_of_a_private_dataset_is_private(queue, people, app):
    resource = create(
        "baeume_wgs84.geojson",
        "b.geojson",
        "GeoJSON",
        owner_org=people["org"]["id"],
        private=True,
    )
    url = f"/dataset/{resource['package_id']}/resource/{resource['id']}/karte.geojson"
    app.get(url, status=403)
    app.get(url, headers={"Authorization": people["editor"]["token"]}, status=200)


def test_jobs_really_reach_the_queue(clean_queues):
    resource = create()
    titles = [job["title"] for job in helpers.call_action("job_list")]
    assert f"Tabelle {resource['id']}" in titles
    helpers.call_action("job_clear")
    model.Session.remove()


def test_commands(queue, cli):
    from ckan.cli.cli import ckan

    resource = create("gemischt.csv", "g.csv")
    done = cli.invoke(ckan, ["verbund-tables", "load", resource["id"], "--now"])
    assert f"{resource['id']}  done  300" in done.output
    shown = cli.invoke(ckan, ["verbund-tables", "status", resource["id"]])
    assert "Zeile 301 Einwohner" in shown.output
    checked = cli.invoke(ckan, ["verbund-tables", "check", str(SAMPLES / "gemischt.csv")])
    assert "300 Zeilen, 0 nicht übernommen" in checked.output
    refused = cli.invoke(ckan, ["verbund-tables", "check", str(SAMPLES / "seite.csv")])
    assert refused.exit_code == 1
