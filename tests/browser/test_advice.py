# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the form says beside a field while somebody works, and what one can take from it."""

from playwright.sync_api import expect

from tests.browser.cluster import shoot, sign_in, violations

TITLE = "E2E Spielplätze"
BAD = "e2e_spielplaetze_2020.csv"
REMEDY = "Schreiben Sie einen Titel in Wörtern."
SLOW = 30_000


def open_form(page, portal, draft):
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/edit/{draft['name']}/was")


def test_leaving_a_field_tells_what_is_wrong_and_mending_it_takes_it_away(portal, page, draft):
    open_form(page, portal, draft)
    title, found = page.locator("#field-title"), page.locator("#field-title-found")
    title.fill("")
    title.press_sequentially(BAD)
    # Half a word is nobody's mistake: nothing is said before the field is left.
    expect(found).to_be_empty()
    title.press("Tab")
    expect(found).to_contain_text(REMEDY, timeout=SLOW)
    expect(page.locator("#verbund-advised")).to_contain_text(REMEDY)
    expect(page.get_by_text("Inhalt aktualisiert")).to_have_count(0)
    assert "field-title-found" in title.get_attribute("aria-describedby").split()
    expect(page.locator("#field-notes")).to_be_focused()
    shoot(page, "form-befund-am-feld")
    assert violations(page) == []
    title.fill("Spielplätze mit Wasser")
    title.press("Tab")
    expect(found).to_be_empty(timeout=SLOW)
    expect(page.locator("#verbund-advised")).to_be_empty()


def test_a_proposal_is_taken_by_a_click_and_saved(portal, page, draft):
    open_form(page, portal, draft)
    name = "Freizeit - Spielplatz und Spielstätte"
    page.get_by_role("button", name=name).click()
    taken = page.get_by_role("button", name=name, pressed=True)
    expect(taken).to_be_focused(timeout=SLOW)
    expect(page.locator("input#field-musterdatensatz")).to_have_value(name)
    expect(page.locator("#verbund-saved")).to_contain_text("Gespeichert um", timeout=SLOW)
    stored = portal.api("package_show", id=draft["id"])["musterdatensatz"]
    assert stored.endswith("/freizeit/spielplatzUndSpielstaette")


def test_without_scripts_a_proposal_is_taken_and_findings_stand_there(portal, browser, draft):
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    open_form(page, portal, draft)
    page.fill("#field-title", BAD)
    page.get_by_role("button", name="Spielplatz und Spielstätte").click()
    expect(page.locator("#field-title")).to_have_value(BAD)
    expect(page.locator("#field-title-found")).to_contain_text(REMEDY)
    expect(page.locator("select#field-musterdatensatz option:checked")).to_have_text(
        "Freizeit - Spielplatz und Spielstätte"
    )
    context.close()


def test_a_guest_has_a_file_checked_and_takes_the_result_along(portal, page, tmp_path):
    file = tmp_path / "stadt.ttl"
    file.write_text(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://a.example/1> a dcat:Dataset ."
    )
    page.goto(f"{portal.url}/dcat-ap-de-pruefen")
    page.set_input_files("#field-file", file)
    page.click("text=Datei prüfen")
    expect(page.locator("h1")).to_have_text("Ergebnis für stadt.ttl", timeout=SLOW)
    expect(page.locator(".verbund-finding").first).to_contain_text("Fehler")
    assert violations(page) == []
    with page.expect_download() as download:
        page.click("a[download]:has-text('CSV')")
    assert download.value.suggested_filename == "befunde-stadt.csv"
