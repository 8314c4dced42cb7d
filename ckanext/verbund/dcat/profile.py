# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Profile ``verbund_dcat_ap_de`` for whoever uses ckanext-dcat's parser and serialiser."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import rdflib
from ckan.types import Context
from ckanext.dcat.profiles import RDFProfile
from rdflib.term import Node

from ckanext.verbund.dcat import describe, importing
from ckanext.verbund.domain.dcatde import terms
from ckanext.verbund.domain.dcatde.graph import Graph

__all__ = ["VerbundDcatApDe"]

_read: WeakKeyDictionary[rdflib.Graph, tuple[int, dict[str, dict[str, Any]]]]
_read = WeakKeyDictionary()


class VerbundDcatApDe(RDFProfile):
    """DCAT-AP.de 3.0 in both directions, by the mapping of ``domain/dcatde``."""

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Node) -> dict[str, Any]:
        """Fill in a package; what it cannot hold stands under ``verbund_kept``."""
        dataset_dict.update(_packages(self.g).get(str(dataset_ref), {"extras": []}))
        return dataset_dict

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Node) -> None:
        """Add the statements of a package."""
        describer = describe.Describer(Context(user=""))
        lines = describer.statements(*describer.values([dataset_dict]))
        self.g.parse(data="\n".join(lines), format="nt")

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: Node) -> None:
        """Add the statements of the portal's own catalogue."""
        describer = describe.Describer(Context(user=""))
        catalog = describe.catalog(describer, (), None, "")
        self.g.parse(data="\n".join(describer.statements(catalog)), format="nt")


def _packages(graph: rdflib.Graph) -> dict[str, dict[str, Any]]:
    """Return the packages of a graph by the names of their nodes, reading it once."""
    size, found = _read.get(graph, (-1, {}))
    if size != len(graph):
        catalogue = importing.Catalogue.of(Graph(tuple(map(_term, one)) for one in graph))
        names = {
            name[1:-1]: node[2:]
            for node, several in catalogue.reading.names.items()
            for name in several
        }
        found = {
            names.get(package["uri"], package["uri"]): package
            for package in catalogue.packages()
        }
        _read[graph] = (len(graph), found)
    return found


def _term(node: Node) -> terms.Term:
    if isinstance(node, rdflib.Literal):
        text = terms.literal(str(node), node.language or "")
        return f"{text}^^<{node.datatype}>" if node.datatype else text
    return f"_:{node}" if isinstance(node, rdflib.BNode) else f"<{node}>"
