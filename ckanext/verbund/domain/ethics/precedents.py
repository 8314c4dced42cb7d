# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others decided about the same kind of data: read their registers, pick what helps.

A register of a neighbour is hostile input: what does not fit is left out, what is too long is
cut, and a link is made of the address that the portal was told, never of one that came along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .register import OUTCOME_TEXTS

#: Entries of one register that are kept, the newest first.
MOST = 2500
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_CODE = re.compile(r"[0-9a-z/_-]{1,120}")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST = {"title": 300, "member": 200, "office": 200, "reason": 1000, "conditions": 1000}


@dataclass(frozen=True)
class Precedent:
    """A decision that somebody made, as a public register tells it.

    Attributes:
        id: Of the decision.
        outcome: ``open``, ``restricted`` or ``refused``.
        decided_on: The day.
        title: As the register has it.
        member: Who decided.
        office: Which office of it.
        grounds: Codes.
        reason: The public reason.
        conditions: What holds for the data.
        kind: Code of the Musterdatensatz, if it is known.
        themes: Codes of the themes.
        ended: The decision was revoked.
    """

    id: str
    outcome: str
    decided_on: date
    title: str
    member: str = ""
    office: str = ""
    grounds: tuple[str, ...] = ()
    reason: str = ""
    conditions: str = ""
    kind: str = ""
    themes: tuple[str, ...] = ()
    ended: bool = False


def read(text: str, today: date) -> tuple[list[Precedent], int]:
    """Read one page of a register.

    Args:
        text: The JSON, as the register of a portal of this software gives it.
        today: What was decided after tomorrow is no decision.

    Returns:
        The entries that fit, and how many the register says there are.

    Raises:
        ValueError: It is no register.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("Das ist kein JSON.") from None
    entries = found.get("entries") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise ValueError("Das ist kein Register von Entscheidungen.")
    total = found.get("total")
    read_ = (_entry(one, today) for one in entries[:MOST])
    return [one for one in read_ if one], total if isinstance(total, int) else len(entries)


def _entry(one: Any, today: date) -> Precedent | None:
    if not isinstance(one, dict):
        return None
    texts = {name: _text(one.get(name), longest) for name, longest in _LONGEST.items()}
    day = _day(one.get("decided_on"))
    id, outcome = one.get("id"), one.get("outcome")
    if not (isinstance(id, str) and _ID.fullmatch(id)) or not texts["title"]:
        return None
    if outcome not in OUTCOME_TEXTS or day is None or day > today + timedelta(days=1):
        return None
    kind = one.get("kind")
    return Precedent(
        id=id,
        outcome=outcome,
        decided_on=day,
        grounds=_codes(one.get("grounds")),
        kind=kind if isinstance(kind, str) and _CODE.fullmatch(kind) else "",
        themes=_codes(one.get("themes"), upper=True),
        ended=bool(one.get("ended_on")),
        **texts,
    )


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        return ""
    text = " ".join(_INVISIBLE.sub("", value[: longest * 4]).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _codes(value: Any, *, upper: bool = False) -> tuple[str, ...]:
    given = value[:30] if isinstance(value, list) else []
    texts = [one for one in given if isinstance(one, str)]
    return tuple(one for one in texts if _CODE.fullmatch(one.lower() if upper else one))


def match(
    found: Iterable[Precedent], kind: str, themes: Collection[str], limit: int = 5
) -> list[Precedent]:
    """Return the decisions that help most: the same kind of data first, else the same theme.

    Within these the newest come first. If some decided otherwise, the newest of those is
    always among them: who decides should see that one can differ.

    Args:
        found: What is known.
        kind: Code of the Musterdatensatz of the dataset, or empty.
        themes: Codes of its themes.
        limit: How many at most.
    """
    every = list(found)
    alike = [one for one in every if kind and one.kind == kind]
    alike = alike or [one for one in every if set(themes) & set(one.themes)]
    alike.sort(key=lambda one: (one.ended, -one.decided_on.toordinal(), one.id))
    shown = alike[:limit]
    others = [one for one in alike[limit:] if one.outcome not in {o.outcome for o in shown}]
    return [*shown[:-1], others[0]] if others else shown
