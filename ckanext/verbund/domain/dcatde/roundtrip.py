# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proof that a catalogue comes through: every statement is counted, in and out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from itertools import product

from ckanext.verbund.domain.dcatde.from_graph import Reading, from_graph
from ckanext.verbund.domain.dcatde.graph import Graph, triples_of
from ckanext.verbund.domain.dcatde.terms import Term, Triple
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.dcatde.voice import apart_from_source

__all__ = ["Report", "account", "lines_of", "roundtrip"]

Count = Callable[[list[str]], tuple[int, int]]


@dataclass(frozen=True)
class Report:
    """What became of the statements of a catalogue.

    ``triples`` = kept + repaired + redacted + lost; ``paging`` is counted apart.

    Attributes:
        datasets: Datasets and series found.
        triples: Statements of the source, each once.
        kept: Unchanged in the output, blank nodes by the address they got.
        repaired: Replaced by others that are all in the output.
        redacted: Left out for the sake of a person.
        lost: Neither; must be none.
        paging: Where the source's next page is; belongs to no catalogue of ours.
        withheld: How many of the kept ones never stand in a graph with those of others, but
            in the document of their source (`voice`).
        violations: What the shapes find in the output; None when not checked.
        warnings: Likewise.
        seconds: Time for upgrading, reading and writing.
        missing: The lost statements.
        output: What was written, as lines of N-Triples.
    """

    datasets: int
    triples: int
    kept: int
    repaired: int
    redacted: int
    lost: int
    paging: int
    withheld: int
    violations: int | None
    warnings: int | None
    seconds: float
    missing: tuple[Triple, ...] = field(default=(), repr=False)
    output: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        counted = ("datasets", "triples", "kept", "repaired", "redacted", "lost")
        parts = [f"{name}={getattr(self, name)}" for name in counted]
        for name in ("violations", "warnings"):
            count = getattr(self, name)
            parts.append(f"{name}={'-' if count is None else count}")
        return " ".join([*parts, f"seconds={self.seconds:.2f}"])


def roundtrip(graph: Graph, count: Count | None = None, *, redact: bool = True) -> Report:
    """Read a catalogue, write it again and account for every statement.

    The account trusts neither reader nor writer: it looks for each statement of the source
    in what was written.

    Args:
        graph: The catalogue; it is changed.
        count: Counts violations and warnings of the output (`check.validated`).
        redact: Leave out personal mailboxes.
    """
    source = list(graph)
    begin = time.perf_counter()
    reading = from_graph(graph, redact=redact)
    output = lines_of(reading)
    seconds = time.perf_counter() - begin
    counts, missing = account(source, reading, set(triples_of(output)))
    violations, warnings = count(output) if count else (None, None)
    return Report(
        datasets=len(reading.datasets) + len(reading.series),
        triples=len(source) - counts["paging"],
        lost=len(missing),
        withheld=apart_from_source(
            reading.remainder, (catalog.uri for catalog in reading.catalogs)
        ),
        violations=violations,
        warnings=warnings,
        seconds=seconds,
        missing=tuple(missing),
        output=tuple(output),
        **counts,
    )


def account(
    source: Iterable[Triple], reading: Reading, written: Set[Triple]
) -> tuple[dict[str, int], list[Triple]]:
    """Return what became of the statements of a source, counted, and which are lost.

    Args:
        source: As they were read, before any repair.
        reading: What was made of them.
        written: What was written in the end.
    """
    repairs = {repair.before: repair for repair in reading.repairs}
    counts = dict.fromkeys(("kept", "repaired", "redacted", "paging"), 0)
    missing = []
    for triple in source:
        repair = repairs.get(triple)
        if repair is None or triple in repair.after:
            fate = "kept" if _found(triple, written, reading.names) else ""
        elif repair.after:
            found = all(_found(after, written, reading.names) for after in repair.after)
            fate = "repaired" if found else ""
        else:
            fate = "redacted" if repair.redacted else "paging" if repair.paging else ""
        if fate:
            counts[fate] += 1
        else:
            missing.append(triple)
    return counts, missing


def lines_of(reading: Reading) -> list[str]:
    """Return everything that was read, as lines of N-Triples."""
    return list(dict.fromkeys((*to_graph(*reading.resources), *reading.remainder)))


def _found(triple: Triple, written: Set[Triple], names: dict[Term, frozenset[Term]]) -> bool:
    """Return whether a statement was written, its blank nodes by any of their addresses."""
    subject, predicate, value = triple
    if subject[0] != "_" and value[0] != "_":
        return triple in written

    def spellings(term: Term) -> Iterable[Term]:
        return names.get(term, ()) or (term,) if term[0] == "_" else (term,)

    return any(
        (one, predicate, other) in written
        for one, other in product(spellings(subject), spellings(value))
    )
