# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What in a text may tell who somebody is, before it becomes public."""

from __future__ import annotations

import re

_TELLING = {
    "email": re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.\w{2,}"),
    # With a separator, or long enough: keys of municipalities (8 and 12 digits) are no phones.
    "phone": re.compile(
        r"(?<![\w.,-])(?:(?:\+\d{1,3}|\(0\d{1,5}\)|0\d{1,5}[\s/-])[\s/()-]*"
        r"\d(?:[\s/-]?\d){4,}|0\d{9,10})(?!\w)"
    ),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "name": re.compile(r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+[A-ZÄÖÜ][\w-]+"),
    "address": re.compile(
        r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|gasse|allee)\s+\d+\s?[a-z]?\b"
    ),
}


def telling(text: str) -> list[tuple[str, str]]:
    """Return the places of a text that may be personal data.

    The search is coarse on purpose: a person decides, this only points. What it does not
    find may still be personal.

    Returns:
        Pairs of kind (``email``, ``phone``, ``iban``, ``name``, ``address``) and the words.
    """
    return [
        (kind, match[0].strip())
        for kind, pattern in _TELLING.items()
        for match in pattern.finditer(text)
    ]
