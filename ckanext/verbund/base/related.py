# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Datasets that belong together: the parts of a series, and what a service offers.

Packages name each other by ID, name or, if they came from elsewhere, by IRI. Everything is
asked of the index, as the reader: what they may not see is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchError

__all__ = [
    "Entry",
    "found_by",
    "organization_titles",
    "own_keys",
    "parts",
    "quoted",
    "services",
]

_FIELDS = [
    *("id", "name", "title", "organization", "extras_uri", "extras_guid"),
    *("verbund_from", "verbund_until"),
]
_MOST_KEYS = 200
"""References of one package that are looked up; of more nobody reads the list."""


@dataclass(frozen=True)
class Entry:
    """A package in a list.

    Attributes:
        name: In addresses of this portal.
        title: For people.
        member: Title of its organisation.
        first: First day of its period as ISO day, or empty.
        last: Last day; ``domain.search.filters.OPEN_END`` if it goes on.
    """

    name: str
    title: str
    member: str
    first: str
    last: str


def quoted(text: Any) -> str:
    """Quote a text for Solr's query syntax."""
    return '"' + re.sub(r'(["\\])', r"\\\1", str(text)) + '"'


def own_keys(pkg: dict[str, Any]) -> list[str]:
    """Return what others may call a package."""
    guid = (e.get("value") for e in pkg.get("extras") or [] if e.get("key") == "guid")
    return list(dict.fromkeys(filter(None, [pkg["id"], pkg["name"], pkg.get("uri"), *guid])))


def parts(pkg: dict[str, Any], most: int) -> tuple[list[Entry], int]:
    """Return the datasets of a series, those of the latest period first.

    Args:
        pkg: The series.
        most: How many at most.

    Returns:
        The datasets, and how many there are.
    """
    keys = " OR ".join(map(quoted, own_keys(pkg)))
    docs, count = _asked(
        f"+dataset_type:dataset +verbund_series:({keys})",
        rows=most,
        sort="verbund_until desc, verbund_from desc, verbund_sort desc",
    )
    return _entries(docs), count


def services(pkg: dict[str, Any], most: int) -> list[Entry]:
    """Return the services that say they offer a dataset, by title.

    Args:
        pkg: The dataset.
        most: How many at most.
    """
    keys = " OR ".join(map(quoted, own_keys(pkg)))
    docs, _count = _asked(
        f"+dataset_type:data_service +verbund_serves:({keys})",
        rows=most,
        sort="verbund_sort asc",
    )
    return _entries(docs)


def found_by(keys: Iterable[Any], kind: str) -> dict[str, Entry]:
    """Return the packages of a type that are meant by IDs, names or IRIs.

    Args:
        keys: As packages name each other.
        kind: Their type.

    Returns:
        By the key that was given; without those that are not here for the reader.
    """
    wanted = [key for key in dict.fromkeys(keys) if isinstance(key, str) and key][:_MOST_KEYS]
    if not wanted:
        return {}
    listed = " OR ".join(map(quoted, wanted))
    asked = " OR ".join(f"{name}:({listed})" for name in ("id", "name", "uri", "guid"))
    docs, _count = _asked(f"+dataset_type:{kind} +({asked})", rows=2 * _MOST_KEYS)
    found = {}
    for doc, entry in zip(docs, _entries(docs), strict=True):
        # What is asked for as extras_uri, CKAN returns as uri.
        names = (doc.get(n) for n in ("id", "name", "uri", "guid"))
        found |= dict.fromkeys(filter(None, names), entry)
    return {key: found[key] for key in wanted if key in found}


def _asked(fq: str, **params: Any) -> tuple[list[dict[str, Any]], int]:
    """Search as the reader, private ones of their own members too."""
    query = {"q": "*:*", "fq": fq, "fl": _FIELDS, "include_private": True, **params}
    try:
        found = tk.get_action("package_search")({}, query)
    except SearchError:  # a search that fails must not take the page with it
        return [], 0
    return found["results"], found["count"]


def _entries(docs: list[dict[str, Any]]) -> list[Entry]:
    titles = organization_titles(doc.get("organization") for doc in docs)
    return [
        Entry(
            name=doc["name"],
            title=doc.get("title") or doc["name"],
            member=titles.get(doc.get("organization"), ""),
            first=doc.get("verbund_from") or "",
            last=doc.get("verbund_until") or "",
        )
        for doc in docs
    ]


def organization_titles(names: Iterable[Any]) -> dict[str, str]:
    """Return titles of organisations by name, in one query."""
    wanted = set(names) - {None}
    if not wanted:
        return {}
    group = model.Group
    rows = model.Session.query(group.name, group.title).filter(group.name.in_(wanted))
    return {name: title or name for name, title in rows}
