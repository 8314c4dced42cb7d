# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen and a journalist find, understand and use a dataset."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot


@pytest.fixture(scope="module")
def bikes(cluster):
    portal = cluster["kaiserslautern"]
    return f"{portal.url}/dataset/kaiserslautern-radzaehlung"


def test_a_citizen_reads_the_licence_and_copies_the_source(bikes, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(bikes)
    card = page.locator(".verbund-card", has=page.get_by_role("heading", name="Lizenz"))
    expect(card).to_contain_text("Sie dürfen die Daten für jeden Zweck nutzen")
    page.get_by_role("button", name="Quellenangabe kopieren").click()
    expect(page.get_by_role("status").filter(has_text="Kopiert")).to_have_count(1)
    text = page.evaluate("navigator.clipboard.readText()")
    assert "https://www.govdata.de/dl-de/by-2-0" in text
    assert text.endswith(bikes)
    assert not page.outside
    assert not page.broken


def test_tabs_are_walked_with_the_keyboard(bikes, page):
    page.goto(bikes)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Diagramm", "Tabelle", "Spalten"])
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Tabelle")).to_be_focused()
    expect(page.get_by_role("tab", selected=True)).to_have_text("Tabelle")
    panel = page.get_by_role("tabpanel")
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("01.01.2026")
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel")).to_contain_text("Ganze Zahl")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Diagramm")).to_be_focused()


def test_a_chart_has_its_values_in_a_table(bikes, page):
    page.goto(bikes)
    chart = page.get_by_role("img", name=re.compile("Summe je Tag"))
    expect(chart).to_be_visible()
    page.get_by_text("Werte des Diagramms als Tabelle").click()
    rows = page.locator("#diagramm table tbody tr")
    expect(rows.first).to_contain_text("01.01.2026")
    assert rows.count() == 60
    page.select_option("#diagramm-y", label="Temperatur in °C")
    page.get_by_role("button", name="Diagramm zeichnen").click()
    expect(
        page.get_by_role("img", name=re.compile("Temperatur in °C, Mittelwert"))
    ).to_be_visible()


def test_without_a_script_everything_is_there(bikes, browser):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(bikes)
    for part in ("#diagramm", "#tabelle", "#spalten"):
        expect(page.locator(part)).to_be_visible()
    expect(page.get_by_role("button", name="Quellenangabe kopieren")).to_have_count(0)
    context.close()


def test_a_journalist_on_a_phone_gets_map_and_file(cluster, page):
    portal = cluster["kaiserslautern"]
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{portal.url}/dataset/kaiserslautern-spielplaetze#karte")
    expect(page.get_by_role("img", name=re.compile("Karte: 45 Orte"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shoot(page, "datensatz-telefon")
    link = page.get_by_role("link", name=re.compile("^Herunterladen ?: Spielplätze")).first
    with page.expect_download() as waiting:
        link.click()
    content = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    assert not page.outside


def test_the_examples_really_run(bikes, page):
    page.goto(bikes)
    codes = {
        name: page.locator("details", has_text=name).locator("code").all_text_contents()
        for name in ("curl", "Python")
    }
    for command in codes["curl"]:
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, timeout=60, check=True
        )
        assert json.loads(done.stdout)["success"] is True
    (code,) = codes["Python"]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert len(done.stdout.splitlines()) == 5
    assert "Fahrräder Mainzer Straße" in done.stdout
