# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kurzprüfung over the API, and reminders: both save time, neither decides."""

import pytest
from ckan.tests import factories

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics import deadlines, short_check
from ckanext.verbund.ethics import reminders

TYPE = short_check.rules().proposed[0]
NEVER = short_check.rules().never[0].types[0]
REASON = "Es geht um Geräte auf öffentlichen Plätzen, niemand wird genannt."
NOTHING = {
    "groups": dict.fromkeys(short_check.rules().groups, "no"),
    "ticks": list(short_check.rules().ticks),
    "reason": REASON,
}


@pytest.fixture
def adopt(api, staffed):
    def put(*types, who="leitung"):
        fields = {"organization_id": staffed.home["id"], "types": list(types)}
        return api("verbund_short_list_set", who, **fields)

    yield put
    put()


@pytest.fixture
def harmless_case(make, api, screen):
    package = make(musterdatensatz=TYPE)
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    screen(package)
    return case


def check(api, case):
    return api("verbund_short_check_show", "author", id=case["id"]).got


def test_only_leitung_adopts_kinds_of_data_and_never_the_delicate(adopt, api, staffed):
    for who in (None, "stranger", "author", "admin", "sysadmin", "decider"):
        assert adopt(TYPE, who=who).status == 403
    wrong = adopt(TYPE, NEVER, "Gibt es nicht")
    assert wrong.status == 409
    assert "Gibt es nicht" in str(wrong.got["types"])
    show = {"organization_id": staffed.home["id"]}
    assert api("verbund_short_list_show", "author", **show).got["adopted"] == []
    assert adopt(TYPE).got["adopted"] == [TYPE]
    assert api("verbund_short_list_show", "author", **show).got["adopted"] == [TYPE]
    assert api("verbund_short_list_show", "stranger", **show).status == 403


def test_a_harmless_dataset_goes_the_short_way_and_a_second_person_signs(
    harmless_case, adopt, api, step
):
    adopt(TYPE)
    before = check(api, harmless_case)
    assert (before["eligible"], before["misses"], before["done"]) == (True, [], False)
    assert len(before["groups"]) + 2 <= 8
    done = api("verbund_case_answer", "author", id=harmless_case["id"], short=NOTHING)
    assert done.ok, done.got
    assert done.got["recommendation"]["outcome"] == "open"
    assert {one["short"] for one in done.got["answers"].values()} == {True}
    assert check(api, harmless_case)["done"]
    assert step(done.got, "submit", "author").ok
    assert step(done.got, "decide_open", "author").status == 409
    assert step(done.got, "pass", "reviewer").ok
    assert step(done.got, "decide_open", "decider").ok


def test_without_the_one_reason_short_answers_count_for_nothing(harmless_case, adopt, api):
    adopt(TYPE)
    short = NOTHING | {"reason": "kurz"}
    case = api("verbund_case_answer", "author", id=harmless_case["id"], short=short).got
    assert case["recommendation"]["outcome"] == "incomplete"
    assert check(api, harmless_case)["needs_reason"]


def test_a_miss_leads_to_the_long_form_and_keeps_what_was_entered(harmless_case, api):
    got = api("verbund_case_answer", "author", id=harmless_case["id"], short=NOTHING)
    assert got.status == 409
    assert got.got["code"] == ["adopted"]
    assert "Leitung" in got.got["short"][0]
    kept = check(api, harmless_case)
    assert not kept["eligible"]
    assert kept["reason"] == REASON
    assert {one["answer"] for one in kept["groups"]} == {"no"}
    case = api("verbund_case_show", "author", id=harmless_case["id"]).got
    assert case["answers"] == {}


def test_an_opened_group_is_answered_in_the_long_form(harmless_case, adopt, api):
    adopt(TYPE)
    api("verbund_case_answer", "author", id=harmless_case["id"], short=NOTHING)
    opened = {"groups": {"B": "unclear"}}
    case = api("verbund_case_answer", "author", id=harmless_case["id"], short=opened).got
    assert check(api, harmless_case)["opened"] == ["B"]
    assert {id[0] for id in case["recommendation"]["missing"]} == {"B"}
    assert "C1" in case["answers"]
    wrong = {"groups": {"Q": "no"}}
    assert api("verbund_case_answer", "author", id=case["id"], short=wrong).status == 409


def test_a_list_taken_back_asks_for_reasons_before_the_decision(
    harmless_case, adopt, api, step
):
    adopt(TYPE)
    case = api("verbund_case_answer", "author", id=harmless_case["id"], short=NOTHING).got
    assert step(case, "submit", "author").ok
    assert step(case, "pass", "reviewer").ok
    adopt()
    assert step(case, "decide_open", "decider").got["code"] == ["incomplete"]
    now = api("verbund_case_show", "author", id=case["id"]).got
    assert now["answers"].keys() == case["answers"].keys()
    assert {one["short"] for one in now["answers"].values()} == {False}


# -- Reminders -----------------------------------------------------------------------------


def test_reminders_go_further_and_never_move_the_case(
    make, ready, api, step, town, app, post, monkeypatch, ckan_config
):
    title = factories.Dataset.stub().name
    case = ready(make(title=title))
    begun = tasks.today()
    decider, leitung = (town.people[one]["email"] for one in ("decider", "leitung"))
    assert case["waits_for"] == {
        "roles": ["decider"],
        "until": deadlines.add_working_days(begun, 3, "").isoformat(),
    }

    def told(working_days):
        post.mails.clear()
        day = deadlines.add_working_days(begun, working_days, "")
        with monkeypatch.context() as clock, app.flask_app.test_request_context():
            clock.setattr(tasks, "today", lambda: day)
            reminders.send()
        return {to for to, text in post.mails if title in text}

    assert told(2) == set()
    with monkeypatch.context() as down:  # nobody was reached, so it is tried again
        down.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
        assert told(3) == set()
    assert told(3) == {decider}
    assert "nichts öffentlich" in next(text for _, text in post.mails if title in text)
    assert told(3) == set()
    assert told(8) == {decider, leitung}
    now = api("verbund_case_show", "decider", id=case["id"]).got
    assert (now["state"], now["changed"]) == ("ready", case["changed"])
    assert [one["action"] for one in now["history"]][-2:] == ["remind", "remind"]
    assert step(case, "return", "decider", reason="Bitte kürzer.").ok
    back = api("verbund_case_show", "decider", id=case["id"]).got
    assert back["reminded"] == 0
    assert back["waits_for"]["roles"] == ["editor"]
