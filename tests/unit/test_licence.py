# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What licences mean."""

from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain import licence, vocab

FACTS = yaml.safe_load(
    (Path(__file__).parents[2] / "schemas" / "vocab" / "license_facts.yaml").read_text("utf-8")
)


def test_every_licence_has_its_facts_and_there_are_no_others():
    assert set(FACTS) == {concept.code for concept in vocab.load("license").concepts}


@pytest.mark.parametrize(
    ("key", "short", "attribution", "commercial", "changes"),
    [
        ("http://dcat-ap.de/def/licenses/dl-by-de/2.0", "dl-de/by-2-0", True, True, True),
        ("https://www.govdata.de/dl-de/zero-2-0", "dl-de/zero-2-0", False, True, True),
        ("CC-BY-NC-4.0", "CC BY-NC 4.0", True, False, True),
        ("cc-by-nd/4.0", "CC BY-ND 4.0", True, True, False),
        ("other-closed", "eigene Bedingungen", None, None, None),
    ],
)
def test_facts_of_a_licence(key, short, attribution, commercial, changes):
    found = licence.find(key)
    assert (found.short, found.attribution) == (short, attribution)
    assert (found.commercial, found.changes) == (commercial, changes)


def test_an_open_licence_allows_use_for_money_and_changes():
    for concept in vocab.load("license").concepts:
        found = licence.find(concept.iri)
        if found.open:
            assert (found.commercial, found.changes) == (True, True), concept.code


def test_an_unknown_licence_is_not_guessed():
    assert licence.find("http://example.org/eigene") is None
    assert licence.find(None) is None
