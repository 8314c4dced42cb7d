# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the data of a dataset last changed, said alike on its page and in lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckanext.verbund.domain import freshness

__all__ = ["data_changed"]


def data_changed(package: Mapping[str, Any], today: date) -> date | None:
    """Return the day on which the data last changed: what is said, or an upload.

    Args:
        package: As ``package_show`` returns it, or as CKAN validated it.
        today: The day of the question.
    """
    resources = package.get("resources") or []
    values = [package.get("modified")]
    values += [r.get("modified") for r in resources]
    values += [r.get("last_modified") for r in resources if r.get("url_type") == "upload"]
    texts = (value if isinstance(value, str) else None for value in values)
    return freshness.latest(texts, today) or freshness.latest(
        [str(package.get("issued") or "")], today
    )
