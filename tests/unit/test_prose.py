# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plain texts are not taken for Markdown."""

import pytest
from markdown import markdown

from ckanext.verbund.domain.prose import tame


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("#Hashtag voran", "<p>#Hashtag voran</p>"),
        ("# Titel", "<p># Titel</p>"),
        ("Titel\n=====", "<p>Titel</p>\n<p>=====</p>"),
        ("Titel\n---", "<p>Titel\n---</p>"),
        ("24. November 2026", "<p>24. November 2026</p>"),
        ("1. Mai 2026", "<p>1. Mai 2026</p>"),
        ("Stand:\n\n    eingerückt", "<p>Stand:</p>\n<p>eingerückt</p>"),
        ("eine_datei_name.csv", "<p>eine_datei_name.csv</p>"),
    ],
)
def test_what_only_looks_like_markdown_stays_as_it_is(text, html):
    assert markdown(tame(text)) == html


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("**wichtig**", "<strong>wichtig</strong>"),
        ("- eins\n- zwei", "<li>eins</li>"),
        ("1. eins\n2. zwei", "<ol>"),
        ("[Seite](https://stadt.example)", '<a href="https://stadt.example">Seite</a>'),
    ],
)
def test_markdown_that_is_meant_works(text, piece):
    assert piece in markdown(tame(text))
