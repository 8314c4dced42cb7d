# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""DCAT-AP.de to values, without loss.

A statement enters a field only when the field would write exactly this statement; every
other one that hangs on the thing goes to its ``remainder``, and what hangs on nothing to the
remainder of the reading. So writing what was read yields what was there.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from ckanext.verbund.domain.dataset import Catalog, Dataset, Resource, Series, Service, Text
from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde import terms
from ckanext.verbund.domain.dcatde.graph import Graph, without_collector
from ckanext.verbund.domain.dcatde.terms import TYPE, Term, Triple, expand
from ckanext.verbund.domain.dcatde.upgrade import Repair, roots, upgrade

__all__ = ["Reading", "from_graph"]

SHARED_BUDGET = 3
"""How many times its size a graph may be read again for things that many datasets share.

Beyond that, a shared thing is described with the first that names it and only named by the
others: a hostile catalogue must not grow with the square of its size.
"""

_AS_WKT, _GEOMETRY_TYPE = expand("geo:asWKT"), expand("locn:Geometry")


@dataclass(frozen=True)
class Reading:
    """A catalogue as values.

    Attributes:
        catalogs: Mostly one.
        datasets: In the order of the document.
        series: Likewise.
        services: Services that stand in the catalogue by themselves.
        remainder: What hangs on none of them, as lines of N-Triples.
        repairs: What was changed while reading.
        names: The addresses that blank nodes of the source got.
        reached: The things of the source that belong to each resource, by its address.
    """

    catalogs: tuple[Catalog, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    series: tuple[Series, ...] = ()
    services: tuple[Service, ...] = ()
    remainder: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = field(default=(), repr=False)
    names: dict[Term, frozenset[Term]] = field(default_factory=dict, repr=False)
    reached: dict[str, frozenset[Term]] = field(default_factory=dict, repr=False)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything that stands in the catalogue, and the catalogue."""
        return (*self.catalogs, *self.entries)

    @property
    def entries(self) -> tuple[Resource, ...]:
        """Everything that stands in the catalogue."""
        return (*self.series, *self.datasets, *self.services)

    def repairs_by_entry(self) -> tuple[dict[str, list[Repair]], list[Repair]]:
        """Return what was changed, by the address of the entry, and what belongs to none."""
        owners: dict[Term, list[str]] = {}
        for entry in self.entries:
            for subject in self.reached[entry.uri]:
                owners.setdefault(subject, []).append(entry.uri)
        found: dict[str, list[Repair]] = {}
        others = []
        for repair in self.repairs:
            subject = (*repair.after, repair.before)[0][0]
            for uri in owners.get(subject, ()):
                found.setdefault(uri, []).append(repair)
            if subject not in owners:
                others.append(repair)
        return found, others


def from_graph(graph: Graph, *, redact: bool = True) -> Reading:
    """Read the things of a catalogue.

    Args:
        graph: As `graph.read` returns it; it is upgraded in place.
        redact: Leave out personal mailboxes, see `upgrade`.
    """
    with without_collector():
        return _read(graph, redact=redact)


def _read(graph: Graph, *, redact: bool) -> Reading:
    repairs = upgrade(graph, redact=redact)
    reader = _Reader(graph)
    values = [reader.root(subject, table) for subject, table in reader.roots.items()]
    return Reading(
        catalogs=tuple(v for v in values if isinstance(v, Catalog)),
        datasets=tuple(v for v in values if isinstance(v, Dataset)),
        series=tuple(v for v in values if isinstance(v, Series)),
        services=tuple(v for v in values if isinstance(v, Service)),
        remainder=tuple(reader.orphans()),
        repairs=tuple(repairs),
        names={node: frozenset(names) for node, names in reader.all_names.items()},
        reached=reader.reached,
    )


class _Reader:
    """Reads one thing after the other."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.roots = roots(graph)
        self.all_names: dict[Term, set[Term]] = {}
        self.reached: dict[str, frozenset[Term]] = {}
        self._used: set[Term] = set()
        self._budget = SHARED_BUDGET * len(graph)
        self._references: dict[Term, int] = {}
        # The view of a dictionary answers faster than the graph.
        self._known = graph.subjects()
        for subject in self._known:
            for predicate, values in graph.node(subject).items():
                if predicate == TYPE:
                    continue
                for value in values:
                    if value in self._known:
                        self._references[value] = self._references.get(value, 0) + 1
        self._order: dict[Term, str] | None = None
        for subject in self.roots:
            if subject[0] == "_":
                self.all_names[subject] = {f"<{self._minted(subject)}>"}

    def root(self, subject: Term, table: m.Table) -> Any:
        """Return a thing of the catalogue with its remainder."""
        self._names: dict[Term, Term] = {}
        self._given: set[Term] = set()
        self._taken: set[Triple] = set()
        self._queue: deque[Term] = deque()
        self._seen: set[Term] = set()
        name = next(iter(self.all_names[subject])) if subject[0] == "_" else subject
        self._root = name[1:-1]
        self._reach(subject, name)
        content = self._content(subject, name[1:-1], table, table.class_terms)
        remainder = tuple(self._rest())
        self.reached[name[1:-1]] = frozenset(self._seen)
        return table.value(uri=name[1:-1], remainder=remainder, **content)

    def orphans(self) -> Iterable[str]:
        """Return the statements that hang on no thing of the catalogue."""
        graph = self.graph
        names = {node: min(names) for node, names in self.all_names.items()}
        for subject in graph.subjects():
            if subject in self._used:
                continue
            name = names.get(subject, subject)
            for predicate, values in graph.node(subject).items():
                for value in values:
                    yield f"{name} {predicate} {names.get(value, value)} ."

    # -- what a thing says in fields

    def _content(
        self, subject: Term, name: str, table: m.Table, classes: Iterable[Term]
    ) -> dict[str, Any]:
        node = self.graph.node(subject)
        by_term, taken = table.by_term, self._taken
        content: dict[str, Any] = {}
        for predicate, values in node.items():
            one = by_term.get(predicate)
            if one is None:
                continue
            if one.table is not None:
                found = self._things(subject, name, one, values)
            elif one.kind is m.TEXT:
                found = []
                for value in values:
                    text = _as_text(value)
                    if text is not None:
                        found.append(text)
                        taken.add((subject, predicate, value))
            elif one.name == m.GEOMETRY:
                found = self._geometry(subject, name, one, values)
            else:
                found = self._plain(subject, name, one, values)
            if found:
                content[one.field] = tuple(found) if one.many else found[0]
        for kind in classes:
            if kind in node.get(TYPE, ()):
                taken.add((subject, TYPE, kind))
        return content

    def _plain(
        self, subject: Term, name: str, one: m.Property, values: Iterable[Term]
    ) -> list[str]:
        found: list[str] = []
        decode = one.kind.decode
        for value in values:
            term = value
            if value[0] == "_" and one.kind is m.ADDRESS:
                term = self._name_of(value, name, one.field, len(found) + 1)
            text = decode(term)
            if text is None or (found and not one.many):
                continue
            # An empty text says nothing, so a field cannot hold it.
            if not text:
                continue
            found.append(text)
            self._taken.add((subject, one.term, value))
            if value in self._known and value not in self.roots:
                self._reach(value, term)
        return found

    def _things(
        self, subject: Term, name: str, one: m.Property, values: Collection[Term]
    ) -> list[Any]:
        found: list[Any] = []
        for value in self._sorted(values):
            if value[0] == '"' or value.startswith("<<") or (found and not one.many):
                continue
            derived = f"<{terms.child(name, one.field, len(found) + 1)}>"
            term = value
            if value[0] == "_":
                term = self._name_of(value, name, one.field, len(found) + 1)
            if not terms.is_name(term[1:-1]):
                continue
            if value not in self._known or value in self.roots or not self._reach(value, term):
                self._taken.add((subject, one.term, value))
                found.append(one.table.value(uri=term[1:-1]))
                continue
            classes = (one.range_term,) if one.range else one.table.class_terms
            content = self._content(value, term[1:-1], one.table, classes)
            own = term == derived and self._is_complete(value, classes)
            if not content and not (one.table.always_typed and not own):
                # Only named, then its class is not written either; or it says nothing at all.
                for kind in classes:
                    self._taken.discard((value, TYPE, kind))
                if own:
                    continue
            self._taken.add((subject, one.term, value))
            found.append(one.table.value(uri="" if own else term[1:-1], **content))
        return found

    def _is_complete(self, subject: Term, classes: Iterable[Term]) -> bool:
        """Return whether fields hold all of a thing, and nobody else names it."""
        if self._references.get(subject, 0) != 1:
            return False
        node = self.graph.node(subject)
        return all(kind in node.get(TYPE, ()) for kind in classes) and all(
            (subject, predicate, value) in self._taken
            for predicate, values in node.items()
            for value in values
        )

    def _geometry(
        self, subject: Term, name: str, one: m.Property, values: Iterable[Term]
    ) -> list[str]:
        """Return the geometry, if its node says no more than the field would write."""
        derived = f"<{terms.child(name, one.field, 1)}>"
        for value in values:
            if value[0] == '"' or value not in self._known:
                continue
            node = self.graph.node(value)
            if set(node) != {TYPE, _AS_WKT} or len(node[_AS_WKT]) != 1:
                continue
            text = m.WKT.decode(next(iter(node[_AS_WKT])))
            single = set(node[TYPE]) == {_GEOMETRY_TYPE} and self._references[value] == 1
            if not text or not single or (value[0] != "_" and value != derived):
                continue
            if not self._reach(value, self._name_of(value, name, one.field, 1)):
                continue
            self._taken.add((subject, one.term, value))
            self._taken.update((value, p, o) for p, values in node.items() for o in values)
            return [text]
        return []

    # -- what no field takes

    def _rest(self) -> Iterable[str]:
        """Return all statements in reach that no field took, nearest first."""
        graph, taken = self.graph, self._taken
        while self._queue:
            subject = self._queue.popleft()
            name = self._names[subject]
            for predicate, values in graph.node(subject).items():
                for number, value in enumerate(self._sorted(values), 1):
                    if (subject, predicate, value) in taken:
                        continue
                    term = value
                    if value[0] == "_":
                        term = self._name_of(value, name[1:-1], _local(predicate), number)
                    yield f"{name} {predicate} {term} ."
                    if predicate != TYPE and value in self._known and value not in self.roots:
                        self._reach(value, term)

    def _reach(self, subject: Term, name: Term) -> bool:
        """Note that a thing belongs to the one being read; False: only name it."""
        if subject in self._seen:
            return True
        if not self._affordable(subject):
            return False
        if subject in self._used:
            self._budget -= self._size(subject)
        self._used.add(subject)
        self._seen.add(subject)
        self._names[subject] = name
        self._queue.append(subject)
        return True

    def _affordable(self, subject: Term) -> bool:
        """Return whether a thing may be described here, having been described elsewhere."""
        return subject not in self._used or self._size(subject) <= self._budget

    def _size(self, subject: Term) -> int:
        return sum(len(values) for values in self.graph.node(subject).values())

    def _name_of(self, value: Term, parent: str, field_name: str, number: int) -> Term:
        """Return the address of a thing; a blank node gets one below what names it first."""
        if value[0] != "_":
            return value
        known = self._names.get(value)
        if known is not None:
            return known
        if value in self.roots or not self._affordable(value):
            known = min(self.all_names[value])
        else:
            if len(parent) > len(self._root) + 200:
                # A chain of a thousand nameless things must not make ever longer names.
                parent, field_name, number = self._root, "node", len(self._given) + 1
            known = f"<{terms.child(parent, field_name, number)}>"
            while known in self._known or known in self._given:
                number += 1
                known = f"<{terms.child(parent, field_name, number)}>"
        self._given.add(known)
        self._names[value] = known
        self.all_names.setdefault(value, set()).add(known)
        return known

    # -- order and identity of blank nodes

    def _sorted(self, values: Collection[Term]) -> Collection[Term]:
        """Return values in the order of the document; blank nodes by what they say.

        Many portals shuffle their documents anew for each request: a second contact must
        not become the first by that.
        """
        if len(values) < 2:
            return values
        values = list(values)
        if sum(value[0] == "_" for value in values) < 2:
            return values
        if self._order is None:
            self._order = _digests(self.graph)
        order = self._order
        blank = iter(sorted((v for v in values if v[0] == "_"), key=lambda v: order.get(v, v)))
        return [next(blank) if value[0] == "_" else value for value in values]

    def _minted(self, subject: Term) -> str:
        """Return an address for a dataset that the source did not give one."""
        identifiers = sorted(self.graph.values(subject, expand("dct:identifier")))
        if not identifiers:
            self._order = self._order or _digests(self.graph)
            identifiers = [self._order[subject]]
        return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(identifiers)).urn


def _digests(graph: Graph, rounds: int = 3) -> dict[Term, str]:
    """Return a key for each blank node that depends on what it says only.

    Three rounds look three steps far; a ring of like nodes has equal keys, and any order of
    equal nodes is as good. Linear, however the nodes refer to each other.
    """
    blank = [subject for subject in graph.subjects() if subject[0] == "_"]
    keys = dict.fromkeys(blank, "")
    for _ in range(rounds):
        keys = {
            subject: hashlib.blake2b(
                "\n".join(
                    sorted(
                        f"{predicate} {keys.get(value, '_') if value[0] == '_' else value}"
                        for predicate, values in graph.node(subject).items()
                        for value in values
                    )
                ).encode(),
                digest_size=12,
            ).hexdigest()
            for subject in blank
        }
    return keys


def _as_text(value: Term) -> Text | None:
    if value[0] != '"':
        return None
    if value[-1] == '"':
        text = terms.plain(value)
        return Text(text) if text else None
    if value[-1] == ">":
        return None
    if "\\" not in value:
        text, _, lang = value[1:].rpartition('"@')
        return Text(text, lang) if text and terms.is_language(lang) else None
    found = terms.split(value)
    if found is None or not found[0] or terms.literal(found[0], found[1]) != value:
        return None
    return Text(found[0], found[1])


def _local(predicate: Term) -> str:
    """Return the last part of a property's address as part of a name."""
    local = predicate[1:-1].rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in local) or "node"
