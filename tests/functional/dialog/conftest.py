# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members with staff and data, a mail server, and a clock that can be moved."""

import socket
import time
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.verbund.dialog import guard, mails
from ckanext.verbund.dialog.model import Published, Question

PASSWORD = "zwoelf-Spielplaetze-9"


class Mailbox:
    """Keeps what a mail server takes."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 the server's name for it
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(SimpleNamespace(to=envelope.rcpt_tos, mail=mail))
        return "250 OK"

    def text(self, number=-1):
        return self.mails[number].mail.get_body().get_content()


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def post(app, ckan_config, monkeypatch, free_port):
    """A real SMTP server; ``send`` empties the outbox, what arrives is in ``mails``."""
    box = Mailbox()

    def send():
        with app.flask_app.test_request_context():  # the worker has one as well
            return mails.send_due()

    box.send = send
    server = Controller(box, hostname="127.0.0.1", port=free_port)
    server.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{free_port}")
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@stadt.example")
    yield box
    server.stop()


@pytest.fixture(scope="module")
def app(portal):
    return portal


@pytest.fixture(autouse=True)
def _fresh(app):
    """Begin without questions, counters and changes of the test before."""
    redis = connect_to_redis()
    for key in redis.keys("verbund:unittest:*"):
        redis.delete(key)
    yield
    model.Session.rollback()
    for table in (Question, Published):
        model.Session.execute(sa.delete(table))
    model.Session.commit()
    model.Session.remove()


@pytest.fixture
def later(monkeypatch):
    """Let forms seem to have been open for ten seconds, or as long as one says."""

    def move(seconds):
        clock = SimpleNamespace(time=lambda: time.time() + seconds)
        monkeypatch.setattr(guard, "time", clock)

    move(10)
    return move


@pytest.fixture(scope="module")
def crowd(app):
    """Two members; one has staff of every role."""
    people = {
        name: factories.User(password=PASSWORD)
        for name in ("editor", "admin", "member", "other", "stranger")
    }
    people["sysadmin"] = factories.Sysadmin()
    town = factories.Organization(
        title="Stadt Beispiel",
        email="daten@stadt.example",
        users=[
            {"name": people[role]["name"], "capacity": role}
            for role in ("editor", "admin", "member")
        ],
    )
    neighbour = factories.Organization(
        title="Nachbarort", users=[{"name": people["other"]["name"], "capacity": "admin"}]
    )
    return SimpleNamespace(people=people, town=town, neighbour=neighbour)


@pytest.fixture
def world(crowd):
    """The members, and a dataset that the test may change."""
    dataset = factories.Dataset(owner_org=crowd.town["id"], title="Bäume", notes="Alle Bäume")
    return SimpleNamespace(**vars(crowd), dataset=dataset)


@pytest.fixture
def signed_in(app, world):
    """A browser in which the editor has logged in through the form."""
    browser = app.test_client()
    login = {"login": world.people["editor"]["name"], "password": PASSWORD}
    assert "Ihre Aufgaben" in browser.post("/user/login", data=login).text
    return browser


@pytest.fixture
def ask(app, later, post):
    """Fill the form of an address and send it; returns the answer."""

    def send(address, *, headers=None, **fields):
        page = BeautifulSoup(app.get(address).body, "html.parser")
        form = page.find("textarea", {"name": "text"}).find_parent("form")
        sent = {i["name"]: i.get("value", "") for i in form.find_all("input", type="hidden")}
        sent |= {"kind": "question", "text": "Wie alt sind die Bäume?"} | fields
        return app.post(address, data=sent, follow_redirects=False, headers=headers)

    return send
