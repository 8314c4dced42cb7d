# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The examples for programs run as they stand on the page of a dataset."""

import html
import json
import os
import re
import shlex
import subprocess
import sys

import pytest
import requests

# A portal on this machine must not be asked for through the machine's web proxy.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}


def examples(portal, name):
    """Return the examples of a page: name of the program and what is to be run."""
    body = requests.get(f"{portal.url}/dataset/{name}", timeout=120).text
    found = {}
    for title, block in re.findall(
        r'<details class="verbund-example">\s*<summary>(.*?)</summary>(.*?)</details>',
        body,
        re.DOTALL,
    ):
        codes = re.findall(r"<code>(.*?)</code>", block, re.DOTALL)
        found[title] = [html.unescape(code) for code in codes]
    return found


def run(*command):
    done = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(
    scope="module", params=["kaiserslautern-spielplaetze", "kaiserslautern-fahrplan"]
)
def page(request, cluster):
    portal = cluster["kaiserslautern"]
    shown = portal.api("package_show", id=request.param)
    return examples(portal, request.param), shown


def test_curl_gets_json(page):
    found, dataset = page
    answers = [json.loads(run(*shlex.split(line), "--silent")) for line in found["curl"]]
    assert all(answer["success"] for answer in answers)
    assert answers[-1]["result"]["id"] == dataset["id"]


def test_python_prints_rows_or_files(page):
    found, dataset = page
    (code,) = found["Python"]
    lines = run(sys.executable, "-c", code).splitlines()
    has_table = "datastore_search" in code
    assert len(lines) == (5 if has_table else len(dataset["resources"]))
    assert ("Längengrad" in lines[0]) if has_table else (".zip" in lines[0])


def test_r_asks_the_same_addresses_as_python(page):
    found, _dataset = page
    (r,), (python,) = found["R"], found["Python"]
    assert re.findall(r'"(http[^"]+)"', r) == re.findall(r'"(http[^"]+)"', python)


@pytest.mark.parametrize(
    ("name", "suffix", "media_type"),
    [
        ("kaiserslautern-spielplaetze", ".geojson", "application/geo+json"),
        ("kaiserslautern-bevoelkerung", ".csv", "text/csv"),
    ],
)
def test_qgis_and_pages_of_others_can_load_the_address(cluster, name, suffix, media_type):
    (address,) = examples(cluster["kaiserslautern"], name)["QGIS"]
    assert address.endswith(suffix)
    answer = requests.get(address, headers={"Origin": "https://karte.example"}, timeout=120)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    # Nobody's session comes with a request of another page.
    assert "Access-Control-Allow-Credentials" not in answer.headers
    text = answer.content.decode("utf-8")
    assert json.loads(text)["features"] if suffix == ".geojson" else text.count("\n") > 10
