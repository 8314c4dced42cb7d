# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guest's file: read apart, within narrow limits, answered by rule with a remedy."""

from pathlib import Path

import pytest

from ckanext.verbund.domain.dcatde.graph import RefusedError
from ckanext.verbund.domain.dcatde.trial import EXAMPLES, grouped, trial
from ckanext.verbund.domain.finding import Finding

SAMPLES = Path(__file__).parents[2] / "samples" / "rdf"
MB = 2**20
DCAT = (
    "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"
)


def refusal(data, max_bytes=MB, max_entries=10):
    with pytest.raises(RefusedError) as caught:
        trial(data, max_bytes, max_entries)
    return caught.value.finding


def test_of_a_good_file_there_is_nothing_to_say():
    result = trial((SAMPLES / "minimal.ttl").read_bytes(), MB, 10)
    assert (result.entries, result.groups, result.counts) == (1, (), {})


def test_errors_come_first_each_rule_once_with_its_count():
    text = DCAT + "".join(
        f'<https://a.example/{n}> a dcat:Dataset ; dct:title "liste_{n}.csv" .\n'
        for n in range(3)
    )
    result = trial(text.encode(), MB, 10)
    severities = [group.first.severity for group in result.groups]
    assert severities == sorted(severities, key=["error", "warning", "hint"].index)
    names = [group.first.id for group in result.groups]
    assert len(names) == len(set(names))
    by_name = dict(zip(names, result.groups, strict=True))
    assert by_name["dcatde.Q-title-file"].count == 3
    assert by_name["dcatde.dataset.description.missing"].first.remedy_de


def test_of_one_rule_only_some_examples_are_kept_but_all_are_counted():
    found = [Finding("a", "hint", subject=str(n)) for n in range(EXAMPLES + 5)]
    (group,) = grouped(found)
    assert (group.count, len(group.findings)) == (EXAMPLES + 5, EXAMPLES)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(b"", "dcat.", id="empty"),
        pytest.param(b"PK\x03\x04 no catalogue", "dcat.", id="no RDF"),
        pytest.param(b"<?xml version='1.0'?><html><body>", "dcat.", id="broken page"),
        pytest.param(
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>',
            "dcat.",
            id="entities",
        ),
        pytest.param(b"[" * 5000, "dcat.", id="deep"),
        pytest.param(
            (DCAT + f'<https://a.example/1> dct:title "{"x" * 70_000}" .').encode(),
            "dcat.",
            id="huge text",
        ),
    ],
)
def test_a_hostile_file_is_refused_with_a_german_sentence(data, rule):
    found = refusal(data)
    assert found.id.startswith(rule)
    assert found.message_de.endswith(".")
    assert found.remedy_de


def test_a_file_without_a_dataset_is_refused():
    found = refusal((DCAT + '<https://a.example/1> dct:title "x" .').encode())
    assert found.id == "dcat.no-entry"


def test_more_datasets_than_allowed_are_refused_and_the_number_is_named():
    text = DCAT + "".join(f"<https://a.example/{n}> a dcat:Dataset .\n" for n in range(11))
    found = refusal(text.encode())
    assert found.id == "dcat.too-many"
    assert "11" in found.message_de
    assert trial(text.encode(), MB, 11).entries == 11


def test_a_file_that_is_too_large_is_refused():
    assert "Bitte" in refusal(b" " * 2000, max_bytes=1000).remedy_de
