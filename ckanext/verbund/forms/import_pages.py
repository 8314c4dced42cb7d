# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages for many datasets from one table: template, look, write, report; and templates."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import helper_functions as h
from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain import bulk
from ckanext.verbund.domain.spreadsheet import to_csv
from ckanext.verbund.forms import config, imports, values

verbund_import = Blueprint("verbund_import", __name__)
_PREFIX = "/verbund/viele-datensaetze"
_SHOWN = 200


def start() -> ResponseReturnValue:
    """Ask for member and table, and look at the table."""
    if tk.current_user.is_anonymous:
        return h.redirect_to("user.login", came_from=tk.request.path)
    own = h.organizations_available("create_dataset")
    if not own:
        return tk.abort(403, tk._("You need to be an editor of a member to add data."))
    errors: dict[str, list[str]] = {}
    chosen = tk.request.form.get("owner_org") or tk.request.args.get("owner_org")
    if tk.request.method == "POST":
        order = {"owner_org": chosen, "upload": tk.request.files.get("upload")}
        try:
            run = tk.get_action("verbund_import_check")({}, order)
        except tk.ValidationError as error:
            errors = values.errors_by_input(error.error_dict)
        except (tk.NotAuthorized, tk.ObjectNotFound):
            errors = {"owner_org": [tk._("You are no editor of this member.")]}
        else:
            return h.redirect_to("verbund_import.show", **run)
    page = tk.render(
        "verbund/forms/import_start.html",
        {
            "members": own,
            "chosen": chosen or (own[0]["id"] if len(own) == 1 else ""),
            "columns": bulk.columns(values.schema_of("dataset")),
            "required": bulk.REQUIRED,
            "separator": bulk.SEPARATOR,
            "limit": config.import_rows(),
            "errors": errors,
        },
    )
    return _fresh(page, 422 if errors else 200)


def template() -> Response:
    """Send the empty table."""
    return _csv(bulk.template(values.schema_of("dataset")), "datensaetze-vorlage.csv")


def show(owner_org: str, run: str) -> ResponseReturnValue:
    """Show how far an import is, what becomes of each row, or the result."""
    content = _content(owner_org, run)
    rows = content["rows"]
    # What is wrong first: that is what somebody has to do something about.
    shown = sorted(rows, key=lambda r: (r["result"] != "error", r["line"]))[:_SHOWN]
    sums = {r: sum(1 for row in rows if row["result"] == r) for r in _RESULTS}
    page = tk.render(
        "verbund/forms/import_show.html",
        {
            "run": content,
            "rows": shown,
            "more": len(rows) - len(shown),
            "sums": [(r, imports.result_label(r), n) for r, n in sums.items() if n],
            "good": sums["new"] + sums["change"],
            "bad": sums["error"],
            "is_busy": content["state"] in {"checking", "writing"},
            "label": imports.result_label,
        },
    )
    return _fresh(page)


_RESULTS = ("new", "change", "created", "changed", "same", "error")


def begin(owner_org: str, run: str) -> ResponseReturnValue:
    """Write what was looked at."""
    _content(owner_org, run)
    try:
        tk.get_action("verbund_import_start")({}, {"owner_org": owner_org, "run": run})
    except tk.ValidationError as error:
        h.flash_notice(" ".join(error.error_summary.values()))
    return h.redirect_to("verbund_import.show", owner_org=owner_org, run=run)


def report(owner_org: str, run: str) -> Response:
    """Send the result of each row as CSV."""
    head = [
        tk._("Line"),
        tk._("Key"),
        tk._("Title"),
        tk._("Result"),
        tk._("Column"),
        tk._("Reason"),
        tk._("Remedy"),
        tk._("Address"),
    ]
    return _csv(to_csv(head, imports.report(_content(owner_org, run))), "bericht.csv")


def _content(owner_org: str, run: str) -> dict[str, Any]:
    try:
        order = {"owner_org": owner_org, "run": run}
        return tk.get_action("verbund_import_show")({}, order)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("This import is no longer there."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not create datasets of this member."))


def _csv(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _fresh(page: str, status: int = 200) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def mark(id: str) -> ResponseReturnValue:
    """Make a dataset a template of its member, or no longer."""
    wanted = tk.request.form.get("template") == "true"
    try:
        marked = tk.get_action("verbund_template_mark")({}, {"id": id, "template": wanted})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Dataset not found"))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not edit this dataset."))
    if wanted:
        h.flash_success(tk._("The dataset is a template now. You find it under “New dataset”."))
    else:
        h.flash_success(tk._("The dataset is no longer a template."))
    return h.redirect_to("dataset.read", id=marked["id"])


def use() -> ResponseReturnValue:
    """Begin a dataset with a template of the member."""
    wanted = tk.request.form.get("id", "")
    try:
        known = {t["id"]: t for t in tk.get_action("verbund_template_list")({}, {})}
        template = known.get(wanted)
        if template is None:
            return tk.abort(404, tk._("This template is no longer there."))
        order = {"id": template["id"], "owner_org": template["owner_org"]}
        package = tk.get_action("verbund_draft_copy")({}, order)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You need to be an editor of a member to add data."))
    return h.redirect_to("verbund_forms.edit", package_type=package["type"], id=package["name"])


_add = verbund_import.add_url_rule
_add(_PREFIX, "start", start, methods=["GET", "POST"])
_add(f"{_PREFIX}/vorlage.csv", "template", template)
_add(f"{_PREFIX}/<owner_org>/<run>", "show", show)
_add(f"{_PREFIX}/<owner_org>/<run>/anlegen", "begin", begin, methods=["POST"])
_add(f"{_PREFIX}/<owner_org>/<run>/bericht.csv", "report", report)
_add("/verbund/vorlage", "use", use, methods=["POST"])
_add("/verbund/vorlage/<id>", "mark", mark, methods=["POST"])
