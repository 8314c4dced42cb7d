# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases over the API: who does what, four eyes, changes, restriction, inheritance."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from sqlalchemy.exc import DBAPIError

from ckanext.verbund.base import tasks
from ckanext.verbund.ethics import publication
from ckanext.verbund.ethics.model import decision
from ckanext.verbund.harvest import decisions as harvest_decisions

from .conftest import PASSWORD, harmless


def test_a_dataset_has_one_open_case(make, api):
    package = make()
    assert api("verbund_case_create", "author", package_id=package["id"]).ok
    again = api("verbund_case_create", "colleague", package_id=package["id"])
    assert again.status == 409
    assert "schon einen offenen Vorgang" in str(again.got)


@pytest.mark.parametrize("who", [None, "stranger", "sysadmin", "decider"])
def test_only_editors_of_the_member_begin_and_answer(make, api, who):
    package = make()
    status = 403 if who in {"sysadmin", "decider"} else 404  # the others know of no dataset
    assert api("verbund_case_create", who, package_id=package["id"]).status == status
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    assert api("verbund_case_answer", who, id=case["id"], answers=harmless()).status == 403


@pytest.mark.parametrize("who", [None, "stranger"])
def test_others_see_no_case(make, api, who):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    assert api("verbund_case_show", who, id=case["id"]).status == 403
    if who:
        assert case["id"] not in [c["id"] for c in api("verbund_case_list", who).got["cases"]]
    assert case["id"] in [
        c["id"] for c in api("verbund_case_list", "decider", limit=500).got["cases"]
    ]


def test_answers_are_checked_and_kept(make, api):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    wrong = {"A1": {"value": "vielleicht"}, "Z9": {"value": "yes"}}
    got = api("verbund_case_answer", "author", id=case["id"], answers=wrong)
    assert got.status == 409
    assert {"A1", "Z9"} <= set(got.got)
    one = {"A1": {"value": "yes", "reason": "Wir führen die Liste selbst."}}
    kept = api("verbund_case_answer", "author", id=case["id"], answers=one).got
    assert kept["answers"]["A1"]["reason"] == "Wir führen die Liste selbst."
    assert "A2" in kept["recommendation"]["missing"]
    more = api("verbund_case_answer", "colleague", id=case["id"], answers=harmless()).got
    assert more["recommendation"]["outcome"] == "open"
    assert len(more["authors"]) == 2


def test_who_wrote_the_case_does_not_decide_it_in_any_role(make, api, ready, step, staffed):
    given = {"organization_id": staffed.home["id"], "role": "decider"}
    name = staffed.people["author"]["name"]
    assert api("verbund_role_set", "admin", user=name, **given).ok
    case = ready(make())
    got = step(case, "decide_open", "author")
    assert got.status == 409
    assert got.got["code"] == ["four-eyes"]
    assert api("verbund_role_set", "admin", user=name, remove=True, **given).ok


def test_the_database_knows_four_eyes_too(make, ready, town):
    case = ready(make())
    author, other = town.people["author"]["id"], town.people["decider"]["id"]
    row = {
        "case_id": case["id"], "package_id": case["package_id"],
        "organization_id": case["organization_id"], "outcome": "open",
        "fingerprint": case["fingerprint"], "catalogue_version": 1, "catalogue_hash": "x",
        "recommendation": "open",
    }  # fmt: skip
    forged = [{"authors": [author]}, {"authors": ["erfunden"]}, {"authors": []}]
    for more in forged:
        with pytest.raises(DBAPIError):
            model.Session.execute(sa.insert(decision).values(**row, **more, decided_by=author))
        model.Session.rollback()
    model.Session.execute(sa.insert(decision).values(**row, authors=[author], decided_by=other))
    model.Session.rollback()


def test_who_edits_while_a_case_is_open_is_an_author(make, api, ready, staffed, step):
    given = {"organization_id": staffed.home["id"], "role": "decider"}
    name = staffed.people["colleague"]["name"]
    api("verbund_role_set", "admin", user=name, **given)
    package = make()
    case = ready(package)
    assert api("package_patch", "colleague", id=package["id"], responsibility="Amt 67").ok
    got = step(case, "decide_open", "colleague")
    assert got.got["code"] == ["four-eyes"]
    api("verbund_role_set", "admin", user=name, remove=True, **given)


def test_what_the_portal_does_by_itself_makes_it_no_author(make, api, ready):
    package = make()
    case = ready(package)
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context = {"ignore_auth": True, "user": site}
    helpers.call_action("package_patch", context, id=package["id"], responsibility="Amt 67")
    now = api("verbund_case_show", "decider", id=case["id"]).got
    assert now["authors"] == case["authors"]
    assert now["state"] == "ready"
    helpers.call_action("package_patch", context, id=package["id"], title="Anders")
    now = api("verbund_case_show", "decider", id=case["id"]).got
    assert (now["state"], now["authors"]) == ("draft", case["authors"])


def test_a_change_during_review_brings_the_case_back(make, api, ready, step):
    package = make()
    case = ready(package)
    assert api("package_patch", "colleague", id=package["id"], title="Anders").ok
    now = api("verbund_case_show", "decider", id=case["id"]).got
    assert now["state"] == "draft"
    assert now["fingerprint"] != case["fingerprint"]
    assert step(case, "decide_open", "decider").got["code"] == ["state"]


def test_a_file_exchanged_behind_everybodys_back_is_noticed(make, ready, step, api, sql):
    package = make()
    case = ready(package)
    from ckan.lib import uploader

    resource = package["resources"][0]
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    path = location if str(location).startswith("/") else upload.storage.full_path(location)
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"Name\nErika Beispiel\n")
    got = step(case, "decide_open", "decider")
    assert got.status == 409
    assert api("verbund_case_show", "author", id=case["id"]).got["state"] == "draft"


def test_a_decision_about_another_version_is_refused(make, ready, step):
    case = ready(make())
    got = step(case, "decide_open", "decider", fingerprint="0" * 64)
    assert got.got["code"] == ["changed"]


def test_comments_come_from_the_right_person_and_count_once(make, ready, step, api):
    answers = harmless() | {
        "B4": {"value": "yes", "reason": "Die Liste nennt einzelne Kinder."},
        "G4": {"value": "no", "reason": "Die Angaben sind schon grob genug."},
    }
    case = ready(make(), answers)
    assert case["state"] == "comments"
    assert set(case["recommendation"]["open_comments"]) == {"DSB", "ETHIK"}
    fields = {"reason": "Geprüft, unbedenklich.", "verdict": "no_objection"}
    wrong = step(case, "comment", "dpo", effect="ETHIK", **fields)
    assert wrong.got["code"] == ["role"]
    said = step(case, "comment", "dpo", effect="DSB", **fields)
    assert said.ok, said.got
    assert said.got["recommendation"]["open_comments"] == ["ETHIK"]
    assert said.got["state"] == "comments"
    back = step(case, "return", "decider", reason="Bitte ohne Namen.")
    assert back.ok, back.got
    assert set(back.got["recommendation"]["open_comments"]) == {"DSB", "ETHIK"}


def test_a_refusal_in_spite_of_a_duty_needs_leitung(make, ready, step, hidden):
    answers = harmless() | {
        "A2": {"value": "yes", "reason": "Hochwertiger Datensatz der EU."},
        "A3": {"value": "yes", "reason": "Das Sozialgeheimnis steht entgegen."},
    }
    package = make()
    case = ready(package, answers)
    fields = {"legal_ground": "§ 35 SGB I"}
    got = step(case, "decide_not", "decider", **fields)
    assert got.got["code"] == ["cosign"]
    assert step(case, "cosign", "leitung").ok
    done = step(case, "decide_not", "decider", **fields)
    assert done.ok, done.got
    assert done.got["state"] == "decided_not"
    assert done.got["decision"]["grounds"] == ["secrecy-law"]
    hidden(package)


def test_suspended_at_once_by_anybody_and_resumed_by_a_decider(
    make, publish, step, hidden, visible
):
    done = publish(make())
    stopped = step(done.case, "suspend", "author", reason="Da steht ein Name.")
    assert stopped.ok, stopped.got
    hidden(done.package)
    assert step(done.case, "resume", "author", reason="Doch nicht.").status == 409
    assert step(done.case, "resume", "decider", reason="Kein Name.").ok
    visible(done.package)


def test_valid_until_ends_publication(make, publish, api, sql, hidden, visible, monkeypatch):
    day = tasks.today()
    done = publish(make(), valid_until=day.isoformat())
    visible(done.package)
    assert publication.expire() == []
    sql("ALTER TABLE verbund_ethics_decision DISABLE TRIGGER keep")
    sql(
        "UPDATE verbund_ethics_decision SET valid_until = :day WHERE package_id = :id",
        day=day - timedelta(days=1), id=done.package["id"],
    )  # fmt: skip
    sql("ALTER TABLE verbund_ethics_decision ENABLE TRIGGER keep")
    assert not api("package_show", id=done.package["id"]).ok  # before the job ran
    assert publication.expire() == [done.package["id"]]
    hidden(done.package)


def test_two_people_decide_at_once_and_one_of_them_does(make, ready, town, app, staffed, api):
    given = {"organization_id": staffed.home["id"], "role": "decider"}
    api("verbund_role_set", "admin", user=staffed.people["leitung"]["name"], **given)
    case = ready(make())
    results = []

    def decide(who, action):
        with app.flask_app.test_request_context():
            try:
                helpers.call_action(
                    "verbund_case_act",
                    {"user": town.people[who]["name"], "ignore_auth": False},
                    id=case["id"], action=action, fingerprint=case["fingerprint"],
                    reason="weil", password=PASSWORD,
                )  # fmt: skip
                results.append("done")
            except tk.ValidationError as error:
                results.append(error.error_dict["code"][0])
            finally:
                model.Session.remove()

    threads = [
        threading.Thread(target=decide, args=one)
        for one in (("decider", "decide_open"), ("leitung", "decide_not"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == ["done", "state"]
    given["user"] = staffed.people["leitung"]["name"]
    api("verbund_role_set", "admin", remove=True, **given)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE resource SET name = 'Kinder' WHERE package_id = :id",
        "UPDATE package SET title = 'Kinder' WHERE id = :id",
    ],
)
def test_a_change_that_is_under_way_is_not_decided_on(make, ready, town, app, change, hidden):
    """Somebody saves while somebody else decides: the decision waits and then sees it."""
    package = make()
    case, results = ready(package), []

    def decide():
        with app.flask_app.test_request_context():
            context = {"user": town.people["decider"]["name"], "ignore_auth": False}
            fields = {"action": "decide_open", "fingerprint": case["fingerprint"]}
            fields["password"] = PASSWORD
            try:
                helpers.call_action("verbund_case_act", context, id=case["id"], **fields)
            except tk.ValidationError as error:
                results.append(error.error_dict["code"][0])
            finally:
                model.Session.remove()

    with model.ensure_engine().connect() as connection:
        connection.execute(sa.text(change), {"id": package["id"]})
        thread = threading.Thread(target=decide)
        thread.start()
        thread.join(3)
        assert thread.is_alive()
        connection.commit()
    thread.join(60)
    assert results == ["state"]
    hidden(package)


def test_roles_begin_and_end_and_are_given_by_the_member(make, ready, step, api, staffed):
    given = {
        "organization_id": staffed.home["id"], "role": "decider",
        "user": staffed.people["leitung"]["name"],
    }  # fmt: skip
    day = tasks.today()
    tomorrow, yesterday = (day + timedelta(days=n) for n in (1, -1))
    assert api("verbund_role_set", "author", **given).status == 403
    assert api("verbund_role_set", "stranger", **given).status == 403
    case = ready(make())
    for time in ({"valid_from": tomorrow.isoformat()}, {"valid_to": yesterday.isoformat()}):
        assert api("verbund_role_set", "admin", **given, **time).ok
        assert step(case, "decide_open", "leitung").got["code"] == ["role"]
    assert api("verbund_role_set", "admin", deputy=True, **given).ok
    assert step(case, "decide_open", "leitung").ok
    listed = api("verbund_role_list", "reviewer", organization_id=staffed.home["id"]).got
    assert [one["deputy"] for one in listed if one["role"] == "decider"] == [False, True]
    assert api("verbund_role_set", "admin", remove=True, **given).ok


def test_reviewers_from_outside_read_a_case_that_was_submitted(make, ready, api):
    package = make()
    assert api("package_show", "dpo", id=package["id"]).status == 403
    ready(package)
    assert api("package_show", "dpo", id=package["id"]).ok
    assert api("package_show", "stranger", id=package["id"]).status == 404


def test_a_draft_is_submitted_only_when_it_is_whole(api, described, make):
    package = make(state="draft", upload=None)
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    api("verbund_case_answer", "author", id=case["id"], answers=harmless())
    seen = {"id": case["id"], "action": "submit", "fingerprint": case["fingerprint"]}
    assert api("verbund_case_act", "author", **seen).ok
    now = api("package_show", "author", id=package["id"]).got
    assert now["state"] == "active"
    assert now["private"] is True


# -- Sources of harvesting -----------------------------------------------------------------


def test_a_decision_on_a_source_is_inherited_and_ends_with_it(
    harvested,
    ready,
    step,
    api,
    town,
    visible,
    hidden,
    make,
):
    def inherit(*ids):
        context = {"ignore_auth": True, "user": town.people["sysadmin"]["name"]}
        return helpers.call_action(
            "verbund_decision_inherit", context,
            source_id=harvested.source["id"], package_ids=list(ids),
        )  # fmt: skip

    package, foreign = harvested.package, make()
    assert inherit(package["id"])["inherited"] == []
    case = ready(harvested.source)
    assert step(case, "decide_open", "decider").ok
    shown = api("verbund_source_decision_show", "author", source_id=harvested.source["id"]).got
    assert shown["outcome"] == "open"
    for who in (None, "admin", "sysadmin"):
        got = api(
            "verbund_decision_inherit", who,
            source_id=harvested.source["id"], package_ids=[foreign["id"]],
        )  # fmt: skip
        assert got.status == 403
    done = inherit(package["id"], foreign["id"])
    assert done == {"inherited": [package["id"]], "refused": [foreign["id"]]}
    visible(package)
    hidden(foreign)
    told = api("verbund_decision_show", package_id=package["id"]).got
    assert told["inherited"] is True
    context = {"ignore_auth": True, "user": town.people["sysadmin"]["name"]}
    helpers.call_action("package_patch", context, id=package["id"], title="Neu vom Nachbarn")
    assert api("package_show", id=package["id"]).got["title"] == "Neu vom Nachbarn"
    assert step(case, "revoke", "decider", reason="Wir trauen der Quelle nicht mehr.").ok
    hidden(package)


def test_a_decision_on_a_source_reaches_what_was_fetched_before_and_after(
    harvested, ready, step, make, app, visible, hidden
):
    source, before, foreign = harvested.source["id"], harvested.package, make()
    with app.flask_app.test_request_context():
        harvest_decisions.inherit(source, [before["id"]])
    hidden(before)  # nobody has decided yet
    assert step(ready(harvested.source), "decide_open", "decider").ok
    with app.flask_app.test_request_context():
        assert [source] in [job.args for job in jobs.get_queue().jobs]
        harvest_decisions.inherit_all(source)
    visible(before)
    hidden(foreign)


def test_who_looks_after_a_source_reads_whether_its_data_may_be_public(
    harvested, ready, step, app, town
):
    def page():
        headers = {"Authorization": town.tokens["sysadmin"]}
        return app.get(f"/harvest/{harvested.source['name']}/job", headers=headers).body

    assert "Über diese Quelle ist noch nicht entschieden." in page()
    assert step(ready(harvested.source), "decide_open", "decider").ok
    assert "Datensätze dieser Quelle dürfen hier öffentlich sein" in page()


def test_another_address_of_the_source_ends_trust(harvested, ready, step, api, sql):
    assert step(ready(harvested.source), "decide_open", "decider").ok
    id = harvested.source["id"]
    assert api("verbund_source_decision_show", "author", source_id=id).got
    sql("UPDATE package SET url = 'https://anders.example/' WHERE id = :id", id=id)
    assert api("verbund_source_decision_show", "author", source_id=id).got is None


# -- The worklist --------------------------------------------------------------------------


def test_undecided_datasets_are_on_the_list_until_they_have_a_case(make, api):
    package = make()

    def listed(who):
        got = api("verbund_undecided_list", who, limit=500).got
        return package["id"] in {one["id"] for one in got["datasets"]}

    assert listed("author")
    assert not listed("stranger")
    api("verbund_case_create", "author", package_id=package["id"])
    assert not listed("author")


def test_factories_make_undecided_datasets_too(town):
    assert factories.Dataset(owner_org=town.home["id"], notes="x")["private"] is True
