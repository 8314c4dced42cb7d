# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened is kept: the chain, its checks, erasing words; and the sweep that looks."""

import datetime as dt
import importlib.util
import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config
from ckan.lib import search, uploader
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.lib.search.common import make_connection
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError

from ckanext.verbund.base import tasks
from ckanext.verbund.base.commands import verbund
from ckanext.verbund.domain.ethics import note
from ckanext.verbund.domain.ethics.catalogue import FILES, read, text_of
from ckanext.verbund.ethics import anchors, audit, catalogues, sweep, withdrawals
from ckanext.verbund.ethics.model import event
from ckanext.verbund.ethics.permission_labels import PermissionLabels
from demo import decisions

from .conftest import PASSWORD


@pytest.fixture
def swept(app):
    """Run the sweep as the worker does; returns what it found."""
    return lambda **options: sweep.run(app=app.flask_app, **options)


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
    assert audit.erase(event.c.organization_id == id) > 0
    model.Session.commit()
    (left,) = audit.payloads(id).values()
    assert set(left[1]) == {"entries"}
    assert audit.verify(id) == []


@pytest.fixture
def command(app):
    """Run ``ckan verbund …``; returns the result."""

    @click.group()
    @click.pass_context
    def ckan(ctx):
        ctx.meta["flask_app"] = app.flask_app  # as the real one does

    ckan.add_command(verbund)
    return lambda *words: CliRunner().invoke(ckan, ["verbund", *words])


def test_the_terminal_verifies_and_exports(command, make, publish, staffed, keys):
    publish(make())
    id = staffed.home["id"]
    done = command("audit", "verify", "--member", staffed.home["name"])
    assert done.exit_code == 0, done.output
    anchor = next(line for line in done.output.splitlines() if line.startswith(id))
    assert command("audit", "verify", "--anchor", anchor).exit_code == 0
    _, number, digest = anchor.rsplit(":", 2)
    longer = f"{id}:{int(number) + 1}:{digest}"
    assert command("audit", "verify", "--anchor", longer).exit_code == 1
    assert command("audit", "verify", "--anchor", "unsinn").exit_code == 2
    ring = ("--keys", keys[0])
    written = command("audit", "export", "--member", staffed.home["name"], "--words", *ring)
    entries = [json.loads(line) for line in written.output.splitlines() if line[0] == "{"]
    assert len(entries) == int(number) + 1
    assert entries[-2]["hash"] == digest
    assert "payload" in entries[-2]


@pytest.fixture
def keys(tmp_path):
    """A key ring beside the portal, and its public halves."""
    ring, public = tmp_path / "audit.json", tmp_path / "public.json"
    assert CliRunner().invoke(verbund, ["key", "create", str(ring)]).exit_code == 0
    public.write_text(CliRunner().invoke(verbund, ["key", "list", str(ring)]).output)
    return str(ring), str(public)


def test_an_export_is_signed_and_what_was_changed_in_it_is_found(
    command, make, publish, staffed, keys, tmp_path
):
    publish(make())
    ring, public = keys
    path, name = tmp_path / "kette.jsonl", staffed.home["name"]
    done = command("audit", "export", "--member", name, "--words", "--keys", ring, str(path))
    assert done.exit_code == 0, done.output
    lines = path.read_text().splitlines(keepends=True)
    assert json.loads(lines[-1])["end"]["entries"] == len(lines) - 1

    def check(*changed):
        path.write_text("".join(changed))
        return command("audit", "check", "--keys", public, str(path)).exit_code

    assert check(*lines) == 0
    assert check(*lines[1:]) == 1
    assert check(*lines[:-1]) == 1
    assert check(lines[0].replace('"role_set"', '"role_remove"'), *lines[1:]) == 1
    assert check(*lines, lines[0]) == 1
    assert check("kein JSON\n", *lines) == 1
    other = str(tmp_path / "other.json")
    assert command("key", "create", other).exit_code == 0
    path.write_text("".join(lines))
    assert command("audit", "check", "--keys", other, str(path)).exit_code == 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE verbund_ethics_event SET action = 'decide_open' WHERE {last} - 1", "hash"),
        ("UPDATE verbund_ethics_event SET actor = 'jemand' WHERE {last}", "hash"),
        ("DELETE FROM verbund_ethics_event WHERE {last} - 1", "gap"),
        ("DELETE FROM verbund_ethics_event WHERE {last}", "tail"),
        ("DELETE FROM verbund_ethics_event WHERE organization_id = :id", "tail"),
    ],
    ids=["altered row", "altered end", "removed row", "cut tail", "all of it"],
)
def test_what_the_owner_of_the_database_changes_is_found(
    make, publish, staffed, statement, problem
):
    publish(make())
    id = staffed.home["id"]
    *_, head = audit.entries(id)
    known = {id: {head["seq"]: head["hash"]}}  # as a mail of today says it
    last = (
        "organization_id = :id AND seq = (SELECT max(seq) FROM verbund_ethics_event "
        "WHERE organization_id = :id)"
    )
    assert audit.verify(id, known) == []
    run = model.Session.execute
    run(sa.text("ALTER TABLE verbund_ethics_event DISABLE TRIGGER USER"))
    run(sa.text("DELETE FROM verbund_ethics_words"))
    run(sa.text(statement.format(last=last)), {"id": id})
    found = {one.problem for one in audit.verify(id, known)}
    model.Session.rollback()
    assert problem in found
    assert audit.verify(id, known) == []


def test_ends_stand_in_the_register_and_go_to_member_and_data_protection(
    make, publish, staffed, app, api, monkeypatch, command, tmp_path, sql
):
    member = staffed.home
    assert api("organization_patch", "sysadmin", id=member["id"], email="amt@stadt.example").ok
    sql("ALTER TABLE verbund_ethics_anchor DISABLE TRIGGER keep")
    sql("DELETE FROM verbund_ethics_anchor")
    sql("ALTER TABLE verbund_ethics_anchor ENABLE TRIGGER keep")
    publish(make())
    sent = {}
    monkeypatch.setattr(
        anchors.tk, "mail_recipient",
        lambda name, address, subject, body: sent.setdefault(address, body),
    )  # fmt: skip
    kept = {row["organization_id"]: row for row in anchors.make()}
    row = kept[member["id"]]
    assert anchors.make() == []
    line = f"{member['id']}:{row['seq']}:{row['hash']}"
    dpo = model.User.get(staffed.people["dpo"]["id"])
    assert line in sent["amt@stadt.example"]
    assert line in sent[dpo.email]
    assert row["hash"] in app.get("/register/protokoll").body
    copy = tmp_path / "protokoll.json"
    copy.write_text(app.get("/register/protokoll.json").body)
    assert command("audit", "verify", "--anchors", str(copy)).exit_code == 0
    copy.write_text(copy.read_text().replace(row["hash"], "f" * 64))
    assert command("audit", "verify", "--anchors", str(copy)).exit_code == 1


def test_a_mail_server_that_is_away_keeps_no_end_from_the_register(
    make, publish, staffed, monkeypatch, sql
):
    publish(make())
    sql("ALTER TABLE verbund_ethics_anchor DISABLE TRIGGER keep")
    sql("DELETE FROM verbund_ethics_anchor")
    sql("ALTER TABLE verbund_ethics_anchor ENABLE TRIGGER keep")

    def away(*_):
        raise OSError("kein Mailserver")

    monkeypatch.setattr(anchors.tk, "mail_recipient", away)
    assert staffed.home["id"] in {row["organization_id"] for row in anchors.make()}


def test_what_one_person_said_is_erased_and_the_rest_stays(make, publish, staffed, command):
    publish(make())
    id, author = staffed.home["id"], staffed.people["author"]
    said = audit.payloads(id)
    done = command("audit", "erase", "--user", author["name"])
    assert done.exit_code == 0, done.output
    left = audit.payloads(id)
    assert not any(payload.get("name") == author["fullname"] for _, payload in left.values())
    assert any(
        one.get("name") == staffed.people["decider"]["fullname"] for _, one in left.values()
    )
    assert len(left) < len(said)
    assert audit.verify(id) == []
    assert command("audit", "erase").exit_code == 2


def test_words_go_when_their_time_is_over(make, publish, staffed, monkeypatch):
    publish(make())
    id = staffed.home["id"]
    monkeypatch.setitem(config, "ckanext.verbund.ethics.words_days", 0)
    assert audit.forget() == 0
    monkeypatch.setitem(config, "ckanext.verbund.ethics.words_days", 30)
    assert audit.forget() == 0
    later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=31)
    monkeypatch.setattr(audit.dt, "datetime", SimpleNamespace(now=lambda zone: later))
    assert audit.forget() > 0
    monkeypatch.undo()
    assert audit.verify(id) == []


def test_a_vermerk_speaks_of_the_questions_of_then(
    make, publish, api, sql, staffed, monkeypatch
):
    done = publish(make())
    kept = {name: text_of(name) for name in FILES}
    today = {
        **kept,
        "catalogue.yaml": kept["catalogue.yaml"].replace("version: ", "version: 9", 1),
    }
    monkeypatch.setattr(catalogues, "load", lambda: read(today))
    made = []
    monkeypatch.setattr(note, "pdf", lambda paper: made.append(paper) or b"")
    assert api("verbund_case_note", "author", id=done.case["id"]).ok
    assert made[0].catalogue.hash == done.case["decision"]["catalogue_hash"]
    assert made[0].catalogue.version == read(kept).version
    sql("ALTER TABLE verbund_ethics_catalogue DISABLE TRIGGER keep")
    sql("DELETE FROM verbund_ethics_catalogue")
    sql("ALTER TABLE verbund_ethics_catalogue ENABLE TRIGGER keep")
    got = api("verbund_case_note", "author", id=done.case["id"])
    assert got.status == 404


# -- The sweep ------------------------------------------------------------------------------


def test_the_sweep_finds_nothing_when_all_is_well(make, publish, command):
    make()
    publish(make())
    done = command("ethics", "sweep")
    assert done.exit_code == 0, done.output


def test_an_index_with_other_labels_is_found_and_mended(swept, make, command, monkeypatch, app):
    package = make()
    with monkeypatch.context() as other:
        other.setattr(search.index.lib_plugins, "get_permission_labels", _Everything)
        search.rebuild(package["id"])
    found = {one.where for one in swept() if one.package_id == package["id"]}
    assert "index" in found
    assert command("ethics", "sweep", "--repair").exit_code == 1
    assert not [one for one in swept() if one.package_id == package["id"]]


def test_w13_what_an_index_without_the_plugin_shows_is_found_and_taken_back(
    make, publish, sql, command, tmp_path, api, hidden
):
    """Expired, and nobody has told the database: the labels of CKAN itself say "public"."""
    dark, done = make(), publish(make(), valid_until=tasks.today().isoformat()).package
    sql("ALTER TABLE verbund_ethics_decision DISABLE TRIGGER keep")
    sql(
        "UPDATE verbund_ethics_decision SET valid_until = valid_until - 1 "
        "WHERE package_id = :id",
        id=done["id"],
    )
    sql("ALTER TABLE verbund_ethics_decision ENABLE TRIGGER keep")
    ini, others = tmp_path / "ohne.ini", config["ckan.plugins"]
    others = [name for name in others if name != "verbund_ethics"]
    ini.write_text(
        f"[app:main]\nuse = config:{Path('test-gated.ini').resolve()}\n"
        f"ckan.plugins = {' '.join(others)}\n"
    )
    ckan = Path(sys.executable).with_name("ckan")
    for id in (done["id"], dark["id"]):
        subprocess.run(
            [ckan, "-c", ini, "search-index", "rebuild", id],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
    public = f'id:("{done["id"]}" OR "{dark["id"]}") AND permission_labels:public'
    assert [one["id"] for one in make_connection().search(public).docs] == [done["id"]]
    assert command("ethics", "sweep", "--repair").exit_code == 1
    assert make_connection().search(public).hits == 0
    hidden(done)
    hidden(dark)


def test_the_sweep_knocks_at_the_doors_as_a_stranger(swept, make, publish, monkeypatch, app):
    package, done = make(), publish(make()).package
    assert not [one for one in swept() if one.where == "http"]
    monkeypatch.setattr(withdrawals, "find", lambda reference: {"open": True, "type": ""})
    monkeypatch.setattr(PermissionLabels, "get_dataset_labels", lambda *_: ["public"])
    found = {one.package_id for one in swept() if one.where == "http"}
    assert package["id"] in found
    assert done["id"] not in found


class _Everything(DefaultPermissionLabels):
    def get_dataset_labels(self, dataset_obj):
        return ["public"]


def test_what_only_the_index_knows_is_taken_out_of_it(swept, make, publish, sql, api):
    done = publish(make()).package  # then yesterday's database is restored
    sql("DELETE FROM resource_view WHERE resource_id = :id", id=done["resources"][0]["id"])
    tables = {"resource": "package_id", "activity": "object_id", "package": "id"}
    for table, column in tables.items():
        sql(f"DELETE FROM {table} WHERE {column} = :id", id=done["id"])
    assert done["id"] in {one.package_id for one in swept(repair=True)}
    assert api("package_search", q=f'id:"{done["id"]}"').got["count"] == 0


def test_a_file_exchanged_on_the_disk_is_found_and_withdrawn(
    swept, make, publish, hidden, command
):
    done = publish(make()).package
    exchange(done["resources"][0], b"Name\nErika Beispiel\n")
    found = [one.where for one in swept() if one.package_id == done["id"]]
    assert found == ["content"]
    assert command("ethics", "sweep", "--repair").exit_code == 1
    hidden(done)


def exchange(resource, content):
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    path = Path(location) if storage is None else Path(storage.full_path(location))
    path.write_bytes(content)


def test_the_gate_switched_off_by_the_owner_of_the_database_is_found(swept, make, sql, hidden):
    package = make()
    sql("ALTER TABLE package DISABLE TRIGGER verbund_ethics_guard")
    sql("UPDATE package SET private = false WHERE id = :id", id=package["id"])
    sql("ALTER TABLE package ENABLE TRIGGER verbund_ethics_guard")
    found = {one.where for one in swept() if one.package_id == package["id"]}
    assert {"database", "package_list"} <= found
    swept(repair=True)
    hidden(package)


# -- Before there were decisions ---------------------------------------------------------------


def test_what_was_public_before_is_private_and_first_on_the_list(swept, make, sql, api, hidden):
    other, package = make(title="A"), make(title="Z")
    sql("ALTER TABLE package DISABLE TRIGGER verbund_ethics_guard")
    sql("UPDATE package SET private = false WHERE id = :id", id=package["id"])
    sql("ALTER TABLE package ENABLE TRIGGER verbund_ethics_guard")
    search.rebuild(package["id"])
    sql(migration()._UNDECIDED)
    assert api("package_show", id=package["id"]).status == 404
    swept(repair=True)  # the worker does so when it starts
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

    people = decisions.People(
        *map(caller, ("author", "decider", "reviewer", "dpo")), password=PASSWORD
    )
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
