# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a publication ends: announced and late, or at once to protect somebody.

*Ordinary*: outdated, moved. It is announced, the files carry the status DEPRECATED, and after
30 days they are withdrawn (DCAT-AP.de, Konvention K24). *Protective*: personal data, security,
rights. Nobody waits, and everybody who copied the data is told to forget them.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from .workflow import PUBLIC, REFUSALS, File, Person, Refusal, Role

#: Days between the announcement and the end (Konvention K24).
NOTICE = timedelta(days=30)
DEPRECATED = "http://publications.europa.eu/resource/authority/distribution-status/DEPRECATED"
#: Who announces an end, and who takes it back.
ENDERS = frozenset({Role.DECIDER, Role.LEITUNG})


class Ended(str, Enum):
    """What became of something that was public."""

    SUSPENDED = "suspended"
    ORDINARY = "ordinary"
    PROTECTIVE = "protective"
    RESTORED = "restored"


#: These end a publication for good: 410. A suspended one comes back or ends: 503.
GONE = frozenset({Ended.ORDINARY, Ended.PROTECTIVE})
#: What neighbours learn; an ordinary end reaches them by the status and their own grace.
LISTED = frozenset({Ended.PROTECTIVE, Ended.RESTORED})


def objection(file: File, person: Person, reason: str) -> Refusal | None:
    """Return why somebody may not announce the end of a publication, or None if they may.

    Args:
        file: The case.
        person: Who wants it.
        reason: Why; it stands in the memory of the member.
    """
    code = ""
    if file.state not in PUBLIC:
        code = "state"
    elif not person.roles & ENDERS:
        code = "role"
    elif not reason.strip():
        code = "reason"
    return REFUSALS[code] if code else None


def last_day(today: date, wished: date | None = None) -> date:
    """Return the last day of a publication whose end is announced today.

    Args:
        today: The day in the portal's time zone.
        wished: A later day that somebody chose; an earlier one counts as none.
    """
    return max(today + NOTICE, wished or today)
