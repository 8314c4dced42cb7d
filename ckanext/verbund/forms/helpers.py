# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_forms``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain import form, german, licence, licence_advice, vocab
from ckanext.verbund.forms import notes, values

__all__ = [
    "verbund_entries",
    "verbund_file_size",
    "verbund_form_label",
    "verbund_form_link",
    "verbund_form_text",
    "verbund_form_value",
    "verbund_is_template",
    "verbund_licences",
    "verbund_short_date",
    "verbund_templates",
]


def verbund_form_text(texts: Mapping[str, str]) -> str:
    """Return a text of a schema in the language of the reader."""
    return tk.h.scheming_language_text(texts)


def verbund_form_label(package_type: str, name: str) -> str:
    """Return what a field is called."""
    if name == "resources":
        return tk._("Files")
    schema = values.schema_of(package_type)
    fields = [*schema["dataset_fields"], *schema.get("resource_fields", [])]
    found = next((f for f in fields if f["field_name"] == name), None)
    return tk.h.scheming_language_text(found["label"]) if found else name


def verbund_form_link(package: Mapping[str, Any], name: str, resource_id: str = "") -> str:
    """Return the address of a field of the form, or of the review page.

    Args:
        package: As ``package_show`` returns it.
        name: The field; ``resources`` for the files; empty for the review page.
        resource_id: The file that the field belongs to, if to one.
    """
    kind = package["type"]
    if resource_id:
        address = tk.url_for(
            f"{kind}_resource.edit", id=package["name"], resource_id=resource_id
        )
        return f"{address}#field-{name}"
    pages = form.pages(values.schema_of(kind))
    for page in pages:
        field = next((f for f in page.fields if f["field_name"] == name), None)
        if field or (name == "resources" and page.files):
            break
    else:
        return _page(package, form.REVIEW)
    if field and "repeating_subfields" in field:
        name = f"{name}-0-{field['repeating_subfields'][0]['field_name']}"
    anchor = "upload" if name == "resources" else name
    return f"{_page(package, page.name)}#field-{anchor}"


def _page(package: Mapping[str, Any], name: str) -> str:
    return tk.url_for(
        "verbund_forms.page", package_type=package["type"], id=package["name"], page=name
    )


def verbund_form_value(field: form.Field, value: Any) -> list[str]:
    """Return a tidy value in words, one text for each entry."""
    if "repeating_subfields" in field:
        return [_row(field, row) for row in value]
    if field["field_name"] == "owner_org":
        organization = tk.h.get_organization(value) if value else None
        return [organization["display_name"]] if organization else []
    texts = value if isinstance(value, list) else [value] if value else []
    if "vocabulary" in field:
        return [tk.h.verbund_label(field["vocabulary"], text) for text in texts]
    if "choices" in field:
        labels = {c["value"]: tk.h.scheming_language_text(c["label"]) for c in field["choices"]}
        return [labels.get(text, text) for text in texts]
    if field.get("form_snippet") == "date.html":
        return [tk.h.render_datetime(text) or text for text in texts]
    return texts


def _row(field: form.Field, row: Mapping[str, Any]) -> str:
    hidden = {"geom", "bbox", "centroid", "uri"}
    parts = [
        text
        for sub in field["repeating_subfields"]
        if sub["field_name"] not in hidden and sub["field_name"] in row
        for text in verbund_form_value(sub, row[sub["field_name"]])
    ]
    if row.get("bbox"):
        parts.append(tk._("with a rectangle of its own"))
    between = " – " if field["field_name"] == "temporal_coverage" else ", "
    return between.join(parts)


def verbund_licences() -> list[dict[str, Any]]:
    """Return the licences that are compared, recommended ones first, in plain words."""
    text = tk.h.scheming_language_text
    return [
        {
            "iri": entry.licence.iri,
            "label": tk.h.verbund_label("license", entry.licence.iri),
            "may": _may(entry.licence),
            "must": _must(entry.licence),
            "advice": text(entry.advice),
            "recommended": entry.recommended,
        }
        for entry in licence_advice.advices()
    ]


def _may(facts: licence.Licence) -> str:
    if not facts.changes:
        return tk._("Use the data and pass them on unchanged.")
    if not facts.commercial:
        return tk._("Use, change and pass on the data, but not for money.")
    return tk._("Use, change and pass on the data for any purpose, also for money.")


def _must(facts: licence.Licence) -> str:
    duties = [
        tk._("name the source") if facts.attribution else "",
        tk._("say what was changed") if facts.tell_changes else "",
        tk._("pass on what they make of it under the same terms") if facts.same_terms else "",
    ]
    duties = [duty for duty in duties if duty]
    return "; ".join(duties) if duties else tk._("nothing")


def verbund_file_size(size: int) -> str:
    """Return a size in bytes for people."""
    return german.file_size(size)


def verbund_short_date(day: str) -> str:
    """Return an ISO day in figures."""
    return german.short_date(date.fromisoformat(day))


def verbund_is_template(package_id: str) -> bool:
    """Tell whether a dataset is a template of its member."""
    return notes.get(notes.TEMPLATE, package_id) is not None


def verbund_templates(package_type: str) -> list[dict[str, str]]:
    """Return the templates that the person may begin with."""
    try:
        found = tk.get_action("verbund_template_list")({}, {})
    except tk.NotAuthorized:
        return []
    return [template for template in found if template["type"] == package_type]


def verbund_entries(vocabulary: str) -> list[tuple[str, str]]:
    """Return the entries of a list: what is stored, and what people write."""
    return vocab.load(vocabulary).choices("de")
