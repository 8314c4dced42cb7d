# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many datasets from one table: which columns there are, and what a row means.

The columns are made from the schema: the German label of each field that fits into a cell. A
clerk fills the template in Excel; whatever comes back is read with the readers of tables
(encoding, delimiter, workbook), and every row becomes a dataset or a list of findings.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.finding import Finding, excerpt
from ckanext.verbund.domain.spreadsheet import to_csv

KEY = "identifier"
SEPARATOR = "|"
MAX_BYTES = 20 * 1024 * 1024

# What a table can hold, in the order of the template: field, or group and subfield.
_FIELDS: tuple[str, ...] = (
    KEY,
    "title",
    "notes",
    "tag_string",
    "theme",
    "musterdatensatz",
    "publisher.name",
    "publisher.email",
    "contact.name",
    "contact.email",
    "contact.telephone",
    "contact.url",
    "spatial_coverage.text",
    "temporal_coverage.start",
    "temporal_coverage.end",
    "frequency",
    "issued",
    "modified",
    "provenance",
    "known_limits",
    "url",
    "data_steward",
    "version",
    "resource.url",
    "resource.name",
    "resource.format",
    "resource.license",
    "resource.license_attribution_by_text",
)
REQUIRED = (KEY, "title")
_GROUP_LABELS = {"resource": "Datei"}
# Where the label of the schema says "Datei" already, or what a table cannot hold.
_LABELS = {
    KEY: "Kennung (eigener Schlüssel)",
    "resource.url": "Datei: Adresse",
    "resource.name": "Datei: Titel",
}


@dataclass(frozen=True)
class Column:
    """A column of the template.

    Attributes:
        path: ``title``, or ``contact.email`` for a subfield of the first entry.
        label: The header.
        example: A value as somebody would write it.
        kind: ``text``, ``date``, ``tags``, ``choice`` or ``choices``.
        vocabulary: Where the values come from.
    """

    path: str
    label: str
    example: str = ""
    kind: str = "text"
    vocabulary: str = ""


@dataclass
class Row:
    """One row of the table.

    Attributes:
        line: Its line in the file.
        key: Its own key.
        values: The dataset as ``package_create`` takes it, without member and address.
        findings: What is wrong; an ``error`` keeps the row from being written.
        digest: Mark of the content, to see whether a row is still the same.
    """

    line: int
    key: str
    values: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    digest: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether the row can be written."""
        return not any(f.severity == "error" for f in self.findings)


@dataclass
class Sheet:
    """A table that was read.

    Attributes:
        rows: The rows that hold something.
        columns: The columns that were found.
        findings: What concerns the table as a whole; an ``error`` stops everything.
    """

    rows: list[Row] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def refusal(self) -> Finding | None:
        """Return why nothing of the table can be used, if so."""
        return next((f for f in self.findings if f.severity == "error"), None)


def columns(schema: Mapping[str, Any]) -> list[Column]:
    """Return the columns that a table of datasets has.

    Args:
        schema: The schema of datasets, as ckanext-scheming expands it or as it is written.
    """
    groups = {f["field_name"]: f for f in schema["dataset_fields"]}
    groups["resource"] = {
        "label": {"de": _GROUP_LABELS["resource"]},
        "repeating_subfields": schema["resource_fields"],
    }
    found = []
    for path in _FIELDS:
        name, _dot, inner = path.partition(".")
        definition = groups.get(name)
        if definition is None:
            continue
        label = definition["label"]["de"]
        if inner:
            subfields = {f["field_name"]: f for f in definition["repeating_subfields"]}
            definition = subfields.get(inner)
            if definition is None:
                continue
            label = f"{label}: {definition['label']['de']}"
        label = _LABELS.get(path, label)
        example = definition.get("example", "")
        kind = _kind(path, definition)
        found.append(Column(path, label, str(example), kind, definition.get("vocabulary", "")))
    return found


def _kind(path: str, definition: Mapping[str, Any]) -> str:
    if path == "tag_string":
        return "tags"
    if definition.get("vocabulary"):
        several = "multiple" in str(definition.get("form_snippet", "")) or (
            definition.get("preset") == "verbund_choices"
        )
        return "choices" if several else "choice"
    is_date = definition.get("preset") == "verbund_date" or (
        definition.get("form_snippet") == "date.html"
    )
    return "date" if is_date else "text"


def template(schema: Mapping[str, Any]) -> bytes:
    """Return an empty table as CSV, with the labels of the columns and nothing else."""
    return to_csv([column.label for column in columns(schema)], [])


# -- Reading ---------------------------------------------------------------------------------


def read(path: Path, name: str, schema: Mapping[str, Any], most: int = 2000) -> Sheet:
    """Read a table of datasets.

    Args:
        path: The file.
        name: What it is called.
        schema: The schema of datasets.
        most: How many rows are read.

    Returns:
        The rows with what each means; a table that is of no use has a ``refusal``.
    """
    from ckanext.verbund.domain.tables.limits import Limits, TableError
    from ckanext.verbund.domain.tables.opening import open_source

    sheet = Sheet()
    fmt = name.rsplit(".", 1)[-1].lower()
    known = columns(schema)
    limits = Limits(max_bytes=MAX_BYTES, max_sheet_bytes=3 * MAX_BYTES)
    try:
        source = open_source(path, fmt, limits)
        if source.headers is not None:
            sheet.findings.append(_several_sheets())
            return sheet
        _read_rows(source.rows(), known, sheet, most)
    except TableError as error:
        sheet.findings.append(error.finding)
        return sheet
    if sheet.refusal is None:
        _find_twins(sheet)
    return sheet


def _read_rows(
    lines: Iterable[tuple[int, list[str]]], known: list[Column], sheet: Sheet, most: int
) -> None:
    by_label = {_plain(c.label): c for c in known}
    by_label |= {_plain(c.path): c for c in known}
    places: dict[int, Column] = {}
    for line, cells in lines:
        if not places:
            plain = {i: _plain(c) for i, c in enumerate(cells)}
            places = {i: by_label[label] for i, label in plain.items() if label in by_label}
            if len(places) < 2:
                places = {}
                if line > 20:
                    break
                continue
            _look_at_header(cells, places, sheet)
            if sheet.refusal:
                return
            continue
        here = {i: c for i, c in places.items() if i < len(cells)}
        filled = {c.path: cells[i].strip() for i, c in here.items()}
        if not any(filled.values()):
            continue
        if len(sheet.rows) >= most:
            sheet.findings.append(_too_many(most))
            return
        sheet.rows.append(_row(line, filled, list(places.values())))
    if not places:
        sheet.findings.append(_no_header(known))
    elif not sheet.rows:
        sheet.findings.append(_no_rows())


def _plain(label: str) -> str:
    return re.sub(r"\W+", " ", label.casefold()).strip()


def _look_at_header(cells: Sequence[str], places: dict[int, Column], sheet: Sheet) -> None:
    sheet.columns = list(places.values())
    paths = [c.path for c in sheet.columns]
    unknown = [c.strip() for i, c in enumerate(cells) if c.strip() and i not in places]
    if unknown:
        sheet.findings.append(_unknown_columns(unknown))
    twice = sorted({c.label for c in sheet.columns if paths.count(c.path) > 1})
    if twice:
        sheet.findings.append(_column_twice(twice[0]))
    for needed in REQUIRED:
        if needed not in paths:
            sheet.findings.append(_column_missing(needed))


def _row(line: int, filled: dict[str, str], known: Sequence[Column]) -> Row:
    values: dict[str, Any] = {}
    row = Row(line, filled.get(KEY, ""), values, digest=_digest(filled))
    for column in known:
        text = filled.get(column.path, "")
        if not text:
            if column.path in REQUIRED:
                row.findings.append(_lacking(column))
            continue
        value = _value(column, text, row)
        if value in (None, "", []):
            continue
        group, _dot, inner = column.path.partition(".")
        if column.path == "tag_string":
            values["tags"] = [{"name": tag} for tag in value]
        elif inner:
            name = "resources" if group == "resource" else group
            values.setdefault(name, [{}])[0][inner] = value
        else:
            values[column.path] = value
    if "resources" in values and "url" not in values["resources"][0]:
        row.findings.append(_file_without_address())
    period = (values.get("temporal_coverage") or [{}])[0]
    if period.get("start") and period.get("end") and period["start"] > period["end"]:
        row.findings.append(_period_swapped())
    return row


def _digest(filled: Mapping[str, str]) -> str:
    text = json.dumps(filled, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _value(column: Column, text: str, row: Row) -> Any:
    if column.kind == "tags":
        names = [t.strip() for t in re.split(r"[,|;]", text) if t.strip()]
        return list(dict.fromkeys(names))
    if column.kind == "date":
        found = _date(text)
        if found is None:
            row.findings.append(_bad_date(column, text))
        return found
    if column.kind in {"choice", "choices"}:
        parts = [text] if column.kind == "choice" else text.split(SEPARATOR)
        found = []
        for part in filter(None, (p.strip() for p in parts)):
            concept = vocab.load(column.vocabulary).get(part)
            if concept is None:
                row.findings.append(_not_in_list(column, part))
            else:
                found.append(concept.iri)
        return found if column.kind == "choices" else next(iter(found), None)
    return text


_DAY = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:\s.*)?$")


def _date(text: str) -> str | None:
    """Return an ISO day from "1.2.2026", "2026-02-01" or a year alone."""
    found = _DAY.match(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def _find_twins(sheet: Sheet) -> None:
    first: dict[str, int] = {}
    for row in sheet.rows:
        if not row.key:
            continue
        if row.key in first:
            row.findings.append(
                Finding(
                    "bulk.key-twice",
                    "error",
                    property="Kennung",
                    value_excerpt=excerpt(row.key),
                    message_de=f"Der Schlüssel steht schon in Zeile {first[row.key]}.",
                    message_en=f"The key stands in line {first[row.key]} already.",
                    remedy_de="Geben Sie jeder Zeile einen eigenen Schlüssel.",
                )
            )
        first.setdefault(row.key, row.line)


# -- Sentences -------------------------------------------------------------------------------


def _lacking(column: Column) -> Finding:
    remedy = (
        "Schreiben Sie etwas hinein, das nur dieser Datensatz hat, etwa ein Aktenzeichen."
        if column.path == KEY
        else "Füllen Sie die Zelle aus."
    )
    return Finding(
        "bulk.lacking",
        "error",
        property=column.label,
        message_de="Die Zelle ist leer.",
        message_en="The cell is empty.",
        remedy_de=remedy,
    )


def _bad_date(column: Column, text: str) -> Finding:
    return Finding(
        "bulk.date",
        "error",
        property=column.label,
        value_excerpt=excerpt(text),
        message_de=f"„{excerpt(text)}“ ist kein Tag.",
        message_en="This is no day.",
        remedy_de="Schreiben Sie zum Beispiel 31.12.2026.",
    )


def _not_in_list(column: Column, text: str) -> Finding:
    choices = [label for _, label in vocab.load(column.vocabulary).choices()]
    near = _nearest(text, choices)
    remedy = f"Meinten Sie „{near}“?" if near else f"Möglich ist etwa „{choices[0]}“."
    return Finding(
        "bulk.not-in-list",
        "error",
        property=column.label,
        value_excerpt=excerpt(text),
        message_de=f"„{excerpt(text)}“ steht nicht in der Liste.",
        message_en="This is not in the list.",
        remedy_de=remedy,
    )


def _nearest(text: str, choices: list[str]) -> str:
    by_small = {c.casefold(): c for c in choices}
    found = difflib.get_close_matches(text.casefold(), by_small, 1, 0.6)
    return by_small[found[0]] if found else ""


def _file_without_address() -> Finding:
    return Finding(
        "bulk.file-without-address",
        "error",
        property=_LABELS["resource.url"],
        message_de="Zur Datei fehlt die Adresse.",
        message_en="The file has no address.",
        remedy_de=(
            "Tragen Sie ein, wo die Datei im Netz liegt, oder leeren Sie die Spalten „Datei“."
        ),
    )


def _period_swapped() -> Finding:
    return Finding(
        "bulk.period-swapped",
        "error",
        property="Zeitraum",
        message_de="Der Zeitraum endet, bevor er beginnt.",
        message_en="The period ends before it begins.",
        remedy_de="Vertauschen Sie Beginn und Ende.",
    )


def _unknown_columns(names: Sequence[str]) -> Finding:
    listed = ", ".join(f"„{excerpt(n, 40)}“" for n in names[:5])
    return Finding(
        "bulk.unknown-columns",
        "warning",
        message_de=f"Diese Spalten kennt das Portal nicht; sie werden übergangen: {listed}.",
        message_en=f"Unknown columns: {listed}.",
        remedy_de="Ändern Sie die Überschriften der Vorlage nicht.",
    )


def _column_twice(label: str) -> Finding:
    return Finding(
        "bulk.column-twice",
        "error",
        message_de=f"Die Spalte „{label}“ gibt es mehrfach.",
        message_en=f"Column {label} occurs several times.",
        remedy_de="Löschen Sie die überzähligen Spalten.",
    )


def _column_missing(path: str) -> Finding:
    label = {"title": "Titel", **_LABELS}[path]
    return Finding(
        "bulk.column-missing",
        "error",
        message_de=f"Die Spalte „{label}“ fehlt.",
        message_en=f"Column {path} is missing.",
        remedy_de="Nehmen Sie die Überschriften aus der Vorlage.",
    )


def _no_header(known: Sequence[Column]) -> Finding:
    return Finding(
        "bulk.no-header",
        "error",
        message_de="In der Datei stehen nicht die Überschriften der Vorlage.",
        message_en="The headers of the template are missing.",
        remedy_de=(
            f"Laden Sie die Vorlage herunter; ihre Spalten heißen „{known[0].label}“, "
            f"„{known[1].label}“ und so weiter."
        ),
    )


def _no_rows() -> Finding:
    return Finding(
        "bulk.no-rows",
        "error",
        message_de="Unter den Überschriften steht nichts.",
        message_en="There are no rows.",
        remedy_de="Füllen Sie je Datensatz eine Zeile aus und speichern Sie die Datei.",
    )


def _too_many(most: int) -> Finding:
    return Finding(
        "bulk.too-many",
        "error",
        message_de=f"Die Tabelle hat mehr als {most} Zeilen.",
        message_en=f"More than {most} rows.",
        remedy_de="Teilen Sie die Tabelle und laden Sie die Teile nacheinander hoch.",
    )


def _several_sheets() -> Finding:
    return Finding(
        "bulk.several-sheets",
        "error",
        message_de="Die Arbeitsmappe hat mehrere Tabellenblätter mit denselben Überschriften.",
        message_en="Several sheets with the same headers.",
        remedy_de="Lassen Sie nur ein Blatt stehen, oder speichern Sie es als CSV.",
    )
