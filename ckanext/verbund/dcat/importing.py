# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a read catalogue to packages for a harvester, each with all that it cannot hold."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ckan.lib.munge import munge_title_to_name

from ckanext.verbund.base import convert
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.from_graph import Reading, from_graph
from ckanext.verbund.domain.dcatde.graph import Graph
from ckanext.verbund.domain.dcatde.terms import child, expand, line
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.dcatde.upgrade import Repair

__all__ = ["KEPT", "Catalogue", "next_page"]

KEPT = "verbund_kept"
"""Key of a package under way: what is to be stored beside it. No field of any schema."""

_LISTS = tuple(expand(f"dcat:{name}") for name in ("dataset", "service", "resource"))
_HAS_PART = expand("dct:hasPart")
_COLLECTIONS = tuple(
    expand(f"hydra:{name}") for name in ("PartialCollectionView", "PagedCollection")
)
_NEXT = (expand("hydra:next"), expand("hydra:nextPage"))
_WEB = re.compile(r"https?://[^\s/]+(/\S*)?")


def next_page(graph: Graph) -> str | None:
    """Return the address of the next page that a catalogue names.

    Only web addresses count: a harvester would open anything else as a file of its machine.
    """
    for subject in graph.subjects():
        node = graph.node(subject)
        if not any(kind in node.get(expand("rdf:type"), ()) for kind in _COLLECTIONS):
            continue
        for predicate in _NEXT:
            for value in node.get(predicate, ()):
                address = value.strip('<>"')
                if _WEB.fullmatch(address):
                    return address
    return None


@dataclass(frozen=True)
class Catalogue:
    """A catalogue, or a page of one, that was read.

    Attributes:
        reading: Its values.
        next_page: Address of the next page, if there is one.
    """

    reading: Reading
    next_page: str | None = None

    @classmethod
    def of(cls, graph: Graph) -> Catalogue:
        """Read a graph, which is changed."""
        following = next_page(graph)
        return cls(from_graph(graph), following)

    def packages(self) -> Iterator[dict[str, Any]]:
        """Yield the entries as packages; what they cannot hold stands under `KEPT`."""
        repairs, _ = self.reading.repairs_by_entry()
        listed = self._listed()
        for entry in self.reading.entries:
            value = _with_named_files(entry)
            package, leftover = convert.to_package(value)
            untitled = "title" not in package
            if untitled:
                package["title"] = _name_for(entry)
            if len(munge_title_to_name(package["title"]).strip("-_")) < 2:
                package["name"] = f"datensatz-{uuid.uuid5(uuid.NAMESPACE_URL, entry.uri)}"
            package.setdefault("resources", [])
            package["extras"] = []
            package[KEPT] = {
                "untitled": untitled,
                "leftover": leftover.dumps(),
                "listed": listed.get(f"<{entry.uri}>", []),
                "repairs": _told(repairs.get(entry.uri, ())),
            }
            yield package

    def own_lines(self) -> list[str]:
        """Return what the catalogue says about itself, and what belongs to no entry."""
        entries = {f"<{entry.uri}>" for entry in self.reading.entries}
        lines = (*to_graph(*self.reading.catalogs), *self.reading.remainder)
        return [one for one in dict.fromkeys(lines) if not _lists(one, entries)]

    def own_repairs(self) -> list[dict[str, Any]]:
        """Return what was changed in these."""
        return _told(self.reading.repairs_by_entry()[1])

    def _listed(self) -> dict[str, list[str]]:
        """Return how the catalogues name their entries, by the term of the entry."""
        entries = {f"<{entry.uri}>" for entry in self.reading.entries}
        found: dict[str, list[str]] = {}
        for one in to_graph(*self.reading.catalogs):
            if value := _lists(one, entries):
                found.setdefault(value, []).append(one)
        return found


def _lists(one: str, entries: set[str]) -> str:
    """Return the entry that a line puts into a catalogue, if it does."""
    _, predicate, rest = one.split(" ", 2)
    value = rest[:-2]
    return value if (predicate in _LISTS or predicate == _HAS_PART) and value in entries else ""


def _with_named_files(entry: d.Resource) -> d.Resource:
    """Give each file its address in writing, for the portal gives them IDs of its own."""
    if not isinstance(entry, d.Dataset) or all(file.uri for file in entry.distribution):
        return entry
    files = tuple(
        file if file.uri else replace(file, uri=child(entry.uri, "distribution", number))
        for number, file in enumerate(entry.distribution, 1)
    )
    return replace(entry, distribution=files)


def _name_for(entry: d.Resource) -> str:
    """Return what a dataset without title is called here; it is not published."""
    return entry.identifier[0] if entry.identifier else entry.uri.rstrip("/").rsplit("/", 1)[-1]


def _told(repairs: Iterable[Repair]) -> list[dict[str, Any]]:
    return [
        {
            "rules": list(repair.rules),
            "before": line(repair.before),
            "after": [line(triple) for triple in repair.after],
        }
        for repair in repairs
    ]
