# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of batches: choose alike datasets, take one out."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.verbund.ethics.pages import first_texts, private, refused

verbund_batches = Blueprint("verbund_batches", __name__)


@verbund_batches.route("/pruefungen/stapel", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Choose alike datasets that are answered and decided together."""
    if tk.current_user.is_anonymous:
        return refused()
    chosen, problems = tk.request.form.getlist("package"), {}
    if tk.request.method == "POST":
        try:
            made = tk.get_action("verbund_batch_create")({}, {"package_ids": chosen})
        except tk.NotAuthorized:
            return refused()
        except tk.ValidationError as error:
            problems = first_texts(error)
        else:
            tell(made["dropped"])
            group = tk.get_action("verbund_case_explain")({}, {"id": made["id"]})["groups"][0]
            return tk.redirect_to("verbund_cases.questions", id=made["id"], group=group["id"])
    groups = tk.get_action("verbund_batch_propose")({}, {})
    page = tk.render(
        "verbund/ethics/batches.html",
        {"groups": groups, "chosen": chosen, "problems": problems},
    )
    return private(page, 422 if problems else 200)


@verbund_batches.route("/pruefung/<id>/stapel-verlassen", methods=["POST"])
def leave(id: str) -> ResponseReturnValue:
    """Take a case out of its batch."""
    try:
        tk.get_action("verbund_batch_leave")({}, {"id": id})
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    tk.h.flash_success(tk._("This check goes on alone."))
    return tk.redirect_to("verbund_cases.show", id=id)


def tell(dropped: list[dict[str, Any]]) -> None:
    """Say which datasets did not go with the others, and why."""
    for one in dropped:
        text = tk._("“{title}” has a check of its own: {why}")
        tk.h.flash_notice(text.format(title=one["title"], why=one["why"]))
