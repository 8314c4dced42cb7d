# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Kurzprüfung by mouse, without scripts: screens and clicks of a harmless dataset.

Runs against a portal with the gate; whoever administers the member also decides here.
"""

import io
import time

import pytest
import requests

from tests.browser.cluster import shoot, sign_in
from tests.browser.test_accessibility import SETTLED, violations

NAME = "e2e-kurzpruefung"
KIND = "freizeit/spielplatzUndSpielstaette"
LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
REASON = "Es geht um Geräte auf öffentlichen Plätzen, niemand wird genannt."
ROWS = "Platz;Ortsteil;Schaukeln\n" + "".join(f"Platz {n};Nord;{n + 3}\n" for n in range(30))
ROLES = ("decider", "leitung", "reviewer")


@pytest.fixture
def portal(cluster):
    """A portal whose member allows the Kurzprüfung for playgrounds; put back afterwards."""
    portal = cluster["kaiserslautern"]
    portal.purge(fq=f"name:{NAME}")
    member = portal.api("organization_show", id="stadt-kaiserslautern")["id"]
    about = {"organization_id": member}
    somebody = {**about, "user": portal.user("orgadmin")["name"]}
    held = {
        one["role"]
        for one in portal.api("verbund_role_list", role="orgadmin", **about)
        if one["user"] == somebody["user"]
    }
    given = [role for role in ROLES if role not in held]
    for role in given:
        give(portal, somebody, role)
    kinds = portal.api("verbund_short_list_show", role="orgadmin", **about)["adopted"]
    adopt = {**about, "types": sorted({*kinds, KIND})}
    portal.api("verbund_short_list_set", role="orgadmin", **adopt)
    yield portal
    portal.purge(fq=f"name:{NAME}")
    portal.api("verbund_short_list_set", role="orgadmin", **about, types=kinds)
    for role in given:
        give(portal, somebody, role, remove=True)


def give(portal, somebody, wanted, **more):
    send(portal, "verbund_role_set", {**somebody, "role": wanted, **more})


def send(portal, action, fields):
    """Call an action whose fields are named like those of ``Portal.api``."""
    answer = requests.post(
        f"{portal.url}/api/3/action/{action}",
        json=fields,
        headers={"Authorization": portal.user("orgadmin")["token"]},
        timeout=60,
    )
    assert answer.json()["success"], answer.text


@pytest.fixture
def dataset(portal):
    """A dataset whose file the automatic check has looked at."""
    member = portal.api("organization_show", id="stadt-kaiserslautern")["id"]
    made = portal.api(
        "package_create", role="editor", name=NAME, title="E2E Spielplätze", private=True,
        notes="Alle Spielplätze der Stadt mit ihren Schaukeln.", owner_org=member,
        musterdatensatz=KIND,
        theme=["http://publications.europa.eu/resource/authority/data-theme/SOCI"],
    )  # fmt: skip
    added = requests.post(
        f"{portal.url}/api/3/action/resource_create",
        data={"package_id": made["id"], "name": "Plätze", "format": "CSV", "license": LICENSE},
        files={"upload": ("plaetze.csv", io.BytesIO(ROWS.encode()))},
        headers={"Authorization": portal.user("editor")["token"]},
        timeout=60,
    )
    assert added.json()["success"], added.text
    end = time.monotonic() + 180
    while portal.api("verbund_scan_show", role="editor", package_id=NAME)["pending"]:
        assert time.monotonic() < end, "the worker has not looked at the file"
        time.sleep(0.5)
    return made


class Hand:
    """Clicks and counts, without scripts."""

    def __init__(self, browser, portal, role):
        self.context = browser.new_context(
            locale="de-DE", viewport={"width": 1280, "height": 900}, java_script_enabled=False
        )
        self.page = self.context.new_page()
        sign_in(self.page, portal, role)
        self.screens, self.clicks = 0, 0

    def click(self, selector):
        """Click on something of the screen."""
        self.clicks += 1
        self.page.click(selector)

    def look(self, heading):
        """Read a screen that is there now."""
        self.screens += 1
        assert heading in self.page.inner_text("h1")
        shoot(self.page, f"kurzpruefung-{self.screens}")


def test_eight_screens_for_the_author_and_one_for_the_decider(browser, portal, dataset):
    author = Hand(browser, portal, "editor")
    page = author.page
    page.goto(f"{portal.url}/dataset/{NAME}/pruefung")
    author.look("Darf das veröffentlicht werden?")
    author.click("button:has-text('Kurzprüfung beginnen')")
    for _ in "ABCDEF":
        author.look("Trifft etwas davon zu?")
        author.click("button:has-text('Nichts trifft zu')")
    author.look("Bestätigen und absenden")
    for tick in page.locator("input[name=ticks]").all():
        author.clicks += 1
        tick.check()
    page.fill("#feld-reason", REASON)
    author.click("button:has-text('Zur Prüfung geben')")
    assert author.screens <= 8
    assert author.clicks <= 12
    case = page.url.rsplit("/", 1)[1]
    author.context.close()

    state = portal.api("verbund_case_show", role="orgadmin", id=case)
    if state["state"] == "review":
        step = {"id": case, "action": "pass", "fingerprint": state["fingerprint"]}
        send(portal, "verbund_case_act", step)
    decider = Hand(browser, portal, "orgadmin")
    page = decider.page
    page.goto(f"{portal.url}/pruefung/{case}")
    decider.look("Empfehlung: offen veröffentlichen")
    assert "Kurzprüfung: Nichts trifft zu" in page.inner_text("[role=main]")
    page.fill("#decide-password", portal.user("orgadmin")["password"])
    decider.click("button:has-text('Entscheiden und unterschreiben')")
    assert "Entschieden: offen" in page.inner_text("h1")
    assert (decider.screens, decider.clicks) == (1, 1)
    decider.context.close()
    public = requests.get(f"{portal.url}/dataset/{NAME}", timeout=60)
    assert "Geprüft und freigegeben am" in public.text


def test_the_pages_of_a_check_have_no_barriers(portal, dataset, page):
    case = portal.api("verbund_case_create", role="editor", package_id=dataset["id"])
    file = case["scan"]["files"][0]["resource_id"]
    at = f"/pruefung/{case['id']}"
    paths = (
        f"/dataset/{NAME}/pruefung", f"{at}/kurz/B", f"{at}/kurz/abschluss", f"{at}/treffer",
        f"{at}/treffer/{file}/zeilen", f"/dataset/{NAME}?oeffentlich=1",
        "/organization/stadt-kaiserslautern/kurzpruefung",
    )  # fmt: skip
    sign_in(page, portal, "editor")
    wrong = {}
    for path in paths:
        page.goto(portal.url + path, wait_until="load")
        for scheme in ("light", "dark"):
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.evaluate(SETTLED)
                found = violations(page)
                wide = page.evaluate("document.documentElement.scrollWidth") - width
                if found or wide > 0:
                    wrong[path, scheme, width] = found, wide
    assert not wrong, wrong
    assert not page.outside, page.outside
    assert not page.broken, page.broken
