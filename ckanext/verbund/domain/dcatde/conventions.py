# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conventions K01 to K41 that still bind and that metadata alone can show.

Source: handbook of conventions of DCAT-AP.de 2.0, to which 3.0 refers. Which of them are not
checked here, and why, is in ``schemas/checks/rules.yaml``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.verbund.domain import places, vocab

from .fields import iri
from .geometry import KNOWN_FORMATS, geometries, is_swapped
from .reading import DATASET, DISTRIBUTION, SERIES, SERVICE, Hit, Reading, hit

__all__ = ["conventions"]

_YEAR = re.compile(
    r"(?<![\d.,:/-])(?:19|20)\d\d(?!\d|[.,]\d)(?:\s*[-/–]\s*(?:(?:19|20)?\d\d))?"
)
_MONTH = re.compile(
    r"\b(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
    r"\s+(?:19|20)\d\d\b"
)
_DESIGNATION = re.compile(
    r"^(?:Große Kreisstadt|Landeshauptstadt|Kreisstadt|Universitätsstadt|Hansestadt|Stadt|"
    r"Gemeinde|Verbandsgemeinde|Samtgemeinde|Ortsgemeinde|Landkreis|Kreis|Markt)\s+"
)
# »Stadt Moers: …«, »… der Verbandsgemeinde Weilerbach«
_SPELT_OUT = re.compile(
    r"\b(?:(?:Landeshaupt|Kreis)?[Ss]tadt|(?:Orts|Verbands|Samt)?[Gg]emeinde|(?:Land)?[Kk]reis)\s+"
    r"([A-ZÄÖÜ][\w-]+)"
)
_PLACE_WORDS = re.compile(r"[\w.-]+(?:\s+[\w.-]+)*")
_VERSIONED = re.compile(r"\b(?:v|version|fassung|stand|ausgabe)?\s*[\d./_-]+\b", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"(^|-)by($|-|/)|^odby$")
_FILE = re.compile(
    r"\.(?:csv|tsv|xlsx?|ods|json|geojson|xml|gml|kmz?|zip|gpkg|shp|pdf|txt|parquet|rdf|ttl)$",
    re.IGNORECASE,
)
_EU = "http://publications.europa.eu/resource/authority/language/"
_GERMAN = URIRef(f"{_EU}DEU")


def conventions(reading: Reading) -> Iterator[Hit]:
    """Yield what is against a convention."""
    for node in reading.by_class[iri("vcard:Kind")]:
        yield from _contact(reading, node)
    for node in reading.by_class[DATASET]:  # series as well, for GovData they are datasets
        yield from _contributor(reading, node)
    for node in reading.datasets:
        for rule in (_language, _level, _title, _versions, _source):
            yield from rule(reading, node)
    for node in reading.by_class[iri("dct:Location")]:
        yield from _location(reading, node)
    for node in reading.by_class[DISTRIBUTION]:
        for rule in (_status, _format, _licence, _attribution, _download, _service_access):
            yield from rule(reading, node)
    for node in reading.by_class[SERVICE]:
        yield from _service_licence(reading, node)
    for node in reading.by_class[iri("foaf:Agent")]:
        yield from _publisher_type(reading, node)
    yield from _publishers(reading)


def _contact(reading: Reading, node: Node) -> Iterator[Hit]:
    """K01: a telephone alone passes the shapes, but not this."""
    if not reading.values(node, "vcard:hasEmail", "vcard:hasURL"):
        yield hit(reading, "K01", node)


def _language(reading: Reading, node: Node) -> Iterator[Hit]:
    """K03: texts that are not German carry their language."""
    given = reading.values(node, "dct:language")
    languages = [v for v in given if isinstance(v, URIRef) and str(v).startswith(_EU)]
    titles = [t for t in reading.values(node, "dct:title") if isinstance(t, Literal)]
    untagged = titles and not any(t.language for t in titles)
    if untagged and languages and _GERMAN not in languages:
        yield hit(reading, "K03", node, languages[0])


def _location(reading: Reading, node: Node) -> Iterator[Hit]:
    """K04, K05, K06: which system, which order, which notation."""
    for one in geometries(reading, node):
        if one.notation not in KNOWN_FORMATS:
            yield hit(reading, "K06", node, one.text)
        elif one.crs is None:
            yield hit(reading, "K04", node, one.text)
        elif is_swapped(one):
            yield hit(reading, "K05", node, one.shown)


def _level(reading: Reading, node: Node) -> Iterator[Hit]:
    """K09: the level of administration."""
    if not reading.values(node, "dcatde:politicalGeocodingLevelURI"):
        yield hit(reading, "K09", node)


def _contributor(reading: Reading, node: Node) -> Iterator[Hit]:
    """K12, K13: exactly one ID of GovData's list, more of other patterns."""
    contributors = vocab.load("contributor")
    given = reading.values(node, "dcatde:contributorID")
    listed = [v for v in given if isinstance(v, URIRef) and contributors.get(str(v))]
    if not listed:
        yield hit(reading, "K12", node, given[0] if given else None)
    elif len(listed) > 1:
        yield hit(reading, "K13", node, listed[1], count=len(listed))


def _title(reading: Reading, node: Node) -> Iterator[Hit]:
    """K19: neither place nor time in a title; within a series the time may tell them apart."""
    title = reading.text(node, "dct:title")
    time = _MONTH.search(title) or _YEAR.search(title)
    in_series = reading.values(node, "dcat:inSeries")
    own = (name for name in sorted(_places(reading, node)) if _names(title, name))
    place = next(own, None) or _spelt_out(title)
    found = [place] if place else []
    if time and not in_series:
        found.append(time[0])
    if found:
        yield hit(reading, "K19", node, " und ".join(f"„{part}“" for part in found))


def _places(reading: Reading, node: Node) -> set[str]:
    """Return the names of the places that a dataset has anyway, without their designation."""
    names = {
        reading.text(agent, "foaf:name") for agent in reading.values(node, "dct:publisher")
    }
    for place in reading.values(node, "dct:spatial"):
        names.add(reading.text(place, "skos:prefLabel"))
        if places.is_key_iri(str(place)):
            known = places.by_key(str(place).rstrip("/").rpartition("/")[2])
            names.add(known.name if known else "")
    designated = [n for n in names if _DESIGNATION.match(n)]
    bare = {_DESIGNATION.sub("", n).partition(",")[0].strip() for n in designated}
    others = {n for n in names if n and n not in designated and len(n.split()) <= 3}
    return {n for n in bare | others if len(n) > 2 and _PLACE_WORDS.match(n)}


def _spelt_out(title: str) -> str | None:
    """Return the municipality or district that a title names with its kind."""
    named = _SPELT_OUT.search(title)
    return named[0] if named and places.find(named[1]) else None


def _names(title: str, place: str) -> bool:
    """Whether a title names a place as a word of its own: not »Landauer Straße«."""
    return re.search(rf"(?<!\w){re.escape(place)}(?!\w)", title) is not None


def _versions(reading: Reading, node: Node) -> Iterator[Hit]:
    """K20: distributions are not versioned."""
    alike: dict[tuple, set[str]] = defaultdict(set)
    for one in reading.values(node, "dcat:distribution"):
        title = reading.text(one, "dct:title")
        bare = " ".join(_VERSIONED.sub(" ", title).split()).casefold()
        if title and bare != title.casefold():
            alike[bare, reading.value(one, "dct:format")].add(title)
    for titles in alike.values():
        if len(titles) > 1:
            yield hit(reading, "K20", node, "“, „".join(sorted(titles)[:3]))


def _source(reading: Reading, node: Node) -> Iterator[Hit]:
    """K21: dct:source is not used."""
    for value in reading.values(node, "dct:source"):
        yield hit(reading, "K21", node, value)


def _status(reading: Reading, node: Node) -> Iterator[Hit]:
    """K22: what is under development is not passed on."""
    for value in reading.values(node, "adms:status"):
        if str(value).rpartition("/")[2] in {"DEVELOP", "UnderDevelopment"}:
            yield hit(reading, "K22", node, value)


def _format(reading: Reading, node: Node) -> Iterator[Hit]:
    """K31: the file type; that it is from the list is for the shapes."""
    if not reading.values(node, "dct:format"):
        yield hit(reading, "K31", node)


def _licence(reading: Reading, node: Node) -> Iterator[Hit]:
    """K32: a licence from the list; that there is one is for the shapes."""
    for value in reading.values(node, "dct:license"):
        if not (isinstance(value, URIRef) and _listed_licence(value)):
            yield hit(reading, "K32", node, value)


def _listed_licence(value: Node) -> vocab.Concept | None:
    """Return the licence of an IRI of the list; no alias, for those are not its IRI."""
    concept = vocab.load("license").get(str(value))
    return concept if concept and str(value).rstrip("/") == concept.iri else None


def _attribution(reading: Reading, node: Node) -> Iterator[Hit]:
    """K35: where the licence wants to be attributed, the text for it."""
    if reading.values(node, "dcatde:licenseAttributionByText"):
        return
    for value in reading.values(node, "dct:license"):
        concept = _listed_licence(value)
        if concept and _ATTRIBUTION.search(concept.code.split("/")[0]):
            yield hit(reading, "K35", node, value)


def _download(reading: Reading, node: Node) -> Iterator[Hit]:
    """K39: an address that is a file is the download address as well."""
    if reading.values(node, "dcat:downloadURL", "dcat:accessService"):
        return
    for value in reading.values(node, "dcat:accessURL"):
        if _FILE.search(str(value).partition("?")[0]):
            yield hit(reading, "K39", node, value)


def _service_access(reading: Reading, node: Node) -> Iterator[Hit]:
    """K41: through a service means no download, and the service's address."""
    for service in reading.values(node, "dcat:accessService"):
        for value in reading.values(node, "dcat:downloadURL"):
            yield hit(reading, "K41", node, value)
        endpoints = reading.values(service, "dcat:endpointURL")
        if endpoints and not set(endpoints) & set(reading.values(node, "dcat:accessURL")):
            yield hit(reading, "K41-access", node, endpoints[0])


def _service_licence(reading: Reading, node: Node) -> Iterator[Hit]:
    """K32: a service has a licence if its data have one."""
    if reading.values(node, "dct:license"):
        return
    data = reading.values(node, "dcat:servesDataset")
    files = {f for one in data for f in reading.values(one, "dcat:distribution")}
    files |= {f for f in reading.by_class[DISTRIBUTION]
              if node in reading.values(f, "dcat:accessService")}  # fmt: skip
    if any(reading.values(one, "dct:license") for one in files):
        yield hit(reading, "K32-service", node)


def _publisher_type(reading: Reading, node: Node) -> Iterator[Hit]:
    """K37: four of the eleven types."""
    allowed = {concept.iri for concept in vocab.load("publisher_type").concepts}
    for value in reading.values(node, "dct:type"):
        listed = str(value).startswith("http://purl.org/adms/publishertype/")
        if listed and str(value) not in allowed:
            yield hit(reading, "K37", node, value)


def _publishers(reading: Reading) -> Iterator[Hit]:
    """K36: a body publishes, not a person."""
    person = {iri("foaf:Person"), iri("vcard:Individual")}
    for node in (*reading.datasets, *reading.by_class[SERIES]):
        for agent in reading.values(node, "dct:publisher"):
            if reading.data.classes(agent) & person:
                yield hit(reading, "K36", node, agent)
