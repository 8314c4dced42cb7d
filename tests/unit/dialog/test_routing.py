# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has the data answers, never who only shows them."""

import pytest

from ckanext.verbund.domain.dialog import routing
from ckanext.verbund.domain.dialog.routing import Home, Route

LANDAU = Home("Stadt Landau", ["https://daten.landau.example"])
IRI = "https://daten.landau.example/dataset/1"


def harvested(**facts):
    return routing.of_dataset(**{"owner": "Gespiegelt", "harvested": True, **facts})


def test_own_data_are_answered_here_whatever_they_say():
    route = routing.of_dataset(
        owner="Stadt", harvested=False, iri=IRI, mailboxes=["a@b.de"], homes=[LANDAU]
    )
    assert route == Route("here", "Stadt")


def test_data_of_a_known_member_are_asked_at_its_portal():
    route = harvested(iri=IRI, mailboxes=["a@landau.example"], homes=[LANDAU])
    assert route == Route("link", "Stadt Landau", IRI + "/frage")


@pytest.mark.parametrize(
    "iri",
    [
        "https://daten.landau.example.evil.example/dataset/1",
        "https://daten.landau.exampleX/dataset/1",
        "javascript:alert(1)//https://daten.landau.example/",
        "",
    ],
)
def test_an_address_that_only_looks_like_a_members_is_no_link(iri):
    assert harvested(iri=iri, mailboxes=["a@b.de"], homes=[LANDAU]).how == "mail"


def test_data_of_others_are_asked_by_mail():
    route = harvested(publisher="Rostock", mailboxes=["kein Postfach", "daten@rostock.example"])
    assert route == Route("mail", "Rostock", "daten@rostock.example")


@pytest.mark.parametrize("mailbox", ["a@b.de\nBcc: x@y.de", "a@b.de,c@d.de", "mailto:x"])
def test_a_mailbox_with_something_in_it_is_no_mailbox(mailbox):
    assert harvested(mailboxes=[mailbox], pages=["https://x.example/1"]).how == "source"


def test_without_a_mailbox_the_page_of_the_data_is_named():
    route = harvested(pages=["javascript:alert(1)", "https://x.example/1"])
    assert route == Route("source", "Gespiegelt", "https://x.example/1")


def test_nobody_is_said_when_nobody_is_known():
    assert harvested(pages=["javascript:alert(1)"]) == Route("nobody", "Gespiegelt")


def test_a_member_is_asked_here():
    assert routing.of_member(name="Stadt", mirror=False, email="a@b.de").how == "here"


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        ({"namespaces": ["https://daten.landau.example"], "email": "a@b.de"}, "link"),
        ({"namespaces": ["kein-netz"], "email": "a@b.de"}, "mail"),
        ({"page": "https://landau.example"}, "source"),
        ({}, "nobody"),
    ],
)
def test_a_mirrored_member_is_asked_at_home(facts, how):
    assert routing.of_member(name="Landau", mirror=True, **facts).how == how
