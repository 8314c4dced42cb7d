# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_theme``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import g
from markupsafe import Markup

from ckanext.verbund.base import look, members

from . import dataset, fields, pages

__all__ = [
    "verbund_arms",
    "verbund_colours",
    "verbund_editable_pages",
    "verbund_footer_pages",
    "verbund_home",
    "verbund_map",
    "verbund_member",
    "verbund_organization_facts",
    "verbund_resource_page",
    "verbund_session",
    "verbund_theme",
]

_PREFIX = "ckanext.verbund.theme."
_FALLBACK = "#1d3f8c"
# Grounds of KERN in light and dark, the harder of the two that occur in each.
_LIGHT, _DARK = "#f2f3f8", "#20243a"


def verbund_theme(name: str) -> Any:
    """Return a setting of the theme, such as ``operator``."""
    value = tk.config[_PREFIX + name]
    return tk.config["ckan.site_title"] if name == "name" and not value else value


def verbund_colours(chosen: str | None = None) -> Markup:
    """Return the rules of style that give a portal or a member its colour.

    Args:
        chosen: ``#rrggbb`` of a member; without, that of the portal.
    """
    return _rules(chosen or verbund_theme("colour"))


@lru_cache(maxsize=256)
def _rules(colour: str) -> Markup:
    try:
        light = look.readable(colour, _LIGHT)
    except ValueError:
        light = look.readable(_FALLBACK, _LIGHT)
    dark = look.readable(light, _DARK)

    def rules(value: str) -> str:
        return (
            f"--kern-color-action-default:{value};"
            f"--kern-color-action-on-default:{look.on(value)};"
        )

    return Markup(  # noqa: S704 made of checked colours alone
        ":root,[data-kern-theme=light]{"
        + rules(light)
        + "}@media(prefers-color-scheme:dark){:root:not([data-kern-theme=light]){"
        + rules(dark)
        + "}}[data-kern-theme=dark]{"
        + rules(dark)
        + "}"
    )


def verbund_arms(name: str, colour: str = "", accent: str = "") -> dict[str, Any]:
    """Return what ``verbund/arms.html`` draws for a portal or member without a picture."""
    mark = look.shield(name, colour or verbund_theme("colour"), accent)
    return {"outline": look.OUTLINE, "size": look.SIZE, "shield": mark}


def verbund_member(package: Any = None, group: Any = None) -> members.Member | None:
    """Return the member that a page belongs to.

    Args:
        package: The dataset of the page, as ``package_show`` returns it.
        group: The organisation of the page, as ``organization_show`` returns it.

    Returns:
        The member, or None for pages of the portal and of mirrored portals: these have no
        colour here. Asked of the database once for each page.
    """
    if not hasattr(g, "verbund_member"):
        id = (package or {}).get("owner_org")
        if group and group.get("is_organization"):
            id = group.get("id")
        found = members.member(id) if id else None
        g.verbund_member = found if found and found.colour_primary else None
    return g.verbund_member


def verbund_organization_facts(organization: dict[str, Any]) -> list[fields.Fact]:
    """Return what a member says about itself, in words; nothing that only the page uses."""
    schema = tk.h.scheming_get_organization_schema("organization") or {"fields": []}
    shown_elsewhere = {"title", "name", "description", "image_url"}
    colours = {"colour_primary", "colour_accent"}
    return fields.facts(schema["fields"], organization, shown_elsewhere | colours)


def verbund_editable_pages() -> Sequence[pages.Page]:
    """Return all pages whose text a town can write itself."""
    return pages.everything()


def verbund_footer_pages() -> Sequence[pages.Page]:
    """Return the pages that the footer links to."""
    return pages.shown()


def verbund_resource_page(pkg: dict[str, Any], resource: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of a file shows; the reader may see both."""
    return dataset.resource_page(pkg, resource, tk.request.args)


def verbund_map() -> dict[str, str]:
    """Return where the ground of maps comes from, for ``verbund/map.html``."""
    tiles = verbund_theme("tiles")
    address = tk.url_for("verbund_pages.ground", layer="laender")
    return {
        "ground": address.removesuffix("laender.json"),
        "tiles": tiles,
        "host": urlsplit(tiles).hostname or "",
        "attribution": verbund_theme("tiles_attribution"),
    }


def verbund_session() -> dict[str, Any]:
    """Return name and lifetime in hours of the session's cookie, for the privacy page."""
    return {
        "name": tk.config["SESSION_COOKIE_NAME"],
        "hours": round(tk.config["PERMANENT_SESSION_LIFETIME"] / 3600),
    }


def verbund_home() -> dict[str, Any]:
    """Return what the home page shows: figures, themes, newest datasets, members, map."""
    found = tk.get_action("package_search")(
        {},
        {
            "q": "*:*",
            # What the search finds, to which the numbers lead: series and services too.
            "fq": "-dataset_type:harvest",
            "sort": "metadata_modified desc",
            "rows": 5,
            "facet.field": ["verbund_theme", "organization"],
            "facet.limit": 50,
        },
    )
    themes = [
        {"iri": iri, "label": tk.h.verbund_label("data_theme", iri), "count": count}
        for iri, count in found["facets"].get("verbund_theme", {}).items()
    ]
    counts = found["facets"].get("organization", {})
    listed = members.all_members()
    # Mirrored portals lie anywhere in the country; those that belong here have their colours.
    areas = members.by_area([m for m in listed if m.colour_primary] or listed)
    return {
        "count": found["count"],
        "newest": found["results"],
        "themes": sorted(themes, key=lambda theme: theme["label"]),
        "members": [{"member": m, "count": counts.get(m.name, 0)} for m in listed],
        "map": look.draw(tuple(areas)),
        "links": {
            key: {"url": tk.h.url_for("organization.read", id=m.name), "label": m.title}
            for key, m in areas.items()
        },
    }
