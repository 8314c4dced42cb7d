# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fresh data are, and whether they are overdue.

The rule: whoever promises a frequency owes an update after that time, and is overdue when
a quarter of it (at least one day) has passed besides. The promise is ``dct:accrualPeriodicity``
with the intervals of the EU list "frequency" (Publications Office). The allowance is ours:
udata grants one day (``update_fulfilled_in_time`` in ``core/dataset/models.py``), which the
yearly figures of a town hall would miss every year.

Not judged: irregular data, data without a promise, and everything that is promised more often
than daily. Of live data the portal knows the day of the metadata, not that of the values.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ckanext.verbund.domain import vocab

__all__ = ["DAYS", "Freshness", "judge", "latest"]

DAYS = {
    "DAILY_2": 1,
    "DAILY": 1,
    "WEEKLY_3": 3,
    "WEEKLY_2": 4,
    "WEEKLY": 7,
    "MONTHLY_3": 11,
    "BIWEEKLY": 14,
    "MONTHLY_2": 16,
    "MONTHLY": 31,
    "BIMONTHLY": 62,
    "QUARTERLY": 92,
    "ANNUAL_3": 122,
    "ANNUAL_2": 184,
    "ANNUAL": 366,
    "BIENNIAL": 731,
    "TRIENNIAL": 1096,
    "QUADRENNIAL": 1461,
    "QUINQUENNIAL": 1827,
    "DECENNIAL": 3653,
    "BIDECENNIAL": 7305,
    "TRIDECENNIAL": 10958,
}
"""Days after which the next update is due, by code of the frequency; others are not judged."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?$")


@dataclass(frozen=True)
class Freshness:
    """The verdict on a dataset.

    Attributes:
        changed: Day of the last change, if known.
        due: Day by which the next update was promised, if one was.
        overdue: The allowance after ``due`` has passed as well.
    """

    changed: date | None
    due: date | None = None
    overdue: bool = False


def judge(frequency: str | None, changed: date | None, today: date) -> Freshness:
    """Say whether an update is overdue.

    Args:
        frequency: Value of the vocabulary "frequency", in any of its spellings.
        changed: Day of the last change of the data.
        today: The day of the verdict.
    """
    concept = vocab.load("frequency").get(frequency)
    days = DAYS.get(concept.code) if concept else None
    if not days or not changed:
        return Freshness(changed)
    due = changed + timedelta(days=days)
    allowance = timedelta(days=max(1, days // 4))
    return Freshness(changed, due, today > due + allowance)


def latest(values: Iterable[str | None], today: date) -> date | None:
    """Return the latest day of ISO dates, or None.

    Of a year or a month alone the last day counts; what lies in the future counts as today;
    what is no date does not count.

    Args:
        values: Dates or moments such as ``2026``, ``2026-09``, ``2026-09-30T12:00:00``.
        today: The day of the question.
    """
    days = [day for value in values if (day := _day(value))]
    return min(max(days), today) if days else None


def _day(value: str | None) -> date | None:
    found = _DATE.match(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None
