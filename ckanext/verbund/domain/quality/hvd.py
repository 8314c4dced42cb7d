# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""High-value datasets: what a member has, and what the regulation still asks for.

Source: Implementing Regulation (EU) 2023/138, Article 3 (machine-readable, through an API and,
where the annex says so, as bulk download; documented) and Article 4 (CC0, CC BY 4.0 or an
equivalent or less restrictive licence). Which of both ways a category needs stands in its
annex; the report tells what is stated and leaves that judgement to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain import vocab

__all__ = ["LACKS", "Entry", "report", "with_law"]

LACKS = ("law", "licence", "open_licence", "api", "download", "documentation")
"""What an entry can lack, in the order in which it is told."""


@dataclass(frozen=True)
class Entry:
    """One high-value dataset or service.

    Attributes:
        uri: Its address as data.
        title: What people read.
        categories: Addresses of its categories.
        licences: Addresses or words of its licences.
        downloads: Where whole files are.
        apis: Addresses of services.
        documentation: Pages that describe it.
        lacks: Of ``LACKS``.
    """

    uri: str
    title: str
    categories: tuple[str, ...]
    licences: tuple[str, ...]
    downloads: tuple[str, ...]
    apis: tuple[str, ...]
    documentation: tuple[str, ...]
    lacks: tuple[str, ...]


def report(values: Iterable[d.Resource]) -> list[Entry]:
    """Return an entry for everything that has a category of high-value datasets.

    Args:
        values: What stands in a catalogue; services among them count for the datasets that
            they serve.
    """
    values = list(values)
    services: dict[str, list[d.Service]] = {}
    for value in values:
        if isinstance(value, d.Service):
            for uri in value.serves_dataset:
                services.setdefault(uri, []).append(value)
    return [_entry(v, services.get(v.uri, ())) for v in values if v.hvd_category]


def with_law(value: d.Resource) -> d.Resource:
    """Return a high-value dataset whose files name the regulation, as its shapes demand.

    Source: DCAT-AP HVD 3.0, ``dcatap:applicableLegislation`` of ``dcat:Distribution``: the
    files of a high-value dataset fall under the law that the dataset falls under.
    """
    if not isinstance(value, d.Dataset) or not value.hvd_category:
        return value
    files = tuple(
        file
        if d.HVD_LAW in file.applicable_legislation
        else replace(file, applicable_legislation=(*file.applicable_legislation, d.HVD_LAW))
        for file in value.distribution
    )
    return replace(value, distribution=files)


def _entry(value: d.Resource, beside: Sequence[d.Service]) -> Entry:
    files = value.distribution if isinstance(value, d.Dataset) else ()
    services = [*beside, *(service for file in files for service in file.access_service)]
    services += [value] if isinstance(value, d.Service) else []
    licences = [file.license for file in files] + [service.license for service in services]
    found = Entry(
        uri=value.uri,
        title=d.preferred(value.title).value,
        categories=value.hvd_category,
        licences=_once(_name(one) for one in licences if one),
        # A file whose access is a service is no download.
        downloads=_once(
            address
            for file in files
            if not file.access_service
            for address in (file.download_url or file.access_url)
        ),
        apis=_once(address for service in services for address in service.endpoint_url),
        documentation=_once(
            [
                *value.documentation,
                *value.landing_page,
                *(address for file in files for address in file.documentation),
                *(a for service in services for a in service.endpoint_description),
            ]
        ),
        lacks=(),
    )
    return replace(found, lacks=tuple(_lacks(value, found)))


def _lacks(value: d.Resource, entry: Entry) -> list[str]:
    # A service alone, or a series, has no files of its own.
    has_files = isinstance(value, d.Dataset)
    is_series = isinstance(value, d.Series)
    tests = {
        "law": d.HVD_LAW not in value.applicable_legislation,
        "licence": not entry.licences and not is_series,
        "open_licence": any(not _is_open(one) for one in entry.licences),
        "api": not entry.apis and not is_series,
        "download": not entry.downloads and has_files,
        "documentation": not entry.documentation,
    }
    return [name for name in LACKS if tests[name]]


def _name(licence: d.Statement) -> str:
    return licence.uri or d.preferred(licence.label).value


def _is_open(licence: str) -> bool:
    concept = vocab.load("license").get(licence)
    return concept is not None and concept.extra["open"] == "yes"


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
