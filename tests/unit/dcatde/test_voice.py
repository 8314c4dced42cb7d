# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A source does not speak in the name of others."""

import pytest

from ckanext.verbund.domain.dcatde.terms import expand
from ckanext.verbund.domain.dcatde.voice import Voice

MEMBER = "https://daten.landau.example"
VOICE = Voice.of(["https://Nachbar.example/katalog.ttl"], [MEMBER, "https://portal.example"])
DATASET, TITLE = expand("dcat:Dataset"), expand("dct:title")
ORDER, SAME = expand("rdfs:subClassOf"), expand("owl:sameAs")


@pytest.mark.parametrize(
    "line",
    [
        f"{DATASET} {ORDER} {expand('foaf:Person')} .",
        f'{TITLE} {expand("rdfs:label")} "Preis" .',
        f'<{MEMBER}/dataset/1> {TITLE} "Falsch" .',
        f'<{MEMBER}> {TITLE} "Falsch" .',
        f'<https://portal.example/catalog#x> {TITLE} "Falsch" .',
        f"<https://dritte.example/Klasse> {ORDER} {DATASET} .",
        f"<https://nachbar.example/1> {SAME} <{MEMBER}/dataset/1> .",
        f"<https://nachbar.example/Klasse> {expand('owl:equivalentClass')} {DATASET} .",
    ],
)
def test_about_what_is_others_nothing_is_said(line):
    assert VOICE.divide([line]) == ([], [line])


@pytest.mark.parametrize(
    "line",
    [
        f'<https://nachbar.example/1> {TITLE} "Eigenes" .',
        f'<https://dritte.example/1> {TITLE} "Dafür ist hier niemand zuständig" .',
        f'<{MEMBER}.boese.example/1> {TITLE} "Nur ähnlich" .',
        f"<https://nachbar.example/Klasse> {ORDER} {DATASET} .",
        f"<https://nachbar.example/1> {SAME} <https://dritte.example/1> .",
        f'<http://dcat-ap.de/def/licenses/cc-zero> {TITLE} "Ein Wert einer Liste" .',
        f'<{expand("spdx:checksumAlgorithm_sha1")[1:-1]}> {TITLE} "Ein Wert" .',
        f'_:b {TITLE} "Namenlos" .',
        f'<urn:x:1> {TITLE} "Ohne Rechner" .',
    ],
)
def test_about_ones_own_and_the_unclaimed_everything_is_said(line):
    assert VOICE.divide([line]) == ([line], [])


def test_an_entry_speaks_about_itself_wherever_its_address_lies():
    own, other = (f'<{MEMBER}/dataset/{n}#contact-1> {TITLE} "x" .' for n in (1, 12))
    assert VOICE.divide([own, other], entry=f"{MEMBER}/dataset/1") == ([own], [other])


def test_a_member_speaks_about_its_own_namespace():
    line = f'<{MEMBER}/dataset/1> {TITLE} "Eigenes" .'
    assert Voice.of([f"{MEMBER}/catalog.ttl"], [MEMBER]).divide([line]) == ([line], [])


def test_nameless_things_go_with_what_names_them():
    apart = [
        f"{DATASET} {expand('rdfs:domain')} _:a .",
        f"_:a {expand('owl:unionOf')} _:c .",
        f'_:c {TITLE} "Liste" .',
    ]
    said = [
        "<https://nachbar.example/1> <https://nachbar.example/teil> _:b .",
        f'_:b {TITLE} "Teil" .',
    ]
    assert VOICE.divide([*apart, *said]) == (said, apart)


def test_an_address_that_is_none_is_nobodys():
    line = f"<https://[> {ORDER} <https://[> ."
    assert VOICE.divide([line]) == ([], [line])
