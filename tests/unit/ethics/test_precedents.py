# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers of neighbours are hostile; what helps is the same kind, and who differs."""

import json
from datetime import date, timedelta

import pytest

from ckanext.verbund.domain.ethics.precedents import MOST, Precedent, match, read

TODAY = date(2026, 11, 25)
ENTRY = {
    "id": "0b6f3f0e-1111-4222-8333-444455556666",
    "outcome": "refused",
    "decided_on": "2026-03-02",
    "title": "Standorte von Schutzhütten",
    "member": "Stadt Beispiel",
    "office": "Amt 67",
    "grounds": ["personal-data"],
    "reason": "Man erkennt einzelne Menschen.",
    "kind": "freizeit/spielplatz",
    "themes": ["SOCI"],
}


def page(*entries, **more):
    return json.dumps({"entries": list(entries), "total": len(entries)} | more)


def test_an_entry_is_read_with_what_it_tells():
    (one,), total = read(page(ENTRY), TODAY)
    assert total == 1
    assert one == Precedent(
        id=ENTRY["id"], outcome="refused", decided_on=date(2026, 3, 2), title=ENTRY["title"],
        member="Stadt Beispiel", office="Amt 67", grounds=("personal-data",),
        reason="Man erkennt einzelne Menschen.", kind="freizeit/spielplatz", themes=("SOCI",),
    )  # fmt: skip


BROKEN = {
    "kein Titel": {"title": " "},
    "Titel ist keine Zeichenkette": {"title": {"de": "x"}},
    "unbekanntes Ergebnis": {"outcome": "vielleicht"},
    "Kennung mit Pfad": {"id": "../../user/login"},
    "kein Tag": {"decided_on": "gestern"},
    "Tag fehlt": {"decided_on": None},
    "in der Zukunft": {"decided_on": (TODAY + timedelta(days=2)).isoformat()},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_what_does_not_fit_is_left_out_and_the_rest_is_read(change):
    got, _total = read(page(ENTRY | change, "kein Eintrag", ENTRY), TODAY)
    assert [one.title for one in got] == [ENTRY["title"]]


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"entries": 3}', "[" * 100_000])
def test_what_is_no_register_is_refused(text):
    with pytest.raises(ValueError, match="kein"):
        read(text, TODAY)


def test_long_and_invisible_text_is_cut():
    loud = ENTRY | {
        "title": "A\u202eB\x00" + "x" * 5000,
        "grounds": ["ok", "<b>", 7, "x" * 999],
    }
    (one,), _total = read(page(loud), TODAY)
    assert one.title.startswith("ABxx")
    assert len(one.title) == 300
    assert one.grounds == ("ok",)
    assert len(read(page(*[ENTRY] * (MOST + 5)), TODAY)[0]) == MOST


def made(number, **more):
    given = {"kind": "k", "outcome": "open", "themes": ("SOCI",)} | more
    day = date(2026, 1, 1) + timedelta(days=number)
    return Precedent(id=f"{number:08}", decided_on=day, title="T", **given)


def test_the_same_kind_comes_before_the_same_theme_and_the_newest_first():
    known = [made(1), made(2, kind="anders"), made(3), made(4, kind="x", themes=("ENVI",))]
    assert [one.id for one in match(known, "k", ["SOCI"])] == ["00000003", "00000001"]
    by_theme = match(known, "neu", ["SOCI"])
    assert [one.id for one in by_theme] == ["00000003", "00000002", "00000001"]
    assert match(known, "", []) == []


def test_somebody_who_decided_otherwise_is_always_among_them():
    known = [made(n) for n in range(10, 20)] + [made(1, outcome="refused")]
    shown = match(known, "k", [], limit=3)
    assert [one.outcome for one in shown] == ["open", "open", "refused"]
    assert len(match(known[:-1], "k", [], limit=3)) == 3


def test_revoked_decisions_come_last():
    assert [one.id for one in match([made(5, ended=True), made(1)], "k", [])] == [
        "00000001",
        "00000005",
    ]
