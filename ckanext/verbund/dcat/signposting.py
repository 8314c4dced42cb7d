# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links for machines in the header of a dataset's page: https://signposting.org/FAIR/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.urls import iri_to_uri

from ckanext.verbund.dcat import describe
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.terms import encoded, is_address

__all__ = ["header"]

LONGEST = 4000
"""Of the header in bytes: web servers refuse long ones. Files come last; RDF has them all."""
_TYPES = {d.Dataset: "Dataset", d.Series: "Dataset", d.Service: "WebAPI"}


def header(package: Mapping[str, Any], forms: Mapping[str, str]) -> str:
    """Return the header ``Link`` of a page.

    Args:
        package: As ``package_show`` returns it.
        forms: Where its RDF is, by media type.
    """
    value = describe.of_page(package)
    found, length = [], 0
    for target, relation, kind in _links(value, forms):
        if not is_address(target):
            continue
        link = f'<{iri_to_uri(encoded(target))}>; rel="{relation}"'
        link += f'; type="{kind}"' if kind else ""
        length += len(link) + 2
        if length > LONGEST:
            break
        found.append(link)
    return ", ".join(dict.fromkeys(found))


def _links(
    value: d.Dataset | d.Series | d.Service, forms: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield target, relation and media type, the most important first."""
    yield value.uri, "cite-as", ""
    for kind, address in forms.items():
        yield address, "describedby", kind
    yield "https://schema.org/AboutPage", "type", ""
    yield f"https://schema.org/{_TYPES[type(value)]}", "type", ""
    yield f"{describe.site()}/catalog/gesamt", "collection", ""
    if isinstance(value, d.Service):
        yield value.license.uri if value.license else "", "license", ""
    if isinstance(value, d.Dataset):
        for series in value.in_series:
            yield series, "collection", ""
        for file in value.distribution:
            yield file.license.uri if file.license else "", "license", ""
        for file in value.distribution:
            kind = file.media_type.partition("/media-types/")[2]
            for address in (*file.download_url, *file.access_url)[:1]:
                yield address, "item", kind
