# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The automatic check as a witness: no decision without it, none against it."""

import io
import json
import time

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from werkzeug.datastructures import FileStorage

from ckanext.verbund.domain.screening.report import VERSION
from ckanext.verbund.ethics import screening
from ckanext.verbund.ethics.model import scan

from .conftest import BYTES, LICENSE, harmless

IBAN = b"Platz;Konto\nAm Bach;DE89370400440532013000\nAm Tor;DE89370400440532013000\n"
FALSE = "Das Konto ist das der Stadtkasse, es steht auf jeder Rechnung."


@pytest.fixture
def replace_file(api):
    def put(package, content, name="plaetze.csv"):
        stream = FileStorage(io.BytesIO(content), filename=name)
        id = package["resources"][0]["id"]
        got = api("resource_patch", "author", id=id, upload=stream)
        assert got.ok, got.got

    return put


@pytest.fixture
def explain(api):
    def say(case, who="author", **fields):
        [file] = case["scan"]["files"]
        finding = next(one for one in file["findings"] if one["contradicts"])
        fields = {"value": "false", "reason": FALSE} | fields
        return api(
            "verbund_scan_dispose", who, id=case["id"], resource_id=file["resource_id"],
            finding=finding["finding"], **fields,
        )  # fmt: skip

    return say


def unseen():
    """Return a table that no earlier run had looked at: results outlive the tests."""
    return f"Ort;Zahl\nUnten;{time.time_ns()}\n".encode()


def begun(api, package):
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    return api("verbund_case_answer", "author", id=case["id"], answers=harmless()).got


def test_nothing_is_decided_before_each_file_was_looked_at(make, api, step, screen, visible):
    package = make(upload=unseen())
    case = begun(api, package)
    assert case["scan"]["pending"]
    assert step(case, "submit", "author").ok
    assert step(case, "pass", "reviewer").ok
    for action in ("decide_open", "decide_not"):
        got = step(case, action, "decider", reason="weil")
        assert got.got["code"] == ["unscreened"]
    assert "noch nicht fertig" in str(got.got)
    screen(package)
    assert step(case, "decide_open", "decider").ok
    visible(package)


def test_a_finding_blocks_until_somebody_explains_it(make, api, step, screen, explain):
    package = make(upload=IBAN)
    case = begun(api, package)
    screen(package)
    case = api("verbund_case_show", "author", id=case["id"]).got
    assert case["recommendation"]["contradictions"] == [["B1", "iban"]]
    assert "DE89" not in json.dumps(case)
    assert case["scan"]["notice"].startswith("Keine Treffer ersetzt keine Prüfung")
    assert case["scan"]["files"][0]["findings"][0]["label"] == "Bankverbindung (IBAN)"
    assert step(case, "submit", "author").got["code"] == ["blocked"]
    assert explain(case, reason=" ").got["code"] == ["reason"]
    confirmed = explain(case, value="confirmed").got
    assert confirmed["recommendation"]["outcome"] == "blocked"
    explained = explain(case).got
    assert explained["recommendation"]["outcome"] == "open"
    assert explained["scan"]["files"][0]["findings"][0]["disposition"]["reason"] == FALSE
    assert step(case, "submit", "author").ok


@pytest.mark.parametrize("who", [None, "stranger", "sysadmin", "dpo", "decider"])
def test_only_editors_and_reviewers_explain(make, api, screen, explain, who):
    package = make(upload=IBAN)
    case = begun(api, package)
    screen(package)
    case = api("verbund_case_show", "author", id=case["id"]).got
    assert explain(case, who).status == (404 if who in {None, "stranger"} else 403)
    shown = api("verbund_scan_show", who, package_id=package["id"])
    assert shown.ok == (who in {"dpo", "decider"})


def test_whoever_explains_a_finding_does_not_decide(make, api, staffed, step, screen, explain):
    given = {
        "organization_id": staffed.home["id"], "role": "decider",
        "user": staffed.people["reviewer"]["name"],
    }  # fmt: skip
    assert api("verbund_role_set", "admin", **given).ok
    package = make(upload=IBAN)
    begun(api, package)
    screen(package)
    [row] = api("verbund_case_list", "author", package_id=package["id"]).got["cases"]
    case = api("verbund_case_show", "author", id=row["id"]).got
    assert explain(case, "reviewer").ok
    assert step(case, "submit", "author").ok
    assert step(case, "pass", "reviewer").got["code"] == ["four-eyes"]
    assert api("verbund_role_set", "admin", remove=True, **given).ok


def test_what_was_said_of_other_bytes_counts_for_nothing(
    make, api, step, screen, explain, replace_file
):
    package = make(upload=IBAN)
    begun(api, package)
    screen(package)
    [row] = api("verbund_case_list", "author", package_id=package["id"]).got["cases"]
    assert explain(api("verbund_case_show", "author", id=row["id"]).got).ok
    replace_file(package, IBAN + b"Am Markt;DE02120300000000202051\n")
    screen(package)
    now = api("verbund_case_show", "author", id=row["id"]).got
    assert now["recommendation"]["outcome"] == "blocked"


def test_a_finding_in_the_public_version_suspends_and_explained_it_resumes(
    make, publish, api, step, screen, explain, hidden, visible
):
    """As when new rules find what the old ones did not: the old result goes, another comes."""
    package = make(upload=BYTES)
    done = publish(package)
    [file] = done.case["scan"]["files"]
    report = model.Session.scalar(
        sa.select(scan.c.report).where(scan.c.sha256 == file["sha256"])
    )
    hit = {
        "kind": "name", "part": "", "column": "Platz", "rows_matched": 1, "rows_scanned": 1,
        "coverage": "full", "confidence": "medium", "version": VERSION,
    }  # fmt: skip
    found = sa.update(scan).where(scan.c.sha256 == file["sha256"])
    model.Session.execute(found.values(report={**report, "hits": [hit]}))
    model.Session.commit()
    try:
        screen(done.package)
        hidden(done.package)
        case = api("verbund_case_show", "decider", id=done.case["id"]).got
        assert case["state"] == "suspended"
        assert case["history"][-1]["actor"] == "system"
        resume = {"reason": "Am Bach heißt der Platz."}
        assert step(case, "resume", "decider", **resume).got["code"] == ["blocked"]
        assert explain(case).ok
        assert step(case, "resume", "decider", **resume).ok
        visible(done.package)
    finally:
        model.Session.execute(found.values(report=report))
        model.Session.commit()


def test_what_no_program_reads_is_recorded_and_never_clean(make, api, step, screen):
    package = make(upload=b"\x89PNG\r\n\x1a\n" + bytes(200))
    link = api(
        "resource_create", "author", package_id=package["id"], name="Verlinkt", format="CSV",
        license=LICENSE, url="https://beispiel.example/daten.csv",
    )  # fmt: skip
    assert link.ok, link.got
    case = begun(api, package)
    screen(package)
    case = api("verbund_case_show", "author", id=case["id"]).got
    assert {one["status"] for one in case["scan"]["files"]} == {"unscanned"}
    assert {one["label"] for one in case["scan"]["files"]} == {"nicht maschinell geprüft"}
    assert all(one["reason"] for one in case["scan"]["files"])
    assert not case["scan"]["pending"]
    assert step(case, "submit", "author").ok


def test_a_crash_is_unscanned_and_looked_at_again(make, api, screen, monkeypatch):
    from ckanext.verbund.domain.screening import scan as scanner

    package = make(upload=unseen())
    with monkeypatch.context() as patch:
        patch.setattr(scanner, "_command", lambda: ["/bin/false"])
        [report] = screen(package)
    assert (report.status, report.reason) == ("unscanned", "crashed")
    assert (
        api("verbund_scan_show", "author", package_id=package["id"]).got["files"][0]["reason"]
        == "Die Prüfung ist abgestürzt."
    )
    [report] = screen(package)
    assert report.status == "scanned"


def test_a_job_starts_when_a_file_changes_and_not_with_the_description(
    make, api, replace_file, app
):
    def waiting(package):
        id = package["resources"][0]["id"]
        return sum(job.args == [id] for job in jobs.get_queue().jobs)

    package = make(upload=unseen())
    assert waiting(package) == 1
    assert api("package_patch", "author", id=package["id"], notes="Anders gesagt").ok
    assert waiting(package) == 1
    replace_file(package, unseen())
    assert waiting(package) == 2
    begun(api, package)
    assert waiting(package) == 3
    with app.flask_app.test_request_context():
        assert package["resources"][0]["id"] in screening.again()


# -- A specialist objects ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("decide_not", {"reason": "Die Fachstelle hat recht."}),
        ("decide_open", {"reason": "Die Lage steht seit Jahren im Amtsblatt."}),
        ("decide_restricted", {"conditions": "Auf Anfrage beim Amt 67.", "way": "on_request"}),
    ],
)
def test_after_an_objection_the_case_can_be_decided(make, ready, step, action, more):
    """An objection is a comment: nobody is waited for, and a deviation says why."""
    answers = harmless() | {
        "B4": {"value": "yes", "reason": "Die Liste nennt einzelne Kinder."},
        "G4": {"value": "no", "reason": "Die Angaben sind schon grob genug."},
    }
    case = ready(make(), answers)
    assert set(case["waits_for"]["roles"]) == {"dpo", "ethics"}
    objects = {"verdict": "objection", "reason": "Man erkennt die Kinder."}
    case = step(case, "comment", "dpo", effect="DSB", **objects).got
    assert case["waits_for"]["roles"] == ["ethics"]
    case = step(case, "comment", "ethicist", effect="ETHIK", **objects).got
    assert case["state"] == "ready"
    assert case["recommendation"]["open_comments"] == []
    assert case["recommendation"]["outcome"] in {"restricted", "not_publish"}
    if action == "decide_open":
        assert step(case, action, "decider").got["code"] == ["deviation"]
    done = step(case, action, "decider", **{"reason": "Es bleibt ein Nutzen.", **more})
    assert done.ok, done.got
