# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The schemas say everything of DCAT-AP.de 3.0, in German, with help."""

from functools import cache
from pathlib import Path

import ckanext.dcat.schemas
import pytest
import yaml

from ckanext.verbund.domain import vocab

ROOT = Path(__file__).parents[2]
PACKAGES = ["dataset", "dataset_series", "data_service"]
# DCAT-AP.de 3.0 with DCAT-AP 3.0: every property of the class that is not deprecated.
PROPERTIES = {
    ("dataset", "dataset_fields"): """
        dct:title dct:description dct:publisher dcat:contactPoint dcat:keyword dcat:theme
        dct:spatial dct:temporal dcat:inSeries dcatde:politicalGeocodingLevelURI
        dcatde:contributorID dcatap:availability dct:accessRights dcatap:applicableLegislation
        dcatap:hvdCategory dct:conformsTo dct:creator dct:contributor geodcatap:originator
        geodcatap:custodian foaf:page dct:accrualPeriodicity dcat:hasVersion dct:identifier
        dct:isReferencedBy dcat:landingPage dct:language adms:identifier dct:provenance
        prov:qualifiedAttribution dcat:qualifiedRelation dct:relation dct:references dct:issued
        dct:modified adms:sample dct:source dcat:spatialResolutionInMeters
        dcat:temporalResolution dct:type dcat:version adms:versionNotes prov:wasGeneratedBy
        verbund:dataOrigin verbund:measuringMethod verbund:knownLimits verbund:responsibility
        verbund:dataSteward verbund:sourceSystem""",
    ("dataset", "resource_fields"): """
        dcat:accessURL dct:license dct:title dct:description dct:format dcat:mediaType
        dcatap:availability adms:status dcatde:licenseAttributionByText dcat:accessService
        dcatap:applicableLegislation dcat:byteSize spdx:checksumValue spdx:algorithm
        dcat:compressFormat dcat:packageFormat foaf:page dcat:downloadURL odrl:hasPolicy
        dct:language dct:conformsTo dct:issued dct:modified dct:rights
        dcat:spatialResolutionInMeters dcat:temporalResolution""",
    ("dataset_series", "dataset_fields"): """
        dct:title dct:description dct:publisher dcat:contactPoint dct:spatial dct:temporal
        dct:accrualPeriodicity dct:issued dct:modified dcatap:applicableLegislation
        dcatap:hvdCategory""",
    ("data_service", "dataset_fields"): """
        dct:title dct:description dct:publisher dcat:contactPoint dcat:endpointURL
        dcat:endpointDescription dcat:servesDataset dct:license dct:accessRights
        dcatap:availability dcat:keyword dcat:theme dct:conformsTo dct:format dcat:landingPage
        foaf:page dcatap:applicableLegislation dcatap:hvdCategory dct:language""",
}
REQUIRED = {
    ("dataset", "dataset_fields"): {"dct:title", "dct:description", "dct:publisher"},
    ("dataset", "resource_fields"): {"dcat:accessURL", "dct:license"},
    ("dataset_series", "dataset_fields"): {"dct:title", "dct:description", "dct:publisher"},
    ("data_service", "dataset_fields"): {"dct:title", "dct:publisher", "dcat:endpointURL"},
}


@cache
def schema(name):
    return yaml.safe_load((ROOT / "schemas" / f"{name}.yaml").read_text(encoding="utf-8"))


def walk(fields, path=""):
    for field in fields:
        name = f"{path}{field['field_name']}"
        yield name, field
        yield from walk(field.get("repeating_subfields", []), f"{name}.")


def all_fields():
    for name in [*PACKAGES, "organization"]:
        content = schema(name)
        for part in ("dataset_fields", "resource_fields", "fields"):
            for path, field in walk(content.get(part, [])):
                yield pytest.param(name, field, id=f"{name}:{path}")


@pytest.mark.parametrize(("name", "field"), list(all_fields()))
def test_field_explains_itself(name, field):
    for key in ("label", "help_text"):
        assert set(field[key]) == {"de", "en"}
        assert all(text.strip() for text in field[key].values())
    assert field["help_text"]["de"].rstrip().endswith((".", "?"))
    assert len(field["help_text"]["de"]) <= 200
    assert str(field["example"]).strip()
    if name != "organization":
        assert field["obligation"] in {"required", "recommended", "optional"}
        assert isinstance(field["decisive"], bool)
        assert field["property"]


@pytest.mark.parametrize("where", PROPERTIES, ids=":".join)
def test_every_property_has_a_field(where):
    name, part = where
    held = {field["property"] for _, field in walk(schema(name)[part])}
    assert set(PROPERTIES[where].split()) - held == set()


@pytest.mark.parametrize("where", REQUIRED, ids=":".join)
def test_required_is_what_the_specification_requires(where):
    name, part = where
    required = {
        f["property"]
        for f in schema(name)[part]
        if f["obligation"] == "required" and f["property"] != "-"
    }
    assert required - REQUIRED[where] == set()
    assert REQUIRED[where] - required == set()


# Fields of ckanext-dcat that we leave out, and why.
LEFT_OUT = {
    "homepage": "foaf:homepage is no property of dcat:Dataset in DCAT-AP 3",
    "license_id": "DCAT-AP.de licenses distributions, not datasets",
    "provenance_activity": "an activity is linked by its address (was_generated_by)",
}


@pytest.mark.parametrize("part", ["dataset_fields", "resource_fields"])
def test_names_are_those_of_ckanext_dcat(part):
    path = Path(ckanext.dcat.schemas.__file__).parent / "dcat_ap_full.yaml"
    theirs = {f["field_name"] for f in yaml.safe_load(path.read_text())[part]}
    ours = {f["field_name"] for f in schema("dataset")[part]}
    assert theirs - ours - set(LEFT_OUT) == set()


@pytest.mark.parametrize(("name", "field"), list(all_fields()))
def test_vocabulary_exists_and_feeds_the_choices(name, field):
    if "vocabulary" in field:
        assert field["vocabulary"] in vocab.names()
        assert field["choices_helper"] == f"verbund_choices_{field['vocabulary']}"
        example = vocab.load(field["vocabulary"]).get(field["example"])
        assert example is not None, f"{field['example']!r} is not in the list"


def test_what_changes_the_content_is_decisive_and_wording_is_not():
    decisive = {n for n, f in walk(schema("dataset")["dataset_fields"]) if f["decisive"]}
    assert {"title", "notes", "owner_org", "access_rights", "data_origin"} <= decisive
    assert not decisive & {"tag_string", "name", "contact", "frequency", "modified"}
    files = {n for n, f in walk(schema("dataset")["resource_fields"]) if f["decisive"]}
    assert {"url", "license", "rights", "access_services"} <= files
    # What a table loader or a server finds out by itself must never need a decision.
    assert not files & {"size", "hash", "format", "mimetype", "modified"}
