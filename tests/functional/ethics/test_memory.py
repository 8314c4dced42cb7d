# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened is kept: the chain, its checks, erasing words; and the sweep that looks."""

import importlib.util
import json
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search, uploader
from ckan.lib.plugins import DefaultPermissionLabels
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError

from ckanext.verbund.base.commands import verbund
from ckanext.verbund.ethics import audit, sweep
from ckanext.verbund.ethics.model import event
from demo import decisions


@pytest.fixture
def steps(staffed):
    """Return the actions in the chain of the town, the last ones first."""

    def read(package):
        query = sa.select(event.c.action).where(event.c.package_id == package["id"])
        return list(model.Session.scalars(query.order_by(event.c.seq)))

    return read


def test_each_step_of_a_case_is_in_the_chain(make, publish, step, steps, staffed, api):
    package = make()
    done = publish(package)
    step(done.case, "suspend", "author", reason="Da steht ein Name.")
    assert steps(package) == ["create", "answer", "submit", "pass", "decide_open", "suspend"]
    last = api("verbund_case_show", "author", id=done.case["id"]).got["history"][-1]
    assert (last["action"], last["role"]) == ("suspend", "editor")
    assert last["payload"]["reason"] == "Da steht ein Name."
    assert audit.verify(staffed.home["id"]) == []


def test_what_is_refused_leaves_neither_decision_nor_entry(make, ready, step, steps):
    package = make()
    case = ready(package)
    before = steps(package)
    assert not step(case, "decide_open", "author").ok
    assert steps(package) == before


def test_an_attempt_to_publish_without_a_decision_is_kept(make, api, steps, staffed):
    package = make()
    assert api("package_patch", "author", id=package["id"], private=False).status == 409
    assert steps(package) == ["refused"]
    assert audit.verify(staffed.home["id"]) == []


def test_a_chain_that_cannot_be_written_stops_the_decision(
    make, ready, step, api, monkeypatch, hidden
):
    package = make()
    case = ready(package)

    def full(*args, **facts):
        raise OSError("Platte voll")

    with monkeypatch.context() as broken:
        broken.setattr(audit, "write", full)
        assert step(case, "decide_open", "decider").status == 500
    model.Session.rollback()
    assert api("verbund_case_show", "decider", id=case["id"]).got["state"] == "ready"
    hidden(package)


@pytest.mark.parametrize("table", ["event", "decision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET organization_id = 'x'", "DELETE FROM {}"])
def test_nothing_is_changed_or_deleted_by_sql(make, publish, sql, table, statement):
    publish(make())
    for text in (statement, "TRUNCATE {} CASCADE"):
        with pytest.raises(DBAPIError, match="append-only"):
            sql(text.format(f"verbund_ethics_{table}"))


def test_an_invented_entry_is_refused_or_found(make, publish, sql, staffed):
    publish(make())
    columns = ", ".join(c.name for c in event.c if c.name not in {"id", "seq", "prev_hash"})
    forge = (
        f"INSERT INTO verbund_ethics_event (id, seq, prev_hash, {columns}) "
        f"SELECT gen_random_uuid(), seq + :step, {{}}, {columns} FROM verbund_ethics_event "
        "WHERE organization_id = :id ORDER BY seq DESC LIMIT 1"
    )
    id = staffed.home["id"]
    for text, step in ((forge.format("prev_hash"), 1), (forge.format("hash"), 2)):
        with pytest.raises(DBAPIError, match="does not follow"):
            sql(text, id=id, step=step)
    assert audit.verify(id) == []


def test_writers_of_one_member_queue(app, staffed):
    id = staffed.neighbour["id"]

    def write():
        for number in range(10):
            audit.write(id, "test", "system", {"number": number})
            model.Session.commit()
        model.Session.remove()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    entries = list(audit.entries(id))
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) >= 40
    assert audit.verify(id) == []


def test_words_are_erased_and_the_chain_holds(make, publish, staffed):
    publish(make())
    id = staffed.home["id"]
    ids = [entry["id"] for entry in audit.entries(id)]
    assert audit.erase(ids) > 0
    model.Session.commit()
    assert audit.payloads(id) == {}
    assert audit.verify(id) == []


@pytest.fixture
def command(app):
    """Run ``ckan verbund …``; returns the result."""
    return lambda *words: CliRunner().invoke(verbund, list(words))


def test_the_terminal_verifies_and_exports(command, make, publish, staffed):
    publish(make())
    id = staffed.home["id"]
    done = command("audit", "verify", "--member", staffed.home["name"])
    assert done.exit_code == 0, done.output
    anchor = next(line for line in done.output.splitlines() if line.startswith(id))
    assert command("audit", "verify", "--anchor", anchor).exit_code == 0
    _, number, digest = anchor.rsplit(":", 2)
    longer = f"{id}:{int(number) + 1}:{digest}"
    assert command("audit", "verify", "--anchor", longer).exit_code == 1
    lines = command("audit", "export", "--member", staffed.home["name"], "--words").output
    entries = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    assert len(entries) == int(number)
    assert entries[-1]["hash"] == digest
    assert "payload" in entries[-1]


# -- The sweep ------------------------------------------------------------------------------


def test_the_sweep_finds_nothing_when_all_is_well(make, publish, command):
    make()
    publish(make())
    done = command("ethics", "sweep")
    assert done.exit_code == 0, done.output


def test_an_index_with_other_labels_is_found_and_mended(make, command, monkeypatch, app):
    package = make()
    with monkeypatch.context() as other:
        other.setattr(search.index.lib_plugins, "get_permission_labels", _Everything)
        search.rebuild(package["id"])
    found = {one.where for one in sweep.run() if one.package_id == package["id"]}
    assert "index" in found
    assert command("ethics", "sweep", "--repair").exit_code == 1
    assert not [one for one in sweep.run() if one.package_id == package["id"]]


class _Everything(DefaultPermissionLabels):
    def get_dataset_labels(self, dataset_obj):
        return ["public"]


def test_what_only_the_index_knows_is_taken_out_of_it(make, publish, sql, api):
    done = publish(make()).package  # then yesterday's database is restored
    sql("DELETE FROM resource_view WHERE resource_id = :id", id=done["resources"][0]["id"])
    tables = {"resource": "package_id", "activity": "object_id", "package": "id"}
    for table, column in tables.items():
        sql(f"DELETE FROM {table} WHERE {column} = :id", id=done["id"])
    assert done["id"] in {one.package_id for one in sweep.run(repair=True)}
    assert api("package_search", q=f'id:"{done["id"]}"').got["count"] == 0


def test_a_file_exchanged_on_the_disk_is_found_and_withdrawn(make, publish, hidden, command):
    done = publish(make()).package
    exchange(done["resources"][0], b"Name\nErika Beispiel\n")
    found = [one.where for one in sweep.run() if one.package_id == done["id"]]
    assert found == ["content"]
    assert command("ethics", "sweep", "--repair").exit_code == 1
    hidden(done)


def exchange(resource, content):
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    path = Path(location) if storage is None else Path(storage.full_path(location))
    path.write_bytes(content)


def test_the_gate_switched_off_by_the_owner_of_the_database_is_found(make, sql, hidden):
    package = make()
    sql("ALTER TABLE package DISABLE TRIGGER verbund_ethics_guard")
    sql("UPDATE package SET private = false WHERE id = :id", id=package["id"])
    sql("ALTER TABLE package ENABLE TRIGGER verbund_ethics_guard")
    found = {one.where for one in sweep.run() if one.package_id == package["id"]}
    assert {"database", "package_list"} <= found
    sweep.run(repair=True)
    hidden(package)


# -- Before there were decisions ---------------------------------------------------------------


def test_what_was_public_before_is_private_and_first_on_the_list(make, sql, api, hidden):
    other, package = make(title="A"), make(title="Z")
    sql("ALTER TABLE package DISABLE TRIGGER verbund_ethics_guard")
    sql("UPDATE package SET private = false WHERE id = :id", id=package["id"])
    sql("ALTER TABLE package ENABLE TRIGGER verbund_ethics_guard")
    search.rebuild(package["id"])
    sql(migration()._UNDECIDED)
    assert api("package_show", id=package["id"]).status == 403
    sweep.run(repair=True)  # the worker does so when it starts
    hidden(package)
    listed = api("verbund_undecided_list", "author", limit=500).got["datasets"]
    places = {one["id"]: number for number, one in enumerate(listed)}
    assert places[package["id"]] < places[other["id"]]
    assert listed[places[package["id"]]]["was_public"] is True


def migration():
    folder = Path(sys.modules["ckanext.verbund.ethics"].__file__).parents[1]
    path = folder / "migration/verbund_ethics/versions/001_decisions.py"
    spec = importlib.util.spec_from_file_location("migration_of_ethics", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_two_people_of_the_demonstration_decide_about_its_datasets(
    make, api, staffed, visible, hidden, screen
):
    home = staffed.home["id"]

    def caller(who):
        def call(action, /, **fields):
            answer = api(action, who, **fields)
            assert answer.ok, answer.got
            if action == "verbund_case_create":  # as the worker does meanwhile
                screen(api("package_show", who, id=fields["package_id"]).got)
            return answer.got

        return SimpleNamespace(call=call)

    people = decisions.People(*map(caller, ("author", "decider", "reviewer", "dpo")))
    _public, left = decisions.decide(people, home)  # what other tests left
    packages = [make(), make()]
    on_the_way = {case: make() for case in ("review", "ready", "comments", "refused")}
    untouched = make()
    kept = {package["id"]: case for case, package in on_the_way.items()}
    kept[untouched["id"]] = ""
    # The refused one is decided; the other three and the untouched one wait for people.
    assert decisions.decide(people, home, kept) == (2, left + 4)
    for package in packages:
        visible(package)
    for case, package in on_the_way.items():
        listed = api("verbund_case_list", "author", package_id=package["id"]).got["cases"]
        assert [one["state"] for one in listed] == [{"refused": "decided_not"}.get(case, case)]
        hidden(package)
    assert decisions.decide(people, home, kept) == (0, left + 4)
    hidden(untouched)
