# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signatures hold for one value, one key and its time, however the value is written down."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ckanext.verbund.domain import signing

NOW = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)
KEY = signing.generate(NOW - DAY)
OTHER = signing.generate(NOW - DAY)
VALUE = {"portal": "https://daten.stadt.example", "last": 2, "namen": ["Käthe", "Jörg"]}
SIGNED = signing.sign(VALUE, KEY)
PUBLIC = [signing.key_of(KEY.as_dict()), signing.key_of(OTHER.as_dict())]


def flipped(text):
    return ("B" if text[0] == "A" else "A") + text[1:]


@pytest.mark.parametrize(
    "value",
    [
        VALUE,
        dict(reversed(VALUE.items())),
        json.loads(json.dumps(VALUE, indent=4, ensure_ascii=True)),
    ],
    ids=["as it was signed", "keys in another order", "written and read again"],
)
def test_a_signature_holds_however_the_value_is_written_down(value):
    assert signing.verify(value, SIGNED, PUBLIC, NOW).id == KEY.id


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": VALUE | {"last": 3}}, "signature"),
        ({"value": VALUE | {"namen": ["Jörg", "Käthe"]}}, "signature"),
        ({"value": VALUE | {"more": ""}}, "signature"),
        ({"signature": SIGNED | {"value": flipped(SIGNED["value"])}}, "signature"),
        ({"signature": SIGNED | {"key": OTHER.id}}, "signature"),
        ({"signature": signing.sign(VALUE, signing.generate(NOW))}, "key"),
        ({"keys": []}, "key"),
        ({"at": NOW - 2 * DAY}, "expired"),
        ({"keys": [replace(PUBLIC[0], valid_to=NOW - timedelta(seconds=1))]}, "expired"),
        ({"signature": {}}, "form"),
        ({"signature": SIGNED | {"value": "kein Base64!"}}, "form"),
        ({"signature": SIGNED | {"value": None}}, "form"),
        ({"signature": SIGNED | {"algorithm": "none"}}, "form"),
        ({"value": VALUE | {"last": 2.0}}, "form"),
    ],
    ids=[
        "altered number", "altered order of a list", "something added", "altered byte",
        "wrong key", "unknown key", "no keys", "before its time", "expired key",
        "no signature", "no Base64", "no text", "another algorithm", "no one spelling",
    ],
)  # fmt: skip
def test_a_signature_does_not_hold(change, reason):
    given = {"value": VALUE, "signature": SIGNED, "keys": PUBLIC, "at": NOW} | change
    with pytest.raises(signing.SignatureError) as caught:
        signing.verify(**given)
    assert caught.value.reason == reason


def test_a_public_key_holds_no_secret_and_signs_nothing():
    assert "secret" not in json.dumps(KEY.as_dict())
    with pytest.raises(signing.SignatureError):
        signing.sign(VALUE, PUBLIC[0])


def test_a_ring_is_read_as_it_was_written():
    assert signing.read_ring(signing.write_ring([KEY, PUBLIC[1]])) == [KEY, PUBLIC[1]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"keys": 1}',
        json.dumps({"keys": [{}]}),
        json.dumps({"keys": [KEY.as_dict() | {"id": OTHER.id}]}),
        json.dumps({"keys": [KEY.as_dict() | {"public": "AAAA"}]}),
        json.dumps({"keys": [KEY.as_dict() | {"algorithm": "RSA"}]}),
        json.dumps({"keys": [KEY.as_dict() | {"valid_from": "2026-11-25T12:00:00"}]}),
    ],
    ids=[
        "empty", "a list", "no list", "no key", "the name of another", "too short",
        "another algorithm", "no time zone",
    ],
)  # fmt: skip
def test_a_faulty_ring_is_refused(text):
    with pytest.raises(signing.SignatureError) as caught:
        signing.read_ring(text)
    assert caught.value.reason == "form"


def test_a_new_key_is_known_before_it_signs_and_the_old_one_holds_a_while():
    new = signing.generate(NOW + 7 * DAY)
    ring = signing.renewed([KEY], new, 30 * DAY)
    assert signing.signer(ring, NOW).id == KEY.id
    assert signing.signer(ring, NOW + 8 * DAY).id == new.id
    assert signing.verify(VALUE, SIGNED, ring, NOW + 36 * DAY).id == KEY.id
    with pytest.raises(signing.SignatureError, match="galt zu dieser Zeit nicht"):
        signing.verify(VALUE, SIGNED, ring, NOW + 38 * DAY)


def test_a_ring_without_a_key_in_force_signs_nothing():
    with pytest.raises(signing.SignatureError):
        signing.signer([signing.generate(NOW + DAY)], NOW)
    with pytest.raises(signing.SignatureError):
        signing.signer(PUBLIC, NOW)


def test_a_later_key_never_prolongs_an_earlier_one():
    ended = replace(KEY, valid_to=NOW)
    assert signing.renewed([ended], signing.generate(NOW), 30 * DAY)[0].valid_to == NOW
