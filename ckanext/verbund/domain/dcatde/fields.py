# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What properties and classes are called in German and English, and where they are entered.

Names and examples are those of the form (``schemas/*.yaml``), so that a finding speaks of
the field that a clerk sees. What the form does not have is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from rdflib import URIRef
from rdflib.term import Node

from ckanext.verbund.domain.dcatde.terms import PREFIXES

__all__ = ["CLASSES", "Field", "class_name", "curie", "field", "iri"]


@dataclass(frozen=True)
class Field:
    """A property as people know it.

    Attributes:
        de: Its German name.
        en: Its English name.
        example: A good value, or empty.
        anchor: Where the form asks for it, as the end of an address, or empty.
    """

    de: str
    en: str
    example: str = ""
    anchor: str = ""


@cache
def iri(name: str) -> URIRef:
    """Return the IRI of a prefixed name.

    Example:
        >>> iri("dct:title")
        rdflib.term.URIRef('http://purl.org/dc/terms/title')
    """
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


@lru_cache(maxsize=4096)
def curie(node: Node) -> str:
    """Return the prefixed name of an IRI, or the IRI itself."""
    text = str(node)
    for prefix, base in PREFIXES.items():
        if text.startswith(base):
            return f"{prefix}:{text[len(base) :]}"
    return text


# Order: which class a node of several is spoken of as.
CLASSES: Mapping[Node, tuple[str, str]] = {
    iri(name): (de, en)
    for name, de, en in (
        ("dcat:Catalog", "Katalog", "Catalogue"),
        ("dcat:DatasetSeries", "Datensatzreihe", "Dataset series"),
        ("dcat:Dataset", "Datensatz", "Dataset"),
        ("dcat:DataService", "Datendienst", "Data service"),
        ("dcat:Distribution", "Datei oder Zugang", "Distribution"),
        ("dcat:CatalogRecord", "Katalogeintrag", "Catalogue record"),
        ("vcard:Kind", "Kontakt", "Contact"),
        ("foaf:Agent", "Stelle", "Agent"),
        ("dct:PeriodOfTime", "Zeitraum", "Period of time"),
        ("dct:Location", "Ort", "Location"),
        ("spdx:Checksum", "Prüfsumme", "Checksum"),
        ("adms:Identifier", "Weitere Kennung", "Identifier"),
        ("prov:Attribution", "Beteiligte Stelle", "Attribution"),
        ("dcat:Relationship", "Beziehung", "Relationship"),
        ("foaf:Document", "Dokument", "Document"),
        ("skos:Concept", "Wert einer Liste", "Concept"),
        ("skos:ConceptScheme", "Liste von Werten", "Concept scheme"),
        ("dct:LicenseDocument", "Lizenz", "Licence document"),
    )
}
_TYPES = {
    "dataset.yaml": ("dcat:Dataset", "dcat:Distribution"),
    "data_service.yaml": ("dcat:DataService", None),
    "dataset_series.yaml": ("dcat:DatasetSeries", None),
}
# Of what the form does not ask, or asks under another name.
_NAMES = {
    "dcat:bbox": ("Rechteck", "Bounding box"),
    "dcat:centroid": ("Mittelpunkt", "Centroid"),
    "dcat:endDate": ("Ende", "End"),
    "dcat:startDate": ("Beginn", "Start"),
    "dcat:accessURL": ("Adresse", "Access address"),
    "dcat:compressFormat": ("Kompression", "Compression format"),
    "dcat:dataset": ("Datensatz im Katalog", "Dataset in the catalogue"),
    "dcat:distribution": ("Datei oder Zugang", "Distribution"),
    "dcat:hadRole": ("Rolle", "Role"),
    "dcat:packageFormat": ("Paketformat", "Package format"),
    "dcat:record": ("Katalogeintrag", "Catalogue record"),
    "dcat:service": ("Dienst im Katalog", "Service in the catalogue"),
    "dcat:themeTaxonomy": ("Liste der Themen", "Theme taxonomy"),
    "dct:isPartOf": ("Teil von", "Is part of"),
    "foaf:name": ("Name", "Name"),
    "locn:geometry": ("Geometrie", "Geometry"),
    "foaf:homepage": ("Startseite", "Home page"),
    "foaf:primaryTopic": ("Beschriebener Gegenstand", "Primary topic"),
    "prov:agent": ("Stelle", "Agent"),
    "skos:notation": ("Wert der Kennung", "Notation"),
    "skos:prefLabel": ("Bezeichnung", "Preferred label"),
    "spdx:algorithm": ("Verfahren der Prüfsumme", "Checksum algorithm"),
    "spdx:checksum": ("Prüfsumme", "Checksum"),
    "spdx:checksumValue": ("Prüfsumme", "Checksum value"),
    "vcard:fn": ("Name des Kontakts", "Contact name"),
    "vcard:hasEmail": ("E-Mail", "E-mail"),
    "vcard:hasTelephone": ("Telefon", "Telephone"),
    "vcard:hasURL": ("Kontaktformular", "Contact form"),
}


def class_name(cls: Node) -> tuple[str, str]:
    """Return what a class is called in German and English."""
    return CLASSES.get(cls) or (curie(cls), curie(cls))


def field(cls: Node, prop: Node) -> Field:
    """Return what a property of a class is called, and where it is entered."""
    known = _form().get((cls, prop))
    if known:
        return known
    de, en = _NAMES.get(curie(prop), (None, None))
    if de is None:
        anywhere = _anywhere().get(prop)
        de, en = (anywhere.de, anywhere.en) if anywhere else (curie(prop), curie(prop))
    return Field(de, en)


@cache
def _form() -> Mapping[tuple[Node, Node], Field]:
    found: dict[tuple[Node, Node], Field] = {}
    for name, (own, inner) in _TYPES.items():
        text = (files("ckanext.verbund.schemas") / name).read_text(encoding="utf-8")
        schema = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        for key, cls in (("dataset_fields", own), ("resource_fields", inner)):
            if cls:
                for where, known in _fields(iri(cls), schema.get(key, ())):
                    found.setdefault(where, known)
    return found


def _fields(cls: Node, declared: Iterable[Mapping[str, Any]]) -> Iterable[tuple]:
    for one in declared:
        prop = one.get("property", "-")
        if ":" in prop and prop.partition(":")[0] in PREFIXES:
            label = one["label"]
            example = str(one.get("example", ""))
            anchor = f"#field-{one['field_name']}"
            yield (cls, iri(prop)), Field(label["de"], label["en"], example, anchor)


@cache
def _anywhere() -> Mapping[Node, Field]:
    return {prop: known for (_cls, prop), known in reversed(list(_form().items()))}
