# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds out who answers: reads what the portal knows and asks the rule."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from ckan import authz, model

from ckanext.verbund.domain.dialog import routing
from ckanext.verbund.domain.dialog.routing import Route


def of_dataset(package: dict[str, Any]) -> Route:
    """Return where a question about a dataset goes.

    Args:
        package: The dataset as ``package_show`` returns it.
    """
    organization = package.get("organization") or {}
    if not organization:
        return Route(routing.NOBODY, "")
    owner = organization.get("title") or organization.get("name") or ""
    extras = {extra["key"]: extra["value"] for extra in package.get("extras") or []}
    if "guid" not in extras and not package.get("guid"):
        return routing.of_dataset(owner=owner, harvested=False)
    publishers = _rows(package.get("publisher"))
    return routing.of_dataset(
        owner=owner,
        harvested=True,
        iri=str(package.get("uri") or extras.get("uri") or extras.get("guid") or ""),
        publisher=next((p["name"] for p in publishers if p.get("name")), ""),
        mailboxes=[
            str(row["email"]).removeprefix("mailto:").strip()
            for row in [*_rows(package.get("contact")), *publishers]
            if row.get("email")
        ],
        pages=[str(package.get("url") or "")],
        homes=_homes(),
    )


def of_member(organization: model.Group) -> Route:
    """Return where a question or wish to a member goes."""
    extras = organization.extras or {}
    return routing.of_member(
        name=organization.title or organization.name,
        mirror=_is_mirror(organization.id),
        namespaces=_texts(extras.get("namespaces")),
        email=extras.get("email", ""),
        page=extras.get("homepage", ""),
    )


def staff(organization_id: str) -> list[dict[str, Any]]:
    """Return who may answer for a member by role: ``id``, ``name``, ``sysadmin``; by name."""
    user, member = model.User, model.Member
    rows = model.Session.execute(
        sa.select(user.id, user.name, user.fullname, user.sysadmin)
        .join(member, sa.and_(member.table_id == user.id, member.table_name == "user"))
        .where(
            member.group_id == organization_id,
            member.state == "active",
            member.capacity.in_(authz.get_roles_with_permission("update_dataset")),
            user.state == "active",
        )
        .order_by(sa.func.coalesce(user.fullname, user.name))
    )
    return [
        {"id": row.id, "name": row.fullname or row.name, "sysadmin": row.sysadmin}
        for row in rows
    ]


def _is_mirror(organization_id: str) -> bool:
    """Say whether an organisation only holds what was harvested, and nobody here answers.

    The system administration does not count: it made the organisation for the source.
    """
    package = model.Package
    source = sa.exists().where(
        package.owner_org == organization_id,
        package.type == "harvest",
        package.state == "active",
    )
    return bool(model.Session.scalar(sa.select(source))) and not any(
        not person["sysadmin"] for person in staff(organization_id)
    )


def _homes() -> list[routing.Home]:
    group = model.Group
    rows = model.Session.execute(
        sa.select(group.title, group.name, group.extras["namespaces"].astext).where(
            group.is_organization.is_(True),
            group.state == "active",
            group.extras.has_key("namespaces"),
        )
    )
    return [routing.Home(title or name, _texts(value)) for title, name, value in rows]


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return [value] if value else []
    return [str(text) for text in value] if isinstance(value, list) else []
