# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""SHACL shapes, compiled once, applied to many small graphs.

pySHACL takes 63 ms of CPU time for the shapes of one dataset of the Rostock catalogue: it
reads all shapes anew each time, asks the graph for each of them and builds a report as a
graph. Here the whole check takes 5 ms (``python -m bench.check``): shapes are compiled to
plain objects once, the graph is turned into one dictionary, and a property without values
costs nothing unless a shape asks for one. Only the parts of SHACL that the bundled shapes
use are understood; anything else is refused when compiling, so that no rule is passed over
in silence.
``tests/unit/dcatde/test_shacl.py`` holds the results against pySHACL's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

__all__ = ["Data", "Result", "Shape", "Shapes", "UnsupportedShapeError"]

# What a shape may say besides its constraints.
_DESCRIPTIVE = {
    RDF.type, RDFS.seeAlso, SH.name, SH.description, SH.message, SH.severity, SH.deactivated,
    SH.path, SH.targetClass, SH.targetSubjectsOf, SH.closed, SH.flags, SH.order, SH.group,
}  # fmt: skip
_SH = Namespace(str(SH))
Facts = Mapping[Node, Mapping[Node, Sequence[Node]]]


class UnsupportedShapeError(ValueError):
    """A shape uses a part of SHACL that is not understood here."""


@dataclass(frozen=True)
class Result:
    """One constraint that one node does not meet.

    Attributes:
        focus: The node that was looked at.
        path: The property, or several of which one was asked for.
        value: The value that does not fit, where it is one.
        component: The kind of constraint, such as ``sh:MinCountConstraintComponent``.
        severity: ``sh:Violation``, ``sh:Warning`` or a severity of the shapes' own.
        shape: The shape that says so.
        via: For a shape inside a shape: node and property from which it was reached.
    """

    focus: Node
    path: tuple[Node, ...]
    value: Node | None
    component: Node
    severity: Node
    shape: Shape
    via: tuple[Node, tuple[Node, ...]] | None = None


class Data:
    """A graph as one dictionary, together with facts that hold for every graph.

    Args:
        graph: The data.
        background: What is known anyway (members of vocabularies, classes of classes). It is
            looked up, never copied, so that its size costs nothing.
    """

    def __init__(self, graph: Iterable[tuple[Node, Node, Node]], background: Facts):
        self.background = background
        self.own: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in graph:
            self.own.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._supers: dict[Node, frozenset[Node]] = {}

    def values(self, node: Node, predicate: Node) -> Sequence[Node]:
        """Return the distinct values of a property of a node."""
        own = self.own.get(node, _NOTHING).get(predicate, ())
        known = self.background.get(node)
        if known is None:
            return own
        return (*own, *(v for v in known.get(predicate, ()) if v not in own))

    def classes(self, node: Node) -> frozenset[Node]:
        """Return the classes that a node belongs to, with the classes above them."""
        types = self.values(node, RDF.type)
        if len(types) == 1:
            return self._above(types[0])
        return frozenset().union(*(self._above(t) for t in types))

    def _above(self, cls: Node) -> frozenset[Node]:
        if cls not in self._supers:
            found, todo = {cls}, [cls]
            while todo:
                for above in self.values(todo.pop(), RDFS.subClassOf):
                    if above not in found:
                        found.add(above)
                        todo.append(above)
            self._supers[cls] = frozenset(found)
        return self._supers[cls]


_NOTHING: Mapping[Node, Sequence[Node]] = {}


@dataclass
class Shape:
    """One compiled shape; node shapes have no path."""

    node: Node
    path: tuple[Node, ...] = ()
    severity: Node = SH.Violation
    messages: dict[str, str] = field(default_factory=dict)
    minimum: int = 0
    maximum: int | None = None
    tests: list[tuple[Node, Callable[[Node, Data], bool], Node]] = field(default_factory=list)
    required: list[Node] = field(default_factory=list)
    nested: list[Shape] = field(default_factory=list)
    qualified: tuple[Shape, int | None, int | None] | None = None

    @property
    def minds_absence(self) -> bool:
        """Whether the shape can fail where there is no value at all."""
        return bool(self.minimum or self.required or (self.qualified and self.qualified[1]))

    def failures(self, focus: Node, data: Data, via: tuple | None = None) -> Iterator[Result]:
        """Yield what a node does not meet."""
        values = self._values(focus, data)
        for component, value in self._faults(values, data):
            yield Result(focus, self.path, value, component, self.severity, self, via)
        here = (focus, self.path) if self.path else via
        for shape in self.nested:
            for value in values:
                yield from shape.failures(value, data, here)

    def _values(self, focus: Node, data: Data) -> Sequence[Node]:
        if not self.path:
            return (focus,)
        if len(self.path) == 1:
            return data.values(focus, self.path[0])
        return tuple(dict.fromkeys(v for p in self.path for v in data.values(focus, p)))

    def _faults(self, values: Sequence[Node], data: Data) -> Iterator[tuple[Node, Node | None]]:
        """Yield component and offending value of each constraint of this shape itself."""
        if len(values) < self.minimum:
            yield _SH.MinCountConstraintComponent, None
        if self.maximum is not None and len(values) > self.maximum:
            yield _SH.MaxCountConstraintComponent, None
        for value in self.required:
            if value not in values:
                yield _SH.HasValueConstraintComponent, None
        for component, test, _expected in self.tests:
            for value in values:
                if not test(value, data):
                    yield component, value
        if self.qualified:
            yield from self._counted(values, data)

    def _counted(self, values: Sequence[Node], data: Data) -> Iterator[tuple[Node, None]]:
        shape, least, most = self.qualified
        fitting = sum(shape.accepts(value, data) for value in values)
        if most is not None and fitting > most:
            yield _SH.QualifiedMaxCountConstraintComponent, None
        if least is not None and fitting < least:
            yield _SH.QualifiedMinCountConstraintComponent, None

    def accepts(self, node: Node, data: Data) -> bool:
        """Return whether a node meets the shape."""
        return next(self.failures(node, data), None) is None


class Shapes:
    """A set of shapes, compiled.

    Args:
        graph: The shapes, all files of the set together.

    Raises:
        UnsupportedShapeError: A shape says something that would be passed over.
    """

    def __init__(self, graph: Graph):
        self.graph = graph
        self._made: dict[Node, Shape | None] = {}
        self._by_class: dict[Node, list[Shape]] = defaultdict(list)
        self._by_property: dict[Node, list[Shape]] = defaultdict(list)
        self._plans: dict[frozenset[Node], list[_Step]] = {}
        for target, index in (
            (SH.targetClass, self._by_class),
            (SH.targetSubjectsOf, self._by_property),
        ):
            for node, value in graph.subject_objects(target):
                shape = self._shape(node)
                if shape:
                    index[value].append(shape)
        for target in (SH.targetNode, SH.targetObjectsOf):
            if (None, target, None) in graph:
                raise UnsupportedShapeError(f"{target} is not understood")

    def __len__(self) -> int:
        """Return how many shapes are active."""
        return sum(shape is not None for shape in self._made.values())

    def results(self, data: Data, focus: Iterable[Node] | None = None) -> Iterator[Result]:
        """Yield everything that is wrong with the data.

        Args:
            data: The graph.
            focus: Look only at these nodes (all nodes of the graph if left out).
        """
        for node in data.own if focus is None else focus:
            for step in self._plan(data.classes(node)):
                if step.minds_absence or any(data.values(node, p) for p in step.path):
                    yield from step.shape.failures(node, data, None)
            for predicate in data.own.get(node, ()):
                for shape in self._by_property.get(predicate, ()):
                    yield from shape.failures(node, data)

    def _plan(self, classes: frozenset[Node]) -> list[_Step]:
        """Return the shapes for nodes of these classes; a node shape as its properties."""
        if classes not in self._plans:
            # a shape can name several classes of one node, and is applied once all the same
            wanted = {id(s): s for cls in classes for s in self._by_class.get(cls, ())}
            steps = []
            for shape in wanted.values():
                flat = not (shape.path or shape.tests or shape.required)
                parts = shape.nested if flat else [shape]
                steps += [_Step(p, p.path, p.minds_absence or not p.path) for p in parts]
            self._plans[classes] = steps
        return self._plans[classes]

    def _shape(self, node: Node) -> Shape | None:
        """Return a compiled shape, or None when it is switched off."""
        if node not in self._made:
            self._made[node] = None  # a shape that holds itself would not end
            self._made[node] = self._compile(node)
        return self._made[node]

    def _compile(self, node: Node) -> Shape | None:
        graph = self.graph
        off = graph.value(node, SH.deactivated)
        if off is not None and off.toPython() is True:
            return None
        said = {p for p in graph.predicates(node) if str(p).startswith(str(SH))}
        unknown = said - _DESCRIPTIVE - _CONSTRAINTS
        if unknown:
            raise UnsupportedShapeError(f"{node}: {', '.join(sorted(unknown))}")
        closed = graph.value(node, SH.closed)
        if closed is not None and closed.toPython() is True:
            raise UnsupportedShapeError(f"{node}: sh:closed")
        shape = Shape(
            node,
            path=self._path(node),
            severity=graph.value(node, SH.severity) or SH.Violation,
            messages={m.language or "de": str(m) for m in graph.objects(node, SH.message)},
            minimum=_number(graph.value(node, SH.minCount)) or 0,
            maximum=_number(graph.value(node, SH.maxCount)),
            required=list(graph.objects(node, SH.hasValue)),
        )
        shape.tests = list(self._tests(node))
        inner = (self._shape(part) for part in graph.objects(node, SH.property))
        shape.nested = [part for part in inner if part]
        counted = graph.value(node, SH.qualifiedValueShape)
        if counted is not None:
            shape.qualified = (
                self._shape(counted),
                _number(graph.value(node, SH.qualifiedMinCount)),
                _number(graph.value(node, SH.qualifiedMaxCount)),
            )
        return shape

    def _path(self, node: Node) -> tuple[Node, ...]:
        path = self.graph.value(node, SH.path)
        if path is None:
            return ()
        if isinstance(path, URIRef):
            return (path,)
        choice = self.graph.value(path, SH.alternativePath)
        if choice is None:
            raise UnsupportedShapeError(
                f"{node}: a path that is neither one property nor a choice"
            )
        return tuple(Collection(self.graph, choice))

    def _tests(self, node: Node) -> Iterator[tuple[Node, Callable, Node]]:
        """Yield component, test of one value, and what is expected."""
        graph = self.graph
        for cls in graph.objects(node, SH["class"]):
            yield _SH.ClassConstraintComponent, _has_class(cls), cls
        for kind in graph.objects(node, SH.nodeKind):
            yield _SH.NodeKindConstraintComponent, _is_kind(kind), kind
        for datatype in graph.objects(node, SH.datatype):
            yield _SH.DatatypeConstraintComponent, _has_datatype(datatype), datatype
        for pattern in graph.objects(node, SH.pattern):
            flags = str(graph.value(node, SH.flags) or "")
            yield _SH.PatternConstraintComponent, _matches(str(pattern), flags), pattern
        for inner in graph.objects(node, SH["not"]):
            shape = self._shape(inner)
            yield _SH.NotConstraintComponent, _fails(shape), inner


@dataclass(frozen=True)
class _Step:
    shape: Shape
    path: tuple[Node, ...]
    minds_absence: bool


_CONSTRAINTS = {
    SH.minCount, SH.maxCount, SH.hasValue, SH["class"], SH.nodeKind, SH.datatype, SH.pattern,
    SH["not"], SH.property, SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount,
}  # fmt: skip
_KINDS: dict[Node, tuple[type, ...]] = {
    SH.IRI: (URIRef,),
    SH.Literal: (Literal,),
    SH.BlankNode: (BNode,),
    SH.BlankNodeOrIRI: (BNode, URIRef),
    SH.BlankNodeOrLiteral: (BNode, Literal),
    SH.IRIOrLiteral: (URIRef, Literal),
}


def _number(value: Node | None) -> int | None:
    return None if value is None else int(value)


def _has_class(cls: Node) -> Callable[[Node, Data], bool]:
    def test(value: Node, data: Data) -> bool:
        return not isinstance(value, Literal) and cls in data.classes(value)

    return test


def _is_kind(kind: Node) -> Callable[[Node, Data], bool]:
    if kind not in _KINDS:
        raise UnsupportedShapeError(f"node kind {kind}")
    allowed = _KINDS[kind]
    return lambda value, _data: isinstance(value, allowed)


def _has_datatype(datatype: Node) -> Callable[[Node, Data], bool]:
    def test(value: Node, _data: Data) -> bool:
        # rdflib parses a literal when it is made and notes whether that went wrong
        fits = isinstance(value, Literal) and value.datatype == datatype
        return fits and value.ill_typed is not True

    return test


def _matches(pattern: str, flags: str) -> Callable[[Node, Data], bool]:
    compiled = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
    return lambda value, _data: (
        not isinstance(value, BNode) and bool(compiled.search(str(value)))
    )


def _fails(shape: Shape) -> Callable[[Node, Data], bool]:
    return lambda value, data: not shape.accepts(value, data)
