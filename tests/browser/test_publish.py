# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as towns have them: described, decided by a second person, then seen by citizens."""

import json

import pytest
import requests
from playwright.sync_api import expect

from ckanext.verbund.domain.ethics.catalogue import load
from demo.decisions import harmless
from tests.browser.cluster import shoot, sign_in

CSV = (
    "Verkehrszählung der Stadt (Demonstration)\r\n"
    "Straße;Datum;Fahrräder;Anteil Schwerverkehr;Länge in m\r\n"
    "Königstraße;01.02.2026;1.234;0,30;12,5\r\n"
    "Mühlstraße;02.02.2026;987;1,75;8\r\n"
    "Am Rübenfeld;03.02.2026;12.345;12,00;103,25\r\n"
).encode("cp1252")
# Three points in ETRS89 / UTM 32N in the middle of Kaiserslautern.
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"Name": name, "Größe": size},
                "geometry": {"type": "Point", "coordinates": point},
            }
            for name, size, point in [
                ("Spielplatz Nord", 120, [410800.0, 5478300.0]),
                ("Spielplatz Süd", 340, [410200.0, 5476900.0]),
                ("Spielplatz Mitte", 95, [410500.0, 5477600.0]),
            ]
        ],
    },
    ensure_ascii=False,
).encode()
LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


@pytest.fixture
def dataset(cluster):
    """Name of the dataset under test; gone afterwards, so that the demo stays as it was."""
    portal, name = cluster["kaiserslautern"], "e2e-verkehrszaehlung"

    portal.purge(fq=f"name:{name}")
    yield name
    portal.purge(fq=f"name:{name}")


def test_editor_and_decider_publish_csv_and_geojson(cluster, browser, page, dataset):
    portal = cluster["kaiserslautern"]
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/new")
    page.get_by_label("Titel").fill("E2E Verkehrszählung")
    page.click("button:has-text('Beginnen')")
    page.wait_for_url("**/was")
    page.locator("#field-notes").fill("Fahrräder und Schwerverkehr an drei Straßen.")
    page.click(".verbund-form__more--page > summary")
    page.select_option("#field-data_origin", value="sensors")
    go_on(page, "wer")
    page.locator("#field-contact-0-email").fill("verkehr@kaiserslautern.example")
    go_on(page, "wo-und-wann")
    page.locator("#field-frequency").fill("jährlich")
    page.get_by_role("option", name="jährlich", exact=True).click()
    go_on(page, "dateien")
    upload(page, "verkehr.csv", "text/csv", CSV, "Zählung (CSV)")
    upload(page, "spielplaetze.geojson", "application/geo+json", GEOJSON, "Spielplätze (Karte)")
    go_on(page, "pruefen")
    give_to_decision(portal, page, dataset)
    decide(portal, browser, dataset)
    page.goto(f"{portal.url}/dataset/{dataset}")

    shoot(page, "datensatz")
    text = page.inner_text("[role=main]")
    for shown in (
        "E2E Verkehrszählung",
        "Fahrräder und Schwerverkehr an drei Straßen.",
        "jährlich",
        "Sensoren und Messgeräte",
        "verkehr@kaiserslautern.example",
        "Kaiserslautern",
    ):
        assert shown in text
    check_table(portal, page, dataset)
    check_map(portal, page, dataset)
    check_exports(portal, dataset)
    assert not page.outside, page.outside
    assert not page.broken, page.broken


def give_to_decision(portal, page, dataset):
    """Answer the first questions as a person, the others by API, and submit."""
    page.click("button:has-text('Zur Entscheidung geben')")
    page.wait_for_url("**/pruefung/*/fragen/A")
    assert requests.get(f"{portal.url}/dataset/{dataset}", timeout=60).status_code == 404
    questions = [q for q in load().questions if not q.after]
    for question in questions:
        if question.group == "A":
            given = harmless(question)
            page.check(f"input[name={question.id}][value={given['value']}]")
            page.fill(f"#feld-{question.id}-reason", given["reason"])
    page.click("button:has-text('Weiter')")
    page.wait_for_url("**/fragen/B")
    case = page.url.split("/")[-3]
    rest = {q.id: harmless(q) for q in questions if q.group != "A"}
    portal.api("verbund_case_answer", "editor", id=case, answers=rest)
    for _ in range(120):
        if not portal.api("verbund_case_show", "editor", id=case)["scan"]["pending"]:
            break
        page.wait_for_timeout(500)
    page.goto(f"{portal.url}/pruefung/{case}")
    shoot(page, "pruefung-empfehlung")
    page.click("button:has-text('Zur Prüfung geben')")
    expect(page.locator(".alert-success")).to_be_visible()
    seen = portal.api("verbund_case_show", "reviewer", id=case)
    portal.api(
        "verbund_case_act",
        "reviewer",
        id=case,
        action="pass",
        fingerprint=seen["fingerprint"],
    )


def decide(portal, browser, dataset):
    """Decide as another person, who begins with the own tasks."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    sign_in(page, portal, "decider")
    page.goto(f"{portal.url}/meine-aufgaben")
    page.get_by_role("link", name="Entscheiden: E2E Verkehrszählung").click()
    page.fill("input[name=password]", portal.user("decider")["password"])
    shoot(page, "pruefung-entscheiden")
    page.click("button:has-text('Entscheiden und unterschreiben')")
    expect(page.locator(".alert-success")).to_be_visible()
    context.close()
    body = requests.get(f"{portal.url}/dataset/{dataset}", timeout=60).text
    assert "Geprüft und freigegeben am" in body


def upload(page, name, kind, content, title):
    page.set_input_files(
        "input[name=upload]", {"name": name, "mimeType": kind, "buffer": content}
    )
    card = page.locator("[data-verbund-file]", has_text=name)
    named = card.get_by_label("Titel der Datei")
    named.fill(title, timeout=60_000)
    named.blur()
    expect(card.get_by_text("Gespeichert")).to_be_visible(timeout=30_000)
    # The member's licence is filled in.
    assert page.locator("[name=file-license]").input_value() == LICENSE


def go_on(page, name):
    page.click(".verbund-form__buttons button[value=next]")
    page.wait_for_url(f"**/{name}")


def resource(portal, dataset, ending):
    package = portal.api("package_show", id=dataset)
    return next(r for r in package["resources"] if r["url"].endswith(ending))


def check_table(portal, page, dataset):
    found = resource(portal, dataset, ".csv")
    url = f"{portal.url}/dataset/{dataset}/resource/{found['id']}"
    for _ in range(60):
        if portal.api("resource_show", id=found["id"])["datastore_active"]:
            break
        page.wait_for_timeout(500)
    fields = {
        f["id"]: f["type"]
        for f in portal.api("datastore_search", resource_id=found["id"], limit=0)["fields"]
    }
    fields.pop("_id")
    assert list(fields) == [
        "Straße", "Datum", "Fahrräder", "Anteil Schwerverkehr", "Länge in m",
    ]  # fmt: skip
    assert fields["Fahrräder"] in {"int4", "int8", "bigint", "numeric"}
    assert fields["Datum"] in {"date", "timestamp"}
    assert fields["Länge in m"] == "numeric"
    rows = portal.api("datastore_search", resource_id=found["id"], sort="Fahrräder desc")
    assert [r["Straße"] for r in rows["records"]] == [
        "Am Rübenfeld", "Königstraße", "Mühlstraße",
    ]  # fmt: skip
    page.goto(url)
    table = page.frame_locator("iframe").first
    expect(table.locator("body")).to_contain_text("Mühlstraße", timeout=30000)
    expect(table.locator("body")).to_contain_text("Straße")
    expect(table.locator("body")).to_contain_text("01.02.2026")
    assert "Tabelle" in page.inner_text("[role=main]")
    page.wait_for_timeout(500)
    shoot(page, "ressource-tabelle")


def check_map(portal, page, dataset):
    found = resource(portal, dataset, ".geojson")
    views = portal.api("resource_view_list", id=found["id"])
    view = next(v for v in views if v["view_type"] == "geojson_view")
    with page.expect_response(lambda r: "geojson" in r.url and r.ok, timeout=30000) as waiting:
        page.goto(f"{portal.url}/dataset/{dataset}/resource/{found['id']}?view_id={view['id']}")
    drawn = waiting.value
    if "json" in drawn.headers.get("content-type", ""):
        for feature in drawn.json()["features"]:
            east, north = feature["geometry"]["coordinates"][:2]
            assert 7.70 < east < 7.85
            assert 49.40 < north < 49.50
    page.wait_for_timeout(2500)
    shoot(page, "ressource-karte")


def check_exports(portal, dataset):
    for suffix in ("ttl", "rdf", "jsonld"):
        text = requests.get(f"{portal.url}/dataset/{dataset}.{suffix}", timeout=60).text
        assert "E2E Verkehrsz" in text, suffix
        assert LICENSE in text, suffix
    catalog = requests.get(f"{portal.url}/catalog.ttl", timeout=60).text
    assert "E2E Verkehrsz" in catalog


def test_a_missing_licence_is_named_and_nothing_is_lost(cluster, page, dataset):
    portal = cluster["kaiserslautern"]
    member = portal.api("organization_list_for_user", role="editor")[0]
    draft = portal.api(
        "verbund_draft_create",
        role="editor",
        title="E2E Verkehrszählung",
        owner_org=member["id"],
    )
    portal.api(
        "resource_create", role="editor", package_id=draft["id"], url="https://x.example/a"
    )
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/dataset/edit/{draft['name']}/pruefen")
    message = page.inner_text("#verbund-missing")
    assert "Beschreibung" in message
    assert "Datei 1: „Lizenz“" in message
    assert page.get_by_role("button", name="Zur Entscheidung geben").is_disabled()
    page.click("#verbund-missing a >> nth=0")
    page.wait_for_url("**/was#field-notes")
    assert page.evaluate("document.activeElement.id") == "field-notes"
    assert page.input_value("#field-title") == "E2E Verkehrszählung"
    shoot(page, "formular-fehler")
