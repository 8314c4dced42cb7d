# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page shows for a field: the kind of input, its texts, its value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import spatial
from ckanext.verbund.domain import form, place_map
from ckanext.verbund.forms import values

__all__ = ["Widget", "build", "summary"]

Widget = dict[str, Any]

_FEW = 12  # a list that one sees at a glance; longer ones can be searched
_TEXT = {"text.html", "large_text.html", "slug.html", "number.html", "upload.html", None}
_AREA = {"markdown.html": 4, "textarea.html": 2}  # rows
_KIND_OF_LIST = {"license": "licence", "musterdatensatz": "proposed"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def build(
    field: form.Field, value: Any, errors: Mapping[str, list[str]], name: str = ""
) -> Widget:
    """Return what a template needs to show a field.

    Args:
        field: A field of an expanded schema.
        value: Its value as typed, or tidy.
        errors: Messages by input.
        name: Name of the input; without, that of the field.

    Returns:
        ``kind`` names the macro in ``verbund/forms/fields.html``; the rest are its texts.
    """
    name = name or field["field_name"]
    text = tk.h.scheming_language_text
    hint = text(field.get("help_text") or "")
    if field.get("example"):
        hint = f"{hint} " + tk._("Example: {example}").format(example=field["example"])
    widget: Widget = {
        "field": field,
        "name": name,
        "id": f"field-{name}",
        "label": text(field["label"]),
        "hint": hint.strip(),
        "required": form.is_required(field),
        "errors": errors.get(name, []),
        "value": value,
    }
    if "repeating_subfields" in field:
        return widget | _group(field, value or [], errors, name)
    return widget | _simple(field, value)


def _simple(field: form.Field, value: Any) -> Widget:
    snippet = field.get("form_snippet")
    if field["field_name"] == "owner_org":
        return {"kind": "select", "choices": _members(value), "blank": True}
    if field["field_name"] == "tag_string":
        return {"kind": "keywords"}
    if snippet in _AREA:
        return {"kind": "area", "rows": _AREA[snippet]}
    if snippet in _TEXT:
        return {"kind": "text"}
    make = _KINDS.get(snippet)
    return make(field, value) if make else {"kind": "scheming"}


def _several(field: form.Field, value: Any) -> Widget:
    choices = _choices(field, value or [])
    return {"kind": "checkboxes" if len(choices) <= _FEW + 3 else "multi", "choices": choices}


def _lines(field: form.Field, value: Any) -> Widget:
    return {"kind": "area", "rows": 2, "value": "\n".join(value or []), "lines": True}


def _date(field: form.Field, value: Any) -> Widget:
    # A year alone is allowed, and a date field of the browser would lose it.
    text = str(value or "").split("T")[0]
    return {"kind": "date" if not text or _DAY.fullmatch(text) else "text", "value": text}


def _choice(field: form.Field, value: Any) -> Widget:
    choices = _choices(field, [value] if value else [])
    kind = "select" if len(choices) <= _FEW else "combobox"
    kind = _KIND_OF_LIST.get(field.get("vocabulary"), kind)
    return {"kind": kind, "choices": choices, "blank": True}


_KINDS = {
    "select.html": _choice,
    "multiple_select.html": _several,
    "multiple_text.html": _lines,
    "date.html": _date,
}


def _choices(field: form.Field, chosen: list[str]) -> list[dict[str, str]]:
    text = tk.h.scheming_language_text
    found = [
        {"value": str(choice["value"]), "label": text(choice["label"])}
        for choice in tk.h.scheming_field_choices(field) or []
    ]
    known = {choice["value"] for choice in found}
    # A value that the list no longer offers stays until somebody chooses another.
    label = tk.h.verbund_label
    return found + [
        {"value": v, "label": label(field["vocabulary"], v) if "vocabulary" in field else v}
        for v in chosen
        if v not in known
    ]


def _members(value: Any) -> list[dict[str, str]]:
    own = tk.h.organizations_available("create_dataset")
    found = [{"value": o["id"], "label": o["display_name"]} for o in own]
    if value and value not in {choice["value"] for choice in found}:
        organization = tk.h.get_organization(value) or {}
        found.append({"value": value, "label": organization.get("display_name", value)})
    return found


def _group(
    field: form.Field, rows: list[dict[str, Any]], errors: Mapping[str, list[str]], name: str
) -> Widget:
    once = field.get("repeating_once", False)
    # Nobody should have to press a button before the first entry.
    wanted = field.get("form_blanks", 1)
    shown = rows or [{}] * wanted
    label = tk.h.scheming_language_text(field.get("repeating_label") or field["label"])
    return {
        "kind": "group",
        "once": once,
        "add_label": label,
        "rows": [
            _row(field, row, errors, f"{name}-{number}")
            | {"label": f"{label} {number + 1}", "removable": bool(rows)}
            for number, row in enumerate(shown)
        ],
    }


def _row(
    field: form.Field, row: Mapping[str, Any], errors: Mapping[str, list[str]], name: str
) -> Widget:
    inner = [
        build(sub, row.get(sub["field_name"]), errors, f"{name}-{sub['field_name']}")
        for sub in field["repeating_subfields"]
    ]
    shown: Widget = {
        "kind": "row",
        "name": name,
        "first": [w for w in inner if not w["field"].get("form_more")],
        "more": [w for w in inner if w["field"].get("form_more")],
    }
    if field["field_name"] == values.PLACES:
        shown |= _place({w["field"]["field_name"]: w for w in inner}, row, errors, name)
    return shown


def _place(
    inner: dict[str, Widget],
    row: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    name: str,
) -> Widget:
    bbox = json.loads(row["bbox"]) if row.get("bbox") else None
    sides = row.get(values.SIDES) or place_map.sides(bbox) or {}
    labels = {
        "west": tk._("West (longitude)"),
        "south": tk._("South (latitude)"),
        "east": tk._("East (longitude)"),
        "north": tk._("North (latitude)"),
    }
    return {
        "kind": "place",
        "text": inner["text"],
        "uri": inner["uri"],
        "geometries": [inner["geom"], inner["centroid"]],
        # What is no rectangle goes through untouched.
        "shape": inner["bbox"] if bbox and not sides else None,
        "unknown": spatial.unknown_place(dict(row)) if row else None,
        "sides": [
            {
                "name": f"{name}-{side}",
                "id": f"field-{name}-{side}",
                "label": labels[side],
                "value": sides.get(side, "").replace(".", ","),
                "errors": errors.get(f"{name}-{side}", []),
            }
            for side in place_map.SIDES
        ],
    }


def summary(shown: list[Widget], errors: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return the errors in the order of the page, each with its field."""
    inputs: list[tuple[str, str, str]] = []
    for widget in shown:
        _inputs(widget, "", inputs)
    found = [
        {"id": id, "label": label, "text": text}
        for name, id, label in inputs
        for text in errors.get(name, [])
    ]
    known = {name for name, _, _ in inputs}
    return found + [
        {"id": "", "label": "", "text": text}
        for name, texts in errors.items()
        if name not in known
        for text in texts
    ]


def _inputs(widget: Widget, before: str, found: list[tuple[str, str, str]]) -> None:
    label = f"{before}{widget['label']}"
    for row in widget.get("rows", []) if widget["kind"] == "group" else []:
        _inputs(row, "", found)
    for inner in [*widget.get("first", []), *widget.get("more", [])]:
        _inputs(inner, f"{label}: ", found)
    sides = widget.get("sides", [])
    found += [(s["name"], s["id"], f"{label}: {s['label']}") for s in sides]
    if "id" in widget:
        found.append((widget["name"], widget["id"], label))
