# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks in every field, file and column of an undecided dataset: nobody outside finds one.

The same crawler finds every mark once the dataset is decided, so it does look.
"""

import io
import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from ckan import logic, model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.scheming.helpers import scheming_get_dataset_schema
from werkzeug.datastructures import FileStorage
from werkzeug.routing import BuildError

from .conftest import LICENSE

MARK = re.compile("kanarie[0-9]{4}x")
# An address of no use makes a dataset that no catalogue can hold.
LEFT_OUT = {"name", "owner_org", "tag_string", "theme", "uri"}
MOST_PAGES = 60
# Addresses that sign out, or repeat others: in another language, for another type of package.
LEAVES = re.compile(
    "^(/user/_?logout|/[a-z]{2}(_[A-Za-z]+)?/|/webassets/|/testing/|/data_service/|/dataset_series/)"
)
# Actions that ask other services, count only, or list what has nothing to do with datasets.
NOT_ASKED = re.compile("^(get_site_user|job_|status_show|vocabulary|license|user_autocomplete)")


class Marks:
    """Hands out marks and remembers where they are."""

    def __init__(self):
        self.places = {}

    def new(self, place):
        mark = f"kanarie{len(self.places) + 1:04}x"
        self.places[mark] = place
        return mark


def candidates(fields, marks):
    """Return a marked value for each field of a schema."""
    values = {}
    for field in fields:
        name = field["field_name"]
        if name in LEFT_OUT or field.get("choices") or field.get("choices_helper"):
            continue
        if field.get("repeating_subfields"):
            texts = [
                f["field_name"]
                for f in field["repeating_subfields"]
                if not f.get("repeating_subfields")
            ]
            values[name] = [{texts[0]: marks.new(f"{name}.{texts[0]}")}]
        else:
            values[name] = marks.new(name)
    return values


@pytest.fixture(scope="module")
def canary(api, staffed):
    """An undecided dataset with marks wherever the schema takes them."""
    marks = Marks()
    schema = scheming_get_dataset_schema("dataset")
    fields = {
        **candidates(schema["dataset_fields"], marks),
        "name": factories.Dataset.stub().name,
        "owner_org": staffed.home["id"],
        "theme": ["http://publications.europa.eu/resource/authority/data-theme/SOCI"],
        "tags": [{"name": marks.new("tags")}],
    }
    made = api("package_create", "author", **fields)
    while not made.ok:  # what is no text has rules of its own
        wrong = {name for name in made.got if name in fields}
        assert wrong, made.got
        fields = {name: value for name, value in fields.items() if name not in wrong}
        made = api("package_create", "author", **fields)
    package = made.got
    column, cell = marks.new("Spalte"), marks.new("Zelle")
    file = {
        **candidates(schema["resource_fields"], marks),
        "license": LICENSE,
        "format": "CSV",
        "url": "",
        "package_id": package["id"],
    }
    bytes_ = f"{column}\n{cell}\n".encode()
    while True:
        upload = FileStorage(io.BytesIO(bytes_), filename="vogel.csv")
        texts = {name: value for name, value in file.items() if isinstance(value, str)}
        added = api("resource_create", "author", **texts, upload=upload)
        if added.ok:
            break
        wrong = {name for name in added.got if name in texts}
        assert wrong, added.got
        file = {name: value for name, value in texts.items() if name not in wrong}
    table = api(
        "datastore_create", "author", resource_id=added.got["id"], force=True,
        fields=[{"id": marks.new("Tabellenspalte"), "type": "text"}], records=[],
    )  # fmt: skip
    assert table.ok, table.got
    stored = str(api("package_show", "author", id=package["id"]).got)
    kept = {mark for mark in marks.places if mark in stored or "alte" in marks.places[mark]}
    kept.add(cell)
    return SimpleNamespace(
        package=api("package_show", "author", id=package["id"]).got,
        resource=added.got,
        marks={mark: marks.places[mark] for mark in kept},
    )


def addresses(canary, town):
    name, id, file = canary.package["name"], canary.package["id"], canary.resource["id"]
    home, author = town.home["name"], town.people["author"]["name"]
    data = [f"/dataset/{id}.{kind}" for kind in ("ttl", "rdf", "jsonld", "n3")]
    return [
        "/", "/dataset/", "/dataset/?q=kanarie", "/organization/", f"/organization/{home}",
        f"/dataset/{name}", f"/dataset/activity/{name}", f"/dataset/groups/{name}",
        f"/dataset/edit/{name}", f"/dataset/{name}/resource/{file}",
        f"/dataset/{id}/resource/{file}/download/vogel.csv", f"/datastore/dump/{file}",
        *data, "/catalog.ttl", "/catalog.jsonld", f"/organization/{home}.ttl",
        "/feeds/dataset.atom", f"/feeds/organization/{home}.atom", f"/user/{author}",
        f"/user/activity/{author}", f"/organization/activity/{home}", "/harvest",
        f"/dataset/{id}/resource/{file}/proxy",
    ]  # fmt: skip


def crawl(app, start, headers):
    """Return all texts of pages, and of those they link to."""
    todo, seen, texts = list(start), set(), []
    while todo and len(seen) < len(start) + MOST_PAGES:
        address = todo.pop(0)
        if address in seen:
            continue
        seen.add(address)
        try:
            answer = app.get(address, headers=headers, follow_redirects=False)
        except (tk.NotAuthorized, tk.ObjectNotFound):  # what the proxy does not catch
            continue
        texts.append(answer.body)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in BeautifulSoup(answer.body, "html.parser").find_all("a", href=True):
            target = link["href"].removeprefix("http://test.ckan.net").split("#")[0]
            if target.startswith("/") and not target.startswith(("/en/", "/user/_logout")):
                todo.append(target)
    return texts


def ask(app, canary, town, who):
    """Return what every reading action of every plugin says about it."""
    tk.get_action("package_show")  # lets the list of actions be made
    names = [
        name
        for name, function in logic._actions.items()
        if getattr(function, "side_effect_free", False) and not NOT_ASKED.match(name)
    ]
    assert len(names) > 100
    package, file, home = canary.package, canary.resource, town.home
    asked = [
        {"id": package["id"], "package_id": package["id"], "dataset_id": package["id"]},
        {"id": file["id"], "resource_id": file["id"]},
        {"id": home["id"], "organization_id": home["id"], "include_datasets": True},
        {
            "id": town.people["author"]["name"],
            "q": "kanarie",
            "query": "name:kanarie",
            "limit": 100,
        },
    ]
    texts = []
    user = town.people[who]["name"] if who else ""
    with app.flask_app.test_request_context():
        for name in names:
            for fields in asked:
                context = {"user": user, "ignore_auth": False}
                context["auth_user_obj"] = model.User.get(user) if user else None
                try:
                    texts.append(str(tk.get_action(name)(context, dict(fields))))
                except Exception as error:
                    model.Session.rollback()
                    texts.append(str(error))
    return texts


@pytest.fixture(scope="module")
def routes(app, canary, staffed, api):
    """Every address that the portal knows, with what belongs to the dataset in it."""
    package, file, home = canary.package, canary.resource, staffed.home
    view = api(
        "resource_view_create", "author", resource_id=file["id"], view_type="datatables_view",
        title="Tabelle",
    )  # fmt: skip
    assert view.ok, view.got
    happened = api("package_activity_list", "author", id=package["id"]).got
    author = staffed.people["author"]["name"]
    meant = {"/organization": home["name"], "/feeds/org": home["name"], "/user": author}
    meant |= {"/file": file["id"], "/vokabular": "verbund"}
    fixed = {
        "resource_id": file["id"], "resource": file["id"], "view_id": view.got["id"],
        "activity_id": happened[0]["id"], "owner_org": home["name"], "filename": "vogel.csv",
        "form": "ttl", "_format": "ttl", "group": "A", "ver": 3, "lang": "de", "page": "wer",
        "ref_type": "head", "logic_function": "package_show", "kind": "bib",
    }  # fmt: skip
    found = set()
    adapter = app.flask_app.url_map.bind("test.ckan.net")
    for rule in app.flask_app.url_map.iter_rules():
        if "GET" not in rule.methods or LEAVES.match(rule.rule):
            continue
        values = {name: fixed.get(name, package["id"]) for name in rule.arguments}
        for name in {"id", "_id", "name"} & rule.arguments:
            starts = [id for start, id in meant.items() if rule.rule.startswith(start)]
            values[name] = starts[0] if starts else package["id"]
        try:
            found.add(adapter.build(rule.endpoint, values | (rule.defaults or {}), "GET"))
        except BuildError as error:
            raise AssertionError(f"no address for {rule.rule}") from error
    return sorted(found)


def closed(app, canary, town, addresses):
    """Assert that no address shows a mark to anybody outside, and that none breaks."""
    for who in (None, "stranger"):
        headers = {"Authorization": town.tokens[who]} if who else {}
        broken, leaking = [], []
        for address in addresses:
            try:
                answer = app.get(address, headers=headers, follow_redirects=False)
            except (tk.NotAuthorized, tk.ObjectNotFound):  # what the proxy does not catch
                continue
            if answer.status_code >= 500 and "Retry-After" not in answer.headers:
                broken.append(f"{answer.status_code} {address}")
            if set(MARK.findall(answer.body)) & set(canary.marks):
                leaking.append(address)
        assert (leaking, broken) == ([], [])


def found(app, canary, town, who):
    headers = {"Authorization": town.tokens[who]} if who else {}
    texts = crawl(app, addresses(canary, town), headers) + ask(app, canary, town, who)
    return {mark for text in texts for mark in MARK.findall(text)}


def test_no_mark_before_the_decision_every_mark_after_and_none_when_suspended(
    app, canary, routes, staffed, publish, step
):
    assert len(canary.marks) > 25, canary.marks
    for who in (None, "stranger"):
        seen = found(app, canary, staffed, who) & set(canary.marks)
        assert not seen, {canary.marks[mark] for mark in seen}
    closed(app, canary, staffed, routes)
    case = publish(canary.package).case
    missing = set(canary.marks) - found(app, canary, staffed, None)
    assert not missing, {canary.marks[mark] for mark in missing}
    done = step(case, "suspend", "author", reason="Da steht doch etwas.")
    assert done.ok, done.got
    own = [f"/pruefung/{case['id']}", f"/register/{case['decision_id']}"]
    closed(app, canary, staffed, [*routes, *own])
