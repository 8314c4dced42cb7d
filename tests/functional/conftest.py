# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of all functional tests.

CKAN loads its plugins and makes its application anew for each test, which takes ten times as
long as a test. Here both are kept as long as tests want the same plugins and settings, as a
portal keeps them; settings, cookies and, where a test asks for it, the database are each
test's own.
"""

from __future__ import annotations

import pytest
from ckan import model, plugins
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib.app_globals import _CONFIG_CACHE
from ckan.tests import helpers


@pytest.fixture(scope="session", autouse=True)
def _keep_tables():
    """Keep the tables that the cluster migrated, as those of a real portal.

    CKAN's ``clean_db`` would drop them all once and make those of the core only.
    """
    model.repo.tables_created_and_initialised = True


class _Running:
    """The plugins that are loaded, and the application with them."""

    def __init__(self) -> None:
        self._wanted: tuple | None = None

    def use(self, wanted: tuple = ()) -> None:
        """Have the plugins loaded that the settings name, which are as CKAN reset them.

        Args:
            wanted: Settings in which the test differs from ``test.ini``, already applied.
        """
        if wanted == self._wanted:
            # What plugins added to the settings, when they were loaded with the same ones.
            config.update(self._added)
            return
        self._wanted = None
        before = dict(config)
        plugins.load_all()
        self._app = make_app(config)
        self._added = {
            key: value
            for key, value in config.items()
            if key not in before or before[key] != value
        }
        self._wanted = wanted

    def forget(self) -> None:
        """Load plugins anew at the next use: something else has loaded other ones."""
        self._wanted = None

    def app(self) -> helpers.CKANTestApp:
        """Return the application as a browser without cookies sees it."""
        _CONFIG_CACHE.clear()
        return helpers.CKANTestApp(self._app)


@pytest.fixture(scope="session")
def _running():
    return _Running()


@pytest.fixture
def with_plugins(_running, ckan_config, request):
    """Load the plugins that the settings name, unless they are loaded.

    In place of CKAN's fixture, which unloads them after each test.
    """
    marks = [mark.args for mark in request.node.iter_markers("ckan_config")]
    _running.use(tuple(sorted(dict(marks).items())))


@pytest.fixture
def app(_running, with_plugins):
    """Return an application with the plugins; in place of CKAN's, which makes a new one."""
    return _running.app()


@pytest.fixture
def cli(_running, cli):
    """Run commands of CKAN; each loads the plugins of ``test.ini``, as a process of its own."""
    yield cli
    _running.forget()


@pytest.fixture(scope="module")
def portal(_running, reset_db):
    """One browser and one empty database for all tests of a module.

    Tests that use this tidy up after themselves.
    """
    _running.use()
    reset_db()
    return _running.app()


@pytest.fixture
def act(portal):
    """Call an action as somebody, with the rights that they have, in German."""

    def call(action, person=None, **fields):
        context = {"user": person["name"] if person else "", "ignore_auth": False}
        with portal.flask_app.test_request_context():
            return helpers.call_action(action, context, **fields)

    return call
