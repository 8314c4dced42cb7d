# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about one file on one page."""

import io
import json

import pytest
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.verbund.forms import file_form, values

LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"

pytestmark = pytest.mark.usefixtures("with_plugins", "non_clean_db")


@pytest.fixture
def editor():
    return factories.UserWithToken()


@pytest.fixture
def dataset(editor):
    member = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    return factories.Dataset(
        owner_org=member["id"],
        notes="Bäume.",
        resources=[
            {"url": "https://stadt.example/b.csv", "name": "Bäume", "license": LICENSE},
            {"url": "https://stadt.example/c.csv", "name": "Büsche", "license": LICENSE},
        ],
    )


def now(dataset, number=0):
    return helpers.call_action("package_show", id=dataset["id"])["resources"][number]


def address(dataset, number=0):
    return f"/dataset/{dataset['name']}/resource/{dataset['resources'][number]['id']}/edit"


@pytest.fixture
def send(app, editor, dataset):
    """Send the page as a browser does, with what was stored when it was shown."""
    resource = now(dataset)
    fields = file_form.fields_of("dataset", resource)
    stored = values.from_package(fields, resource)

    def post(path="", **changes):
        typed = {n: v for n, v in stored.items() if isinstance(v, str)}
        base = json.dumps(file_form.marks(stored))
        return app.post(
            path or address(dataset),
            data={"go": "read", "base": base, **typed, **changes},
            headers={"Authorization": editor["token"]},
            follow_redirects=False,
        )

    return post


def test_the_page_is_german_and_has_the_rare_fields_too(app, editor, dataset):
    body = app.get(address(dataset), headers={"Authorization": editor["token"]}).body
    for shown in ("Datei bearbeiten: Bäume", "Titel der Datei", "Welche Lizenz passt?"):
        assert shown in body, shown
    for name in ("status", "documentation", "hash"):
        assert f'name="{name}"' in body, name
    assert 'name="add" value="access_services"' in body
    assert "Save and go on" not in body


def test_what_was_changed_is_saved_and_what_others_changed_stays(send, editor, dataset):
    change = {"id": now(dataset)["id"], "description": "Von anderen"}
    helpers.call_action("resource_patch", {"user": editor["name"]}, **change)
    answer = send(name="Straßenbäume", documentation="https://stadt.example/hilfe")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(address(dataset).removesuffix("/edit"))
    saved = now(dataset)
    assert saved["name"] == "Straßenbäume"
    assert saved["documentation"] == ["https://stadt.example/hilfe"]
    assert saved["description"] == "Von anderen"
    assert now(dataset, 1)["name"] == "Büsche"


def test_an_error_names_its_field_and_nothing_is_lost(send, dataset):
    answer = send(name="Neuer Titel", access_url="javascript:alert(1)")
    assert answer.status_code == 422
    assert 'href="#field-access_url"' in answer.body
    assert 'value="Neuer Titel"' in answer.body
    assert now(dataset)["name"] == "Bäume"


def test_an_entry_can_be_added_without_saving(send, dataset):
    answer = send(add="access_services", **{"access_services-0-title": "WFS"})
    assert answer.status_code == 200
    assert 'name="access_services-1-title"' in answer.body
    assert 'value="WFS"' in answer.body
    assert not now(dataset).get("access_services")


def test_a_new_version_takes_the_place_of_the_file(app, send, editor, dataset):
    file = helpers.call_action(
        "resource_create", {"user": editor["name"]},
        package_id=dataset["id"], name="Tabelle", license=LICENSE,
        upload=FileStorage(io.BytesIO(b"a;b\n1;2\n"), filename="alt.csv"),
    )  # fmt: skip
    path = f"/dataset/{dataset['name']}/resource/{file['id']}/edit"
    body = app.get(path, headers={"Authorization": editor["token"]}).body
    assert "Jetzt: alt.csv" in body
    assert 'name="url"' not in body
    new = (io.BytesIO(b"a;b\n1;2\n3;4\n"), "neu.csv")
    answer = app.post(
        path,
        data={
            "go": "files",
            "base": "{}",
            "name": "Tabelle",
            "license": LICENSE,
            "upload": new,
        },
        headers={"Authorization": editor["token"]},
        follow_redirects=False,
    )
    assert answer.headers["Location"].endswith(f"/dateien#datei-{file['id']}")
    saved = helpers.call_action("resource_show", id=file["id"])
    assert saved["url"].endswith("/neu.csv")
    assert saved["size"] == 12


def test_the_page_is_for_editors_of_the_member(app, dataset):
    stranger = factories.UserWithToken()
    app.get(address(dataset), headers={"Authorization": stranger["token"]}, status=403)
    answer = app.get(address(dataset), follow_redirects=False)
    assert "/user/login" in answer.headers["Location"]
    assert now(dataset)["name"] == "Bäume"


def test_who_adds_a_file_comes_to_the_page_of_files(app, editor, dataset):
    answer = app.get(
        f"/dataset/{dataset['name']}/resource/new",
        headers={"Authorization": editor["token"]},
        follow_redirects=False,
    )
    assert answer.headers["Location"].endswith(f"/{dataset['name']}/dateien#field-upload")


def test_a_file_that_is_gone_is_said_to_be(app, editor, dataset):
    path = f"/dataset/{dataset['name']}/resource/gibt-es-nicht/edit"
    answer = app.get(path, headers={"Authorization": editor["token"]}, status=404)
    assert "Diese Datei ist nicht mehr da." in answer.body
