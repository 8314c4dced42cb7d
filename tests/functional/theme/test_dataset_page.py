# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of datasets and files: whole, bounded, and nothing for whom it is not."""

import io
import json
import re
from html.parser import HTMLParser

import pytest
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.verbund.tables.loading import load_resource
from ckanext.verbund.theme import dataset as pages
from ckanext.verbund.theme import fields, together

DE = "http://dcat-ap.de/def/"
EU = "http://publications.europa.eu/resource/authority/"
LICENCE = DE + "licenses/dl-by-de/2.0"
SAMPLE = (
    "https://musterdatenkatalog.de/def/musterdatensatz/freizeit/spielplatz-und-spielstaette"
)
CSV = "Ortsteil;Jahr;Einwohner\r\n" + "".join(
    f"{place};{year};{people}\r\n"
    for place, people in (("Nord", 1200), ("Süd", 3400))
    for year in (2023, 2024, 2025)
)


class Parts(HTMLParser):
    """What of a page could run or lead away."""

    def __init__(self, html):
        super().__init__()
        self.links, self.handlers, self.tags, self.text = [], [], [], []
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._script = tag in {"script", "style"}
        for name, value in attrs:
            if name in {"href", "src", "action", "formaction"}:
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append((tag, name))

    def handle_endtag(self, tag):
        self._script = False

    def handle_data(self, data):
        if not self._script:
            self.text.append(data)


@pytest.fixture(scope="module")
def app(portal, reset_index):
    """One portal for all tests here."""
    reset_index()
    return portal


@pytest.fixture
def member(app):
    return factories.Organization(title="Stadt Musterhausen")


def read(app, dataset, **environ):
    return app.get(f"/dataset/{dataset['name']}", **environ).body


def visible(html):
    return " ".join(" ".join(Parts(html).text).split())


def call(action, **data):
    return helpers.call_action(action, context={"user": factories.Sysadmin()["name"]}, **data)


def create(member, **values):
    base = {"owner_org": member["id"], "notes": "Daten der Stadt.", "title": "Spielplätze"}
    return factories.Dataset(**(base | values))


def with_table(member, **values):
    dataset = create(member, **values)
    resource = call(
        "resource_create",
        package_id=dataset["id"],
        name="Einwohner",
        format="CSV",
        license=LICENCE,
        upload=FileStorage(io.BytesIO(CSV.encode("cp1252")), filename="einwohner.csv"),
    )
    load_resource(resource["id"])
    return dataset, helpers.call_action("resource_show", id=resource["id"])


def test_a_minimal_dataset_has_a_whole_page(app, member):
    html = read(app, create(member))
    text = visible(html)
    assert "Spielplätze" in text
    assert "Es gibt noch keine Dateien." in text
    assert "Es ist keine Lizenz angegeben" in text
    assert html.count("<h1") == 1
    # What has no value is not shown.
    assert "Bekannte Lücken und Grenzen" not in text
    assert "Vorschau" not in text


def test_a_full_dataset_says_what_one_must_know(app, member):
    dataset, _resource = with_table(
        member,
        known_limits="Der Westen fehlt.",
        measuring_method="Fortschreibung",
        data_origin="administrative",
        frequency=EU + "frequency/ANNUAL",
        modified="2020-01-31",
        temporal_coverage=[{"start": "2023-01-01", "end": "2025-12-31"}],
        temporal_resolution="P1Y",
        spatial_coverage=[{"text": "Kaiserslautern"}],
        theme=[EU + "data-theme/SOCI"],
        contact=[{"name": "Statistik", "email": "statistik@stadt.example"}],
    )
    html = read(app, dataset)
    text = visible(html)
    for shown in (
        "Der Westen fehlt.", "Verwaltungsverfahren", "01.01.2023 bis 31.12.2025", "1 Jahr",
        "Aktualisierung: jährlich", "6 Zeilen", "Trennzeichen Semikolon", "Windows-1252",
        "Lizenz: Namensnennung", "dl-de/by-2-0 (https://www.govdata.de/dl-de/by-2-0)",
        "statistik@stadt.example", "Stadt Musterhausen", "Einwohner, Summe",
    ):  # fmt: skip
        assert shown in text, shown
    # The chart has its values in a table, German.
    assert re.search(r'<th scope="row">2025</th><td[^>]*>4\.600</td>', html)
    assert 'Herunterladen<span class="visually-hidden">: Einwohner</span>' in html


def test_the_chart_is_drawn_as_somebody_wishes(app, member):
    dataset, _ = with_table(member)
    html = app.get(f"/dataset/{dataset['name']}?x=Ortsteil&y=Einwohner&how=mean").body
    assert "Einwohner, Mittelwert nach Ortsteil" in visible(html)
    html = app.get(f"/dataset/{dataset['name']}?x=Einwohner;DROP&y=Ortsteil").body
    assert "Diese Spalte passt nicht in ein Diagramm" in visible(html)


def test_promises_that_are_not_kept_are_named(app, member):
    old = create(member, frequency=EU + "frequency/ANNUAL", modified="2020-01-31")
    assert "Überfällig seit 31.01.2021" in visible(read(app, old))
    final = create(member, frequency=EU + "frequency/NEVER", modified="2020-01-31")
    assert "Überfällig" not in visible(read(app, final))
    assert "Abgeschlossen" in visible(read(app, final))


def test_a_series_and_a_service_have_their_pages(app, member):
    series = create(member, type="dataset_series", title="Haushaltspläne")
    assert "Haushaltspläne" in visible(app.get(f"/dataset_series/{series['name']}").body)
    service = create(
        member, type="data_service", title="WFS", endpoint_url=["https://geo.stadt.example/wfs"],
        license=LICENCE,
    )  # fmt: skip
    assert "Haushaltspläne [Datensatzreihe]." in visible(
        app.get(f"/dataset_series/{series['name']}").body
    )
    html = app.get(f"/data_service/{service['name']}").body
    assert "WFS [Datendienst]." in visible(html)
    assert "https://geo.stadt.example/wfs" in Parts(html).links
    assert "Lizenz: Namensnennung" in visible(html)


def year(member, number, **values):
    period = [{"start": f"{number}-01-01", "end": f"{number}-12-31"}]
    title = f"Haushalt {number}"
    return create(member, title=title, temporal_coverage=period, **values)


def test_a_series_lists_its_datasets_newest_first_and_they_lead_back(app, member):
    series = create(member, type="dataset_series", title="Haushaltspläne")
    other = create(member, type="dataset_series", title="Jahresabschlüsse")
    path = f"/dataset_series/{series['name']}"
    text = visible(app.get(path).body)
    assert "Zu dieser Reihe gehört noch kein Datensatz." in text
    assert "keine Lizenz" not in text
    old = year(member, 2024, in_series=[series["name"], other["id"]])
    year(member, 2026, in_series=[series["id"]])
    year(member, 2025, in_series=[series["id"]], private=True)
    year(member, 2023, in_series=[other["id"]])
    html = app.get(path).body
    assert re.search(r"2026 Haushalt 2026 2024 Haushalt 2024", visible(html))
    assert f"/dataset/{old['name']}" in Parts(html).links
    assert "Haushalt 2025" not in html
    assert "Haushalt 2023" not in html
    editor = factories.UserWithToken()
    call("organization_member_create", id=member["id"], username=editor["name"], role="editor")
    own = app.get(path, headers={"Authorization": editor["token"]}).body
    assert "2026 Haushalt 2026 2025 Haushalt 2025 2024 Haushalt 2024" in visible(own)
    back = read(app, old)
    assert "Teil der Reihe Haushaltspläne , Jahresabschlüsse" in visible(back)
    assert path in Parts(back).links
    assert "Teil der Reihe" not in visible(read(app, create(member)))


def test_a_long_series_is_bounded_and_can_be_seen_whole(app, member, monkeypatch):
    monkeypatch.setattr(together, "MOST", 1)
    series = create(member, type="dataset_series", title="Haushaltspläne")
    year(member, 2024, in_series=[series["id"]])
    year(member, 2025, in_series=[series["id"]])
    text = visible(app.get(f"/dataset_series/{series['name']}").body)
    assert "Haushalt 2025" in text
    assert "Haushalt 2024" not in text
    assert "1 von 2 Datensätzen sind zu sehen." in text
    whole = app.get(f"/dataset_series/{series['name']}?datensaetze=alle").body
    assert "Haushalt 2024" in visible(whole)


def test_a_harvested_series_is_known_by_its_address(app, member):
    iri = "https://daten.nachbar.example/dataset/reihe"
    here = [{"key": "guid", "value": iri}]
    series = create(member, type="dataset_series", title="Luftbilder", uri=iri, extras=here)
    part = create(
        member, title="Luftbild 2024", in_series=[iri],
        extras=[{"key": "guid", "value": "https://daten.nachbar.example/dataset/1"}],
    )  # fmt: skip
    assert "Luftbild 2024" in visible(app.get(f"/dataset_series/{series['name']}").body)
    assert f"/dataset_series/{series['name']}" in Parts(read(app, part)).links


def test_a_service_lists_the_datasets_that_it_offers(app, member):
    trees, hidden = create(member, title="Bäume"), create(member, title="Q", private=True)
    elsewhere = "https://daten.nachbar.example/dataset/2"
    service = create(
        member, type="data_service", title="WFS", license=LICENCE,
        endpoint_url=["https://geo.stadt.example/wfs"],
        serves_dataset=[trees["name"], trees["id"], hidden["name"], "gibt-es-nicht", elsewhere],
    )  # fmt: skip
    html = app.get(f"/data_service/{service['name']}").body
    assert Parts(html).links.count(f"/dataset/{trees['name']}") == 1
    assert "Bäume" in visible(html)
    assert elsewhere in Parts(html).links
    assert hidden["name"] not in html
    assert "gibt-es-nicht" not in html
    path = f"/data_service/{service['name']}"
    back = read(app, trees)
    assert "Auch als Dienst: WFS" in visible(back)
    assert path in Parts(back).links
    assert "Auch als Dienst" not in visible(read(app, create(member)))


def test_a_service_that_a_reader_may_not_see_is_not_named(app, member):
    trees = create(member, title="Bäume")
    create(
        member, type="data_service", title="WFS", license=LICENCE, private=True,
        endpoint_url=["https://geo.stadt.example/wfs"], serves_dataset=[trees["id"]],
    )  # fmt: skip
    assert "WFS" not in visible(read(app, trees))


def test_page_and_list_say_the_same_day(app, member):
    create(
        member, title="Zählung 2020", modified="2020-01-31", frequency=EU + "frequency/NEVER",
        resources=[
            {"url": "https://x.example/a.csv", "modified": "2020-05-01", "license": LICENCE}
        ],
    )  # fmt: skip
    text = visible(app.get("/dataset/?q=Zählung").body)
    assert "Stand 1. Mai 2020" in text
    assert "niemals" not in text.split("Stand 1. Mai 2020")[1][:40]


def test_an_id_leads_to_the_name(app, member):
    dataset = create(member)
    answer = app.get(f"/dataset/{dataset['id']}", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/dataset/{dataset['name']}")


def test_private_data_are_for_the_member_alone(app, member):
    dataset, resource = with_table(member, private=True)
    paths = [f"/dataset/{dataset['name']}", f"/dataset/{dataset['name']}/zitat.bib"]
    paths += [f"/dataset/{dataset['name']}/resource/{resource['id']}"]
    for path in paths:
        assert app.get(path, status=404)
    stranger = factories.UserWithToken()
    editor = factories.UserWithToken()
    call("organization_member_create", id=member["id"], username=editor["name"], role="editor")
    for user, status in ((stranger, 404), (editor, 200)):
        app.get(paths[0], headers={"Authorization": user["token"]}, status=status)
    for action, query in (
        ("verbund_table_facts", f"id={dataset['id']}"),
        ("verbund_table_preview", f"resource_id={resource['id']}"),
    ):
        app.get(f"/api/3/action/{action}?{query}", status=403)
        app.get(
            f"/api/3/action/{action}?{query}",
            headers={"Authorization": editor["token"]},
            status=200,
        )


def test_similar_data_are_those_one_may_see(app, member):
    here = create(member, title="Rodelhänge", theme=[EU + "data-theme/REGI"])
    other = factories.Organization(title="Stadt Nachbarort")
    create(other, title="Öffentliche Rodelhänge")
    create(other, title="Geheime Rodelhänge", private=True)
    create(other, title="Haushaltsplan", theme=[EU + "data-theme/REGI"])
    html = read(app, here)
    assert "Öffentliche Rodelhänge" in html
    assert "Stadt Nachbarort" in html
    assert "Geheime" not in html
    assert "Haushaltsplan" not in html


def test_similar_data_and_services_are_found_with_one_query_each(app, member, monkeypatch):
    dataset = create(member)
    asked = []
    search = pages.tk.get_action

    def get_action(name):
        asked.append(name)
        return search(name)

    monkeypatch.setattr(pages.tk, "get_action", get_action)
    read(app, dataset)
    assert asked.count("package_search") == 2


def test_five_hundred_files_stay_a_page(app, member):
    resources = [
        {"url": f"https://stadt.example/{n}.csv", "name": f"Datei {n}", "license": LICENCE}
        for n in range(500)
    ]
    dataset = create(member, resources=resources)
    html = read(app, dataset)
    assert "30 von 500 Dateien sind zu sehen." in visible(html)
    assert html.count('class="verbund-file"') == 30
    assert len(html) < 150_000
    whole = app.get(f"/dataset/{dataset['name']}?dateien=alle").body
    assert whole.count('class="verbund-file"') == 500


def test_citations_are_files(app, member):
    dataset = create(member)
    bib = app.get(f"/dataset/{dataset['name']}/zitat.bib")
    assert bib.body.startswith("@misc{")
    assert "attachment" in bib.headers["Content-Disposition"]
    assert app.get(f"/dataset/{dataset['name']}/zitat.ris").body.startswith("TY  - DATA")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", " JavaScript:alert(1)//http://x", "data:text/html,x", "//x", "x",
        "java\nscript:alert(1)", "http:alert(1)", "http://[", "", None, 7,
    ],
)  # fmt: skip
def test_only_addresses_of_pages_become_links(address):
    assert fields.link(address) == ""
    assert fields.link(" https://stadt.example/a?b=c ") == "https://stadt.example/a?b=c"


HOSTILE = "javascript:alert(1)//http://x"
SCRIPT = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


def test_nothing_of_a_harvested_dataset_runs(app, member):
    agent = {"name": SCRIPT, "url": HOSTILE, "email": "x@stadt.example", "uri": HOSTILE}
    dataset = create(
        member,
        title="Titel " + SCRIPT,
        notes=f"{SCRIPT} [Link]({HOSTILE}) <a href='{HOSTILE}'>x</a> ![b]({HOSTILE})",
        url=HOSTILE,
        uri=HOSTILE,
        documentation=[HOSTILE, "data:text/html,<script>alert(1)</script>"],
        conforms_to=[HOSTILE],
        known_limits=SCRIPT,
        provenance=f"[Link]({HOSTILE})",
        version=SCRIPT,
        publisher=[agent],
        creator=[agent],
        contact=[agent | {"telephone": HOSTILE}],
        spatial_coverage=[{"text": SCRIPT, "uri": HOSTILE}],
        tags=[{"name": "harmlos"}],
        extras=[
            {"key": "guid", "value": HOSTILE},
            {"key": "harvest_source_title", "value": SCRIPT},
        ],
        resources=[
            {
                "url": HOSTILE, "name": SCRIPT, "description": SCRIPT, "format": SCRIPT,
                "license": HOSTILE, "documentation": [HOSTILE], "access_url": HOSTILE,
                "license_attribution_by_text": SCRIPT,
            }
        ],
    )  # fmt: skip
    resource = dataset["resources"][0]["id"]
    for path in ("", f"/resource/{resource}"):
        html = app.get(f"/dataset/{dataset['name']}{path}").body
        parts = Parts(html)
        bad = [x for x in parts.links if x.strip().lower().startswith(("javascript", "data"))]
        assert bad == [], path
        assert parts.handlers == [], path
        assert "alert(1)</script>" not in html, path
        assert "<img src=x" not in html, path
    text = visible(read(app, dataset))
    assert "Herausgegeben von" in text
    assert "Zur Seite der Quelle" not in text


def test_a_harvested_dataset_names_its_home(app, member):
    dataset = create(
        member,
        uri="https://daten.nachbar.example/dataset/1",
        publisher=[{"name": "Stadt Nachbar"}, {"name": "Stadt Nachbar"}],
        extras=[
            {"key": "guid", "value": "https://daten.nachbar.example/dataset/1"},
            {"key": "harvest_source_title", "value": "Offene Daten Nachbar"},
        ],
    )
    html = read(app, dataset)
    text = visible(html)
    assert "Herausgegeben von Stadt Nachbar." in text
    assert "Offene Daten Nachbar" in text
    assert "https://daten.nachbar.example/dataset/1" in Parts(html).links
    # It is cited at its home, by its publisher.
    assert re.search(r"Stadt Nachbar \([^)]+\): Spielplätze", text)


def test_search_engines_get_the_dataset_and_no_way_out(app, member):
    dataset = create(member, title="Bäume </script><b>")
    html = read(app, dataset)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert "schema.org" in found[1]
    assert "\\u003c/script\\u003e" in found[1]
    call("package_patch", id=dataset["id"], title="Sträucher")
    found = re.search(r'ld\+json">(.*?)</script>', read(app, dataset), re.DOTALL)
    assert "Sträucher" in json.dumps(json.loads(found[1]), ensure_ascii=False)


def test_the_page_of_a_file(app, member):
    dataset, resource = with_table(member)
    html = app.get(f"/dataset/{dataset['name']}/resource/{resource['id']}").body
    text = visible(html)
    for shown in ("Zurück zum Datensatz", "6 Zeilen", "Ganze Zahl", "Lizenz: Namensnennung"):
        assert shown in text, shown
    assert f"datastore_search?resource_id={resource['id']}" in html
    assert "Tabelle aus dieser Datei" not in text
    admin = factories.SysadminWithToken()
    url = f"/dataset/{dataset['name']}/resource/{resource['id']}"
    html = app.get(url, headers={"Authorization": admin["token"]}).body
    assert "Tabelle aus dieser Datei" in visible(html)


def test_places_of_a_file_are_a_map(app, member):
    dataset = create(member)
    content = b"Name;Breitengrad;L\xc3\xa4ngengrad\nA;49,44;7,77\nB;49,45;7,75\n"
    resource = call(
        "resource_create", package_id=dataset["id"], format="CSV", license=LICENCE, name="Orte",
        upload=FileStorage(io.BytesIO(content), filename="orte.csv"),
    )  # fmt: skip
    load_resource(resource["id"])
    html = read(app, dataset)
    assert "Karte: 2 Orte in oder bei Kaiserslautern" in html
    assert html.count("<circle") == 2
