# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""File names and kinds."""

import pytest

from ckanext.verbund.domain.file_kinds import KINDS, NAME_LENGTH, clean_name, extension


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_its_value_in_the_vocabulary(kind):
    assert kind.iri
    assert kind.name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Bäume & Größen.csv", "Bäume & Größen.csv"),
        ("Ba\u0308ume.csv", "Bäume.csv"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Daten\\haushalt.xlsx", "haushalt.xlsx"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("..", "datei"),
        ("", "datei"),
        ("a\0b\n.csv", "ab.csv"),
        ('a<b>"c".csv', "a_b__c_.csv"),
    ],
)
def test_a_file_name_is_only_a_name(sent, kept):
    assert clean_name(sent) == kept


def test_a_long_name_is_cut_and_keeps_its_extension():
    name = clean_name("ä" * 400 + ".geojson")
    assert len(name) == NAME_LENGTH
    assert extension(name) == "geojson"
