# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The values that all parts speak about: catalogue, dataset, file, body, place.

They hold everything that the schemas (``schemas/*.yaml``) and DCAT-AP.de 3.0 can say, know
neither CKAN nor RDF, and never change: a correction is a new value. Conventions:

* An absent text is ``""``, an absent list ``()``; the order of a list is kept, but means
  nothing.
* ``uri`` is the address under which others may name a thing. It is empty where nobody gave
  one; the mapping then makes one below the address of the dataset (``dcatde.terms.child``).
* An *address or text* holds an absolute address; what no address could be made of stays text,
  so that nothing a neighbour wrote is lost. Only addresses become links.
* Dates are ISO 8601 with the precision they were given in: ``2026``, ``2026-03``,
  ``2026-03-02``, ``2026-03-02T10:00:00``.
* ``remainder`` holds what a neighbour said and no field takes: statements in canonical
  N-Triples, one per entry, verbatim. They are published again as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "HVD_LAW",
    "Agent",
    "Attribution",
    "Catalog",
    "Checksum",
    "Contact",
    "Dataset",
    "Distribution",
    "Identifier",
    "Location",
    "Period",
    "Relationship",
    "Resource",
    "Series",
    "Service",
    "Statement",
    "Text",
    "preferred",
]

HVD_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
"""Implementing Regulation (EU) 2023/138 on high-value datasets."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its language.

    Attributes:
        value: What is written.
        lang: Language tag in lower case, such as ``en``; empty where none was given, which
            means German (Konvention 3).
    """

    value: str
    lang: str = ""


def preferred(texts: tuple[Text, ...], lang: str = "de") -> Text:
    """Return the text that people should read: in this language, else untagged, else any."""
    for wanted in (lang, ""):
        for text in texts:
            if text.lang == wanted or (wanted and text.lang.startswith(f"{wanted}-")):
                return text
    return texts[0] if texts else Text("")


@dataclass(frozen=True, slots=True)
class Agent:
    """A body, such as an office or a company (``foaf:Agent``)."""

    uri: str = ""
    name: tuple[Text, ...] = ()
    type: str = ""
    email: str = ""
    url: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers questions (``vcard:Kind``)."""

    uri: str = ""
    name: tuple[Text, ...] = ()
    email: str = ""
    telephone: str = ""
    url: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A place (``dct:Location``).

    Attributes:
        uri: Mostly an official key as address.
        label: What it is called.
        geometry: Outline as WKT in degrees of longitude and latitude (WGS 84).
        bbox: Enclosing rectangle, likewise.
        centroid: Centre, likewise.
    """

    uri: str = ""
    label: tuple[Text, ...] = ()
    geometry: str = ""
    bbox: str = ""
    centroid: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when (``dct:PeriodOfTime``); either end may be open."""

    uri: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Checksum:
    """Checksum of a file (``spdx:Checksum``); the value is hexadecimal."""

    uri: str = ""
    algorithm: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A further identifier, such as a DOI (``adms:Identifier``)."""

    uri: str = ""
    notation: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A licence, format, standard or explanation: an address, or words where there is none."""

    uri: str = ""
    label: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """A body with a role (``prov:Attribution``)."""

    uri: str = ""
    agent: Agent | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Relationship:
    """Another thing and its role (``dcat:Relationship``)."""

    uri: str = ""
    relation: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What everything that stands in a catalogue can say of itself (``dcat:Resource``)."""

    uri: str = ""
    identifier: tuple[str, ...] = ()
    alternate_identifier: tuple[Identifier, ...] = ()
    title: tuple[Text, ...] = ()
    description: tuple[Text, ...] = ()
    keyword: tuple[Text, ...] = ()
    theme: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    publisher: Agent | None = None
    contact: tuple[Contact, ...] = ()
    creator: tuple[Agent, ...] = ()
    spatial: tuple[Location, ...] = ()
    issued: str = ""
    modified: str = ""
    conforms_to: tuple[Statement, ...] = ()
    landing_page: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    applicable_legislation: tuple[str, ...] = ()
    hvd_category: tuple[str, ...] = ()
    availability: str = ""
    access_rights: Statement | None = None
    contributor_id: tuple[str, ...] = ()
    remainder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Resource):
    """A service that gives access to data (``dcat:DataService``)."""

    endpoint_url: tuple[str, ...] = ()
    endpoint_description: tuple[str, ...] = ()
    serves_dataset: tuple[str, ...] = ()
    license: Statement | None = None
    license_attribution_by_text: tuple[Text, ...] = ()
    format: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A file or an access of a dataset (``dcat:Distribution``)."""

    uri: str = ""
    access_url: tuple[str, ...] = ()
    download_url: tuple[str, ...] = ()
    title: tuple[Text, ...] = ()
    description: tuple[Text, ...] = ()
    license: Statement | None = None
    license_attribution_by_text: tuple[Text, ...] = ()
    format: Statement | None = None
    media_type: str = ""
    compress_format: str = ""
    package_format: str = ""
    availability: str = ""
    status: str = ""
    issued: str = ""
    modified: str = ""
    language: tuple[str, ...] = ()
    temporal_resolution: str = ""
    spatial_resolution_in_meters: str = ""
    rights: Statement | None = None
    has_policy: str = ""
    documentation: tuple[str, ...] = ()
    conforms_to: tuple[Statement, ...] = ()
    applicable_legislation: tuple[str, ...] = ()
    byte_size: str = ""
    checksum: Checksum | None = None
    access_service: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Resource):
    """Datasets that belong together (``dcat:DatasetSeries``)."""

    temporal: tuple[Period, ...] = ()
    frequency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset(Resource):
    """A dataset (``dcat:Dataset``)."""

    type: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    in_series: tuple[str, ...] = ()
    contributor: tuple[Agent, ...] = ()
    originator: tuple[Agent, ...] = ()
    custodian: tuple[Agent, ...] = ()
    attribution: tuple[Attribution, ...] = ()
    geocoding_level: tuple[str, ...] = ()
    spatial_resolution_in_meters: str = ""
    temporal: tuple[Period, ...] = ()
    temporal_resolution: str = ""
    frequency: str = ""
    provenance: tuple[Statement, ...] = ()
    was_generated_by: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    version: str = ""
    version_notes: tuple[Text, ...] = ()
    has_version: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    is_referenced_by: tuple[str, ...] = ()
    qualified_relation: tuple[Relationship, ...] = ()
    data_origin: str = ""
    measuring_method: tuple[Text, ...] = ()
    known_limits: tuple[Text, ...] = ()
    source_system: tuple[Text, ...] = ()
    responsibility: tuple[Text, ...] = ()
    data_steward: tuple[Text, ...] = ()
    distribution: tuple[Distribution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog(Resource):
    """A catalogue (``dcat:Catalog``); its entries are named, not held."""

    homepage: str = ""
    license: Statement | None = None
    rights: Statement | None = None
    temporal: tuple[Period, ...] = ()
    theme_taxonomy: tuple[str, ...] = ()
    has_part: tuple[str, ...] = ()
    is_part_of: str = ""
    dataset: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    catalog: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
