# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search page, its suggestions, feed and map, and the pages of members."""

import json
import logging
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest
from ckan.lib.search import SearchError
from ckan.tests import factories, helpers

from ckanext.verbund.base import search
from ckanext.verbund.search import results

EU = "http://publications.europa.eu/resource/authority/"
ATOM = "{http://www.w3.org/2005/Atom}"
TRAFFIC, ENERGY = f"{EU}data-theme/TRAN", f"{EU}data-theme/ENER"
BY, ZERO = (
    "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
)
BOX = (
    '{"type": "Polygon", "coordinates": [[[8.0, 49.1], [8.2, 49.1], [8.2, 49.3], '
    "[8.0, 49.3], [8.0, 49.1]]]}"
)


def text_of(body):
    """Return what is read on a page, without tags."""
    return " ".join(
        re.sub(
            r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", "", body, flags=re.S)
        ).split()
    )


@pytest.fixture(scope="module")
def app(portal, reset_index):
    """A portal with three public datasets of two members, a private one and a draft.

    The tests of this file read them only.
    """
    reset_index()
    _build()
    return portal


def _build():
    town = factories.Organization(
        name="landau",
        title="Stadt Landau",
        ags="07313000",
        organization_type="municipality",
        colour_primary="#7a1f3d",
        email="daten@landau.example",
        description="Stadt an der Queich.",
    )
    works = factories.Organization(
        name="stadtwerke",
        title="Stadtwerke Landau",
        ags="07313000",
        organization_type="municipal_company",
    )
    common = {"private": False, "state": "active"}
    factories.Dataset(
        name="zaehlung",
        title="Verkehrszählung <b>Königstraße</b>",
        owner_org=town["id"],
        notes="Fahrräder und Autos je Stunde. " * 12 + "Auch Lastwagen.",
        theme=[TRAFFIC],
        tag_string="Radverkehr,Zählstelle",
        frequency=f"{EU}frequency/ANNUAL",
        data_origin="sensors",
        hvd_category=["http://data.europa.eu/bna/c_b79e35eb"],
        spatial_coverage=[{"text": "Landau in der Pfalz"}],
        temporal_coverage=[{"start": "2024-01-01", "end": "2024-12-31"}],
        resources=[
            {"url": "https://x.example/a.csv", "format": "csv", "license": BY},
            {"url": "https://x.example/a.xlsx", "format": "XLSX", "license": ZERO},
        ],
        **common,
    )
    factories.Dataset(
        name="strom",
        title="Solarstrom",
        owner_org=works["id"],
        notes="Leistung je Dach.",
        theme=[ENERGY],
        spatial_coverage=[{"text": "Rheinland-Pfalz"}],
        temporal_coverage=[{"start": "2025"}],
        resources=[{"url": "https://x.example/b.csv", "format": "CSV", "license": BY}],
        **common,
    )
    factories.Dataset(
        name="baum",
        title="Baumkataster",
        owner_org=town["id"],
        notes="Alle Bäume.",
        theme=[f"{EU}data-theme/ENVI"],
        spatial_coverage=[{"text": "Park", "geom": BOX}],
        **common,
    )
    secret = {"owner_org": town["id"], "notes": "x", "theme": [f"{EU}data-theme/JUST"]}
    factories.Dataset(
        name="geheim",
        title="Geheimplan",
        tag_string="Verschlusssache",
        private=True,
        spatial_coverage=[{"text": "Kaiserslautern"}],
        **secret,
    )
    factories.Dataset(
        name="entwurf",
        title="Entwurfsplan",
        tag_string="Unfertiges",
        state="draft",
        spatial_coverage=[{"text": "Kaiserslautern"}],
        **secret,
    )


def names(body):
    """Return the datasets of a page of results, in their order."""
    return re.findall(r'<h3><a href="/dataset/([\w-]+)">', body)


class TestFilters:
    def test_values_have_german_names_and_whole_ones(self, app):
        body = app.get("/dataset/").body
        text = text_of(body)
        for label in (
            "Verkehr", "Stadt Landau", "CSV", "Datenlizenz Deutschland Namensnennung 2.0",
            "Mobilität", "Sensoren und Messgeräte", "jährlich", "Landau in der Pfalz",
        ):  # fmt: skip
            assert label in text, label
        assert "http" not in text.replace("http://test.ckan.net", "")  # printed above the page
        assert "res_format" not in text
        assert not re.search(r'aria-label="[^"]*verbund_', body)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"verbund_theme": TRAFFIC}, {"zaehlung"}),
            ({"organization": "stadtwerke"}, {"strom"}),
            ({"verbund_format": "CSV"}, {"zaehlung", "strom"}),
            # of any of the files
            ({"verbund_license": ZERO}, {"zaehlung"}),
            ({"verbund_hvd": "hvd"}, {"zaehlung"}),
            ({"verbund_origin": "sensors"}, {"zaehlung"}),
            ({"verbund_frequency": f"{EU}frequency/ANNUAL"}, {"zaehlung"}),
            ({"verbund_theme": TRAFFIC, "organization": "stadtwerke"}, set()),
            ({"ext_from": "2024-06", "ext_to": "2024-07"}, {"zaehlung"}),
            ({"ext_from": "31.12.2024"}, {"zaehlung", "strom"}),
            ({"ext_to": "2023"}, set()),
            # open-ended data go on
            ({"ext_from": "2090"}, {"strom"}),
            # the place itself, what lies around it, and outlines of one's own
            ({"ext_place": "Landau in der Pfalz"}, {"zaehlung", "strom", "baum"}),
            ({"ext_place": "07313000"}, {"zaehlung", "strom", "baum"}),
            ({"ext_place": "Kaiserslautern"}, {"strom"}),
            ({"ext_place": "Saarland"}, set()),
            ({"ext_bbox": "8.05,49.15,8.1,49.2"}, {"zaehlung", "strom", "baum"}),
            ({"ext_bbox": "13,52,14,53"}, set()),
        ],
    )
    def test_they_find_what_they_should(self, app, query, found):
        assert set(names(app.get("/dataset/", query_string=query).body)) == found

    def test_an_active_filter_can_be_removed(self, app):
        query = {"verbund_theme": TRAFFIC, "ext_from": "2024", "utm_source": "brief"}
        body = app.get("/dataset/", query_string=query).body
        chips = re.search(r'<ul class="verbund-chips".*?</ul>', body, re.S)[0]
        assert "Thema: Verkehr" in text_of(chips)
        assert "Zeitraum ab: 2024" in text_of(chips)
        assert 'href="/dataset/?verbund_theme=' in chips
        assert "Alle Filter entfernen" in chips

    @pytest.mark.parametrize("path", ["/dataset/", "/organization/landau"])
    def test_what_networks_add_to_an_address_is_no_filter(self, app, path):
        foreign = {"utm_source": "brief", "fbclid": "a1", "ext_quelle": "x", 'foo"bar': "1"}
        query = {"verbund_theme": TRAFFIC} | foreign
        body = app.get(path, query_string=query).body
        assert names(body) == ["zaehlung"]
        assert "(1 aktiv)" in text_of(body)
        results = body[body.index('id="search-form"') : body.index("<footer")]
        assert not [name for name in [*foreign, "foo"] if name in results]

    def test_an_empty_result_says_which_filter_to_drop(self, app):
        query = {"q": "Solarstrom", "verbund_theme": TRAFFIC}
        text = text_of(app.get("/dataset/", query_string=query).body)
        assert "Keine Datensätze gefunden für „Solarstrom“" in text
        assert "ohne Thema: Verkehr – 1 Datensatz" in text
        assert "ohne Suchwörter: Solarstrom – 1 Datensatz" in text

    def test_orders_are_german(self, app):
        body = app.get("/dataset/", query_string={"sort": "verbund_sort asc"}).body
        assert names(body) == ["baum", "strom", "zaehlung"]


class TestResults:
    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("Radverkehr", "Gefunden über: Schlagwort Radverkehr"),
            ("Photovoltaik", "Gefunden über: verwandtes Wort Solarstrom"),
            ("Stadtwerke", "Gefunden über: Mitglied Stadtwerke Landau"),
        ],
    )
    def test_a_line_says_why_it_was_found(self, app, query, reason):
        assert reason in text_of(app.get("/dataset/", query_string={"q": query}).body)

    def test_the_words_are_marked_where_they_stand(self, app):
        body = app.get("/dataset/", query_string={"q": "Lastwagen"}).body
        assert "<mark>Lastwagen</mark>" in body
        assert "<p>… " in body

    def test_nothing_typed_or_stored_becomes_html(self, app):
        body = app.get(
            "/dataset/", query_string={"q": "Königstraße <script>alert(1)</script>"}
        ).body
        assert "<script>alert" not in body
        assert "<b>" not in body
        assert "&lt;b&gt;<mark>Königstraße</mark>" in body

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ({}, "3 Datensätze gefunden"),
            ({"q": "Baumkataster"}, "Ein Datensatz gefunden für „Baumkataster“"),
            ({"q": "gibtesnicht"}, "Keine Datensätze gefunden für „gibtesnicht“"),
        ],
    )
    def test_the_number_is_a_sentence(self, app, query, sentence):
        assert sentence in text_of(app.get("/dataset/", query_string=query).body)

    def test_a_misspelt_word_is_corrected_a_right_one_not(self, app):
        text = text_of(app.get("/dataset/", query_string={"q": "Baumkatastr"}).body)
        assert "Meinten Sie Baumkataster ?" in text
        for right in ("Baumkataster", "Abfalltermine"):
            body = app.get("/dataset/", query_string={"q": right}).body
            assert "Meinten Sie" not in body

    def test_a_part_for_htmx_is_told_from_the_page(self, app):
        answer = app.get("/dataset/", headers={"HX-Request": "true"})
        assert "HX-Request" in answer.headers["Vary"]
        assert answer.body.count("hx-swap-oob") == 4
        assert (
            "3 Datensätze gefunden"
            in re.search(r'<p id="search-status"[^>]*>(.*?)</p>', answer.body, re.S)[1]
        )
        assert "<html" not in answer.body


class TestSummaries:
    """What lines say comes from short fields, not from whole packages."""

    def test_a_page_asks_once_and_for_summaries(self, app, caplog):
        with caplog.at_level(logging.DEBUG, "ckan.lib.search.query"):
            body = app.get("/dataset/", query_string={"q": "Radverkehr"}).body
        assert names(body) == ["zaehlung"]
        asked = [r.args["fl"] for r in caplog.records if r.msg.startswith("Package query")]
        assert asked == ["id verbund_summary"]

    def test_a_line_says_the_same_of_a_summary_as_of_the_package(self, app):
        package = helpers.call_action("package_show", id="zaehlung")
        assert "url" in package["resources"][0]
        short = search.summary(package)
        assert "url" not in short["resources"][0]
        with app.flask_app.test_request_context("/dataset/"):
            for text in ("", "Lastwagen", "Radverkehr", "Landau"):
                (one,), (other,) = (results.lines([p], text) for p in (package, short))
                assert one == other
                assert one.formats == ["CSV", "Excel XLSX"]

    def test_programs_get_whole_packages(self, app):
        query = {"q": "Radverkehr", "facet.field": '["organization"]'}
        answer = app.get("/api/3/action/package_search", query_string=query)
        (package,) = json.loads(answer.body)["result"]["results"]
        assert package["resources"][0]["url"] == "https://x.example/a.csv"


BAD = [
    ({"ext_bbox": "170,49,-170,50"}, "Datumsgrenze"),
    ({"ext_bbox": "8,50,7,49"}, "West muss kleiner sein als Ost"),
    ({"ext_bbox": "nan,1,2,3"}, "besteht nicht aus vier Zahlen"),
    ({"ext_bbox": "inf,1,2,3"}, "besteht nicht aus vier Zahlen"),
    ({"ext_bbox": "1,2,3"}, "besteht nicht aus vier Zahlen"),
    ({"ext_bbox": "7,91,8,92"}, "Breiten zwischen -90 und 90"),
    ({"ext_bbox": "7,49,7,50"}, "hat keine Fläche"),
    ({"ext_from": "gestern"}, "„gestern“ ist kein Datum"),
    ({"ext_to": "30.02.2024"}, "„30.02.2024“ ist kein Datum"),
    ({"ext_from": "99999"}, "„99999“ ist kein Datum"),
    ({"ext_from": "2025", "ext_to": "2024"}, "Das Ende liegt vor dem Beginn"),
    ({"ext_place": "Landau"}, "Landau in der Pfalz (07313000)"),
    ({"ext_place": "<script>x</script>"}, "nicht bekannt"),
    ({"q": "title:["}, "Bitte lassen Sie Klammern"),
    ({"q": "{!func}x"}, "Bitte lassen Sie Klammern"),
    ({"sort": "quatsch"}, "„quatsch“ ist keine Reihenfolge"),
    ({"sort": "title_string asc, x y"}, "ist keine Reihenfolge"),
    ({"page": "abc"}, "Die Nummer der Seite muss eine ganze Zahl"),
    ({"page": "99999999999"}, "Die Adresse dieser Suche ist nicht zu verstehen"),
    ({"page": "7"}, "Diese Seite hat die Liste nicht"),
]


class TestBadInput:
    @pytest.mark.parametrize(("query", "message"), BAD, ids=[str(q)[:40] for q, _ in BAD])
    def test_it_is_named_in_german_and_nothing_typed_is_lost(self, app, query, message):
        answer = app.get("/dataset/", query_string=query, status=None)
        assert answer.status_code in (200, 400)
        assert message in text_of(answer.body)
        assert "<script>x" not in answer.body
        for name in ("ext_from", "ext_to"):
            if name in query:
                assert f'name="{name}" value="{query[name]}"' in answer.body

    def test_a_pasted_page_is_searched_by_its_first_words(self, app):
        for text in ("Baum " * 2000, "x" * 10_000, "ä(" * 5000):
            assert app.get("/dataset/", query_string={"q": text}).status_code == 200

    def test_programs_get_an_error_instead_of_a_wider_answer(self, app):
        with pytest.raises(SearchError, match="gestern"):
            helpers.call_action("package_search", extras={"ext_from": "gestern"})

    def test_a_feed_and_the_map_survive_it_too(self, app):
        for query, _ in BAD:
            for path in ("/feeds/custom.atom", "/karte", "/suche/vorschlaege"):
                assert app.get(path, query_string=query, status=None).status_code in (200, 400)


HIDDEN = (
    "geheim",
    "Geheim",
    "Verschluss",
    "entwurf",
    "Entwurf",
    "Unfertig",
    "Kaiserslautern",
    "Justiz",
)


class TestNothingLeaks:
    @pytest.mark.parametrize(
        "path",
        [
            "/dataset/", "/karte", "/feeds/dataset.atom", "/feeds/organization/landau.atom",
            "/organization/landau", "/suche/vorschlaege?q=geh", "/suche/vorschlaege?q=versch",
            "/suche/vorschlaege?q=unfert", "/suche/vorschlaege?q=justiz", "/organization/",
        ],
    )  # fmt: skip
    def test_pages_do_not_show_what_is_not_public(self, app, path):
        body = app.get(path).body
        for word in HIDDEN:
            assert word not in body, word

    def test_corrections_and_counts_do_not_know_it(self, app):
        for query in ("Geheimpla", "Verschlussache", "Entwurfspla"):
            body = app.get("/dataset/", query_string={"q": query}).body
            assert "Meinten Sie" not in body
            assert "Keine Datensätze gefunden" in body
        body = app.get("/dataset/", query_string={"q": "x", "verbund_place": "07312000"}).body
        assert "ohne Suchwörter" not in body

    def test_members_see_their_own_on_their_page(self, app):
        user = factories.UserWithToken()
        helpers.call_action(
            "organization_member_create", id="landau", username=user["name"], role="editor"
        )
        headers = {"Authorization": user["token"]}
        body = app.get("/organization/landau", headers=headers).body
        assert "geheim" in names(body)


class TestSuggestions:
    def test_all_kinds_are_offered_with_their_links(self, app):
        def offered(text):
            body = app.get("/suche/vorschlaege", query_string={"q": text}).body
            return [unquote(url) for url in re.findall(r'data-url="([^"]+)"', body)]

        assert f"/dataset/?verbund_theme={TRAFFIC}" in offered("verk")
        assert "/dataset/zaehlung" in offered("verk")
        assert "/organization/stadtwerke" in offered("stadtw")
        assert "/dataset/?tags=Radverkehr" in offered("radv")
        assert offered("qqq") == offered("") == []

    def test_what_is_suggested_is_escaped(self, app):
        body = app.get("/suche/vorschlaege", query_string={"q": "verkehrsz"}).body
        assert "<b>" not in body
        assert "&lt;b&gt;Königstraße" in body


class TestFeed:
    def test_it_holds_the_search_with_all_filters(self, app):
        query = {"verbund_license": BY, "verbund_theme": TRAFFIC, "ext_from": "2024"}
        answer = app.get("/feeds/custom.atom", query_string=query)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        feed = ET.fromstring(answer.data)
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
        assert "neue Datensätze" in feed.find(f"{ATOM}title").text
        entries = feed.findall(f"{ATOM}entry")
        assert [e.find(f"{ATOM}title").text for e in entries] == [
            "Verkehrszählung <b>Königstraße</b>"
        ]
        assert entries[0].find(f"{ATOM}link").get("href").endswith("/dataset/zaehlung")

    def test_the_page_names_it(self, app):
        body = app.get("/dataset/", query_string={"q": "Baum", "ext_from": "2020"}).body
        assert 'type="application/atom+xml"' in body
        assert "/feeds/custom.atom?q=Baum&amp;ext_from=2020" in body
        assert "/feeds/custom.atom?organization=landau" in app.get("/organization/landau").body


class TestMembers:
    def test_the_list_says_kind_and_number(self, app):
        text = text_of(app.get("/organization/").body)
        assert "Stadt Landau Gemeinde oder Stadt 2 Datensätze" in text
        assert "Stadtwerke Landau Kommunales Unternehmen 1 Datensatz" in text

    def test_the_outline_leads_to_the_town_not_to_its_company(self, app):
        for path in ("/organization/", "/"):
            body = app.get(path).body
            assert re.findall(
                r'<a href="(/organization/[^"]+)" aria-label="([^"]+)"><path', body
            ) == [("/organization/landau", "Stadt Landau")]

    def test_the_list_can_be_searched(self, app):
        body = app.get("/organization/", query_string={"q": "stadtwerke"}).body
        assert "Kommunales Unternehmen" in body
        assert "Gemeinde oder Stadt" not in body
        nobody = app.get("/organization/", query_string={"q": "<qq>"}).body
        assert "Kein Mitglied heißt so ähnlich wie „&lt;qq&gt;“" in nobody

    def test_the_page_has_colour_contact_and_the_same_search(self, app):
        body = app.get("/organization/landau", query_string={"verbund_theme": TRAFFIC}).body
        assert "--kern-color-action-default:#7a1f3d" in body
        assert "mailto:daten@landau.example" in body
        assert names(body) == ["zaehlung"]
        assert "Thema: Verkehr" in text_of(body)
        empty = app.get(
            "/organization/landau", query_string={"q": "Solarstrom", "verbund_theme": TRAFFIC}
        )
        assert "ohne Suchwörter: Solarstrom – 1 Datensatz" in text_of(empty.body)


class TestMap:
    def test_places_with_data_are_links(self, app):
        body = app.get("/karte", query_string={"q": "Verkehrszählung"}).body
        assert "/dataset/?q=Verkehrsz%C3%A4hlung&amp;ext_place=07313000" in body
        assert "Landau in der Pfalz" in text_of(body)

    def test_four_fields_lead_to_a_section(self, app):
        query = {"west": "8,05", "south": "49.1", "east": "8.1", "north": "49.2", "q": "Baum"}
        answer = app.get("/karte/ausschnitt", query_string=query, follow_redirects=False)
        assert answer.headers["Location"].endswith(
            "/dataset/?q=Baum&ext_bbox=8.05%2C49.1%2C8.1%2C49.2"
        )
