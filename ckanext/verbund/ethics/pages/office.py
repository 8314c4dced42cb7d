# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data office of a member: where its cases stand."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.ethics.pages import private, refused

verbund_office = Blueprint("verbund_office", __name__)


@verbund_office.route("/organization/<id>/datenbuero")
def member(id: str) -> ResponseReturnValue:
    """Show the figures of a member to its staff."""
    try:
        organization = tk.get_action("organization_show")(
            {}, {"id": id, "include_users": False, "include_datasets": False}
        )
        about = {"organization_id": organization["id"]}
        found = tk.get_action("verbund_office_show")({}, about)
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    return private(
        tk.render("verbund/ethics/office.html", {"member": organization, "found": found})
    )


@verbund_office.route("/organization/<id>/datenbuero.csv")
def as_csv(id: str) -> ResponseReturnValue:
    """Return the cases of a member as a table."""
    try:
        found = tk.get_action("verbund_office_export")({}, {"organization_id": id})
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    response = make_response(found["text"])
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="datenbuero.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
