# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One address, several forms: whoever asks for RDF at an IRI gets it, browsers get the page.

Pages of datasets also tell machines where things are (https://signposting.org/).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, make_response, redirect
from werkzeug.datastructures import MIMEAccept

from ckanext.verbund.dcat import answers, signposting

verbund_dcat_negotiation = Blueprint("verbund_dcat_negotiation", __name__)

HTML = "text/html"
# On equal wishes the first wins, so "anything" is the page.
_PAGE = (HTML, "application/xhtml+xml")
_FORMS = {
    answers.TYPES[form].split(";")[0]: form for form in ("ttl", "jsonld", "rdf", "nt", "n3")
}
# By their addresses: which plugin answers with the page is its own affair.
_PACKAGES = frozenset(f"/{kind}/<id>" for kind in ("dataset", "dataset_series", "data_service"))
_MEMBER = "/organization/<id>"
Answer = Callable[[str], Response]


@verbund_dcat_negotiation.before_app_request
def _negotiate() -> Response | None:
    """Answer with RDF where a page would be, if that is what is wanted."""
    asked = _asked()
    if asked is None:
        return None
    endpoint, where, answer = asked
    return _in_form(endpoint, where, answer)


@verbund_dcat_negotiation.after_app_request
def _point(response: Response) -> Response:
    """Tell caches that the address has several forms, and machines where they are."""
    if _asked() is None:
        return response
    response.vary.add("Accept")
    package = g.get("pkg_dict")
    is_page = response.status_code == 200 and response.mimetype == HTML
    if is_page and package and tk.request.url_rule.rule in _PACKAGES:
        response.headers["Link"] = signposting.header(package, _links(package))
    return response


@verbund_dcat_negotiation.route("/catalog")
def catalog() -> Response:
    """Lead people from the address of the portal's catalogue to the search."""
    return _thing("verbund_dcat.catalog", {}, answers.catalog, tk.url_for("dataset.search"))


@verbund_dcat_negotiation.route("/catalog/gesamt")
def everything() -> Response:
    """Likewise from that of everything."""
    page = tk.url_for("dataset.search")
    return _thing("verbund_dcat.everything", {}, answers.everything, page)


@verbund_dcat_negotiation.route("/organization/<name>/catalog")
def member(name: str) -> Response:
    """Lead people from the address of a member's catalogue to the page of the member."""
    return _thing(
        "verbund_dcat.member",
        {"name": name},
        lambda form: answers.member(name, form),
        tk.url_for("organization.read", id=name),
    )


@verbund_dcat_negotiation.route("/dataset/<id>/distribution/<resource>")
def distribution(id: str, resource: str) -> Response:
    """Lead people from the address of a file to its page."""
    return _thing(
        "verbund_dcat.dataset",
        {"id": id},
        lambda form: answers.dataset(id, form),
        tk.url_for("dataset_resource.read", id=id, resource_id=resource),
    )


def _asked() -> tuple[str, dict[str, str], Answer] | None:
    """Return where the RDF of the page asked for is, and how to make it."""
    request = tk.request
    if request.method not in ("GET", "HEAD"):
        return None
    rule = request.url_rule.rule if request.url_rule else ""
    if rule in _PACKAGES:
        key = request.view_args["id"]
        return "verbund_dcat.dataset", {"id": key}, lambda form: answers.dataset(key, form)
    if rule == _MEMBER:
        key = request.view_args["id"]
        return "verbund_dcat.member", {"name": key}, lambda form: answers.member(key, form)
    return None


def _thing(endpoint: str, where: dict[str, str], answer: Answer, page: str) -> Response:
    response = _in_form(endpoint, where, answer) or redirect(page, 303)
    response.vary.add("Accept")
    return response


def _in_form(endpoint: str, where: dict[str, str], answer: Answer) -> Response | None:
    """Return the form that is wanted most; None if that is the page."""
    wanted = chosen(tk.request.accept_mimetypes)
    if wanted in _PAGE:
        return None
    if wanted is None:
        return _not_acceptable(endpoint, where)
    form = _FORMS[wanted]
    response = answer(form)
    response.headers["Content-Location"] = _address(endpoint, where, form)
    return response


def chosen(accepted: MIMEAccept) -> str | None:
    """Return the media type that is wanted most, or None if it is none of ours.

    Args:
        accepted: The header Accept; nothing said means anything.
    """
    return accepted.best_match([*_PAGE, *_FORMS]) if accepted else HTML


def _not_acceptable(endpoint: str, where: dict[str, str]) -> Response:
    lines = [tk._("This address has these forms:"), f"{HTML} {tk.request.base_url}"]
    lines += [f"{kind} {_address(endpoint, where, form)}" for kind, form in _FORMS.items()]
    response = make_response("\n".join([*lines, ""]), 406)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.vary.add("Accept")
    return response


def _address(endpoint: str, where: dict[str, str], form: str) -> str:
    return tk.url_for(endpoint, form=form, qualified=True, locale="default", **where)


def _links(package: dict[str, Any]) -> dict[str, str]:
    """Return where the forms of a package are, by media type."""
    return {
        kind: _address("verbund_dcat.dataset", {"id": package["name"]}, form)
        for kind, form in _FORMS.items()
    }
