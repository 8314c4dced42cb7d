# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signatures with Ed25519, beside what is signed, by keys with a name and a time.

Signed are the bytes of a value's one spelling (``domain.canon``), so that whoever receives it
may parse it and write it again. A key ring is one file: the key that signs now, one that will
sign from a later day, and the public halves of those that signed before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .canon import canonical

ALGORITHM = "Ed25519"
_LENGTH = 32  # bytes of a key, either half


class SignatureError(ValueError):
    """A signature or a key does not hold.

    Attributes:
        reason: ``form`` (no signature, or no key), ``key`` (nobody knows it), ``expired`` (the
            key did not sign at that time) or ``signature`` (not of this value by this key).
    """

    def __init__(self, reason: str, message_de: str) -> None:
        super().__init__(message_de)
        self.reason = reason


@dataclass(frozen=True)
class Key:
    """A key, with or without its secret half.

    Attributes:
        id: The first 16 digits of the public half's SHA-256: nobody gives two keys one name.
        public: The public half.
        valid_from: From when on it signs, with time zone.
        valid_to: Until when; None: without end.
        secret: The secret half; empty where only its owner has it.
    """

    id: str
    public: bytes
    valid_from: datetime
    valid_to: datetime | None = None
    secret: bytes = b""

    def holds(self, at: datetime) -> bool:
        """Return whether the key may have signed at a time."""
        return self.valid_from <= at and (self.valid_to is None or at <= self.valid_to)

    def as_dict(self) -> dict[str, str]:
        """Return what everybody may know of the key, as ``key_of`` reads it."""
        found = {
            "id": self.id,
            "algorithm": ALGORITHM,
            "public": _text(self.public),
            "valid_from": _time(self.valid_from),
        }
        return found | ({"valid_to": _time(self.valid_to)} if self.valid_to else {})


def generate(valid_from: datetime) -> Key:
    """Return a new key.

    Args:
        valid_from: From when on it signs, with time zone.
    """
    made = Ed25519PrivateKey.generate()
    public = made.public_key().public_bytes_raw()
    return Key(_id(public), public, valid_from, secret=made.private_bytes_raw())


def key_of(found: Mapping[str, Any]) -> Key:
    """Return a key as ``Key.as_dict`` or a key ring wrote it.

    Raises:
        SignatureError: It is none (``form``).
    """
    try:
        public = _bytes(found["public"])
        until = found.get("valid_to")
        key = Key(
            str(found["id"]),
            public,
            _moment(found["valid_from"]),
            _moment(until) if until else None,
            _bytes(found["secret"]) if found.get("secret") else b"",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SignatureError("form", "Das ist kein Schlüssel.") from error
    lengths = {len(public), len(key.secret) or _LENGTH}
    if found.get("algorithm", ALGORITHM) != ALGORITHM or lengths != {_LENGTH}:
        raise SignatureError("form", "Das ist kein Schlüssel für Ed25519.")
    if key.id != _id(public):
        raise SignatureError("form", "Der Name des Schlüssels passt nicht zu ihm.")
    return key


def sign(value: Any, key: Key) -> dict[str, str]:
    """Return the signature of a value, to be sent beside it.

    Args:
        value: Texts, whole numbers, booleans, None, lists and mappings of those.
        key: With its secret half.

    Raises:
        SignatureError: The secret half is missing (``key``).
        TypeError: The value has no one spelling.
    """
    if not key.secret:
        raise SignatureError("key", "Zum Unterschreiben fehlt der geheime Teil des Schlüssels.")
    signer = Ed25519PrivateKey.from_private_bytes(key.secret)
    signed = signer.sign(canonical(value))
    return {"algorithm": ALGORITHM, "key": key.id, "value": _text(signed)}


def verify(value: Any, signature: Mapping[str, Any], keys: Iterable[Key], at: datetime) -> Key:
    """Check a signature.

    Args:
        value: What was signed; the order of its keys does not matter.
        signature: As ``sign`` returned it.
        keys: Keys that the reader trusts; never those that came with the value.
        at: When it was signed, with time zone, as the signed value says it.

    Returns:
        The key that signed.

    Raises:
        SignatureError: It does not hold; ``reason`` says why.
    """
    try:
        name, signed = signature["key"], _bytes(signature["value"])
        known = signature["algorithm"] == ALGORITHM
        spelled = canonical(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SignatureError("form", "Das ist keine Unterschrift.") from error
    if not known:
        raise SignatureError("form", "Dieses Verfahren der Unterschrift ist nicht bekannt.")
    key = next((one for one in keys if one.id == name), None)
    if key is None:
        raise SignatureError("key", "Mit diesem Schlüssel darf hier niemand unterschreiben.")
    if not key.holds(at):
        raise SignatureError("expired", "Der Schlüssel galt zu dieser Zeit nicht.")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signed, spelled)
    except InvalidSignature as error:
        raise SignatureError("signature", "Die Unterschrift gehört nicht dazu.") from error
    return key


# -- Key rings ----------------------------------------------------------------------------


def signer(ring: Iterable[Key], at: datetime) -> Key:
    """Return the key of a ring that signs at a time: the youngest that holds.

    Raises:
        SignatureError: None does (``key``).
    """
    found = [key for key in ring if key.secret and key.holds(at)]
    if not found:
        raise SignatureError("key", "Kein Schlüssel des Bundes unterschreibt zu dieser Zeit.")
    return max(found, key=lambda key: key.valid_from)


def renewed(ring: Iterable[Key], key: Key, overlap: timedelta) -> list[Key]:
    """Return a ring with one more key; those before end some time after it begins.

    Readers know the new key before it signs, and still hold what the old one signed.

    Args:
        ring: The keys so far.
        key: The new one.
        overlap: How long the old ones hold beside it.
    """
    end = key.valid_from + overlap
    return [
        replace(one, valid_to=min(one.valid_to or end, end)) for one in ring if one.id != key.id
    ] + [key]


def write_ring(ring: Iterable[Key]) -> str:
    """Return the text of a key ring's file; it holds secrets."""
    keys = [
        one.as_dict() | ({"secret": _text(one.secret)} if one.secret else {}) for one in ring
    ]
    return json.dumps({"keys": keys}, indent=2) + "\n"


def read_ring(text: str) -> list[Key]:
    """Return the keys of a key ring, or of a list of public keys.

    Raises:
        SignatureError: It is none (``form``).
    """
    try:
        found = json.loads(text)["keys"]
        return [key_of(one) for one in found]
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, SignatureError):
            raise
        raise SignatureError("form", "Das ist kein Schlüsselbund.") from error


def _id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def _time(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found
