# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Page that begins the coarser version of a dataset."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.verbund.ethics.pages import first_texts, private, refused

verbund_restrictions = Blueprint("verbund_restrictions", __name__)


@verbund_restrictions.route("/dataset/<id>/groebere-fassung", methods=["GET", "POST"])
def derive(id: str) -> ResponseReturnValue:
    """Begin the coarser version of a dataset."""
    sent, problems = tk.request.form.get("title", ""), {}
    try:
        package = tk.get_action("package_show")({}, {"id": id})
        about = {"package_id": package["id"]}
        tk.check_access("verbund_derivative_create", {}, about)
        if tk.request.method == "POST":
            made = tk.get_action("verbund_derivative_create")({}, {**about, "title": sent})
            text = tk._("The coarser version is created. Now check its description.")
            tk.h.flash_success(text)
            return tk.redirect_to("dataset.edit", id=made["name"])
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        problems = first_texts(error)
        if "title" in problems and not sent.strip():
            problems["title"] = tk._("Please give the coarser version a title.")
    page = tk.render(
        "verbund/ethics/derive.html", {"package": package, "sent": sent, "problems": problems}
    )
    return private(page, 422 if problems else 200)
