# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that CKAN has not: legal pages and the report of a barrier."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from . import pages, report

verbund_pages = Blueprint("verbund_pages", __name__)


@verbund_pages.route("/seiten/<name>")
def read(name: str) -> ResponseReturnValue:
    """Show one of the pages of the footer."""
    page = pages.find(name)
    if page is None:
        return tk.abort(404)
    return tk.render(
        f"verbund/pages/{page.name if page.default else 'own'}.html", {"page": page}
    )


@verbund_pages.route("/seiten/barriere-melden", methods=["GET", "POST"])
def barrier() -> ResponseReturnValue:
    """Report a barrier: the form, and what became of it."""
    form = report.Form.of(tk.request.form, tk.request.args)
    if tk.request.method == "POST":
        problems = form.problems()
        if not problems:
            if report.send(form):
                return tk.render("verbund/pages/barriere-gemeldet.html", {"form": form})
            problems = {"": report.unsent()}
        return tk.render(
            "verbund/pages/barriere-melden.html", {"form": form, "problems": problems}
        )
    return tk.render("verbund/pages/barriere-melden.html", {"form": form, "problems": {}})
