# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Maps show outlines from this portal; a street map loads after consent and not before.

In the demonstration Landau has a tile service, Kaiserslautern has none.
"""

import base64

import pytest
from playwright.sync_api import expect

GROUND = ".leaflet-verbund-ground-pane path[d*=' ']"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def map_of(cluster):
    """Address of a map of a portal's GeoJSON file; made for the test and taken away."""
    made = []

    def address(name, view_type="geojson_view"):
        portal = cluster[name]
        found = portal.api("package_search", fq="res_format:GeoJSON", rows=20)["results"]
        own = next(d for d in found if not d["organization"]["name"].endswith("-gespiegelt"))
        file = next(r for r in own["resources"] if r["format"] == "GeoJSON")
        view = portal.api(
            "resource_view_create", resource_id=file["id"], view_type=view_type, title="Karte"
        )
        made.append((portal, view["id"]))
        return f"{portal.url}/dataset/{own['id']}/resource/{file['id']}/view/{view['id']}"

    yield address
    for portal, view in made:
        portal.api("resource_view_delete", id=view)


def test_a_map_without_tile_service_shows_outlines_and_asks_nobody(page, map_of):
    page.goto(map_of("kaiserslautern"))
    expect(page.locator(GROUND).first).to_be_attached(timeout=30_000)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("BKG")
    expect(page.locator(".verbund-map-ask")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert not page.outside
    assert not page.broken


def test_a_street_map_loads_only_after_consent(page, map_of):
    page.route("https://**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    address = map_of("landau")
    page.goto(address)
    expect(page.locator(GROUND).first).to_be_attached(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert not page.outside
    ask = page.locator(".verbund-map-ask")
    expect(ask).to_contain_text("geodatenzentrum.de")
    with page.expect_request("https://sgx.geodatenzentrum.de/**"):
        page.get_by_role("button", name="Straßenkarte anzeigen").click()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("basemap.de")
    page.get_by_role("button", name="Straßenkarte ausblenden").click()
    page.outside.clear()
    page.goto(address)
    expect(page.locator(GROUND).first).to_be_attached(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert not page.outside


def test_the_viewer_of_kml_and_gml_asks_nobody_either(page, map_of):
    page.goto(map_of("kaiserslautern", "geo_view"))
    expect(page.locator("#map canvas").first).to_be_attached(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert not page.outside
    assert not page.broken
