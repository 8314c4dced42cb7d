# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Helpers of CKAN that show English or American forms, made German.

Each one replaces CKAN's helper of the same name on German pages and leaves
pages in other languages alone. A plugin registers them from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.exceptions import default_exceptions

from ckanext.verbund.domain import german

# What CKAN says of a page that is no number; it is English in every language.
_PAGE_NUMBER = re.compile(r'"page" parameter must be a positive integer')


@tk.chained_helper
def render_datetime(
    original: Callable[..., str],
    datetime_: Any,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Write day and time in German order.

    CKAN's own pattern is "November 24, 2026" in every language, with the year
    of the calendar *week*, which is wrong around New Year.
    """
    if date_format or not (with_hours or with_seconds) or tk.h.lang() != "de":
        return original(datetime_, date_format, with_hours, with_seconds)
    moment = datetime_
    if isinstance(moment, str):
        try:
            moment = tk.h.date_str_to_datetime(moment)
        except (TypeError, ValueError):
            return ""
    if not isinstance(moment, datetime):
        return ""
    return german.date_time(moment, seconds=with_seconds, zone=tk.h.get_display_timezone())


@tk.chained_helper
def get_allowed_view_types(
    original: Callable[..., list[tuple[str, str, str]]],
    resource: dict[str, Any],
    package: dict[str, Any],
) -> list[tuple[str, str, str]]:
    """Translate the kinds of view ("Table"), which CKAN lists as plugins name them."""
    return [(name, tk._(title), icon) for name, title, icon in original(resource, package)]


def verbund_activity_type(kind: str) -> str:
    """Return what a kind of activity is called ("new package"), else the kind itself."""
    names = {
        "new package": tk._("New dataset"),
        "changed package": tk._("Changed dataset"),
        "deleted package": tk._("Deleted dataset"),
        "follow dataset": tk._("Followed dataset"),
        "new resource view": tk._("New view"),
        "changed resource view": tk._("Changed view"),
        "deleted resource view": tk._("Deleted view"),
        "new user": tk._("New user"),
        "changed user": tk._("Changed user"),
        "follow user": tk._("Followed user"),
        "new group": tk._("New group"),
        "changed group": tk._("Changed group"),
        "deleted group": tk._("Deleted group"),
        "follow group": tk._("Followed group"),
        "new organization": tk._("New organization"),
        "changed organization": tk._("Changed organization"),
        "deleted organization": tk._("Deleted organization"),
        "follow organization": tk._("Followed organization"),
    }
    return names.get(kind, kind)


_PLURAL = {
    "breadcrumb", "content tab", "facet label", "main nav", "my label", "page title",
    "search placeholder",
}  # fmt: skip


@tk.chained_helper
def humanize_entity_type(
    original: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Name our own package types, which CKAN calls by their type ("Dataset series")."""
    names = {
        "dataset_series": (tk._("Dataset series"), tk._("Dataset series (several)")),
        "data_service": (tk._("Data service"), tk._("Data services")),
    }
    text = original(entity_type, object_type, purpose)
    if entity_type == "activity" or object_type not in names or text is None:
        return text
    one, several = names[object_type]
    if purpose in _PLURAL:
        return several
    return text.replace(object_type.replace("_", " ").capitalize(), one)


def verbund_error_detail(code: int, text: str | None) -> str:
    """Return what an error page adds: the view's own words, not werkzeug's English ones."""
    stock = default_exceptions.get(code)
    if text and _PAGE_NUMBER.fullmatch(text):
        return tk._("The number of the page must be a whole number from 1.")
    return "" if code >= 500 or (stock and text == stock.description) else text or ""
