# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Page for the administration of a member: who has which role, and who stands in."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.verbund.ethics.pages import first_texts, private, refused

verbund_roles = Blueprint("verbund_roles", __name__)

_FIELDS = ("user", "role", "deputy", "valid_from", "valid_to", "remove")


@verbund_roles.route("/organization/<id>/rollen", methods=["GET", "POST"])
def member(id: str) -> ResponseReturnValue:
    """Show who has which role for a member; give a role or take it back."""
    sent = {name: tk.request.form[name] for name in _FIELDS if tk.request.form.get(name)}
    problems: dict[str, str] = {}
    try:
        organization = tk.get_action("organization_show")(
            {}, {"id": id, "include_users": False, "include_datasets": False}
        )
        about = {"organization_id": organization["id"]}
        tk.check_access("verbund_role_list", {}, about)
        if tk.request.method == "POST":
            try:
                tk.get_action("verbund_role_set")({}, {**about, **sent})
            except tk.ValidationError as error:
                problems = first_texts(error)
            else:
                tk.h.flash_success(
                    tk._("The role is taken back.")
                    if sent.get("remove")
                    else tk._("The role is given.")
                )
                return tk.redirect_to("verbund_roles.member", id=organization["name"])
        found = tk.get_action("verbund_role_list")({}, about)
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    page = tk.render(
        "verbund/ethics/roles.html",
        {"member": organization, "found": found, "sent": sent, "problems": problems},
    )
    return private(page, 422 if problems else 200)
