# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of all functional tests."""

import pytest
from ckan import model


@pytest.fixture(scope="session", autouse=True)
def _keep_tables():
    """Keep the tables that the cluster migrated, as those of a real portal.

    CKAN's ``clean_db`` would drop them all once and make those of the core only.
    """
    model.repo.tables_created_and_initialised = True
