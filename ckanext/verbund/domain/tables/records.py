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
_DEEPEST = 100
# What only wraps the fields people know.
_WRAPPERS = {"properties"}


def json_records(path: Path) -> Iterator[Record]:
    """Yield the records of a JSON or GeoJSON file.

    A record is an item of a list at the top or one level below; what stands beside those
    lists is one record more. Several values after each other (JSON lines) are read as well.

    Raises:
        TableError: If it is no JSON or nested too deeply.
    """
    for name, value in top_values(path):
        found: Record = []
        _flatten(value, name if not isinstance(value, dict) else "", found, 0)
        if found:
            yield found


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


def xml_records(path: Path) -> Iterator[Record]:
    """Yield the children of the root as records; fields are named by their element.

    Entities are not resolved and nothing is fetched.

    Raises:
        TableError: If it is no XML, declares entities or is nested too deeply.
    """
    events = etree.iterparse(
        str(path), events=("start", "end"), resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_pis=True,
    )  # fmt: skip
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
            if depth == 1 and found:
                yield found
                found = []
            element.clear()
            while depth == 1 and element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise refuse(
            "unreadable",
            "Die Datei ist kein gültiges XML.",
            "This is no valid XML.",
            "Exportieren Sie die Datei neu.",
        ) from error
    if found:
        yield found


def _element(element: Any, found: Record) -> None:
    if isinstance(element, etree._Entity):
        raise refuse("entities", "Die XML-Datei verweist auf Entitäten.", "Entities in XML.")
    if not isinstance(element.tag, str):
        if element.text:
            found.append(("Kommentar", element.text))
    else:
        label = etree.QName(element).localname
        for key, value in element.attrib.items():
            found.append((f"{label}.{etree.QName(key).localname}", value))
        # ExtendedData of KML and others: <Data name="Telefon"><value>…
        parent = element.getparent()
        if label == "value" and parent is not None and parent.get("name"):
            label = parent.get("name")
        elif label == "SimpleData" and element.get("name"):
            label = element.get("name")
        if element.text and element.text.strip():
            found.append((label, element.text.strip()))
        if label == "coordinates" and found and found[-1][0] == label:
            text = found.pop()[1]
            if text.count(",") <= 2:
                found.append((COORDINATES, text.replace(",", " ")))
    if element.tail and element.tail.strip():
        parent = element.getparent()
        label = etree.QName(parent).localname if parent is not None else "Text"
        found.append((label, element.tail.strip()))


def _too_deep() -> Exception:
    return refuse("too-deep", "Die Datei ist zu tief verschachtelt.", "Nested too deeply.")
