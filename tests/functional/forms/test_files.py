# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files on their way into a draft and back to the public."""

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.verbund.forms import notes

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

TABLE = "Ort;Datum\nNord;01.02.2026\nSüd;03.02.2026\n".encode()
LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


def upload(content=TABLE, name="zählung_2026.csv"):
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def editor():
    return factories.User()


@pytest.fixture
def draft(editor):
    member = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    return helpers.call_action(
        "verbund_draft_create",
        {"user": editor["name"], "ignore_auth": False},
        title="Zählung",
        owner_org=member["id"],
    )


def add(editor, draft, content=TABLE, name="zählung_2026.csv", **more):
    return helpers.call_action(
        "verbund_file_add",
        {"user": editor["name"], "ignore_auth": False},
        id=draft["id"],
        upload=upload(content, name),
        **more,
    )


def test_a_file_fills_in_its_resource(editor, draft):
    result = add(editor, draft, license=LICENSE)
    resource = result["resource"]
    assert resource["name"] == "Zählung 2026"
    assert resource["format"] == "CSV"
    assert resource["mimetype"] == "text/csv"
    assert resource["size"] == len(TABLE)
    assert resource["license"] == LICENSE
    assert result["proposals"]["period"]["start"] == "2026-02-01"
    # Private notes: what the file said is nowhere in what the API shows.
    assert notes.get(notes.FILE, resource["id"])["rows"] == 2
    assert "columns" not in str(helpers.call_action("package_show", id=draft["id"]))
    # The next file has the same licence.
    assert add(editor, draft, name="b.csv")["resource"]["license"] == LICENSE


def test_two_files_of_one_name_are_asked_about(editor, draft):
    first = add(editor, draft)["resource"]
    context = {"user": editor["name"]}
    helpers.call_action("resource_patch", context, id=first["id"], name="Mein Titel")
    with pytest.raises(tk.ValidationError) as problem:
        add(editor, draft, TABLE + b"West;04.02.2026\n")
    assert "zählung_2026.csv" in problem.value.error_dict["same_name"][0]
    again = add(editor, draft, TABLE + b"West;04.02.2026\n", same_name="replace")["resource"]
    assert again["id"] == first["id"]
    assert again["name"] == "Mein Titel"
    assert again["size"] > first["size"]
    both = add(editor, draft, same_name="both")["resource"]
    assert both["id"] != first["id"]
    assert add(editor, draft, name="andere.csv")["resource"]["id"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("daten.csv", b"<html><script>alert(1)</script></html>", "Webseite"),
        ("setup.exe", b"MZ\x90", "Programm"),
        ("bild.svg", b"<svg xmlns='x'><script/></svg>", "Skript"),
        ("seite.html", b"Hallo", "nimmt das Portal nicht an"),
        ("leer.csv", b"", "leer"),
    ],
)
def test_a_program_cannot_upload_what_a_person_cannot(editor, draft, name, content, word):
    with pytest.raises(tk.ValidationError) as problem:
        helpers.call_action(
            "resource_create",
            {"user": editor["name"]},
            package_id=draft["id"],
            url="",
            upload=upload(content, name),
        )
    assert word in problem.value.error_dict["upload"][0]


@pytest.mark.ckan_config("ckan.max_resource_size", 1)
def test_a_file_above_the_limit_names_size_limit_and_remedy(editor, draft):
    with pytest.raises(tk.ValidationError) as problem:
        add(editor, draft, b"a;b\n" * 400_000)
    text = problem.value.error_dict["upload"][0]
    for part in ("1,5", "1\N{NO-BREAK SPACE}MiB", "ZIP"):
        assert part in text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("../../etc/bäume.csv", "baume.csv"),
        ("C:\\Daten\\Größe & Höhe.csv", "groe-hohe.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_name_is_only_a_name(editor, draft, sent, stored):
    url = add(editor, draft, name=sent)["resource"]["url"]
    assert url.rsplit("/", 1)[-1] == stored or url.endswith(".csv")
    assert ".." not in url


def test_a_download_never_runs_in_the_name_of_the_portal(app, editor, draft):
    resource = add(editor, draft)["resource"]
    # Somebody says that it is a page; CKAN believes it.
    context = {"user": editor["name"]}
    helpers.call_action("resource_patch", context, id=resource["id"], mimetype="text/html")
    token = helpers.call_action("api_token_create", user=editor["name"], name="t")["token"]
    address = tk.url_for(
        "dataset_resource.download",
        id=draft["id"],
        resource_id=resource["id"],
        filename="x.html",
    )
    answer = app.get(address, headers={"Authorization": token})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "sandbox" not in app.get("/").headers.get("Content-Security-Policy", "")


def test_order_and_period_are_changed_with_a_button(editor, draft):
    one = add(editor, draft)["resource"]
    two = add(editor, draft, name="b.csv")["resource"]
    context = {"user": editor["name"], "ignore_auth": False}
    assert helpers.call_action("verbund_file_move", context, id=two["id"], direction="up") == [
        two["id"],
        one["id"],
    ]
    helpers.call_action("verbund_file_period_adopt", context, id=one["id"])
    helpers.call_action("verbund_file_period_adopt", context, id=one["id"])
    period = helpers.call_action("package_show", id=draft["id"])["temporal_coverage"]
    assert period == [{"start": "2026-02-01", "end": "2026-02-03"}]


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("verbund_file_add", {"upload": None}),
        ("verbund_file_move", {"direction": "up"}),
        ("verbund_file_period_adopt", {}),
        ("verbund_template_mark", {"template": True}),
    ],
)
def test_strangers_may_not_touch_files_and_templates(editor, draft, action, values):
    target = draft["id"]
    if action in {"verbund_file_move", "verbund_file_period_adopt"}:
        target = add(editor, draft)["resource"]["id"]
    stranger = {"user": factories.User()["name"], "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action(action, stranger, id=target, **values)


def test_a_template_is_offered_to_its_member_only(editor, draft):
    context = {"user": editor["name"], "ignore_auth": False}
    before = helpers.call_action("package_show", id=draft["id"])
    helpers.call_action("verbund_template_mark", context, id=draft["id"], template=True)
    assert [t["id"] for t in helpers.call_action("verbund_template_list", context)] == [
        draft["id"]
    ]
    assert helpers.call_action("package_show", id=draft["id"]) == before
    other = factories.User()
    factories.Organization(users=[{"name": other["name"], "capacity": "editor"}])
    stranger = {"user": other["name"], "ignore_auth": False}
    assert helpers.call_action("verbund_template_list", stranger) == []
    helpers.call_action("verbund_template_mark", context, id=draft["id"], template=False)
    assert helpers.call_action("verbund_template_list", context) == []
