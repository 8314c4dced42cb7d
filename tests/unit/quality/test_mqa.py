# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The estimate of the points that data.europa.eu gives."""

import re
from pathlib import Path

import pytest
from rdflib import Graph

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.quality import mqa

SAMPLES = Path(__file__).parents[2] / "samples" / "rdf"
FILE = "https://daten.stadt.example/spielplaetze.csv"
PLACE = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07312000"
EU = "http://publications.europa.eu/resource/authority/"


def text(name: str = "minimal") -> str:
    return (SAMPLES / f"{name}.ttl").read_text(encoding="utf-8")


def estimates(source: str, **options) -> list[mqa.Estimate]:
    return mqa.estimates(Graph().parse(data=source, format="turtle"), **options)


def only(source: str, **options) -> mqa.Estimate:
    (found,) = estimates(source, **options)
    return found


def test_there_are_405_points_in_five_dimensions():
    assert mqa.MAXIMUM == 405
    (estimate,) = estimates(text())
    assert {name: most for name, (_had, most) in estimate.dimensions.items()} == {
        "findability": 100, "accessibility": 100, "interoperability": 110,
        "reusability": 75, "contextuality": 20,
    }  # fmt: skip


def test_file_types_are_those_of_the_list():
    codes = {concept.code for concept in vocab.load("file_type").concepts}
    assert codes >= mqa._MACHINE_READABLE | mqa._PROPRIETARY


def test_a_complete_dataset_gets_all_points():
    gz = f"{FILE}.gz"
    estimate = only(text("vollstaendig"), statuses={gz: 200})
    assert (estimate.total, estimate.rating, estimate.improvements()) == (405, "excellent", [])


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('dcat:keyword "Spielplatz", "Kinder" ;', "", {"keyword": 30}),
        (f"dcat:theme <{EU}data-theme/SOCI> ;", "", {"theme": 30}),
        (f"dct:spatial <{PLACE}> ;", "", {"spatial": 20}),
        ('dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2024-01-01"^^xsd:date ] ;', "",
         {"temporal": 20}),
        (f"dcat:downloadURL <{FILE}> ;", "", {"download": 20, "download_status": 30}),
        (f"dct:format <{EU}file-type/CSV> ;", "",
         {"format": 20, "non_proprietary": 20, "machine_readable": 20}),
        (f"{EU}file-type/CSV", f"{EU}file-type/XLSX", {"non_proprietary": 20}),
        (f"{EU}file-type/CSV", f"{EU}file-type/PDF", {"machine_readable": 20}),
        (f"<{EU}file-type/CSV>", '"CSV"',
         {"non_proprietary": 20, "machine_readable": 20, "shacl": 30}),
        ("dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> ;", "",
         {"license": 20, "license_known": 10, "shacl": 30}),
        ("licenses/dl-by-de/2.0", "licenses/quatsch", {"license_known": 10}),
        ("dct:publisher :stelle\\/1 ;", "", {"publisher": 10, "shacl": 30}),
        ('dct:issued "2024-03-01"^^xsd:date ;', "", {"issued": 5}),
        ('dct:modified "2026-05-02"^^xsd:date ;', "", {"modified": 5}),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)  # fmt: skip
def test_what_is_missing_costs_its_points(old, new, lost):
    whole = only(text(), statuses={FILE: 200})
    assert old in text()
    spoilt = only(text().replace(old, new, 1), statuses={FILE: 200})
    found = {
        name: whole.points[name] - spoilt.points[name]
        for name in mqa.INDICATORS
        if whole.points[name] != spoilt.points[name]
    }
    assert found == lost


@pytest.mark.parametrize(
    ("added", "name", "points"),
    [
        (f"dct:accessRights <{EU}access-right/PUBLIC> ;", "access_rights_listed", 5),
        (f"dct:accessRights <{EU}access-right/PUBLIC> ;", "access_rights", 10),
        ("dct:accessRights <https://stadt.example/frei> ;", "access_rights_listed", 0),
    ],
)
def test_access_rights_count_and_count_more_from_the_list(added, name, points):
    with_rights = text().replace("dcat:Dataset ;", f"dcat:Dataset ; {added}")
    assert only(with_rights).points[name] == points


@pytest.mark.parametrize(
    ("status", "points"), [(200, 50), (302, 50), (399, 50), (404, 0), (500, 0), (0, 0)]
)
def test_an_address_counts_when_it_answers(status, points):
    estimate = only(text(), statuses={FILE: status})
    assert estimate.points["access_status"] == points
    assert estimate.unknown == frozenset()


def test_an_address_that_was_never_asked_is_unknown_and_no_advice():
    estimate = only(text())
    assert estimate.points["access_status"] == 0
    assert estimate.unknown == {"access_status", "download_status"}
    assert not {one.id for one in estimate.improvements(99)} & estimate.unknown


def test_only_the_best_file_counts():
    more = text().replace(
        "dcat:distribution :dataset\\/1\\/csv .",
        "dcat:distribution :dataset\\/1\\/csv, [ a dcat:Distribution ;"
        "  dcat:accessURL :x ; dct:license <http://dcat-ap.de/def/licenses/cc-zero> ] .",
    )
    assert only(more).total == only(text()).total


def test_a_dataset_without_files_gets_what_it_says_itself():
    bare = text().replace("dcat:distribution :dataset\\/1\\/csv .", ".")
    estimate = only(bare)
    assert estimate.dimensions["findability"] == (100, 100)
    assert estimate.dimensions["accessibility"] == (0, 100)


def test_the_cheapest_improvements_are_said_in_german():
    estimate = only(text("pflicht"))
    first = estimate.improvements()
    assert [one.id for one in first] == ["theme", "spatial", "format"]
    assert all(
        re.fullmatch(r"[A-ZÄÖÜ].*Sie .*\.", one.remedy) for one in mqa.INDICATORS.values()
    )


def test_faults_of_the_shapes_elsewhere_do_not_count():
    other = text() + ":dataset\\/9 a dcat:Dataset ."
    points = {e.subject[-1]: e.points["shacl"] for e in estimates(other)}
    assert points == {"1": 30, "9": 0}


def test_a_catalogue_gets_the_mean():
    every = estimates(text() + ":dataset\\/9 a dcat:Dataset .", statuses={FILE: 200})
    catalogue = mqa.mean(every, "https://daten.stadt.example/katalog")
    assert catalogue.points["keyword"] == 15
    assert catalogue.total == sum(catalogue.points.values())
    assert mqa.mean([]).total == 0


@pytest.mark.parametrize(
    ("total", "rating"),
    [(405, "excellent"), (351, "excellent"), (350, "good"), (221, "good"), (220, "sufficient"),
     (121, "sufficient"), (120, "bad"), (0, "bad")],
)  # fmt: skip
def test_ratings_have_their_limits(total, rating):
    points = dict.fromkeys(mqa.INDICATORS, 0) | {"keyword": total}
    assert mqa.Estimate("x", points).rating == rating
