# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 (a table of RDF)
"""A good description is left in peace; each fault is named, with what to do about it."""

import re
import statistics
import time
from datetime import date
from pathlib import Path

import pytest
from rdflib import Graph

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.dcatde import rules
from ckanext.verbund.domain.dcatde.check import LAYERS, check, validated
from ckanext.verbund.domain.dcatde.graph import BASE

SAMPLES = Path(__file__).parents[2] / "samples" / "rdf"
TODAY = date(2026, 11, 24)
EX = "https://daten.stadt.example/"
WKT = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
BOX = 'dcat:bbox "{}"^^geo:wktLiteral'
SPATIAL = "dct:spatial <http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07312000> ;"
PUBLISHER = "dct:publisher :stelle\\/1 ;"
BY = "dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> ;"
CSV = ":dataset\\/1\\/csv a dcat:Distribution ;"
DATASET = ":dataset\\/1 a dcat:Dataset ;"
SERVICE = """
:dienst\\/1 a dcat:DataService ; dct:title "Dienst" ; dct:publisher :stelle\\/1 ;
  dcat:endpointURL <https://geo.stadt.example/wfs> {} .
"""


def findings(text: str, **options) -> list:
    graph = Graph().parse(data=text, format="turtle")
    return check(graph, today=TODAY, **options)


def sample(name: str = "minimal") -> str:
    return (SAMPLES / f"{name}.ttl").read_text(encoding="utf-8")


def changed(old: str, new: str, name: str = "minimal") -> str:
    text = sample(name)
    assert old in text, old
    return text.replace(old, new)


def place(content: str) -> str:
    return changed(SPATIAL, f"dct:spatial [ a dct:Location ; {content} ] ;")


@pytest.mark.parametrize("name", ["minimal", "vollstaendig", "hvd", "reihe", "dienst"])
def test_of_a_good_sample_there_is_nothing_to_say(name):
    assert findings(sample(name)) == []


def test_the_duties_alone_give_no_error_but_advice():
    found = findings(sample("pflicht"))
    assert found
    assert {f.severity for f in found} == {"warning", "hint"}


def test_every_rule_is_shown_to_fire():
    fired = {rule for rule, _text, _subject in FIRING}
    assert fired == set(rules.rules())


# rule, spoilt text, end of the subject's address
FIRING = [
    ("K01", changed("vcard:hasEmail <mailto:offene-daten@stadt.example>",
                    "vcard:hasTelephone <tel:+49631>"), "dataset/1"),
    ("K03", changed(DATASET, f"{DATASET} dct:language "
                    "<http://publications.europa.eu/resource/authority/language/ENG> ;"),
     "dataset/1"),
    ("K04", place('locn:geometry [ a locn:Geometry ; geo:asGML "<gml:Point/>"^^geo:gmlLiteral ]'),
     "dataset/1"),
    ("K05", place(BOX.format("POLYGON((49.3 7.6,49.5 7.6,49.5 7.9,49.3 7.9,49.3 7.6))")),
     "dataset/1"),
    ("K06", place('dcat:bbox "7.6,49.3,7.9,49.5"'), "dataset/1"),
    ("K09", changed("dcatde:politicalGeocodingLevelURI "
                    "<http://dcat-ap.de/def/politicalGeocoding/Level/municipality> ;", ""),
     "dataset/1"),
    ("K12", changed("contributors/openGovernmentDataPortalRheinlandPfalz", "contributors/meins"),
     "dataset/1"),
    ("K13", changed("contributors/openGovernmentDataPortalRheinlandPfalz>",
                    "contributors/openGovernmentDataPortalRheinlandPfalz>, "
                    "<http://dcat-ap.de/def/contributors/metropolregionRheinNeckar>"),
     "dataset/1"),
    ("K19", changed('"Spielplätze" ;', '"Spielplätze 2024" ;'), "dataset/1"),
    ("K20", changed("dcat:distribution :dataset\\/1\\/csv .", """dcat:distribution
      [ a dcat:Distribution ; dct:title "Stand 2023" ], [ a dcat:Distribution ; dct:title
      "Stand 2024" ] ."""), "dataset/1"),
    ("K21", changed(DATASET, f"{DATASET} dct:source :dataset\\/1 ;"), "dataset/1"),
    ("K22", changed(CSV, f"{CSV} adms:status <http://publications.europa.eu/resource/authority/"
                    "distribution-status/DEVELOP> ;"), "dataset/1/csv"),
    ("K31", changed("dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;",
                    ""), "dataset/1/csv"),
    ("K32", changed("licenses/dl-by-de/2.0", "licenses/quatsch"), "dataset/1/csv"),
    ("K32-service", sample() + SERVICE.format("; dcat:servesDataset :dataset\\/1"), "dienst/1"),
    ("K35", changed('dcatde:licenseAttributionByText "Stadt Beispielhausen" ;', ""), "dataset/1/csv"),
    ("K36", changed(":stelle\\/1 a foaf:Agent ;", ":stelle\\/1 a foaf:Person ;"), "dataset/1"),
    ("K37", changed("publishertype/LocalAuthority", "publishertype/Company"), "dataset/1"),
    ("K39", changed("dcat:downloadURL <https://daten.stadt.example/spielplaetze.csv> ;", ""),
     "dataset/1/csv"),
    ("K41", changed(CSV, f"{CSV} dcat:accessService :dienst\\/1 ;"), "dataset/1/csv"),
    ("K41-access", changed(CSV, f"{CSV} dcat:accessService :dienst\\/1 ;") + SERVICE.format(""),
     "dataset/1/csv"),
    ("govdata.no_literal_keyword", changed('dcat:keyword "Spielplatz", "Kinder" ;', ""),
     "dataset/1"),
    ("govdata.no_correct_publisher", changed('foaf:name "Stadt Beispielhausen" ;', ""),
     "dataset/1"),
    ("govdata.multiple_licenses", changed(BY, BY + BY.replace("dl-by-de/2.0", "cc-zero")), "dataset/1/csv"),
    ("govdata.no_license", changed(BY, ""), "dataset/1/csv"),
    ("govdata.no_license_from_list", changed("licenses/dl-by-de/2.0", "licenses/quatsch"), "dataset/1/csv"),
    ("govdata.no_open_license_from_list", changed("dl-by-de/2.0", "cc-by-nd/4.0"), "dataset/1/csv"),
    ("Q-title-unclear", changed('dct:title "Spielplätze" ;', 'dct:title "E1" ;'), "dataset/1"),
    ("Q-title-file", changed('dct:title "Spielplätze" ;', 'dct:title "spiel_neu.csv" ;'),
     "dataset/1"),
    ("Q-title-long", changed('dct:title "Spielplätze" ;', f'dct:title "{"Spiel und " * 11}" ;'),
     "dataset/1"),
    ("Q-description-short", changed("Alle öffentlichen Spielplätze mit Lage, Geräten und "
     "Altersgruppe. Spielplätze von Kitas fehlen.", "Alle Plätze."), "dataset/1"),
    ("Q-description-title", changed("Alle öffentlichen Spielplätze mit Lage, Geräten und "
     "Altersgruppe. Spielplätze von Kitas fehlen.", "spielplätze"), "dataset/1"),
    ("Q-description-markup", changed("Alle öffentlichen", "**Alle** öffentlichen"), "dataset/1"),
    ("Q-keyword-list", changed('"Spielplatz", "Kinder"', '"Spielplatz; Kinder"'), "dataset/1"),
    ("Q-keyword", changed('dcat:keyword "Spielplatz", "Kinder" ;', ""), "dataset/1"),
    ("Q-theme", changed("dcat:theme <http://publications.europa.eu/resource/authority/"
                        "data-theme/SOCI> ;", ""), "dataset/1"),
    ("Q-contact", re.sub(r"  dcat:contactPoint .*\n", "", sample()), "dataset/1"),
    ("Q-spatial", changed(SPATIAL, ""), "dataset/1"),
    ("Q-temporal", re.sub(r"  dct:temporal .*\n", "", sample()), "dataset/1"),
    ("Q-availability", re.sub(r"  dcatap:availability .*\n", "", sample(), count=1), "dataset/1"),
    ("Q-distribution", changed("dcat:distribution :dataset\\/1\\/csv .", "."), "dataset/1"),
    ("Q-distribution-title", changed('dct:title "Spielplätze als Tabelle" ;', ""), "dataset/1/csv"),
    ("Q-modified", changed('dct:modified "2026-05-02"^^xsd:date ;', ""), "dataset/1"),
    ("Q-identifier-double", sample() + ':dataset\\/9 a dcat:Dataset ; '
     'dct:identifier "67-SPIEL-001" .', None),
    ("Q-date-unreadable", changed('"2024-03-01"^^xsd:date', '"im März"'), "dataset/1"),
    ("Q-date-future", changed('dct:modified "2026-05-02"', 'dct:modified "2062-05-02"'),
     "dataset/1"),
    ("Q-date-early", changed('"2024-03-01"^^xsd:date', '"0204-03-01"^^xsd:date'), "dataset/1"),
    ("Q-date-order", changed('"2024-03-01"^^xsd:date', '"2026-06-01"^^xsd:date'), "dataset/1"),
    ("Q-period-order", changed('dcat:startDate "2024-01-01"^^xsd:date',
     'dcat:startDate "2024-01-01"^^xsd:date ; dcat:endDate "2023-01-01"^^xsd:date'), "dataset/1"),
    ("Q-stale", changed(DATASET, f"{DATASET} dct:accrualPeriodicity "
     "<http://publications.europa.eu/resource/authority/frequency/WEEKLY> ;"), "dataset/1"),
    ("Q-box-outside", place(BOX.format("POINT(457000 5476000)")), "dataset/1"),
    ("Q-box-abroad", place(BOX.format("POLYGON((2 48,3 48,3 49,2 49,2 48))")), "dataset/1"),
    ("Q-box-empty", place(BOX.format("POLYGON((7.6 49.3,7.6 49.3,7.6 49.5,7.6 49.3))")),
     "dataset/1"),
    ("Q-address-double", changed("dcat:distribution :dataset\\/1\\/csv .", """dcat:distribution
      :dataset\\/1\\/csv, [ a dcat:Distribution ;
      dcat:accessURL <https://daten.stadt.example/spielplaetze.csv> ] ."""), None),
    ("Q-address-local", changed("dcat:accessURL <https://daten.stadt.example/",
                                "dcat:accessURL <http://192.168.1.7/"), "dataset/1/csv"),
    ("Q-address-relative", changed("dcat:accessURL <https://daten.stadt.example/",
                                   f"dcat:accessURL <{BASE}"), "dataset/1/csv"),
    ("Q-columns-promised", changed("Alle öffentlichen", "Spalten „Lage“ und „Alter“. Alle "
                                   "öffentlichen"), "dataset/1"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "subject"), FIRING, ids=[rule for rule, *_ in FIRING])
def test_rule_fires(rule, text, subject):
    layer = {"K": "conventions", "g": "govdata", "Q": "quality"}[rule[0]]
    columns = {f"{EX}dataset/1/csv": ["Name", "Lage"]}
    found = [f for f in findings(text, layers=[layer], columns=columns)
             if f.id == f"dcatde.{rule}"]  # fmt: skip
    assert found, rule
    assert all(f.message_de and f.message_en and f.remedy_de and f.rule_source for f in found)
    assert not any("{" in f.message_de + f.remedy_de + f.message_en for f in found)
    if subject:
        assert f"{EX}{subject}" in {f.subject for f in found}


# -- near misses --------------------------------------------------------------------------


QUIET = [
    ("K01", changed("vcard:hasEmail <mailto:offene-daten@stadt.example>",
                    "vcard:hasURL <https://www.stadt.example/kontakt>")),
    ("K05", place(BOX.format("POLYGON((7.6 49.3,7.9 49.3,7.9 49.5,7.6 49.5,7.6 49.3))"))),
    ("K05", place(BOX.format("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(49.3 7.6)"))),
    ("K05", place(BOX.format("<http://www.opengis.net/def/crs/EPSG/0/25832> POINT(410000 54)"))),
    ("K06", place('locn:geometry <geo:49.4,7.7>')),
    ("K13", changed("contributors/openGovernmentDataPortalRheinlandPfalz>",
                    "contributors/openGovernmentDataPortalRheinlandPfalz>, <https://land.example/x>")),
    ("K19", changed('"Spielplätze" ;', '"Haushaltsplan-Konten 20240 bis 20249" ;')),
    ("K19", changed('"Spielplätze" ;', '"Beispielhausener Spielplätze" ;')),
    ("K19", changed('"Spielplätze" ;', '"Bäume in Stadt und Land, Kreis Unbekanntes" ;')),
    ("K20", changed("dcat:distribution :dataset\\/1\\/csv .", """dcat:distribution
      [ a dcat:Distribution ; dct:title "Plätze" ], [ a dcat:Distribution ; dct:title "Geräte" ] .""")),
    ("K32", changed("licenses/dl-by-de/2.0", "licenses/dl-by-de/2.0/")),
    ("K35", changed("dl-by-de/2.0", "dl-zero-de/2.0").replace(
        'dcatde:licenseAttributionByText "Stadt Beispielhausen" ;', "")),
    ("K39", changed("dcat:downloadURL <https://daten.stadt.example/spielplaetze.csv> ;", "").replace(
        "spielplaetze.csv", "spielplaetze")),
    ("Q-description-markup", changed("Alle öffentlichen", "<b>Alle</b> [öffentlichen] 2 * 3 * 4")),
    ("Q-distribution", changed("dcat:distribution :dataset\\/1\\/csv .", "dct:accessRights "
     "<http://publications.europa.eu/resource/authority/access-right/RESTRICTED> .")),
    ("Q-stale", changed(DATASET, f"{DATASET} dct:accrualPeriodicity "
     "<http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;")),
    ("Q-date-order", changed('"2024-03-01"^^xsd:date', '"2026"^^xsd:gYear')),
    ("Q-title-unclear", changed('dct:title "Spielplätze" ;', 'dct:title "Kitas" ;')),
    ("Q-columns-promised", changed("Alle öffentlichen", "Spalte „lage“. Alle „Plätze“")),
    ("Q-address-local", changed("dcat:accessURL <https://daten.stadt.example/",
                                "dcat:accessURL <https://10er-platz.example/")),
    ("Q-address-relative", sample("minimal")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), QUIET, ids=[f"{rule}-{n}" for n, (rule, _) in
                                                      enumerate(QUIET)])  # fmt: skip
def test_rule_keeps_quiet(rule, text):
    columns = {f"{EX}dataset/1/csv": ["Name", "Lage"]}
    assert f"dcatde.{rule}" not in {f.id for f in findings(text, columns=columns)}


def test_within_a_series_the_year_may_stand_in_the_title():
    assert not [f for f in findings(sample("reihe")) if f.id == "dcatde.K19"]
    alone = sample("reihe").replace("dcat:inSeries :reihe\\/3 ;", "")
    assert [f.message_de for f in findings(alone) if f.id == "dcatde.K19"] == [
        "Der Titel nennt „2026“; dafür gibt es eigene Felder."
    ]


def test_title_names_the_place_of_the_key_or_of_the_publisher():
    for title, named in (
        ("Bäume in Kaiserslautern", "Kaiserslautern"),  # 07312000
        ("Beispielhausen: Bäume", "Beispielhausen"),
        ("Bäume der Stadt Moers", "Stadt Moers"),
    ):
        text = changed('dct:title "Spielplätze" ;', f'dct:title "{title}" ;')
        assert [f"„{named}“" in f.message_de for f in findings(text)] == [True]


# -- what is said of shapes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (PUBLISHER, "", {
            "id": "dcatde.dataset.publisher.missing", "severity": "error",
            "property": "dct:publisher", "subject": f"{EX}dataset/1", "link": "#field-publisher",
            "message_de": "Datensatz: „Veröffentlichende Stelle“ fehlt.",
            "message_en": "Dataset: “Publisher” is missing.",
            "rule_source": "DCAT-AP.de 3.0; GovData-Dashboard",
        }),
        ("file-type/CSV", "file-type/csv-Datei", {
            "id": "dcatde.distribution.format.unlisted", "link": "#field-format",
            "message_de": "Datei oder Zugang: „Format“ muss aus einer festen Liste sein; "
            "„http://publications.europa.eu/resource/authority/file-type/csv-Datei“ "
            "steht nicht darin.",
        }),
        ("<http://publications.europa.eu/resource/authority/file-type/CSV>", '"csv"', {
            "id": "dcatde.distribution.format.unlisted",
            "remedy_de": "Wählen Sie einen Wert aus der Liste. Gemeint ist vermutlich „CSV“: "
            "http://publications.europa.eu/resource/authority/file-type/CSV.",
        }),
        ("<mailto:offene-daten@stadt.example>", '"offene-daten@stadt.example"', {
            "id": "dcatde.kind.hasemail.kind-iri", "subject": f"{EX}dataset/1",
            "property": "dcat:contactPoint/vcard:hasEmail", "link": "#field-contact",
            "remedy_de": "Geben Sie eine vollständige Adresse an, hier vermutlich "
            "mailto:offene-daten@stadt.example.",
        }),
        ('vcard:hasEmail <mailto:offene-daten@stadt.example>', "", {
            "message_de": "Kontakt: „E-Mail, Kontaktformular oder Telefon“ fehlt.",
        }),
        (DATASET, f'{DATASET} dcatde:maintainer "Amt 67" ;', {
            "id": "dcatde.dataset.maintainer.deprecated", "severity": "warning",
            "remedy_de": "Benutzen Sie geodcatap:custodian.",
        }),
        (CSV, f'{CSV} dcat:byteSize "12.0"^^xsd:decimal ;', {
            "message_de": "Datei oder Zugang: „Größe in Byte“ hat mit „12.0“ nicht die verlangte "
            "Form: eine ganze Zahl ohne Komma, etwa 12345.",
        }),
        (CSV, f"{CSV} dcat:mediaType <https://stadt.example/quatsch> ;", {
            "id": "dcatde.distribution.mediatype.unlisted",
            "remedy_de": "Wählen Sie einen Wert aus der Liste, etwa "
            "https://www.iana.org/assignments/media-types/text/csv.",
        }),
        (CSV, f"{CSV} adms:status <http://purl.org/adms/status/Completed> ;", {
            "id": "dcatde.distribution.status.unlisted", "severity": "error",
        }),
        (DATASET, f"{DATASET} dcatap:hvdCategory <http://data.europa.eu/bna/c_b79e35eb> ;", {
            "id": "dcatde.dataset.applicablelegislation.missing",
            "rule_source": "DCAT-AP HVD 3.0.0 (SEMIC)",
        }),
        (PUBLISHER, "dct:publisher :niemand ;", {
            "id": "dcatde.dataset.publisher.class",
            "remedy_de": "Beschreiben Sie das Ziel im selben Dokument und geben Sie ihm den Typ "
            "Stelle (foaf:Agent).",
        }),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:24],
)  # fmt: skip
def test_what_a_shape_finds_is_told_in_words(old, new, said):
    found = findings(changed(old, new))
    assert [f for f in found if all(getattr(f, key) == value for key, value in said.items())], (
        found
    )


def test_one_fault_is_told_once():
    found = findings(changed(BY, ""))
    assert [f.id for f in found] == ["dcatde.distribution.license.missing"]
    assert found[0].rule_source == "DCAT-AP.de 3.0; GovData-Dashboard"


def test_no_words_of_the_shapes_are_shown():
    for text in (*(t for _rule, t, _subject in FIRING), changed(PUBLISHER, "")):
        for finding in findings(text):
            assert not re.search(r"\b(MUSS|DARF|SOLL|Value|Shape)\b", finding.message_de)
            assert finding.message_en != finding.message_de


def test_errors_come_first():
    ranks = [("error", "warning", "hint").index(f.severity)
             for f in findings(changed(PUBLISHER, "dct:source :x ; dct:title 7 ;"))]  # fmt: skip
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1


def test_only_what_says_to_be_of_high_value_is_checked_as_such():
    spoilt = sample("hvd").replace(
        "dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj> ;", ""
    )
    assert {f.rule_source for f in findings(spoilt)} == {"DCAT-AP HVD 3.0.0 (SEMIC)"}
    assert findings(re.sub(r"  dcatap:hvdCategory .*\n", "", spoilt)) == []


def test_terms_in_n_triples_notation_are_read_as_well():
    graph = Graph().parse(data=changed(PUBLISHER, "dct:source :x ;"), format="turtle")
    lines = [line for line in graph.serialize(format="nt").splitlines() if line]
    terms = [tuple(line[:-2].split(" ", 2)) for line in lines]
    assert check(terms, today=TODAY)
    as_texts = {(f.id, f.message_de) for f in check(terms, today=TODAY)}
    assert as_texts == {(f.id, f.message_de) for f in check(graph, today=TODAY)}
    assert as_texts == {(f.id, f.message_de) for f in check(lines, today=TODAY)}


def test_results_of_the_official_shapes_are_counted():
    assert validated(Graph().parse(SAMPLES / "pflicht.ttl")) == (0, 0)
    spoilt = Graph().parse(
        data=changed(PUBLISHER, 'dcatde:legalBasis "Satzung" ;'), format="turtle"
    )
    assert validated(spoilt) == (1, 1)


def test_layers_can_be_left_out():
    text = changed(BY, "").replace(DATASET, f"{DATASET} dct:source :x ;")
    text = text.replace('"Spielplätze" ;', '"E1" ;')
    each = [{f.id for f in findings(text, layers=[layer])} for layer in LAYERS]
    assert all(each)
    assert findings(text, layers=[]) == []


@pytest.mark.parametrize(
    "text",
    [
        "", ":a :b :a .", "[] a dcat:Dataset .", ":d a dcat:Dataset ; dcat:distribution :d .",
        ":d a dcat:Dataset ; dct:publisher :p . :p dct:publisher :p .",
        ':d a dcat:Dataset ; dct:title 7, "a"@en, [] ; dct:modified :x ; dct:spatial "x" .',
        ':l a dct:Location ; dcat:bbox "POLYGON EMPTY"^^geo:wktLiteral, "\\u0000" .',
        ":d a dcat:Distribution ; dcat:accessURL <http://[::1/>, <http://[::1]/x> .",
        ':p a dct:PeriodOfTime ; dcat:startDate "2026-13-45"^^xsd:date ; dcat:endDate "-0044" .',
    ],
)  # fmt: skip
def test_odd_input_is_answered_with_findings(text):
    prefixes = "".join(line for line in sample().splitlines(keepends=True) if line[:1] == "@")
    assert isinstance(findings(prefixes + text), list)


def test_every_convention_is_accounted_for():
    numbers = {f"K{n:02}" for n in range(1, 42)}
    checked = {name.partition("-")[0] for name in rules.rules() if name[0] == "K"}
    assert checked | set(rules.not_checked()) == numbers
    assert checked & set(rules.not_checked()) == set()


def test_a_check_takes_at_most_60_ms():
    graphs = [Graph().parse(SAMPLES / f"{name}.ttl") for name in ("vollstaendig", "hvd")]
    check(graphs[0])  # shapes are compiled once
    times = []
    for _ in range(15):
        for graph in graphs:
            begin = time.process_time()
            check(graph)
            times.append(time.process_time() - begin)
    assert statistics.median(times) < 0.06


def test_all_words_are_filled_and_all_vocabularies_exist():
    known = {p for rule in rules.rules().values() for p in re.findall(r"{(\w+)}", rule.de)}
    assert known <= {"value", "count", "other", "frequency"}
    assert vocab.load("contributor").get("openGovernmentDataPortalRheinlandPfalz")
