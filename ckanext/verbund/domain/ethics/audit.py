# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain of what happened: each entry holds the hash of the one before.

What an entry says in words (reasons, names) is not in the chain, only its salted hash. The
words lie elsewhere and can be erased; the chain is verified as before
(publish-or-not, section 7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.verbund.domain.canon import canonical, digest

GENESIS = "0" * 64
#: What the hash of an entry covers, besides the hash before it.
FIELDS = (
    "organization_id",
    "seq",
    "at",
    "action",
    "package_id",
    "case_id",
    "decision_id",
    "actor",
    "role",
    "deputy",
    "state",
    "fingerprint",
    "catalogue_version",
    "catalogue_hash",
    "payload_hash",
)


@dataclass(frozen=True)
class Break:
    """A place where the chain is not what it should be.

    Attributes:
        organization_id: Whose chain.
        seq: Number of the entry.
        problem: ``gap``, ``link`` (the hash before is another), ``hash`` (the entry was
            changed), ``payload`` (the words are others than those hashed) or ``tail`` (the
            chain is shorter than an anchor says).
    """

    organization_id: str
    seq: int
    problem: str


def payload_hash(salt: str, payload: Mapping[str, Any]) -> str:
    """Return the salted hash of what an entry says in words.

    Args:
        salt: Random text; erased together with the words, so that nobody can guess them.
        payload: The words.
    """
    return digest({"salt": salt, "payload": payload})


def entry_hash(before: str, entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry.

    Args:
        before: Hash of the entry before, or ``GENESIS``.
        entry: At least the ``FIELDS``.
    """
    covered = {name: entry[name] for name in FIELDS}
    return hashlib.sha256(before.encode() + canonical(covered)).hexdigest()


def verify(
    entries: Iterable[Mapping[str, Any]],
    payloads: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
    anchors: Mapping[str, Mapping[int, str]] | None = None,
) -> Iterator[Break]:
    """Check chains.

    Args:
        entries: Of any number of members; those of one in the order of ``seq``.
        payloads: Salt and words by ID of the entry, where they are still there.
        anchors: By member, numbers and hashes of entries that were known outside the database.

    Yields:
        Each place that is wrong.
    """
    heads: dict[str, tuple[int, str]] = {}
    anchors = anchors or {}
    for entry in entries:
        member, seq = entry["organization_id"], entry["seq"]
        last, before = heads.get(member, (0, GENESIS))
        if seq != last + 1:
            yield Break(member, seq, "gap")
        if entry["prev_hash"] != before:
            yield Break(member, seq, "link")
        if entry["hash"] != entry_hash(entry["prev_hash"], entry):
            yield Break(member, seq, "hash")
        words = (payloads or {}).get(entry["id"])
        if words and payload_hash(*words) != entry["payload_hash"]:
            yield Break(member, seq, "payload")
        if anchors.get(member, {}).get(seq, entry["hash"]) != entry["hash"]:
            yield Break(member, seq, "hash")
        heads[member] = (seq, entry["hash"])
    # A tail that was cut off leaves a chain that is whole in itself.
    for member, known in anchors.items():
        seq = max(known, default=0)
        if heads.get(member, (0, ""))[0] < seq:
            yield Break(member, seq, "tail")
