# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_search``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import members
from ckanext.verbund.domain.search import query

from . import labels, overview, results
from .address import Address

__all__ = [
    "verbund_facet_label",
    "verbund_member_arms",
    "verbund_member_kind",
    "verbund_members",
    "verbund_search_address",
    "verbund_search_correction",
    "verbund_search_empty",
    "verbund_search_feed",
    "verbund_search_filters",
    "verbund_search_head",
    "verbund_search_lines",
]


def verbund_search_address() -> Address:
    """Return what the current page asks for."""
    return Address.current()


def verbund_search_head(search_facets: dict[str, Any] | None) -> dict[str, Any]:
    """Return what stands above the results: chips, problems, orders, other forms.

    Args:
        search_facets: As ``package_search`` returns them; they know titles of members.
    """
    address = Address.current()
    items = (search_facets or {}).get("organization", {}).get("items", [])
    titles = {item["name"]: item["display_name"] for item in items}
    if any(name == "organization" and value not in titles for name, value in address.filters):
        titles |= {member.name: member.title for member in members.all_members()}
    return {
        "address": address,
        "chips": results.chips(address, titles),
        "problems": results.problems(address),
        "sorts": _sorts(address),
        "feed": verbund_search_feed(),
        "bare": address.path,
        "syntax": bool(address.value("q")) and not query.is_plain(address.value("q")),
    }


def verbund_facet_label(name: str, item: dict[str, Any]) -> str:
    """Return what a value of a filter is called, in lists of CKAN's own pages."""
    label = labels.labeller(name)
    return item["display_name"] if label is str else label(item["name"])


def verbund_search_feed() -> str:
    """Return the address of the current search as a feed."""
    asked = Address.current().pairs
    if tk.request.endpoint == "organization.read":
        asked += (("organization", (tk.request.view_args or {}).get("id", "")),)
    return str(Address(tk.url_for("verbund_search.feed"), asked))


def _sorts(address: Address) -> list[dict[str, Any]]:
    chosen = address.value("sort")
    text = address.value("q")
    orders = [
        (tk._("Relevance"), "score desc, metadata_modified desc"),
        (tk._("Last updated"), "metadata_modified desc"),
        (tk._("Title A to Z"), "verbund_sort asc"),
    ]
    offered = orders if text else orders[1:]
    return [
        {
            "label": label,
            "url": address.plus("sort", order, instead=True),
            "active": order == chosen or (not chosen and (label, order) == offered[0]),
        }
        for label, order in offered
    ]


def verbund_search_lines(packages: list[dict[str, Any]], q: str) -> list[results.Line]:
    """Return the lines of a page of results."""
    return results.lines(packages, q or "")


def verbund_search_filters(
    facet_titles: dict[str, str], search_facets: dict[str, Any]
) -> dict[str, Any]:
    """Return the filters beside the results, and what period and place hold."""
    address = Address.current()
    return {
        "address": address,
        "groups": results.groups(facet_titles, search_facets or {}, address),
        "problems": results.problems(address),
        "active": len(address.filters),
        "map": str(address.at(tk.url_for("verbund_search.map"))),
    }


def verbund_search_correction(q: str, packages: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return a better spelling with its link, or None.

    Its link leaves out all filters: without them the spelling is known to find something.
    """
    found = results.correction(q or "", packages)
    if not found:
        return None
    address = Address.current()
    return found | {"url": str(Address(address.path, (("q", found["query"]),)))}


def verbund_search_empty(chips: list[results.Chip]) -> list[results.Loosening]:
    """Return what to leave out so that something is found."""
    return results.loosenings(Address.current(), chips)


def verbund_members(q: str = "") -> overview.Overview:
    """Return all members with their numbers of datasets, and the map of them."""
    return overview.members_overview(q)


def verbund_member_arms(image: str) -> str:
    """Return the address of the arms of a member, uploaded here or elsewhere."""
    if image.startswith(("http://", "https://", "/")):
        return image
    return tk.h.url_for_static(f"uploads/group/{image}")


def verbund_member_kind(value: str | None) -> str:
    """Return what kind of body a member is, such as »Landkreis«; empty without."""
    return overview.kinds().get(value or "", "")
