# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile documents: each is refused with a reason, and only the child pays for them."""

import os
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ckanext.verbund.domain.dcatde import child
from ckanext.verbund.domain.dcatde.check import check
from ckanext.verbund.domain.dcatde.from_graph import from_graph
from ckanext.verbund.domain.dcatde.graph import FORMATS, Limits, RefusedError, write
from ckanext.verbund.domain.dcatde.roundtrip import lines_of

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://a.example/> .
:d a dcat:Dataset ; dct:title "Bäume" ; dct:description "Alle Bäume im Stadtgebiet" ;
  dct:publisher :p .
:p a foaf:Agent ; foaf:name "Stadt" .
"""
BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LATIN = '<?xml version="1.0" encoding="{}"?><rdf:RDF xmlns:t="https://t.example/" '
LATIN += 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
LATIN += '<rdf:Description rdf:about="https://a.example/"><t:t>Bäume</t:t></rdf:Description>'
LATIN += "</rdf:RDF>"


def refused(document, **bounds):
    data = document if isinstance(document, bytes) else document.encode()
    with pytest.raises(RefusedError) as caught:
        child.read(data, **bounds)
    finding = caught.value.finding
    assert finding.severity == "error"
    assert finding.message_de
    assert finding.remedy_de
    return finding.id


def findings(body):
    """Return what the check finds in a document that came through."""
    reading = from_graph(child.read((HEAD + body).encode()))
    return {(one.id, one.value_excerpt): one for one in check(lines_of(reading))}


@pytest.mark.parametrize("form", FORMATS)
def test_a_good_document_comes_whole_in_every_form(form):
    lines = lines_of(from_graph(child.read(HEAD.encode())))
    assert set(lines_of(from_graph(child.read(write(lines, form))))) == set(lines)
    assert len(lines) == 6


@pytest.mark.parametrize(
    ("document", "finding"),
    [
        (f'<?xml version="1.0"?>{BILLION_LAUGHS}', "dcat.entity"),
        (f'<?xml version="1.0"?>{OUTSIDE}', "dcat.entity"),
        ("Sehr geehrte Damen und Herren", "dcat.unreadable"),
        ("<html><body>Anmeldung</body></html>", "dcat.unreadable"),
        (':a :b "' + "x" * 100 + '" .', "dcat.unreadable"),
        ("[" * 200 + "]" * 200, "dcat.too-much-depth"),
        ('{"a":' * 200 + "1" + "}" * 200, "dcat.too-much-depth"),
        ("<?xml version='1.0'?>" + "<a>" * 200 + "</a>" * 200, "dcat.too-much-depth"),
        ((HEAD + "# Bäume").encode("latin-1"), "dcat.encoding"),
        (LATIN.format("utf-8").encode("latin-1"), "dcat.encoding"),
        (LATIN.format("keine").encode("latin-1"), "dcat.encoding"),
    ],
)
def test_a_hostile_or_broken_document_is_refused_with_a_reason(document, finding):
    assert refused(document) == finding


def test_fifty_megabytes_in_one_literal_are_refused():
    assert refused(f'<https://a.example/> <https://b.example/> "{"x" * 50_000_000}" .') == (
        "dcat.too-much-literal"
    )


def test_what_is_larger_than_the_limits_is_refused():
    assert refused(HEAD, limits=Limits(document=100)) == "dcat.too-much-document"
    assert refused(HEAD, limits=Limits(triples=5)) == "dcat.too-much-triples"
    child.read(HEAD.encode(), limits=Limits(triples=6))


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_xml_may_come_in_the_encoding_that_it_names(encoding):
    found = child.read(LATIN.format(encoding).encode(encoding))
    assert [value for _, _, value in found] == ['"Bäume"']


def test_nothing_is_fetched():
    asked = []

    class Context(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Context) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        document = f'{{"@context": "http://127.0.0.1:{server.server_port}/c", "@id": "x"}}'
        assert refused(document) == "dcat.remote-context"
        server.shutdown()
    assert asked == []


def test_a_reader_that_takes_too_long_or_too_much_dies_alone():
    before = children()
    assert refused(HEAD, bounds=child.Bounds(seconds=0)) == "dcat.too-slow"
    assert refused(HEAD, bounds=child.Bounds(memory=2**25)) == "dcat.parser-died"
    assert len(child.read(HEAD.encode())) == 6
    assert children() <= before


def children():
    found = set()
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread of another test has just ended
            found.update((task / "children").read_text().split())
    return found


def test_a_reader_knows_no_secret_of_the_portal(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "/nirgends")
    monkeypatch.setenv("PYTHONPATH", "/nirgends")
    assert len(child.read(HEAD.encode())) == 6


# -- what is read all the same, and told ---------------------------------------------------


def test_an_unknown_value_of_a_list_is_told():
    found = findings(':d dcat:theme <https://a.example/unsinn> ; dct:language "klingonisch" .')
    told = {excerpt for (id, excerpt) in found if "unlisted" in id}
    assert "https://a.example/unsinn" in told
    assert any("klingonisch" in excerpt for _, excerpt in found)


def test_a_ring_of_nameless_things_is_read_once():
    ring = ":d dcat:contactPoint _:a . _:a dct:relation _:b . _:b dct:relation _:a ."
    lines = lines_of(from_graph(child.read((HEAD + ring).encode())))
    assert sum(" <http://purl.org/dc/terms/relation> " in one for one in lines) == 2
    assert any("contactpoint" in id for id, _ in findings(ring))


def test_a_link_that_a_browser_would_execute_is_told():
    found = findings(":d dcat:landingPage <javascript:alert(1)> .")
    assert any("landingpage" in id for id, excerpt in found if "javascript" in excerpt)


def test_a_relative_address_is_completed_by_that_of_the_document():
    document = (HEAD + ":d dcat:landingPage <seite/1> .").encode()
    lines = lines_of(from_graph(child.read(document, "https://stadt.example/kat/log.ttl")))
    assert any("<https://stadt.example/kat/seite/1>" in one for one in lines)
    told = [
        id
        for id, excerpt in findings(":d dcat:landingPage <seite/1> .")
        if excerpt == "seite/1"
    ]
    assert told == ["dcatde.Q-address-relative"]


def test_twice_the_same_identifier_is_told():
    twin = ":e a dcat:Dataset ; dct:title 'E' ; dct:description 'E' ; dct:publisher :p ."
    assert not any("identifier-double" in id for id, _ in findings(":d dct:identifier '1' ."))
    both = findings(f":d dct:identifier '1' . {twin} :e dct:identifier '1' .")
    assert any("identifier-double" in id for id, _ in both)


def test_an_empty_graph_has_no_entry():
    for nothing in (b"", b"# leer", b"[]", b"{}"):
        assert from_graph(child.read(nothing)).entries == ()


def test_five_hundred_files_come_through_and_each_is_checked():
    files = "".join(
        f":d dcat:distribution :f{n} . :f{n} a dcat:Distribution ; "
        f"dcat:accessURL <https://a.example/{n}> ."
        for n in range(500)
    )
    (dataset,) = from_graph(child.read((HEAD + files).encode())).datasets
    assert len(dataset.distribution) == 500
    without = [one for one in check(lines_of(from_graph(child.read((HEAD + files).encode()))))
               if one.property.endswith("dct:license")]  # fmt: skip
    assert len({one.subject for one in without}) == 500
