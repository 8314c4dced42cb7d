# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The values of a dataset or file as people read them, from the schema, in one pass.

ckanext-scheming renders a template for each of some sixty fields, empty ones too. Here only
fields with a value are looked at, and one template shows them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.verbund.base import look

__all__ = ["Fact", "Value", "day", "facts", "iso_days", "link", "prose", "repeated"]

_SCHEMES = {"http", "https", "ftp"}
# Too long to read, or shown as a map.
_NOT_FOR_READERS = {"geom", "bbox", "centroid"}
_PROSE = {"markdown.html"}
_DATES = {"dcat_date.html", "date.html"}


@dataclass(frozen=True)
class Value:
    """A text, with the address it leads to, if any."""

    text: str | Markup
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """A field with what it says."""

    name: str
    label: str
    values: tuple[Value, ...]


def link(address: Any) -> str:
    """Return an address that may be a link, else nothing: no ``javascript:``, no data."""
    if not isinstance(address, str):
        return ""
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme.casefold() in _SCHEMES and parts.netloc else ""


def prose(text: Any) -> Markup:
    """Return a text of a person as HTML: Markdown that is meant, and nothing that runs."""
    return Markup(tk.h.render_markdown(look.tame(str(text)))) if text else Markup("")  # noqa: S704


def day(value: Any) -> str:
    """Return an ISO date or moment in German, a year or month alone as it is."""
    text = str(value or "")
    try:
        return look.german.short_date(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def iso_days(*values: Any) -> Iterator[str | None]:
    """Yield values that may hold a date."""
    return (value if isinstance(value, str) else None for value in values)


def repeated(value: Any) -> list[dict[str, Any]]:
    """Return the entries of a repeating field, each once: harvesting doubles some."""
    entries = [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
    unlike: list[dict[str, Any]] = []
    for entry in entries:
        if entry not in unlike and any(entry.values()):
            unlike.append(entry)
    return unlike


def facts(
    fields: Iterable[dict[str, Any]], data: dict[str, Any], but: Iterable[str] = ()
) -> list[Fact]:
    """Return the fields of a schema that say something.

    Args:
        fields: Fields of ckanext-scheming.
        data: The dataset or resource as shown.
        but: Names of fields to leave out.
    """
    left_out = set(but)
    found = []
    for field in fields:
        name = field["field_name"]
        value = data.get(name)
        if name in left_out or value in (None, "", [], {}):
            continue
        values = tuple(_values(field, value))
        if values:
            label = tk.h.scheming_language_text(field.get("label") or name)
            found.append(Fact(name, label, values))
    return found


def _values(field: dict[str, Any], value: Any) -> Iterator[Value]:
    if "repeating_subfields" in field:
        for entry in repeated(value):
            parts = [
                part
                for sub in field["repeating_subfields"]
                if _readable(sub["field_name"], entry)
                for part in _values(sub, entry[sub["field_name"]])
            ]
            yield from parts
        return
    for single in value if isinstance(value, list) else [value]:
        if single not in (None, ""):
            yield _value(field, single)


def _readable(name: str, entry: dict[str, Any]) -> bool:
    """Say whether a value is for readers: an address that only names the entry is not."""
    if name in {"uri", "identifier"} and (entry.get("name") or entry.get("text")):
        return False
    return name not in _NOT_FOR_READERS and bool(entry.get(name))


def _value(field: dict[str, Any], value: Any) -> Value:
    if vocabulary := field.get("vocabulary"):
        return Value(tk.h.verbund_label(vocabulary, str(value)))
    for choice in field.get("choices") or ():
        if choice["value"] == value:
            return Value(tk.h.scheming_language_text(choice["label"]))
    if field.get("display_snippet") in _PROSE:
        return Value(prose(value))
    if field.get("display_snippet") in _DATES:
        return Value(day(value))
    if field.get("display_snippet") == "file_size.html":
        return Value(look.german.file_size(int(value)) if str(value).isdigit() else str(value))
    text = str(value)
    return Value(text, link(text))
