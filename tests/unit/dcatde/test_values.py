# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written can be read again and is the same, whatever it is."""

from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from ckanext.verbund.domain.dataset import Agent, Dataset, Distribution, Text, preferred
from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde.from_graph import from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, read, triples_of, write
from ckanext.verbund.domain.dcatde.terms import expand, literal
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from stack import dcat_doc
from tests.unit.dcatde.strategies import PROFILE, resources

ROOT = Path(__file__).parents[3]


@PROFILE
@given(resources())
def test_a_value_is_read_as_it_was_written(value):
    reading = from_graph(Graph(triples_of(to_graph(value))))
    assert reading.resources == (value,)
    assert reading.repairs == ()
    assert reading.remainder == ()


@PROFILE
@given(resources())
def test_every_format_holds_the_same_statements(value):
    lines = to_graph(value)
    assert len(set(lines)) == len(lines)
    for form in ("ttl", "rdf", "jsonld", "nt"):
        assert set(read(write(lines, form), form)) == set(triples_of(lines))


@pytest.mark.parametrize("table", m.TABLES.values(), ids=lambda table: table.value.__name__)
def test_every_field_of_a_value_has_exactly_one_property(table):
    mapped = [one.field for one in table.properties]
    own = {one.name for one in fields(table.value)} - {"uri", "remainder"}
    assert sorted(mapped) == sorted(own)
    assert len(table.by_term) == len(mapped)


def test_only_who_keeps_a_dataset_can_give_it_an_address():
    with pytest.raises(ValueError, match="without address"):
        to_graph(Dataset(title=(Text("Bäume"),)))
    with pytest.raises(ValueError, match="without address"):
        to_graph(Dataset(uri="baeume"))


def test_nameless_things_get_stable_addresses_below_what_they_hang_on():
    value = Dataset(
        uri="https://a.example/dataset/1",
        creator=(Agent(name=(Text("Büro"),)), Agent(name=(Text("Verein"),))),
        distribution=(Distribution(title=(Text("Datei"),)),),
    )
    text = "\n".join(to_graph(value))
    assert (
        '<https://a.example/dataset/1#creator-2> <http://xmlns.com/foaf/0.1/name> "Verein"'
        in text
    )
    assert "<https://a.example/dataset/1#distribution-1> " in text
    assert "_:" not in text


def test_german_is_preferred_then_untagged_then_whatever_there_is():
    english, plain, german = Text("trees", "en"), Text("Bäume"), Text("Bäume", "de-at")
    assert preferred((english, plain, german)) is german
    assert preferred((english, plain)) is plain
    assert preferred((english,)) is english
    assert preferred(()) == Text("")


def test_our_own_vocabulary_names_each_property_as_the_form_does():
    graph = read((ROOT / "schemas/vocab/verbund.ttl").read_bytes(), "ttl")
    fields = yaml.safe_load((ROOT / "schemas/dataset.yaml").read_text(encoding="utf-8"))
    own = [f for f in fields["dataset_fields"] if f["property"].startswith("verbund:")]
    assert {f["property"] for f in own} == {
        one.name for one in m.DATASET.properties if one.name.startswith("verbund:")
    }
    for field in own:
        labels = set(graph.values(expand(field["property"]), expand("rdfs:label")))
        assert labels == {literal(text, lang) for lang, text in field["label"].items()}
    choices = next(f["choices"] for f in own if f["field_name"] == "data_origin")
    for choice in choices:
        concept = expand(f"verbund:origin-{choice['value']}")
        labels = set(graph.values(concept, expand("skos:prefLabel")))
        assert labels == {literal(text, lang) for lang, text in choice["label"].items()}


def test_the_tables_of_the_documentation_are_fresh(tmp_path, monkeypatch):
    assert dcat_doc.main(["--check"]) == 0
    page = tmp_path / "page.md"
    page.write_text("<!-- Regeln: erzeugt -->\nalt\n<!-- Ende -->\n", encoding="utf-8")
    monkeypatch.setattr(dcat_doc, "PAGE", page)
    assert dcat_doc.main(["--check"]) == 1
    assert dcat_doc.main([]) == 0
    assert dcat_doc.main(["--check"]) == 0
    assert "`redacted`" in page.read_text(encoding="utf-8")
