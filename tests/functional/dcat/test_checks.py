# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The check on the review page, on the page of a dataset and as an action."""

import re
import time

import pytest
from ckan.logic import NotAuthorized
from ckan.tests import factories

OWNER = {"owner_org": "stadt-kaiserslautern"}
FUTURE = "2999-05-02"


@pytest.fixture(scope="module")
def faulty(town):
    return factories.Dataset(
        title="Bänke",
        notes="Alle Bänke im Stadtgebiet mit Lage und Zustand.",
        modified=FUTURE,
        spatial_coverage=[{"text": "Kaiserslautern"}],
        resources=[
            {
                "url": "http://intern.local/baenke.csv",
                "name": "Liste der Bänke",
                "license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
            }
        ],
        **OWNER,
    )


def page(portal, path, editor):
    return portal.get(path, headers={"Authorization": editor["token"]}).body


def checks(body):
    return re.search(r'<(section|p)[^>]* id="verbund-checks".*?</\1>', body, re.DOTALL)[0]


def test_findings_name_field_and_file(act, editor, faulty):
    found = {
        f["id"]: f for f in act("verbund_dataset_check", editor, id=faulty["id"])
    }  # fmt: skip
    late, local = found["dcatde.Q-date-future"], found["dcatde.Q-address-local"]
    assert (late["field"], late["resource_id"]) == ("modified", "")
    assert local["resource_id"] == faulty["resources"][0]["id"]
    severities = [f["severity"] for f in found.values()]
    assert severities == sorted(severities, key=["error", "warning", "hint"].index)


def test_a_dataset_in_order_has_no_error(act, editor, town):
    found = act("verbund_dataset_check", editor, id="kaiserslautern-spielplaetze")
    assert [f["id"] for f in found if f["severity"] == "error"] == []


@pytest.mark.parametrize(
    "name",
    [
        "kaiserslautern-haushaltsplaene",
        "kaiserslautern-haushaltsplan",
        "kaiserslautern-kartendienst",
    ],
)
def test_what_belongs_together_here_is_no_error_of_either(act, editor, town, name):
    assert name in {package["name"] for package in town}
    found = act("verbund_dataset_check", editor, id=name)
    assert [f["id"] for f in found if f["severity"] == "error"] == []


def test_only_those_who_may_mend_it_have_it_checked(act, faulty):
    for person in (None, factories.User()):
        with pytest.raises(NotAuthorized):
            act("verbund_dataset_check", person, id=faulty["id"])


def test_the_review_page_tells_in_german_what_to_do_and_where(portal, editor, faulty):
    name = faulty["name"]
    shown = checks(page(portal, f"/dataset/edit/{name}/pruefen", editor))
    assert "Das Datum 02.05.2999 liegt in der Zukunft. Berichtigen Sie das Datum." in shown
    assert f'href="/dataset/edit/{name}/wo-und-wann#field-modified"' in shown
    assert "Liste der Bänke:" in shown
    file = faulty["resources"][0]["id"]
    assert f'href="/dataset/{name}/resource/{file}/edit#field-' in shown


def test_what_the_form_misses_is_said_once(portal, editor, town):
    bare = factories.Dataset(title="Ohne alles", **OWNER)
    body = page(portal, f"/dataset/edit/{bare['name']}/pruefen", editor)
    contact = "#field-contact-0-"
    assert body.count(contact) == 1
    assert contact not in checks(body)


def test_the_page_of_a_dataset_leads_staff_to_the_findings(portal, editor, faulty):
    path = f"/dataset/{faulty['name']}"
    link = re.search(r'href="([^"]*#verbund-checks)">([^<]*)<', page(portal, path, editor))
    assert link[1] == f"/dataset/edit/{faulty['name']}/pruefen#verbund-checks"
    assert re.fullmatch(r"Prüfung: \d Fehler, \d Warnung(en)?, \d Hinweise?", link[2])
    assert "verbund-checks" not in portal.get(path).body


def test_what_came_from_elsewhere_is_not_ours_to_mend(portal, editor, town):
    harvested = factories.Dataset(
        title="Fremd", extras=[{"key": "guid", "value": "https://nachbar.example/8"}], **OWNER
    )
    assert "verbund-checks" not in page(portal, f"/dataset/{harvested['name']}", editor)


def test_a_title_cannot_carry_markup_into_the_findings(portal, editor, town):
    evil = factories.Dataset(
        title="Böse",
        resources=[
            {
                "url": "http://intern.local/x",
                "name": "<b id=evil>x</b>",
                "license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
            }
        ],
        **OWNER,
    )
    body = page(portal, f"/dataset/edit/{evil['name']}/pruefen", editor)
    assert "&lt;b id=evil&gt;" in checks(body)
    assert "<b id=evil>" not in body


def test_the_check_takes_no_more_than_60_milliseconds(act, editor, town):
    act("verbund_dataset_check", editor, id="kaiserslautern-spielplaetze")
    taken = []
    for fields in [f for f in town if f["owner_org"] == OWNER["owner_org"]][:9]:
        begin = time.process_time()
        act("verbund_dataset_check", editor, id=fields["id"], values={"title": fields["title"]})
        taken.append(time.process_time() - begin)
    assert sorted(taken)[4] <= 0.06
