# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link changes no harvest source; a form with its token does."""

import pytest
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
CHANGES = ("delete", "clear", "refresh")


@pytest.fixture
def sysadmin():
    return factories.SysadminWithToken()


@pytest.fixture
def source(sysadmin):
    return helpers.call_action(
        "harvest_source_create",
        {"user": sysadmin["name"]},
        name="nachbarstadt",
        title="Nachbarstadt",
        url="http://127.0.0.1:9/catalog.rdf",
        source_type="dcat_rdf",
        frequency="MANUAL",
        owner_org=factories.Organization()["id"],
    )


def state(source):
    shown = helpers.call_action("harvest_source_show", {}, id=source["id"])
    jobs = helpers.call_action(
        "harvest_job_list", {"ignore_auth": True}, source_id=source["id"]
    )
    return shown["state"], len(jobs)


@pytest.mark.parametrize("change", CHANGES)
def test_a_link_leads_to_the_page_of_the_source_and_changes_nothing(
    app, sysadmin, source, change
):
    before = state(source)
    answer = app.get(
        f"/harvest/{change}/{source['id']}",
        headers={"Authorization": sysadmin["token"]},
        follow_redirects=False,
    )
    assert answer.status_code == 302
    assert "/harvest/admin/" in answer.headers["Location"]
    assert state(source) == before


def test_a_link_stops_no_run(app, sysadmin, source):
    context = {"user": sysadmin["name"]}
    job = helpers.call_action("harvest_job_create", context, source_id=source["id"], run=False)
    address = f"/harvest/{source['name']}/job/{job['id']}/abort"
    headers = {"Authorization": sysadmin["token"]}
    app.get(address, headers=headers, follow_redirects=False)
    assert status(job) == "New"
    app.post(address, headers=headers, follow_redirects=False)
    assert status(job) == "Finished"


def status(job):
    shown = helpers.call_action("harvest_job_show", {"ignore_auth": True}, id=job["id"])
    return shown["status"]


def test_a_form_deletes(app, sysadmin, source):
    app.post(
        f"/harvest/delete/{source['id']}",
        headers={"Authorization": sysadmin["token"]},
        follow_redirects=False,
    )
    assert state(source)[0] == "deleted"


def test_who_may_not_change_the_source_does_not_by_form_either(app, source):
    stranger = factories.UserWithToken()
    for change in CHANGES:
        app.post(
            f"/harvest/{change}/{source['id']}",
            headers={"Authorization": stranger["token"]},
            follow_redirects=False,
        )
    assert state(source) == ("active", 0)
