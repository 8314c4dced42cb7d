# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town with a person in every role, and doors to knock on: API, pages, SQL."""

import io
import json
import socket
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckanext.harvest.model import HarvestJob, HarvestObject
from werkzeug.datastructures import FileStorage

from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.ethics import screening

STAFF = {
    "reviewer": "reviewer",
    "decider": "decider",
    "dpo": "dpo",
    "leitung": "leitung",
    "ethicist": "ethics",
}
LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
PASSWORD = "Kastanie-Laterne-7"
BYTES = b"Platz;Schaukeln\nAm Bach;2\n"


@pytest.fixture(scope="module")
def app(portal):
    return portal


@pytest.fixture(scope="module")
def town(app):
    """A member with staff, and a neighbour; everybody has a token."""
    search.clear_all()  # of what tests before left
    names = ("author", "colleague", "admin", *STAFF, "stranger")
    people = {name: factories.User(password=PASSWORD) for name in names}
    people["sysadmin"] = factories.Sysadmin()
    home = factories.Organization(
        title="Stadt Beispiel",
        users=[
            {"name": people[name]["name"], "capacity": "editor"}
            for name in ("author", "colleague")
        ]
        + [{"name": people["admin"]["name"], "capacity": "admin"}],
    )
    neighbour = factories.Organization(
        title="Nachbarort", users=[{"name": people["stranger"]["name"], "capacity": "admin"}]
    )
    tokens = {
        name: factories.APIToken(user=person["name"])["token"]
        for name, person in people.items()
    }
    return SimpleNamespace(people=people, tokens=tokens, home=home, neighbour=neighbour)


@pytest.fixture(scope="module")
def api(app, town):
    """Call an action over HTTP as somebody; returns status, and result or error."""

    def call(action, who=None, /, **fields):
        headers = {"Authorization": town.tokens[who]} if who else {}
        files = {k: v for k, v in fields.items() if isinstance(v, FileStorage)}
        if files:
            answer = app.post(
                f"/api/3/action/{action}",
                data=fields,
                headers=headers,
                content_type="multipart/form-data",
            )
        else:
            answer = app.post(f"/api/3/action/{action}", json=fields, headers=headers)
        body = json.loads(answer.body)
        if not isinstance(body, dict):  # there is no such action
            return SimpleNamespace(status=answer.status_code, ok=False, got=body)
        kept = body.get("result") if body["success"] else body["error"]
        return SimpleNamespace(status=answer.status_code, ok=body["success"], got=kept)

    return call


@pytest.fixture(scope="module")
def staffed(api, town):
    """The town with its roles given, by its own administration."""
    for who, role in STAFF.items():
        given = api(
            "verbund_role_set",
            "admin",
            organization_id=town.home["id"],
            user=town.people[who]["name"],
            role=role,
        )
        assert given.ok, given.got
    return town


@pytest.fixture(autouse=True)
def _begin_anew():
    """Let no failed transaction of one test spoil the next."""
    yield
    model.Session.rollback()
    model.Session.remove()


@pytest.fixture
def described(town):
    """Fields of a dataset that has all it needs."""
    return {
        "title": "Spielplätze",
        "notes": "Alle Spielplätze der Stadt",
        "owner_org": town.home["id"],
        "theme": ["http://publications.europa.eu/resource/authority/data-theme/SOCI"],
    }


@pytest.fixture
def make(api, staffed, described):
    """Make a dataset as the author, over the API, with a file."""

    def create(who="author", *, upload=BYTES, **fields):
        name = factories.Dataset.stub().name
        made = api("package_create", who, **described | {"name": name} | fields)
        assert made.ok, made.got
        if upload:
            stream = FileStorage(io.BytesIO(upload), filename="plaetze.csv")
            added = api(
                "resource_create",
                who,
                package_id=made.got["id"],
                name="Plätze",
                format="CSV",
                license=LICENSE,
                upload=stream,
            )
            assert added.ok, added.got
        return api("package_show", who, id=made.got["id"]).got

    return create


@pytest.fixture
def harvested(make, api, town):
    """A dataset that came from a source, and its record as it came."""
    source = api(
        "harvest_source_create", "admin", name=factories.Dataset.stub().name, title="Quelle",
        url=f"https://quelle.example/{factories.Dataset.stub().name}",
        source_type="dcat_rdf", owner_org=town.home["id"],
    )  # fmt: skip
    assert source.ok, source.got
    package = make()
    job = api("harvest_job_create", "sysadmin", source_id=source.got["id"], run=False)
    assert job.ok, job.got
    record = HarvestObject(
        guid=package["id"], content="GEHEIMER INHALT", package_id=package["id"], current=True,
        job=HarvestJob.get(job.got["id"]), state="COMPLETE",
    )  # fmt: skip
    model.Session.add(record)
    model.Session.commit()
    return SimpleNamespace(source=source.got, package=package, record=record.id)


def harmless():
    """Answers that let the tree say "open"."""
    answers = {}
    for question in load().questions:
        if question.after:
            continue
        value = "no" if question.trigger == "yes" else "yes"
        value = "none" if question.none_if else value
        reason = "Es geht um Geräte auf öffentlichen Plätzen."
        answers[question.id] = {"value": value, "reason": reason}
    return answers


@pytest.fixture
def step(api):
    """Do a step of a case as it was seen; returns the answer."""

    def do(case, action, who, **fields):
        fields = {"fingerprint": case["fingerprint"]} | fields
        if action.startswith("decide") or action == "cosign":
            fields = {"password": PASSWORD} | fields
        return api("verbund_case_act", who, id=case["id"], action=action, **fields)

    return do


@pytest.fixture
def screen(app):
    """Let the automatic check look at the files of a package, as the worker does."""

    def look(package):
        with app.flask_app.test_request_context():
            return [screening.look(one["id"]) for one in package.get("resources") or ()]

    return look


@pytest.fixture
def ready(api, step, screen):
    """Bring a package to the decider, its files looked at; returns the case."""

    def bring(package, answers=None):
        case = api("verbund_case_create", "author", package_id=package["id"])
        assert case.ok, case.got
        screen(package)
        done = api(
            "verbund_case_answer", "author", id=case.got["id"], answers=answers or harmless()
        )
        assert done.ok, done.got
        for action, who in (("submit", "author"), ("pass", "reviewer")):
            done = step(case.got, action, who)
            assert done.ok, done.got
        return done.got

    return bring


@pytest.fixture
def publish(ready, step, api):
    """Let a package be decided as open by a second person; returns it as it is then."""

    def decide(package, **fields):
        case = ready(package)
        done = step(case, "decide_open", "decider", **fields)
        assert done.ok, done.got
        return SimpleNamespace(
            case=done.got, package=api("package_show", "author", id=package["id"]).got
        )

    return decide


@pytest.fixture
def anonymous(app, api):
    """What somebody without an account can read of a package."""

    def read(package):
        shown = api("package_show", id=package["id"])
        found = api("package_search", q=f'id:"{package["id"]}"')
        files = [
            app.get(f"/dataset/{package['id']}/resource/{r['id']}/download/x.csv").status_code
            for r in package.get("resources", ())
        ]
        page = app.get(f"/dataset/{package['name']}")
        return SimpleNamespace(
            show=shown.ok,
            search=bool(found.got["results"]),
            list=package["name"] in api("package_list").got,
            page=page.status_code == 200,
            files=[status == 200 for status in files],
        )

    return read


@pytest.fixture
def hidden(anonymous):
    """Assert that nobody without an account reads anything of a package."""

    def check(package):
        seen = anonymous(package)
        found = [seen.show, seen.search, seen.list, seen.page, *seen.files]
        assert not any(found), seen

    return check


@pytest.fixture
def visible(anonymous):
    """Assert that everybody reads a package with its files."""

    def check(package):
        seen = anonymous(package)
        assert all([seen.show, seen.search, seen.list, seen.page, *seen.files]), seen

    return check


@pytest.fixture
def sql():
    """Run SQL as the account of CKAN does, and commit."""

    def run(text, **values):
        try:
            model.Session.execute(sa.text(text), values)
            model.Session.commit()
        finally:
            model.Session.rollback()
            model.Session.remove()

    return run


@pytest.fixture
def read(app, town):
    """Read a page as somebody; returns the answer."""

    def get(path, who=None):
        headers = {"Authorization": town.tokens[who]} if who else {}
        return app.get(path, headers=headers, follow_redirects=False)

    return get


@pytest.fixture
def send(app, town):
    """Send a form as somebody; returns the answer."""

    def post(path, who, **fields):
        headers = {"Authorization": town.tokens[who]}
        return app.post(path, data=fields, headers=headers, follow_redirects=False)

    return post


class Mailbox:
    """Keeps what a mail server takes."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 the server's name for it
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos[0], mail.get_body().get_content()))
        return "250 OK"


@pytest.fixture
def post(ckan_config, monkeypatch):
    """A real SMTP server; what arrives is in ``mails``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@stadt.example")
    yield box
    server.stop()
