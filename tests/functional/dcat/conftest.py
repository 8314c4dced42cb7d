# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demonstration in the portal under test."""

import pytest
from ckan.lib.search import commit
from ckan.tests import factories, helpers

from demo.definitions import read_datasets, read_portals

# Any ID of GovData's list: the demonstration has none, for none is ever borrowed.
LISTED = "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"


@pytest.fixture(scope="module")
def demo(portal, reset_index):
    """All datasets of the demonstration, without the bytes of their files."""
    reset_index()
    return _load(portal, read_portals())


@pytest.fixture(scope="module")
def town(portal, reset_index):
    """Those of one portal."""
    reset_index()
    return _load(portal, read_portals()[:1])


def _load(portal, chosen):
    definitions = []
    context = {"user": factories.Sysadmin()["name"]}
    # The index is written once, at the end.
    with (
        portal.flask_app.test_request_context(),
        helpers.changed_config("ckan.search.solr_commit", False),
    ):
        for definition in chosen:
            for member in definition["members"]:
                fields = {**member["organization"], "contributor_id": LISTED}
                helpers.call_action("organization_create", dict(context), **fields)
            for dataset in read_datasets(definition):
                fields = dict(dataset.fields)
                fields["resources"] = [
                    {**r, "url": f"https://dateien.example/{r['id']}"}
                    for r in fields["resources"]
                ]
                helpers.call_action("package_create", dict(context), **fields)
                definitions.append(fields)
    commit()
    return definitions


@pytest.fixture(scope="module")
def join(portal):
    """Make an account that may change the datasets of a member."""

    def make(organization):
        user = factories.UserWithToken()
        with portal.flask_app.test_request_context():
            helpers.call_action(
                "organization_member_create",
                id=organization,
                username=user["name"],
                role="editor",
            )
        return user

    return make


@pytest.fixture(scope="module")
def editor(town, join):
    """Somebody who may change the datasets of the town."""
    return join("stadt-kaiserslautern")
