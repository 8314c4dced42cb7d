# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own vocabulary and the context of our JSON-LD, at addresses that last."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.verbund.dcat import answers
from ckanext.verbund.domain.dcatde import graph, jsonld
from ckanext.verbund.domain.dcatde.terms import line

verbund_dcat_terms = Blueprint("verbund_dcat_terms", __name__)


@verbund_dcat_terms.route("/vokabular.<form>")
def vocabulary(form: str) -> Response:
    """Return what members say and no standard vocabulary can say."""
    if form not in graph.FORMATS:
        return tk.abort(404)
    return _lasting(_vocabulary(form), answers.TYPES[form])


@verbund_dcat_terms.route(f"/vokabular/kontext-{jsonld.VERSION}.jsonld")
def context() -> Response:
    """Return the context of our JSON-LD; documents bring what they need of it."""
    return _lasting(jsonld.published(), answers.TYPES["jsonld"])


def _lasting(content: bytes, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    # Scripts of other sites may read both.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@cache
def _vocabulary(form: str) -> bytes:
    text = (files("ckanext.verbund.schemas") / "vocab" / "verbund.ttl").read_bytes()
    return text if form == "ttl" else graph.write(map(line, graph.read(text, "ttl")), form)
