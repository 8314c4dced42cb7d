# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong elsewhere: each time nothing undecided becomes public."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from ckan.lib import jobs
from ckan.tests import factories, helpers

from ckanext.verbund.base import tasks
from ckanext.verbund.ethics import publication, reminders, roles, screening

from .conftest import harmless

ROOT = Path(__file__).parents[3]
CKAN = str(Path(sys.executable).with_name("ckan"))


@pytest.fixture
def large():
    """Return a table that takes the automatic check some seconds."""
    row = b"Am Bach;12;Hauptplatz 3;geprueft;2026-05-01\n"
    return (
        b"Ort;Zahl;Lage;Zustand;Tag\n" + f"{time.time_ns()};1;a;b;c\n".encode() + row * 900_000
    )


def children(pid):
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in listed.read_text().split()] if listed.exists() else []
    return found + [below for child in found for below in children(child)]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing happened within {seconds} s")


def test_a_worker_killed_in_a_scan_decides_nothing_and_the_scan_begins_again(
    make, api, step, screen, large, hidden, app
):
    package = make(upload=large)
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    api("verbund_case_answer", "author", id=case["id"], answers=harmless())
    assert step(case, "submit", "author").ok
    assert step(case, "pass", "reviewer").ok
    jobs.get_queue().empty()
    screening.start(package["id"], missing=True)
    assert jobs.get_queue().count == 1
    worker = subprocess.Popen(
        [CKAN, "-c", str(ROOT / "test-gated.ini"), "jobs", "worker", "--burst"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def scanning():
        for child in children(worker.pid):
            line = Path(f"/proc/{child}/cmdline")
            if line.exists() and b"screening" in line.read_bytes():
                return child
        return None

    child = wait_for(scanning)
    for pid in [worker.pid, *children(worker.pid)]:
        if pid != child:
            os.kill(pid, signal.SIGKILL)
    worker.wait()
    # The child that reads the file goes with whoever started it.
    wait_for(lambda: not Path(f"/proc/{child}/exe").exists(), 10)
    seen = api("verbund_case_show", "author", id=case["id"]).got
    assert seen["scan"]["pending"]
    assert step(seen, "decide_open", "decider").got["code"] == ["unscreened"]
    hidden(package)
    with app.flask_app.test_request_context():
        assert package["resources"][0]["id"] in screening.again()
    assert [report.status for report in screen(package)] == ["scanned"]
    assert step(seen, "decide_open", "decider").ok


def test_a_clock_that_jumps_publishes_nothing_and_moves_no_case(
    make, ready, publish, api, app, monkeypatch, hidden, visible
):
    waiting, over = make(), make()
    case = ready(waiting)
    publish(over, valid_until=(tasks.today() + timedelta(days=30)).isoformat())
    began = tasks.today()
    for years in (40, -40, 40):
        with monkeypatch.context() as clock, app.flask_app.test_request_context():
            clock.setattr(tasks, "today", lambda by=years: began + timedelta(days=365 * by))
            reminders.send()
            publication.expire()
        hidden(waiting)
        now = api("verbund_case_show", "author", id=case["id"]).got
        assert now["state"] == "ready"
    # What is over is told by the clock of the database, not by that of one process.
    assert api("package_show", "author", id=over["id"]).got["private"] is False
    visible(over)


def test_whoever_is_gone_decides_nothing_and_is_not_asked(
    make, ready, step, api, town, app, hidden
):
    case = ready(make())
    leaving = factories.User()
    token = factories.APIToken(user=leaving["name"])["token"]
    home = town.home["id"]
    given = api(
        "verbund_role_set", "admin", organization_id=home, user=leaving["name"], role="leitung"
    )
    assert given.ok, given.got
    assert leaving["id"] in {one["user_id"] for one in roles.given(home)}
    helpers.call_action("user_delete", id=leaving["id"])
    assert leaving["id"] not in {one["user_id"] for one in roles.given(home)}
    town.tokens["leaving"] = token
    assert step(case, "decide_open", "leaving").status in {403, 404}
    hidden({"id": case["package_id"], "name": case["package_id"]})
