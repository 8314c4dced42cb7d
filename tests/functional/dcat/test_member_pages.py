# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Findings, points and high-value datasets of a member."""

import csv
import html
import io
import re

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.logic import NotAuthorized, ValidationError
from ckan.tests import factories, helpers

from ckanext.verbund.dcat import checked
from ckanext.verbund.dcat.model import Checked
from ckanext.verbund.domain import dataset as d

TOWN = "stadt-kaiserslautern"
BUS = "http://data.europa.eu/bna/c_b79e35eb"
CLOSED = "http://dcat-ap.de/def/licenses/other-closed"
PATH = f"/organization/{TOWN}"


@pytest.fixture(scope="module")
def faulty(town):
    return factories.Dataset(
        title="baeume_2020.csv",
        notes="Alle Bäume im Stadtgebiet mit Art, Lage und Jahr der Pflanzung.",
        modified="2999-05-02",
        owner_org=TOWN,
        hvd_category=[BUS],
        resources=[
            {"url": "https://dateien.example/b.csv", "name": "Bäume", "license": CLOSED}
        ],
    )


@pytest.fixture(scope="module")
def change(portal, town):
    """Change something as the system administration."""
    boss = factories.Sysadmin()["name"]

    def patch(action, **fields):
        return helpers.call_action(action, {"user": boss}, **fields)

    return patch


@pytest.fixture(scope="module")
def refreshed(portal, editor, faulty):
    with portal.flask_app.test_request_context():
        return checked.refresh()


def get(portal, path, person=None):
    headers = {"Authorization": person["token"]} if person else {}
    return portal.get(path, headers=headers, follow_redirects=False)


def rows(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_everything_own_is_checked_once_and_again_only_when_it_changed(
    portal, change, refreshed, faulty, town
):
    assert refreshed == len(town) + 1
    with portal.flask_app.test_request_context():
        assert checked.refresh() == 0
        change("package_patch", id=faulty["id"], version="2")
        assert checked.refresh() == 1


def test_findings_can_be_filtered_and_carry_their_dataset(act, editor, refreshed, faulty):
    everything = act("verbund_member_findings", editor, id=TOWN)
    assert everything["waiting"] == 0
    assert everything["count"] == sum(everything["severities"].values())
    one = act("verbund_member_findings", editor, id=TOWN, rule="dcatde.Q-title-file")
    assert [f["dataset"]["id"] for f in one["results"]] == [faulty["id"]]
    warnings = act("verbund_member_findings", editor, id=TOWN, severity="warning", limit=1)
    assert warnings["count"] == everything["severities"]["warning"]
    assert [f["severity"] for f in warnings["results"]] == ["warning"]


def test_the_list_of_a_member_costs_one_query_however_many_datasets(portal, act, refreshed):
    member = act("organization_show", id=TOWN)["id"]
    asked = []

    def count(*statement):
        asked.append(statement[2])

    with portal.flask_app.test_request_context():
        sa.event.listen(model.meta.engine, "before_cursor_execute", count)
        try:
            results, _ = checked.of_member(member)
        finally:
            sa.event.remove(model.meta.engine, "before_cursor_execute", count)
    assert len(results) > 5
    assert len(asked) == 1


def test_a_change_of_the_member_makes_its_datasets_wait(portal, change, refreshed):
    with portal.flask_app.test_request_context():
        before = helpers.call_action("organization_show", id=TOWN)
        change("organization_patch", id=TOWN, title="Stadt K.")
        _, waiting = checked.of_member(before["id"])
        change("organization_patch", id=TOWN, title=before["title"])
        _, after = checked.of_member(before["id"])
    assert waiting > 0
    assert after == 0


def test_only_staff_of_the_member_read_the_findings(portal, act, editor, town):
    for person in (None, factories.User()):
        with pytest.raises(NotAuthorized):
            act("verbund_member_findings", person, id=TOWN)
    stranger = factories.UserWithToken()
    for page in ("befunde", "befunde.csv", "punkte"):
        assert get(portal, f"{PATH}/{page}", stranger).status_code == 403
        assert get(portal, f"{PATH}/{page}").status_code in {302, 403}
        assert get(portal, f"{PATH}/{page}", editor).status_code == 200


def test_an_unknown_severity_is_refused_and_a_mangled_address_shows_everything(
    portal, act, editor, refreshed
):
    with pytest.raises(ValidationError):
        act("verbund_member_findings", editor, id=TOWN, severity="bad")
    assert get(portal, f"{PATH}/befunde?severity=bad", editor).status_code == 200
    assert get(portal, "/organization/gibt-es-nicht/befunde", editor).status_code == 404


def test_the_table_leads_to_the_field_and_the_csv_holds_the_same(
    portal, editor, refreshed, faulty
):
    body = get(portal, f"{PATH}/befunde?rule=dcatde.Q-title-file", editor).body
    assert f'href="/dataset/edit/{faulty["name"]}/was#field-title"' in body
    assert "Schreiben Sie einen Titel in Wörtern." in body
    table = rows(get(portal, f"{PATH}/befunde.csv?rule=dcatde.Q-title-file", editor))
    assert [(row["Datensatz"], row["Regel"]) for row in table] == [
        ("baeume_2020.csv", "dcatde.Q-title-file")
    ]


def test_points_are_an_estimate_with_three_improvements(portal, act, editor, refreshed):
    points = act("verbund_member_findings", editor, id=TOWN)["points"]
    assert points["maximum"] == 405
    assert 0 < points["total"] < 405
    assert len(points["improvements"]) == 3
    assert all(one["count"] > 0 for one in points["improvements"])
    body = get(portal, f"{PATH}/punkte", editor).body
    assert f"{points['total']} von 405 Punkten" in body
    assert "Das ist eine Schätzung." in body


def test_the_page_of_a_dataset_tells_staff_its_points(portal, act, editor, refreshed, faulty):
    points = act("verbund_dataset_points", editor, id=faulty["id"])
    shown = f"{points['total']} von 405 Punkten"
    assert shown in get(portal, f"/dataset/{faulty['name']}", editor).body
    assert shown not in get(portal, f"/dataset/{faulty['name']}").body


def test_the_regulation_is_entered_with_the_category(act, faulty):
    assert faulty["applicable_legislation"] == [d.HVD_LAW]
    plain = factories.Dataset(owner_org=TOWN, title="Ohne Kategorie")
    assert "applicable_legislation" not in plain
    harvested = factories.Dataset(
        owner_org=TOWN,
        title="Von nebenan",
        hvd_category=[BUS],
        extras=[{"key": "guid", "value": "https://nachbar.example/9"}],
    )
    assert "applicable_legislation" not in harvested


def test_files_of_a_high_value_dataset_name_the_regulation_in_the_export(act, faulty):
    text = act("dcat_dataset_show", id=faulty["id"], format="nt")
    law = f"<http://data.europa.eu/r5r/applicableLegislation> <{d.HVD_LAW}>"
    assert text.count(law) == 2


def test_high_value_datasets_are_listed_for_everybody_with_what_is_open(portal, act, faulty):
    body = get(portal, f"{PATH}/hochwertige-datensaetze").body
    assert "Mobilität" in body
    assert re.search(r"Noch offen:</strong>\s*Lizenz nicht offen, keine Schnittstelle", body)
    table = rows(get(portal, f"{PATH}/hochwertige-datensaetze.csv"))
    row = next(row for row in table if row["Titel"] == "baeume_2020.csv")
    assert (row["Kategorien"], row["Downloads"]) == (
        "Mobilität",
        "https://dateien.example/b.csv",
    )
    link = re.search(rf'href="({PATH}/catalog.ttl[^"]*)"', body)[1]
    turtle = get(portal, html.unescape(link)).body
    assert turtle.count("a dcat:Dataset ") == len(table)


def test_a_hidden_dataset_is_not_in_the_public_report(portal, town):
    factories.Dataset(owner_org=TOWN, title="Geheimer Plan", private=True, hvd_category=[BUS])
    assert "Geheimer Plan" not in get(portal, f"{PATH}/hochwertige-datensaetze").body


def test_what_is_purged_leaves_no_findings(portal, change, refreshed):
    gone = factories.Dataset(owner_org=TOWN, title="Weg")
    with portal.flask_app.test_request_context():
        checked.refresh()
        assert model.Session.get(Checked, gone["id"])
        change("dataset_purge", id=gone["id"])
        model.Session.expire_all()
        assert model.Session.get(Checked, gone["id"]) is None
