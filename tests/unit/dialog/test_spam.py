# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Robots are kept out; people are told what to change."""

from dataclasses import replace

import pytest

from ckanext.verbund.domain.dialog import spam

GOOD = spam.Message("question", "Wann kommen neue Zahlen?", "", "", 20.0)
LIMITS = spam.Limits()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"email": "vorname.nachname+daten@amt.example.org"},
        {"text": "x" * 4000},
        {"text": "siehe https://a.example und www.b.example"},
        {"age": 3.0},
        {"age": 24 * 3600.0},
    ],
    ids=["plain", "with address", "longest", "two links", "just slow enough", "a day old"],
)
def test_a_message_of_a_person_passes(change):
    assert spam.problems(replace(GOOD, **change), LIMITS) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"kind": ""}, {"kind": "missing"}),
        ({"kind": "spam"}, {"kind": "unknown"}),
        ({"text": ""}, {"text": "missing"}),
        ({"text": "x" * 4001}, {"text": "long"}),
        ({"text": "http://a.b http://c.d HTTPS://e.f"}, {"text": "links"}),
        ({"text": "<a href=1> [url=2] www.x.y"}, {"text": "links"}),
        ({"email": "name"}, {"email": "address"}),
        ({"email": "a@b.de\nBcc: c@d.de"}, {"email": "address"}),
        ({"email": "a@b.de, c@d.de"}, {"email": "address"}),
        ({"email": "<a@b.de>"}, {"email": "address"}),
        ({"email": "a@b..de"}, {"email": "address"}),
        ({"trap": "https://pills.example"}, {"website": "filled"}),
        ({"age": 2.9}, {"stamp": "fast"}),
        ({"age": 24 * 3600 + 1.0}, {"stamp": "old"}),
        ({"age": None}, {"stamp": "old"}),
        ({"text": "", "kind": ""}, {"text": "missing", "kind": "missing"}),
    ],
)
def test_each_rule_names_its_field(change, found):
    assert spam.problems(replace(GOOD, **change), LIMITS) == found


def test_what_nobody_sees_is_taken_out_of_a_text():
    assert spam.clean(" a\x00b\u202ec\r\nd\re\tf ") == "abc\nd\ne\tf"


def test_umlauts_and_signs_stay():
    assert spam.clean("Straße „Mühle“ – 5 €?") == "Straße „Mühle“ – 5 €?"


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("9.9.9.9", "", "9.9.9.9"),
        ("9.9.9.9", "198.51.100.1", "9.9.9.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "unknown", "10.0.0.2"),
        ("2a02:8108::a:1", "", "2a02:8108::/64"),
        ("2a02:8108::b:2", "", "2a02:8108::/64"),
        ("::ffff:9.9.9.9", "", "9.9.9.9"),
        ("", "", ""),
    ],
)
def test_a_client_is_the_network_that_the_proxy_saw(remote, forwarded, network):
    assert spam.client(remote, forwarded) == network
