# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said beside the fields of a page: findings of the check, and proposals.

Only fields that hold something are judged: what is empty is told apart by its mark, and on the
last page. The check is an action of ``verbund_dcat``; without that plugin nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain import musterdatensatz
from ckanext.verbund.forms.widgets import Widget

__all__ = ["marks", "put_beside", "unheard"]

_CHECK = "verbund_dataset_check"
_PROPOSALS = 4
#: A proposal that fits less than this part of the best one is noise.
_NOISE = 0.3

Found = dict[str, list[dict[str, Any]]]


def _findings(
    package: Mapping[str, Any], typed: Mapping[str, Any], resource_id: str
) -> Found | None:
    """Return what the check says about a page as it was typed, by field; nothing is saved.

    Args:
        package: As ``package_show`` returns it.
        typed: Tidy values of the page by field.
        resource_id: The file that the page is about, or empty.

    Returns:
        None if no plugin checks.
    """
    if not tk.h.plugin_loaded("verbund_dcat"):
        return None
    german = tk.h.lang() == "de"
    found: Found = {}
    asked = {
        "id": package["id"],
        "resource_id": resource_id,
        "values": dict(typed),
        "quick": True,
    }
    for finding in tk.get_action(_CHECK)({}, asked):
        name = finding["field"]
        if finding["resource_id"] == resource_id and typed.get(name):
            found.setdefault(name, []).append(
                {
                    "id": finding["id"],
                    "word": _word(finding["severity"]),
                    "text": finding["message_de" if german else "message_en"],
                    "remedy": finding["remedy_de"] if german else "",
                }
            )
    return found


def _word(severity: str) -> str:
    return {
        "error": tk._("Please correct:"),
        "warning": tk._("Please look at this:"),
        "hint": tk._("Hint:"),
    }[severity]


def put_beside(
    shown: Iterable[Widget],
    package: Mapping[str, Any],
    typed: Mapping[str, Any],
    resource_id: str = "",
) -> None:
    """Give widgets what is said beside them.

    Args:
        shown: The fields of a page; they are changed.
        package: As ``package_show`` returns it.
        typed: Tidy values of the page by field.
        resource_id: The file that the page is about, or empty.
    """
    found = _findings(package, typed, resource_id)
    for widget in shown:
        if found is not None:
            # One thing at a time: what was refused comes first.
            widget["found"] = [] if widget["errors"] else found.get(widget["name"], [])
        if widget["kind"] == "proposed":
            widget["proposals"] = _proposals({**package, **typed})


def _proposals(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = musterdatensatz.suggest(
        package.get("title") or "", package.get("notes") or "", _PROPOSALS
    )
    least = _NOISE * found[0].score
    return [
        {
            "iri": one.concept.iri,
            "label": one.concept.label(tk.h.lang()),
            "note": one.concept.note,
            "words": one.words,
        }
        for one in found
        if one.words and one.score >= least
    ]


def marks(shown: Iterable[Widget]) -> str:
    """Return a mark for everything that is said, for telling later what is new."""
    said = [f"{w['name']}:{f['id']}" for w in shown for f in w.get("found", ())]
    return " ".join(said)


def unheard(shown: Iterable[Widget], told: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return what is said now and was not before, with the names of the fields.

    Args:
        shown: The fields.
        told: Marks of what the page says already.
    """
    known = set(told)
    return [
        (widget["label"], finding)
        for widget in shown
        for finding in widget.get("found", ())
        if f"{widget['name']}:{finding['id']}" not in known
    ]
