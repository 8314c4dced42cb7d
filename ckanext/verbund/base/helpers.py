# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund``: choices and names from the vocabularies, German forms.

ckanext-scheming calls a ``choices_helper`` with the field alone and finds it by name, so
there is one function for each vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import tasks
from ckanext.verbund.base.german import (
    get_allowed_view_types,
    humanize_entity_type,
    render_datetime,
    verbund_activity_type,
    verbund_error_detail,
)
from ckanext.verbund.domain import german, vocab

__all__ = [
    "get_allowed_view_types",
    "humanize_entity_type",
    "render_datetime",
    "verbund_activity_type",
    "verbund_choices_access_right",
    "verbund_choices_checksum_algorithm",
    "verbund_choices_contributor",
    "verbund_choices_data_theme",
    "verbund_choices_dataset_type",
    "verbund_choices_distribution_status",
    "verbund_choices_file_type",
    "verbund_choices_frequency",
    "verbund_choices_geocoding_level",
    "verbund_choices_hvd_category",
    "verbund_choices_language",
    "verbund_choices_license",
    "verbund_choices_media_type",
    "verbund_choices_musterdatensatz",
    "verbund_choices_planned_availability",
    "verbund_choices_publisher_type",
    "verbund_column_type",
    "verbund_day",
    "verbund_due",
    "verbund_error_detail",
    "verbund_label",
    "verbund_task_cards",
    "verbund_task_count",
]


class Choice(TypedDict):
    """A value as ckanext-scheming offers it."""

    value: str
    label: dict[str, str]


def _choices(vocabulary: str) -> Callable[[dict[str, Any]], list[Choice]]:
    """Make the helper of one vocabulary."""

    def choices(field: dict[str, Any]) -> list[Choice]:
        """Return what the vocabulary offers, by German label."""
        return [
            {"value": concept.iri, "label": dict(concept.labels)}
            for concept in vocab.load(vocabulary).current
        ]

    choices.__name__ = choices.__qualname__ = f"verbund_choices_{vocabulary}"
    return choices


verbund_choices_access_right = _choices("access_right")
verbund_choices_checksum_algorithm = _choices("checksum_algorithm")
verbund_choices_contributor = _choices("contributor")
verbund_choices_data_theme = _choices("data_theme")
verbund_choices_dataset_type = _choices("dataset_type")
verbund_choices_distribution_status = _choices("distribution_status")
verbund_choices_file_type = _choices("file_type")
verbund_choices_frequency = _choices("frequency")
verbund_choices_geocoding_level = _choices("geocoding_level")
verbund_choices_hvd_category = _choices("hvd_category")
verbund_choices_language = _choices("language")
verbund_choices_license = _choices("license")
verbund_choices_media_type = _choices("media_type")
verbund_choices_musterdatensatz = _choices("musterdatensatz")
verbund_choices_planned_availability = _choices("planned_availability")
verbund_choices_publisher_type = _choices("publisher_type")


def verbund_label(vocabulary: str, value: str) -> str:
    """Return what a value is called in the language of the reader, else the value."""
    return vocab.load(vocabulary).label(value, tk.h.lang())


def verbund_day(value: date | datetime | str) -> str:
    """Return a day as one writes it, in the time zone of the portal.

    Args:
        value: A day, or a moment in UTC, also as ISO text.
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        value = moment.astimezone(tk.h.get_display_timezone()).date()
    return german.long_date(value) if tk.h.lang() == "de" else value.isoformat()


def verbund_due(day: date | str) -> dict[str, Any]:
    """Return when something is due, in words, and whether it is overdue.

    Args:
        day: The day by which it should be done, also as ISO text.
    """
    due = date.fromisoformat(day) if isinstance(day, str) else day
    late = (tasks.today() - due).days
    if late > 0:
        text = tk.ungettext("overdue since yesterday", "overdue for {num} days", late)
        return {"text": text.format(num=late), "overdue": True}
    if late == 0:
        return {"text": tk._("due today"), "overdue": False}
    return {"text": tk._("by {day}").format(day=verbund_day(due)), "overdue": False}


def verbund_task_cards() -> list[str]:
    """Return the templates of the cards that other plugins add to the page of tasks."""
    return tasks.cards()


def verbund_task_count() -> int:
    """Return how many tasks wait for the reader; 0 for visitors."""
    user = tk.current_user
    return 0 if user.is_anonymous else tasks.count(user)


def verbund_column_type(name: str) -> str:
    """Return what a type of column is called, ours or PostgreSQL's."""
    return {
        "integer": tk._("Whole number"),
        "decimal": tk._("Decimal number"),
        "date": tk._("Date"),
        "timestamp": tk._("Date and time"),
        "timestamptz": tk._("Date and time with time zone"),
        "time": tk._("Time of day"),
        "boolean": tk._("Yes or no"),
        "text": tk._("Text"),
    }.get(_COLUMN_TYPES.get(name, name), name)


_COLUMN_TYPES = {
    **dict.fromkeys(("int2", "int4", "int8"), "integer"),
    **dict.fromkeys(("numeric", "float4", "float8"), "decimal"),
    "bool": "boolean",
}
