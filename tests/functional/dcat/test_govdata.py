# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way of a member to GovData."""

import pytest
from ckan.tests import factories

from ckanext.verbund.base import convert, tasks
from ckanext.verbund.dcat import govdata

LISTED = "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"


@pytest.fixture(scope="module")
def admin(portal):
    return factories.User()


def open_for(portal, name, **facts):
    """Make a member with one public dataset; return what waits there for an account."""

    def make(user, capacity):
        owner = factories.Organization(
            name=name, users=[{"name": user["name"], "capacity": capacity}], **facts
        )
        factories.Dataset(title="Bäume", owner_org=owner["id"])
        with portal.flask_app.test_request_context():
            found = govdata.tasks(tasks.person(user["name"]), 100).tasks
        return [task.why for task in found if task.id == f"govdata:{owner['id']}"]

    return make


@pytest.mark.parametrize(
    ("name", "facts", "count"),
    [
        ("ohne-weg", {"contributor_id": LISTED}, 1),
        ("ohne-kennung", {"govdata_route": "state"}, 1),
        ("geregelt", {"govdata_route": "state", "contributor_id": LISTED}, 0),
    ],
)
def test_who_manages_a_member_is_told_what_is_missing(portal, admin, name, facts, count):
    assert len(open_for(portal, name, **facts)(admin, "admin")) == count


def test_who_cannot_mend_it_has_no_task(portal):
    assert open_for(portal, "nur-redaktion")(factories.User(), "editor") == []


def test_an_id_that_is_not_listed_is_never_exported():
    facts = {"id": "1", "name": "stadt", "title": "Stadt"}
    unknown = {**facts, "contributor_id": "http://dcat-ap.de/def/contributors/erfunden"}
    assert convert.member_of(unknown).contributor_id == ""
    assert convert.member_of({**facts, "contributor_id": LISTED}).contributor_id == LISTED
