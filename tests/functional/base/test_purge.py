# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dataset is purged only when nobody else is changing it."""

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("portal")


def found(package):
    return helpers.call_action("package_search", fq=f"id:{package['id']}")["count"]


def test_a_purge_waits_for_whoever_changes_the_dataset():
    package = factories.Dataset(owner_org=factories.Organization()["id"])
    with model.meta.engine.connect() as other, other.begin():
        other.execute(
            sa.text("SELECT id FROM package WHERE id = :id FOR UPDATE"), {"id": package["id"]}
        )
        model.Session.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            helpers.call_action("dataset_purge", id=package["id"])
        model.Session.rollback()
        assert found(package) == 1
    helpers.call_action("dataset_purge", id=package["name"])
    assert found(package) == 0
    assert model.Package.get(package["id"]) is None


def test_an_unknown_dataset_cannot_be_purged():
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("dataset_purge", id="gibt-es-nicht")
