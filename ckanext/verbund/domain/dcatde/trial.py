# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A check for guests: a file that somebody brings, within narrow limits, grouped by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ckanext.verbund.domain.dcatde import child, graph
from ckanext.verbund.domain.dcatde.check import check
from ckanext.verbund.domain.dcatde.terms import expand
from ckanext.verbund.domain.finding import Finding

__all__ = ["EXAMPLES", "Group", "Trial", "grouped", "trial"]

EXAMPLES = 100
"""Of one rule so many findings are kept; all are counted."""
_BOUNDS = child.Bounds(seconds=20, memory=2**30)
_LITERAL = 2**16  # bytes of one text; descriptions are shorter
_PER_ENTRY = 500  # statements that one dataset may bring on average
_TYPE = expand("rdf:type")
_KINDS = frozenset(
    expand(f"dcat:{name}") for name in ("Dataset", "DatasetSeries", "DataService")
)


@dataclass(frozen=True)
class Group:
    """What one rule finds.

    Attributes:
        count: How often.
        findings: The first ``EXAMPLES`` of them.
    """

    count: int
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for the group."""
        return self.findings[0]


@dataclass(frozen=True)
class Trial:
    """The result.

    Attributes:
        entries: How many datasets, services and series there are.
        statements: How many statements were read.
        counts: How many findings there are of each severity.
        groups: By rule; errors first, then the most frequent.
    """

    entries: int
    statements: int
    counts: dict[str, int]
    groups: tuple[Group, ...]


def trial(data: bytes, max_bytes: int, max_entries: int) -> Trial:
    """Check a file: RDF/XML, Turtle, JSON-LD or N-Triples, told by its content.

    A process of its own reads it; nothing is stored or fetched.

    Args:
        data: The file.
        max_bytes: The most bytes that it may have.
        max_entries: The most datasets, services and series.

    Raises:
        graph.RefusedError: It is no RDF, breaks a limit, or says nothing that can be checked.
    """
    limits = graph.Limits(
        document=max_bytes, triples=max_entries * _PER_ENTRY, literal=_LITERAL, depth=50
    )
    try:
        read = child.read(data, graph.BASE, limits, _BOUNDS)
    except graph.RefusedError as error:
        raise graph.RefusedError(_plain(error.finding)) from error
    entries = sum(
        1 for subject in read.subjects() if _KINDS.intersection(read.values(subject, _TYPE))
    )
    if not entries:
        raise graph.RefusedError(_empty())
    if entries > max_entries:
        raise graph.RefusedError(_too_many(entries, max_entries))
    findings = check(read)
    counts = Counter(finding.severity for finding in findings)
    return Trial(entries, len(read), dict(counts), grouped(findings))


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return findings by rule, errors first, then what was found most often."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.severity, finding.id), []).append(finding)
    order = ("error", "warning", "hint")
    ranked = sorted(
        by_rule.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0][1])
    )
    return tuple(Group(len(found), tuple(found[:EXAMPLES])) for _rule, found in ranked)


def _plain(finding: Finding) -> Finding:
    """Return a refusal whose German sentence holds no English of the parser.

    That stays in ``value_excerpt``: it names the line.
    """
    if finding.id != "dcat.unreadable":
        return finding
    return replace(finding, message_de="Die Datei lässt sich nicht als RDF lesen.")


def _empty() -> Finding:
    return Finding(
        id="dcat.no-entry",
        severity="error",
        message_de="In der Datei steht kein Datensatz, kein Dienst und keine Reihe.",
        message_en="The file holds no dataset, service or series.",
        remedy_de="Geben Sie jedem Datensatz den Typ dcat:Dataset.",
        rule_source="DCAT-AP.de 3.0",
    )


def _too_many(entries: int, limit: int) -> Finding:
    return Finding(
        id="dcat.too-many",
        severity="error",
        value_excerpt=str(entries),
        message_de=f"In der Datei stehen {entries} Datensätze, Dienste und Reihen. Hier werden "
        f"höchstens {limit} geprüft.",
        message_en=f"The file holds {entries} datasets, services and series; at most {limit} "
        "are checked here.",
        remedy_de="Prüfen Sie eine Seite Ihres Katalogs, oder den ganzen auf dem eigenen "
        "Rechner mit „ckan verbund check DATEI“.",
        rule_source="Datenverbund, Grenzen beim Einlesen",
    )
