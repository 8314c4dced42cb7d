# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real browser on the running cluster."""

import json
import os

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.cluster import PROFILE, STACK, Portal, outside, shoot


@pytest.fixture(scope="session")
def cluster() -> dict[str, Portal]:
    report = json.loads((STACK / f"{PROFILE}.json").read_text())
    return {p["name"]: Portal(p["name"], p["url"], p["users"]) for p in report["portals"]}


@pytest.fixture
def portal(cluster):
    """Kaiserslautern, without datasets of these tests before and after."""
    portal = cluster["kaiserslautern"]
    portal.purge(q="title:E2E", rows=50)
    yield portal
    portal.purge(q="title:E2E", rows=50)


@pytest.fixture
def draft(portal, request):
    """A draft of the editor's member with the ``TITLE`` of the module, begun by the API."""
    member = portal.api("organization_list_for_user", role="editor")[0]
    title = request.module.TITLE
    return portal.api(
        "verbund_draft_create", role="editor", title=title, owner_org=member["id"]
    )


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            # Chromium's own sandbox needs an unprivileged account.
            chromium_sandbox=os.geteuid() != 0,
            args=["--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def places(cluster):
    """What the placeholders of ``pages.yaml`` stand for."""
    portal = cluster["kaiserslautern"]
    found = portal.api("package_search", q="title:Spielplätze", rows=1)["results"][0]
    table = next(r for r in found["resources"] if r["datastore_active"])
    cases = portal.api("verbund_case_list", "editor", limit=100)["cases"]
    of = {name: f"kaiserslautern-{name}" for name in ("veranstaltungen", "kulturdenkmaeler")}
    ids = {name: portal.api("package_show", id=of[name])["id"] for name in of}
    undecided = portal.api("package_show", id="kaiserslautern-glascontainer")["resources"][0]
    return {
        "dataset": found["name"],
        "resource": table["id"],
        "organization": found["organization"]["name"],
        "undecided": of["veranstaltungen"],
        "undecided_resource": undecided["id"],
        "draft_case": next(c["id"] for c in cases if c["package_id"] == ids["veranstaltungen"]),
        "ready_case": next(
            c["id"] for c in cases if c["package_id"] == ids["kulturdenkmaeler"]
        ),
        "entry": portal.api("verbund_register_list", limit=1)["entries"][0]["id"],
    }


@pytest.fixture
def page(browser: Browser, request):
    context = browser.new_context(
        locale="de-DE", timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.outside = []
    page.broken = []
    page.on("request", lambda r: page.outside.append(r.url) if outside(r.url) else None)
    page.on("pageerror", lambda e: page.broken.append(str(e)))
    yield page
    shoot(page, request.node.name + "-ende")
    context.close()
