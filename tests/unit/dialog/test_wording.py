# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may tell who somebody is, is pointed at."""

import pytest

from ckanext.verbund.domain.dialog.wording import telling


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mail an max@muster.example bitte", ("email", "max@muster.example")),
        ("Tel. 0631 1234567", ("phone", "0631 1234567")),
        ("ruf +49 631 123456 an", ("phone", "+49 631 123456")),
        ("oder 06311234567", ("phone", "06311234567")),
        ("(0631) 12345-67 ist es", ("phone", "(0631) 12345-67")),
        ("DE02 1203 0000 0000 2020 51", ("iban", "DE02 1203 0000 0000 2020 51")),
        ("Frau Probstein sagte", ("name", "Frau Probstein")),
        ("Wohnt Mühlstraße 12a hier", ("address", "Mühlstraße 12a")),
    ],
)
def test_personal_data_are_found(text, found):
    assert found in telling(text)


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2026 waren es 12.345,67 Euro.",
        "Die Zählstelle an der Mühlstraße fehlt.",
        "Schlüssel 07312000 und 073120000000 sind richtig.",
        "Am 01.02.2026 um 14:30 Uhr, 0,30 Prozent.",
        "Die Frau des Jahres und der Herr der Lage",
    ],
)
def test_plain_words_are_left_alone(text):
    assert telling(text) == []
