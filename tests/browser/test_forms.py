# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way of a clerk through the form, and everything that comes between."""

import re
import time

from playwright.sync_api import expect

from tests.browser.cluster import shoot, sign_in, violations

CSV = "Straße;Bäume\r\nKönigstraße;12\r\nMühlstraße;7\r\n".encode()
TITLE = "E2E Straßenbäume"
NEXT = ".verbund-form__buttons button[value=next]"
CLICKS, SCREENS, SECONDS = 8, 7, 300
"""A first dataset with one file takes no more than that."""


def stored(portal, draft):
    return portal.api("package_show", id=draft["id"])


def visit(page, portal, draft, name):
    page.goto(f"{portal.url}/dataset/edit/{draft['name']}/{name}")


def wait_saved(page):
    expect(page.locator("#verbund-saved")).to_contain_text("Gespeichert um", timeout=30000)


def test_a_clerk_submits_a_first_dataset_for_decision(portal, page):
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/")
    counted = {"clicks": 0, "screens": 0}

    def click(selector):
        counted["clicks"] += 1
        page.click(selector)

    def screen(name):
        counted["screens"] += 1
        expect(page.locator("h1")).to_be_visible()
        shoot(page, f"formular-{counted['screens']}-{name}")

    begin = time.monotonic()
    page.goto(f"{portal.url}/dataset/new")
    screen("beginn")
    page.get_by_label("Titel").fill(TITLE)
    click("button:has-text('Beginnen')")
    page.wait_for_url("**/was")
    screen("was")
    page.locator("#field-notes").fill("Alle Bäume an Straßen, mit Art und Pflanzjahr.")
    page.get_by_label("Umwelt", exact=True).check()
    counted["clicks"] += 1
    click(NEXT)
    page.wait_for_url("**/wer")
    screen("wer")
    # The member has filled in publisher and contact.
    expect(page.locator("#field-contact-0-email")).to_have_value(re.compile("@"))
    click(NEXT)
    page.wait_for_url("**/wo-und-wann")
    screen("wo")
    expect(page.locator("#field-spatial_coverage-0-text")).to_have_value("Kaiserslautern")
    click(NEXT)
    page.wait_for_url("**/dateien")
    screen("dateien")
    page.set_input_files(
        "input[name=upload]", {"name": "baeume.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    counted["clicks"] += 1
    click(NEXT)
    page.wait_for_url("**/pruefen")
    screen("pruefen")
    expect(page.locator("#verbund-complete")).to_be_visible()
    click("button:has-text('Zur Entscheidung geben')")
    page.wait_for_url("**/pruefung/*/fragen/A")
    screen("fragen")
    seconds = time.monotonic() - begin
    print(
        f"\nErster Datensatz: {counted['clicks']} Klicks, {counted['screens']} Seiten, "
        f"{seconds:.0f} s Maschine"
    )
    assert counted["clicks"] <= CLICKS
    assert counted["screens"] <= SCREENS
    assert seconds < SECONDS
    assert TITLE in page.inner_text("[role=main]")
    check_described(portal)
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def check_described(portal):
    package = portal.api("package_show", id="e2e-strassenbaeume")
    listed = portal.api("verbund_case_list", role="editor", package_id=package["id"])
    assert [case["state"] for case in listed["cases"]] == ["draft"]
    assert package["resources"][0]["license"].endswith("dl-by-de/2.0")
    assert package["resources"][0]["format"] == "CSV"


def test_pages_have_no_barrier_open_or_closed(portal, page, draft):
    sign_in(page, portal, "editor")
    wrong = {}
    for name in ("was", "wer", "wo-und-wann", "dateien", "pruefen"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        visit(page, portal, draft, name)
        page.evaluate(
            "document.querySelectorAll('[role=main] details').forEach(d => d.open = true)"
        )
        if name == "wo-und-wann":
            page.wait_for_selector("svg.verbund-placemap__svg path")
        found = violations(page)
        page.set_viewport_size({"width": 320, "height": 800})
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(100)
        shoot(page, f"formular-{name}-320-dunkel")
        found += [f"320 dunkel {v}" for v in violations(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width} px"] if width > 320 else []
        # Each step keeps its name on a phone.
        steps = page.locator(".verbund-steps__step")
        found += [] if steps.count() == 5 else ["steps"]
        for step, label in zip(
            steps.all(),
            ["Was", "Wer", "Wo und wann", "Dateien und Lizenz", "Prüfen"],
            strict=True,
        ):
            expect(step).to_contain_text(label)
        if found:
            wrong[name] = found
    assert wrong == {}
    assert not page.broken, page.broken


def test_a_page_is_filled_with_the_keyboard_alone(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "was")
    page.focus("#field-title")
    page.keyboard.press("Tab")
    page.keyboard.type("Alle Bäume an Straßen.")
    page.keyboard.press("Tab")
    page.keyboard.type("Baum, Grün")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "field-musterdatensatz":
            break
    page.keyboard.type("spielpl")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#field-musterdatensatz")).to_have_value(re.compile("Spielplatz"))
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement.matches('.verbund-form__more--page > summary')"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "field-data_origin"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.matches('.verbund-form__buttons [value=next]')"
        ):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/wer")
    package = stored(portal, draft)
    assert package["notes"] == "Alle Bäume an Straßen."
    assert {t["name"] for t in package["tags"]} == {"Baum", "Grün"}
    assert len(package["theme"]) == 1
    assert package["musterdatensatz"]


def test_without_scripts_every_page_works(portal, browser):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/new")
    page.fill("#field-title", TITLE)
    page.click("button:has-text('Beginnen')")
    page.wait_for_url("**/was")
    page.fill("#field-notes", "Alle Bäume.")
    page.click(NEXT)
    page.click("button[name=add][value=contact]")
    page.fill("#field-contact-1-email", "halb@")
    page.click(NEXT)
    expect(page.locator("#fehler a")).to_have_attribute("href", "#field-contact-1-email")
    assert page.get_attribute("#field-contact-1-email", "aria-invalid") == "true"
    assert "field-contact-1-email-error" in page.get_attribute(
        "#field-contact-1-email", "aria-describedby"
    )
    assert page.input_value("#field-contact-1-email") == "halb@"
    page.fill("#field-contact-1-email", "baum@stadt.example")
    page.click(NEXT)
    page.wait_for_url("**/wo-und-wann")
    page.select_option("#field-frequency", label="jährlich")
    page.click(NEXT)
    page.set_input_files(
        "input[name=upload]", {"name": "baeume.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    page.click(NEXT)
    page.click("button:has-text('Nur für die Verwaltung speichern')")
    page.wait_for_url("**/dataset/e2e-strassenbaeume")
    package = portal.api("package_show", id="e2e-strassenbaeume")
    assert [c["email"] for c in package["contact"]][1:] == ["baum@stadt.example"]
    assert package["frequency"].endswith("ANNUAL")
    assert (package["state"], package["private"]) == ("active", True)
    context.close()


def test_a_page_saves_itself_and_says_so_once(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "was")
    page.locator("#field-notes").press_sequentially("Alle Bäume.")
    wait_saved(page)
    assert stored(portal, draft)["notes"] == "Alle Bäume."
    expect(page.locator("#verbund-told")).to_contain_text("Gespeichert um")
    page.locator("#field-tag_string").fill("<b>")
    expect(page.locator("#verbund-saved")).to_contain_text(
        "Noch nicht gespeichert", timeout=30000
    )
    page.locator("#field-tag_string").fill("Baum")
    expect(page.locator("#verbund-saved")).not_to_contain_text("Noch nicht", timeout=30000)
    assert [t["name"] for t in stored(portal, draft)["tags"]] == ["Baum"]
    assert not page.broken, page.broken


def test_a_second_tab_overwrites_nothing_and_lets_choose(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "was")
    other = page.context.new_page()
    visit(other, portal, draft, "was")
    other.fill("#field-notes", "Fassung der anderen")
    wait_saved(other)
    page.fill("#field-notes", "Meine Fassung")
    page.click(NEXT)
    choice = page.locator(".verbund-form__conflicts")
    expect(choice).to_contain_text("Fassung der anderen")
    expect(choice).to_contain_text("Meine Fassung")
    expect(choice).to_be_focused(timeout=30000)
    assert stored(portal, draft)["notes"] == "Fassung der anderen"
    shoot(page, "formular-konflikt")
    page.check("input[name=choice-notes][value=mine]")
    page.click(".verbund-form__conflicts button")
    page.wait_for_url("**/wer")
    assert stored(portal, draft)["notes"] == "Meine Fassung"


def test_a_lost_connection_loses_nothing(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "was")
    page.context.set_offline(True)
    page.fill("#field-notes", "Im Zug geschrieben")
    trouble = page.locator("#verbund-trouble")
    expect(trouble).to_contain_text("Keine Verbindung", timeout=30000)
    page.click(NEXT)
    expect(trouble).to_contain_text("Ihre Eingaben bleiben")
    assert page.input_value("#field-notes") == "Im Zug geschrieben"
    page.context.set_offline(False)
    expect(trouble).to_be_hidden(timeout=40000)
    wait_saved(page)
    assert stored(portal, draft)["notes"] == "Im Zug geschrieben"


def test_what_a_closed_page_could_not_save_is_offered_again(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "wer")
    page.click("button[name=add][value=contact]")
    expect(page.locator("#field-contact-1-email")).to_be_visible(timeout=30000)
    page.context.set_offline(True)
    page.fill("#field-contact-1-email", "zweite@stadt.example")
    expect(page.locator("#verbund-trouble")).to_be_visible(timeout=30000)
    page.context.set_offline(False)
    page.evaluate("window.stop()")
    page.reload()
    if not page.locator("#field-contact-1-email").count():
        page.click("[data-restore]")
    expect(page.locator("#field-contact-1-email")).to_have_value("zweite@stadt.example")


def test_an_expired_token_and_a_lost_session_keep_the_input(portal, page, draft):
    sign_in(page, portal, "editor")
    page.route("**/formular/bereit", lambda route: route.abort())  # as without scripts
    visit(page, portal, draft, "was")
    page.evaluate(
        "document.querySelectorAll('input[name=_csrf_token]').forEach(i => i.value = 'alt')"
    )
    page.fill("#field-notes", "Lange überlegt")
    page.evaluate(
        "HTMLFormElement.prototype.submit.call(document.getElementById('verbund-form'))"
    )
    expect(page.locator("h1")).to_have_text("Noch nicht gespeichert")
    page.click("button:has-text('Jetzt speichern')")
    page.wait_for_url("**/wer")
    assert stored(portal, draft)["notes"] == "Lange überlegt"

    visit(page, portal, draft, "was")
    page.fill("#field-notes", "Nach der Pause")
    page.context.clear_cookies()
    page.evaluate(
        "HTMLFormElement.prototype.submit.call(document.getElementById('verbund-form'))"
    )
    expect(page.locator("[role=main]")).to_contain_text("Sie sind nicht mehr angemeldet")
    shoot(page, "formular-abgemeldet")
    login = page.context.new_page()
    sign_in(login, portal, "editor")
    page.click("button:has-text('Jetzt speichern')")
    page.wait_for_load_state()
    if page.locator("button:has-text('Jetzt speichern')").count():
        page.click("button:has-text('Jetzt speichern')")
    page.wait_for_url("**/wer")
    assert stored(portal, draft)["notes"] == "Nach der Pause"


def test_who_is_signed_out_learns_it_in_the_page(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "was")
    page.context.clear_cookies()
    page.fill("#field-notes", "Nach der Pause")
    page.click(NEXT)
    expect(page.locator("#verbund-trouble")).to_contain_text("nicht mehr angemeldet")
    assert page.input_value("#field-notes") == "Nach der Pause"


def test_a_place_is_chosen_by_name_on_the_map_or_drawn(portal, page, draft):
    sign_in(page, portal, "editor")
    visit(page, portal, draft, "wo-und-wann")
    name = page.locator("#field-spatial_coverage-0-text")
    name.fill("")
    name.press_sequentially("Landau in")
    page.get_by_role("option").filter(has_text="07313000").click()
    expect(name).to_have_value("Landau in der Pfalz")
    page.click("[data-verbund-map] > summary")
    page.locator("path[data-key='07336']").click(force=True)
    expect(name).to_have_value("Landkreis Kusel")
    expect(page.get_by_role("option")).to_have_count(0)
    page.click("[data-mode=draw]")
    box = page.locator("svg.verbund-placemap__svg").bounding_box()
    page.mouse.move(box["x"] + 80, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 180, steps=4)
    page.mouse.up()
    west, east = (
        float(page.input_value(f"#field-spatial_coverage-0-{s}").replace(",", "."))
        for s in ("west", "east")
    )
    assert 6.0 < west < east < 8.6
    page.click(NEXT)
    page.wait_for_url("**/dateien")
    (place,) = stored(portal, draft)["spatial_coverage"]
    assert place["uri"].endswith("districtKey/07336")
    assert str(west) in place["bbox"]


def test_a_dataset_is_the_template_of_a_new_one(portal, page):
    sign_in(page, portal, "editor")
    found = portal.api("package_search", q="title:Spielplätze", rows=1)["results"][0]
    page.goto(f"{portal.url}/dataset/{found['name']}")
    page.click("button:has-text('Als Vorlage verwenden')")
    page.wait_for_url("**/was")
    title = page.locator("#field-title")
    expect(title).to_have_value(f"Kopie von {found['title']}")
    assert page.input_value("#field-notes").strip() == found["notes"].strip()
    name = page.url.split("/")[-2]
    assert portal.api("package_show", id=name)["resources"] == []
    portal.api("dataset_purge", id=name)


def test_a_refused_change_of_public_data_says_why_and_loses_nothing(portal, page):
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/edit/kaiserslautern-baumkataster/was")
    before = page.input_value("#field-notes")
    page.fill("#field-notes", f"{before} Neu: mit Obstbäumen.")
    page.click(NEXT)
    refusal = "die Entscheidung gilt für genau diesen Inhalt"
    expect(page.locator("#fehler")).to_contain_text(refusal)
    assert page.input_value("#field-notes").endswith("Neu: mit Obstbäumen.")
    page.goto(f"{portal.url}/dataset/edit/kaiserslautern-baumkataster/dateien")
    page.set_input_files(
        "input[name=upload]", {"name": "baeume.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    line = page.locator("[data-verbund-uploads] li")
    expect(line).to_contain_text(refusal, timeout=30_000)
    shoot(page, "dateien-oeffentlich")
    stored = portal.api("package_show", id="kaiserslautern-baumkataster")
    assert (stored["private"], len(stored["resources"])) == (False, 1)


def test_keywords_of_the_portal_are_offered_and_taken_by_keyboard(cluster, page):
    portal = cluster["kaiserslautern"]
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/edit/kaiserslautern-baumkataster/was")
    field = page.locator("#field-tag_string")
    field.fill("Obst, Spielp")
    offered = page.locator(".verbund-keywords")
    expect(offered).to_contain_text("Im Portal schon benutzt:", timeout=30_000)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Obst, Spielplatz, ")
    expect(field).to_be_focused()
    # What begins like nothing is offered nothing.
    field.fill("Xyzzy")
    expect(offered).to_be_empty(timeout=30_000)
