# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen asks on a phone, staff answers, the citizen reads it; staff begins with tasks."""

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot, sign_in, violations

TEXT = "E2E: Welcher Spielplatz hat eine Rutsche?"
HUMAN = 3500  # milliseconds; the form takes nobody for a person who is faster


@pytest.fixture
def portal(cluster):
    """The portal, without questions of this test before and after it."""
    portal = cluster["kaiserslautern"]

    def tidy():
        found = portal.api("verbund_question_list", state="all", limit=500)
        for question in found["questions"]:
            if question["text"].startswith("E2E"):
                portal.api("verbund_question_delete", id=question["id"])

    tidy()
    yield portal
    tidy()


@pytest.fixture
def dataset(portal):
    return portal.api("package_search", q="title:Spielplätze", rows=1)["results"][0]


@pytest.fixture
def phone(browser):
    """A phone without JavaScript."""
    context = browser.new_context(
        locale="de-DE", viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_a_citizen_asks_and_staff_answers(portal, dataset, phone, page):
    status = ask(portal, dataset, phone)
    answer(portal, phone, page, status)
    publish(portal, dataset, phone, page)
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def ask(portal, dataset, phone):
    phone.goto(f"{portal.url}/dataset/{dataset['name']}")
    phone.get_by_role("link", name="Nachricht schreiben").click()
    phone.wait_for_timeout(HUMAN)
    phone.get_by_role("button", name="Nachricht senden").click()
    expect(phone.get_by_role("alert")).to_contain_text("Wählen Sie bitte, worum es geht.")
    phone.get_by_label("Fehler in den Daten").check()
    phone.get_by_label("Ihre Nachricht", exact=True).fill(f"{TEXT}\n<b>fett</b>")
    shoot(phone, "frage-telefon")
    phone.get_by_role("button", name="Nachricht senden").click()
    phone.wait_for_url("**/frage/*")
    status = phone.url
    expect(phone.locator(".verbund-way [aria-current]")).to_contain_text("Neu")
    expect(phone.locator(".verbund-words")).to_contain_text("<b>fett</b>")
    assert phone.get_by_label("Adresse dieser Seite").input_value() == status
    return status


def answer(portal, phone, page, status):
    sign_in(page, portal, "editor")
    page.wait_for_url("**/meine-aufgaben")
    task = page.locator(".verbund-task", has_text=TEXT)
    expect(task).to_contain_text("Spielplätze")
    shoot(page, "aufgaben")
    assert violations(page) == []
    task.get_by_role("link", name="Beantworten").click()
    assert violations(page) == []
    page.get_by_role("button", name="Zuweisen").click()
    phone.goto(status)
    expect(phone.locator(".verbund-way [aria-current]")).to_contain_text("In Bearbeitung")
    page.get_by_label("Ihre Antwort").fill("Alle drei.")
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.locator(".alert-success")).to_contain_text("abgeschickt")
    phone.goto(status)
    expect(phone.locator(".verbund-words--answer")).to_have_text("Alle drei.")


def publish(portal, dataset, phone, page):
    page.locator("summary", has_text="Für alle zeigen").click()
    assert violations(page) == []
    page.get_by_label("Frage für die Öffentlichkeit").fill("Fragt Frau Muster: Rutschen?")
    page.get_by_label("Ich habe beide Texte gelesen").check()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("alert")).to_contain_text("Frau Muster")
    page.get_by_label("Frage für die Öffentlichkeit").fill("E2E: Wo gibt es Rutschen?")
    page.get_by_label("sie dürfen öffentlich sein").check()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.locator(".alert-success")).to_be_visible()
    question = page.url
    phone.goto(f"{portal.url}/dataset/{dataset['name']}")
    public = phone.locator(".verbund-published", has_text="Wo gibt es Rutschen?")
    expect(public).to_be_visible()
    page.goto(question)
    page.locator("summary", has_text="Für alle sichtbar").click()
    page.get_by_role("button", name="Nicht mehr zeigen").click()
    expect(page.locator(".alert-success")).to_be_visible()
    phone.reload()
    expect(public).to_have_count(0)


def test_the_form_is_filled_by_keyboard_alone(portal, dataset, page):
    page.goto(f"{portal.url}/dataset/{dataset['name']}/frage")
    page.wait_for_timeout(HUMAN)
    focus = "document.activeElement.name || document.activeElement.textContent.trim()"
    reached = []
    while (reached or [""])[-1] != "Nachricht senden":
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focus))
        assert len(reached) < 40, reached
        if reached[-1] == "kind":
            page.keyboard.press("Space")
        elif reached[-1] == "text":
            page.keyboard.type("E2E: mit der Tastatur")
    assert "website" not in reached, "the trap for robots is none for people"
    page.keyboard.press("Enter")
    page.wait_for_url("**/frage/*")
    assert violations(page) == []
