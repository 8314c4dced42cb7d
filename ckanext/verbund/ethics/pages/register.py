# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public pages: the register of decisions, its figures, the questions behind it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, jsonify, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain.ethics.register import OUTCOME_TEXTS

verbund_register = Blueprint("verbund_register", __name__)

_PER_PAGE = 25
_MOST = 500


@verbund_register.route("/register")
def index() -> ResponseReturnValue:
    """List the decisions."""
    number = tk.h.get_page_number(tk.request.args)
    wanted = _wanted()
    found = _listed(wanted, (number - 1) * _PER_PAGE, _PER_PAGE)
    pager = Page(
        collection=found["entries"],
        page=number,
        url=lambda page, **_: tk.url_for("verbund_register.index", page=page, **wanted),
        item_count=found["total"],
        items_per_page=_PER_PAGE,
        presliced_list=True,
    )
    return tk.render(
        "verbund/ethics/register.html", {"found": found, "pager": pager, "wanted": wanted}
    )


@verbund_register.route("/register/<id>")
def show(id: str) -> ResponseReturnValue:
    """Show one decision."""
    try:
        entry = tk.get_action("verbund_register_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such entry in the register."))
    return tk.render("verbund/ethics/entry.html", {"entry": entry})


@verbund_register.route("/register/zahlen")
def figures() -> ResponseReturnValue:
    """Show the figures of a year."""
    year = tk.request.args.get("jahr", "")
    wanted = {"year": year} if year.isdigit() and len(year) == 4 else {}
    found = tk.get_action("verbund_register_year")({}, wanted)
    return tk.render("verbund/ethics/figures.html", {"found": found})


@verbund_register.route("/register.json")
def as_json() -> ResponseReturnValue:
    """Return the register for programs; ``offset`` leads to what is not in the answer."""
    offset = tk.request.args.get("offset", "0")
    return jsonify(_listed(_wanted(), int(offset) if offset.isdigit() else 0, _MOST))


@verbund_register.route("/register.csv")
def as_csv() -> ResponseReturnValue:
    """Return the register as a table."""
    return _export("csv", "text/csv; charset=utf-8", "register.csv")


@verbund_register.route("/register.atom")
def feed() -> ResponseReturnValue:
    """Return what was decided last as a feed."""
    return _export("atom", "application/atom+xml; charset=utf-8")


@verbund_register.route("/fragenkatalog")
def catalogue() -> ResponseReturnValue:
    """Show the questions in force."""
    found = tk.get_action("verbund_catalogue_show")({}, {})
    return tk.render("verbund/ethics/catalogue.html", {"catalogue": found})


def _wanted() -> dict[str, str]:
    """Return what is asked for, as far as it exists."""
    outcome = tk.request.args.get("outcome", "")
    member = tk.request.args.get("organization_id", "")
    known = {one["name"] for one in tk.h.verbund_register_members()} if member else ()
    wanted = {"outcome": outcome if outcome in OUTCOME_TEXTS else ""}
    wanted["organization_id"] = member if member in known else ""
    return {name: value for name, value in wanted.items() if value}


def _listed(wanted: dict[str, str], offset: int, limit: int) -> dict[str, Any]:
    query = {**wanted, "offset": offset, "limit": limit}
    return tk.get_action("verbund_register_list")({}, query)


def _export(form: str, kind: str, name: str = "") -> Response:
    data = tk.get_action("verbund_register_export")({}, {**_wanted(), "format": form})
    response = make_response(data["text"].encode())
    response.headers["Content-Type"] = kind
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
