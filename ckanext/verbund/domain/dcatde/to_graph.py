# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values to DCAT-AP.de 3.0.

Every thing gets an address, its own or one below the thing it hangs on (`terms.child`): there
are no blank nodes, so that two exports of the same value are the same lines.
"""

from __future__ import annotations

from typing import Any

from ckanext.verbund.domain.dataset import Catalog, Dataset, Series, Service
from ckanext.verbund.domain.dcatde import mapping, terms
from ckanext.verbund.domain.dcatde.mapping import GEOMETRY, TABLES, TEXT, Property, Table
from ckanext.verbund.domain.dcatde.terms import TYPE, expand

__all__ = ["to_graph"]

_GEOMETRY_TYPE = expand("locn:Geometry")
_AS_WKT = expand("geo:asWKT")


def to_graph(*resources: Catalog | Dataset | Series | Service) -> list[str]:
    """Return the statements about things of a catalogue, as lines of N-Triples, each once.

    Raises:
        ValueError: One has no address as ``uri``; only who keeps a thing can give it one.
    """
    lines: dict[str, None] = {}
    for resource in resources:
        if not terms.is_name(resource.uri):
            raise ValueError(
                f"{type(resource).__name__} without address: {resource.uri[:80]!r}"
            )
        _write(lines, resource, resource.uri, TABLES[type(resource)])
        lines.update(dict.fromkeys(resource.remainder))
    return list(lines)


def _write(
    lines: dict[str, None], value: Any, uri: str, table: Table, of: Property | None = None
) -> None:
    """Write what a thing says about itself.

    A thing that consists of its address alone is mostly only named: it is described elsewhere.

    Args:
        lines: Where to.
        value: The thing.
        uri: Its address.
        table: Its properties.
        of: The property that it is the value of; None for a thing of the catalogue.
    """
    subject = f"<{uri}>"
    about: list[str] = []
    nested: list[tuple[Any, str, Property]] = []
    for one in table.properties:
        content = getattr(value, one.field)
        if not content:
            continue
        start = f"{subject} {one.term}"
        if one.table is None:
            _write_plain(about, start, uri, one, content)
            continue
        for number, thing in enumerate(content if one.many else (content,), 1):
            named = thing.uri and terms.is_name(thing.uri)
            name = thing.uri if named else terms.child(uri, one.field, number)
            about.append(f"{start} <{name}> .")
            nested.append((thing, name, one))
    if about or of is None or uri != value.uri or table.always_typed:
        for kind in (of.range_term,) if of and of.range else table.class_terms:
            lines[f"{subject} {TYPE} {kind} ."] = None
    lines.update(dict.fromkeys(about))
    for thing, name, one in nested:
        _write(lines, thing, name, one.table, one)


def _write_plain(about: list[str], start: str, uri: str, one: Property, content: Any) -> None:
    if one.kind is TEXT:
        about += [f"{start} {terms.literal(text.value, text.lang)} ." for text in content]
    elif one.many:
        encode = one.kind.encode
        about += [f"{start} {encode(text)} ." for text in content]
    elif one.name == GEOMETRY:
        # The shapes want a thing here; a literal is a violation, though many write one.
        node = f"<{terms.child(uri, one.field, 1)}>"
        about += [
            f"{start} {node} .",
            f"{node} {TYPE} {_GEOMETRY_TYPE} .",
            f"{node} {_AS_WKT} {mapping.WKT.encode(content)} .",
        ]
    else:
        about.append(f"{start} {one.kind.encode(content)} .")
