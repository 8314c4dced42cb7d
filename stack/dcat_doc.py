# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the tables of ``docs/dcat-ap-de.md`` from the mapping and the rules of the code.

Example:
    $ python -m stack.dcat_doc            # write
    $ python -m stack.dcat_doc --check    # exit code 1 when the page is stale
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from ckanext.verbund.domain.dcatde import mapping as m
from ckanext.verbund.domain.dcatde.upgrade import RULES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dcat-ap-de.md"
_PART = re.compile(r"(<!-- (\w+): erzeugt -->\n).*?(<!-- Ende -->)", re.DOTALL)

HEADINGS = {
    "DATASET": "Datensatz",
    "DISTRIBUTION": "Datei (Distribution)",
    "SERIES": "Datensatzreihe",
    "SERVICE": "Datendienst",
    "CATALOG": "Katalog",
    "AGENT": "Stelle",
    "CONTACT": "Kontakt",
    "LOCATION": "Ort",
    "PERIOD": "Zeitraum",
    "CHECKSUM": "Prüfsumme",
    "IDENTIFIER": "Weitere Kennung",
    "ATTRIBUTION": "Beteiligung",
    "RELATIONSHIP": "Beziehung",
    "STATEMENT": "Adresse oder Worte (Lizenz, Format, Standard, Rechte, Herkunft)",
}
_SCHEMAS = {
    "DATASET": ("dataset", "dataset_fields"),
    "DISTRIBUTION": ("dataset", "resource_fields"),
    "SERIES": ("dataset_series", "dataset_fields"),
    "SERVICE": ("data_service", "dataset_fields"),
}


def _fields(fields: list[dict]) -> Iterator[dict]:
    for field in fields:
        yield field
        yield from _fields(field.get("repeating_subfields", []))


@cache
def _schema(name: str) -> dict:
    return yaml.safe_load((ROOT / "schemas" / f"{name}.yaml").read_text(encoding="utf-8"))


def labels(name: str) -> dict[str, str]:
    """Return what people call the properties of a table: label by prefixed name."""
    found: dict[str, str] = {}
    parts = [_SCHEMAS[name]] if name in _SCHEMAS else _SCHEMAS.values()
    for schema, part in parts:
        fields = _schema(schema)[part]
        for field in fields if name in _SCHEMAS else _fields(fields):
            found.setdefault(field["property"], field["label"]["de"])
    return found


def _row(one: m.Property, label: str) -> str:
    kind = one.kind.name if one.kind else f"`{one.range or one.table.classes[0]}`"
    cells = (
        label or f"({one.field})",
        f"`{one.name}`",
        kind,
        "mehrere" if one.many else "eine",
    )
    vocabulary = f"`{one.vocabulary}`" if one.vocabulary else ""
    return "| " + " | ".join((*cells, vocabulary, one.rules)) + " |"


def mapping_part() -> str:
    """Return one table per class."""
    lines = []
    for name, heading in HEADINGS.items():
        table, known = getattr(m, name), labels(name)
        classes = ", ".join(f"`{one}`" for one in table.classes)
        lines += [
            f"#### {heading}",
            "",
            f"Klasse: {classes}",
            "",
            "| Feld | Eigenschaft | Art | Zahl | Liste | Konvention |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(one, known.get(one.name, "")) for one in table.properties]
        lines.append("")
    return "\n".join(lines)


def rules_part() -> str:
    """Return the table of repairs."""
    rows = [f"| `{key}` | {rule.de} | {rule.source} |" for key, rule in RULES.items()]
    return "\n".join(["| Regel | Was geschieht | Quelle |", "|---|---|---|", *rows, ""])


def render(page: str) -> str:
    """Return a page with its generated parts made anew."""
    parts = {"Abbildung": mapping_part(), "Regeln": rules_part()}
    return _PART.sub(lambda found: f"{found[1]}\n{parts[found[2]]}\n{found[3]}", page)


def main(arguments: list[str]) -> int:
    """Write the page, or only compare it."""
    current = PAGE.read_text(encoding="utf-8")
    page = render(current)
    if "--check" in arguments:
        if current == page:
            return 0
        print("docs/dcat-ap-de.md ist veraltet. Abhilfe: python -m stack.dcat_doc")
        return 1
    if current != page:
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
