# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours of members, ground of maps, errors in words."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def member(**fields):
    return factories.Organization(
        title="Gemeinde Probe", organization_type="municipality", **fields
    )


def test_a_page_of_a_member_carries_its_colour_and_mark(app):
    organization = member(colour_primary="#7a1f3d")
    page = app.get(f"/organization/{organization['name']}").body
    assert "--kern-color-action-default:#7a1f3d" in page
    assert 'class="verbund-member"' in page


def test_a_colour_nobody_could_read_is_darkened(app):
    organization = member(colour_primary="#e0b000")
    page = app.get(f"/organization/{organization['name']}").body
    assert "--kern-color-action-default:#e0b000;" not in page.split("@media")[0]


def test_a_page_of_an_organisation_without_colour_is_the_portals(app):
    organization = member()
    page = app.get(f"/organization/{organization['name']}").body
    assert 'class="verbund-member"' not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/karte/laender.json", 200),
        ("/karte/kreise/07.json", 200),
        ("/karte/gemeinden/10.json", 200),
        ("/karte/gemeinden.json", 404),
        ("/karte/kreise/99.json", 404),
        ("/karte/strassen/07.json", 404),
    ],
)
def test_ground_of_maps_comes_from_the_portal(app, address, status):
    answer = app.get(address)
    assert answer.status_code == status
    if status == 200:
        assert answer.json["features"][0]["bbox"]
        assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("snippet", ["spatial_query", "dataset_map_base"])
def test_maps_of_spatial_stand_on_our_ground(app, snippet):
    with app.flask_app.test_request_context():
        html = tk.render_snippet(f"spatial/snippets/{snippet}.html", {"extent": "{}"})
    assert 'id="verbund-map"' in html
    assert 'data-module-map_config="{}"' in html


def test_a_wrong_password_keeps_the_name(app):
    page = app.post("/user/login", data={"login": "frau-beispiel", "password": "falsch"})
    assert 'value="frau-beispiel"' in page.body
    assert "passen nicht zusammen" in page.body
    assert "falsch" not in page.body


def test_visitors_do_not_read_who_of_the_staff_changed_what(app):
    user = factories.Sysadmin(fullname="Erika Probe")
    dataset = factories.Dataset(user=user, owner_org=member()["id"])
    activity = app.get(f"/organization/activity/{dataset['organization']['name']}").body
    assert "Die Redaktion" in activity
    assert "Erika Probe" not in activity
