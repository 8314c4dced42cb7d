# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each finding is explained, and each name that the catalogue uses is a finding."""

import re
from pathlib import Path

import pytest

from ckanext.verbund.domain.ethics import catalogue
from ckanext.verbund.domain.screening import reading, wording
from ckanext.verbund.domain.screening.headers import roles
from ckanext.verbund.domain.screening.patterns import DETECTORS

SOURCES = Path(reading.__file__).parent


def test_every_kind_that_the_rules_give_out_is_explained():
    text = "".join(
        (SOURCES / f"{n}.py").read_text(encoding="utf-8") for n in ("table", "reading")
    )
    given = set(re.findall(r'_hit\(\s*"([a-z-]+)"|Hit\(\s*"([a-z-]+)"', text))
    kinds = {a or b for a, b in given} | {d.kind for d in DETECTORS}
    assert kinds == set(wording.findings())


def test_the_catalogue_names_findings_that_exist_and_every_finding_contradicts_something():
    named = set()
    for question in catalogue.load().questions:
        named |= question.contradicted_by
    assert named == set(wording.findings())


def test_every_reason_that_is_given_out_is_explained():
    text = "".join(p.read_text(encoding="utf-8") for p in SOURCES.glob("*.py"))
    given = set(re.findall(r'Unchecked\("[^"]*", "([a-z-]+)"', text))
    given |= set(reading._UNREAD.values())
    for found in re.findall(r'reason="([a-z-]+)"|None, "([a-z-]+)"|"error": "([a-z-]+)"', text):
        given |= set(found) - {""}
    assert given <= set(wording.reasons())


@pytest.mark.parametrize("kind", wording.findings())
def test_every_text_is_there_in_both_languages_and_sieves_no_value(kind):
    words = wording.findings()[kind]
    for text in (words.label, words.what, words.why, words.remedy):
        assert set(text) == {"de", "en"}
        assert all(t.strip() and "{" not in t for t in text.values())


def test_the_notice_and_the_levels_are_there():
    assert "ersetzt keine Prüfung" in wording.notice()["de"]
    assert set(wording.levels()["confidence"]) == {"high", "medium", "low"}
    assert set(wording.levels()["status"]) == {"scanned", "partial", "unscanned"}


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Geb.-Datum", "birth-date"),
        ("GebDat", "birth-date"),
        ("geb_datum", "birth-date"),
        ("Telefonnummer", "phone"),
        ("Tel.", "phone"),
        ("E-Mail-Adresse", "email"),
        ("Kfz-Kennzeichen", "plate"),
        ("Steuer-ID", "tax-id"),
        ("Hausnr.", "house-number"),
        ("Nachname der Halterin", "last-name"),
        ("Ansprechpartner*in", "person"),
        ("Straße", "street"),
        ("Anzahl Fälle", "count"),
    ],
)
def test_a_header_says_what_a_column_holds(header, role):
    assert role in roles(header)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Geburten", "birth-date"),
        ("Mobilität", "phone"),
        ("Telegrafenstraße", "phone"),
        ("Baumkennzeichen", "plate"),
        ("Gemeindekennzeichen", "plate"),
        ("Personennahverkehr", "person"),
        ("Alter ab", "personal"),
        ("Steuereinnahmen", "tax-id"),
        ("Hausnummernschild", "birth-date"),
    ],
)
def test_a_header_does_not_say_what_it_only_sounds_like(header, role):
    assert role not in roles(header)
