# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The members of a portal as a list and as a map, and the map of places with data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.verbund.base import look, members
from ckanext.verbund.domain import places
from ckanext.verbund.domain.search import words

from .address import Address, search_params

MOST_OUTLINES = 300


@dataclass(frozen=True)
class Entry:
    """A member in the list."""

    member: members.Member
    kind: str
    count: int
    url: str


@dataclass(frozen=True)
class Overview:
    """Members that were asked for; ``links`` are the outlines' addresses by key."""

    entries: list[Entry]
    map: look.MemberMap | None
    links: dict[str, dict[str, str]]


def members_overview(text: str = "") -> Overview:
    """Return the members whose title holds a text, by title.

    Args:
        text: Part of a title, in any spelling; empty for all.
    """
    wanted = words.plain(text.strip())
    listed = [m for m in members.all_members() if wanted in words.plain(m.title)]
    found = tk.get_action("package_search")(
        _caller(),
        {
            "q": "*:*",
            # As the list of results has them: series and services count.
            "fq": "-dataset_type:harvest",
            "rows": 0,
            "facet.field": ["organization"],
            "facet.limit": -1,
        },
    )
    counts = found["facets"].get("organization", {})
    names = kinds()
    entries = [
        Entry(
            member,
            names.get(member.organization_type, ""),
            counts.get(member.name, 0),
            tk.url_for("organization.read", id=member.name),
        )
        for member in listed
    ]
    # Mirrored portals lie anywhere in the country; those that belong here have their colours.
    areas = members.by_area([m for m in listed if m.colour_primary] or listed)
    return Overview(
        entries,
        look.draw(tuple(areas)),
        {
            key: {"url": tk.url_for("organization.read", id=m.name), "label": m.title}
            for key, m in areas.items()
        },
    )


def kinds() -> dict[str, str]:
    """Return the kinds of members by their value in the schema."""
    schema = tk.h.scheming_get_organization_schema("organization") or {}
    field = tk.h.scheming_field_by_name(schema.get("fields", []), "organization_type") or {}
    return {
        choice["value"]: tk.h.scheming_language_text(choice["label"])
        for choice in field.get("choices", [])
    }


@dataclass(frozen=True)
class Place:
    """A place with data and the link to them."""

    label: str
    count: int
    url: str


def places_map(address: Address, target: str) -> dict[str, Any]:
    """Return the places that datasets of a search are about, as list and as map.

    Args:
        address: The search, as the reader came with it.
        target: The page that shows the results.
    """
    # What the map is to change is left out.
    pairs = address.without("ext_place", "ext_bbox", "verbund_place", "sort")
    found = tk.get_action("package_search")(
        _caller(),
        search_params(
            pairs, rows=0, **{"facet.field": ["verbund_place"], "facet.limit": MOST_OUTLINES}
        ),
    )
    search = Address(target, pairs)
    listed = {}
    for key, count in found["facets"].get("verbund_place", {}).items():
        place = places.by_key(key)
        if place:
            listed[key] = Place(place.label, count, search.plus("ext_place", place.key))
    return {
        "map": look.draw(tuple(listed)),
        "links": {
            key: {"url": p.url, "label": f"{p.label}: {_datasets(p.count)}"}
            for key, p in listed.items()
        },
        "places": sorted(listed.values(), key=lambda place: words.plain(place.label)),
        "count": found["count"],
    }


def _datasets(count: int) -> str:
    return tk.ungettext("%(num)d dataset", "%(num)d datasets", count) % {"num": count}


def _caller() -> Context:
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
