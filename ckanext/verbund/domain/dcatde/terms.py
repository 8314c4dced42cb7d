# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Terms of RDF as texts in canonical N-Triples notation, and the namespaces.

A term is what stands in a line of N-Triples: ``<https://…>``, ``_:b0``, ``"Text"@de``. Texts
hash and compare faster than objects, what no field takes is kept as it stands, and writing
N-Triples is joining. Notation: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

Term = str
Triple = tuple[Term, Term, Term]

VERBUND = "https://datenverbund.github.io/vokabular#"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geodcatap": "http://data.europa.eu/930/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "verbund": VERBUND,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# Schemes that name or fetch something; everything else stays text. A browser would execute
# "javascript:" and its kin (federation reference, "Security").
_SCHEMES = "https?|ftps?|sftp|mailto|tel|urn|doi|info|geo"
_ADDRESS = re.compile(rf"(?:{_SCHEMES}):[^\x00-\x20<>\"{{}}|^`\\\x7f]+", re.IGNORECASE)
_EXECUTABLE = re.compile(
    r"(?:javascript|vbscript|data|blob|file|about|view-source):", re.IGNORECASE
)
LONGEST = 4000
"""Longer texts are no addresses, in characters."""
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\\x7f]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
# XML cannot hold these, nor can PostgreSQL hold the first; no text of people needs them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL_WRITTEN = re.compile(r"\\(?:[bf]|u00[01][0-9A-F])|[\ufffe\uffff]")
_ESCAPES = {
    **{chr(code): f"\\u{code:04X}" for code in (*range(32), 127)},
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip
_UNESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*")


@cache
def expand(name: str) -> Term:
    """Return the term of a prefixed name, such as ``dct:title``."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


TYPE = expand("rdf:type")


def is_language(tag: str) -> bool:
    """Return whether a language tag is written as we write them."""
    return _LANGUAGE.fullmatch(tag) is not None


def is_address(text: str) -> bool:
    """Return whether a text is an absolute address that may become a link."""
    return len(text) <= LONGEST and _is_address(text)


# The same addresses come again and again; a bound on length and number bounds the memory.
@lru_cache(maxsize=2**14)
def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def is_executable(iri: str) -> bool:
    """Return whether a browser would run this address or open a local file with it."""
    return _EXECUTABLE.match(_IGNORED_BY_BROWSERS.sub("", iri)) is not None


def is_name(iri: str) -> bool:
    """Return whether this may name a thing: any valid address that nobody executes."""
    return is_address(iri) or _is_name(iri)


def _is_name(iri: str) -> bool:
    return is_absolute(iri) and not _FORBIDDEN.search(iri) and not is_executable(iri)


def is_absolute(iri: str) -> bool:
    """Return whether an address begins with a scheme."""
    return _ABSOLUTE.match(iri) is not None


def encoded(iri: str) -> str:
    """Return an address with the characters percent-encoded that no address may hold."""
    return _FORBIDDEN.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), iri
    )


def literal(text: str, lang: str = "", datatype: str = "") -> Term:
    """Return a literal.

    Args:
        text: Its value.
        lang: Language tag; what is none is left out.
        datatype: Prefixed name of the datatype, such as ``xsd:date``.
    """
    if _SPECIAL.search(text):
        text = _CONTROL.sub("\ufffd", text)
        text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
    if not text.isascii():
        # Half a surrogate pair can be written in JSON, but not in UTF-8.
        text = _CONTROL.sub("\ufffd", text).encode("utf-8", "replace").decode()
    if lang and _LANGUAGE.fullmatch(lang.lower()):
        return f'"{text}"@{lang.lower()}'
    return f'"{text}"^^{expand(datatype)}' if datatype else f'"{text}"'


def readable(term: Term) -> Term:
    """Return a literal with a replacement character in the place of control characters."""
    if "\\" not in term and "\ufffe" not in term and "\uffff" not in term:
        return term
    found = _CONTROL_WRITTEN.search(term) and split(term)
    if not found:
        return term
    value, lang, datatype = found
    start = literal(value, lang)
    return f"{start}^^<{datatype}>" if datatype else start


def plain(term: Term) -> str | None:
    """Return the text of a literal without language and datatype, else None."""
    if term[0] == '"' and term[-1] == '"':
        return _unescaped(term[1:-1])
    return None


def split(term: Term) -> tuple[str, str, str] | None:
    """Return value, language and datatype (an IRI) of a literal; None for anything else."""
    found = _LITERAL.fullmatch(term) if term[0] == '"' else None
    if found is None:
        return None
    value, lang, datatype = found.groups()
    return _unescaped(value), lang or "", datatype or ""


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _NAMED.get(found[3], found[3])

    return _UNESCAPE.sub(character, text)


def child(parent: str, name: str, number: int) -> str:
    """Return the address of something nameless that hangs on a thing with an address.

    ``https://a/dataset/1`` and its second contact: ``https://a/dataset/1#contact-2``; what
    hangs on that: ``…#contact-2/address-1``. So others can name it, and it keeps its name.
    """
    return f"{parent}{'/' if '#' in parent else '#'}{name.replace('_', '-')}-{number}"


def line(triple: Triple) -> str:
    """Return a statement as a line of N-Triples, without line break."""
    return f"{triple[0]} {triple[1]} {triple[2]} ."


def parse_line(text: str) -> Triple:
    """Return the statement of a line written by `line`."""
    subject, predicate, rest = text.split(" ", 2)
    return subject, predicate, rest[:-2]
