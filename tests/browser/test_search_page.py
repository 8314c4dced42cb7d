# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen looks for data: with a mouse, on a phone, by keyboard, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot

PATIENCE = 30_000


@pytest.fixture
def site(cluster):
    return cluster["kaiserslautern"].url


def test_a_citizen_filters_returns_and_reads_on(site, page):
    page.goto(f"{site}/dataset/?q=Spielplatz")
    heading = page.locator("#search-heading")
    expect(heading).to_contain_text("gefunden für „Spielplatz“")
    expect(page.locator(".verbund-lines mark").first).to_contain_text("Spielpl")
    page.goto(f"{site}/dataset/")
    everything = heading.inner_text()
    page.locator("#search-facets").get_by_role("link", name=re.compile("^GeoJSON")).click()
    chip = page.get_by_role("link", name="Filter entfernen: Format: GeoJSON")
    expect(chip).to_be_visible(timeout=PATIENCE)
    assert "verbund_format=GEOJSON" in page.url
    filtered = heading.inner_text()
    assert filtered != everything
    # said to those who do not see it, and the focus stays where they were
    expect(page.locator("#search-status")).to_have_text(filtered)
    assert page.evaluate("document.activeElement.id").startswith("verbund_format-")
    assert "Daten suchen" in page.title()

    page.go_back()
    # The page is fetched anew; going forward before it has come would be lost.
    page.wait_for_function(
        "performance.getEntriesByType('navigation')[0].type === 'reload'"
        " && document.readyState === 'complete'"
    )
    expect(heading).to_have_text(everything, timeout=PATIENCE)
    expect(page.locator("header")).to_be_visible()
    page.go_forward()
    expect(heading).to_have_text(filtered, timeout=PATIENCE)
    expect(page.locator("header")).to_be_visible()
    chip.click()
    expect(heading).to_have_text(everything, timeout=PATIENCE)
    expect(heading).to_be_focused()
    shoot(page, "suche")
    page.locator(".verbund-lines h3 a").first.click()
    page.wait_for_url("**/dataset/*")
    page.go_back()
    expect(page.locator("header")).to_be_visible()
    expect(heading).to_have_text(everything, timeout=PATIENCE)
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def test_suggestions_by_keyboard(site, page):
    for path, field in (("/", "#home-q"), ("/dataset/", "#search-q")):
        page.goto(site + path)
        box = page.locator(field)
        expect(box).to_have_role("combobox")
        box.focus()
        page.keyboard.type("spielpl", delay=30)
        listbox = page.get_by_role("listbox", name="Vorschläge")
        expect(listbox).to_be_visible(timeout=PATIENCE)
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(listbox).to_be_hidden()
        expect(box).to_have_value("spielpl")
        page.keyboard.press("ArrowDown")
        expect(listbox).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("ArrowDown")
        chosen = listbox.locator("[aria-selected=true]")
        expect(chosen).to_have_count(1)
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        page.keyboard.press("ArrowUp")  # from the first to the last
        expect(listbox.locator("[role=option]").last).to_have_attribute("aria-selected", "true")
        target = listbox.locator("[role=option]").last.get_attribute("data-url")
        shoot(page, f"vorschlaege-{field[1:]}")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{target}")
    assert not page.broken, page.broken


def test_on_a_phone_filters_are_folded_and_unfold(site, page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site}/dataset/")
    field, filters = page.locator("#search-q"), page.locator("#search-facets")
    expect(filters).to_be_hidden()
    results = page.locator("#search-results").bounding_box()["y"]
    assert (
        field.bounding_box()["y"]
        < page.get_by_text("Filter", exact=True).first.bounding_box()["y"]
        < results
    )
    shoot(page, "suche-telefon")
    page.locator("#search-fold").focus()
    page.keyboard.press("Space")
    expect(filters).to_be_visible()
    filters.get_by_role("link", name=re.compile("^CSV")).click()
    expect(page.locator(".verbund-chips")).to_contain_text("Format: CSV", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_section_is_drawn_on_the_map(site, page):
    page.goto(f"{site}/karte")
    page.get_by_role("button", name="Ausschnitt zeichnen").click()
    area = page.locator(".verbund-draw svg").bounding_box()
    left, top = area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.1
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + area["width"] * 0.6, top + area["height"] * 0.85, steps=4)
    page.mouse.up()
    page.wait_for_url("**/dataset/?ext_bbox=*")
    expect(page.locator("#search-heading")).to_contain_text("gefunden")
    expect(page.locator(".verbund-lines li").first).to_be_visible()
    expect(page.locator(".verbund-chips")).to_contain_text("Kartenausschnitt")


def test_everything_works_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(site + "/")
    page.fill("#home-q", "Spielplatz")
    page.keyboard.press("Enter")
    expect(page.locator("#search-heading")).to_contain_text("gefunden für „Spielplatz“")
    page.fill("#field-place", "Kaiserslautern")
    page.get_by_role("button", name="Ort anwenden").click()
    expect(page.locator(".verbund-chips")).to_contain_text("Ort der Daten: Kaiserslautern")
    expect(page.locator("#search-q")).to_have_value("Spielplatz")
    page.fill("#field-from", "2030")
    page.fill("#field-to", "2020")
    page.get_by_role("button", name="Zeitraum anwenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Ende liegt vor dem Beginn")
    expect(page.locator("#field-from")).to_have_value("2030")
    page.goto(site + "/karte")
    page.locator(".verbund-map a").first.click()
    expect(page.locator(".verbund-lines li").first).to_be_visible()
    page.goto(site + "/organization/")
    page.locator(".verbund-map a").first.click()
    expect(page.locator("h1")).to_have_text("Stadt Kaiserslautern")
    context.close()
