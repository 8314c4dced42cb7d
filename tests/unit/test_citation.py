# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How others name a dataset."""

from dataclasses import replace
from datetime import date

from ckanext.verbund.domain import citation, licence

TODAY = date(2026, 11, 24)
BIKES = citation.Source(
    "Stadt Kaiserslautern",
    "Radverkehr an Dauerzählstellen",
    "https://daten.stadt.example/dataset/rad",
    date(2026, 9, 30),
)


def test_attribution_links_to_licence_and_dataset():
    text = citation.attribution(BIKES, licence.find("dl-by-de/2.0"))
    assert text == (
        "Stadt Kaiserslautern, „Radverkehr an Dauerzählstellen“, dl-de/by-2-0 "
        "(https://www.govdata.de/dl-de/by-2-0), https://daten.stadt.example/dataset/rad"
    )


def test_the_words_of_the_publisher_come_first():
    named = replace(BIKES, credit="Referat Tiefbau,\n Kaiserslautern")
    text = citation.attribution(named, licence.find("dl-by-de/2.0"))
    assert text.startswith("Referat Tiefbau, Kaiserslautern, „")
    assert "Stadt Kaiserslautern" not in text


def test_attribution_without_a_known_licence_names_none():
    text = citation.attribution(BIKES, None)
    assert text.endswith("zählstellen“, https://daten.stadt.example/dataset/rad")


def test_citation():
    assert citation.citation(BIKES, TODAY) == (
        "Stadt Kaiserslautern (2026): Radverkehr an Dauerzählstellen [Datensatz]. "
        "Stand 30.09.2026. https://daten.stadt.example/dataset/rad (abgerufen am 24.11.2026)."
    )


def test_a_series_is_cited_as_what_it_is():
    series = replace(BIKES, kind="Datensatzreihe")
    assert "Dauerzählstellen [Datensatzreihe]. " in citation.citation(series, TODAY)


def test_citation_without_a_date():
    text = citation.citation(replace(BIKES, changed=None), TODAY)
    assert "(o. J.)" in text
    assert "Stand" not in text


def test_bibtex_escapes_what_would_be_a_command():
    hostile = replace(BIKES, title=r"50 % } \input{x} & _mehr_")
    entry = citation.bibtex(hostile, "rad_2026,}", TODAY)
    assert entry.startswith("@misc{rad2026,\n")
    assert r"title = {50 \% \} \textbackslash{}input\{x\} \& \_mehr\_}" in entry
    assert "author = {{Stadt Kaiserslautern}}" in entry


def test_ris_keeps_one_field_on_one_line():
    entry = citation.ris(replace(BIKES, title="Rad\nAU  - Fremde"), TODAY)
    lines = entry.split("\r\n")
    assert "TI  - Rad AU - Fremde" in lines
    assert [line for line in lines if line.startswith("AU")] == ["AU  - Stadt Kaiserslautern"]
    assert (lines[0], lines[-2]) == ("TY  - DATA", "ER  - ")


def test_ris_without_a_date_has_no_year():
    assert "PY" not in citation.ris(replace(BIKES, changed=None), TODAY)
