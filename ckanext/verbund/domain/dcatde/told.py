# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What shapes find, in words: from shape, property and value to a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import SH, SKOS, BNode, Literal, URIRef
from rdflib.term import Node

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.finding import Finding, Severity, excerpt

from . import fields
from .fields import curie, iri
from .reading import Hit, Reading, hit
from .rules import rules, wording
from .shacl import Result
from .shapes import SCHEMES, source

__all__ = ["told"]

_SEVERITY: dict[Node, Severity] = {
    SH.Violation: "error",
    SH.Warning: "warning",
    SH.Info: "hint",
}
_GOVDATA = "http://govdata.de/mqa/#"
_NODE_KINDS = {SH.Literal: "kind-text", SH.IRI: "kind-iri", SH.BlankNodeOrIRI: "kind-node"}
_BY_SCHEME = {URIRef(scheme): name for name, scheme in SCHEMES.items()}
_BY_PROPERTY = {
    iri("dcat:compressFormat"): "media_type",
    iri("dcat:mediaType"): "media_type",
    iri("dcat:packageFormat"): "media_type",
    iri("spdx:algorithm"): "checksum_algorithm",
}
_KINDS = {
    "MinCount": "missing", "MaxCount": "surplus", "Not": "deprecated-value",
    "Pattern": "unlisted", "Class": "class",
}  # fmt: skip
_NAMELESS = "ein Objekt ohne Adresse"
_LEAVE_OUT = "Lassen Sie die Angabe weg."
_MEDIA = "https://www.iana.org/assignments/media-types/text/csv"
_ALGORITHM = iri("spdx:ChecksumAlgorithm")
_CONTRIBUTOR = "no_correct_contributorID"
_NOT_OPEN = "no_open_license_from_list"


def told(reading: Reading, result: Result) -> Iterator[Hit]:
    """Yield the finding for a result; nothing for what the dashboard only counts."""
    severity = str(result.severity)
    if severity.startswith(_GOVDATA):
        yield from _govdata(reading, result, severity.removeprefix(_GOVDATA))
    else:
        yield _of_shape(reading, result)


def _govdata(reading: Reading, result: Result, name: str) -> Iterator[Hit]:
    """GovData's shapes name what is wrong by a severity of their own."""
    focus, value = (result.via[0], result.focus) if result.via else (result.focus, result.value)
    # Exactly one listed contributor ID is what K12 and K13 say, with the number.
    if name == _NOT_OPEN:
        licence = vocab.load("license").get(str(value))
        if licence is None or licence.extra["open"] == "yes":
            return  # not listed, which is told as such, or listed under another spelling
    if name != _CONTRIBUTOR and f"govdata.{name}" in rules():
        yield hit(reading, f"govdata.{name}", focus, value)


@dataclass(frozen=True)
class _Fault:
    """A result, as people speak of it: of this thing, this property, this value."""

    kind: str
    focus: Node
    path: tuple[Node, ...]
    value: Node | None
    expected: Node | None = None
    maximum: int | None = None

    @property
    def prop(self) -> Node:
        return self.path[0]


def _of_shape(reading: Reading, result: Result) -> Hit:
    fault = _fault(result)
    subject, trail = reading.place(fault.focus)
    cls = reading.kind(fault.focus)
    words = _words(reading, fault, cls)
    text = wording()["kinds"][fault.kind]
    top = (reading.kind(subject), trail[0]) if trail else (cls, fault.prop)
    finding = Finding(
        id=f"dcatde.{_local(cls)}.{_local(fault.prop)}.{fault.kind}",
        severity=_SEVERITY.get(result.severity, "error"),
        subject=str(subject),
        property="/".join(curie(p) for p in (*trail, fault.prop)),
        value_excerpt=excerpt(fault.value) if fault.value is not None else "",
        message_de=text["de"].format(**words["de"]),
        message_en=text["en"].format(**words["en"]),
        remedy_de=text["remedy"].format(**words["de"]),
        rule_source=source(result.shape.node),
        link=fields.field(*top).anchor,
    )
    return Hit(finding, fault.kind, fault.focus, fault.prop, fault.value)


def _fault(result: Result) -> _Fault:
    if result.via and result.path == (SKOS.inScheme,):
        return _Fault("unlisted", *result.via, result.focus, result.shape.required[0])
    component = str(result.component).rpartition("#")[2].removesuffix("ConstraintComponent")
    expected = next((e for c, _, e in result.shape.tests if c == result.component), None)
    kind = _KINDS.get(component, "datatype")
    if component == "MaxCount" and not result.shape.maximum:
        kind = "deprecated"
    elif component == "NodeKind":
        kind = _NODE_KINDS.get(expected, "kind-node")
    elif expected == _ALGORITHM:
        kind = "unlisted"
    return _Fault(kind, result.focus, result.path, result.value, expected, result.shape.maximum)


def _words(reading: Reading, fault: _Fault, cls: Node | None) -> dict[str, dict[str, object]]:
    texts = wording()
    known = fields.field(cls, fault.prop)
    choice = texts["choices"].get(curie(fault.prop)) if len(fault.path) > 1 else None
    common = {
        "value": _NAMELESS if isinstance(fault.value, BNode) else excerpt(fault.value),
        "count": len(reading.data.values(fault.focus, fault.prop)),
        "maximum": fault.maximum,
        "example": _example(fault, known),
        "property": curie(fault.prop),
        "replacement": texts["replacements"].get(curie(fault.prop), _LEAVE_OUT),
    }
    names = fields.class_name(cls) if cls else (curie(fault.focus), curie(fault.focus))
    labels = (choice["de"], choice["en"]) if choice else (known.de, known.en)
    targets = _expected(fault.kind, fault.expected)
    return {
        lang: {**common, "class": names[at], "label": labels[at], "expected": targets[at]}
        for at, lang in enumerate(("de", "en"))
    }


def _expected(kind: str, expected: Node | None) -> tuple[str, str]:
    if kind == "datatype":
        text = wording()["datatypes"].get(curie(expected), curie(expected))
        return text, curie(expected)
    if kind == "class" and expected is not None:
        de, en = fields.class_name(expected)
        name = curie(expected)
        return (de, en) if de == name else (f"{de} ({name})", f"{en} ({name})")
    return "", ""


def _example(fault: _Fault, known: fields.Field) -> str:
    """Return what to write instead, as the end of a sentence."""
    if fault.kind == "unlisted":
        name = _BY_SCHEME.get(fault.expected) or _BY_PROPERTY.get(fault.prop)
        meant = _meant(name, str(fault.value)) if name else None
        if meant:
            return f". Gemeint ist vermutlich „{meant.label()}“: {meant.iri}"
        return f", etwa {_MEDIA}" if name == "media_type" else ""
    if fault.kind in {"kind-iri", "kind-node"}:
        return _address(fault.value)
    return f", zum Beispiel: {known.example.rstrip('.')}" if known.example else ""


def _meant(name: str, text: str) -> vocab.Concept | None:
    """Return the value of a list that is probably meant by a text or an address."""
    known = vocab.load(name)
    return known.get(text) or known.get(re.split("[/#]", text.rstrip("/"))[-1])


def _address(value: Node | None) -> str:
    """Return the address that a text probably means."""
    text = str(value or "").strip()
    if not isinstance(value, Literal):
        return ""
    if "@" in text and " " not in text and not text.startswith("mailto:"):
        return f", hier vermutlich mailto:{text}"
    if text.startswith(("http://", "https://", "mailto:", "tel:")):
        return f", hier vermutlich <{text}>"
    return ""


def _local(node: Node | None) -> str:
    return curie(node).rpartition(":")[2].lower() if node is not None else "ding"
