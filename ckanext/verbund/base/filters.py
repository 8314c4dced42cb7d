# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filters of ``package_search`` beside those for a field: period, place and box.

They come as ``extras``, as CKAN foresees it: ``ext_from`` and ``ext_to`` (year, month or
day), ``ext_place`` (official name or key), ``ext_bbox`` (west, south, east, north; ours only
to be checked, ckanext-spatial applies it). One that cannot be applied is an error for
programs and a message for people; it is never left out silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ckan.lib.search import SearchError
from ckan.plugins import toolkit as tk

from ckanext.verbund.base import spatial
from ckanext.verbund.domain import places
from ckanext.verbund.domain.search import filters
from ckanext.verbund.domain.search.filters import UnusableError

NAMES = ("ext_from", "ext_to", "ext_place", "ext_bbox")


def before_dataset_search(search_params: dict[str, Any]) -> dict[str, Any]:
    """Apply period and place; check the box.

    For the hook of the same name.

    Raises:
        SearchError: One of them cannot be applied; its text names field, reason, remedy.
    """
    asked = {**(search_params.get("extras") or {}), "sort": search_params.get("sort")}
    if not any(asked.get(name) for name in (*NAMES, "sort")):
        return search_params
    queries, wrong = read(asked)
    if wrong:
        raise SearchError(" ".join(wrong.values()))
    if not queries:
        return search_params
    return search_params | {"fq_list": [*search_params.get("fq_list", []), *queries]}


def read(asked: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Return the filter queries for Solr, and what is wrong by the name of the field.

    Args:
        asked: Values by the names in `NAMES`, and ``sort``; others are passed over.
    """
    begin, until, place, box = (_text(asked.get(name)) for name in NAMES)
    queries, wrong = [], {}
    if begin or until:
        try:
            queries.append(filters.period(begin, until))
        except UnusableError as error:
            wrong["ext_to" if error.field == "to" else "ext_from"] = _told(error)
    if place:
        if found := places.resolve(place):
            queries.append(filters.place(found))
        else:
            unknown = spatial.unknown_place({"text": place[:80]})
            wrong["ext_place"] = unknown or tk._("Please enter the name of a place.")
    if box:
        try:
            filters.box(box)
        except UnusableError as error:
            wrong["ext_bbox"] = _told(error)
    order = _text(asked.get("sort"))
    if order and not _is_order(order):
        wrong["sort"] = tk._(
            "Order: “{value}” is not an order. Please choose one of those offered."
        ).format(value=order[:40])
    return queries, wrong


def _is_order(text: str) -> bool:
    """Return whether each part says its direction; Solr refuses one that does not."""
    parts = [text] if "(" in text else text.split(",")
    return text == "rank" or all(re.search(r"\S\s+(?:asc|desc)\s*$", part) for part in parts)


def _text(value: Any) -> str:
    """Return a value; of several, as an address can hold them, the last."""
    return str((value[-1] if isinstance(value, list) and value else value) or "").strip()


def _told(error: UnusableError) -> str:
    return _MESSAGES[error.field, error.reason]().format(value=error.value)


_MESSAGES: dict[tuple[str, str], Callable[[], str]] = {
    ("from", "unreadable"): lambda: tk._(
        "Period, from: “{value}” is not a date. Please enter a year, a month or a day, "
        "for example 2024, 03.2024 or 24.03.2024."
    ),
    ("to", "unreadable"): lambda: tk._(
        "Period, to: “{value}” is not a date. Please enter a year, a month or a day, "
        "for example 2024, 03.2024 or 24.03.2024."
    ),
    ("period", "reversed"): lambda: tk._(
        "Period: the end lies before the beginning ({value}). Please swap the two."
    ),
    ("box", "unreadable"): lambda: tk._(
        "Map section: “{value}” does not consist of four numbers. Please enter west, south, "
        "east and north in degrees, or choose a place by name."
    ),
    ("box", "reversed"): lambda: tk._(
        "Map section: west must be smaller than east and south smaller than north; a "
        "section across the date line (180°) is not possible. Please swap the values or "
        "choose a place by name."
    ),
    ("box", "outside"): lambda: tk._(
        "Map section: longitudes lie between -180 and 180, latitudes between -90 and 90 "
        "degrees. Please correct the values or choose a place by name."
    ),
    ("box", "empty"): lambda: tk._(
        "Map section: the section has no area. Please draw a larger one or choose a place "
        "by name."
    ),
}
