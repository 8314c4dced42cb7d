# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What leaves the net is gone at every door, and neighbours learn it."""

import datetime as dt
import json
import stat

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError

from ckanext.verbund.base import tasks
from ckanext.verbund.base.commands import verbund
from ckanext.verbund.domain import signing
from ckanext.verbund.domain.ethics.ending import DEPRECATED
from ckanext.verbund.ethics import audit, endings, withdrawals

REASON = "In Spalte 3 stehen Namen."


@pytest.fixture(scope="module", autouse=True)
def ring(app, tmp_path_factory):
    """The key ring of this portal, made as an operator makes it."""
    path = tmp_path_factory.mktemp("keys") / "withdrawals.json"
    made = CliRunner().invoke(verbund, ["key", "create", str(path)])
    assert made.exit_code == 0, made.output
    return path


@pytest.fixture(autouse=True)
def _signs(monkeypatch, ring):
    monkeypatch.setitem(config, "ckanext.verbund.ethics.withdrawal_keys", str(ring))


@pytest.fixture
def listed(app):
    """Read the list as a neighbour does, and check its signature with the published keys."""

    def read(since=0):
        answer = app.get(f"/verbund/ruecknahmen?since={since}")
        assert answer.status_code == 200, answer.body
        found = json.loads(answer.body)
        keys = signing.read_ring(app.get("/.well-known/verbund-schluessel.json").body)
        issued = dt.datetime.fromisoformat(found["list"]["issued"])
        signing.verify(found["list"], found["signature"], keys, issued)
        return found["list"]

    return read


@pytest.fixture
def doors(app):
    """Status and text of everything that a dataset has, for somebody without an account."""

    def knock(package):
        id, name = package["id"], package["name"]
        addresses = [
            f"/dataset/{name}", f"/dataset/{id}", f"/dataset/{id}.ttl", f"/dataset/{id}.jsonld",
            f"/dataset/{name}/zitat.bib", f"/dataset/edit/{name}", f"/dataset/activity/{name}",
            f"/dataset/{name}/frage", f"/api/3/action/package_show?id={id}",
            f"/api/3/action/package_activity_list?id={name}",
            f"/api/3/action/verbund_decision_show?package_id={id}",
        ]  # fmt: skip
        for file in package.get("resources") or [
            {"id": "00000000-0000-0000-0000-000000000000"}
        ]:
            at = file["id"]
            addresses += [
                f"/dataset/{id}/resource/{at}", f"/dataset/{id}/resource/{at}/download/x.csv",
                f"/datastore/dump/{at}", f"/api/3/action/resource_show?id={at}",
                f"/api/3/action/resource_view_list?id={at}",
                f"/api/3/action/datastore_search?resource_id={at}",
                f"/api/3/action/datastore_info?id={at}",
            ]  # fmt: skip
        return {one: app.get(one, follow_redirects=False) for one in addresses}

    return knock


def statuses(answers):
    return {answer.status_code for answer in answers.values()}


def entries_of(found, package):
    return [one for one in found["entries"] if package["id"] in one["iri"]]


# -- At once, to protect somebody --------------------------------------------------------


def test_what_is_withdrawn_to_protect_somebody_is_gone_at_every_door(
    make, publish, step, api, doors, listed, staffed
):
    package = make()
    table = package["resources"][0]["id"]
    fields = {"resource_id": table, "records": [{"name": "Erika"}], "force": True}
    assert api("datastore_create", "author", **fields, fields=[{"id": "name"}]).ok
    done = publish(package)
    assert 410 not in statuses(doors(done.package))
    before = listed()["last"]
    stopped = step(done.case, "revoke", "dpo", reason=REASON)
    assert stopped.ok, stopped.got
    answers = doors(done.package)
    assert statuses(answers) == {410}
    for answer in answers.values():
        assert done.package["title"] not in answer.body
        assert REASON not in answer.body
        assert "/register/" not in answer.body.replace("/register/protokoll", "")
        assert "no-store" in answer.headers["Cache-Control"]
    assert "nicht mehr öffentlich" in answers[f"/dataset/{package['name']}"].body
    assert answers[f"/dataset/{package['id']}.ttl"].headers["Content-Type"].startswith("text/p")
    found = listed(before)
    assert found["last"] == before + 1
    (entry,) = found["entries"]
    assert entry["iri"].endswith(f"/dataset/{package['id']}")
    assert (entry["sequence"], entry["state"]) == (before + 1, "withdrawn")
    assert set(entry) == {"iri", "sequence", "time", "state"}
    assert api("datastore_search", "author", resource_id=table).status == 404
    shown = api("verbund_ending_show", "author", id=done.case["id"]).got
    assert shown["ended"]["kind"] == "protective"
    assert shown["ended"]["emptied"]
    assert shown["recipients"] == [
        {"name": "Nachbarstadt", "address": "daten@nachbarstadt.example"}
    ]
    assert audit.verify(staffed.home["id"]) == []


@pytest.mark.parametrize(
    ("who", "status"), [("author", 409), ("reviewer", 409), ("stranger", 403)]
)
def test_others_withdraw_nothing(make, publish, step, who, status, visible):
    done = publish(make())
    assert step(done.case, "revoke", who, reason=REASON).status == status
    assert step(done.case, "revoke", "dpo", reason=" ").status == 409
    visible(done.package)


def test_a_sealed_withdrawal_looks_like_any_other_and_leaves_the_register(
    make, publish, step, doors, app
):
    plain, sealed = publish(make()), publish(make())
    entry = f"/register/{sealed.case['decision']['id']}"
    assert app.get(entry).status_code == 200
    assert step(plain.case, "revoke", "decider", reason=REASON).ok
    assert step(sealed.case, "revoke", "decider", reason=REASON, grounds="protection").ok
    pages = [
        doors(one.package)[f"/dataset/{one.package['name']}"].body.replace(
            one.package["name"], ""
        )
        for one in (plain, sealed)
    ]
    assert without_tokens(pages[0]) == without_tokens(pages[1])
    assert app.get(entry).status_code == 404
    assert app.get(f"/register/{plain.case['decision']['id']}").status_code == 200


def without_tokens(page):
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


def test_decided_anew_it_is_public_and_neighbours_learn_it(
    make, publish, step, api, listed, visible, ready
):
    done = publish(make())
    assert step(done.case, "revoke", "decider", reason=REASON).ok
    again = step(
        api("verbund_case_show", "author", id=done.case["id"]).got, "review_again", "author"
    )
    for action, who in (("submit", "author"), ("pass", "reviewer"), ("decide_open", "decider")):
        again = step(again.got, action, who)
        assert again.ok, again.got
    visible(done.package)
    states = [one["state"] for one in entries_of(listed(), done.package)]
    assert states == ["withdrawn", "restored"]


def test_the_entry_is_written_with_the_withdrawal_or_neither_is(
    make, publish, step, monkeypatch, visible, listed
):
    done = publish(make())
    last = listed()["last"]

    def full():
        raise OSError("Platte voll")

    with monkeypatch.context() as broken:
        broken.setattr(withdrawals, "_next", full)
        assert step(done.case, "revoke", "decider", reason=REASON).status == 500
    model.Session.rollback()
    visible(done.package)
    assert listed()["last"] == last


def test_tables_that_could_not_be_emptied_are_emptied_later(
    make, publish, step, api, monkeypatch
):
    package = make()
    table = package["resources"][0]["id"]
    fields = {"resource_id": table, "records": [{"a": "1"}], "force": True}
    assert api("datastore_create", "author", **fields, fields=[{"id": "a"}]).ok
    done = publish(package)

    def away(id):
        raise OSError("Die zweite Datenbank ist weg")

    with monkeypatch.context() as broken:
        broken.setattr(withdrawals, "_drop_tables", away)
        assert step(done.case, "revoke", "decider", reason=REASON).ok
    assert not api("verbund_ending_show", "author", id=done.case["id"]).got["ended"]["emptied"]
    assert package["id"] in withdrawals.empty()
    assert api("datastore_search", "author", resource_id=table).status == 404
    assert package["id"] not in withdrawals.empty()


def test_nothing_of_a_withdrawal_is_changed_or_deleted(make, publish, step, sql):
    done = publish(make())
    assert step(done.case, "revoke", "decider", reason=REASON).ok
    for text in (
        "UPDATE verbund_ethics_withdrawal SET iri = 'x'",
        "DELETE FROM verbund_ethics_withdrawal",
        "DELETE FROM verbund_ethics_anchor",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            sql(text)


# -- For a while -------------------------------------------------------------------------


def test_what_is_suspended_says_so_and_comes_back(make, publish, step, doors, listed, visible):
    done = publish(make())
    last = listed()["last"]
    assert step(done.case, "suspend", "author", reason=REASON).ok
    answers = doors(done.package)
    assert statuses(answers) == {503}
    assert all(one.headers["Retry-After"].isdigit() for one in answers.values())
    assert REASON not in answers[f"/dataset/{done.package['name']}"].body
    assert listed()["last"] == last
    assert step(done.case, "resume", "decider", reason="Es sind keine Namen.").ok
    visible(done.package)


def test_what_is_suspended_and_then_withdrawn_is_gone_and_listed(
    make, publish, step, doors, listed
):
    done = publish(make())
    assert step(done.case, "suspend", "author", reason=REASON).ok
    assert step(done.case, "revoke", "decider", reason=REASON).ok
    assert statuses(doors(done.package)) == {410}
    assert [one["state"] for one in entries_of(listed(), done.package)] == ["withdrawn"]


# -- What never was public ---------------------------------------------------------------


def test_what_never_was_public_is_not_listed_when_its_decision_ends(
    make, ready, step, doors, listed
):
    package = make()
    last = listed()["last"]
    case = ready(package)
    fields = {"way": "derivative", "conditions": "Nur je Landkreis.", "reason": "Vorsicht."}
    decided = step(case, "decide_restricted", "decider", **fields)
    assert decided.ok, decided.got  # the original stays internal
    assert step(decided.got, "revoke", "decider", reason=REASON).ok
    assert listed()["last"] == last
    assert statuses(doors(package)) == {404}


@pytest.mark.parametrize("who", [None, "stranger"])
def test_undecided_and_missing_answer_alike_at_every_door(make, app, town, who):
    dark = make()
    file = dark["resources"][0]["id"]
    missing = {"id": "11111111-2222-4333-8444-555555555555", "name": "das-gibt-es-nicht"}
    nothing = "99999999-2222-4333-8444-555555555555"
    headers = {"Authorization": town.tokens[who]} if who else {}

    def ask(package, file):
        id, name = package["id"], package["name"]
        pages = [
            f"/dataset/{name}", f"/dataset/{id}", f"/dataset/{id}.ttl", f"/dataset/edit/{name}",
            f"/dataset/{name}/pruefung", f"/dataset/{id}/resource/{file}",
            f"/dataset/{id}/resource/{file}/download/x.csv", f"/datastore/dump/{file}",
            f"/dataset/{id}/resource/{file}/proxy", f"/dataset/groups/{name}",
        ]  # fmt: skip
        calls = [
            ("package_show", {"id": id}), ("package_show", {"name_or_id": name}),
            ("package_patch", {"id": name, "title": "x"}), ("package_update", {"name": name}),
            ("package_delete", {"id": id}), ("package_activity_list", {"id": id}),
            ("package_revise", {"match": {"name": name}, "update": {"title": "x"}}),
            ("package_relationships_list", {"id": id}), ("resource_show", {"id": file}),
            ("resource_view_list", {"id": file}), ("resource_patch", {"id": file}),
            ("resource_create", {"package_id": id, "url": "https://x.example/"}),
            ("datastore_search", {"resource_id": file}), ("datastore_info", {"id": file}),
            ("datastore_create", {"resource_id": file, "force": True}),
            ("datastore_create", {"resource": {"package_id": id}}),
            ("dataset_follower_count", {"id": id}), ("follow_dataset", {"id": id}),
            ("verbund_decision_show", {"package_id": name}),
            ("verbund_case_create", {"package_id": id}),
            ("member_delete", {"id": town.home["id"], "object": id, "object_type": "package"}),
        ]  # fmt: skip
        for one in pages:
            answer = app.get(one, headers=headers, follow_redirects=False)
            body = answer.body.replace(id, "ID").replace(name, "NAME").replace(file, "FILE")
            yield one, answer.status_code, without_tokens(body)
        for action, fields in calls:
            answer = app.post(f"/api/3/action/{action}", json=fields, headers=headers)
            yield action, answer.status_code, answer.body

    for (door, *there), (_, *not_there) in zip(
        ask(dark, file), ask(missing, nothing), strict=True
    ):
        assert there == not_there, door
        assert there[0] == 404, door


def test_the_work_for_undecided_and_missing_is_the_same(make, app, town):
    """Not the time, which trembles, but what takes it: each statement of the database."""
    dark, told = make(), []

    def note(_connection, _cursor, statement, *_):
        told.append(" ".join(statement.split())[:60])

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        counted = []
        for id in (dark["id"], "11111111-2222-4333-8444-555555555555"):
            for who in (None, "stranger"):
                headers = {"Authorization": town.tokens[who]} if who else {}
                told.clear()
                app.get(f"/api/3/action/package_show?id={id}", headers=headers)
                counted.append(len(told))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert counted[0] > 0
    assert abs(counted[0] - counted[2]) <= 1, counted
    assert abs(counted[1] - counted[3]) <= 1, counted


def test_staff_read_what_others_may_not_know(make, api):
    dark = make()
    for who in ("author", "admin", "sysadmin"):
        assert api("package_show", who, id=dark["name"]).ok
        assert api("resource_show", who, id=dark["resources"][0]["id"]).ok
    assert api("package_create", "author", id=dark["id"], name=dark["name"]).status == 409


# -- The list ----------------------------------------------------------------------------


def test_the_list_is_read_from_where_one_left_off(make, publish, step, app, listed):
    first = listed()["last"]
    for _ in range(2):
        assert step(publish(make()).case, "revoke", "decider", reason=REASON).ok
    found = listed(first)
    assert [one["sequence"] for one in found["entries"]] == [first + 1, first + 2]
    assert listed(first + 2)["entries"] == []
    answer = app.get(f"/verbund/ruecknahmen?since={first}")
    mark = answer.headers["ETag"]
    assert mark.startswith("W/")
    again = app.get(f"/verbund/ruecknahmen?since={first}", headers={"If-None-Match": mark})
    assert again.status_code == 304
    other = app.get("/verbund/ruecknahmen", headers={"If-None-Match": mark})
    assert other.status_code == 200


def test_a_long_list_says_where_it_goes_on(make, publish, step, app, listed, monkeypatch):
    first = listed()["last"]
    for _ in range(2):
        assert step(publish(make()).case, "revoke", "decider", reason=REASON).ok
    monkeypatch.setattr(withdrawals, "_MOST", 1)
    answer = app.get(f"/verbund/ruecknahmen?since={first}")
    assert len(json.loads(answer.body)["list"]["entries"]) == 1
    assert f"since={first + 1}>" in answer.headers["Link"]


@pytest.mark.parametrize("since", ["x", "-1", "²", "9" * 30])
def test_a_faulty_number_is_refused_in_words(app, since):
    answer = app.get("/verbund/ruecknahmen", query_string={"since": since})
    assert answer.status_code == 400
    assert "since" in answer.body


def test_without_a_key_nothing_is_listed_unsigned(app, monkeypatch, tmp_path, ring):
    readable = tmp_path / "ring.json"
    readable.write_text(ring.read_text())
    readable.chmod(0o644)
    for path in ("", str(tmp_path / "fehlt.json"), str(readable)):
        monkeypatch.setitem(config, "ckanext.verbund.ethics.withdrawal_keys", path)
        assert app.get("/verbund/ruecknahmen").status_code == 503
        assert app.get("/.well-known/verbund-schluessel.json").status_code == 404


def test_a_key_is_for_one_account_alone_and_a_second_one_follows_it(ring, tmp_path, app):
    path = tmp_path / "ring.json"
    path.write_bytes(ring.read_bytes())
    path.chmod(0o600)
    made = CliRunner().invoke(verbund, ["key", "create", str(path), "--in-days", "7"])
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = signing.read_ring(path.read_text())
    assert len(keys) == 2
    now = dt.datetime.now(dt.timezone.utc)
    assert signing.signer(keys, now).id != made.output.strip()
    assert signing.signer(keys, now + dt.timedelta(days=8)).id == made.output.strip()
    shown = CliRunner().invoke(verbund, ["key", "list", str(path)])
    assert "secret" not in shown.output
    assert len(signing.read_ring(shown.output)) == 2
    assert "secret" not in app.get("/.well-known/verbund-schluessel.json").body


# -- Announced ---------------------------------------------------------------------------


def test_an_announced_end_comes_after_thirty_days_and_is_not_listed(
    make, publish, api, visible, doors, listed, monkeypatch, steps_of
):
    done = publish(make())
    last = listed()["last"]
    told = api("verbund_ending_announce", "decider", id=done.case["id"], reason="Neue Fassung.")
    assert told.ok, told.got
    day = tasks.today() + dt.timedelta(days=30)
    assert told.got["last_day"] == day.isoformat()
    visible(done.package)
    shown = api("package_show", id=done.package["id"]).got
    assert shown["resources"][0]["distribution_status"] == DEPRECATED
    monkeypatch.setattr(tasks, "today", lambda: day)
    assert done.package["id"] not in endings.due()
    monkeypatch.setattr(tasks, "today", lambda: day + dt.timedelta(days=1))
    assert done.package["id"] in endings.due()
    assert statuses(doors(done.package)) == {410}
    assert (
        f"/register/{done.case['decision']['id']}"
        in doors(done.package)[f"/dataset/{done.package['name']}"].body
    )
    assert listed()["last"] == last
    assert steps_of(done.package)[-2:] == ["announce_end", "ended"]
    case = api("verbund_case_show", "author", id=done.case["id"]).got
    assert case["state"] == "revoked"


@pytest.fixture
def steps_of():
    """Return the actions in the chain about a package."""

    def read(package):
        query = sa.text(
            "SELECT action FROM verbund_ethics_event WHERE package_id = :id ORDER BY seq"
        )
        return list(model.Session.scalars(query, {"id": package["id"]}))

    return read


def test_an_announced_end_is_taken_back(make, publish, api, visible, monkeypatch):
    done = publish(make())
    at = {"id": done.case["id"]}
    assert api("verbund_ending_announce", "decider", **at, reason="Neue Fassung.").ok
    assert api("verbund_ending_cancel", "decider", **at).ok
    assert api("verbund_ending_cancel", "decider", **at).status == 409
    shown = api("package_show", id=done.package["id"]).got
    assert not shown["resources"][0].get("distribution_status")
    later = tasks.today() + dt.timedelta(days=60)
    monkeypatch.setattr(tasks, "today", lambda: later)
    assert endings.due() == []
    visible(done.package)


@pytest.mark.parametrize(
    ("who", "reason", "status"),
    [
        ("decider", " ", 409),
        ("dpo", "Alt.", 409),
        ("author", "Alt.", 409),
        ("sysadmin", "Alt.", 403),
    ],
)  # fmt: skip
def test_the_end_is_announced_by_who_decides_and_with_a_reason(
    make, publish, api, who, reason, status
):
    done = publish(make())
    got = api("verbund_ending_announce", who, id=done.case["id"], reason=reason)
    assert got.status == status, got.got
    assert api("verbund_ending_show", "author", id=done.case["id"]).got["last_day"] is None


def test_the_page_of_a_case_offers_both_ways_to_end(make, publish, app, town, api):
    done = publish(make())
    at = f"/pruefung/{done.case['id']}"

    def read(who):
        return app.get(at, headers={"Authorization": town.tokens[who]}).body

    assert "Ende ankündigen" in read("decider")
    assert "Sofort zurücknehmen" in read("decider")
    assert "Ende ankündigen" not in read("dpo")
    assert "Sofort zurücknehmen" in read("dpo")
    assert "Sofort zurücknehmen" not in read("author")
    headers = {"Authorization": town.tokens["decider"]}

    def send(where, **form):
        answer = app.post(f"{at}/{where}", data=form, headers=headers, follow_redirects=False)
        assert answer.status_code == 302

    send("ende", reason="Alt.")
    assert "Doch weiter veröffentlichen" in read("decider")
    send("weiter")
    send("revoke", reason=REASON, grounds="protection")
    page = read("decider")
    assert "Zum Schutz zurückgenommen" in page
    assert "Nachbarstadt, daten@nachbarstadt.example" in page
