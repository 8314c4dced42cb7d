# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole ways from the start page to the data: of a citizen, a journalist, a keyboard user.

The way of a clerk is in ``test_forms``; what each page does alone is in the other files.
"""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot

PATIENCE = 30_000
KEYS = 60
"""How many times somebody presses the tabulator before giving a page up."""


@pytest.fixture
def start(cluster):
    return cluster["kaiserslautern"].url + "/"


def test_a_citizen_with_a_question_gets_to_the_answer(start, page):
    page.goto(start)
    page.get_by_role("combobox").fill("Wo ist ein Spielplatz?")
    page.keyboard.press("Enter")
    expect(page.locator("#search-heading")).to_contain_text("gefunden")
    first = page.locator(".verbund-lines h3 a").first
    expect(first).to_have_text("Spielplätze")
    first.click()
    expect(page.locator("h1")).to_have_text("Spielplätze")
    # What it is, how fresh it is, and how it may be used stand on the first page.
    expect(page.locator(".verbund-badges").first).to_contain_text(re.compile(r"Stand: \d"))
    expect(page.get_by_role("img", name=re.compile("Karte: 45 Orte"))).to_be_visible()
    expect(page.locator(".verbund-dataset__aside")).to_contain_text("Sie dürfen die Daten")
    page.get_by_role("link", name="Kartendienst Stadtgrün und Freizeit (WFS)").click()
    expect(page.locator("h1")).to_have_text("Kartendienst Stadtgrün und Freizeit (WFS)")
    page.get_by_role("link", name="Baumkataster", exact=True).click()
    expect(page.locator("h1")).to_have_text("Baumkataster")
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def test_a_journalist_on_a_phone_compares_budgets(start, page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(start)
    page.get_by_role("combobox").fill("Haushalt 2025")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Haushaltsplan 2025 nach Produkten").click()
    expect(page.locator("h1")).to_have_text("Haushaltsplan 2025 nach Produkten")
    page.get_by_role("link", name="Haushaltspläne", exact=True).click()
    expect(page.locator("h1")).to_have_text("Haushaltspläne")
    years = page.locator(".verbund-parts__period")
    expect(years).to_have_text(["2026", "2025", "2024"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "reihe-telefon")
    page.get_by_role("link", name="Haushaltsplan 2026 nach Produkten").click()
    expect(page.locator("#tabelle")).to_be_attached()
    with page.expect_download() as waiting:
        page.get_by_role(
            "link", name=re.compile("^Herunterladen ?: Haushaltsplan 2026")
        ).click()
    assert "Ansatz 2026 in €" in waiting.value.path().read_text(encoding="cp1252")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def tab_to(page, wanted):
    """Press the tabulator until a place of this accessible name has the focus."""
    for _ in range(KEYS):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.innerText || '').replace(/\\s+/g, ' ').trim()"
        )
        if re.search(wanted, name):
            return
    raise AssertionError(f"{wanted} not reached on {page.url}")


def test_with_the_keyboard_alone_somebody_searches_filters_and_downloads(start, page):
    page.goto(start)
    for _ in range(KEYS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "combobox":
            break
    page.keyboard.type("Radverkehr")
    page.keyboard.press("Enter")
    expect(page.locator("#search-heading")).to_contain_text("gefunden für „Radverkehr“")
    # A new page begins at the top: the skip link, then the filters.
    tab_to(page, "^Zum Inhalt")
    page.keyboard.press("Enter")
    tab_to(page, "^GeoJSON")
    page.keyboard.press("Enter")
    expect(page.locator(".verbund-chips")).to_contain_text("Format: GeoJSON", timeout=PATIENCE)
    tab_to(page, "^Radverkehr an Dauerzählstellen$")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Radverkehr an Dauerzählstellen")
    tab_to(page, "^Zum Inhalt")
    page.keyboard.press("Enter")
    tab_to(page, "^Herunterladen.*GeoJSON")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    content = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    assert not page.broken, page.broken
