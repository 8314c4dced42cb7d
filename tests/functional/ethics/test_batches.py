# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alike datasets are answered once and decided once; each has a decision of its own."""

import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model

from ckanext.verbund.domain import vocab
from ckanext.verbund.ethics.model import decision

from .conftest import PASSWORD, harmless

KIND = vocab.load("musterdatensatz").concepts[5].iri


@pytest.fixture
def alike(make, screen):
    """Make datasets of one kind with the same columns, their files looked at."""

    def several(*titles, **fields):
        made = [make(title=title, musterdatensatz=KIND, **fields) for title in titles]
        for package in made:
            screen(package)
        return made

    return several


@pytest.fixture
def begun(alike, api):
    """Begin a batch of three; returns the leading case and the datasets."""
    packages = alike("Bänke Nord", "Bänke Süd", "Bänke West")
    made = api("verbund_batch_create", "author", package_ids=[p["id"] for p in packages])
    assert made.ok, made.got
    assert made.got["dropped"] == []
    answers = {"id": made.got["id"], "answers": harmless()}
    assert api("verbund_case_answer", "author", **answers).ok
    return made.got, packages


@pytest.fixture
def together(api):
    """Do a step for a whole batch, as it was seen; returns the answer."""

    def do(id, action, who, **fields):
        case = api("verbund_case_show", who, id=id).got
        others = api("verbund_batch_show", who, id=id).got["others"]
        seen = {one["id"]: one["fingerprint"] for one in others}
        fields = {"others": seen, "fingerprint": case["fingerprint"]} | fields
        done = api("verbund_batch_act", who, id=id, action=action, **fields)
        assert done.ok, done.got
        return done.got

    return do


def test_only_what_is_alike_is_proposed(alike, make, api, screen):
    packages = alike("Brunnen A", "Brunnen B")
    other = make(title="Brunnen C", musterdatensatz=KIND, upload=b"Name;Anschrift\nX;Y\n")
    screen(other)
    unknown = make(title="Brunnen D")
    groups = api("verbund_batch_propose", "author").got
    listed = [{one["id"] for one in group["datasets"]} for group in groups]
    (mine,) = [ids for ids in listed if packages[0]["id"] in ids]
    assert packages[1]["id"] in mine
    assert not {other["id"], unknown["id"]} & mine
    assert api("verbund_batch_propose", "stranger").got == []


def test_what_is_not_alike_stays_apart_with_the_reason(alike, make, api, screen):
    packages = alike("Linden A", "Linden B")
    other = make(title="Linden C", musterdatensatz=KIND, upload=b"Name;Anschrift\nX;Y\n")
    screen(other)
    ids = [one["id"] for one in (*packages, other)]
    assert api("verbund_batch_create", "decider", package_ids=ids).status == 403
    made = api("verbund_batch_create", "author", package_ids=ids)
    assert made.ok, made.got
    assert len(made.got["cases"]) == 2
    (dropped,) = made.got["dropped"]
    assert dropped["id"] == other["id"]
    assert "Spalten" in dropped["why"]
    alone = api("verbund_batch_create", "author", package_ids=[ids[0], ids[2]])
    assert alone.status == 409


def test_a_batch_is_answered_and_decided_once_with_a_record_for_each(
    begun, api, together, visible, publish
):
    made, packages = begun
    assert together(made["id"], "submit", "author")["dropped"] == []
    assert together(made["id"], "pass", "reviewer")["dropped"] == []
    signed = {"password": PASSWORD, "register_title": "Bänke Nord"}
    done = together(made["id"], "decide_open", "decider", **signed)
    assert set(done["done"]) == set(made["cases"])
    found = model.Session.execute(
        sa.select(decision.c.package_id, decision.c.fingerprint, decision.c.case_id).where(
            decision.c.package_id.in_([one["id"] for one in packages])
        )
    ).all()
    assert {one.package_id for one in found} == {one["id"] for one in packages}
    assert len({one.fingerprint for one in found}) == 3
    assert {one.case_id for one in found} == set(made["cases"])
    entries = api("verbund_register_list", limit=500).got["entries"]
    titles = [one["title"] for one in entries]
    assert {"Bänke Nord", "Bänke Süd", "Bänke West"} <= set(titles)
    for package in packages:
        visible(api("package_show", "author", id=package["id"]).got)


def test_a_miss_in_one_takes_only_that_one_out(begun, api, together, hidden, visible):
    made, packages = begun
    together(made["id"], "submit", "author")
    together(made["id"], "pass", "reviewer")
    seen = {
        one["id"]: one["fingerprint"]
        for one in api("verbund_batch_show", "decider", id=made["id"]).got["others"]
    }
    changed = packages[1]
    assert api("package_patch", "colleague", id=changed["id"], notes="Etwas anderes").ok
    done = together(made["id"], "decide_open", "decider", password=PASSWORD, others=seen)
    assert len(done["done"]) == 2
    case = next(one["id"] for one in cases_of(api, changed))
    hidden(api("package_show", "author", id=changed["id"]).got)
    assert api("verbund_case_show", "author", id=case).got["state"] == "draft"
    visible(api("package_show", "author", id=packages[2]["id"]).got)


def test_a_finding_in_one_takes_only_that_one_out(make, alike, api, together, screen):
    packages = alike("Schulweg A", "Schulweg B")
    ill = make(title="Schulweg C", musterdatensatz=KIND,
               upload=b"Platz;Schaukeln\nDE89370400440532013000;2\n")  # fmt: skip
    screen(ill)
    ids = [one["id"] for one in (*packages, ill)]
    made = api("verbund_batch_create", "author", package_ids=ids).got
    assert len(made["cases"]) == 3
    api("verbund_case_answer", "author", id=made["id"], answers=harmless())
    done = together(made["id"], "submit", "author")
    assert [one["title"] for one in done["dropped"]] == ["Schulweg C"]
    assert "widerspricht" in done["dropped"][0]["why"]
    (alone,) = cases_of(api, ill)
    shown = api("verbund_case_show", "author", id=alone["id"]).got
    assert shown["answers"].keys() == harmless().keys()  # nothing that was entered is lost
    assert [one["action"] for one in shown["history"]][-1] == "batch_leave"


def cases_of(api, package):
    return api("verbund_case_list", "author", package_id=package["id"]).got["cases"]


def test_four_eyes_hold_for_each(begun, api, together, staffed):
    made, _packages = begun
    together(made["id"], "submit", "author")
    together(made["id"], "pass", "reviewer")
    given = {"organization_id": staffed.home["id"], "role": "decider"}
    name = staffed.people["colleague"]["name"]
    follower = next(id for id in made["cases"] if id != made["id"])
    model.Session.execute(
        sa.text("INSERT INTO verbund_ethics_author VALUES (:case, :user)"),
        {"case": follower, "user": staffed.people["colleague"]["id"]},
    )
    model.Session.commit()
    model.User.get(name).password = PASSWORD
    model.Session.commit()
    assert api("verbund_role_set", "admin", user=name, **given).ok
    done = together(made["id"], "decide_open", "colleague", password=PASSWORD)
    assert [one["id"] for one in done["dropped"]] == [follower]
    assert "zweite Person" in done["dropped"][0]["why"]
    assert api("verbund_role_set", "admin", user=name, remove=True, **given).ok


# -- Pages ---------------------------------------------------------------------------------


def test_the_pages_lead_from_the_list_to_one_signature(alike, api, read, send):
    packages = alike("Poller Ost", "Poller Mitte", "Poller Hafen")
    page = read("/pruefungen/stapel", "author").text
    assert "Poller Hafen" in page
    sent = send("/pruefungen/stapel", "author", package=[one["id"] for one in packages])
    assert sent.status_code == 302
    id = re.search(r"/pruefung/([0-9a-f-]+)/fragen/A", sent.headers["Location"])[1]
    assert api("verbund_case_answer", "author", id=id, answers=harmless()).ok
    for who, step in (("author", "submit"), ("reviewer", "pass")):
        assert (
            send(f"/pruefung/{id}/{step}", who, **form(read, id, who, step)).status_code == 302
        )
    fields = form(read, id, "decider", "decide")
    assert len(fields["also"]) == 2
    left = fields["also"].pop()
    answer = send(f"/pruefung/{id}/decide", "decider",
                  **fields | {"action": "decide_open", "password": PASSWORD})  # fmt: skip
    assert answer.status_code == 302
    states = sorted(cases_of(api, one)[0]["state"] for one in packages)
    assert states == ["decided_open", "decided_open", "ready"]
    apart = left.split(":", maxsplit=1)[0]
    assert "ein Stapel" not in read(f"/pruefung/{apart}", "author").text


def form(read, id, who, step):
    """Return the fields of a form as the page has them."""
    page = BeautifulSoup(read(f"/pruefung/{id}", who).text, "html.parser")
    fields = {}
    for one in page.find("form", {"action": f"/pruefung/{id}/{step}"}).find_all("input"):
        if one.get("type") in {"hidden", "checkbox"} and one["name"] != "_csrf_token":
            fields.setdefault(one["name"], []).append(one["value"])
    return fields


def test_a_choice_of_one_is_refused_with_the_choice_kept(alike, send):
    packages = alike("Tor A", "Tor B")
    page = send("/pruefungen/stapel", "author", package=[packages[0]["id"]])
    assert page.status_code == 422
    assert "zwei bis 50" in page.text
    shown = BeautifulSoup(page.text, "html.parser")
    ticked = {
        one["value"]
        for one in shown.find_all("input", {"name": "package"})
        if one.has_attr("checked")
    }
    assert ticked == {packages[0]["id"]}


def test_one_goes_on_alone_when_its_editor_wants_it(begun, api, read, send):
    made, _packages = begun
    follower = next(id for id in made["cases"] if id != made["id"])
    assert "Allein prüfen" in read(f"/pruefung/{follower}", "author").text
    assert send(f"/pruefung/{follower}/stapel-verlassen", "decider").status_code == 403
    assert send(f"/pruefung/{follower}/stapel-verlassen", "author").status_code == 302
    others = api("verbund_batch_show", "author", id=made["id"]).got["others"]
    assert follower not in [one["id"] for one in others]
