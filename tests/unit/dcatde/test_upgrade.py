# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each repair fires where it should, keeps its hands off elsewhere, and is recorded."""

import pytest

from ckanext.verbund.domain.dcatde.graph import read
from ckanext.verbund.domain.dcatde.terms import PREFIXES, expand
from ckanext.verbund.domain.dcatde.upgrade import RULES, upgrade

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
DE = "http://dcat-ap.de/def/"
OLD = "https://www.dcat-ap.de/def/"
EU = "http://publications.europa.eu/resource/authority/"


def upgraded(body, **options):
    """Return graph and repairs of a dataset with a distribution, described in Turtle."""
    graph = read(
        f"{HEAD} <https://a.example/1> a dcat:Dataset ; {body}"
        " dcat:distribution <https://a.example/f> .".encode(),
        "ttl",
    )
    return graph, upgrade(graph, **options)


def values(graph, name, subject="<https://a.example/1>"):
    return list(graph.values(subject, expand(name)))


def file_with(body):
    graph, repairs = upgraded(f"dcat:distribution [ a dcat:Distribution ; {body} ] ;")
    node = next(v for v in values(graph, "dcat:distribution") if v[0] == "_")
    return graph.node(node), repairs


@pytest.mark.parametrize(
    "namespace",
    [
        f"{DE}dcatde/1_0/",
        f"{DE}dcatde/1_0",  # glued, as in Brandenburg
        f"{DE}dcatde/1.0/",
        f"{DE}dcatde/1.0.1/",
        "http://www.dcat-ap.de/def/dcatde/1.0.2/",
        f"{OLD}dcatde/1.1/",
        "https://dcat-ap.de/def/dcatde/",
    ],
)
def test_every_edition_of_the_namespace_is_understood(namespace):
    graph, repairs = upgraded(f"<{namespace}contributorID> <{DE}contributors/openDataHRO> ;")
    assert values(graph, "dcatde:contributorID") == [f"<{DE}contributors/openDataHRO>"]
    assert [r.rules for r in repairs] == [("namespace",)]


def test_todays_namespace_is_left_alone():
    assert upgraded(f"dcatde:contributorID <{DE}contributors/openDataHRO> ;")[1] == []


@pytest.mark.parametrize(
    ("old", "value", "new", "rule"),
    [
        ("dcatde:maintainer", "<https://a.example/b>", "geodcatap:custodian", "successor"),
        ("dcatde:originator", "<https://a.example/b>", "geodcatap:originator", "successor"),
        ("dcatde:politicalGeocodingURI", f"<{DE}x/1>", "dct:spatial", "geocoding"),
        ("owl:versionInfo", '"2.1"', "dcat:version", "successor"),
        ("dct:hasVersion", "<https://a.example/2>", "dcat:hasVersion", "successor"),
        (
            "dcatde:legalBasis",
            '"https://www.gesetze.example/x"',
            "dcatap:applicableLegislation",
            "legal-basis",
        ),
    ],
)
def test_a_replaced_property_becomes_its_successor(old, value, new, rule):
    graph, repairs = upgraded(f"{old} {value} ;")
    expected = f"<{value[1:-1]}>" if rule == "legal-basis" else value
    assert values(graph, new) == [expected]
    assert values(graph, old) == []
    assert [r.rules for r in repairs] == [(rule,)]
    assert repairs[0].before == ("<https://a.example/1>", expand(old), value)
    assert repairs[0].after == (("<https://a.example/1>", expand(new), expected),)


@pytest.mark.parametrize(
    "statement",
    [
        'dcatde:legalBasis "Satzung vom 1.1.2020"',
        'dcatde:geocodingDescription "Rostock"',
        "dcatde:qualityProcessURI <https://a.example/q>",
        "dct:isVersionOf <https://a.example/0>",
        'dcat:granularity "Stadtteil"',
    ],
)
def test_a_property_without_successor_stays_as_it_is(statement):
    graph, repairs = upgraded(f"{statement} ;")
    assert repairs == []
    assert values(graph, statement.split()[0])


def test_planned_availability_becomes_a_value_of_the_european_list():
    node, repairs = file_with(
        f"<{OLD}dcatde/1.1/plannedAvailability> <{OLD}plannedAvailability/stable>"
    )
    assert list(node[expand("dcatap:availability")]) == [f"<{EU}planned-availability/STABLE>"]
    assert [r.rules for r in repairs] == [
        ("namespace", "successor", "list-address", "vocabulary")
    ]


def test_dates_of_schema_org_become_those_of_dcat():
    graph, repairs = upgraded('dct:temporal [ schema:startDate "2020-01-01"^^xsd:date ] ;')
    period = values(graph, "dct:temporal")[0]
    assert values(graph, "dcat:startDate", period) == [f'"2020-01-01"^^{expand("xsd:date")}']
    assert [r.rules for r in repairs] == [("successor",)]


def test_a_collection_becomes_a_series_with_members():
    graph = read(
        f"""{HEAD}
        <https://a.example/all> a dcat:Dataset ; dct:type <{OLD}datasetTypes/collection> ;
            dct:hasVersion <https://a.example/1> .
        <https://a.example/2> a dcat:Dataset ; dct:isVersionOf <https://a.example/all> .
        <https://a.example/3> a dcat:Dataset ; dct:isVersionOf <https://a.example/x> .
        """.encode(),
        "ttl",
    )
    upgrade(graph)
    series = "<https://a.example/all>"
    assert expand("dcat:DatasetSeries") in graph.node(series)[expand("rdf:type")]
    for member in ("<https://a.example/1>", "<https://a.example/2>"):
        assert values(graph, "dcat:inSeries", member) == [series]
    assert values(graph, "dct:isVersionOf", "<https://a.example/3>") == [
        "<https://a.example/x>"
    ]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ('dct:language "de"', f"{EU}language/DEU"),
        (f'dct:language "{EU}language/DEU"', f"{EU}language/DEU"),
        (
            "dct:language <http://publications.europa.eu/mdr/authority/language/DEU>",
            f"{EU}language/DEU",
        ),
        ('dct:accessRights "public"', f"{EU}access-right/PUBLIC"),
        ('dcat:theme "Verkehr"', f"{EU}data-theme/TRAN"),
        ("dct:accrualPeriodicity <http://purl.org/cld/freq/annual>", f"{EU}frequency/ANNUAL"),
        (
            f"dcatde:politicalGeocodingLevelURI <{OLD}politicalGeocoding/Level/state>",
            f"{DE}politicalGeocoding/Level/state",
        ),
    ],
)
def test_names_and_old_addresses_become_those_of_the_list(statement, value):
    graph, repairs = upgraded(f"{statement} ;")
    assert values(graph, statement.split()[0]) == [f"<{value}>"]
    assert len(repairs) == 1


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        (f"dct:license <{OLD}licenses/cc-zero>", f"<{DE}licenses/cc-zero>"),
        (f"dct:license <{DE}licenses/dl-by-de/2.0/>", f"<{DE}licenses/dl-by-de/2.0>"),
        ("dct:license <https://fremd.example/lizenz>", "<https://fremd.example/lizenz>"),
        ('dct:format "geojson"', f"<{EU}file-type/GEOJSON>"),
        ('dct:format "text/csv"@de', f"<{EU}file-type/CSV>"),
        (
            'dcat:mediaType "application/json"',
            "<https://www.iana.org/assignments/media-types/application/json>",
        ),
        (
            'dcat:mediaType "application/x-own"',
            "<https://www.iana.org/assignments/media-types/application/x-own>",
        ),
        (
            "adms:status <http://purl.org/adms/status/Completed>",
            f"<{EU}distribution-status/COMPLETED>",
        ),
        ('dcat:byteSize "6776.0"^^xsd:decimal', f'"6776"^^{expand("xsd:nonNegativeInteger")}'),
        ('dcat:byteSize "6776"', f'"6776"^^{expand("xsd:nonNegativeInteger")}'),
        ('dcat:byteSize "6776.5"^^xsd:decimal', f'"6776.5"^^{expand("xsd:decimal")}'),
        ('dcat:accessURL "https://a.example/x y"', "<https://a.example/x%20y>"),
        ('dcat:accessURL "auf Anfrage"', '"auf Anfrage"'),
        ('dct:issued "28.1.2021"', f'"2021-01-28"^^{expand("xsd:date")}'),
        ('dct:issued "2021-01-28"^^xsd:dateTime', f'"2021-01-28"^^{expand("xsd:date")}'),
        (
            'dct:issued "2021-01-28 05:25+0100"',
            f'"2021-01-28T05:25:00+01:00"^^{expand("xsd:dateTime")}',
        ),
        ('dct:issued "01/2021"', f'"2021-01"^^{expand("xsd:gYearMonth")}'),
        ('dct:issued "30.02.2021"', '"30.02.2021"'),
        ('dct:issued "Frühjahr"^^xsd:date', f'"Frühjahr"^^{expand("xsd:date")}'),
        ('dcat:spatialResolutionInMeters "0,5"', f'"0.5"^^{expand("xsd:decimal")}'),
        ('dcat:temporalResolution "P1D"', f'"P1D"^^{expand("xsd:duration")}'),
    ],
)
def test_a_value_of_a_distribution_is_mended_or_left(statement, value):
    node, _ = file_with(statement)
    assert list(node[expand(statement.split()[0])]) == [value]


def test_the_algorithm_of_a_checksum_gets_its_spdx_address():
    node, repairs = file_with(
        f"spdx:checksum <https://a.example/c> ] . "
        f"<https://a.example/c> spdx:algorithm <{OLD}hashAlgorithms/sha/256> . "
        "<https://a.example/1> dct:relation [ rdfs:label 'x'"
    )
    assert node
    assert repairs[0].after[0][2] == "<http://spdx.org/rdf/terms#checksumAlgorithm_sha256>"


def test_a_file_with_download_only_gets_its_access_url():
    node, repairs = file_with('dcat:downloadURL "https://a.example/f.csv"')
    assert list(node[expand("dcat:accessURL")]) == ["<https://a.example/f.csv>"]
    assert list(node[expand("dcat:downloadURL")]) == ["<https://a.example/f.csv>"]
    assert repairs[0].rules == ("access", "node-kind")
    node, repairs = file_with(
        "dcat:downloadURL <https://a.example/f> ; dcat:accessURL <https://b>"
    )
    assert list(node[expand("dcat:accessURL")]) == ["<https://b>"]
    assert repairs == []


def test_an_identifier_keeps_its_characters_whatever_kind_it_was():
    graph, _ = upgraded("dct:identifier <https://a.example/x?y=1&z> ;")
    assert values(graph, "dct:identifier") == ['"https://a.example/x?y=1&z"']


@pytest.mark.parametrize(
    ("statement", "kind", "label", "text"),
    [
        ('dct:publisher "Stadt X"@de', "foaf:Agent", "foaf:name", '"Stadt X"@de'),
        ('dct:creator "Amt"', "foaf:Agent", "foaf:name", '"Amt"'),
        ('dcat:contactPoint "Amt"', "vcard:Kind", "vcard:fn", '"Amt"'),
        (
            'dcat:contactPoint "info@a.example"',
            "vcard:Kind",
            "vcard:hasEmail",
            "<mailto:info@a.example>",
        ),
        ('dct:spatial "Rostock"', "dct:Location", "skos:prefLabel", '"Rostock"'),
        ('dct:provenance "gezählt"', "dct:ProvenanceStatement", "rdfs:label", '"gezählt"'),
        ('adms:identifier "67-1"', "adms:Identifier", "skos:notation", '"67-1"'),
    ],
)
def test_a_text_where_a_thing_must_stand_becomes_a_thing(statement, kind, label, text):
    graph, repairs = upgraded(f"{statement} ;")
    node = values(graph, statement.split()[0])[0]
    assert values(graph, "rdf:type", node) == [expand(kind)]
    assert values(graph, label, node) == [text]
    assert [r.rules for r in repairs] == [("described",)]


def test_an_address_as_other_identifier_gets_its_notation():
    graph, _ = upgraded("adms:identifier <https://doi.org/10.1/x> ;")
    notation = values(graph, "skos:notation", "<https://doi.org/10.1/x>")
    assert notation == ['"https://doi.org/10.1/x"']


def test_a_dataset_is_no_identifier_of_itself():
    graph, repairs = upgraded('adms:identifier <https://a.example/1>, "https://a.example/1" ;')
    nodes = values(graph, "adms:identifier")
    assert all(node[0] == "_" for node in nodes)
    assert [values(graph, "skos:notation", n) for n in nodes] == [['"https://a.example/1"']] * 2
    assert {r.rules for r in repairs} == {("identifier",), ("described",)}


GEOJSON = '{\\"type\\": \\"Point\\", \\"coordinates\\": [7.50, 49]}'
CRS = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


@pytest.mark.parametrize(
    ("place", "rules"),
    [
        (
            "geo:hasGeometry [ geo:asWKT 'POINT (7.5 49.0)'^^geo:wktLiteral ]",
            [("has-geometry",)],
        ),
        ("locn:geometry [ ] ; geo:hasGeometry [ ]", []),
        ("geo:hasGeometry 'POINT (7.5 49.0)'", []),
    ],
)
def test_geometries_of_geosparql_are_those_of_dcat(place, rules):
    graph, repairs = upgraded(f"dct:spatial [ {place} ] ;")
    assert [r.rules for r in repairs] == rules
    spatial = values(graph, "dct:spatial")[0]
    assert bool(values(graph, "geo:hasGeometry", spatial)) is not bool(rules)


def test_two_spellings_of_a_geometry_become_one_node():
    graph, repairs = upgraded(
        f'dct:spatial [ locn:geometry "{GEOJSON}", "POINT(7.5 49.0)"^^geo:wktLiteral ] ;'
    )
    node = values(graph, "locn:geometry", values(graph, "dct:spatial")[0])
    assert len(node) == 1
    assert values(graph, "geo:asWKT", node[0]) == [
        f'"{CRS} POINT (7.5 49)"^^{expand("geo:wktLiteral")}'
    ]
    assert [r.rules for r in repairs] == [("geometry",)] * 2


@pytest.mark.parametrize(
    "geometry",
    [
        '"<http://www.opengis.net/def/crs/EPSG/0/25832> POINT(1 2)"^^geo:wktLiteral',
        '"Stadtgebiet"',
        '"{\\"type\\": \\"Nothing\\"}"',
    ],
)
def test_a_geometry_that_is_not_certain_stays(geometry):
    graph, repairs = upgraded(f"dct:spatial [ dcat:bbox {geometry} ] ;")
    assert repairs == []
    assert values(graph, "dcat:bbox", values(graph, "dct:spatial")[0])


@pytest.mark.parametrize("link", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x"])
def test_a_link_that_a_browser_would_execute_becomes_text(link):
    graph, repairs = upgraded(f"foaf:page <{link}> ; dct:relation <{link}> ;")
    assert values(graph, "foaf:page") == [f'"{link}"']
    assert values(graph, "dct:relation") == [f'"{link}"']
    assert {r.rules for r in repairs} == {("unsafe",)}


def test_an_address_with_blanks_is_completed_wherever_it_stands():
    data = (
        b"<http://a.example/x y> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        b"<http://www.w3.org/ns/dcat#Dataset> .\n"
        b'<http://a.example/x y> <http://b.example/p q> "v" .'
    )
    graph = read(data, "ttl")
    upgrade(graph)
    assert set(graph) == {
        ("<http://a.example/x%20y>", expand("rdf:type"), expand("dcat:Dataset")),
        ("<http://a.example/x%20y>", "<http://b.example/p%20q>", '"v"'),
    }


def test_control_characters_are_replaced():
    graph, repairs = upgraded('dct:title "a\\u0001b\\n" ;')
    assert values(graph, "dct:title") == ['"a�b\\n"']
    assert [r.rules for r in repairs] == [("control",)]


def test_paging_of_the_source_is_not_taken_over():
    graph = read(
        f"""{HEAD} <https://a.example/?page=1> a hydra:PagedCollection ;
        hydra:nextPage "https://a.example/?page=2" .""".encode(),
        "ttl",
    )
    repairs = upgrade(graph)
    assert len(graph) == 0
    assert all(repair.paging and not repair.after for repair in repairs)


def test_the_mailbox_of_a_person_is_left_out_and_that_of_an_office_stays():
    body = """dcat:contactPoint
        [ vcard:fn "Erika Muster" ; vcard:hasEmail <mailto:erika.muster@a.example> ;
          vcard:hasTelephone <tel:+49-1> ],
        [ vcard:fn "Bauamt" ; vcard:hasEmail <mailto:bauamt@a.example> ] ;"""
    graph, repairs = upgraded(body)
    text = "".join(" ".join(triple) for triple in graph)
    assert "erika.muster" not in text
    assert "tel:" not in text
    assert "bauamt@a.example" in text
    assert all(repair.redacted for repair in repairs)
    assert upgraded(body, redact=False)[1] == []


def test_every_rule_is_explained_in_german_and_english():
    for rule in RULES.values():
        assert rule.de
        assert rule.en
        assert rule.source
