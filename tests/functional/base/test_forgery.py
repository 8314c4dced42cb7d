# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No page of somebody else sends our forms from the browsers of its visitors."""

import pytest

BARRIER = "/seiten/barriere-melden"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://falle.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://falle.example"},
    {"Origin": "http://test.ckan.net.falle.example"},
]
OWN = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://test.ckan.net"},
    # A page that keeps its address to itself, and a browser that says nothing.
    {"Origin": "null"},
    {},
]


@pytest.mark.parametrize("path", [BARRIER, "/user/reset", "/user/login"])
@pytest.mark.parametrize("headers", FOREIGN, ids=lambda h: " ".join(h.values()) or "silent")
def test_a_form_on_a_page_of_somebody_else_is_refused(portal, path, headers):
    answer = portal.post(path, data={"text": "Karte"}, headers=headers, status=400)
    assert "Das Formular kam nicht von diesem Portal." in answer.body


@pytest.mark.parametrize("headers", OWN, ids=lambda h: " ".join(h.values()) or "silent")
def test_a_form_of_this_portal_is_taken(portal, headers):
    answer = portal.post(BARRIER, data={"text": "Karte"}, headers=headers, status=200)
    # Sent at once, as robots do: the stamp of the form still counts.
    assert "konnte nicht gesendet werden" in answer.body


def test_pages_of_others_may_ask_the_interface(portal):
    headers = {"Origin": "https://karte.example", "Sec-Fetch-Site": "cross-site"}
    answer = portal.post("/api/3/action/package_search", json={"q": "x"}, headers=headers)
    assert answer.json["success"]
