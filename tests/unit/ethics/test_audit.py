# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chain tells when somebody changed, left out, moved or cut something."""

import pytest

from ckanext.verbund.domain.ethics.audit import (
    FIELDS,
    GENESIS,
    Break,
    entry_hash,
    payload_hash,
    verify,
)

WORDS = {"reason": "Da steht ein Name."}


def chain(member="stadt", length=4):
    """Return entries of one member, and their words by ID."""
    entries, words, before = [], {}, GENESIS
    for seq in range(1, length + 1):
        id = f"{member}-{seq}"
        words[id] = (f"salz{seq}", WORDS)
        entry = dict.fromkeys(FIELDS, "") | {
            "id": id,
            "organization_id": member,
            "seq": seq,
            "deputy": False,
            "catalogue_version": 1,
            "payload_hash": payload_hash(*words[id]),
            "prev_hash": before,
        }
        entry["hash"] = before = entry_hash(before, entry)
        entries.append(entry)
    return entries, words


def test_whole_chains_have_no_break():
    one, words = chain()
    two, more = chain("kreis", 2)
    assert list(verify([*two, *one], words | more)) == []


def test_erased_words_break_nothing():
    entries, words = chain()
    del words["stadt-2"]
    assert list(verify(entries, words)) == []


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found(field):
    entries, _ = chain()
    before = entries[1][field]
    entries[1][field] = before + 1 if isinstance(before, int) else f"{before}x"
    assert list(verify(entries))


def test_changed_words_are_found():
    entries, words = chain()
    words["stadt-3"] = ("salz3", {"reason": "Alles gut."})
    assert list(verify(entries, words)) == [Break("stadt", 3, "payload")]


def test_a_missing_entry_is_found():
    entries, _ = chain()
    del entries[1]
    assert list(verify(entries)) == [Break("stadt", 3, "gap"), Break("stadt", 3, "link")]


def test_a_forged_entry_in_the_middle_is_found():
    entries, _ = chain()
    entries[1]["action"] = "decide_open"
    entries[1]["hash"] = entry_hash(entries[1]["prev_hash"], entries[1])
    assert list(verify(entries)) == [Break("stadt", 3, "link")]


def test_a_cut_tail_is_found_by_an_anchor_only():
    entries, _ = chain()
    anchor = {"stadt": {2: entries[1]["hash"], 4: entries[3]["hash"]}}
    assert list(verify(entries, anchors=anchor)) == []
    assert list(verify(entries[:3])) == []
    assert list(verify(entries[:3], anchors=anchor)) == [Break("stadt", 4, "tail")]


def test_a_chain_that_was_written_anew_is_found_by_an_anchor():
    entries, _ = chain()
    found = list(verify(entries, anchors={"stadt": {2: "f" * 64, 4: entries[3]["hash"]}}))
    assert found == [Break("stadt", 2, "hash")]


def test_words_cannot_be_guessed_from_their_hash():
    assert payload_hash("a", WORDS) != payload_hash("b", WORDS)
