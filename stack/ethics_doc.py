# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the tables of ``docs/entscheidungen-regeln.md`` from the rules of ``domain/ethics``.

Example:
    $ python -m stack.ethics_doc            # write
    $ python -m stack.ethics_doc --check    # exit code 1 when the page is stale
"""

from __future__ import annotations

import sys

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.ethics import (
    catalogue,
    deadlines,
    explain,
    note,
    prefill,
    register,
    short_check,
)
from ckanext.verbund.domain.ethics.catalogue import Effect
from ckanext.verbund.domain.ethics.deadlines import Stage
from ckanext.verbund.domain.ethics.workflow import State
from stack import made_tables
from stack.made_tables import Parts, table
from stack.settings import ROOT

PAGE = ROOT / "docs" / "entscheidungen-regeln.md"
STATES = {
    State.DRAFT: "Entwurf",
    State.REVIEW: "In Prüfung",
    State.COMMENTS: "Stellungnahmen",
    State.READY: "Entscheidungsreif",
    State.SUSPENDED: "Ausgesetzt",
}
SOURCES = {prefill.FORM: "Formular", prefill.CHECK: "automatische Prüfung"}

_KINDS = vocab.load("musterdatensatz")


def _conditions() -> str:
    rules = short_check.rules()
    found = (rules.conditions[code] for code in short_check.CONDITIONS)
    return table(
        ("Bedingung", "Wenn sie nicht gilt", "Was zu tun ist"),
        ((f"`{m.code}`", m.texts["de"], m.remedy["de"]) for m in found),
    )


def _statements() -> str:
    rules = short_check.rules()
    rows = []
    for group in (*rules.groups, short_check.TICKED):
        title = rules.catalogue.groups[group]["de"]
        texts = rules.ticks if group == short_check.TICKED else rules.statements
        said = "<br>".join(f"{id}: {t['de']}" for id, t in texts.items() if id[0] == group)
        rows.append((group, title, said))
    head = ("Bildschirm", "Gruppe", "Trifft etwas davon zu? (G: drei Häkchen)")
    return table(head, rows).replace("\\<br\\>", "<br>")


def _types(codes: tuple[str, ...]) -> str:
    return "; ".join(
        f"{_branch(code)} (alle)" if code.endswith("/") else _KINDS.label(code)
        for code in codes
    )


def _branch(code: str) -> str:
    within = next(concept for concept in _KINDS.concepts if concept.code.startswith(code))
    return " - ".join(within.label().split(" - ")[: code.count("/")])


def _never() -> str:
    return table(
        ("Warum", "Musterdatensätze"),
        ((one.texts["de"], _types(one.types)) for one in short_check.rules().never),
    )


def _proposed() -> str:
    return f"{_types(short_check.rules().proposed)}."


def _held() -> str:
    return table(
        ("Regel", "Wenn sie nicht gilt", "Was zu tun ist"),
        ((f"`{m.code}`", m.texts["de"], m.remedy["de"]) for m in short_check.HELD.values()),
    )


def _alike() -> str:
    return ", ".join(texts["de"] for texts in short_check.ALIKE.values()) + "."


def _prefilled() -> str:
    answers = catalogue.load().answers
    return table(
        ("Frage", "Vorschlag", "Wer es weiß", "Grund, den die Person bestätigt"),
        (
            (
                rule.question,
                answers[rule.answer]["de"],
                SOURCES[prefill.FACTS[rule.fact].source],
                rule.texts["de"],
            )
            for rule in prefill.rules()
        ),
    )


def _effects() -> str:
    return table(
        ("Kürzel", "Was daraus folgt"),
        ((f"`{effect.value}`", explain.FOLLOWS["de"][effect]) for effect in Effect),
    )


def _remedies() -> str:
    measures = catalogue.load().measures
    return table(
        ("Maßnahme", "Was zu tun ist"),
        (
            (measures[code]["de"] if code else "keine", text)
            for code, text in explain.REMEDIES["de"].items()
        ),
    )


def _deadlines() -> str:
    rows = []
    for state, limit in deadlines.LIMITS.items():
        days = [limit.after(stage) for stage in Stage]
        roles = " / ".join(note.ROLES[role] for role in limit.roles)
        up = note.ROLES[limit.to] if limit.to else "–"
        rows.append((STATES[state], roles, *("–" if d is None else d for d in days), up))
    head = ("Stand", "Wartet auf", "erinnern", "Vertretung", "weiter nach oben", "an")
    return table(head, rows)


def _grounds() -> str:
    found = catalogue.load()
    return table(
        ("Code", "Grund", "Eintrag"),
        (
            (f"`{code}`", text["de"], "verschlossen" if code in found.sealed_grounds else "ja")
            for code, text in found.grounds.items()
        ),
    )


def _columns() -> str:
    return table(
        ("Schlüssel (JSON)", "Spalte (CSV)"),
        ((f"`{key}`", texts["de"]) for key, texts in register.COLUMNS.items()),
    )


PARTS: Parts = {
    "conditions": _conditions,
    "statements": _statements,
    "never": _never,
    "proposed": _proposed,
    "held": _held,
    "alike": _alike,
    "prefilled": _prefilled,
    "effects": _effects,
    "remedies": _remedies,
    "deadlines": _deadlines,
    "grounds": _grounds,
    "columns": _columns,
}


def main(arguments: list[str]) -> int:
    """Write the page, or only compare it."""
    return made_tables.main(PAGE, PARTS, "python -m stack.ethics_doc", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
