# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages for people: findings and points of a member, high-value datasets, vocabularies."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.base.origin import OWN_ONLY
from ckanext.verbund.dcat import vocabularies, words
from ckanext.verbund.domain import spreadsheet, vocab

verbund_dcat_pages = Blueprint("verbund_dcat_pages", __name__)

_PER_PAGE = 50
_ALL = 10_000  # rows of one table to download


# -- members ----------------------------------------------------------------------------------


@verbund_dcat_pages.route("/organization/<id>/befunde")
def findings(id: str) -> ResponseReturnValue:
    """Show staff what the check finds in the datasets of a member."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    page = tk.h.get_page_number(tk.request.args)
    asked = _asked()
    found = _read(
        "verbund_member_findings",
        {"id": id, **asked, "limit": _PER_PAGE, "offset": (page - 1) * _PER_PAGE},
    )

    def address(page: int, **_: Any) -> str:
        chosen = {name: value for name, value in asked.items() if value}
        return tk.url_for("verbund_dcat_pages.findings", id=id, page=page, **chosen)

    pager = Page(
        collection=found["results"],
        page=page,
        url=address,
        item_count=found["count"],
        items_per_page=_PER_PAGE,
        presliced_list=True,
    )
    return tk.render(
        "verbund/dcat/member_findings.html",
        {
            "found": found,
            "member": found["organization"],
            "asked": asked,
            "pager": pager,
            "severities": words.severities(),
        },
    )


@verbund_dcat_pages.route("/organization/<id>/befunde.csv")
def findings_csv(id: str) -> Response:
    """Send the same as a table, all of the filter."""
    found = _read("verbund_member_findings", {"id": id, **_asked(), "limit": _ALL})
    german = tk.h.lang() == "de"
    header = [
        tk._("Severity"), tk._("Dataset"), tk._("Address"), tk._("Finding"), tk._("Remedy"),
        tk._("Value"), tk._("Rule"), tk._("Source of the rule"),
    ]  # fmt: skip
    severities = words.severities()
    rows = [
        [
            severities[row["severity"]],
            row["dataset"]["title"],
            tk.url_for(
                f"{row['dataset']['type']}.read", id=row["dataset"]["name"], qualified=True
            ),
            row["message_de" if german else "message_en"],
            row["remedy_de"],
            row["value_excerpt"],
            row["id"],
            row["rule_source"],
        ]
        for row in found["results"]
    ]
    return _table(f"befunde-{found['organization']['name']}", header, rows)


@verbund_dcat_pages.route("/organization/<id>/punkte")
def points(id: str) -> ResponseReturnValue:
    """Show staff the points that data.europa.eu would probably give."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    found = _read("verbund_member_findings", {"id": id, "limit": 0})
    return tk.render(
        "verbund/dcat/points.html",
        {"found": found, "member": found["organization"], "points": found["points"]},
    )


@verbund_dcat_pages.route("/organization/<id>/hochwertige-datensaetze")
def high_value(id: str) -> ResponseReturnValue:
    """Show everybody the high-value datasets of a member."""
    found = _read("verbund_hvd_report", {"id": id})
    return tk.render(
        "verbund/dcat/high_value.html",
        {
            "found": found,
            "member": found["organization"],
            "lacks": words.lacks(),
            "only": " ".join(("verbund_hvd:hvd", *OWN_ONLY)),
            "staff": tk.h.check_access(
                "verbund_member_findings", {"id": found["organization"]["id"]}
            ),
        },
    )


@verbund_dcat_pages.route("/organization/<id>/hochwertige-datensaetze.csv")
def high_value_csv(id: str) -> Response:
    """Send the same as a table."""
    found = _read("verbund_hvd_report", {"id": id})
    lacks = words.lacks()
    header = [
        tk._("Title"), tk._("Address"), tk._("IRI"), tk._("Categories"), tk._("Licences"),
        tk._("Downloads"), tk._("API"), tk._("Documentation"), tk._("Still open"),
    ]  # fmt: skip
    rows = [
        [
            one["title"],
            tk.url_for(f"{one['type']}.read", id=one["name"], qualified=True),
            one["uri"],
            *(
                " | ".join(one[key])
                for key in ("categories", "licences", "downloads", "apis", "documentation")
            ),
            " | ".join(lacks[key] for key in one["lacks"]),
        ]
        for one in found["results"]
    ]
    name = f"hochwertige-datensaetze-{found['organization']['name']}"
    return _table(name, header, rows)


def _asked() -> dict[str, str]:
    args = tk.request.args
    severity = args.get("severity", "")
    # An address that somebody mangled shows everything.
    known = severity if severity in words.severities() else ""
    return {"severity": known, "rule": args.get("rule", "")}


def _read(action: str, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return tk.get_action(action)({}, asked)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Organization not found"))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only the staff of this member see this page."))


def _table(name: str, header: list[str], rows: list[list[str]]) -> Response:
    response = make_response(spreadsheet.to_csv(header, rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    response.headers["Cache-Control"] = "no-store"
    return response


# -- vocabularies -----------------------------------------------------------------------------


@verbund_dcat_pages.route("/vokabular")
def lists() -> ResponseReturnValue:
    """Show which lists of values there are."""
    return tk.render(
        "verbund/dcat/vocabularies.html",
        {"titles": vocabularies.titles(), "listed": vocabularies.listed()},
    )


@verbund_dcat_pages.route("/vokabular/<name>")
def values(name: str) -> ResponseReturnValue:
    """Show the values of a list."""
    if name not in vocab.names():
        return tk.abort(404, tk._("There is no such list."))
    asked = tk.request.args.get("q", "").strip()
    return tk.render(
        "verbund/dcat/vocabulary.html",
        {
            "name": name,
            "title": vocabularies.titles()[name],
            "listed": vocabularies.listed()[name],
            "entries": vocabularies.entries(name, asked),
            "asked": asked,
        },
    )


@verbund_dcat_pages.route("/vokabular/<name>.csv")
def values_csv(name: str) -> Response:
    """Send a list as a table."""
    if name not in vocab.names():
        return tk.abort(404, tk._("There is no such list."))
    response = make_response(vocabularies.table(name))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
