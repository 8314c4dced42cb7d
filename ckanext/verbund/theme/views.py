# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that CKAN has not, legal pages and the report of a barrier, and that of a dataset."""

from __future__ import annotations

import gzip
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckan.views.dataset import read as core_read
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.verbund.base import look

from . import dataset, pages, report

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


# -- datasets -------------------------------------------------------------------

# A blueprint of a plugin goes before CKAN's own of the same address. CKAN's view asks for the
# views of every resource, one by one, for a page that lists files and not views.
verbund_dataset = Blueprint("verbund_dataset", __name__)
_OUR_TYPES = {"dataset", "dataset_series", "data_service"}


@verbund_dataset.route("/dataset/<id>")
@verbund_dataset.route("/dataset_series/<id>")
@verbund_dataset.route("/data_service/<id>")
def show(id: str) -> ResponseReturnValue:
    """Show a dataset, a series or a service; what is not for this page CKAN's view answers."""
    kind = tk.request.path.split("/")[-2]
    context = _as_reader()
    try:
        pkg = tk.get_action("package_show")(context, {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return core_read(kind, id)
    ours = pkg["type"] in _OUR_TYPES and tk.h.scheming_get_dataset_schema(pkg["type"])
    renamed = id == pkg["id"] != pkg["name"]
    if not ours or renamed or tk.request.args.get("activity_id"):
        return core_read(kind, id)
    # Extensions look for these.
    tk.g.pkg_dict, tk.g.pkg = pkg, context["package"]
    chosen = tk.request.args.get("vorschau")
    # Staff see what is internal as everybody will see it. The page of what is public already
    # is just that.
    as_public = bool(pkg["private"]) and "oeffentlich" in tk.request.args
    if as_public:
        pkg = {**pkg, "private": False}
    return tk.render(
        "verbund/dataset/read.html",
        {
            "dataset_type": pkg["type"],
            "pkg_dict": pkg,
            "page": dataset.page_of(
                pkg,
                all_files="dateien" in tk.request.args,
                all_parts="datensaetze" in tk.request.args,
            ),
            "preview": dataset.chosen_preview(pkg, chosen, tk.request.args),
            "similar": dataset.similar_to(pkg, public=as_public)
            if pkg["type"] == "dataset"
            else [],
            "can_edit": not as_public and _may("package_update", pkg),
            "am_following": _follows(pkg),
            "as_public": as_public,
        },
    )


@verbund_dataset.route("/dataset/<id>/zitat.<any(bib, ris):kind>")
@verbund_dataset.route("/dataset_series/<id>/zitat.<any(bib, ris):kind>")
@verbund_dataset.route("/data_service/<id>/zitat.<any(bib, ris):kind>")
def cite(id: str, kind: str) -> ResponseReturnValue:
    """Send the citation as a file for a reference manager."""
    try:
        pkg = tk.get_action("package_show")(_as_reader(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
    if pkg["type"] not in _OUR_TYPES:
        return tk.abort(404)
    types = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
    response = Response(
        dataset.citation_file(pkg, kind), content_type=f"{types[kind]}; charset=utf-8"
    )
    response.headers.set("Content-Disposition", "attachment", filename=f"{pkg['name']}.{kind}")
    return response


def _as_reader() -> Context:
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user, for_view=True)


def _may(action: str, pkg: dict[str, Any]) -> bool:
    if not tk.current_user.is_authenticated:
        return False
    return tk.h.check_access(action, {"id": pkg["id"]})


def _follows(pkg: dict[str, Any]) -> bool:
    if not tk.current_user.is_authenticated:
        return False
    return tk.get_action("am_following_dataset")({}, {"id": pkg["id"]})
