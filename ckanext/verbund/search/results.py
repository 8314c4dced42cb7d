# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page of results says: lines, chips, filters, and help where nothing is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache, partial
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context

from ckanext.verbund.base import filters, search
from ckanext.verbund.domain import german, places, vocab
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
        packages: As ``package_search`` returns them, or summaries of them.
        text: What was searched for.
    """
    plain = query.is_plain(text)
    writer = _Writer(why.marker(text[:500] if plain else ""), plain)
    return [writer.line(search.summary(package)) for package in packages]


class _Writer:
    """Writes the lines of one page; looks up once what all of them need.

    Args:
        marker: Of the words that were searched for.
        asked: Whether there are any.
    """

    def __init__(self, marker: why.Marker, asked: bool) -> None:
        self.marker, self.asked = marker, asked
        self.language = "en" if tk.h.lang() == "en" else "de"
        self.kinds = _kinds() if asked else {}
        self.address = cache(lambda kind: tk.url_for(f"{kind}.read", id="-name-"))
        self.zone = tk.h.get_display_timezone()
        self.format = cache(labels.format_label)
        self.label = cache(partial(_label, language=self.language))

    def line(self, package: dict[str, Any]) -> Line:
        """Return the line of one dataset.

        Args:
            package: Its summary.
        """
        member = package["organization"]["title"]
        reason = self.marker.explain(
            package.get("title") or package["name"],
            package["notes"],
            self.others(package, member) if self.asked else (),
        )
        formats = dict.fromkeys(r["format"] for r in package["resources"])
        changed = package.get("modified") or package.get("metadata_modified")
        often = _text(package.get("frequency"))
        address = self.address(package.get("type") or "dataset")
        return Line(
            package=package,
            url=address.replace("-name-", quote(package["name"])),
            title=reason.title,
            excerpt=reason.excerpt,
            via=[(self.kinds[kind], text) for kind, text in reason.via],
            member=member,
            updated=self.day(changed) if changed else "",
            frequency="" if often.endswith("/NEVER") else self.label("frequency", often),
            kind=self.label("dataset_type", _text(package.get("dcat_type"))),
            formats=[self.format(name) for name in formats if name],
        )

    def day(self, changed: str) -> str:
        """Return a day as one writes it.

        Args:
            changed: A moment in UTC, as ISO text.
        """
        try:
            moment = datetime.fromisoformat(changed)
        except ValueError:
            return tk.h.render_datetime(changed)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        day = moment.astimezone(self.zone).date()
        if self.language == "de":
            return german.long_date(day)
        return tk.h.render_datetime(moment)

    def others(self, package: dict[str, Any], member: str) -> list[tuple[str, list[str]]]:
        """Return the texts that a dataset may also have been found by, most telling first."""
        themes = [i for i in _list(package.get("theme")) if isinstance(i, str)]
        sample = _text(package.get("musterdatensatz"))
        return [
            ("tag", [tag["name"] for tag in package["tags"]]),
            ("sample", [self.label("musterdatensatz", sample)]),
            ("file", [resource["name"] for resource in package["resources"]]),
            ("member", [member]),
            ("theme", [self.label("data_theme", iri) for iri in themes]),
            ("place", [entry["text"] for entry in package["spatial_coverage"]]),
        ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _label(vocabulary: str, value: str, language: str) -> str:
    concept = vocab.load(vocabulary).get(value)
    return concept.label(language) if concept else ""


def _kinds() -> dict[str, str]:
    return {
        "tag": tk._("Keyword"),
        "sample": tk._("Sample dataset"),
        "file": tk._("File"),
        "member": tk._("Member"),
        "theme": tk._("Theme"),
        "place": tk._("Place of the data"),
        "word": tk._("Related word"),
    }


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
        if not items:
            continue
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
                p["notes"],
                *(tag["name"] for tag in p["tags"]),
            ]
        )
        for p in map(search.summary, packages)
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
