# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON-LD that people can read: prefixed names, things inside each other, a context within.

A document brings the part of the context that it needs, so that nobody has to fetch anything
to read it. The whole context is published by the portal under its version; a version never
changes its meaning. Source: https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from ckanext.verbund.domain.dcatde import mapping, terms
from ckanext.verbund.domain.dcatde.terms import PREFIXES, TYPE, Term, Triple, expand

__all__ = ["VERSION", "context", "published", "write"]

VERSION = "1"
"""Of the context. New terms keep it; a term that changes its meaning needs a new one."""

# A chain of a thousand things is no reason to write brackets in brackets.
_DEEPEST = 20
# Things that stand for themselves; anything else is written inside what names it.
_APART = frozenset(
    expand(f"dcat:{name}")
    for name in ("Catalog", "CatalogRecord", "Dataset", "DatasetSeries", "DataService")
)


def published() -> bytes:
    """Return the whole context as a document."""
    return f'{{\n"@context": {_by_line(context())}\n}}\n'.encode()


@cache
def context() -> dict[str, Any]:
    """Return the whole context: prefixes, and the properties whose values are addresses."""
    links = {
        one.name
        for table in mapping.TABLES.values()
        for one in table.properties
        if one.table is not None or one.kind in (mapping.ADDRESS, mapping.MAIL, mapping.PHONE)
    }
    links |= {"foaf:primaryTopic", "geo:hasGeometry", "prov:wasDerivedFrom"}
    return {
        "@version": 1.1,
        **PREFIXES,
        **{name: {"@id": name, "@type": "@id"} for name in sorted(links)},
    }


def write(triples: Iterable[Triple]) -> bytes:
    """Return a document.

    Args:
        triples: Statements; each subject is written where it is named, if only once.
    """
    return _Writer(triples).document()


class _Writer:
    """Writes one graph."""

    def __init__(self, triples: Iterable[Triple]):
        self._nodes: dict[Term, dict[Term, list[Term]]] = {}
        named: dict[Term, int] = {}
        schemes = set()
        for subject, predicate, value in triples:
            self._nodes.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if value[0] != '"' and predicate != TYPE:
                named[value] = named.get(value, 0) + 1
            for term in (subject, predicate, value):
                if term[0] == "<":
                    scheme, _, rest = term[1:].partition(":")
                    if not rest.startswith("//"):
                        schemes.add(scheme)
        # "geo:48,7" is an address of its own, and no abbreviation.
        self._prefixes = {
            prefix: base for prefix, base in PREFIXES.items() if prefix not in schemes
        }
        self._inside = {
            subject
            for subject, node in self._nodes.items()
            if named.get(subject) == 1 and not _APART.intersection(node.get(TYPE, ()))
        }
        self._used: dict[str, Any] = {}
        self._written: set[Term] = set()
        self._names: dict[Term, str] = {}

    def document(self) -> bytes:
        outside = [subject for subject in self._nodes if subject not in self._inside]
        graph = [self._node(subject) for subject in outside]
        # Rings of things that only name each other.
        graph += [self._node(s) for s in self._nodes if s not in self._written]
        used = {"@version": 1.1, **dict(sorted(self._used.items()))}
        body = json.dumps(graph, ensure_ascii=False, indent=1)
        return f'{{\n"@context": {_by_line(used)},\n"@graph": {body}\n}}\n'.encode()

    def _node(self, subject: Term, depth: int = 0) -> dict[str, Any]:
        self._written.add(subject)
        content: dict[str, Any] = {"@id": _identity(subject)}
        for predicate, values in self._nodes[subject].items():
            if predicate == TYPE and all(value[0] == "<" for value in values):
                content["@type"] = _single([self._name(value) for value in values])
                continue
            name = self._name(predicate)
            is_link = name in context()
            content[name] = _single(
                [self._value(value, depth, is_link=is_link) for value in values]
            )
        return content

    def _value(self, value: Term, depth: int, *, is_link: bool) -> str | dict[str, Any]:
        if value[0] != '"':
            within = value in self._inside and value not in self._written
            if within and depth < _DEEPEST:
                return self._node(value, depth + 1)
            return _identity(value) if is_link else {"@id": _identity(value)}
        text, lang, datatype = terms.split(value) or (value, "", "")
        if lang:
            return {"@language": lang, "@value": text}
        if datatype:
            return {"@type": self._name(f"<{datatype}>"), "@value": text}
        return {"@value": text} if is_link else text

    def _name(self, term: Term) -> str:
        """Return the prefixed name of an address, or the address."""
        known = self._names.get(term)
        if known is None:
            known = self._names[term] = self._abbreviated(term[1:-1])
        return known

    def _abbreviated(self, address: str) -> str:
        for prefix, base in self._prefixes.items():
            local = address.removeprefix(base)
            if local != address and local.isidentifier():
                self._used[prefix] = base
                name = f"{prefix}:{local}"
                if name in context():
                    self._used[name] = context()[name]
                return name
        return address


def _by_line(content: dict[str, Any]) -> str:
    entries = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
    return "{\n  " + ",\n  ".join(entries) + "\n }"


def _identity(term: Term) -> str:
    return term[1:-1] if term[0] == "<" else term


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
