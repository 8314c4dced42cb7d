# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers with RDF, whichever way they were asked for."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Response, make_response

__all__ = ["TYPES", "catalog", "dataset", "everything", "member", "source"]

TYPES = {
    "ttl": "text/turtle; charset=utf-8",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "n3": "text/n3; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_ASKED = ("page", "modified_since", "q", "fq")


def dataset(id: str, form: str) -> Response:
    """Return a dataset, a series or a service."""
    return _answer("dcat_dataset_show", form, id=id)


def catalog(form: str) -> Response:
    """Return a page of the portal's own datasets."""
    return _answer("dcat_catalog_show", form, **_asked())


def everything(form: str) -> Response:
    """Return a page of everything that the portal shows."""
    return _answer("verbund_catalog_show", form, **_asked())


def member(name: str, form: str) -> Response:
    """Return a page of what one member holds."""
    return _answer("dcat_catalog_show", form, organization=name, **_asked())


def source(id: str, form: str) -> Response:
    """Return what is kept word for word of a harvest source."""
    return _answer("verbund_source_catalog_show", form, id=id)


def _asked() -> dict[str, str]:
    return {key: tk.request.args[key] for key in _ASKED if tk.request.args.get(key)}


def _answer(action: str, form: str, **asked: Any) -> Response:
    if form not in TYPES:
        return tk.abort(404)
    named = tk.request.args.get("profiles")
    if named:
        asked["profiles"] = named.split(",")
    context = Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
    try:
        text = tk.get_action(action)(context, {**asked, "format": form})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        # The same for both: nobody learns what exists.
        return tk.abort(404)
    except tk.ValidationError as error:
        return tk.abort(400, "; ".join(error.error_summary.values()))
    answer = make_response(text)
    answer.headers["Content-Type"] = TYPES[form]
    return answer
