# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The members of a portal: its organisations, with the facts that pages need."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

_FACTS = ("ags", "organization_type", "homepage", "email", "colour_primary")


@dataclass(frozen=True)
class Member:
    """One organisation; texts are empty where it says nothing."""

    id: str
    name: str
    title: str
    image_url: str
    ags: str = ""
    organization_type: str = ""
    homepage: str = ""
    email: str = ""
    colour_primary: str = ""


def all_members() -> list[Member]:
    """Return all active organisations by title, in one query."""
    group = model.Group
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title, group.image_url, group.extras)
        .where(group.is_organization.is_(True), group.state == "active")
        .order_by(group.title)
    )
    return [
        Member(
            id,
            name,
            title or name,
            image or "",
            **{fact: str(extras[fact]) for fact in _FACTS if (extras or {}).get(fact)},
        )
        for id, name, title, image, extras in rows
    ]


def by_area(listed: list[Member]) -> dict[str, Member]:
    """Return for each official key the member whose area it is.

    A municipal company has the key of its town; the town stands for the area.
    """
    found: dict[str, Member] = {}
    for member in listed:
        own = member.organization_type in _TERRITORIES
        if member.ags and (own or member.ags not in found):
            found[member.ags] = member
    return found


_TERRITORIES = {"municipality", "district", "association"}
