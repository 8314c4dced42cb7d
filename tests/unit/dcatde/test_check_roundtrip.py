# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we write keeps the rules, whatever we read: mapping and check together."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from ckanext.verbund.domain.dcatde.check import check, validated
from ckanext.verbund.domain.dcatde.graph import read
from ckanext.verbund.domain.dcatde.roundtrip import roundtrip

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples" / "rdf"


@pytest.mark.parametrize("name", ["minimal", "vollstaendig", "hvd", "reihe", "dienst"])
def test_a_good_sample_is_good_after_reading_and_writing(name):
    graph = read((SAMPLES / f"{name}.ttl").read_bytes(), "ttl")
    report = roundtrip(graph, validated)
    assert (report.lost, report.violations, report.warnings) == (0, 0, 0)
    assert check(report.output, today=date(2026, 11, 24)) == []


@pytest.mark.parametrize(
    ("name", "violations", "why"),
    [
        # The catalogue names no publisher; nobody can add that for them.
        ("rostock", 1, {"dcatde.catalog.publisher.missing"}),
        # Themes and licences of their own are passed on (K34), names and texts are missing.
        ("brandenburg", 67, {
            "dcatde.dataset.theme.unlisted", "dcatde.dataset.description.missing",
            "dcatde.dataset.publisher.missing",
        }),
    ],
)  # fmt: skip
def test_real_catalogues_come_out_with_only_what_their_owners_must_mend(name, violations, why):
    packed = ROOT / "demo" / "catalogs" / f"{name}.rdf.gz"
    report = roundtrip(read(gzip.decompress(packed.read_bytes()), "rdf"), validated)
    assert report.violations == violations
    found = check(report.output, layers=["shapes"])
    assert {f.id for f in found if f.severity == "error"} == why
