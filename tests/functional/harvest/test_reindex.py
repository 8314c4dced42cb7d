# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A harvest source stays whole in the search index, so it can run again and again."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def source():
    organization = factories.Organization()
    return helpers.call_action(
        "harvest_source_create",
        {"user": factories.Sysadmin()["name"]},
        name="nachbarstadt",
        title="Nachbarstadt",
        url="http://127.0.0.1:9/catalog.rdf",
        source_type="dcat_rdf",
        frequency="MANUAL",
        config='{"rdf_format": "application/rdf+xml"}',
        owner_org=organization["id"],
    )


def test_source_keeps_type_and_config_after_reindex(source):
    for _ in range(2):
        helpers.call_action("harvest_source_reindex", {}, id=source["id"])
        shown = helpers.call_action("harvest_source_show", {}, id=source["id"])
        assert shown["source_type"] == "dcat_rdf"
        assert "application/rdf+xml" in shown["config"]


def test_source_is_found_and_carries_its_status(source):
    helpers.call_action("harvest_source_reindex", {}, id=source["id"])
    shown = helpers.call_action("harvest_source_show", {}, id=source["id"])
    assert shown["status"]["job_count"] == 0
    found = helpers.call_action("package_search", {}, fq="+dataset_type:harvest")
    assert [p["title"] for p in found["results"]] == ["Nachbarstadt"]


def test_all_sources_can_be_reindexed_at_once(source):
    context = {"user": factories.Sysadmin()["name"], "ignore_auth": False, "model": model}
    tk.get_action("harvest_sources_reindex")(context, {})
    shown = helpers.call_action("harvest_source_show", {}, id=source["id"])
    assert shown["source_type"] == "dcat_rdf"


@pytest.mark.parametrize("name", ["", "stranger"])
def test_strangers_may_not_reindex(source, name):
    user = factories.User()["name"] if name else ""
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("harvest_source_reindex")(
            {"user": user, "ignore_auth": False}, {"id": source["id"]}
        )


def test_missing_source_is_named():
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("harvest_source_reindex", {}, id="gibt-es-nicht")
