# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the search that CKAN has not, and feeds in place of CKAN's."""

from __future__ import annotations

from urllib.parse import urljoin

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context
from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from ckanext.verbund.base import filters

from . import feed as feeds
from . import overview
from .address import Address, is_ours, search_params

verbund_search = Blueprint("verbund_search", __name__)

_FEED_LENGTH = 20
_LAST_PAGE = 500


def _caller() -> Context:
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user, for_view=True)


# CKAN's own pages of results make a filter of every parameter.
_RESULTS = {"organization.read", "group.read"} | {
    f"{kind}.search" for kind in ("dataset", "dataset_series", "data_service")
}


@verbund_search.before_app_request
def pass_over_foreign_parameters() -> None:
    """Let a page of results see only the parameters that belong to a search."""
    if tk.request.endpoint in _RESULTS and not all(map(is_ours, tk.request.args)):
        ours = [pair for pair in tk.request.args.items(multi=True) if is_ours(pair[0])]
        tk.request.args = ImmutableMultiDict(ours)


@verbund_search.after_app_request
def tell_caches(response: Response) -> Response:
    """Keep a part of a page that htmx got out of the way of who wants the page itself."""
    if tk.request.headers.get("HX-Request"):
        response.vary.add("HX-Request")
    return response


@verbund_search.route("/suche/vorschlaege")
def suggestions() -> ResponseReturnValue:
    """Suggest while somebody types: options of a list box."""
    text = tk.request.args.get("q", "")[:100]
    found = tk.get_action("verbund_search_suggest")(_caller(), {"q": text, "limit": 5})
    return tk.render("verbund/search/suggestions.html", {"found": found, "q": text})


@verbund_search.route("/karte", endpoint="map")
def map_page() -> ResponseReturnValue:
    """Show where there are data, to choose a place or a section of the map."""
    address = Address.current()
    try:
        found = overview.places_map(address, tk.url_for("dataset.search"))
    except SearchError:
        found = overview.places_map(Address(address.path, ()), tk.url_for("dataset.search"))
    kept = address.without("ext_place", "ext_bbox", "verbund_place", "sort")
    return tk.render("verbund/search/map.html", found | {"kept": kept})


@verbund_search.route("/karte/ausschnitt")
def section() -> ResponseReturnValue:
    """Lead from the four fields of a section to its results."""
    sides = ("west", "south", "east", "north")
    box = ",".join(tk.request.args.get(s, "").strip().replace(",", ".")[:20] for s in sides)
    pairs = [p for p in Address.current().without("ext_place", "ext_bbox") if p[0] not in sides]
    return tk.redirect_to(
        Address(tk.url_for("dataset.search"), tuple(pairs)).plus("ext_bbox", box)
    )


@verbund_search.route("/feeds/custom.atom")
def feed() -> ResponseReturnValue:
    """Show a search as a feed."""
    return _feed(Address.current())


@verbund_search.route("/feeds/dataset.atom")
def feed_of_all() -> ResponseReturnValue:
    """Show all datasets as a feed."""
    return _feed(Address(tk.url_for("verbund_search.feed"), ()))


@verbund_search.route("/feeds/organization/<id>.atom")
def feed_of_member(id: str) -> ResponseReturnValue:
    """Show the datasets of a member as a feed."""
    return _feed(Address(tk.url_for("verbund_search.feed"), (("organization", id),)))


def _feed(address: Address) -> ResponseReturnValue:
    page = tk.request.args.get("page", "1")
    number = min(int(page), _LAST_PAGE) if page.isdecimal() and page.isascii() else 1
    number = max(1, number)
    try:
        found = tk.get_action("package_search")(
            _caller(),
            search_params(
                address.pairs,
                sort="metadata_modified desc",
                rows=_FEED_LENGTH,
                start=(number - 1) * _FEED_LENGTH,
                facet="false",
            ),
        )
    except SearchError as error:
        told = filters.read(dict(address.pairs))[1]
        return tk.abort(400, str(error) if told else tk._("This search is not possible."))
    text = address.value("q")
    title = tk.config["ckan.site_title"]
    if text:
        title = tk._("{site}: new datasets for “{query}”").format(site=title, query=text[:100])
    elif address.filters:
        title = tk._("{site}: new datasets of a search").format(site=title)
    else:
        title = tk._("{site}: new datasets").format(site=title)
    more = found["count"] > number * _FEED_LENGTH
    links = feeds.Links(
        own=_external(str(address)),
        page=_external(str(address.at(tk.url_for("dataset.search")))),
        previous=_external(address.plus("page", str(number - 1))) if number > 1 else "",
        following=_external(address.plus("page", str(number + 1))) if more else "",
    )
    answer = make_response(feeds.atom(title, links, found["results"]))
    answer.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return answer


def _external(path: str) -> str:
    return urljoin(tk.url_for("home.index", _external=True), path)
