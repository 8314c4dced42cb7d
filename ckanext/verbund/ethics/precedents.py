# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this portal and its neighbours decided, kept in a table so that no page waits for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import tasks
from ckanext.verbund.domain import musterdatensatz
from ckanext.verbund.domain.ethics import precedents as rules
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.precedents import Precedent
from ckanext.verbund.domain.http import FetchError, Policy, fetch
from ckanext.verbund.ethics import papers
from ckanext.verbund.ethics.model import precedent, rows

log = logging.getLogger(__name__)

OWN = ""
_PREFIX = "ckanext.verbund.ethics."
_PAGE = 500  # entries that a register gives at once
_MAX_BYTES, _MAX_SECONDS = 4 << 20, 30
_LOOKED_AT = 300  # rows of one kind that the rule picks from


def neighbours() -> list[str]:
    """Return the addresses of the registers of other portals."""
    return [url for url in tk.config[f"{_PREFIX}neighbours"] if url.strip()]


def refresh() -> list[str]:
    """Read all registers anew; for the schedule. A broken one keeps what it had.

    Returns:
        Addresses of those that could not be read.
    """
    _store(OWN, [_own(entry) for entry in papers.entries()][: rules.MOST])
    failed = []
    for url in neighbours():
        try:
            found = _read(url)
        except (FetchError, ValueError) as error:
            log.warning("The register %s could not be read: %s", url, error)
            failed.append(url)
            continue
        _store(url, found)
    kept = [OWN, *neighbours()]
    model.Session.execute(sa.delete(precedent).where(precedent.c.source.not_in(kept)))
    model.Session.commit()
    return failed


def _own(entry: papers.register.Entry) -> Precedent:
    return Precedent(
        id=entry.id,
        outcome=entry.outcome,
        decided_on=entry.decided_on,
        title=entry.title,
        member=entry.member,
        office=entry.office,
        grounds=entry.grounds,
        reason=entry.reason,
        conditions=entry.conditions,
        kind=entry.kind,
        themes=entry.themes,
        ended=entry.ended_on is not None,
    )


def _read(url: str) -> list[Precedent]:
    policy = Policy(
        max_bytes=_MAX_BYTES,
        max_seconds=_MAX_SECONDS,
        connect_seconds=10,
        max_redirects=2,
        allow_private=tk.config[f"{_PREFIX}allow_private_addresses"],
    )
    found: dict[str, Precedent] = {}
    for offset in range(0, rules.MOST, _PAGE):
        with fetch(f"{url}?offset={offset}", policy) as pieces:
            text = b"".join(pieces).decode("utf-8", "replace")
        page, total = rules.read(text, tasks.today())
        found |= {one.id: one for one in page}
        if offset + _PAGE >= total:
            break
    return list(found.values())


def _store(source: str, found: Iterable[Precedent]) -> None:
    """Put the entries of a register in place of those it had, in one transaction."""
    values = [
        {
            "source": source,
            "id": one.id,
            "kind": one.kind or _guessed(one.title),
            "themes": list(one.themes),
            "decided_on": one.decided_on,
            "entry": {k: v for k, v in asdict(one).items() if k != "decided_on"},
        }
        for one in found
    ]
    model.Session.execute(sa.delete(precedent).where(precedent.c.source == source))
    if values:
        model.Session.execute(sa.insert(precedent), values)
    model.Session.commit()


def _guessed(title: str) -> str:
    """Return the kind of data that a title names, if it does so clearly.

    What is not public has no kind in the register: its description was never looked through.
    Its title was, and tells no more to a machine than to a person.
    """
    first = musterdatensatz.suggest(title, limit=1)
    clear = first and first[0].score >= musterdatensatz.DOUBT
    return first[0].concept.code if clear else ""


def similar(kind: str, themes: list[str], not_decision: str) -> list[dict[str, object]]:
    """Return what others decided about the same kind of data, or the same theme.

    Args:
        kind: Code of the Musterdatensatz, or empty.
        themes: Codes of the themes.
        not_decision: ID of a decision that is left out: one's own.

    Returns:
        ``title``, ``outcome``, ``grounds``, ``office``, ``member``, ``reason``,
        ``conditions``, ``decided_on``, ``ended``, ``url``, ``portal`` (host of a neighbour,
        or empty), ``same_kind``.
    """
    alike = sa.or_(
        sa.and_(precedent.c.kind == kind, precedent.c.kind != ""),
        precedent.c.themes.overlap(themes),
    )
    query = sa.select(precedent).where(alike, precedent.c.id != not_decision)
    order = ((precedent.c.kind == kind).desc(), precedent.c.decided_on.desc(), precedent.c.id)
    found = {
        row["id"]: row for row in rows(query.order_by(*order).limit(_LOOKED_AT))
    }  # two portals never give the same ID
    known = [
        Precedent(**{**row["entry"], "decided_on": row["decided_on"], "kind": row["kind"]})
        for row in found.values()
    ]
    return [
        _shown(one, found[one.id]["source"], kind) for one in rules.match(known, kind, themes)
    ]


def _shown(one: Precedent, source: str, kind: str) -> dict[str, object]:
    lang, grounds = ("en" if tk.h.lang() == "en" else "de"), load().grounds
    url = (
        f"{source.removesuffix('.json').rstrip('/')}/{one.id}"
        if source
        else tk.url_for("verbund_register.show", id=one.id)
    )
    return {
        "title": one.title,
        "outcome": one.outcome,
        "outcome_text": rules.OUTCOME_TEXTS[one.outcome][lang],
        "grounds": [grounds[code][lang] for code in one.grounds if code in grounds],
        "office": one.office or one.member,
        "reason": one.reason,
        "conditions": one.conditions,
        "decided_on": one.decided_on.isoformat(),
        "ended": one.ended,
        "url": url,
        "portal": urlsplit(source).hostname or "",
        "same_kind": bool(kind) and one.kind == kind,
    }
