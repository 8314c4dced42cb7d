# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What everybody may use: the check of a file, and the lists of values."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import pytest
from ckan.common import config

from ckanext.verbund.domain import vocab

PATH = "/dcat-ap-de-pruefen"
GOOD = (Path(__file__).parents[2] / "samples" / "rdf" / "minimal.ttl").read_bytes()
BAD = b"""@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://a.example/1> a dcat:Dataset ; dct:title "<b id=evil>liste_1.csv</b>" .
<https://a.example/2> a dcat:Dataset ; dct:title "liste_2.csv" ."""


def send(portal, data, name="katalog.ttl"):
    return portal.post(
        PATH,
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def downloads(body):
    links = re.findall(r'href="data:[^;"]+;charset=utf-8;base64,([^"]+)" download', body)
    return [base64.b64decode(link) for link in links]


def test_a_good_file_is_praised(portal):
    body = send(portal, GOOD).body
    assert "Nichts zu beanstanden." in body
    assert downloads(body) == []


def test_findings_are_grouped_with_remedy_and_can_be_taken_along(portal):
    body = send(portal, BAD, "stadt <x>.ttl").body
    assert body.count("„Beschreibung“ fehlt.") == 2  # the heading, and its name for "Wo"
    assert "2-mal" in body
    assert "<b id=evil>" not in body
    table, text = downloads(body)
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    found = json.loads(text)
    assert len(rows) == len(found["findings"]) == sum(found["counts"].values())
    assert all(row["Befund"] for row in rows)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"kein RDF", "lässt sich nicht als RDF lesen", id="no RDF"),
        pytest.param(b"x" * (5 * 2**20 + 1), "MB", id="too large"),
        pytest.param(GOOD.split(b"\n\n")[0], "kein Datensatz", id="nothing in it"),
    ],
)
def test_what_cannot_be_checked_gets_a_german_sentence(portal, data, told):
    answer = send(portal, data)
    assert answer.status_code == 422
    assert told in answer.body
    assert "Traceback" not in answer.body


def test_without_a_file_the_page_asks_for_one(portal):
    answer = portal.post(PATH, data={})
    assert answer.status_code == 422
    assert "Bitte wählen Sie zuerst eine Datei." in answer.body


def test_too_many_files_have_to_wait_and_the_page_can_be_switched_off(portal, monkeypatch):
    monkeypatch.setitem(config, "ckanext.verbund.dcat.check.per_hour", 1)
    answers = [send(portal, GOOD) for _ in range(2)]
    assert answers[-1].status_code == 429
    assert "noch einmal" in answers[-1].body
    monkeypatch.setitem(config, "ckanext.verbund.dcat.check.per_hour", 0)
    assert portal.get(PATH).status_code == 404


def test_every_list_has_a_page_and_a_table(portal):
    start = portal.get("/vokabular").body
    for name in vocab.names():
        assert f'href="/vokabular/{name}"' in start
        body = portal.get(f"/vokabular/{name}").body
        assert body.count('role="rowheader"') == len(vocab.load(name).concepts)
    table = portal.get("/vokabular/license.csv")
    assert table.body.startswith("code,iri,de,en")


def test_values_no_longer_on_offer_stand_last_and_say_so(portal):
    name = next(n for n in vocab.names() if any(c.deprecated for c in vocab.load(n).concepts))
    body = portal.get(f"/vokabular/{name}").body
    gone = sum(concept.deprecated for concept in vocab.load(name).concepts)
    assert body.count("nicht mehr angeboten</span>") == gone
    assert body.index(vocab.load(name).current[-1].iri) < body.index("nicht mehr angeboten</sp")


def test_licences_are_told_in_plain_words_and_can_be_searched(portal):
    body = portal.get("/vokabular/license?q=zero").body
    assert "dl-zero-de/2.0" in body
    assert "Die Quelle muss nicht genannt werden." in body
    assert "dl-by-de/2.0" not in body
    assert portal.get("/vokabular/license?q=gibtesnicht").status_code == 200


def test_an_unknown_list_is_not_found_and_our_own_vocabulary_keeps_its_address(portal):
    assert portal.get("/vokabular/gibt-es-nicht").status_code == 404
    assert portal.get("/vokabular/gibt-es-nicht.csv").status_code == 404
    assert portal.get("/vokabular.ttl").headers["Content-Type"].startswith("text/turtle")
