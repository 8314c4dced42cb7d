# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose datasets somebody may change."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import authz, model


def editable_by(user_name: str) -> frozenset[str] | None:
    """Return the IDs of the organisations whose datasets an account may change, in one query.

    Args:
        user_name: Name of the account; empty for nobody.

    Returns:
        The IDs, or None for the system administration, which may change all.
    """
    if authz.is_sysadmin(user_name):
        return None
    user = model.User.get(user_name) if user_name else None
    if user is None:
        return frozenset()
    member, group = model.Member, model.Group
    rows = model.Session.scalars(
        sa.select(member.group_id)
        .join(group, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.table_id == user.id,
            member.state == "active",
            member.capacity.in_(authz.get_roles_with_permission("update_dataset")),
            group.is_organization.is_(True),
            group.state == "active",
        )
    )
    return frozenset(rows)
