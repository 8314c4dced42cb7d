# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad input by hand: too long, too large, and script in every field.

Wrong kinds of files and two of one name are in ``test_files``, an expired token, a lost
session and a second tab in ``test_forms``, sections of a map in ``test_search_page``.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot, sign_in

TITLE = "E2E Schlechte Eingaben"
NEXT = ".verbund-form__buttons button[value=next]"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
LONG = "Bäume " * 1667  # 10.002 characters
HUNDRED = 100_000_000  # bytes
FILL = """evil => {
  const filled = [];
  document.querySelectorAll('[role=main] details').forEach(d => d.open = true);
  for (const e of document.querySelectorAll('#verbund-form input, #verbund-form textarea')) {
    if (!e.name || e.readOnly || e.disabled || !['text', 'search', 'url', 'email', 'tel',
        'textarea'].includes(e.type)) continue;
    e.value = evil;
    filled.push(e.name);
  }
  return filled;
}"""
VALUES = """names => names.map(
  n => (document.querySelector(`#verbund-form [name="${n}"]`) || {}).value)"""


def visit(page, portal, draft, name):
    page.goto(f"{portal.url}/dataset/edit/{draft['id']}/{name}")


def test_script_in_every_field_is_kept_as_text_and_never_runs(portal, page, draft):
    ran = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    sign_in(page, portal, "editor")
    for name in ("was", "wer", "wo-und-wann"):
        visit(page, portal, draft, name)
        fields = page.evaluate(FILL, EVIL)
        assert len(fields) > 3, name
        page.click(NEXT)
        # Addresses, keys and days are refused by name, and nothing that was typed is lost.
        problems = page.locator("#fehler")
        expect(problems).to_be_visible(timeout=30_000)
        shoot(page, f"skript-{name}")
        assert set(page.evaluate(VALUES, fields)) == {EVIL}, name
        assert problems.locator("a[href^='#field-']").count() >= 1
    values = {"title": EVIL, "notes": EVIL, "source_system": EVIL, "known_limits": EVIL}
    portal.api("package_patch", role="editor", id=draft["id"], **values)
    for path in ("dataset/edit/{}/pruefen", "dataset/{}"):
        page.goto(f"{portal.url}/{path.format(draft['id'])}")
        expect(page.locator("[role=main]")).to_contain_text("<script>alert(1)")
    for path in ("meine-aufgaben", "meine-datensaetze"):
        page.goto(f"{portal.url}/{path}")
    assert ran == []
    assert not page.outside, page.outside
    portal.api("dataset_purge", id=draft["id"])


@pytest.mark.parametrize("path", ["dataset/new", "dataset/edit/{}/was"])
def test_a_title_of_ten_thousand_characters_is_kept_and_said_to_be_too_long(
    portal, page, draft, path
):
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/{path.format(draft['id'])}")
    title = page.get_by_label("Titel", exact=False).first
    title.fill(LONG)
    page.click(NEXT if "edit" in path else "button:has-text('Beginnen')")
    problems = page.locator("#fehler")
    expect(problems).to_contain_text("200", timeout=30_000)
    expect(problems.locator("a").first).to_have_attribute("href", "#field-title")
    shoot(page, "titel-zu-lang-" + ("seite" if "edit" in path else "beginn"))
    assert page.locator("#field-title").input_value() == LONG
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_file_of_a_hundred_megabytes_is_sent_with_progress_and_read(
    portal, page, draft, tmp_path
):
    large = tmp_path / "zaehlung_2025.csv"
    line = "Nord;01.02.2025;12\r\n".encode("cp1252")
    with large.open("wb") as file:
        file.write("Zählstelle;Datum;Anzahl\r\n".encode("cp1252"))
        file.write(line * (HUNDRED // len(line)))
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "dateien")
    page.set_input_files("#field-upload", large)
    expect(page.locator("[data-verbund-uploads] progress").first).to_be_attached()
    card = page.locator("[data-verbund-file]")
    expect(card).to_contain_text("zaehlung_2025.csv", timeout=300_000)
    expect(card).to_contain_text("95,4")
    expect(card).to_contain_text("Windows-1252")
    shoot(page, "datei-100-mb")
    portal.api("resource_delete", id=card.get_attribute("id").removeprefix("datei-"))
