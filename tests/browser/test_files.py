# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of a draft, and many datasets from one table, as an editor does it."""

import csv
import io
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.cluster import shoot, sign_in, violations

TRAFFIC = "Zählstelle;Datum;Anzahl\nNord;01.02.2026;12\nSüd;03.02.2026;9\n".encode("cp1252")
TREES = "Baum;Höhe in m\nLinde;12,5\nEiche;20\n".encode()


def file(name, content, media_type="text/csv"):
    return {"name": name, "mimeType": media_type, "buffer": content}


@pytest.fixture
def draft(cluster):
    """A draft of the editor's member; gone afterwards."""
    portal = cluster["kaiserslautern"]
    title = f"E2E Dateien {uuid.uuid4().hex[:8]}"
    member = portal.api("organization_list_for_user", "editor", permission="create_dataset")[0]
    package = portal.api("verbund_draft_create", "editor", title=title, owner_org=member["id"])
    yield package
    portal.api("dataset_purge", id=package["id"])


def accessible_everywhere(page, name):
    """Check the page as it stands now, in light and dark, wide and narrow."""
    found = []
    for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 320)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(150)
        found += [f"{scheme} {width}: {v}" for v in violations(page)]
        shoot(page, f"{name}-{width}-{scheme}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert found == []
    assert wide <= 320


def open_files(page, portal, package):
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/edit/{package['name']}/dateien")
    expect(page.locator("#field-upload")).to_be_visible()


def resources(portal, package):
    return portal.api("package_show", "editor", id=package["id"])["resources"]


def test_several_files_are_uploaded_with_their_proposals(cluster, page, draft):
    portal = cluster["kaiserslautern"]
    open_files(page, portal, draft)
    shoot(page, "dateien-leer")
    page.set_input_files(
        "#field-upload",
        [file("verkehrszaehlung_2026.csv", TRAFFIC), file("Bäume & Höhen.csv", TREES)],
    )
    cards = page.locator("[data-verbund-file]")
    expect(cards).to_have_count(2, timeout=60_000)
    traffic = cards.filter(has_text="verkehrszaehlung_2026.csv")
    expect(traffic.get_by_label("Titel der Datei")).to_have_value("Verkehrszählung 2026")
    expect(traffic).to_contain_text("Windows-1252 (CP1252)")
    expect(traffic).to_contain_text("2 Zeilen")
    expect(traffic).to_contain_text("01.02.2026 bis 03.02.2026")
    accessible_everywhere(page, "dateien-zwei")
    # What a person changes is kept, by leaving the field or by the next button.
    traffic.get_by_label("Titel der Datei").fill("Fahrräder an zwei Stellen")
    traffic.get_by_label("Titel der Datei").blur()
    expect(traffic.get_by_text("Gespeichert")).to_be_visible(timeout=30_000)
    traffic.get_by_role("button", name="Für den Datensatz übernehmen").click()
    expect(traffic).to_contain_text("steht im Datensatz", timeout=60_000)
    stored = portal.api("package_show", "editor", id=draft["id"])
    assert [p["start"] for p in stored["temporal_coverage"]] == ["2026-02-01"]
    named = {r["name"]: r for r in stored["resources"]}
    assert "Fahrräder an zwei Stellen" in named
    assert named["Bäume & Höhen"]["format"] == "CSV"
    # Order, then removal.
    first = page.locator("[data-verbund-file]").first.get_attribute("id")
    page.locator("[data-verbund-file]").first.get_by_role("button", name="Nach unten").click()
    expect(page.locator("[data-verbund-file]").last).to_have_attribute(
        "id", first, timeout=60_000
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-verbund-file]").last.get_by_role("button", name="Entfernen").click()
    expect(page.locator("[data-verbund-file]")).to_have_count(1, timeout=60_000)
    assert page.broken == []
    assert page.outside == []


def test_a_file_of_the_same_name_is_asked_about(cluster, page, draft):
    portal = cluster["kaiserslautern"]
    open_files(page, portal, draft)
    page.set_input_files("#field-upload", file("baeume.csv", TREES))
    expect(page.locator("[data-verbund-file]")).to_have_count(1, timeout=60_000)
    page.set_input_files("#field-upload", file("baeume.csv", TREES + b"Buche;1\n"))
    question = page.locator("[data-verbund-uploads] li")
    expect(question).to_contain_text("Es gibt schon eine Datei", timeout=60_000)
    shoot(page, "dateien-gleicher-name")
    question.get_by_role("button", name="Ersetzen").click()
    expect(page.locator("[data-verbund-file]")).to_contain_text("3 Zeilen", timeout=60_000)
    page.set_input_files("#field-upload", file("baeume.csv", TREES))
    question.get_by_role("button", name="Beide behalten").click(timeout=60_000)
    expect(page.locator("[data-verbund-file]")).to_have_count(2, timeout=60_000)
    assert len(resources(portal, draft)) == 2


def test_what_is_not_taken_is_said_before_and_after_sending(cluster, page, draft):
    portal = cluster["kaiserslautern"]
    open_files(page, portal, draft)
    page.set_input_files(
        "#field-upload",
        [
            file("setup.exe", b"MZ"),
            file("daten.csv", b"<!DOCTYPE html><html><body>Anmelden</body></html>"),
        ],
    )
    lines = page.locator("[data-verbund-uploads] li")
    expect(lines.filter(has_text="setup.exe")).to_contain_text("nimmt das Portal nicht an")
    expect(lines.filter(has_text="daten.csv")).to_contain_text("Webseite", timeout=60_000)
    # The limit of this page only: nobody wants to send half a gigabyte in a test.
    page.evaluate("document.querySelector('[data-verbund-drop]').dataset.limit = '10'")
    page.set_input_files("#field-upload", file("gross.csv", TREES))
    expect(lines.filter(has_text="gross.csv")).to_contain_text("nimmt Dateien bis 512")
    accessible_everywhere(page, "dateien-abgelehnt")
    assert resources(portal, draft) == []


def test_after_a_lost_connection_the_file_is_sent_again(cluster, page, draft):
    portal = cluster["kaiserslautern"]
    open_files(page, portal, draft)
    address = f"**/verbund/dateien/{draft['id']}"
    page.route(address, lambda route: route.abort("connectionreset"))
    page.set_input_files("#field-upload", file("baeume.csv", TREES))
    line = page.locator("[data-verbund-uploads] li")
    expect(line).to_contain_text("Die Verbindung ist abgebrochen", timeout=60_000)
    shoot(page, "dateien-verbindung")
    page.unroute(address)
    line.get_by_role("button", name="Noch einmal versuchen").click()
    expect(page.locator("[data-verbund-file]")).to_have_count(1, timeout=60_000)
    assert [r["name"] for r in resources(portal, draft)] == ["Bäume"]


def test_files_are_added_without_scripts(cluster, browser, draft):
    portal = cluster["kaiserslautern"]
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    open_files(page, portal, draft)
    page.set_input_files("#field-upload", [file("a.csv", TREES), file("b.csv", TREES)])
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    expect(page.locator("[data-verbund-file]")).to_have_count(2, timeout=60_000)
    page.set_input_files("#field-upload", file("a.csv", TREES))
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    expect(page.locator("#field-same_name")).to_contain_text("Es gibt schon", timeout=60_000)
    page.get_by_label("beide behalten").check()
    page.set_input_files("#field-upload", file("a.csv", TREES))
    page.get_by_role("button", name="Hinzufügen", exact=True).click()
    expect(page.locator("[data-verbund-file]")).to_have_count(3, timeout=60_000)
    shoot(page, "dateien-ohne-skript")
    context.close()


def test_pressing_on_during_an_upload_goes_on_afterwards(cluster, page, draft):
    portal = cluster["kaiserslautern"]
    open_files(page, portal, draft)
    page.set_input_files("#field-upload", [file("a.csv", TREES), file("b.csv", TREES)])
    page.click(".verbund-form__buttons button[value=next]")
    page.wait_for_url("**/pruefen", timeout=90_000)
    assert len(resources(portal, draft)) == 2
    assert page.broken == []


def test_a_clerk_creates_many_datasets_from_the_template(cluster, page):
    portal = cluster["kaiserslautern"]
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/new")
    page.get_by_role("link", name="Viele Datensätze aus einer Tabelle anlegen").click()
    shoot(page, "import-beginn")
    with page.expect_download() as download:
        page.get_by_role("link", name="Vorlage herunterladen").click()
    head = next(
        csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig")), delimiter=";")
    )
    mark = uuid.uuid4().hex[:8]

    def table(theme):
        out = io.StringIO()
        writer = csv.DictWriter(out, head, delimiter=";")
        writer.writeheader()
        for number, topic in enumerate(["Verkehr", theme], 1):
            writer.writerow({head[0]: f"{mark}-{number}", "Titel": f"E2E {mark} Müll {number}",
                             "Themen": topic})  # fmt: skip
        return out.getvalue().encode("cp1252")

    def send(theme):
        page.set_input_files("#field-upload", file("tabelle.csv", table(theme)))
        page.get_by_role("button", name="Tabelle prüfen").click()

    try:
        send("Verker")
        expect(page.locator("h1")).to_have_text("Das würde geschehen", timeout=60_000)
        expect(page.locator("tbody tr").first).to_contain_text("Meinten Sie „Verkehr“?")
        accessible_everywhere(page, "import-probe")
        assert (
            portal.api("package_search", q=f"identifier:{mark}*", include_drafts=True)["count"]
            == 0
        )
        page.get_by_role("button", name="1 Entwurf anlegen").click()
        expect(page.locator("h1")).to_have_text("Fertig", timeout=60_000)
        page.get_by_role("link", name="Berichtigte Tabelle hochladen").click()
        send("Umwelt")
        expect(page.get_by_text("bleibt unverändert").first).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="1 Entwurf anlegen").click()
        expect(page.locator("h1")).to_have_text("Fertig", timeout=60_000)
        shoot(page, "import-fertig")
        with page.expect_download() as download:
            page.get_by_role("link", name="Bericht herunterladen").click()
        report = download.value.path().read_text("utf-8-sig")
        assert report.count("angelegt") == 1
        assert report.count("bleibt unverändert") == 1
        page.locator("tbody a").first.click()
        expect(page.locator("#field-title")).to_have_value(f"E2E {mark} Müll 1", timeout=60_000)
    finally:
        found = portal.api("package_search", q=f'title:"{mark}"', include_drafts=True, rows=10)
        for package in found["results"]:
            portal.api("dataset_purge", id=package["id"])
    assert page.broken == []
