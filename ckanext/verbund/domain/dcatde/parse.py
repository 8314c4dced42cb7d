# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From documents of others to statements, with guards; the child process of `child` runs this.

It imports nothing that it does not need: the process starts anew for each document.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import resource
import sys
from dataclasses import asdict, dataclass
from xml.parsers import expat

import pyoxigraph as ox

from ckanext.verbund.domain.finding import Finding

__all__ = ["BASE", "FORMATS", "REFUSED", "Limits", "RefusedError", "form_of", "statements"]

FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
BASE = "https://ohne-adresse.invalid/"
"""Relative addresses of a document without address of its own are completed by this."""
REFUSED = 3
"""Exit status of a child that says why it refuses a document."""

_SURPLUS = 1024
_XML = re.compile(rb"<(\?xml|!--|!DOCTYPE|rdf:RDF)", re.IGNORECASE)
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)["']""")
_DECLARED = re.compile(r"""^\ufeff?\s*<\?xml[^>]*\?>""")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True)
class Limits:
    """How much one document may hold; sizes in bytes, depth in nested elements."""

    document: int = 200 * 2**20
    triples: int = 5_000_000
    literal: int = 2**20
    depth: int = 100


class RefusedError(ValueError):
    """A document that is not read, with a finding that says why."""

    def __init__(self, finding: Finding):
        super().__init__(finding.message_en)
        self.finding = finding


def statements(data: bytes, form: str, base: str, limits: Limits) -> bytes:
    """Return the statements of a document as N-Triples.

    Addresses are taken as they are, valid or not (`upgrade` mends them): one bad link must
    not cost a whole catalogue. Source of the guards: federation reference, "Security".

    Args:
        data: The document.
        form: ``rdf`` (RDF/XML), ``ttl``, ``jsonld`` or ``nt``.
        base: Address that the document came from; relative addresses are completed by it.
        limits: How much it may hold.

    Raises:
        RefusedError: It is too large, nested too deeply, declares entities or is no RDF.
    """
    if len(data) > limits.document:
        raise too_much("document", f"{len(data) // 2**20} MB", f"{limits.document // 2**20} MB")
    data = _in_utf8(data, form)
    if form == "rdf":
        _guard_xml(data, limits)
    elif form == "jsonld":
        _guard_json(data, limits)
    try:
        parsed = ox.parse(data, format=FORMATS[form], base_iri=base, lenient=True)
        text = ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES)
    except MemoryError as error:
        # pyoxigraph's own limit of 16 MiB for a token.
        raise too_much("literal", "> 16 MB", f"{limits.literal // 2**10} KB") from error
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable(str(error)) from error
    count = text.count(b"\n")
    if count > limits.triples:
        raise too_much("triples", str(count), str(limits.triples))
    start = 0
    while start < len(text):
        end = text.rfind(b"\n", start, start + limits.literal + 1)
        if end < 0:
            kilobytes = limits.literal // 2**10
            raise too_much("literal", f"> {kilobytes} KB", f"{kilobytes} KB")
        start = end + 1
    return text


def form_of(data: bytes) -> str:
    """Return the form of a document by its beginning: servers often give a wrong type."""
    start = data[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or _XML.match(start):
        return "rdf"
    if start.rstrip() == b"[]":
        return "jsonld"
    return "jsonld" if start[:1] in (b"{", b"[") and not start.startswith(b"[]") else "ttl"


def _in_utf8(data: bytes, form: str) -> bytes:
    """Return a document in UTF-8; XML may come in another encoding if it says so."""
    encoding = "utf-8"
    if form == "rdf":
        if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            encoding = "utf-16"
        elif found := _ENCODING.match(data[:200].removeprefix(codecs.BOM_UTF8)):
            encoding = found[1].decode()
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise _misencoded(encoding, str(error)) from error
    if encoding.lower() in ("utf-8", "utf8"):
        return data.removeprefix(codecs.BOM_UTF8)
    return _DECLARED.sub("", text, count=1).encode()


def _guard_xml(data: bytes, limits: Limits) -> None:
    """Refuse entity declarations (a few bytes can become gigabytes) and deep nesting."""
    depth = 0

    def entity(*_: object) -> None:
        raise RefusedError(
            Finding(
                id="dcat.entity",
                severity="error",
                message_de="Das Dokument erklärt XML-Entitäten; das wird nicht gelesen.",
                message_en="The document declares XML entities, which are not read.",
                remedy_de="Bitte ohne DOCTYPE mit ENTITY ausliefern.",
                rule_source="Datenverbund, Sicherheit beim Einlesen",
            )
        )

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise too_much("depth", str(depth), str(limits.depth))

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.ParseFile(io.BytesIO(data))
    except expat.ExpatError as error:
        raise _unreadable(str(error)) from error


def _guard_json(data: bytes, limits: Limits) -> None:
    depth = 0
    for found in _TOKEN.finditer(data):
        mark = found[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth > limits.depth:
                raise too_much("depth", str(depth), str(limits.depth))
        elif mark in (b"]", b"}"):
            depth -= 1


_WHAT = {
    "document": ("Das Dokument", "The document"),
    "triples": ("Die Zahl der Aussagen", "The number of statements"),
    "literal": ("Ein einzelner Wert", "A single value"),
    "depth": ("Die Verschachtelung", "The nesting"),
}


def too_much(what: str, size: str, limit: str) -> RefusedError:
    """Return the refusal of what is larger than a limit."""
    german, english = _WHAT[what]
    return RefusedError(
        Finding(
            id=f"dcat.too-much-{what}",
            severity="error",
            value_excerpt=size,
            message_de=f"{german} ist zu groß ({size}; erlaubt: {limit}).",
            message_en=f"{english} is too large ({size}; limit: {limit}).",
            remedy_de="Bitte den Katalog aufteilen oder den Wert kürzen.",
            rule_source="Datenverbund, Grenzen beim Einlesen",
        )
    )


def _misencoded(encoding: str, reason: str) -> RefusedError:
    return RefusedError(
        Finding(
            id="dcat.encoding",
            severity="error",
            value_excerpt=reason[:200],
            message_de=f"Das Dokument ist nicht in der Kodierung {encoding} geschrieben.",
            message_en=f"The document is not written in the encoding {encoding}.",
            remedy_de="Bitte in UTF-8 speichern, oder in XML die richtige Kodierung nennen.",
            rule_source="https://www.w3.org/TR/rdf11-concepts/",
        )
    )


def _unreadable(reason: str) -> RefusedError:
    if "remote contexts" in reason:
        return RefusedError(
            Finding(
                id="dcat.remote-context",
                severity="error",
                message_de="Das Dokument verweist auf einen Kontext an anderer Stelle; beim "
                "Einlesen wird nichts nachgeladen.",
                message_en="The document refers to a context elsewhere; nothing is fetched.",
                remedy_de="Bitte den Kontext (@context) in das Dokument schreiben.",
                rule_source="Datenverbund, Sicherheit beim Einlesen",
            )
        )
    return RefusedError(
        Finding(
            id="dcat.unreadable",
            severity="error",
            value_excerpt=reason[:200],
            message_de=f"Das Dokument lässt sich nicht als RDF lesen: {reason[:200]}",
            message_en=f"The document cannot be read as RDF: {reason[:200]}",
            remedy_de="Bitte an der genannten Stelle prüfen, ob das Format stimmt.",
            rule_source="https://www.w3.org/TR/rdf11-concepts/",
        )
    )


def _main(asked: str) -> int:
    """Read standard input and write its statements; this is the child."""
    base, limits, (seconds, memory) = json.loads(asked)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    bounds = Limits(*limits)
    data = sys.stdin.buffer.read(bounds.document + _SURPLUS)
    try:
        text = statements(data, form_of(data), base, bounds)
    except RefusedError as error:
        sys.stderr.write(json.dumps(asdict(error.finding)))
        return REFUSED
    sys.stdout.buffer.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
