# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Portals harvest each other, and a second run works as well as the first."""

import re
import time

import pytest
import requests

from tests.browser.cluster import shoot, sign_in

PATIENCE = 400  # seconds for 160 datasets on a busy machine


def harvest(portal, source: str) -> dict:
    """Begin a run, wait for its end, and return its counts."""
    found = portal.api("harvest_source_show", id=source)
    job = portal.api("harvest_job_create", source_id=found["id"], run=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        portal.api("harvest_jobs_run")
        job = portal.api("harvest_job_show", id=job["id"])
        if job["status"] == "Finished":
            errors = job["gather_error_summary"]
            return job["stats"] | {"gather_errors": errors, "id": job["id"]}
        time.sleep(2)
    pytest.fail(f"{source} is still {job['status']} after {PATIENCE} s: {job['stats']}")


def count(portal, organization: str) -> int:
    found = portal.api("package_search", fq=f"organization:{organization}", rows=0)
    return found["count"]


@pytest.mark.parametrize(
    ("portal", "source", "organization", "least"),
    [
        ("landau", "kaiserslautern", "kaiserslautern-gespiegelt", 12),
        ("stwendel", "rostock", "rostock-gespiegelt", 100),
        ("stwendel", "brandenburg", "brandenburg-gespiegelt", 40),
    ],
)
def test_source_runs_twice(cluster, portal, source, organization, least):
    portal = cluster[portal]
    first = harvest(portal, source)
    assert first["errored"] == 0, portal.api("harvest_job_report", id=first["id"])
    assert not first["gather_errors"]
    mirrored = count(portal, organization)
    assert mirrored >= least
    second = harvest(portal, source)
    assert second["errored"] == 0, portal.api("harvest_job_report", id=second["id"])
    assert (second["added"], second["deleted"]) == (0, 0)
    assert count(portal, organization) == mirrored


def test_private_datasets_are_not_mirrored(cluster):
    private = cluster["kaiserslautern"].api(
        "package_search", fq="private:true", include_private=True, rows=50
    )["results"]
    assert private
    titles = {p["title"] for p in private}
    mirrored = cluster["landau"].api(
        "package_search", fq="organization:kaiserslautern-gespiegelt", rows=100
    )["results"]
    assert not titles & {p["title"] for p in mirrored}
    for suffix in ("ttl", "rdf", "jsonld"):
        text = requests.get(
            f"{cluster['kaiserslautern'].url}/catalog.{suffix}", timeout=60
        ).text
        assert not [t for t in titles if t in text]


def test_operator_reads_the_result(cluster, page):
    portal = cluster["landau"]
    sign_in(page, portal, "sysadmin")
    page.goto(f"{portal.url}/harvest/kaiserslautern")
    shoot(page, "harvest-quelle")
    page.goto(f"{portal.url}/harvest/admin/kaiserslautern")
    shoot(page, "harvest-verwaltung")
    page.goto(f"{portal.url}/harvest/kaiserslautern/job")
    text = page.inner_text("main, [role=main]")
    assert "Neu" in text.split()
    assert re.search(r"Beendet\t\d+\t\d+\t\d+", text)
    for english in ("added", "Finished", "Started", "Job #", "errors"):
        assert english not in text
    shoot(page, "harvest-laeufe")
    assert not page.outside
