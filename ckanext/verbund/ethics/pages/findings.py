# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages about what the automatic check found: explain findings, look at the rows."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain.ethics.witness import EXPLAINABLE
from ckanext.verbund.ethics.pages import first_texts, private, refused

verbund_findings = Blueprint("verbund_findings", __name__)

_FIELDS = ("resource_id", "finding", "value", "reason")
_STATES = {state.value for state in EXPLAINABLE}


@verbund_findings.route("/pruefung/<id>/treffer", methods=["GET", "POST"])
def index(id: str) -> ResponseReturnValue:
    """Show what the check found in each file, and let somebody say what it is."""
    sent = {name: tk.request.form.get(name, "") for name in _FIELDS}
    problems: dict[str, str] = {}
    try:
        if tk.request.method == "POST":
            problems = _explain(id, sent)
            if not problems:
                tk.h.flash_success(tk._("Your explanation is stored."))
                return tk.redirect_to(
                    tk.url_for("verbund_findings.index", id=id) + f"#fund-{sent['finding']}"
                )
        case = tk.get_action("verbund_case_show")({}, {"id": id})
        told = tk.get_action("verbund_case_explain")({}, {"id": id})
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    open = _open(case)
    explains = case["state"] in _STATES and tk.h.check_access(
        "verbund_scan_dispose", {"id": id}
    )
    page = tk.render(
        "verbund/ethics/findings.html",
        {
            "case": case,
            "told": told,
            "sent": sent,
            "problems": problems,
            "explains": explains,
            "open": len(open),
            "first_open": open[0] if open else "",
        },
    )
    return private(page, 422 if problems else 200)


def _explain(id: str, sent: dict[str, str]) -> dict[str, str]:
    """Store an explanation; return what is wrong with it, by field."""
    problems = {}
    key = sent["finding"]
    if not sent["value"]:
        problems[f"value-{key}"] = tk._("Please choose what the finding is.")
    if not sent["reason"].strip():
        problems[f"reason-{key}"] = tk._("Please say in one sentence how you know.")
    if problems:
        return problems
    try:
        tk.get_action("verbund_scan_dispose")({}, {"id": id, **sent})
    except tk.ValidationError as error:
        texts = {name: text for name, text in first_texts(error).items() if name != "code"}
        return {f"value-{key}": text for text in list(texts.values())[:1]}
    return {}


def _open(case: dict[str, Any]) -> list[str]:
    """Return the findings that contradict and are not settled; unexplained ones first."""
    unsettled = [
        ((found["disposition"] or {}).get("value"), found["finding"])
        for file in case["scan"]["files"]
        for found in file["findings"]
        if found["contradicts"]
    ]
    new = [key for said, key in unsettled if said is None]
    return new + [key for said, key in unsettled if said == "confirmed"]


@verbund_findings.route("/pruefung/<id>/treffer/<resource_id>/zeilen")
def rows(id: str, resource_id: str) -> ResponseReturnValue:
    """Show rows of a private file to those who judge it; the page is stored nowhere."""
    wish = {"id": id, "resource_id": resource_id, "finding": tk.request.args.get("fund", "")}
    try:
        case = tk.get_action("verbund_case_show")({}, {"id": id})
        told = tk.get_action("verbund_case_explain")({}, {"id": id})
        found = tk.get_action("verbund_scan_rows")({}, wish)
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(next(iter(first_texts(error).values())))
        return tk.redirect_to("verbund_findings.index", id=id)
    return private(
        tk.render("verbund/ethics/rows.html", {"case": case, "told": told, "found": found})
    )
