# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of datasets that belong together: series and services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import look, related
from ckanext.verbund.theme import fields
from ckanext.verbund.theme.fields import Value, link

__all__ = ["MOST", "Part", "Parts", "parts_of", "series_of", "services_of"]

MOST = 30
"""Datasets that a page shows at first."""
_ALL = 1000
"""What ``package_search`` returns at most."""


@dataclass(frozen=True)
class Part:
    """A dataset in the list of a series or service."""

    title: str
    url: str
    member: str = ""
    period: str = ""


@dataclass(frozen=True)
class Parts:
    """The list, and how many there are."""

    shown: tuple[Part, ...] = ()
    count: int = 0


def parts_of(pkg: dict[str, Any], *, everything: bool = False) -> Parts:
    """Return the datasets of a series, newest first, or those that a service offers.

    Args:
        pkg: The series or service as its reader sees it; a dataset has none.
        everything: All instead of the first ones.
    """
    most = _ALL if everything else MOST
    if pkg["type"] == "dataset_series":
        entries, count = related.parts(pkg, most)
        return Parts(tuple(map(_part, entries)), count)
    if pkg["type"] != "data_service":
        return Parts()
    named = [key for key in pkg.get("serves_dataset") or [] if isinstance(key, str)]
    here = related.found_by(named, "dataset")
    listed = [
        _part(here[key]) if key in here else Part(key, link(key))
        for key in named
        # A name that finds nothing is gone or not for this reader.
        if key in here or link(key)
    ]
    unlike = list(dict.fromkeys(listed))
    return Parts(tuple(unlike[:most]), len(unlike))


def series_of(pkg: dict[str, Any]) -> list[Value]:
    """Return the series that a dataset belongs to, with their addresses."""
    named = [key for key in pkg.get("in_series") or [] if isinstance(key, str)]
    here = related.found_by(named, "dataset_series")
    values = [
        Value(here[key].title, _address("dataset_series", here[key].name))
        if key in here
        else Value(key, link(key))
        for key in named
        if key in here or link(key)
    ]
    return list(dict.fromkeys(values))


def services_of(pkg: dict[str, Any]) -> list[Value]:
    """Return the services that offer a dataset, with their addresses."""
    if pkg["type"] != "dataset":
        return []
    found = related.services(pkg, MOST)
    return [Value(entry.title, _address("data_service", entry.name)) for entry in found]


def _part(entry: related.Entry) -> Part:
    url = _address("dataset", entry.name)
    return Part(entry.title, url, entry.member, _period(entry.first, entry.last))


def _address(kind: str, name: str) -> str:
    return tk.url_for(f"{kind}.read", id="~").replace("~", quote(name))


def _period(first: str, last: str) -> str:
    """Write a period as short as it goes: whole years as years."""
    if last == look.OPEN_END:
        return tk._("since {start}").format(start=fields.day(first)) if first else ""
    if first[4:] == "-01-01" and last[4:] == "-12-31":
        start, end = first[:4], last[:4]
    else:
        start, end = fields.day(first), fields.day(last)
    if not start:
        return tk._("until {end}").format(end=end) if end else ""
    return start if start == end else tk._("{start} to {end}").format(start=start, end=end)
