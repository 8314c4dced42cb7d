# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of all functional tests."""

import pytest
from ckan import model, plugins
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.tests import helpers


@pytest.fixture(scope="session", autouse=True)
def _keep_tables():
    """Keep the tables that the cluster migrated, as those of a real portal.

    CKAN's ``clean_db`` would drop them all once and make those of the core only.
    """
    model.repo.tables_created_and_initialised = True


@pytest.fixture(scope="module")
def portal(reset_db):
    """One application and one empty database for all tests of a module.

    Making them takes seconds; tests that use this tidy up after themselves.
    """
    plugins.load_all()
    reset_db()
    yield helpers.CKANTestApp(make_app(config))
    plugins.unload_all()


@pytest.fixture
def act(portal):
    """Call an action as somebody, with the rights that they have, in German."""

    def call(action, person=None, **fields):
        context = {"user": person["name"] if person else "", "ignore_auth": False}
        with portal.flask_app.test_request_context():
            return helpers.call_action(action, context, **fields)

    return call
