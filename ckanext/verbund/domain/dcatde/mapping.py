# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which field is which property: one table for reading, writing, repairing and the docs.

Source: DCAT-AP.de 3.0 (https://www.dcat-ap.de/def/dcatde/3.0/spec/), Konventionen K01 to K41.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import shapely

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde import terms
from ckanext.verbund.domain.dcatde.terms import Term, expand, literal, plain

Encode = Callable[[str], Term]
Decode = Callable[[Term], "str | None"]


@dataclass(frozen=True)
class Kind:
    """How a text is written as a term.

    `decode` answers None to a term that `encode` would not write in exactly this way: such
    a term goes to the remainder, so that nothing is changed by reading and writing.

    Attributes:
        name: What the documentation calls it.
        encode: From the text to the term.
        decode: And back.
    """

    name: str
    encode: Encode
    decode: Decode


def _typed(datatype: str, valid: Callable[[str], bool]) -> Kind:
    ending = f'"^^{expand(datatype)}'

    def encode(text: str) -> Term:
        return literal(text, datatype=datatype if valid(text) else "")

    def decode(term: Term) -> str | None:
        if term.endswith(ending) and "\\" not in term:
            text = term[1 : -len(ending)]
            return text if valid(text) else None
        text = plain(term)
        return None if text is None or valid(text) else text

    return Kind(datatype, encode, decode)


_DATES = (
    ("xsd:gYear", re.compile(r"[0-9]{4}")),
    ("xsd:gYearMonth", re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")),
    ("xsd:date", re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")),
    (
        "xsd:dateTime",
        re.compile(
            r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
            r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
        ),
    ),
)
_LENGTH = (28, 29, 30, 31)


def date_type(text: str) -> str:
    """Return the datatype of a date by its precision; empty when it is no date."""
    return _date_type(text) if len(text) <= 40 else ""


@lru_cache(maxsize=2**14)
def _date_type(text: str) -> str:
    for datatype, pattern in _DATES:
        if pattern.fullmatch(text):
            return datatype if _is_day(text) else ""
    return ""


def _is_day(text: str) -> bool:
    if len(text) < 10 or text[8:10] <= "28":
        return True
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    if month == 2:
        return day == 29 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (30 if month in {4, 6, 9, 11} else 31)


def _encode_date(text: str) -> Term:
    return literal(text, datatype=date_type(text))


def _decode_date(term: Term) -> str | None:
    text = plain(term)
    if text is not None:
        return None if date_type(text) else text
    start, found, datatype = term.rpartition('"^^')
    # Nothing in a date is ever escaped.
    if not found or term[0] != '"' or "\\" in start:
        return None
    own = date_type(start[1:])
    return start[1:] if own and expand(own) == datatype else None


def _encode_address(text: str) -> Term:
    return f"<{text}>" if terms.is_address(text) else literal(text)


def _decode_address(term: Term) -> str | None:
    if term[0] == "<":
        text = term[1:-1]
        return text if terms.is_address(text) else None
    text = plain(term)
    return None if text is None or terms.is_address(text) else text


def _with_scheme(
    scheme: str, encode: Callable[[str], str], decode: Callable[[str], str]
) -> Kind:
    def to_term(text: str) -> Term:
        address = f"{scheme}:{encode(text)}"
        fits = terms.is_address(address) and decode(encode(text)) == text
        return f"<{address}>" if fits else literal(text)

    def from_term(term: Term) -> str | None:
        if term.startswith(f"<{scheme}:"):
            text = decode(term[len(scheme) + 2 : -1])
        else:
            text = plain(term)
        return text if text is not None and to_term(text) == term else None

    return Kind(f"{scheme}:", to_term, from_term)


_WKT = expand("geo:wktLiteral")
CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> "


def _encode_wkt(text: str) -> Term:
    return f"{literal(CRS84 + text)}^^{_WKT}"


def _decode_wkt(term: Term) -> str | None:
    found = terms.split(term)
    if found is None or not found[0].startswith(CRS84) or found[2] != _WKT[1:-1]:
        return None
    text = found[0][len(CRS84) :]
    # A geometry that cannot be read would not survive the way into a package.
    return text if text == canonical_wkt(text) and _encode_wkt(text) == term else None


@lru_cache(maxsize=64)
def canonical_wkt(text: str) -> str | None:
    """Return a geometry (WKT or GeoJSON) as WKT in one spelling; None when it is none."""
    try:
        shape = (shapely.from_geojson if text.lstrip().startswith("{") else shapely.from_wkt)(
            text
        )
    except shapely.GEOSException:
        return None
    return None if shape is None else shapely.to_wkt(shape, rounding_precision=-1, trim=True)


@lru_cache(maxsize=64)
def geojson(wkt: str) -> str:
    """Return a geometry of a value as GeoJSON; empty when it is none."""
    try:
        return shapely.to_geojson(shapely.from_wkt(wkt)) if wkt else ""
    except shapely.GEOSException:
        return ""


_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"0|[1-9][0-9]*")
_DURATION = re.compile(
    r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
)
_HEX = re.compile(r"([0-9A-Fa-f]{2})+")


def _mail(text: str) -> str:
    return text


def _number(text: str) -> str:
    return text.replace(" ", "-")


def _readable_number(text: str) -> str:
    return text.replace("-", " ")


TEXT = Kind("Text mit Sprache", literal, plain)
PLAIN = Kind("Text", literal, plain)
ADDRESS = Kind("Adresse", _encode_address, _decode_address)
DATE = Kind("Datum", _encode_date, _decode_date)
DECIMAL = _typed("xsd:decimal", lambda text: _DECIMAL.fullmatch(text) is not None)
INTEGER = _typed("xsd:nonNegativeInteger", lambda text: _INTEGER.fullmatch(text) is not None)
DURATION = _typed("xsd:duration", lambda text: _DURATION.fullmatch(text) is not None)
HEX = _typed("xsd:hexBinary", lambda text: _HEX.fullmatch(text) is not None)
MAIL = _with_scheme("mailto", _mail, _mail)
PHONE = _with_scheme("tel", _number, _readable_number)
WKT = Kind("WKT", _encode_wkt, _decode_wkt)


@dataclass(frozen=True)
class Property:
    """A field and its property.

    Attributes:
        field: Attribute of the value.
        name: Prefixed name of the property.
        kind: How a single value is written; None for a thing of its own.
        many: Whether the field is a list.
        table: The table of the thing, where the value is one.
        range: Class of the thing, where the table serves several.
        vocabulary: List of the values (``domain.vocab``).
        rules: Konventionen that decide here.
    """

    field: str
    name: str
    kind: Kind | None = None
    many: bool = False
    table: Table | None = None
    range: str = ""
    vocabulary: str = ""
    rules: str = ""

    @cached_property
    def term(self) -> Term:
        """The property as a term."""
        return expand(self.name)

    @cached_property
    def range_term(self) -> Term:
        """The class of the thing as a term."""
        return expand(self.range or self.table.classes[0])


@dataclass(frozen=True)
class Table:
    """A class: the value, its RDF classes, its properties.

    Attributes:
        value: The class of ``domain.dataset``.
        classes: Prefixed names of the RDF classes that are written.
        properties: Its properties.
        label: Field that a bare text belongs into, when a text stands where a thing should.
        always_typed: The class is written even where the thing is only named.
    """

    value: type
    classes: tuple[str, ...]
    properties: tuple[Property, ...] = field(repr=False)
    label: str = ""
    always_typed: bool = False

    @cached_property
    def by_term(self) -> dict[Term, Property]:
        """The properties by their terms."""
        return {one.term: one for one in self.properties}

    @cached_property
    def class_terms(self) -> tuple[Term, ...]:
        """The RDF classes as terms."""
        return tuple(expand(name) for name in self.classes)


def _texts(name: str, field: str, rules: str = "") -> Property:
    return Property(field, name, TEXT, many=True, rules=rules)


def _address(name: str, field: str, vocabulary: str = "", rules: str = "") -> Property:
    return Property(field, name, ADDRESS, vocabulary=vocabulary, rules=rules)


def _addresses(name: str, field: str, vocabulary: str = "", rules: str = "") -> Property:
    return Property(field, name, ADDRESS, many=True, vocabulary=vocabulary, rules=rules)


def _one(name: str, field: str, kind: Kind, rules: str = "") -> Property:
    return Property(field, name, kind, rules=rules)


def _thing(name: str, field: str, table: Table, **more: str) -> Property:
    return Property(field, name, table=table, **more)


def _things(name: str, field: str, table: Table, **more: str) -> Property:
    return Property(field, name, many=True, table=table, **more)


AGENT = Table(
    d.Agent,
    ("foaf:Agent",),
    (
        _texts("foaf:name", "name"),
        _address("dct:type", "type", "publisher_type", "K37"),
        _one("foaf:mbox", "email", MAIL),
        _address("foaf:homepage", "url"),
        _one("dct:identifier", "identifier", PLAIN),
    ),
    label="name",
)
CONTACT = Table(
    d.Contact,
    ("vcard:Kind",),
    (
        _texts("vcard:fn", "name"),
        _one("vcard:hasEmail", "email", MAIL, "K01"),
        _one("vcard:hasTelephone", "telephone", PHONE, "K01"),
        _address("vcard:hasURL", "url", rules="K01"),
        _address("vcard:hasUID", "identifier"),
    ),
    label="name",
)
GEOMETRY = "locn:geometry"
LOCATION = Table(
    d.Location,
    ("dct:Location",),
    (
        _texts("skos:prefLabel", "label"),
        _one(GEOMETRY, "geometry", WKT, "K04–K07"),
        _one("dcat:bbox", "bbox", WKT, "K04–K07"),
        _one("dcat:centroid", "centroid", WKT, "K04–K07"),
    ),
    label="label",
    # An official key is described nowhere; untyped, it would be a warning.
    always_typed=True,
)
PERIOD = Table(
    d.Period,
    ("dct:PeriodOfTime",),
    (
        _one("dcat:startDate", "start", DATE, "K38"),
        _one("dcat:endDate", "end", DATE, "K38"),
    ),
)
CHECKSUM = Table(
    d.Checksum,
    ("spdx:Checksum",),
    (
        _address("spdx:algorithm", "algorithm", "checksum_algorithm"),
        _one("spdx:checksumValue", "value", HEX),
    ),
)
IDENTIFIER = Table(
    d.Identifier,
    ("adms:Identifier",),
    (_one("skos:notation", "notation", PLAIN, "K26"),),
    label="notation",
)
STATEMENT = Table(
    d.Statement, ("rdfs:Resource",), (_texts("rdfs:label", "label"),), label="label"
)
ATTRIBUTION = Table(
    d.Attribution,
    ("prov:Attribution",),
    (_thing("prov:agent", "agent", AGENT), _address("dcat:hadRole", "role")),
)
RELATIONSHIP = Table(
    d.Relationship,
    ("dcat:Relationship",),
    (_address("dct:relation", "relation"), _address("dcat:hadRole", "role")),
)


def _license(rules: str) -> Property:
    return _thing(
        "dct:license",
        "license",
        STATEMENT,
        range="dct:LicenseDocument",
        vocabulary="license",
        rules=rules,
    )


_FREQUENCY = _address("dct:accrualPeriodicity", "frequency", "frequency")
_TEMPORAL = _things("dct:temporal", "temporal", PERIOD, rules="K38")
_ISSUED = _one("dct:issued", "issued", DATE)
_LANGUAGE = _addresses("dct:language", "language", "language")
_CONFORMS = _things(
    "dct:conformsTo", "conforms_to", STATEMENT, range="dct:Standard", rules="K29"
)
_PAGE = _addresses("foaf:page", "documentation")
_LEGISLATION = _addresses("dcatap:applicableLegislation", "applicable_legislation")
_AVAILABILITY = _address("dcatap:availability", "availability", "planned_availability")
_ATTRIBUTION_TEXT = _texts(
    "dcatde:licenseAttributionByText", "license_attribution_by_text", "K35"
)
_RIGHTS = _thing("dct:rights", "rights", STATEMENT, range="dct:RightsStatement")
_RESOLUTION = (
    _one("dcat:temporalResolution", "temporal_resolution", DURATION),
    _one("dcat:spatialResolutionInMeters", "spatial_resolution_in_meters", DECIMAL),
)

_RESOURCE = (
    Property("identifier", "dct:identifier", PLAIN, many=True, rules="K25"),
    _things("adms:identifier", "alternate_identifier", IDENTIFIER, rules="K26"),
    _texts("dct:title", "title", "K03, K19"),
    _texts("dct:description", "description", "K03"),
    _texts("dcat:keyword", "keyword"),
    _addresses("dcat:theme", "theme", "data_theme", "K30"),
    _LANGUAGE,
    _thing("dct:publisher", "publisher", AGENT, rules="K36"),
    _things("dcat:contactPoint", "contact", CONTACT, rules="K01"),
    _things("dct:creator", "creator", AGENT),
    _things("dct:spatial", "spatial", LOCATION, rules="K11"),
    _ISSUED,
    _one("dct:modified", "modified", DATE, "K40"),
    _CONFORMS,
    _addresses("dcat:landingPage", "landing_page"),
    _PAGE,
    _LEGISLATION,
    _addresses("dcatap:hvdCategory", "hvd_category", "hvd_category"),
    _AVAILABILITY,
    _thing(
        "dct:accessRights",
        "access_rights",
        STATEMENT,
        range="dct:RightsStatement",
        vocabulary="access_right",
    ),
    _addresses("dcatde:contributorID", "contributor_id", "contributor", "K12, K13"),
)

SERVICE = Table(
    d.Service,
    ("dcat:DataService",),
    (
        *_RESOURCE,
        _addresses("dcat:endpointURL", "endpoint_url", rules="K41"),
        _addresses("dcat:endpointDescription", "endpoint_description"),
        _addresses("dcat:servesDataset", "serves_dataset"),
        _license("K32, K34"),
        _ATTRIBUTION_TEXT,
        _things(
            "dct:format",
            "format",
            STATEMENT,
            range="dct:MediaTypeOrExtent",
            vocabulary="file_type",
            rules="K31",
        ),
    ),
)
DISTRIBUTION = Table(
    d.Distribution,
    ("dcat:Distribution",),
    (
        _addresses("dcat:accessURL", "access_url", rules="K39, K41"),
        _addresses("dcat:downloadURL", "download_url", rules="K39, K41"),
        _texts("dct:title", "title", "K03"),
        _texts("dct:description", "description", "K03"),
        _license("K32, K34"),
        _ATTRIBUTION_TEXT,
        _thing(
            "dct:format",
            "format",
            STATEMENT,
            range="dct:MediaTypeOrExtent",
            vocabulary="file_type",
            rules="K31",
        ),
        _address("dcat:mediaType", "media_type", "media_type"),
        _address("dcat:compressFormat", "compress_format", "media_type"),
        _address("dcat:packageFormat", "package_format", "media_type"),
        _AVAILABILITY,
        _address("adms:status", "status", "distribution_status", "K22–K24"),
        _ISSUED,
        _one("dct:modified", "modified", DATE),
        _LANGUAGE,
        *_RESOLUTION,
        _RIGHTS,
        _address("odrl:hasPolicy", "has_policy"),
        _PAGE,
        _CONFORMS,
        _LEGISLATION,
        _one("dcat:byteSize", "byte_size", INTEGER),
        _thing("spdx:checksum", "checksum", CHECKSUM),
        _things("dcat:accessService", "access_service", SERVICE, rules="K41"),
    ),
)
# A catalogue names its series by dcat:dataset, which the shapes accept for datasets only.
SERIES = Table(
    d.Series,
    ("dcat:DatasetSeries", "dcat:Dataset"),
    (*_RESOURCE, _TEMPORAL, _FREQUENCY),
)
DATASET = Table(
    d.Dataset,
    ("dcat:Dataset",),
    (
        *_RESOURCE,
        _addresses("dct:type", "type", "dataset_type"),
        _addresses("dct:references", "references", "musterdatensatz"),
        _addresses("dcat:inSeries", "in_series"),
        _things("dct:contributor", "contributor", AGENT),
        _things("geodcatap:originator", "originator", AGENT),
        _things("geodcatap:custodian", "custodian", AGENT),
        _things("prov:qualifiedAttribution", "attribution", ATTRIBUTION),
        _addresses(
            "dcatde:politicalGeocodingLevelURI", "geocoding_level", "geocoding_level", "K09"
        ),
        *_RESOLUTION,
        _TEMPORAL,
        _FREQUENCY,
        _things("dct:provenance", "provenance", STATEMENT, range="dct:ProvenanceStatement"),
        _addresses("prov:wasGeneratedBy", "was_generated_by"),
        _addresses("dct:source", "source", rules="K21"),
        _one("dcat:version", "version", PLAIN),
        _texts("adms:versionNotes", "version_notes"),
        _addresses("dcat:hasVersion", "has_version", rules="K20"),
        _addresses("adms:sample", "sample"),
        _addresses("dct:relation", "relation"),
        _addresses("dct:isReferencedBy", "is_referenced_by"),
        _things("dcat:qualifiedRelation", "qualified_relation", RELATIONSHIP),
        _address("verbund:dataOrigin", "data_origin"),
        _texts("verbund:measuringMethod", "measuring_method"),
        _texts("verbund:knownLimits", "known_limits"),
        _texts("verbund:sourceSystem", "source_system"),
        _texts("verbund:responsibility", "responsibility"),
        _texts("verbund:dataSteward", "data_steward"),
        _things("dcat:distribution", "distribution", DISTRIBUTION),
    ),
)
CATALOG = Table(
    d.Catalog,
    ("dcat:Catalog",),
    (
        *_RESOURCE,
        _address("foaf:homepage", "homepage"),
        _license(""),
        _RIGHTS,
        _TEMPORAL,
        _addresses("dcat:themeTaxonomy", "theme_taxonomy"),
        _addresses("dct:hasPart", "has_part"),
        _address("dct:isPartOf", "is_part_of"),
        _addresses("dcat:dataset", "dataset"),
        _addresses("dcat:service", "service"),
        _addresses("dcat:catalog", "catalog"),
        _addresses("dcat:record", "record"),
    ),
)
TABLES = {
    table.value: table
    for table in (
        CATALOG, DATASET, SERIES, SERVICE, DISTRIBUTION, AGENT, CONTACT, LOCATION, PERIOD,
        CHECKSUM, IDENTIFIER, STATEMENT, ATTRIBUTION, RELATIONSHIP,
    )
}  # fmt: skip
"""The table of each value; the things that stand in a catalogue come first."""
