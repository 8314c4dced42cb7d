# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that CKAN has not: legal pages and the report of a barrier."""

from __future__ import annotations

import gzip

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.verbund.base import look

from . import pages, report

verbund_pages = Blueprint("verbund_pages", __name__)

_A_DAY = 24 * 3600  # seconds; outlines change once a year


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


@verbund_pages.route("/karte/<layer>.json")
@verbund_pages.route("/karte/<layer>/<state>.json")
def ground(layer: str, state: str = "") -> ResponseReturnValue:
    """Send outlines as ground of a map: states, or the districts or municipalities of one."""
    packed = look.ground(layer, state)
    if packed is None:
        return tk.abort(404)
    answer = Response(mimetype="application/geo+json")
    answer.headers["Cache-Control"] = f"public, max-age={_A_DAY}"
    answer.vary.add("Accept-Encoding")
    if "gzip" in tk.request.accept_encodings:
        answer.headers["Content-Encoding"] = "gzip"
        answer.set_data(packed)
    else:
        answer.set_data(gzip.decompress(packed))
    return answer
