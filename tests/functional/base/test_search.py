# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Through CKAN's own search: people find what they mean."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

TITLES = {
    "abfall": "Abfuhrkalender der Müllabfuhr",
    "spiel": "Spielplätze im Stadtgebiet",
    "laden": "Ladesäulen für Elektrofahrzeuge",
    "haushalt": "Haushaltsplan 2026",
    "baum": "Baumkataster",
    "strasse": "Verkehrszählung Königstraße",
    "kita": "Kindertagesstätten in Sankt Martin",
    "viertel": "Einwohner im Ortsteil Erzhütten-Wiesenthalerhof",
    "laerm": "Lärmkartierung Mannheimer Straße",
    "gewaesser": "Badegewässer und Weiher",
}


@pytest.fixture(scope="module")
def datasets(portal, reset_index):
    """Build the datasets once: the tests of this file only read them."""
    reset_index()
    organization = factories.Organization()["id"]
    for name, title in TITLES.items():
        factories.Dataset(
            name=name, title=title, notes="Daten der Stadt.", owner_org=organization
        )
    factories.Dataset(
        name="geheim", title="Geheimplätze", notes="x", owner_org=organization, private=True
    )


def first(text):
    found = tk.get_action("package_search")({"user": ""}, {"q": text, "rows": 3})
    return [dataset["name"] for dataset in found["results"]][:1]


@pytest.mark.usefixtures("datasets")
class TestFinding:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Abfalltermine", "abfall"),
            ("Müll", "abfall"),
            ("Muellabfuhr", "abfall"),
            ("Spielplatz", "spiel"),
            ("spielplaetze", "spiel"),
            ("Spielplatze", "spiel"),
            ("Spielpläzte", "spiel"),
            ("Ladesäule", "laden"),
            ("Stromtankstelle", "laden"),
            ("Haushalt", "haushalt"),
            ("Etat", "haushalt"),
            ("Bäume", "baum"),
            ("Koenigstrasse", "strasse"),
            ("Königsstraße", "strasse"),
            ("Kita", "kita"),
            ("Kindergarten", "kita"),
            ("St. Martin", "kita"),
            ("Wo gibt es Spielplätze?", "spiel"),
            # singular and plural
            ("Haushaltspläne", "haushalt"),
            ("Kindertagesstätte", "kita"),
            ("Baum", "baum"),
            ("Badegewässern", "gewaesser"),
            # umlauts and how they are written without
            ("Laermkarte", "laerm"),
            ("Larmkartierung", "laerm"),
            ("Ladesaeulen", "laden"),
            ("Koenigstraße", "strasse"),
            ("badegewaesser", "gewaesser"),
            # compounds and their parts
            ("Müllabfuhrkalender", "abfall"),
            ("Spielplatzgeräte", "spiel"),
            ("Zählung Verkehr", "strasse"),
            ("Elektroauto laden", "laden"),
            # typing errors
            ("Haushlatsplan", "haushalt"),
            ("Baumkatatser", "baum"),
            ("Müllabfur", "abfall"),
            ("Ladesäuelen", "laden"),
            # streets and districts
            ("Königstr", "strasse"),
            ("Mannheimer Str.", "laerm"),
            ("Mannheimerstraße", "laerm"),
            ("Erzhütten", "viertel"),
            ("Erzhuetten", "viertel"),
            ("Wiesenthalerhof", "viertel"),
        ],
    )
    def test_people_find_it(self, text, name):
        assert first(text) == [name]

    def test_experts_keep_their_syntax(self):
        assert first("title:Baumkataster") == ["baum"]
        assert first('"Müllabfuhr"') == ["abfall"]
        everything = helpers.call_action("package_search", q="*:*")["count"]
        assert everything == len(TITLES)  # without the private one

    def test_suggestions_keep_private_data_private(self):
        context = {"user": "", "ignore_auth": False}
        suggest = tk.get_action("verbund_search_suggest")
        assert [t["name"] for t in suggest(dict(context), {"q": "spielpl"})["titles"]] == [
            "spiel"
        ]
        assert suggest(dict(context), {"q": "geheim"})["titles"] == []

    def test_a_correction_really_finds_something(self):
        correct = tk.get_action("verbund_search_correct")
        found = correct({"user": ""}, {"q": "Baumkatastr"})
        assert found["query"] == "Baumkataster"
        assert found["count"] == 1
        assert correct({"user": ""}, {"q": "Geheimpläze"})["query"] is None
        assert correct({"user": ""}, {"q": "Baumkataster"})["query"] is None

    def test_a_limit_that_is_none_is_named(self):
        with pytest.raises(tk.ValidationError):
            tk.get_action("verbund_search_suggest")({"user": ""}, {"q": "a", "limit": "x"})
