# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The members of a portal: its organisations, with the facts that pages need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

_FACTS = ("ags", "organization_type", "homepage", "email", "colour_primary", "colour_accent")


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
    colour_accent: str = ""


_COLUMNS = (
    model.Group.id,
    model.Group.name,
    model.Group.title,
    model.Group.image_url,
    model.Group.extras,
)


def all_members() -> list[Member]:
    """Return all active organisations by title, in one query."""
    rows = model.Session.execute(
        sa.select(*_COLUMNS)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(model.Group.title)
    )
    return [_member(*row) for row in rows]


def member(id: str) -> Member | None:
    """Return one organisation, in one query.

    Args:
        id: Its id, not its name.
    """
    row = model.Session.execute(
        sa.select(*_COLUMNS).where(
            model.Group.id == id,
            model.Group.is_organization.is_(True),
            model.Group.state == "active",
        )
    ).first()
    return _member(*row) if row else None


def _member(
    id: str, name: str, title: str | None, image: str | None, extras: dict[str, Any] | None
) -> Member:
    facts = {fact: str(extras[fact]) for fact in _FACTS if (extras or {}).get(fact)}
    return Member(id, name, title or name, _shown(image), **facts)


def _shown(image: str | None) -> str:
    """Return the address of an organisation's picture; uploads are stored by name alone."""
    if not image or image.startswith(("http", "/")):
        return image or ""
    return tk.h.url_for_static(f"uploads/group/{image}")


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
