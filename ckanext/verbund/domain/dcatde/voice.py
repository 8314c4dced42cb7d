# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may speak about what, when statements of several sources stand in one graph.

What no field holds is written out again word for word. In a merged graph nobody sees who said
it, so a hostile source could speak in the name of others: rename a member's dataset, or make
every dataset a person with one ``rdfs:subClassOf``. Its statements are therefore divided:

* about terms of the vocabularies (``dcat:Dataset``, ``dct:title``) no source speaks;
* about addresses that this portal or a member answers for, only a source on the same host,
  or within its own entry;
* about the order of classes and properties, only where the term is the source's own;
* about equality, not with one of these.

What is not said in the merged graph stands in the document of its source (`divide`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ckanext.verbund.domain.dcatde.terms import PREFIXES, Term, expand

__all__ = ["Voice", "apart_from_source"]

# Their namespaces hold values that datasets name and may describe: algorithms, policies.
_WITH_VALUES = ("spdx", "odrl")
_VALUES = tuple(f"<{PREFIXES[name]}" for name in _WITH_VALUES)
_ONTOLOGIES = tuple(f"<{iri}" for name, iri in PREFIXES.items() if name not in _WITH_VALUES)
_ORDER = frozenset(
    expand(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")
)
_EQUAL = frozenset(
    expand(f"owl:{name}")
    for name in (
        "differentFrom",
        "disjointWith",
        "equivalentClass",
        "equivalentProperty",
        "inverseOf",
        "sameAs",
    )
)


@dataclass(frozen=True)
class Voice:
    """A source that speaks.

    Attributes:
        hosts: Hosts that are its own, in lower case.
        answered: Beginnings of the addresses that this portal and its members answer for,
            without a slash at the end.
    """

    hosts: frozenset[str] = frozenset()
    answered: tuple[str, ...] = ()

    @classmethod
    def of(cls, addresses: Iterable[str], answered: Collection[str] = ()) -> Voice:
        """Return the voice of a source that is at home at some addresses."""
        return cls(frozenset(filter(None, map(_host, addresses))), tuple(answered))

    def divide(self, lines: Iterable[str], entry: str = "") -> tuple[list[str], list[str]]:
        """Return what the source may say in a graph with others, and the rest.

        A nameless thing goes with what names it; with both, it stays.

        Args:
            lines: Statements as lines of N-Triples.
            entry: Address of the entry that they belong to, of which it may speak.
        """
        said, apart, nameless = [], [], {}
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            if subject[0] == "_":
                nameless.setdefault(subject, []).append((line, rest[:-2]))
            elif self._is_others(subject, predicate, rest[:-2], entry):
                apart.append((line, rest[:-2]))
            else:
                said.append((line, rest[:-2]))
        if not apart:
            return [*(line for line, _ in said), *_lines(nameless)], []
        _follow(said, nameless)
        _follow(apart, nameless)
        return [*(line for line, _ in said), *_lines(nameless)], [line for line, _ in apart]

    def _is_others(self, subject: Term, predicate: Term, value: Term, entry: str) -> bool:
        if subject.startswith(_ONTOLOGIES) or self._is_answered(subject, entry):
            return True
        if predicate in _ORDER:
            return _host(subject[1:-1]) not in self.hosts
        if predicate in _EQUAL:
            return value.startswith((*_ONTOLOGIES, *_VALUES)) or self._is_answered(value, entry)
        return False

    def _is_answered(self, term: Term, entry: str) -> bool:
        """Return whether somebody else answers for an address."""
        return (
            any(_is_below(term, one) for one in self.answered)
            and not (entry and _is_below(term, entry))
            and _host(term[1:-1]) not in self.hosts
        )


def apart_from_source(lines: Iterable[str], catalogs: Iterable[str]) -> int:
    """Return how many statements of a catalogue by itself would not stand with others'.

    Args:
        lines: What no field holds.
        catalogs: Addresses of the catalogues, whose hosts are its own.
    """
    return len(Voice.of(catalogs).divide(lines)[1])


def _follow(
    known: list[tuple[str, Term]], nameless: dict[Term, list[tuple[str, Term]]]
) -> None:
    """Put what is said of nameless things behind what names them."""
    for _, value in known:  # grows meanwhile
        if value[0] == "_":
            known += nameless.pop(value, ())


def _lines(nameless: dict[Term, list[tuple[str, Term]]]) -> list[str]:
    return [line for found in nameless.values() for line, _ in found]


def _is_below(term: Term, address: str) -> bool:
    if not term.startswith(f"<{address}"):
        return False
    return term[len(address) + 1] in ">/#?"


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
