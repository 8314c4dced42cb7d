# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the catalogues, those of ckanext-dcat among them.

Blueprints are registered in the order of plugins and the first rule wins, so ``verbund_dcat``
stands before ``dcat``.
"""

from __future__ import annotations

from flask import Blueprint, Response

from ckanext.verbund.dcat import answers
from ckanext.verbund.dcat.negotiation import verbund_dcat_negotiation
from ckanext.verbund.dcat.own_vocabulary import verbund_dcat_terms
from ckanext.verbund.dcat.pages import verbund_dcat_pages
from ckanext.verbund.dcat.trial_page import verbund_dcat_trial

__all__ = [
    "verbund_dcat",
    "verbund_dcat_negotiation",
    "verbund_dcat_pages",
    "verbund_dcat_terms",
    "verbund_dcat_trial",
]

verbund_dcat = Blueprint("verbund_dcat", __name__)


@verbund_dcat.route("/dataset/<id>.<form>")
@verbund_dcat.route("/dataset_series/<id>.<form>")
@verbund_dcat.route("/data_service/<id>.<form>")
def dataset(id: str, form: str) -> Response:
    """Return a dataset, a series or a service."""
    return answers.dataset(id, form)


@verbund_dcat.route("/catalog.<form>")
def catalog(form: str) -> Response:
    """Return a page of the portal's own datasets."""
    return answers.catalog(form)


@verbund_dcat.route("/catalog/gesamt.<form>")
def everything(form: str) -> Response:
    """Return a page of everything that the portal shows."""
    return answers.everything(form)


@verbund_dcat.route("/catalog/quelle/<id>.<form>")
def source(id: str, form: str) -> Response:
    """Return what is kept word for word of a harvest source."""
    return answers.source(id, form)


@verbund_dcat.route("/organization/<name>/catalog.<form>")
def member(name: str, form: str) -> Response:
    """Return a page of what one member holds."""
    return answers.member(name, form)
