# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON, GeoJSON and XML as records: names of fields and their texts, one record at a time.

For those who look at every value, whatever the structure: a list inside a record gives
several values of one field. Memory does not grow with the file, only with its largest record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ckanext.verbund.domain.tables.geojson import cell, top_values
from ckanext.verbund.domain.tables.limits import refuse

Record = list[tuple[str, str]]

COORDINATES = "Koordinaten"
BESIDE = "Kopf der Datei"
_DEEPEST = 100
_LONGEST_RECORD = 5000
# What only wraps the fields people know.
_WRAPPERS = {"properties"}


def json_records(path: Path) -> Iterator[tuple[str, Record]]:
    """Yield the records of a JSON or GeoJSON file with the name of the list they are in.

    A record is an item of a list at the top (named ``""``, like the features of GeoJSON) or
    one level below; what stands beside such lists comes last as a record of ``BESIDE``.
    Several values after each other (JSON lines) are read as well.

    Raises:
        TableError: If it is no JSON or nested too deeply.
    """
    lists = False
    for name, value, in_list in top_values(path):
        lists |= in_list
        found: Record = []
        _flatten(value, name if not isinstance(value, dict) else "", found, 0)
        if found:
            group = name if in_list else BESIDE if lists else ""
            yield ("" if group == "features" else group), found


def _flatten(value: Any, name: str, found: Record, depth: int) -> None:
    if depth > _DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        if "coordinates" in value and "type" in value:
            if value["type"] == "Point" and isinstance(value["coordinates"], list):
                found.append((COORDINATES, " ".join(map(cell, value["coordinates"][:2]))))
            return
        for key, inner in value.items():
            label = name if key in _WRAPPERS else f"{name}.{key}" if name else key
            _flatten(inner, label, found, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _flatten(inner, name, found, depth + 1)
    elif value is not None and (text := cell(value)):
        found.append((name, text))


def xml_records(path: Path) -> Iterator[tuple[str, Record]]:
    """Yield the children of the root as records; fields are named by their element.

    Entities are not resolved and nothing is fetched.

    Yields:
        An empty name, as all records are of one kind, and a record.

    Raises:
        TableError: If it is no XML, uses entities or is nested too deeply.
    """
    events = etree.iterparse(
        str(path),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    found: Record = []
    depth = 0
    try:
        for event, element in events:
            if event == "start":
                depth += 1
                if depth > _DEEPEST:
                    raise _too_deep()
                continue
            depth -= 1
            _element(element, found)
            if found and (depth <= 1 or len(found) > _LONGEST_RECORD):
                yield "", found
                found = []
    except etree.XMLSyntaxError as error:
        raise refuse(
            "unreadable",
            "Die Datei ist kein gültiges XML.",
            "This is no valid XML.",
            "Exportieren Sie die Datei neu.",
        ) from error


def _element(element: Any, found: Record) -> None:
    """Take the texts of an element that just ended, and forget those before it."""
    label = _label(element)
    for key, value in element.attrib.items():
        found.append((f"{label}.{etree.QName(key).localname}", value))
    for child in element:
        _beside(child, label, found)
    text = (element.text or "").strip()
    if text and label == "coordinates":
        # A point of KML; lines and areas are no places of people.
        if text.count(",") <= 2:
            found.append((COORDINATES, text.replace(",", " ")))
    elif text:
        found.append((label, text))
    element.clear(keep_tail=True)
    parent = element.getparent()
    while element.getprevious() is not None:
        _beside(parent[0], _label(parent), found)
        del parent[0]


def _label(element: Any) -> str:
    """Return what people call a field; KML names its own ("<Data name='Telefon'>")."""
    label = etree.QName(element).localname
    named = element.getparent() if label == "value" else element
    if label in {"value", "SimpleData"} and named is not None:
        return str(named.get("name") or label)
    return label


def _beside(node: Any, label: str, found: Record) -> None:
    """Take what stands between elements: comments and text after a child."""
    if node.tag is etree.Entity:
        raise refuse("entities", "Die XML-Datei verwendet Entitäten.", "Entities in XML.")
    if not isinstance(node.tag, str) and (node.text or "").strip():
        found.append(("Kommentar", node.text.strip()))
    if (node.tail or "").strip():
        found.append((label, node.tail.strip()))


def _too_deep() -> Exception:
    return refuse("too-deep", "Die Datei ist zu tief verschachtelt.", "Nested too deeply.")
