# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Helpers of CKAN that show English or American forms, made German.

Each one replaces CKAN's helper of the same name on German pages and leaves
pages in other languages alone. A plugin registers them from here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain import german


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
