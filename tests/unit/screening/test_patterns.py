# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pass 1: what each detector takes and what it leaves. All numbers are invented."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain.screening.headers import roles
from ckanext.verbund.domain.screening.patterns import DETECTORS, PREFILTER, tidy

BY_KIND = {d.kind: d for d in DETECTORS}

FIRES = [
    # kind, header, cell, confidence
    ("iban", "Text", "DE89370400440532013000", "high"),
    ("iban", "Text", "bitte auf de89 3704 0044 0532 0130 00 BIC COBADEFF", "high"),
    ("iban", "Text", "IBAN:DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "high"),
    ("iban", "Text", "Konto (AT611904300234573201)", "high"),
    ("tax-id", "Steuer-ID", "86095742719", "high"),
    ("tax-id", "Text", "Steuer-IdNr.: 86 095 742 719", "high"),
    ("tax-id", "Feld 1", "86095742719", "medium"),
    ("social-insurance", "Text", "65170839J003", "high"),
    ("social-insurance", "Text", "Nr. 65 170839 J 003, Rente", "high"),
    ("email", "Text", "erika.muster@example.org", "high"),
    ("email", "Text", "wer weiß: schnuffi77@gmx.de", "high"),
    ("email", "Text", "muster (at) example.org", "medium"),
    ("email", "Kontakt", "info@example.org", "low"),
    ("email", "Kontakt", "stadtplanung@example.org", "low"),
    ("phone", "Telefon", "0631 3650", "medium"),
    ("phone", "Mobil", "015112345678", "high"),
    ("phone", "Text", "Rückruf: 0171/1234567", "high"),
    ("phone", "Text", "Tel. 0631 365-1234", "medium"),
    ("phone", "Text", "0631 36512 anrufen", "medium"),
    ("phone", "Text", "+49 631 3651234", "medium"),
    ("plate", "Kfz-Kennzeichen", "KL-AB 123", "high"),
    ("plate", "Text", "Der Pkw KL-AB 123 parkt hier", "medium"),
    ("plate", "Feld 3", "KL-AB 123", "low"),
    ("credentials", "Text", "Zugang: passwort=Geheim!7", "high"),
    ("credentials", "Text", "postgresql://portal:geheim@db/ckan", "high"),
    ("credentials", "Text", "-----BEGIN RSA PRIVATE KEY-----", "high"),
    ("credentials", "Passwort", "Sommer2024", "medium"),
]

SPARES = [
    ("iban", "Text", "DE88370400440532013000"),  # checksum
    ("iban", "Text", "DE00 0000 0000 0000 0000 00"),  # what forms show
    ("iban", "Inventar", "XA12 3456 7890 1234"),  # no such country
    ("tax-id", "Vorgang", "86095742718"),
    ("tax-id", "Messwert", "0.86095742719"),
    ("tax-id", "Summe", "86095742719,50"),
    ("tax-id", "ID", "A86095742719"),
    ("social-insurance", "Text", "65170839J004"),
    ("social-insurance", "Text", "65179939J003"),  # no month 99
    ("email", "Text", "@stadt und die Nachbarn"),
    ("email", "Text", "um 10:00 @ Rathaus"),
    ("phone", "Datum", "01.02.2026"),
    ("phone", "Zeitraum", "0800–1630"),
    ("phone", "Gemeindeschlüssel", "073 12 000"),
    ("phone", "Text", "DE29 6983 1867 8208 8347 84"),
    ("phone", "Wert", "0631,365"),
    ("plate", "Mast", "KL-A 12"),
    ("plate", "Text", "Mast KL-A 12 ohne Strom"),
    ("plate", "Baumkennzeichen", "KL-A 12"),
    ("plate", "Linie", "S-B 2"),
    ("credentials", "Text", "Das Passwort erhalten Sie im Bürgerbüro."),
    ("credentials", "Passwort", "ja"),
    ("credentials", "Adresse", "https://www.example.org/a:b"),
]


def look(kind, header, cell):
    """Pass a cell through both halves of a detector, as a column does."""
    detector, said = BY_KIND[kind], roles(header)
    headed = detector.by_header and kind in said
    gate = detector.by_header if headed else detector.rust
    cells = pl.Series([cell])
    if not headed and not cells.str.contains(PREFILTER)[0]:
        return None
    return detector.check(tidy(cell), said) if cells.str.contains(gate)[0] else None


@pytest.mark.parametrize(("kind", "header", "cell", "confidence"), FIRES)
def test_a_detector_finds_what_it_is_for(kind, header, cell, confidence):
    assert look(kind, header, cell) == confidence


@pytest.mark.parametrize(("kind", "header", "cell"), SPARES)
def test_a_detector_leaves_what_only_looks_like_it(kind, header, cell):
    assert look(kind, header, cell) is None


def test_every_detector_has_a_case_on_both_sides():
    assert {k for k, *_ in FIRES} == {k for k, *_ in SPARES} == set(BY_KIND)


@given(st.text(max_size=300))
def test_no_text_makes_a_check_fail(cell):
    for detector in DETECTORS:
        for said in (frozenset(), frozenset({detector.kind})):
            assert detector.check(tidy(cell), said) in {None, "low", "medium", "high"}


@given(st.text("ABCDEabc012345679 -/@.:()+", max_size=60))
def test_the_gate_lets_through_whatever_a_check_would_find(cell):
    """The fast half must never hide something from the exact half."""
    cells = pl.Series([cell])
    for detector in DETECTORS:
        found = detector.check(tidy(cell), frozenset())
        if found:
            assert cells.str.contains(detector.rust)[0]
            assert cells.str.contains(PREFILTER)[0]


@pytest.mark.parametrize("piece", ["a@", "AA00 ", "0631-", "A-", "Xa-", "(at)", "0" * 11 + " "])
def test_a_cell_of_a_megabyte_is_looked_at_in_linear_time(piece):
    cell = piece * (200_000 // len(piece))
    for detector in DETECTORS:
        assert detector.check(cell, frozenset()) in {None, "low", "medium", "high"}
