# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Restricted means one of two: description public and data on request, or a coarser version."""

import json
import time

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model

from ckanext.verbund.domain.ethics.restriction import RESTRICTED
from ckanext.verbund.ethics.model import event

from .test_canary import canary, found  # noqa: F401 a fixture and its crawler

ON_REQUEST = {
    "way": "on_request",
    "reason": "Nur für Forschung.",
    "conditions": "Auf Anfrage beim Amt 67.",
}
COARSER = ON_REQUEST | {"way": "derivative", "conditions": "Öffentlich sind Summen je Viertel."}


@pytest.fixture
def restrict(ready, step):
    """Let a package be decided as restricted; returns the case."""

    def decide(package, **fields):
        done = step(ready(package), "decide_restricted", "decider", **ON_REQUEST | fields)
        assert done.ok, done.got
        return done.got

    return decide


def test_the_decider_says_which_of_the_two(make, ready, step):
    case = ready(make())
    fields = {name: ON_REQUEST[name] for name in ("reason", "conditions")}
    assert step(case, "decide_restricted", "decider", **fields).got["code"] == ["way"]
    wrong = step(case, "decide_restricted", "decider", **fields, way="beides")
    assert "way" in wrong.got
    without = step(case, "decide_restricted", "decider", **ON_REQUEST | {"conditions": ""})
    assert without.got["code"] == ["conditions"]


# -- On request ----------------------------------------------------------------------------


def test_on_request_the_description_is_public_and_no_file_is(app, make, restrict, api):
    package = make()
    file = package["resources"][0]["id"]
    restrict(package)
    shown = api("package_show", id=package["id"])
    assert shown.ok, shown.got
    assert shown.got["resources"] == []
    assert shown.got["access_rights"] == RESTRICTED
    assert api("package_search", q=f'id:"{package["id"]}"').got["count"] == 1
    doors = [
        f"/dataset/{package['id']}/resource/{file}/download/plaetze.csv",
        f"/dataset/{package['name']}/resource/{file}",
        f"/dataset/intern-{package['id']}",
        f"/dataset/intern-{package['id']}/resource/{file}/download/plaetze.csv",
    ]
    assert [app.get(door, status=None).status_code == 200 for door in doors] == [False] * 4
    for action in ("resource_show", "datastore_search"):
        assert not api(action, id=file, resource_id=file).ok
    assert api("resource_search", query="name:Plätze").got["results"] == []
    told = api("verbund_decision_show", package_id=package["id"]).got
    assert (told["way"], told["conditions"]) == ("on_request", "Auf Anfrage beim Amt 67.")
    assert "decided_by" not in told
    assert "authors" not in told


def test_on_request_rdf_says_restricted_and_has_no_distribution(app, make, restrict):
    package = make()
    restrict(package)
    graph = app.get(f"/dataset/{package['id']}.ttl").text
    assert "access-right/RESTRICTED" in graph
    assert "dcat:Distribution" not in graph
    catalogue = app.get("/catalog.jsonld").text
    assert package["resources"][0]["id"] not in catalogue


def test_staff_keep_the_files_and_get_them_back_by_a_revocation(
    app, make, restrict, api, step, town, hidden
):
    package = make(access_rights="http://publications.europa.eu/resource/authority/"
                   "access-right/PUBLIC")  # fmt: skip
    file = package["resources"][0]["id"]
    case = restrict(package)
    inside = api("package_show", "author", id=f"intern-{package['id']}").got
    assert [one["id"] for one in inside["resources"]] == [file]
    related = api("verbund_restriction_show", "author", package_id=package["id"]).got
    assert [one["kind"] for one in related["related"]] == ["files"]
    assert api("verbund_restriction_show", package_id=package["id"]).got["related"] == []
    headers = {"Authorization": town.tokens["author"]}
    at = f"/dataset/{inside['id']}/resource/{file}/download/plaetze.csv"
    assert app.get(at, headers=headers).status_code == 200
    done = step(case, "revoke", "decider", reason="Es bleibt nicht dabei.")
    assert done.ok, done.got
    back = api("package_show", "author", id=package["id"]).got
    assert [one["id"] for one in back["resources"]] == [file]
    assert back["access_rights"] == package["access_rights"]
    hidden(back)
    again = step(done.got, "review_again", "author")
    assert again.ok, again.got
    assert step(again.got, "submit", "author").ok


def test_suspended_and_resumed_the_files_stay_inside(make, restrict, api, step, hidden):
    package = make()
    case = restrict(package)
    assert step(case, "suspend", "author", reason="Da steht ein Name.").ok
    hidden(package)
    assert step(case, "resume", "decider", reason="Kein Name.").ok
    assert api("package_show", id=package["id"]).got["resources"] == []


def test_nobody_decides_on_the_files_apart(make, restrict, api):
    package = make()
    restrict(package)
    inside = api("package_show", "author", id=f"intern-{package['id']}").got
    refused = api("verbund_case_create", "author", package_id=inside["id"])
    assert refused.status == 409
    assert "auf Anfrage" in str(refused.got)
    listed = api("verbund_undecided_list", "author", limit=500).got["datasets"]
    assert inside["id"] not in {one["id"] for one in listed}
    public = api("package_patch", "author", id=inside["id"], private=False)
    assert not public.ok
    assert not api("package_show", id=inside["id"]).ok


def test_a_decision_without_files_is_public_too(make, restrict, api):
    package = make(upload=None)
    restrict(package)
    assert api("package_show", id=package["id"]).got["access_rights"] == RESTRICTED


def test_no_mark_of_a_file_and_every_mark_of_the_description(app, canary, staffed, restrict):  # noqa: F811
    inside = {m for m, place in canary.marks.items() if m in json.dumps(canary.resource)}
    inside |= {m for m, place in canary.marks.items() if place in {"Spalte", "Zelle"}}
    inside |= {m for m, place in canary.marks.items() if place == "Tabellenspalte"}
    outside = set(canary.marks) - inside
    assert len(inside) > 5
    assert len(outside) > 15
    restrict(canary.package)
    for who in (None, "stranger"):
        seen = found(app, canary, staffed, who)
        assert not seen & inside, {canary.marks[mark] for mark in seen & inside}
    missing = outside - found(app, canary, staffed, None)
    assert not missing, {canary.marks[mark] for mark in missing}


# -- A coarser version ---------------------------------------------------------------------


def test_the_original_of_a_coarser_version_stays_inside_as_a_whole(make, restrict, hidden):
    for package in (make(), make(upload=None)):
        restrict(package, **COARSER)
        hidden(package)


def test_a_coarser_version_has_a_title_case_and_decision_of_its_own(
    app, make, restrict, api, publish, hidden, visible
):
    original = make(title="Standorte der Frauenhäuser")
    restrict(original, **COARSER)
    same = {"package_id": original["id"], "title": "Standorte der Frauenhäuser"}
    assert "title" in api("verbund_derivative_create", "author", **same).got
    fields = {"package_id": original["id"], "title": "Plätze je Landkreis"}
    for who, status in ((None, 404), ("stranger", 404), ("decider", 403)):
        assert api("verbund_derivative_create", who, **fields).status == status
    made = api("verbund_derivative_create", "author", **fields)
    assert made.ok, made.got
    assert (made.got["state"], made.got.get("resources")) == ("draft", [])
    whole = {"id": made.got["id"], "state": "active", "private": True}
    assert api("package_patch", "author", **whole).ok
    derivative = api("package_show", "author", id=made.got["id"]).got
    hidden(derivative)
    publish(derivative)
    visible(derivative)
    hidden(original)
    shown = api("verbund_restriction_show", package_id=derivative["id"]).got
    assert (shown["coarser"], shown["related"]) == (True, [])
    inside = api("verbund_restriction_show", "author", package_id=derivative["id"]).got
    assert [one["title"] for one in inside["related"]] == ["Standorte der Frauenhäuser"]
    page = app.get(f"/dataset/{derivative['name']}").text
    assert "Gröbere Fassung" in page
    texts = [page, str(api("package_show", id=derivative["id"]).got)]
    texts += [app.get(f"/dataset/{derivative['id']}.{kind}").text for kind in ("ttl", "jsonld")]
    assert not [text for text in texts if "Frauenh" in text or original["id"] in text]


# -- Requests ------------------------------------------------------------------------------


@pytest.fixture
def ask_for(app, monkeypatch):
    """Send the form of a request as somebody without account, at a human pace."""

    def send(package, **fields):
        at = f"/dataset/{package['name']}/frage"
        page = BeautifulSoup(app.get(f"{at}?art=request").text, "html.parser")
        stamp = page.find("input", {"name": "stamp"})["value"]
        later = time.time() + 60
        with monkeypatch.context() as clock:
            clock.setattr(time, "time", lambda: later)
            fields = {"kind": "request", "text": "Für eine Studie.", "stamp": stamp} | fields
            return app.post(at, data=fields, follow_redirects=False)

    return send


@pytest.fixture
def read_chain():
    """Return what the chain says about requests for a package."""

    def read(package):
        query = sa.select(event.c.action).where(
            event.c.package_id == package["id"], event.c.action.like("request%")
        )
        return list(model.Session.scalars(query.order_by(event.c.seq)))

    return read


def test_data_are_requested_with_a_visible_status_and_granted(
    app, make, restrict, api, ask_for, read_chain
):
    package = make()
    restrict(package)
    page = app.get(f"/dataset/{package['name']}").text
    assert "Daten auf Anfrage" in page
    assert "Auf Anfrage beim Amt 67." in page
    assert "art=request" in page
    form = app.get(f"/dataset/{package['name']}/frage?art=request").text
    assert "Daten anfragen" in form
    assert "Auf Anfrage beim Amt 67." in form
    sent = ask_for(package)
    assert sent.status_code == 302, sent.text
    status = sent.headers["Location"]
    assert 'aria-current="step" class="done">\n      Neu' in app.get(status).text
    waiting = api("verbund_question_list", "author", kind="request").got["questions"]
    mine = next(one for one in waiting if one["dataset"] == package["title"])
    assert not api("verbund_question_list", "stranger", kind="request").got["total"]
    assert api("verbund_question_answer", "author", id=mine["id"], answer="Auf DVD.").ok
    told = app.get(status).text
    assert "Zugang gewährt" in told
    assert "Auf DVD." in told
    assert read_chain(package) == ["request", "request_grant"]


def test_a_declined_request_names_the_reason_and_what_one_can_do(
    app, make, restrict, api, ask_for, read_chain, town
):
    package = make()
    restrict(package)
    status = ask_for(package).headers["Location"]
    id = api("verbund_question_list", "author", kind="request").got["questions"][-1]["id"]
    headers = {"Authorization": town.tokens["author"]}
    assert "Anfrage ablehnen" in app.get(f"/fragen/{id}", headers=headers).text
    assert api("verbund_question_close", "author", id=id, reason="Zu wenig Angaben.").ok
    told = app.get(status).text
    assert "Abgelehnt" in told
    assert "Zu wenig Angaben." in told
    assert "nach welchem Gesetz" in told
    assert read_chain(package) == ["request", "request_decline"]


def test_only_data_on_request_are_requested(app, make, publish, ask_for, read_chain):
    package = publish(make()).package
    assert "Datenanfrage" not in app.get(f"/dataset/{package['name']}/frage?art=request").text
    refused = ask_for(package)
    assert refused.status_code == 422
    assert "worum es geht" in refused.text
    assert read_chain(package) == []
