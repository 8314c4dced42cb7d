# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the tables of ``docs/pruefung.md`` from the rules and manifests.

Text between ``<!-- name -->`` and ``<!-- /name -->`` is made; all else is written by hand.

Example:
    $ python -m stack.checks_doc            # write
    $ python -m stack.checks_doc --check    # exit code 1 when the page is stale
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from ckanext.verbund.domain import vocab_lists
from ckanext.verbund.domain.dcatde import rules, shapes
from ckanext.verbund.domain.quality import mqa
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


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(value: object) -> str:
    text = " ".join(str(value).split())
    return re.sub(r"([|<>])", r"\\\1", text)


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
    for name, make in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(begin)
        _old, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"docs/pruefung.md has no place for {name}")
        page = f"{before}{begin}\n{make()}\n{end}{after}"
    return page


def main(arguments: list[str]) -> int:
    """Write the page, or only compare it."""
    current = PAGE.read_text(encoding="utf-8")
    page = render(current)
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
    elif page != current:
        print("docs/pruefung.md ist veraltet. Abhilfe: python -m stack.checks_doc")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
