# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages become values and come back; every field of the schemas reaches the graph."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from ckanext.verbund.base.convert import Leftover, Member, from_package, member_of, to_package
from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.dataset import Dataset, Distribution, Statement, Text
from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde.from_graph import from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, triples_of
from ckanext.verbund.domain.dcatde.terms import expand
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from demo.definitions import read_datasets, read_portal
from tests.unit.dcatde.strategies import PROFILE, resources

ROOT = Path(__file__).parents[3]
URI = "https://daten.example/dataset/1"
packaged = resources((m.DATASET, m.SERIES, m.SERVICE))


@PROFILE
@given(packaged)
def test_a_package_and_its_leftover_hold_everything(value):
    package, leftover = to_package(value)
    json.dumps(package)
    back = from_package(package, leftover=Leftover.loads(leftover.dumps()))
    assert set(to_graph(back)) == set(to_graph(value))


def through_rdf(package):
    reading = from_graph(Graph(triples_of(to_graph(from_package(package)))))
    assert reading.repairs == ()
    return to_package(reading.resources[0])


@PROFILE
@given(packaged)
def test_a_package_survives_the_way_through_rdf(value):
    package, _ = to_package(value)
    back, leftover = through_rdf(package)
    assert set(to_graph(from_package(back, leftover=leftover))) == set(
        to_graph(from_package(package))
    )
    if f"{URI}#" not in json.dumps(package):
        # Else an entry was named in writing because one before it could not be held.
        assert back == package


# -- every field of the schemas ------------------------------------------------------------

FILE = "https://a.example/f.csv"
POINT = '{"type":"Point","coordinates":[7.77,49.44]}'
SAMPLES = {
    "verbund_date": "2026-03-02",
    "verbund_geojson": POINT,
    "verbund_duration": "PT15M",
    "verbund_decimal": "0.5",
    "verbund_email": "info@stadt.example",
    "int_validator": 18432,
}
SPECIAL = {"download_url": FILE, "hash": "9f86d081884c7d65"}


def schema(name):
    return yaml.safe_load((ROOT / "schemas" / f"{name}.yaml").read_text(encoding="utf-8"))


def sample(field):
    """Return a valid value of a field of a schema."""
    if "repeating_subfields" in field:
        return [{f["field_name"]: sample(f) for f in field["repeating_subfields"]}]
    preset, validators = field.get("preset", ""), str(field.get("validators", ""))
    if "choices" in field:
        return field["choices"][0]["value"]
    if "vocabulary" in field:
        value = vocab.load(field["vocabulary"]).current[0].iri
        return [value] if preset == "verbund_choices" else value
    for name, value in SAMPLES.items():
        if name in validators or name == preset:
            return value
    if field["field_name"] in SPECIAL:
        return SPECIAL[field["field_name"]]
    return [field["example"]] if preset == "verbund_texts" else field["example"]


def cases():
    for kind in ("dataset", "dataset_series", "data_service"):
        content = schema(kind)
        for part in ("dataset_fields", "resource_fields"):
            for field in content[part]:
                if field.get("property", "-") != "-":
                    yield pytest.param(kind, part, field, id=f"{kind}-{field['field_name']}")


def properties(field):
    """Return the properties that a field and its subfields stand for."""
    inner = [p for f in field.get("repeating_subfields", ()) for p in properties(f)]
    return [field["property"], *inner]


@pytest.mark.parametrize(("kind", "part", "field"), list(cases()))
def test_every_field_of_the_schemas_reaches_the_graph_and_comes_back(kind, part, field):
    name, content = field["field_name"], sample(field)
    own = {"tags": [{"name": "Kinder"}]} if name == "tag_string" else {name: content}
    if name == "hash_algorithm":
        own |= {"hash": SPECIAL["hash"]}
    package = {"type": kind, "uri": URI}
    if part == "resource_fields":
        package["resources"] = [{"url": FILE, **own}]
    else:
        package |= own
    lines = to_graph(from_package(package))
    written = {predicate for _, predicate, _ in triples_of(lines)}
    assert {expand(p) for p in properties(field) if p != "-"} <= written
    back, leftover = through_rdf(package)
    assert leftover == Leftover()
    found = back["resources"][0] if part == "resource_fields" else back
    for key, value in own.items():
        if key != "format" or part != "resource_fields":
            assert found[key] == value


def demo_packages():
    for name in ("kaiserslautern", "landau", "stwendel"):
        for dataset in read_datasets(read_portal(name)):
            fields = dict(dataset.fields)
            yield pytest.param(fields, id=fields["name"])


@pytest.mark.parametrize("package", list(demo_packages()))
def test_the_demonstration_comes_back_from_rdf(package):
    value = from_package(package, Member(namespace="https://daten.example"))
    reading = from_graph(Graph(triples_of(to_graph(value))))
    assert reading.resources == (value,)
    back, leftover = to_package(value)
    assert leftover.lines == ()
    assert back["title"] == package["title"]
    # Series and services have no files.
    names = [r["name"] for r in back.get("resources", [])]
    assert names == [r["name"] for r in package["resources"]]


# -- edits ---------------------------------------------------------------------------------


def changed(before, after):
    return set(to_graph(before)) ^ set(to_graph(after))


def test_an_edit_changes_the_statements_of_its_field_only():
    value = Dataset(
        uri=URI,
        title=(Text("Bäume", "de"), Text("Trees", "en")),
        keyword=(Text("Baum", "de"),),
        distribution=(Distribution(title=(Text("A"),)), Distribution(title=(Text("B"),))),
        remainder=(f'<{URI}> <https://b.example/own> "x" .',),
    )
    package, leftover = to_package(value)
    edited = from_package({**package, "title": "Stadtbäume"}, leftover=leftover)
    assert changed(value, edited) == {
        f'<{URI}> {expand("dct:title")} "Bäume"@de .',
        f'<{URI}> {expand("dct:title")} "Stadtbäume"@de .',
    }


# -- what the conventions decide -----------------------------------------------------------

ORGANIZATION = {
    "id": "6f6b",
    "name": "stadt-x",
    "title": "Stadt X",
    "organization_type": "municipality",
    "homepage": "https://x.example",
    "namespaces": '["https://daten.x.example/"]',
    "contributor_id": "http://dcat-ap.de/def/contributors/openDataHRO",
    "default_attribution": "Stadt X, Vermessung",
}
BY = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
ZERO = "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"


def own(**fields):
    return from_package({"id": "1", "title": "T", **fields}, member_of(ORGANIZATION))


def test_an_own_dataset_has_its_address_identifier_publisher_and_contributor_from_the_member():
    value = own()
    assert value.uri == "https://daten.x.example/dataset/1"
    assert value.identifier == ("1",)
    assert value.publisher.name == (Text("Stadt X"),)
    assert value.publisher.type.endswith("LocalAuthority")
    assert value.contributor_id == (ORGANIZATION["contributor_id"],)


def test_what_a_dataset_says_itself_counts():
    value = own(
        publisher=[{"name": "Referat 67"}], identifier="67-1", contributor_id=["https://c"]
    )
    assert value.publisher.name == (Text("Referat 67"),)
    assert value.identifier == ("67-1",)
    assert value.contributor_id == ("https://c",)


def test_a_foreign_dataset_without_identifier_keeps_none():
    assert own(uri="https://fremd.example/1").identifier == ()
    assert own(uri="https://daten.x.example/dataset/alt").identifier == ("1",)


def test_attribution_is_filled_in_where_the_licence_asks_for_it():
    value = own(
        resources=[{"url": "https://a", "license": BY}, {"url": "https://b", "license": ZERO}]
    )
    by, zero = value.distribution
    assert by.license_attribution_by_text == (Text("Stadt X, Vermessung"),)
    assert zero.license_attribution_by_text == ()
    service = {"type": "data_service", "license": BY, "publisher": [{"name": "Referat 67"}]}
    nameless = {key: v for key, v in ORGANIZATION.items() if key != "default_attribution"}
    value = from_package({"id": "2", **service}, member_of(nameless))
    assert value.license_attribution_by_text == (Text("Referat 67"),)


def test_a_file_that_is_uploaded_can_be_downloaded():
    value = own(
        resources=[
            {"id": "7", "url": "https://a/f.csv", "url_type": "upload", "format": "CSV"},
            {"id": "8", "url": "https://b"},
        ]
    )
    upload, link = value.distribution
    assert upload.uri == "https://daten.x.example/dataset/1/distribution/7"
    assert upload.access_url == upload.download_url == ("https://a/f.csv",)
    assert upload.format == Statement(vocab.load("file_type").get("CSV").iri)
    assert (link.access_url, link.download_url) == (("https://b",), ())


def test_keywords_come_as_tags_or_as_a_form_sends_them():
    tags, form = own(tags=[{"name": "Baum"}]), own(tag_string="Baum, Park,")
    assert tags.keyword == (Text("Baum"),)
    assert form.keyword == (Text("Baum"), Text("Park"))


def test_an_algorithm_without_checksum_is_no_checksum():
    file = own(resources=[{"url": "https://a", "hash_algorithm": "https://x"}]).distribution[0]
    assert file.checksum is None


def test_a_described_licence_keeps_its_address_and_a_nameless_one_shows_its_words():
    words = (Text("Nutzungsbedingungen"),)
    for uri, shown in (
        (ZERO, ZERO),
        (f"{URI}#license-1", words[0].value),
        ("", words[0].value),
    ):
        file = Distribution(access_url=("https://a",), license=Statement(uri, words))
        value = Dataset(uri=URI, distribution=(file,))
        package, leftover = to_package(value)
        assert package["resources"][0]["license"] == shown
        back = from_package(package, leftover=leftover)
        assert set(to_graph(back)) == set(to_graph(value))


def test_members_of_a_series_are_named_by_address():
    assert own(in_series=["2"]).in_series == ("https://daten.x.example/dataset/2",)
    value = from_package(
        {"uri": URI, "in_series": '["haushalt"]'}, iri_of=lambda key: f"https://a.example/{key}"
    )
    assert value.in_series == ("https://a.example/haushalt",)


def test_a_script_never_becomes_a_link_of_a_package():
    script = "javascript:alert(1)"
    value = Dataset(
        uri=URI,
        landing_page=(script,),
        documentation=(script, "https://a.example/"),
        distribution=(Distribution(access_url=(script,), uri="https://a.example/f"),),
    )
    package, leftover = to_package(value)
    assert script not in json.dumps(package)
    assert "<javascript" not in "".join(to_graph(value))
    assert any(script in one for one in leftover.lines)


def test_without_any_address_there_is_no_value():
    with pytest.raises(ValueError, match="uri"):
        from_package({"title": "x"})


def test_file_formats_have_the_names_that_people_use():
    for code, name in (("CSV", "CSV"), ("WFS_SRVC", "WFS"), ("GEOJSON", "GeoJSON")):
        iri = vocab.load("file_type").get(code).iri
        file = Distribution(access_url=("https://a",), format=Statement(iri))
        package, leftover = to_package(Dataset(uri=URI, distribution=(file,)))
        assert package["resources"][0]["format"] == name
        assert leftover == Leftover()
