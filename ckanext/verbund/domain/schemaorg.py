# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dataset for search engines: schema.org as JSON-LD inside its page.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset and
https://schema.org/Dataset. Compact on purpose: the whole description is the RDF beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain import licence, vocab

__all__ = ["MOST_FILES", "describe", "script"]

MOST_FILES = 30
"""Of a dataset with hundreds of files the first are described."""
_LONGEST = 5000  # characters of a description that Google reads
_KINDS = {d.Dataset: "Dataset", d.Series: "Dataset", d.Service: "WebAPI"}
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def describe(
    value: d.Dataset | d.Series | d.Service, page: str, catalog: d.Catalog | None = None
) -> dict[str, Any]:
    """Return a description with what search engines use.

    Args:
        value: The dataset, series or service.
        page: Address of its page.
        catalog: The catalogue that it stands in.
    """
    places = [_place(place) for place in value.spatial]
    about: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": _KINDS[type(value)],
        "@id": value.uri,
        "name": d.preferred(value.title).value,
        "description": d.preferred(value.description).value[:_LONGEST],
        "url": page,
        "identifier": [*value.identifier, *(i.notation for i in value.alternate_identifier)],
        "keywords": list(dict.fromkeys(text.value for text in value.keyword)),
        "inLanguage": [_code(one) for one in value.language],
        "publisher": _body(value.publisher),
        "creator": [_body(one) for one in value.creator],
        "datePublished": value.issued,
        "dateModified": value.modified,
        "spatialCoverage": [place for place in places if place],
        "includedInDataCatalog": _catalog(catalog),
    }
    if isinstance(value, (d.Dataset, d.Series)):
        about["temporalCoverage"] = [
            f"{period.start or '..'}/{period.end or '..'}" for period in value.temporal
        ]
    if isinstance(value, d.Dataset):
        files = value.distribution
        about |= {
            "version": value.version,
            "isPartOf": list(value.in_series),
            "license": _licences(file.license for file in files),
            "isAccessibleForFree": True if files else None,
            "distribution": [_file(file) for file in files[:MOST_FILES]],
        }
    elif isinstance(value, d.Service):
        about |= {
            "license": _licences([value.license]),
            "documentation": [*value.endpoint_description, *value.documentation],
        }
    return _filled(about)


def script(about: dict[str, Any]) -> str:
    """Return a description as the content of a script element, which no value can end."""
    return json.dumps(about, ensure_ascii=False).translate(_ESCAPED)


def _body(agent: d.Agent | None) -> dict[str, Any] | None:
    if agent is None:
        return None
    return _filled(
        {
            "@type": "Organization",
            "@id": agent.uri,
            "name": d.preferred(agent.name).value,
            "email": agent.email,
            "url": agent.url,
        }
    )


def _catalog(catalog: d.Catalog | None) -> dict[str, Any] | None:
    if catalog is None:
        return None
    return _filled(
        {
            "@type": "DataCatalog",
            "@id": catalog.uri,
            "name": d.preferred(catalog.title).value,
            "url": catalog.homepage,
        }
    )


def _place(place: d.Location) -> dict[str, Any] | None:
    name = d.preferred(place.label).value
    return {"@type": "Place", "name": name, "sameAs": place.uri} if name else place.uri or None


def _file(file: d.Distribution) -> dict[str, Any]:
    kind = vocab.load("file_type").get(file.format.uri) if file.format else None
    label = d.preferred(file.format.label).value if file.format else ""
    return _filled(
        {
            "@type": "DataDownload",
            "@id": file.uri,
            "name": d.preferred(file.title).value,
            "contentUrl": next(iter((*file.download_url, *file.access_url)), ""),
            "encodingFormat": file.media_type.partition("/media-types/")[2]
            or (kind.label() if kind else label),
            "contentSize": f"{file.byte_size} B" if file.byte_size else "",
            "license": _licences([file.license]),
        }
    )


def _licences(given: Iterable[d.Statement | None]) -> list[str]:
    """Return the pages with the texts of licences, each once."""
    found = {}
    for one in given:
        if one is None:
            continue
        known = licence.find(one.uri)
        found[(known.url if known else "") or one.uri or d.preferred(one.label).value] = None
    return [address for address in found if address]


def _code(iri: str) -> str:
    """Return the language tag of an entry of the list, or its address."""
    concept = vocab.load("language").get(iri)
    names = concept.extra["alias"].split(";") if concept else ()
    return next((name for name in names if len(name) == 2), iri)


def _filled(about: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty; a list of one is its only entry."""
    found = {}
    for key, value in about.items():
        if isinstance(value, list):
            value = [one for one in value if one]  # noqa: PLW2901
            value = value[0] if len(value) == 1 else value  # noqa: PLW2901
        if value not in ("", None, [], {}):
            found[key] = value
    return found
