# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two real catalogues come through without the loss of a single statement."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from ckanext.verbund.base.convert import Leftover, from_package, to_package
from ckanext.verbund.domain.dcatde.check import validated
from ckanext.verbund.domain.dcatde.from_graph import from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, read, triples_of, write
from ckanext.verbund.domain.dcatde.roundtrip import roundtrip
from ckanext.verbund.domain.dcatde.terms import expand
from ckanext.verbund.domain.dcatde.to_graph import to_graph

CATALOGS = Path(__file__).parents[3] / "demo" / "catalogs"
VIOLATIONS = {"rostock": (1, 100), "brandenburg": (67, 148)}
COUNTS = {"rostock": (100, 17_708), "brandenburg": (112, 7_090)}


@pytest.fixture(scope="module", params=sorted(COUNTS))
def source(request):
    data = gzip.decompress((CATALOGS / f"{request.param}.rdf.gz").read_bytes())
    return request.param, tuple(read(data))


@pytest.fixture(scope="module")
def reading(source):
    return from_graph(Graph(source[1]))


@pytest.fixture(scope="module")
def report(source):
    return roundtrip(Graph(source[1]))


def test_every_statement_is_accounted_for(source, report):
    assert report.missing == ()
    assert (report.datasets, report.triples) == COUNTS[source[0]]
    assert report.lost == report.redacted == report.paging == 0
    assert report.kept + report.repaired == report.triples
    assert "lost=0 violations=- warnings=-" in str(report)


def test_the_output_needs_no_further_repair(report):
    again = roundtrip(Graph(triples_of(report.output)))
    assert again.repaired == again.lost == 0
    assert set(again.output) == set(report.output)


def test_only_what_the_source_never_said_is_a_violation(source, report):
    # Rostock: the catalogue has no publisher; 100 times the deprecated geocodingDescription.
    # Brandenburg: 64 themes of Potsdam's own, 2 descriptions and a publisher missing; 148
    # times terms of use that are no licence of the list. Raw: 3,537 and 1,284 violations.
    assert validated(report.output) == VIOLATIONS[source[0]]


def test_no_old_term_is_left(report):
    text = "\n".join(report.output)
    for old in ("/def/dcatde/1", "www.dcat-ap.de/def/licenses", "plannedAvailability>"):
        assert old not in text.replace("<https://www.dcat-ap.de/def/dcatde/1.1/>", "")
    assert not any(one.split(" ")[1] == expand("dcatde:maintainer") for one in report.output)


def test_all_values_are_those_of_the_lists(reading):
    for dataset in reading.datasets:
        for file in dataset.distribution:
            assert not file.availability or "planned-availability/" in file.availability
            assert not file.status or "distribution-status/" in file.status
            assert file.byte_size == "" or file.byte_size.isdigit()


def test_packages_hold_everything_together_with_their_leftover(reading):
    for dataset in reading.datasets:
        package, leftover = to_package(dataset)
        stored = Leftover.loads(leftover.dumps())
        assert set(to_graph(from_package(package, leftover=stored))) == set(to_graph(dataset))
        assert all(resource["url"] for resource in package["resources"])


def test_rdf_xml_and_turtle_hold_what_n_triples_hold(report):
    expected = Counter(predicate for _, predicate, _ in triples_of(report.output))
    for form in ("rdf", "ttl"):
        written = read(write(report.output, form), form)
        assert Counter(predicate for _, predicate, _ in written) == expected
