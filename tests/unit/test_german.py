# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything a portal can say, it says in German.

A new message in core, an extension or our own code without German fails here;
``python -m stack.messages update`` then adds it to the catalogue.
"""

from __future__ import annotations

import re

import pytest

from stack import messages


@pytest.fixture(scope="module")
def found():
    return [message for message in messages.collect() if message.id]


@pytest.fixture(scope="module")
def shown(found):
    translations = messages.in_effect()
    return [(message, messages.german(message, translations)) for message in found]


@pytest.fixture(scope="module")
def ours():
    return [message for message in messages.read(messages.PO) if message.id]


def first(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def test_enough_messages_are_found(found):
    places = {place.split("/")[1] for m in found for place, _ in m.locations}
    assert len(found) > 1200
    assert {"activity", "datastore", "dcat", "geoview", "harvest", "scheming"} <= places


def test_every_message_has_german(shown):
    assert [first(m) for m, texts in shown if texts is None or not all(texts)] == []


def test_every_message_has_its_placeholders(shown):
    assert [f for m, texts in shown if texts for f in messages.faults(m, texts)] == []


def test_python_can_fill_every_placeholder(shown):
    """``str.format`` raises KeyError on a name that the template does not pass."""
    name = re.compile(r"\{(\w*)\}")
    for message, texts in shown:
        ids = message.id if message.pluralizable else (message.id,)
        given = {found for one in ids for found in name.findall(one)}
        assert {found for text in texts or () for found in name.findall(text)} <= given


def test_catalogue_is_complete_and_not_fuzzy(ours):
    assert [first(m) for m in ours if m.fuzzy] == []
    texts = {first(m): m.string if m.pluralizable else (m.string,) for m in ours}
    assert [name for name, forms in texts.items() if not all(forms)] == []
    assert [first(m) for m in ours if m.pluralizable and len(m.string) != 2] == []


def test_catalogue_and_template_are_up_to_date(ours):
    template = messages.wanted(messages.collect(), messages.read(messages.PO))
    wanted = {first(m) for m in template if m.id}
    assert {first(m) for m in ours} == wanted
    assert {first(m) for m in messages.read(messages.POT, locale=None) if m.id} == wanted


def test_scripts_get_their_german(found):
    """Texts of scripts travel another way: from .po, named by .js places in the .pot."""
    core = messages._core_scripts()
    ours = {
        first(m)
        for m in messages.read(messages.POT, locale=None)
        if m.id and messages.in_scripts(m)
    }
    used = {first(m) for m in found if messages.in_scripts(m)}
    assert used
    assert used - core - ours == set()


def test_nobody_is_called_du(shown):
    du = re.compile(r"\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir|[Ee]uch|[Ee]uer)\b")
    assert [texts for _, texts in shown if texts and du.search(" ".join(texts))] == []


def test_people_are_named_neutrally(shown):
    one_sex = re.compile(
        r"\b(Benutzer|Nutzer|Redakteure?|Administratoren|Administrator|Autor|Mitmacher)s?\b"
    )
    assert [texts for _, texts in shown if texts and one_sex.search(" ".join(texts))] == []


def test_core_s_wrong_placeholder_is_corrected(shown):
    texts = {first(m): texts for m, texts in shown}["Navigate to resource: {name}"]
    assert texts[0].format(name="Radwege.csv") == "Zur Ressource: Radwege.csv"


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("%(x)s of {y}", {"%(x)s": 1, "{y}": 1}),
        ("<b>{0}</b> %s", {"<b": 1, "</b": 1, "{0}": 1, "%s": 1}),
        ("100 % sure", {}),
    ],
    ids=["named", "tags and positions", "a per cent sign"],
)
def test_placeholders_are_recognised(english, german):
    assert messages.placeholders(english) == german


def test_a_lost_placeholder_is_a_fault():
    message = messages.Message("Hello {name}")
    assert messages.faults(message, ("Hallo",))
    assert not messages.faults(message, ("Hallo {name}",))


def test_singular_may_leave_the_number_out():
    message = messages.Message(("One row", "{n} rows"))
    assert not messages.faults(message, ("Eine Zeile", "{n} Zeilen"))
    assert not messages.faults(message, ("{n} Zeile", "{n} Zeilen"))
    assert messages.faults(message, ("Eine Zeile", "Zeilen"))
