# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 (a table of texts)
"""Keeping the vocabularies: overview, verification, a new edition."""

import csv
import shutil
from datetime import date

import pytest
import yaml

from ckanext.verbund.domain import vocab, vocab_lists
from ckanext.verbund.domain.vocab_lists import FOLDER, UpdateError, read_update

EU = "http://publications.europa.eu/resource/authority/"
DAY = date(2027, 1, 2)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "vocab")


def skos(*concepts: str, version: str = "20270101-0") -> bytes:
    return f"""
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix f: <{EU}access-right/> .
    @prefix at: <http://publications.europa.eu/ontology/authority/> .
    <{EU}access-right> a skos:ConceptScheme ; owl:versionInfo "{version}" .
    {" ".join(concepts)}
    """.encode()


def concept(code: str, *more: str, en: str = "") -> str:
    known = vocab.load("access_right").get(code)
    label = en or (known.labels["en"] if known else code.lower())
    return f'f:{code} a skos:Concept ; skos:prefLabel "{label}"@en {" ".join(more)} .'


NOW = ["CONFIDENTIAL", "NON_PUBLIC", "NORMAL", "PUBLIC", "RESTRICTED", "SENSITIVE"]


def rows(folder, name="access_right") -> dict[str, dict]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return {row["code"]: row for row in csv.DictReader(table)}


def test_overview_names_every_list_with_its_licence():
    found = {one.name: one for one in vocab_lists.overview()}
    assert set(found) == set(vocab.names())
    assert found["license"].values == 34
    assert found["file_type"].deprecated > 0
    assert all(one.license and one.source and one.version for one in found.values())


def test_the_bundled_lists_are_intact():
    assert vocab_lists.verify() == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("license.csv", lambda t: t + "\n", "license.csv: the file is not the one of the manifest"),
        ("license.csv", lambda t: t.replace("code,iri", "kennung,iri"), "columns must begin with"),
        ("license.csv", lambda t: t + t.splitlines()[1] + "\n", "code twice: apache"),
        ("frequency.csv", lambda t: t.replace("jährlich,annual,", ",annual,", 1), "no German"),
        ("manifest.yaml", lambda t: t.replace("copyright:", "rights:", 1), "nothing on copyright"),
        ("manifest.yaml", lambda t: t.replace("language.csv:", "sprache.csv:"), "sprache.csv: missing"),
    ],
    ids=["changed", "columns", "twice", "unnamed", "unaccounted", "missing"],
)  # fmt: skip
def test_what_is_wrong_is_named(folder, name, change, said):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    assert any(said in problem for problem in vocab_lists.verify(folder))


def test_a_new_edition_adds_renames_and_withdraws(folder):
    now = [code for code in NOW if code != "NORMAL"]
    new = skos(*map(concept, now[1:]), concept(now[0], en="secret"), concept("PARTLY"))
    update = read_update(new, folder)
    assert (update.name, update.version) == ("access_right", "20270101-0")
    assert (update.added, update.renamed, update.withdrawn) == (
        ["PARTLY"], ["CONFIDENTIAL"], ["NORMAL"],
    )  # fmt: skip
    update.write(DAY, folder)
    assert vocab_lists.verify(folder) == []
    found = rows(folder)
    assert found["NORMAL"]["deprecated"] == "yes"
    assert found["NORMAL"]["de"] == "normal"  # stays readable
    assert (found["PARTLY"]["iri"], found["PARTLY"]["de"]) == (
        f"{EU}access-right/PARTLY",
        "partly",
    )
    assert found["PUBLIC"] == rows(FOLDER)["PUBLIC"]  # our German name and note stay
    entry = yaml.safe_load((folder / "manifest.yaml").read_text("utf-8"))["access_right.csv"]
    assert (entry["source_version"], entry["retrieved"]) == ("20270101-0", DAY)


@pytest.mark.parametrize(
    "mark", ["; owl:deprecated true", f"; at:status <{EU}concept-status/DEPRECATED>"]
)
def test_a_value_that_is_marked_is_withdrawn(folder, mark):
    others = [concept(code) for code in NOW if code != "NORMAL"]
    assert read_update(skos(*others, concept("NORMAL", mark)), folder).withdrawn == ["NORMAL"]


def test_the_same_edition_changes_nothing(folder):
    update = read_update(skos(*map(concept, NOW)), folder)
    assert (update.added, update.renamed, update.withdrawn) == ([], [], [])
    assert rows(folder) == {row["code"]: row for row in update.rows}


def test_rdf_xml_is_read_as_well(folder):
    from rdflib import Graph

    xml = Graph().parse(data=skos(*map(concept, NOW)), format="turtle").serialize(format="xml")
    assert read_update(xml.encode(), folder).name == "access_right"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code;name\n1;2", "neither RDF/XML nor Turtle"),
        (b"", "no skos:Concept"),
        (skos("f:PUBLIC a skos:ConceptScheme ."), "no skos:Concept"),
        (skos("<https://x.example/1> a skos:Concept ."), "no value of the file"),
        (skos(concept("PUBLIC")), "only 1 of 6 values"),
    ],
    ids=["csv", "empty", "no concept", "foreign", "most lost"],
)
def test_a_file_that_is_no_new_edition_is_refused(folder, content, said):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UpdateError, match=said):
        read_update(content, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
