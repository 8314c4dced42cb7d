# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A checked graph, read as people speak of it: datasets, their fields, their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rdflib import Literal, URIRef
from rdflib.term import Node
from rdflib.util import from_n3

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.finding import Finding, excerpt

from . import fields
from .fields import iri
from .rules import rules
from .shacl import Data
from .shapes import background

__all__ = ["Hit", "Reading", "Triples", "hit", "read"]

Triples = Iterable[tuple[Node, Node, Node]] | Iterable[tuple[str, str, str]] | Iterable[str]
"""Statements of rdflib, of terms in N-Triples notation, or as lines of canonical N-Triples."""

CATALOG, DATASET, SERIES = iri("dcat:Catalog"), iri("dcat:Dataset"), iri("dcat:DatasetSeries")
SERVICE, DISTRIBUTION = iri("dcat:DataService"), iri("dcat:Distribution")
# Things that stand for themselves; anything else is spoken of as part of one of them.
_MAIN = frozenset([CATALOG, SERIES, DATASET, SERVICE, DISTRIBUTION, iri("dcat:CatalogRecord")])
_LISTS = ("license", "file_type", "language", "access_right", "frequency", "publisher_type")


@dataclass(frozen=True)
class Hit:
    """A finding, with what tells that another rule found the same thing."""

    finding: Finding
    topic: str
    node: Node
    path: Node | None = None
    value: Node | None = None


@dataclass
class Reading:
    """The graph with short cuts for rules.

    Attributes:
        data: The graph.
    """

    data: Data

    def values(self, node: Node, *names: str) -> list[Node]:
        """Return the values of properties, by prefixed name."""
        return [value for name in names for value in self.data.values(node, iri(name))]

    def value(self, node: Node, name: str) -> Node | None:
        """Return the first value of a property, or None."""
        found = self.data.values(node, iri(name))
        return found[0] if found else None

    def text(self, node: Node, name: str, lang: str = "de") -> str:
        """Return a text in a language, else without one, else any."""
        texts = [t for t in self.values(node, name) if isinstance(t, Literal)]
        ranked = sorted(texts, key=lambda t: (t.language != lang, bool(t.language)))
        return str(ranked[0]) if ranked else ""

    @cached_property
    def by_class(self) -> dict[Node, list[Node]]:
        """The nodes of each class, in the order of the graph."""
        found: dict[Node, list[Node]] = {cls: [] for cls in fields.CLASSES}
        for node in self.data.own:
            for cls in self.data.classes(node):
                if cls in found:
                    found[cls].append(node)
        return found

    @cached_property
    def datasets(self) -> list[Node]:
        """Datasets that are no series as well."""
        series = set(self.by_class[SERIES])
        return [node for node in self.by_class[DATASET] if node not in series]

    def kind(self, node: Node) -> Node | None:
        """Return the class as which a node is spoken of."""
        classes = self.data.classes(node)
        return next((cls for cls in fields.CLASSES if cls in classes), None)

    def place(self, node: Node) -> tuple[Node, list[Node]]:
        """Return the thing that a node is part of, and the properties that lead to it."""
        trail: list[Node] = []
        seen = set()
        while node not in seen and not self.data.classes(node) & _MAIN:
            seen.add(node)
            parent = self._parent_of.get(node)
            if parent is None:
                break
            node, prop = parent
            trail.insert(0, prop)
        return node, trail

    @cached_property
    def _parent_of(self) -> dict[Node, tuple[Node, Node]]:
        """From where each node is pointed to first."""
        found: dict[Node, tuple[Node, Node]] = {}
        for subject, properties in self.data.own.items():
            for prop, values in properties.items():
                for value in values:
                    if value != subject:
                        found.setdefault(value, (subject, prop))
        return found

    def shown(self, value: Node | None) -> str:
        """Return a value as people read it: the name of a listed value, else its beginning."""
        if isinstance(value, URIRef):
            for name in _LISTS:
                concept = vocab.load(name).get(str(value))
                if concept:
                    return concept.label()
        return "" if value is None else excerpt(value)


def hit(
    reading: Reading, rule_id: str, node: Node, value: Node | str | None = None, **words: object
) -> Hit:
    """Return what a rule found.

    Args:
        reading: The graph.
        rule_id: A rule of ``schemas/checks/rules.yaml``.
        node: The thing that breaks it.
        value: The offending value; its readable form is ``{value}``.
        words: What else stands in the rule's words; ``property`` where the rule leaves it open.
    """
    rule = rules()[rule_id]
    prop = str(words.pop("property", rule.property))
    subject, trail = reading.place(node)
    shown = reading.shown(value) if isinstance(value, Node) else str(value or "")
    told = {"value": shown, **words}
    top = trail[0] if trail else iri(prop)
    finding = Finding(
        id=f"dcatde.{rule.id}",
        severity=rule.severity,
        subject=str(subject),
        property=prop,
        value_excerpt=excerpt(value) if value is not None else "",
        message_de=rule.de.format(**told),
        message_en=rule.en.format(**told),
        remedy_de=rule.remedy.format(**told),
        rule_source=rule.source,
        link=fields.field(reading.kind(subject), top).anchor,
    )
    return Hit(finding, rule.topic, node, iri(prop), value if isinstance(value, Node) else None)


def read(triples: Triples) -> Reading:
    """Return a graph as rules read it, with what is known of values of vocabularies."""
    return Reading(Data(_nodes(triples), background()))


def _nodes(triples: Triples) -> Iterator[tuple[Node, Node, Node]]:
    """Yield statements of rdflib, whichever way they come."""
    for triple in triples:
        if isinstance(triple, str):
            subject, predicate, rest = triple.rstrip().split(" ", 2)
            yield _node(subject), _node(predicate), _node(rest.removesuffix(" ."))
        elif isinstance(triple[0], Node):
            yield triple
        else:
            yield tuple(map(_node, triple))


@lru_cache(maxsize=4096)
def _node(term: str) -> Node:
    if term.startswith("<"):
        return URIRef(term[1:-1])
    return from_n3(term)
