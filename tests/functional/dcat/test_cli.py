# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund check`` and ``ckan verbund roundtrip``."""

import json
import threading
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from ckanext.verbund.base.cli import verbund
from ckanext.verbund.domain.dcatde import graph

SAMPLES = Path("tests/samples/rdf").resolve()
WHOLE = SAMPLES / "pflicht.ttl"


def run(*words):
    return CliRunner().invoke(verbund, [str(word) for word in words])


@pytest.fixture
def broken(tmp_path):
    """A dataset without its title."""
    lines = graph.write(
        f"{s} {p} {o} ."
        for s, p, o in graph.read(WHOLE.read_bytes(), "ttl")
        if not (p.endswith("/title>") and s.endswith("/dataset/1>"))
    )
    path = tmp_path / "ohne-titel"
    path.write_bytes(lines)
    return path


@pytest.fixture
def server():
    handler = partial(SimpleHTTPRequestHandler, directory=SAMPLES)
    with HTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_good_file_passes():
    result = run("check", WHOLE)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("errors=0 ")


def test_what_is_wrong_is_told_with_remedy_and_status(broken):
    result = run("check", broken)
    assert result.exit_code == 1
    assert "dct:title" in result.output
    assert result.output.splitlines()[-1].startswith("errors=1 ")


def test_findings_can_be_read_by_programs(broken):
    found = json.loads(run("check", "--json", broken).stdout)
    assert [f["property"] for f in found if f["severity"] == "error"] == ["dct:title"]
    assert all(f["message_de"] and f["id"] for f in found)


def test_nothing_is_lost_on_the_way_through():
    result = run("roundtrip", SAMPLES / "vollstaendig.ttl")
    assert result.exit_code == 0, result.output
    last = dict(part.split("=") for part in result.output.splitlines()[-1].split())
    assert list(last)[-3:] == ["violations", "warnings", "seconds"]
    assert (last["lost"], last["violations"]) == ("0", "0")
    assert int(last["triples"]) == sum(int(last[k]) for k in ("kept", "repaired", "redacted"))
    assert int(last["triples"]) > 100


def test_an_address_is_read_like_a_file(server):
    by_address = run("roundtrip", f"{server}/pflicht.ttl").output
    by_file = run("roundtrip", WHOLE).output
    assert by_address.split(" seconds")[0] == by_file.split(" seconds")[0]


@pytest.mark.parametrize("form", graph.FORMATS)
def test_the_form_is_told_by_the_content(tmp_path, form):
    path = tmp_path / "katalog"
    lines = (f"{s} {p} {o} ." for s, p, o in graph.read(WHOLE.read_bytes(), "ttl"))
    path.write_bytes(graph.write(lines, form))
    assert run("check", path).output == run("check", WHOLE).output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"Sehr geehrte Damen und Herren", "nicht als RDF lesen"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "Entit"),
    ],
)
@pytest.mark.parametrize("command", ["check", "roundtrip"])
def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path, command, content, words):
    path = tmp_path / "datei"
    if content is not None:
        path.write_bytes(content)
    result = run(command, path)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_an_address_that_is_not_there_is_refused_with_a_reason(server):
    result = run("check", f"{server}/gibt-es-nicht.ttl")
    assert (result.exit_code, "Status 404" in result.output) == (2, True)
