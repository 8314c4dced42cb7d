# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form in pages: which field stands where, what is missing, and who changed what meanwhile.

Fields are those of a schema in ``schemas/`` as ckanext-scheming expands it: plain dicts.
Their values are kept in one *tidy* form, so that what is stored and what somebody typed compare
equal: a text, a list of texts, or a list of dicts for a group of subfields; nothing is the
empty text or the empty list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.verbund.domain.finding import Finding

__all__ = ["Conflict", "Merge", "Page", "digest", "merge", "missing", "pages", "tidy"]

Field = Mapping[str, Any]
_LISTS = {"multiple_select.html", "multiple_text.html", "multiple_checkbox.html"}
REVIEW = "pruefen"
"""Name of the last page, which has no fields."""


@dataclass(frozen=True)
class Page:
    """One page of a form.

    Attributes:
        name: End of its address.
        label: What the step is called, by language.
        question: What the page asks, by language.
        first: Fields that are shown at once.
        more: Fields behind "Weitere Angaben".
        files: Whether files are added here.
    """

    name: str
    label: Mapping[str, str]
    question: Mapping[str, str]
    first: tuple[Field, ...]
    more: tuple[Field, ...] = ()
    files: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of the page."""
        return self.first + self.more


def pages(schema: Mapping[str, Any]) -> tuple[Page, ...]:
    """Return the pages of a schema, without the review.

    Args:
        schema: A schema of packages with ``form_pages``.

    Raises:
        KeyError: A page names a field that the schema has not.
    """
    fields = {f["field_name"]: f for f in schema["dataset_fields"]}
    return tuple(
        Page(
            name=entry["name"],
            label=entry["label"],
            question=entry["question"],
            first=tuple(fields[name] for name in entry["fields"]),
            more=tuple(fields[name] for name in entry.get("more", ())),
            files=entry.get("files", False),
        )
        for entry in schema["form_pages"]
    )


def holds_list(field: Field) -> bool:
    """Say whether a field holds several texts."""
    return field.get("form_snippet") in _LISTS


def tidy(field: Field, value: Any) -> Any:
    """Return a value in its tidy form.

    Args:
        field: The field it belongs to.
        value: What is stored or was typed, however it came.
    """
    if "repeating_subfields" in field:
        rows = [tidy_row(field, row) for row in value or [] if isinstance(row, Mapping)]
        return [row for row in rows if row]
    if holds_list(field):
        values = [value] if isinstance(value, str) else value or []
        return [text for text in map(_text, values) if text]
    if field["field_name"] == "tag_string":
        return ", ".join(dict.fromkeys(filter(None, map(_text, _text(value).split(",")))))
    return _text(value)


def tidy_row(field: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the subfields of one row that hold something, tidy."""
    values = (
        (sub["field_name"], tidy(sub, row.get(sub["field_name"])))
        for sub in field["repeating_subfields"]
    )
    return {name: value for name, value in values if value}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    # Browsers send line breaks as CR LF, whatever was stored.
    return str(value).replace("\r\n", "\n").strip()


def digest(value: Any) -> str:
    """Return a short mark of a tidy value, to tell later whether it is still the same."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed to different values."""

    name: str
    mine: Any
    theirs: Any


@dataclass
class Merge:
    """What becomes of the values of a form.

    Attributes:
        changes: What is to be saved.
        taken: Fields that somebody else changed and this person did not: theirs stay.
        conflicts: Fields that both changed; nothing may be saved before the person chose.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    base: Mapping[str, str],
    choices: Mapping[str, str],
) -> Merge:
    """Compare what somebody sent with what is stored, field by field.

    Args:
        mine: Tidy values that were sent.
        theirs: Tidy values that are stored now.
        base: `digest` of each value when the person's form was made. A field that is not in
            it is saved as it was sent, as by ``package_patch``.
        choices: For fields with a conflict that the person has seen: ``mine`` or ``theirs``.
    """
    result = Merge()
    for name, value in mine.items():
        stored = theirs.get(name)
        if value == stored:
            continue
        seen = base.get(name)
        if choices.get(name) == "theirs":
            result.taken.append(name)
        elif seen is None or digest(stored) == seen:
            result.changes[name] = value
        elif digest(value) == seen:
            result.taken.append(name)
        else:
            result.conflicts.append(Conflict(name, value, stored))
    return result


def is_required(field: Field) -> bool:
    """Say whether nothing may be published without the field."""
    return bool(field.get("required")) or field["field_name"] in {"title", "owner_org"}


def missing(
    schema: Mapping[str, Any], values: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Return what a package lacks: errors for what is required, hints for what would help.

    Args:
        schema: The schema with its pages.
        values: Tidy values by field.
        resources: Its files, as ``package_show`` has them.

    Returns:
        Findings; ``subject`` is the page, ``property`` the field or ``resources``, ``line`` the
        number of the file.
    """
    found = []
    for page in pages(schema):
        for wanted in page.first:
            if values.get(wanted["field_name"]):
                continue
            if is_required(wanted):
                found.append(_lack("form.required", "error", page, wanted))
            elif wanted["obligation"] == "recommended":
                found.append(_lack("form.recommended", "hint", page, wanted))
        if page.files:
            found += _files(schema, page, resources)
    return found


def _files(
    schema: Mapping[str, Any], page: Page, resources: Sequence[Mapping]
) -> list[Finding]:
    if not resources:
        return [
            Finding(
                id="form.no-file",
                severity="hint",
                subject=page.name,
                property="resources",
                message_de="Es gibt noch keine Datei.",
                message_en="There is no file yet.",
                remedy_de="Ohne Datei finden andere nur die Beschreibung.",
            )
        ]
    wanted = [f for f in schema["resource_fields"] if f.get("required")]
    return [
        _lack("form.file-required", "error", page, lacking, number)
        for number, resource in enumerate(resources, 1)
        for lacking in wanted
        if not resource.get(lacking["field_name"])
    ]


def _lack(
    rule: str, severity: Any, page: Page, lacking: Field, number: int | None = None
) -> Finding:
    label = lacking["label"]
    where = (f"Datei {number}: ", f"File {number}: ") if number else ("", "")
    return Finding(
        id=rule,
        severity=severity,
        subject=page.name,
        property=lacking["field_name"],
        message_de=f"{where[0]}„{label['de']}“ ist noch leer.",
        message_en=f"{where[1]}“{label['en']}” is still empty.",
        remedy_de=lacking["help_text"]["de"],
        rule_source="DCAT-AP.de 3.0",
        line=number,
    )
