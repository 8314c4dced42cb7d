# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""L1 to L11: what lists, suggestions, streams and helpers tell about undecided datasets."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.exceptions import CkanConfigurationException
from ckan.lib import helpers as h
from ckan.lib.search.common import make_connection

from ckanext.verbund.ethics import posture


@pytest.fixture
def pair(make, publish):
    """An undecided and a public dataset."""
    return SimpleNamespace(dark=make(), light=publish(make()).package)


def test_l1_lists_by_the_flag_alone_name_public_ones_only(pair, api, town):
    names = api("package_list").got
    assert pair.light["name"] in names
    assert pair.dark["name"] not in names
    found = api("resource_search", query="name:Plätze").got["results"]
    files = {resource["package_id"] for resource in found}
    assert pair.light["id"] in files
    assert pair.dark["id"] not in files
    found = api("current_package_list_with_resources", limit=500).got
    assert pair.dark["id"] not in {one["id"] for one in found}
    shown = api("organization_show", id=town.home["id"], include_datasets=True).got
    assert pair.dark["id"] not in {one["id"] for one in shown["packages"]}


def test_l2_helpers_of_the_home_page_show_public_ones_only(pair, app, town):
    with app.flask_app.test_request_context():
        recent = {one["id"] for one in h.get_recent_datasets(500)}
        featured = h.get_featured_organizations(5)
    assert pair.light["id"] in recent
    assert pair.dark["id"] not in recent
    shown = {one["id"] for group in featured for one in group["packages"]}
    assert pair.dark["id"] not in shown


def test_l3_the_members_of_an_organisation_are_datasets_that_one_may_read(pair, api, town):
    def ids(who=None):
        got = api("member_list", who, id=town.home["id"], object_type="package")
        return {one[0] for one in got.got}

    assert pair.light["id"] in ids()
    assert pair.dark["id"] not in ids()
    assert pair.dark["id"] not in ids("stranger")
    assert pair.dark["id"] in ids("author")
    assert pair.dark["id"] in ids("sysadmin")


def test_l4_formats_of_undecided_files_are_not_suggested(make, publish, api):
    package = make()
    resource = package["resources"][0]
    api("resource_patch", "author", id=resource["id"], format="DXF-GEHEIM")
    assert api("format_autocomplete", q="dxf").got == []
    publish(package)
    assert api("format_autocomplete", q="dxf").got == ["dxf-geheim"]


def test_l5_the_activity_stream_forgets_what_was_withdrawn(make, publish, step, api, sql):
    done = publish(make())
    id = done.package["id"]
    sql(
        "INSERT INTO activity (id, timestamp, object_id, activity_type, permission_labels) "
        "VALUES (:id, now(), :id, 'changed package', ARRAY['public'])",
        id=id,
    )
    stopped = step(done.case, "revoke", "decider", reason="Namen in der Datei")
    assert stopped.ok, stopped.got
    labels = "SELECT permission_labels FROM activity WHERE object_id = :id"
    found = model.Session.scalars(sa.text(labels), {"id": id}).all()
    assert found
    assert all("public" not in one for one in found)


def test_l5_what_was_public_and_is_withdrawn_is_in_nobodys_stream(
    make, publish, step, api, town
):
    done = publish(make())
    id = done.package["id"]
    # Changed while it is public: the activity keeps everything that it says.
    assert api("package_patch", "author", id=id, responsibility="Amt 67").ok
    activities = [one["id"] for one in api("package_activity_list", id=id).got]
    assert activities
    assert step(done.case, "revoke", "dpo", reason="Namen in der Datei").ok
    for who in (None, "stranger"):
        assert api("package_activity_list", who, id=id).status == 410
        for one in activities:
            got = api("activity_show", who, id=one, include_data=True)
            assert not got.ok
            assert "Amt 67" not in str(got.got)
    feeds = api("organization_activity_list", id=town.home["id"]).got
    assert id not in {one["object_id"] for one in feeds}
    assert api("package_activity_list", "author", id=id).got


def test_l6_views_of_files_make_no_activities(make, api, town):
    package = make()
    made = api(
        "resource_view_create", "author", resource_id=package["resources"][0]["id"],
        view_type="text_view", title="Geheime Ansicht",
    )  # fmt: skip
    assert made.ok, made.got
    kinds = "SELECT activity_type FROM activity WHERE object_id = :id"
    found = model.Session.scalars(sa.text(kinds), {"id": package["id"]}).all()
    assert "new package" in found
    assert not any(kind.endswith("resource view") for kind in found)


def test_l7_the_record_as_harvested_is_read_by_who_reads_the_dataset(harvested, api, publish):
    asked = [{"id": harvested.record}, {"dataset_id": harvested.package["id"]}]
    for fields in asked:
        for who in (None, "stranger"):
            got = api("harvest_object_show", who, **fields)
            assert got.status == (403 if "id" in fields else 404), got.got
            assert "GEHEIMER" not in str(got.got)
        assert api("harvest_object_show", "author", **fields).ok
    publish(harvested.package)
    for fields in asked:
        assert api("harvest_object_show", **fields).ok


def test_l8_a_public_storage_of_files_stops_the_start(app, monkeypatch):
    storage = SimpleNamespace(settings=SimpleNamespace(public=True))
    posture.check(config)
    monkeypatch.setattr(posture.files, "get_storage", lambda name: storage)
    with pytest.raises(CkanConfigurationException, match="öffentlich"):
        posture.check(config)


def test_l8_the_door_for_public_storages_is_shut(make, app):
    resource = make()["resources"][0]
    id = resource["id"]
    for storage in ("default", "resource", "ckan:default:resource"):
        address = f"/file/public-download/{storage}/{id[:3]}/{id[3:6]}/{id[6:]}"
        assert app.get(address).status_code in {403, 404}


def test_l9_a_failing_index_keeps_nothing_withdrawn(make, publish, step, monkeypatch, hidden):
    done = publish(make())
    from ckanext.verbund.ethics import publication

    def broken(id):
        raise OSError("Solr ist voll")

    monkeypatch.setattr(publication.search, "rebuild", broken)
    assert step(done.case, "revoke", "decider", reason="Namen in der Datei").ok
    hidden(done.package)
    assert make_connection().search("*:*", fq=f'id:"{done.package["id"]}"').hits == 0


def test_l10_sql_over_the_api_is_off(api):
    got = api("datastore_search_sql", sql="SELECT 1")
    assert got.status == 400


@pytest.mark.parametrize("who", [None, "stranger"])
def test_l11_what_is_undecided_seems_not_to_exist(pair, app, api, town, who):
    headers = {"Authorization": town.tokens[who]} if who else {}
    dark = app.get(f"/dataset/{pair.dark['name']}", headers=headers)
    missing = app.get("/dataset/das-gibt-es-nicht", headers=headers)
    assert dark.status_code == missing.status_code == 404
    assert pair.dark["title"] not in dark.body


def test_tags_of_undecided_datasets_are_not_listed(make, publish, api, step):
    """Found by the canary; not in the list of the design."""
    tag = "geheimesprojekt"
    package = make(tags=[{"name": tag}])

    def told(who=None):
        answers = [
            api("tag_list", who), api("tag_list", who, all_fields=True),
            api("tag_autocomplete", who, q="geheimes"), api("tag_show", who, id=tag),
            api("tag_search", who, query="geheimes"),
        ]  # fmt: skip
        return [tag in str(answer.got) for answer in answers]

    assert not any(told())
    assert not any(told("stranger"))
    assert all(told("author"))
    assert all(told("sysadmin"))
    publish(package)
    assert all(told())
