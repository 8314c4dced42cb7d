# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the tables of ``docs/pruefung.md`` from the rules and manifests.

Example:
    $ python -m stack.checks_doc            # write
    $ python -m stack.checks_doc --check    # exit code 1 when the page is stale
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from ckanext.verbund.domain import vocab_lists
from ckanext.verbund.domain.dcatde import rules, shapes
from ckanext.verbund.domain.quality import mqa
from stack import made_tables
from stack.made_tables import fill, table
from stack.settings import ROOT

PAGE = ROOT / "docs" / "pruefung.md"
SEVERITY = {"error": "Fehler", "warning": "Warnung", "hint": "Hinweis"}
KINDS = {
    "missing": "fehlt",
    "surplus": "zu oft",
    "kind-text": "kein Text",
    "kind-iri": "keine Adresse",
    "kind-node": "weder Adresse noch Objekt",
    "class": "falsche Art von Ziel",
    "datatype": "falsche Form",
    "unlisted": "nicht in der Liste",
    "deprecated": "veraltet",
    "deprecated-value": "veraltete Liste",
}
DIMENSIONS = {
    "findability": "Auffindbarkeit",
    "accessibility": "Zugänglichkeit",
    "interoperability": "Interoperabilität",
    "reusability": "Nachnutzbarkeit",
    "contextuality": "Kontext",
}


def _rules(prefixes: str) -> str:
    chosen = [r for name, r in rules.rules().items() if name[0] in prefixes]
    return table(
        ("Regel", "Stufe", "Eigenschaft", "Meldung", "Abhilfe"),
        (
            (f"`{r.id}`", SEVERITY[r.severity], f"`{r.property}`", _gaps(r.de), _gaps(r.remedy))
            for r in chosen
        ),
    )


def _gaps(text: str) -> str:
    return re.sub(r"{\w+}", "…", text)


def _not_checked() -> str:
    return table(("Konvention", "Warum"), rules.not_checked().items())


def _kinds() -> str:
    words = rules.wording()["kinds"]
    return table(
        ("Name endet auf", "Bedeutung", "Meldung"),
        ((f"`.{kind}`", KINDS[kind], _gaps(text["de"])) for kind, text in words.items()),
    )


def _shapes() -> str:
    used = {name: sets for sets, names in shapes.SETS.items() for name in names}
    return table(
        ("Datei", "Satz", "Quelle", "Ausgabe", "Lizenz", "Anmerkung"),
        (
            (
                f"`{name}`",
                used.get(name, "–"),
                e["source"],
                e["edition"],
                e["license"],
                e["note"],
            )
            for name, e in shapes.manifest().items()
        ),
    )


def _mqa() -> str:
    return table(
        ("Dimension", "Wofür", "Punkte"),
        ((DIMENSIONS[i.dimension], i.de, i.points) for i in mqa.INDICATORS.values()),
    )


def _lists() -> str:
    return table(
        ("Liste", "Werte", "zurückgezogen", "Ausgabe", "Lizenz"),
        (
            (f"`{one.name}`", one.values, one.deprecated, one.version, one.license)
            for one in vocab_lists.overview()
        ),
    )


PARTS: dict[str, Callable[[], str]] = {
    "kinds": _kinds,
    "conventions": lambda: _rules("K"),
    "not-checked": _not_checked,
    "govdata": lambda: _rules("g"),
    "quality": lambda: _rules("Q"),
    "shapes": _shapes,
    "mqa": _mqa,
    "lists": _lists,
}


def render(page: str) -> str:
    """Return the page with its tables made anew."""
    return fill(page, PARTS)


def main(arguments: list[str]) -> int:
    """Write the page, or only compare it."""
    return made_tables.main(PAGE, PARTS, "python -m stack.checks_doc", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
