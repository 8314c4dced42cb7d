# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many datasets from one table."""

import datetime as dt
import io

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.verbund.forms import imports

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

HEAD = "Kennung (eigener Schlüssel);Titel;Beschreibung;Themen;Kontakt: E-Mail;Zeitraum: Beginn"


@pytest.fixture
def editor():
    return factories.User()


@pytest.fixture
def member(editor):
    return factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])


@pytest.fixture
def as_editor(editor):
    def call(action, **values):
        return helpers.call_action(
            action, {"user": editor["name"], "ignore_auth": False}, **values
        )

    return call


@pytest.fixture
def look(as_editor, member):
    """Send a table and return what would become of it."""

    def send(*lines, encoding="cp1252"):
        content = "\r\n".join([HEAD, *lines]).encode(encoding)
        upload = FileStorage(io.BytesIO(content), filename="tabelle.csv")
        run = as_editor("verbund_import_check", owner_org=member["id"], upload=upload)
        return as_editor("verbund_import_show", **run)

    return send


@pytest.fixture
def write(as_editor):
    def start(run):
        order = {"owner_org": run["owner_org"], "run": run["run"]}
        as_editor("verbund_import_start", **order)
        return as_editor("verbund_import_show", **order)

    return start


def results(run):
    return [row["result"] for row in run["rows"]]


def packages():
    return model.Session.query(model.Package).filter_by(type="dataset").all()


def test_looking_at_a_table_writes_nothing(look):
    run = look("M-1;Müll;Abfuhr;Umwelt;;", "M-2;Spielplätze;;Umwelt | Verkehr;;01.02.2026")
    assert run["state"] == "checked"
    assert results(run) == ["new", "new"]
    assert packages() == []


def test_good_rows_become_drafts_and_bad_ones_say_why(look, write, member):
    run = look("M-1;Müll;;Umwelt;;", "M-2;;;Umweld;;31.2.2026", "M-3;Kontakt;;;keine Adresse;")
    assert results(run) == ["new", "error", "error"]
    problems = {p["field"]: p["reason"] + p["remedy"] for p in run["rows"][1]["problems"]}
    assert "Umwelt" in problems["Themen"]
    assert "31.12.2026" in problems["Zeitraum: Beginn"]
    assert problems["Titel"]
    # What only the validators of the portal know is said beforehand, too.
    assert [p["field"] for p in run["rows"][2]["problems"]] == ["Kontakt: E-Mail"]
    run = write(run)
    assert run["state"] == "done"
    assert results(run) == ["created", "error", "error"]
    (package,) = packages()
    assert package.state == "draft"
    assert package.owner_org == member["id"]
    shown = helpers.call_action("package_show", id=package.id)
    assert shown["identifier"] == "M-1"
    assert len(shown["theme"]) == 1


def test_the_same_table_again_creates_nothing_twice(look, write):
    write(look("M-1;Müll;;;;", "M-2;Bäume;;;;"))
    run = look("M-1;Müll;;;;", "M-2;Bäume und Hecken;;;;", "M-3;Neu;;;;")
    assert results(run) == ["same", "change", "new"]
    assert results(write(run)) == ["same", "changed", "created"]
    assert sorted(p.title for p in packages()) == ["Bäume und Hecken", "Müll", "Neu"]


def test_an_empty_cell_leaves_what_somebody_wrote(look, write, as_editor):
    write(look("M-1;Müll;;;;"))
    (package,) = packages()
    as_editor("package_patch", id=package.id, notes="Von Hand ergänzt")
    write(look("M-1;Müll und Papier;;;;"))
    shown = helpers.call_action("package_show", id=package.id)
    assert (shown["title"], shown["notes"]) == ("Müll und Papier", "Von Hand ergänzt")


def test_what_is_published_is_not_changed_by_a_table(look, write, member):
    factories.Dataset(
        owner_org=member["id"],
        identifier="M-1",
        name="oeffentlich",
        title="Öffentlich",
        notes="x",
    )
    run = look("M-1;Anders;;;;")
    assert results(run) == ["error"]
    assert run["rows"][0]["name"] == "oeffentlich"
    write(run)
    assert [p.title for p in packages()] == ["Öffentlich"]


def test_a_table_of_no_use_is_refused_with_the_reason(as_editor, member):
    upload = FileStorage(io.BytesIO(b"a;b\n1;2\n"), filename="tabelle.csv")
    with pytest.raises(tk.ValidationError) as problem:
        as_editor("verbund_import_check", owner_org=member["id"], upload=upload)
    assert "Vorlage" in problem.value.error_dict["upload"][0]


def test_many_rows_are_done_by_a_job(look, monkeypatch):
    started = []
    monkeypatch.setattr(tk, "enqueue_job", lambda fn, args, **_: started.append((fn, args)))
    run = look(*[f"M-{n};Datensatz {n};;;;" for n in range(21)])
    assert run["state"] == "checking"
    ((job, order),) = started
    job(*order)
    assert (
        helpers.call_action("verbund_import_show", owner_org=run["owner_org"], run=run["run"])[
            "state"
        ]
        == "checked"
    )


def test_the_cost_of_a_row_does_not_grow_with_the_table(look, write):
    """Count queries instead of seconds: a thousand rows took 50 s to check, 880 s to write."""
    asked = []

    def count(*_):
        asked.append(1)

    def cost(first, rows):
        asked.clear()
        run = look(*[f"M-{n};Datensatz {n};Bäume.;;;" for n in range(first, first + rows)])
        checked = len(asked)
        assert results(write(run)) == ["created"] * rows
        return checked, len(asked) - checked

    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        cost(0, 1)  # what is read once
        (few_checked, few_written), (many_checked, many_written) = cost(100, 4), cost(200, 16)
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    assert many_checked <= 4 * few_checked
    assert many_written <= 4 * few_written


@pytest.mark.parametrize(("minutes", "state"), [(31, "failed"), (5, "checking")])
def test_a_run_whose_worker_was_killed_can_be_begun_again(look, monkeypatch, minutes, state):
    monkeypatch.setattr(tk, "enqueue_job", lambda *_, **__: None)
    run = look(*[f"M-{n};Datensatz {n};;;;" for n in range(21)])
    earlier = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
    earlier -= dt.timedelta(minutes=minutes)
    steps = model.Session.query(model.TaskStatus).filter_by(key=f"{run['run']}:step")
    steps.update({"last_updated": earlier})
    model.Session.commit()
    assert imports.show(run["owner_org"], run["run"])["state"] == state


def test_only_editors_of_the_member_may_import(member):
    other = factories.User()
    factories.Organization(users=[{"name": other["name"], "capacity": "editor"}])
    for user in (other["name"], ""):
        context = {"user": user, "ignore_auth": False}
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action("verbund_import_check", context, owner_org=member["id"])
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action("verbund_import_show", context, owner_org=member["id"], run="x")
