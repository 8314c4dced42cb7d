# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What neighbours write becomes DCAT-AP.de 3.0: older editions, mix-ups, broken values.

Every change is recorded with the statement before and the statements after it. What has no
successor and no sure reading stays as it is: a wrong guess is worse than a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde import mend, terms
from ckanext.verbund.domain.dcatde.graph import Graph
from ckanext.verbund.domain.dcatde.mend import text_of
from ckanext.verbund.domain.dcatde.redact import is_personal
from ckanext.verbund.domain.dcatde.terms import TYPE, Term, Triple, expand, literal

__all__ = ["RULES", "Repair", "Rule", "roots", "upgrade"]


@dataclass(frozen=True)
class Rule:
    """Why something is changed, in words, and where that is written."""

    de: str
    en: str
    source: str


_SPEC = "DCAT-AP.de 3.0"
_OWN = "Datenverbund"
RULES = {
    "namespace": Rule(
        "Eigenschaft einer älteren Ausgabe von DCAT-AP.de: heutiger Namensraum",
        "Property of an older edition of DCAT-AP.de: today's namespace",
        _SPEC,
    ),
    "list-address": Rule(
        "Wert einer Liste in anderer Schreibweise (https, www): Adresse der Liste",
        "Value of a list in another spelling (https, www): address of the list",
        _SPEC,
    ),
    "successor": Rule(
        "Abgelöste Eigenschaft: ihre Nachfolgerin",
        "Replaced property: its successor",
        _SPEC,
    ),
    "geocoding": Rule(
        "dcatde:politicalGeocodingURI wird dct:spatial",
        "dcatde:politicalGeocodingURI becomes dct:spatial",
        "K11, Entscheidung von Datenverbund",
    ),
    "legal-basis": Rule(
        "dcatde:legalBasis mit einer Adresse wird dcatap:applicableLegislation",
        "dcatde:legalBasis with an address becomes dcatap:applicableLegislation",
        _OWN,
    ),
    "collection": Rule(
        "Sammlung durch dct:type und dct:hasVersion wird dcat:DatasetSeries mit dcat:inSeries",
        "Collection by dct:type and dct:hasVersion becomes dcat:DatasetSeries",
        _SPEC,
    ),
    "vocabulary": Rule(
        "Name, Kürzel oder alte Adresse eines Wertes: Adresse in der gültigen Liste",
        "Name, code or old address of a value: its address in the valid list",
        f"{_SPEC}, Vokabulare; K30–K32",
    ),
    "node-kind": Rule(
        "Text statt Adresse oder Adresse statt Text: richtige Art, gleiche Zeichen",
        "Text for address or address for text: right kind, same characters",
        f"{_SPEC}; K25",
    ),
    "datatype": Rule(
        "Falscher oder fehlender Datentyp",
        "Wrong or missing datatype",
        _SPEC,
    ),
    "date": Rule(
        "Datum in anderer Schreibweise oder mit falschem Datentyp",
        "Date in another spelling or with a wrong datatype",
        _SPEC,
    ),
    "described": Rule(
        "Text, wo eine Stelle, ein Ort oder eine Lizenz stehen muss: Ding mit diesem Namen",
        "Text where a body, a place or a licence must stand: a thing of this name",
        _SPEC,
    ),
    "geometry": Rule(
        "Geometrie als GeoJSON oder ohne Bezugssystem: WKT in CRS84, als eigener Knoten",
        "Geometry as GeoJSON or without reference system: WKT in CRS84, as a node",
        f"{_SPEC}; K04–K07",
    ),
    "has-geometry": Rule(
        "geo:hasGeometry an einem Ort: locn:geometry, wie DCAT-AP sie nennt",
        "geo:hasGeometry of a place: locn:geometry, as DCAT-AP calls it",
        f"{_SPEC}; GeoSPARQL 1.1",
    ),
    "identifier": Rule(
        "Weitere Kennung ohne skos:notation: ihre Adresse als Text dazu",
        "Other identifier without skos:notation: its address added as text",
        _SPEC,
    ),
    "access": Rule(
        "Datei mit direktem Abruf, aber ohne Zugangsadresse: dieselbe Adresse dazu",
        "File with a download URL but no access URL: the same address added",
        f"{_SPEC}; K39",
    ),
    "address": Rule(
        "Adresse mit unerlaubten Zeichen oder ohne Anfang: vervollständigt",
        "Address with forbidden characters or without beginning: completed",
        "RFC 3987",
    ),
    "control": Rule(
        "Steuerzeichen im Text: Ersatzzeichen (XML kann sie nicht enthalten)",
        "Control character in a text: replacement character (XML cannot hold them)",
        "https://www.w3.org/TR/xml/#charsets",
    ),
    "unsafe": Rule(
        "Adresse, die ein Browser ausführen würde: nur noch Text",
        "Address that a browser would execute: text only",
        f"{_OWN}, Sicherheit",
    ),
    "paging": Rule(
        "Blätter-Angaben des fremden Katalogs: nicht übernommen",
        "Paging of the foreign catalogue: not taken over",
        f"{_OWN}, Verträge Abschnitt 5",
    ),
    "redacted": Rule(
        "Persönliches Postfach oder Telefon einer Person: weggelassen",
        "Personal mailbox or telephone of a person: left out",
        f"{_OWN}, Schwärzung",
    ),
}


@dataclass(frozen=True, slots=True)
class Repair:
    """One statement that was changed.

    Attributes:
        rules: Keys of `RULES`, in the order in which they changed it.
        before: The statement as it came.
        after: The statements that replace it.
    """

    rules: tuple[str, ...]
    before: Triple
    after: tuple[Triple, ...]

    @property
    def redacted(self) -> bool:
        """Whether a person's mailbox was left out on purpose."""
        return "redacted" in self.rules

    @property
    def paging(self) -> bool:
        """Whether it only said where the next page of the source is."""
        return "paging" in self.rules


class _Log:
    """The graph under repair, and what was changed."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self._changes: dict[Triple, tuple[list[str], dict[Triple, None]]] = {}
        self._origins: dict[Triple, list[Triple]] = {}
        self._fresh = 0

    def change(self, rule: str, before: Triple, *after: Triple) -> None:
        """Replace a statement and remember it, also when it was the result of a change."""
        self.graph.replace(before, after)
        origins = (
            self._origins.get(before) if before in after else self._origins.pop(before, None)
        )
        for origin in origins or [before]:
            rules, results = self._changes.setdefault(origin, ([], {}))
            if rule not in rules:
                rules.append(rule)
            if before not in after:
                results.pop(before, None)
            for triple in after:
                results[triple] = None
                if triple != origin:
                    known = self._origins.setdefault(triple, [])
                    if origin not in known:
                        known.append(origin)

    def fresh(self) -> Term:
        """Return a new blank node."""
        while True:
            self._fresh += 1
            node = f"_:verbund{self._fresh}"
            if node not in self.graph:
                return node

    def repairs(self) -> list[Repair]:
        """Return what was changed, each statement once."""
        return [
            Repair(tuple(rules), before, tuple(after))
            for before, (rules, after) in self._changes.items()
        ]


def upgrade(graph: Graph, *, redact: bool = True) -> list[Repair]:
    """Bring a graph to DCAT-AP.de 3.0, in place.

    Args:
        graph: As it was read; it is changed.
        redact: Leave out personal mailboxes and telephones (`redact.is_personal`).

    Returns:
        What was changed.
    """
    log = _Log(graph)
    _everywhere(log)
    _collections(log)
    done: set[tuple[Term, int]] = set()
    for subject, table in roots(graph).items():
        _walk(log, subject, table, done, redact=redact)
    return log.repairs()


_ROOTS = (
    (m.CATALOG, "dcat:Catalog"),
    (m.SERIES, "dcat:DatasetSeries"),
    (m.DATASET, "dcat:Dataset"),
)
_ROOT_CLASSES = frozenset(expand(name) for _, name in _ROOTS)
_SERVICE = expand("dcat:DataService")
_ACCESS_SERVICE = expand("dcat:accessService")
_LISTED_SERVICE = expand("dcat:service")


def roots(graph: Graph) -> dict[Term, m.Table]:
    """Return the things that stand in the catalogue by themselves.

    A service that only serves a distribution belongs to that.
    """
    kinds = {expand(name): (rank, table) for rank, (table, name) in enumerate(_ROOTS)}
    found: dict[Term, tuple[int, m.Table]] = {}
    services, nested, listed = [], set(), set()
    for subject in graph.subjects():
        node = graph.node(subject)
        for kind in node.get(TYPE, ()):
            if kind in kinds and kinds[kind][0] < found.get(subject, (99,))[0]:
                found[subject] = kinds[kind]
            elif kind == _SERVICE:
                services.append(subject)
        nested.update(node.get(_ACCESS_SERVICE, ()))
        listed.update(node.get(_LISTED_SERVICE, ()))
    result = {subject: table for subject, (_, table) in found.items()}
    for subject in services:
        if subject not in result and (subject in listed or subject not in nested):
            result[subject] = m.SERVICE
    return result


# -- in every statement --------------------------------------------------------------------

_LEGACY = re.compile(
    r"<https?://(?:www\.)?dcat-ap\.de/def/dcatde/(?:[0-9]+(?:[._][0-9]+)*/?)?([A-Za-z]+)>"
)
_LIST = re.compile(
    r"<https?://(?:www\.)?dcat-ap\.de/def/"
    r"(licenses|contributors|politicalGeocoding|plannedAvailability|hashAlgorithms|datasetTypes)"
    r"/(.*)>"
)
_HYDRA = terms.PREFIXES["hydra"]
_SUCCESSORS = {
    expand("dcatde:maintainer"): ("successor", expand("geodcatap:custodian")),
    expand("dcatde:originator"): ("successor", expand("geodcatap:originator")),
    expand("dcatde:plannedAvailability"): ("successor", expand("dcatap:availability")),
    expand("dcatde:politicalGeocodingURI"): ("geocoding", expand("dct:spatial")),
}


def _everywhere(log: _Log) -> None:
    """Change what needs no knowledge of the thing: addresses, namespaces, paging."""
    address, value_of = cache(_address), cache(_value)
    changes: list[tuple[Triple, tuple[tuple[str, int, Term], ...]]] = []
    for subject in log.graph.subjects():
        subject_steps: tuple[tuple[str, int, Term], ...] = ()
        if subject[0] == "<" and (mended := address(subject)) != subject:
            subject_steps = (("address", 0, mended),)
        for predicate, values in log.graph.node(subject).items():
            steps = subject_steps + _predicate(predicate)
            for value in values:
                step = value_of(value) if value[0] == "<" else _control(value)
                if step or steps:
                    all_steps = (*steps, step) if step else steps
                    changes.append(((subject, predicate, value), all_steps))
    for triple, steps in changes:
        current = triple
        for rule, position, term in steps:
            if rule == "paging":
                log.change(rule, current)
                break
            changed = (*current[:position], term, *current[position + 1 :])
            log.change(rule, current, changed)
            current = changed


def _control(value: Term) -> tuple[str, int, Term] | None:
    mended = terms.readable(value)
    return None if mended == value else ("control", 2, mended)


@lru_cache(maxsize=2**12)
def _predicate(term: Term) -> tuple[tuple[str, int, Term], ...]:
    if term.startswith(f"<{_HYDRA}"):
        return (("paging", 1, term),)
    steps = []
    mended = _address(term)
    if mended != term:
        steps.append(("address", 1, mended))
        term = mended
    if found := _LEGACY.fullmatch(term):
        current = expand(f"dcatde:{found[1]}")
        if current != term:
            steps.append(("namespace", 1, current))
        term = current
    if term in _SUCCESSORS:
        rule, successor = _SUCCESSORS[term]
        steps.append((rule, 1, successor))
    return tuple(steps)


def _address(term: Term) -> Term:
    iri = term[1:-1]
    mended = terms.encoded(iri)
    if not terms.is_absolute(mended):
        mended = f"urn:relative:{mended}"
    elif terms.is_executable(mended):
        mended = f"urn:unsafe:{mended}"
    return f"<{mended}>"


def _value(term: Term) -> tuple[str, int, Term] | None:
    if term.startswith("<<"):
        return None
    if term.startswith(f"<{_HYDRA}"):
        return "paging", 2, term
    if terms.is_executable(term[1:-1]):
        return "unsafe", 2, literal(term[1:-1])
    if found := _LIST.fullmatch(term):
        listed = f"<http://dcat-ap.de/def/{found[1]}/{found[2]}>"
        if listed != term:
            return "list-address", 2, _address(listed)
    mended = _address(term)
    return ("address", 2, mended) if mended != term else None


# -- collections ---------------------------------------------------------------------------

_DATASET_TYPE = expand("dct:type")
_COLLECTION = "<http://dcat-ap.de/def/datasetTypes/collection>"
_HAS_VERSION, _IS_VERSION = expand("dct:hasVersion"), expand("dct:isVersionOf")
_IN_SERIES, _SERIES = expand("dcat:inSeries"), expand("dcat:DatasetSeries")


def _collections(log: _Log) -> None:
    graph = log.graph
    series = {s for s in graph.subjects() if _COLLECTION in graph.values(s, _DATASET_TYPE)}
    if not series:
        return
    for one in series:
        log.change("collection", (one, _DATASET_TYPE, _COLLECTION), (one, TYPE, _SERIES))
        for member in list(graph.values(one, _HAS_VERSION)):
            if member[0] != '"':
                log.change("collection", (one, _HAS_VERSION, member), (member, _IN_SERIES, one))
    for subject in list(graph.subjects()):
        for one in [v for v in graph.values(subject, _IS_VERSION) if v in series]:
            log.change("collection", (subject, _IS_VERSION, one), (subject, _IN_SERIES, one))


# -- by the table of the thing -------------------------------------------------------------

_LEGAL_BASIS = expand("dcatde:legalBasis")
_LEGISLATION = expand("dcatap:applicableLegislation")
_GEOMETRY, _HAS_GEOMETRY = expand(m.GEOMETRY), expand("geo:hasGeometry")
_RENAMED: dict[int, dict[Term, Term]] = {
    id(m.DATASET): {
        expand("owl:versionInfo"): expand("dcat:version"),
        _HAS_VERSION: expand("dcat:hasVersion"),
    },
    id(m.PERIOD): {
        f"<{scheme}://schema.org/{name}>": expand(f"dcat:{name}")
        for scheme in ("http", "https")
        for name in ("startDate", "endDate")
    },
}


def _walk(
    log: _Log, subject: Term, table: m.Table, done: set[tuple[Term, int]], *, redact: bool
) -> None:
    if (subject, id(table)) in done:
        return
    done.add((subject, id(table)))
    _rename(log, subject, table)
    node = log.graph.node(subject)
    if redact and table in (m.CONTACT, m.AGENT):
        _redact(log, subject, table)
    if table is m.DISTRIBUTION:
        _complete(log, subject)
    for predicate in list(node):
        one = table.by_term.get(predicate)
        if one is None:
            continue
        for value in list(node[predicate]):
            if one.kind is not m.TEXT or value[0] != '"':
                _mend(log, (subject, predicate, value), one)
        if one.table is not None:
            for value in list(node.get(predicate, ())):
                if value in log.graph:
                    _walk(log, value, one.table, done, redact=redact)


_DOWNLOAD, _ACCESS = expand("dcat:downloadURL"), expand("dcat:accessURL")


def _complete(log: _Log, subject: Term) -> None:
    """Give a file the access URL that it must have, if it names a direct download."""
    node = log.graph.node(subject)
    if node.get(_ACCESS):
        return
    for value in list(node.get(_DOWNLOAD, ())):
        download = (subject, _DOWNLOAD, value)
        log.change("access", download, download, (subject, _ACCESS, value))


def _rename(log: _Log, subject: Term, table: m.Table) -> None:
    node = log.graph.node(subject)
    for old, new in _RENAMED.get(id(table), {}).items():
        for value in list(node.get(old, ())):
            log.change("successor", (subject, old, value), (subject, new, value))
    if table is m.LOCATION and _GEOMETRY not in node:
        for value in [v for v in node.get(_HAS_GEOMETRY, ()) if v[0] != '"']:
            log.change(
                "has-geometry", (subject, _HAS_GEOMETRY, value), (subject, _GEOMETRY, value)
            )
    for value in list(node.get(_LEGAL_BASIS, ())):
        text = text_of(value)
        if terms.is_address(text):
            log.change(
                "legal-basis",
                (subject, _LEGAL_BASIS, value),
                (subject, _LEGISLATION, f"<{text}>"),
            )


_PERSONS = frozenset(
    expand(name) for name in ("foaf:Person", "vcard:Individual", "schema:Person", "prov:Person")
)
_PERSONAL = {
    id(m.AGENT): (expand("foaf:mbox"), expand("foaf:phone")),
    id(m.CONTACT): (expand("vcard:hasEmail"), expand("vcard:hasTelephone")),
}
_NAMES = {id(m.AGENT): expand("foaf:name"), id(m.CONTACT): expand("vcard:fn")}


def _redact(log: _Log, subject: Term, table: m.Table) -> None:
    node = log.graph.node(subject)
    person = any(kind in _PERSONS for kind in node.get(TYPE, ()))
    names = [text_of(term) for term in node.get(_NAMES[id(table)], ())]
    mail, phone = _PERSONAL[id(table)]
    personal = [
        term
        for term in node.get(mail, ())
        if is_personal(text_of(term).removeprefix("mailto:"), names, person=person)
    ]
    for term in personal:
        log.change("redacted", (subject, mail, term))
    if personal or person:
        for term in list(log.graph.values(subject, phone)):
            log.change("redacted", (subject, phone, term))


def _mend(log: _Log, triple: Triple, one: m.Property) -> None:
    """Give one value the form that its property wants, if that form is certain."""
    subject, predicate, value = triple
    if value[0] == "_" or value.startswith("<<"):
        return
    if one.vocabulary:
        listed = mend.listed(one.vocabulary, value)
        if listed is not None:
            if listed != value:
                log.change("vocabulary", triple, (subject, predicate, listed))
            return
    if one.table is not None:
        _mend_thing(log, triple, one)
    elif one.name == m.GEOMETRY:
        _mend_geometry(log, triple)
    else:
        mended = mend.MENDERS[one.kind.name](value)
        if mended is not None and mended[1] != value:
            log.change(mended[0], triple, (subject, predicate, mended[1]))


_NOTATION = expand("skos:notation")


def _mend_thing(log: _Log, triple: Triple, one: m.Property) -> None:
    subject, predicate, value = triple
    if one.table is m.IDENTIFIER and value[0] == "<":
        if _is_root(log.graph, value):
            # Some name the dataset itself, which is no identifier of its own.
            _describe(log, "identifier", triple, one, literal(value[1:-1]))
        elif not log.graph.values(value, _NOTATION):
            log.change("identifier", triple, triple, (value, _NOTATION, literal(value[1:-1])))
        return
    if value[0] == "<":
        return
    text = (text_of(value) or "").strip()
    address = terms.encoded(text)
    if terms.is_address(address) and one.table is not m.IDENTIFIER:
        log.change("node-kind", triple, (subject, predicate, f"<{address}>"))
    elif text:
        _describe(log, "described", triple, one, value)


def _is_root(graph: Graph, value: Term) -> bool:
    return any(kind in _ROOT_CLASSES for kind in graph.values(value, TYPE))


def _describe(log: _Log, rule: str, triple: Triple, one: m.Property, value: Term) -> None:
    """Put a thing of this name where a text stands."""
    text, lang, _ = terms.split(value) or ("", "", "")
    label = one.table.label
    if one.table is m.CONTACT and mend.EMAIL.fullmatch(text.strip()):
        label = "email"
    if not label:
        return
    subject, predicate, _ = triple
    node = log.fresh()
    target = next(p for p in one.table.properties if p.field == label)
    content = literal(text, lang) if target.kind is m.TEXT else target.kind.encode(text.strip())
    log.change(
        rule,
        triple,
        (subject, predicate, node),
        (node, TYPE, one.range_term),
        (node, target.term, content),
    )


_AS_WKT, _GEOMETRY_TYPE = expand("geo:asWKT"), expand("locn:Geometry")


def _mend_geometry(log: _Log, triple: Triple) -> None:
    """Put a literal geometry into a node of its own; equal ones share it."""
    subject, predicate, value = triple
    if value[0] != '"':
        return
    wkt = mend.wkt(value)
    if wkt is None:
        return
    node = next((v for v in log.graph.values(subject, predicate) if v[0] == "_"), None)
    if node is None:
        node = log.fresh()
    elif wkt not in log.graph.values(node, _AS_WKT):
        return
    log.change(
        "geometry",
        triple,
        (subject, predicate, node),
        (node, TYPE, _GEOMETRY_TYPE),
        (node, _AS_WKT, wkt),
    )
