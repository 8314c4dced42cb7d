# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One value of a neighbour becomes what its property wants, where that is certain.

Each function answers None where it is not; then the value stays as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde import terms
from ckanext.verbund.domain.dcatde.terms import Term, literal

__all__ = ["EMAIL", "MENDERS", "iso_date", "listed", "text_of", "wkt"]


def text_of(term: Term) -> str:
    """Return the characters of an address or a literal."""
    if term[0] == "<":
        return term[1:-1]
    found = terms.split(term)
    return found[0] if found else ""


def wkt(value: Term) -> Term | None:
    """Return a geometry in degrees as a WKT literal in one spelling, else None."""
    text = (text_of(value) or "").strip()
    if text.startswith(m.CRS84):
        text = text[len(m.CRS84) :]
    if text.startswith("<"):
        # Another reference system: turning it would be a guess about the order of axes.
        return None
    canonical = m.canonical_wkt(text)
    return None if canonical is None else m.WKT.encode(canonical)


# Lists whose addresses changed, or of which others made copies with the same codes.
_COPIES = re.compile(
    r"https?://(?:publications\.europa\.eu|id\.loc\.gov/vocabulary/iso639|lexvo\.org/id|"
    r"purl\.org/cld/freq|www\.lexvo\.org)/?.*[/#]([^/#]+)/?",
    re.IGNORECASE,
)
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+_-]*", re.IGNORECASE)
_IANA = re.compile(r"https?://www\.iana\.org/assignments/media-types/.+")


_FORMATS = {
    "application/geo+json": "GEOJSON",
    "application/gml+xml": "GML",
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/msword": "DOC",
    "application/pdf": "PDF",
    "application/rdf+xml": "RDF_XML",
    "application/vnd.geo+json": "GEOJSON",
    "application/vnd.google-earth.kml+xml": "KML",
    "application/vnd.google-earth.kmz": "KMZ",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/xml": "XML",
    "application/zip": "ZIP",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/svg+xml": "SVG",
    "image/tiff": "TIFF",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/turtle": "RDF_TURTLE",
    "text/xml": "XML",
}
"""Media types that many write where a file type belongs."""


@cache
def _concepts(name: str) -> Callable[[Term], Term | None]:
    vocabulary = vocab.load(name)

    @lru_cache(maxsize=2**12)
    def find(value: Term) -> Term | None:
        text = text_of(value).strip()
        if name == "media_type" and (value[0] == "<" and _IANA.fullmatch(text)):
            return value
        concept = vocabulary.get(text)
        if concept is None and (copy := _COPIES.fullmatch(text)):
            concept = vocabulary.get(copy[1])
        if concept is None and name == "file_type":
            concept = vocabulary.get(_FORMATS.get(text.removeprefix(_MEDIA_TYPES).lower()))
        if concept is not None:
            return f"<{concept.iri}>"
        if name == "media_type" and _MEDIA_TYPE.fullmatch(text):
            return f"<{_MEDIA_TYPES}{text.lower()}>"
        return None

    return find


def listed(name: str, value: Term) -> Term | None:
    """Return the address of a value in its list; None when the list does not know it."""
    return _concepts(name)(value) if len(value) < 500 else None


# -- single values -------------------------------------------------------------------------

_Mended = tuple[str, Term] | None
EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.–-]{3,}")
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_LOOSE_DATE = re.compile(
    r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?"
    r" ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_MONTH = re.compile(r"(0[1-9]|1[0-2])[/.]([0-9]{4})")


def _mend_plain(value: Term) -> _Mended:
    if value[0] == "<":
        return "node-kind", literal(value[1:-1])
    return "datatype", literal(text_of(value))


def _mend_text(value: Term) -> _Mended:
    return "node-kind", literal(value[1:-1])


def _mend_address(value: Term) -> _Mended:
    if value[0] == "<":
        return None
    address = terms.encoded(text_of(value).strip())
    return ("node-kind", f"<{address}>") if terms.is_address(address) else None


def _mend_date(value: Term) -> _Mended:
    if value[0] == "<":
        return None
    text = iso_date(text_of(value).strip())
    return ("date", m.DATE.encode(text)) if text else None


def iso_date(text: str) -> str:
    """Return a date as ISO 8601; empty when it is none or could be read in two ways."""
    if m.date_type(text):
        return text
    if found := _GERMAN_DAY.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    elif found := _MONTH.fullmatch(text):
        text = f"{found[2]}-{found[1]}"
    elif found := _LOOSE_DATE.fullmatch(text):
        year, month, day, hour, minute, second, fraction, zone = found.groups()
        text = f"{year}-{month}-{day}"
        if hour:
            text += f"T{hour}:{minute}:{second or '00'}{fraction or ''}{_zone(zone)}"
    return text if m.date_type(text) else ""


def _zone(zone: str | None) -> str:
    if not zone or zone == "Z":
        return zone or ""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _mend_integer(value: Term) -> _Mended:
    text = text_of(value).strip()
    whole = re.fullmatch(r"([0-9]+)(?:\.0*)?", text) if value[0] == '"' else None
    return ("datatype", m.INTEGER.encode(whole[1].lstrip("0") or "0")) if whole else None


def _mend_decimal(value: Term) -> _Mended:
    text = text_of(value).strip().replace(",", ".")
    return _typed(m.DECIMAL, value, text)


def _mend_typed(kind: m.Kind) -> Callable[[Term], _Mended]:
    return lambda value: _typed(kind, value, text_of(value).strip())


def _typed(kind: m.Kind, value: Term, text: str) -> _Mended:
    if value[0] == "<":
        return None
    term = kind.encode(text)
    return ("datatype", term) if term[-1] == ">" else None


def _mend_mail(value: Term) -> _Mended:
    text = text_of(value).strip()
    bare = text.removeprefix("mailto:")
    if value[0] == "<" or not EMAIL.fullmatch(bare):
        return None
    return "node-kind", m.MAIL.encode(bare)


def _mend_phone(value: Term) -> _Mended:
    text = text_of(value).strip().removeprefix("tel:")
    if value[0] == "<" or not _PHONE.fullmatch(text):
        return None
    digits = "-".join(re.findall(r"[0-9]+", text))
    return "node-kind", f"<tel:{'+' if text[0] == '+' else ''}{digits}>"


def _mend_wkt(value: Term) -> _Mended:
    found = wkt(value) if value[0] == '"' else None
    return None if found is None else ("geometry", found)


MENDERS: dict[str, Callable[[Term], _Mended]] = {
    m.TEXT.name: _mend_text,
    m.PLAIN.name: _mend_plain,
    m.ADDRESS.name: _mend_address,
    m.DATE.name: _mend_date,
    m.INTEGER.name: _mend_integer,
    m.DECIMAL.name: _mend_decimal,
    m.DURATION.name: _mend_typed(m.DURATION),
    m.HEX.name: _mend_typed(m.HEX),
    m.MAIL.name: _mend_mail,
    m.PHONE.name: _mend_phone,
    m.WKT.name: _mend_wkt,
}
"""How a value is mended, by the kind of its property."""
