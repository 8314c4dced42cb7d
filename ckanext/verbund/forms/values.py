# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From package to form and back.

Inputs are named as ckanext-scheming names them: ``contact-0-email`` is the subfield ``email``
of the first contact. What somebody typed is kept as typed beside its tidy value, so that a page
can show it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import MultiDict

from ckanext.verbund.base import spatial
from ckanext.verbund.domain import form, place_map, places

__all__ = [
    "Typed",
    "errors_by_input",
    "from_package",
    "read",
    "resize",
    "schema_of",
    "to_package",
]

PLACES = "spatial_coverage"
SIDES = "sides"
"""Key of a place as typed, beside its subfields: the four sides of its rectangle."""


@dataclass(frozen=True)
class Typed:
    """What somebody sent.

    Attributes:
        shown: The values as they are shown again.
        values: The same, tidy.
        problems: What cannot be understood at all, by input.
    """

    shown: dict[str, Any]
    values: dict[str, Any]
    problems: dict[str, list[str]]


def schema_of(package_type: str) -> dict[str, Any]:
    """Return the expanded schema of a type.

    Raises:
        ObjectNotFound: The type is not described on pages.
    """
    schema = tk.h.scheming_get_dataset_schema(package_type)
    if not schema or "form_pages" not in schema:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return schema


def from_package(fields: Iterable[form.Field], package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tidy values of a package."""
    found = {}
    for field in fields:
        name = field["field_name"]
        value = package.get(name)
        if name == "tag_string":
            value = ",".join(tag["name"] for tag in package.get("tags") or [])
        elif name == PLACES:
            value = [_place_as_written(row) for row in value or []]
        found[name] = form.tidy(field, value)
    return found


def to_package(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return tidy values as ``package_update`` takes them."""
    patch = dict(changes)
    if "tag_string" in patch:
        names = patch.pop("tag_string").split(",")
        patch["tags"] = [{"name": name.strip()} for name in names if name.strip()]
    return patch


def read(fields: Iterable[form.Field], sent: MultiDict[str, str]) -> Typed:
    """Read what somebody sent; a field without input is empty."""
    typed = Typed({}, {}, {})
    for field in fields:
        name = field["field_name"]
        typed.shown[name] = _read(field, sent, name, typed.problems)
        typed.values[name] = form.tidy(field, typed.shown[name])
    return typed


def resize(shown: dict[str, Any], sent: MultiDict[str, str]) -> str:
    """Add an entry to a group, take one away or take a proposal, as a button wishes.

    Args:
        shown: Values as typed; changed in place, nothing is saved.
        sent: What the page sent: ``add`` names a group, ``remove`` an entry of one; ``take``
            is a field and its proposed value, with ``=`` between.

    Returns:
        Name of the entry that was added, or an empty text.
    """
    if sent.get("take"):
        name, _equals, value = sent["take"].partition("=")
        if isinstance(shown.get(name), str):
            shown[name] = value
        return ""
    if name := sent.get("add"):
        if not isinstance(shown.get(name), list):
            return ""
        shown[name] = [*shown[name], {}]
        return f"{name}-{len(shown[name]) - 1}"
    name, _dash, number = sent.get("remove", "").rpartition("-")
    rows = shown.get(name)
    if isinstance(rows, list) and number.isdigit():
        shown[name] = [row for n, row in enumerate(rows) if n != int(number)]
    return ""


def _read(
    field: form.Field, sent: MultiDict[str, str], name: str, problems: dict[str, list[str]]
) -> Any:
    if "repeating_subfields" in field:
        rows: list[dict[str, Any]] = []
        for number in _numbers(sent, name):
            row = {
                sub["field_name"]: _read(
                    sub, sent, f"{name}-{number}-{sub['field_name']}", problems
                )
                for sub in field["repeating_subfields"]
            }
            if field["field_name"] == PLACES:
                given = {s: sent.get(f"{name}-{number}-{s}", "") for s in place_map.SIDES}
                _read_place(row, given, f"{name}-{len(rows)}", problems)
            if form.tidy_row(field, row) or row.get(SIDES):
                rows.append(row)
        return rows
    if field.get("form_snippet") == "multiple_text.html":
        return [line for text in sent.getlist(name) for line in text.splitlines()]
    return sent.getlist(name) if form.holds_list(field) else sent.get(name, "")


def _numbers(sent: MultiDict[str, str], name: str) -> list[int]:
    pattern = re.compile(re.escape(name) + r"-(\d{1,4})-")
    return sorted({int(match[1]) for key in sent if (match := pattern.match(key))})


def _read_place(
    row: dict[str, Any], given: dict[str, str], name: str, problems: dict[str, list[str]]
) -> None:
    """Put rectangle and key of a place in order.

    People see the name, not the key that a suggestion left behind: where the two differ, the
    name is meant.
    """
    text = row["text"].strip()
    place = places.resolve(row["uri"]) if row["uri"] else None
    if place and text != place.label and place not in places.find(text):
        row["uri"] = ""
    row["geom"], row["bbox"] = _geometry(row["geom"]), _geometry(row["bbox"])
    if any(value.strip() for value in given.values()):
        row[SIDES] = given
        try:
            row["bbox"] = json.dumps(place_map.box(given), sort_keys=True)
        except place_map.BoxError as error:
            problems[f"{name}-{error.side}"] = [_box_message(error, given)]


def _box_message(error: place_map.BoxError, given: Mapping[str, str]) -> str:
    texts = {
        "number": tk._("Please give all four sides as degrees. Example: 7.65"),
        "range": tk._("Degrees of longitude go from -180 to 180, of latitude from -90 to 90."),
        "swapped": tk._(
            "South ({south}) lies above north ({north}). Please swap the two values."
        ),
        "date-line": tk._(
            "West ({west}) lies to the right of east ({east}). Please swap the two values. "
            "An area across the date line needs two places, one on each side."
        ),
    }
    return texts[error.reason].format(**given)


def _place_as_written(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place without what the portal has completed and will complete again."""
    written = {**row, **{name: _geometry(row.get(name)) for name in spatial.GEOMETRIES}}
    place = places.resolve(str(row.get("uri") or "")) or places.resolve(
        str(row.get("text") or "")
    )
    if place and written["bbox"] == _geometry(place.bbox_geometry):
        written["bbox"] = ""
        if written["geom"] and json.loads(written["geom"]) == places.outline(place):
            written["geom"] = ""
    return written


def _geometry(value: Any) -> str:
    """Return a geometry as one and the same text, however it is written."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return json.dumps(found, sort_keys=True) if found else ""


def errors_by_input(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the errors of a validation by the input that they belong to."""
    found: dict[str, list[str]] = {}
    for name, error in errors.items():
        if name == "tags":
            texts = [text for tag in error for text in _texts(tag)]
            found["tag_string"] = list(dict.fromkeys(texts))
        else:
            _flatten(name, error, found)
    return found


def _flatten(name: str, error: Any, found: dict[str, list[str]]) -> None:
    if isinstance(error, Mapping):
        for key, inner in error.items():
            _flatten(f"{name}-{key}", inner, found)
    elif isinstance(error, list) and any(isinstance(item, Mapping) for item in error):
        for number, row in enumerate(error):
            _flatten(f"{name}-{number}", row, found)
    else:
        texts = error if isinstance(error, list) else [error]
        if texts:
            found.setdefault(name, []).extend(str(text) for text in texts)


def _texts(error: Any) -> list[str]:
    if isinstance(error, Mapping):
        return [text for inner in error.values() for text in _texts(inner)]
    return [str(text) for text in error] if isinstance(error, list) else [str(error)]
