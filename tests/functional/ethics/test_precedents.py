# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""So haben andere entschieden: this portal and its neighbours, read by a job."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.domain import vocab
from ckanext.verbund.ethics import precedents
from ckanext.verbund.ethics.model import precedent

KIND = vocab.load("musterdatensatz").concepts[3]
ENTRY = {
    "id": "0b6f3f0e-1111-4222-8333-444455556666",
    "outcome": "refused",
    "decided_on": "2026-03-02",
    "title": "Spielgeräte <script>alert(1)</script>",
    "member": "Nachbarstadt",
    "office": "Grünflächenamt",
    "grounds": ["personal-data", "erfunden"],
    "reason": "Man erkennt einzelne Menschen.",
    "kind": KIND.code,
    "url": "https://boese.example/",
}


@pytest.fixture
def neighbour():
    """A web server that answers with a register, page by page."""
    pages, asked = {}, []

    class Register(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body = pages.get(self.path, (404, b""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield pages, asked, f"http://127.0.0.1:{server.server_port}/register.json"
    server.shutdown()
    server.server_close()


def register(*entries, total=None):
    return json.dumps({"entries": entries, "total": total or len(entries)}).encode()


@pytest.fixture
def read_registers(app, ckan_config, monkeypatch, neighbour):
    """Let the job run with this neighbour configured; returns what it could not read."""
    _pages, _asked, url = neighbour
    monkeypatch.setitem(ckan_config, "ckanext.verbund.ethics.allow_private_addresses", True)

    def run(urls=(url,)):
        monkeypatch.setitem(ckan_config, "ckanext.verbund.ethics.neighbours", list(urls))
        with app.flask_app.test_request_context():
            return precedents.refresh()

    yield run
    run(())
    model.Session.execute(sa.delete(precedent))
    model.Session.commit()


def test_what_a_neighbour_decided_stands_beside_the_questions(
    app, make, api, town, neighbour, read_registers
):
    pages, _asked, url = neighbour
    pages["/register.json?offset=0"] = (200, register(ENTRY))
    assert read_registers() == []
    case = api("verbund_case_create", "author", package_id=make(musterdatensatz=KIND.iri)["id"])
    told = api("verbund_precedent_list", "author", id=case.got["id"]).got
    assert told["kind"] == KIND.label()
    (one,) = [entry for entry in told["entries"] if entry["portal"]]
    assert one["outcome_text"] == "nicht veröffentlicht"
    assert one["grounds"] == ["Schutz personenbezogener Daten"]
    assert one["url"] == url.replace(".json", f"/{ENTRY['id']}")
    headers = {"Authorization": town.tokens["author"]}
    page = app.get(f"/pruefung/{case.got['id']}/fragen/B", headers=headers).text
    assert "So haben andere entschieden (1)" in page
    assert "Grünflächenamt" in page
    assert "<script>alert" not in page
    assert "boese" not in page
    for who in (None, "stranger"):
        assert api("verbund_precedent_list", who, id=case.got["id"]).status == 403


def test_other_data_have_no_precedent_here(make, api, neighbour, read_registers):
    pages, _asked, _url = neighbour
    pages["/register.json?offset=0"] = (200, register(ENTRY))
    read_registers()
    other = vocab.load("musterdatensatz").concepts[9]
    case = api(
        "verbund_case_create", "author", package_id=make(musterdatensatz=other.iri)["id"]
    )
    told = api("verbund_precedent_list", "author", id=case.got["id"]).got
    assert not [one for one in told["entries"] if one["portal"]]


def test_own_decisions_are_found_too_and_what_is_not_public_has_no_kind(
    make, api, publish, ready, step, read_registers
):
    published = publish(make(title="Alle Brunnen", musterdatensatz=KIND.iri))
    secret = make(title="Geheim", musterdatensatz=KIND.iri)
    refused = step(ready(secret), "decide_not", "decider", reason="Nein.")
    assert refused.ok, refused.got
    read_registers(())
    entries = api("verbund_register_list", limit=500).got["entries"]
    kinds = {one["id"]: one["kind"] for one in entries}
    assert kinds[published.case["decision"]["id"]] == KIND.code
    themes = {one["id"]: one["themes"] for one in entries}
    assert themes[published.case["decision"]["id"]] == ["SOCI"]
    assert kinds[refused.got["decision"]["id"]] == ""
    case = api("verbund_case_create", "author", package_id=make(musterdatensatz=KIND.iri)["id"])
    told = api("verbund_precedent_list", "author", id=case.got["id"]).got["entries"]
    assert "Alle Brunnen" in [one["title"] for one in told]
    assert "Geheim" not in str(told)


def test_a_broken_neighbour_keeps_what_it_had_and_a_former_one_loses_it(
    neighbour, read_registers
):
    pages, asked, url = neighbour
    more = [ENTRY | {"id": f"{n:08}-1111"} for n in range(2)]
    pages["/register.json?offset=0"] = (200, register(more[0], total=501))
    pages["/register.json?offset=500"] = (200, register(more[1], total=501))
    assert read_registers() == []
    assert asked == ["/register.json?offset=0", "/register.json?offset=500"]

    def kept():
        query = sa.select(sa.func.count()).where(precedent.c.source == url)
        return model.Session.scalar(query)

    assert kept() == 2
    for answer in ((500, b""), (200, b"<html>"), (200, b"x" * (5 << 20))):
        pages["/register.json?offset=0"] = answer
        assert read_registers() == [url]
        assert kept() == 2
    assert read_registers(()) == []
    assert kept() == 0


def test_the_own_network_is_not_read_unless_that_is_allowed(
    ckan_config, monkeypatch, neighbour, read_registers
):
    _pages, asked, url = neighbour
    monkeypatch.setitem(ckan_config, "ckanext.verbund.ethics.allow_private_addresses", False)
    assert read_registers() == [url]
    assert asked == []
