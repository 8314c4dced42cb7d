# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page of results says: lines, chips, filters, and help where nothing is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context

from ckanext.verbund.base import filters, search
from ckanext.verbund.domain import places, vocab
from ckanext.verbund.domain.search import query, why

from . import labels
from .address import Address, Pair, search_params

SHOWN = 6
"""Values of a filter that are seen at once; the others are folded."""


# -- lines -----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One dataset in the list; texts in pieces say what is meant by the query."""

    package: dict[str, Any]
    url: str
    title: why.Pieces
    excerpt: why.Pieces
    via: list[tuple[str, str]]
    member: str
    updated: str
    frequency: str
    kind: str
    formats: list[str]


def lines(packages: list[dict[str, Any]], text: str) -> list[Line]:
    """Return the lines for the datasets of a page.

    Args:
        packages: As ``package_search`` returns them.
        text: What was searched for.
    """
    marker = why.marker(text[:500]) if query.is_plain(text) else why.marker("")
    language = "en" if tk.h.lang() == "en" else "de"
    addresses = {
        kind: tk.url_for(f"{kind}.read", id="-name-")
        for kind in {package.get("type") or "dataset" for package in packages}
    }
    return [_line(package, marker, language, addresses) for package in packages]


def _line(
    package: dict[str, Any], marker: why.Marker, language: str, addresses: dict[str, str]
) -> Line:
    title = package.get("title") or package["name"]
    notes = why.plain_text(package.get("notes") or "")
    member = (package.get("organization") or {}).get("title") or ""
    reason = marker.explain(title, notes, _others(package, member, language))
    address = addresses[package.get("type") or "dataset"]
    formats = dict.fromkeys(map(search.format_of, package.get("resources") or []))
    changed = package.get("modified") or package.get("metadata_modified")
    return Line(
        package=package,
        url=address.replace("-name-", quote(package["name"])),
        title=reason.title,
        excerpt=reason.excerpt,
        via=[(_kind(kind), text) for kind, text in reason.via],
        member=member,
        updated=tk.h.render_datetime(changed) if changed else "",
        frequency=_label("frequency", package.get("frequency"), language),
        kind=_label("dataset_type", package.get("dcat_type"), language),
        formats=[labels.format_label(name) for name in formats if name],
    )


def _others(package: dict[str, Any], member: str, lang: str) -> list[tuple[str, list[str]]]:
    themes = [i for i in _list(package.get("theme")) if isinstance(i, str)]
    coverage = [e for e in _list(package.get("spatial_coverage")) if isinstance(e, dict)]
    return [
        ("tag", [tag["name"] for tag in package.get("tags") or []]),
        ("sample", [_label("musterdatensatz", package.get("musterdatensatz"), lang)]),
        ("file", [str(r.get("name") or "") for r in package.get("resources") or []]),
        ("member", [member]),
        ("theme", [_label("data_theme", iri, lang) for iri in themes]),
        ("place", [str(entry.get("text") or "") for entry in coverage]),
    ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _label(vocabulary: str, value: Any, language: str) -> str:
    if not isinstance(value, str) or not value:
        return ""
    concept = vocab.load(vocabulary).get(value)
    return concept.label(language) if concept else ""


def _kind(kind: str) -> str:
    return {
        "tag": tk._("Keyword"),
        "sample": tk._("Sample dataset"),
        "file": tk._("File"),
        "member": tk._("Member"),
        "theme": tk._("Theme"),
        "place": tk._("Place of the data"),
        "word": tk._("Related word"),
    }[kind]


# -- filters ---------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """A value of a filter with the link that adds or removes it."""

    label: str
    count: int
    url: str
    active: bool


@dataclass(frozen=True)
class Group:
    """A filter: ``seen`` stands there, ``folded`` opens."""

    name: str
    title: str
    seen: list[Value]
    folded: list[Value]


def groups(
    titles: Mapping[str, str], facets: Mapping[str, Any], address: Address
) -> list[Group]:
    """Return the filters that have something to choose from.

    Args:
        titles: Name and title of each, as CKAN's view has them.
        facets: ``search_facets`` of ``package_search``.
        address: The current search.
    """
    chosen = set(address.pairs)
    found = []
    for name, title in titles.items():
        items = (facets.get(name) or {}).get("items") or []
        label = labels.labeller(name)
        plain = label is str
        values = []
        for item in items:
            pair = (name, item["name"])
            active = pair in chosen
            values.append(
                Value(
                    item["display_name"] if plain else label(item["name"]),
                    item["count"],
                    address.minus(pair) if active else address.plus(*pair),
                    active,
                )
            )
        if values:
            values.sort(key=lambda value: (not value.active, -value.count, value.label))
            found.append(Group(name, title, values[:SHOWN], values[SHOWN:]))
    return found


@dataclass(frozen=True)
class Chip:
    """An active filter with the link that removes it."""

    title: str
    label: str
    pair: Pair
    url: str


def chips(address: Address, members: Mapping[str, str]) -> list[Chip]:
    """Return the active filters.

    Args:
        address: The current search.
        members: Titles of organisations by name.
    """
    return [
        Chip(*_named(name, value, members), (name, value), address.minus((name, value)))
        for name, value in dict.fromkeys(address.filters)
    ]


def _named(name: str, value: str, members: Mapping[str, str]) -> tuple[str, str]:
    if name == "ext_from":
        return tk._("Period from"), value[:20]
    if name == "ext_to":
        return tk._("Period to"), value[:20]
    if name == "ext_bbox":
        return tk._("Map section"), tk._("chosen on the map")
    if name == "ext_place":
        found = places.resolve(value)
        return tk._("Place of the data"), found.label if found else value[:60]
    if name == "organization":
        return tk._("Member"), members.get(value, value[:60])
    return labels.field_title(name)[:40], labels.labeller(name)(value)[:80]


# -- help ------------------------------------------------------------------------


def problems(address: Address) -> dict[str, str]:
    """Return what is wrong with period, place and box, by the name of the field."""
    return filters.read(dict(address.pairs))[1]


def correction(text: str, packages: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return a spelling that finds something, if the page does not hold what was asked for.

    Asks the index only when a word of the query stands nowhere on the page.
    """
    if not query.is_plain(text):
        return None
    shown = (
        " ".join(
            [
                p.get("title") or "",
                (p.get("notes") or "")[:4000],
                *(tag["name"] for tag in p.get("tags") or []),
            ]
        )
        for p in packages
    )
    if not why.marker(text[:500]).unknown(shown):
        return None
    found = tk.get_action("verbund_search_correct")(_caller(), {"q": text[:500]})
    return found if found["query"] else None


@dataclass(frozen=True)
class Loosening:
    """A search with one thing less, and how much it finds."""

    title: str
    label: str
    count: int
    url: str


def loosenings(address: Address, chosen: list[Chip]) -> list[Loosening]:
    """Return what to leave out so that something is found, most useful first.

    Args:
        address: A search that finds nothing.
        chosen: Its filters.
    """
    tried = [
        Loosening(chip.title, chip.label, _count(address, chip.pair), chip.url)
        for chip in chosen[:_TRIED]
    ]
    text = address.value("q")
    if text and chosen:
        pair = ("q", text)
        count = _count(address, pair)
        tried.append(Loosening(tk._("Search words"), text[:60], count, address.minus(pair)))
    return sorted((t for t in tried if t.count), key=lambda t: -t.count)


_TRIED = 8


def _count(address: Address, gone: Pair) -> int:
    """Return how many datasets are found without one parameter; 0 if that is no search."""
    pairs = [pair for pair in address.pairs if pair != gone]
    more = {}
    if tk.request.endpoint == "organization.read":
        pairs.append(("organization", (tk.request.view_args or {}).get("id", "")))
        more["include_private"] = True
    try:
        params = search_params(pairs, rows=0, **more)
        return tk.get_action("package_search")(_caller(), params)["count"]
    except SearchError:
        return 0


def _caller() -> Context:
    """Return a context of the reader: nothing is counted that they may not see."""
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
