# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is what for which member, today.

Who may edit the datasets of a member is an editor in its cases; all else is in a table of its
own. Being a sysadmin is no role, and a sysadmin account gets none: whoever runs the portal
decides nothing for a member.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import authz, model

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics.workflow import Person, Role
from ckanext.verbund.ethics.model import role as table
from ckanext.verbund.ethics.model import rows

#: Roles that somebody is given; an editor is who may edit datasets.
GIVEN = tuple(r for r in Role if r is not Role.EDITOR)


@dataclass(frozen=True)
class Holder:
    """Somebody with what they are for one member.

    Attributes:
        id: The account.
        roles: What they are.
        deputies: Those of the roles that they hold for somebody else.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    deputies: frozenset[Role] = field(default=frozenset())

    @property
    def person(self) -> Person:
        """Return what the rules need to know of them."""
        return Person(self.id, self.roles)


def holder(user: model.User, organization_id: str) -> Holder:
    """Return what an account is for a member today."""
    given = [] if user.sysadmin else _given(user.id, organization_id)
    found = {Role(one["role"]) for one in given}
    if _edits(user.id, organization_id):
        found.add(Role.EDITOR)
    deputies = frozenset(Role(one["role"]) for one in given if one["deputy"])
    return Holder(user.id, frozenset(found), deputies)


def members_of(user_id: str) -> list[str]:
    """Return the IDs of the members for which an account has a given role today."""
    query = sa.select(table.c.organization_id).distinct().where(_valid(user_id))
    return list(model.Session.scalars(query))


def given(organization_id: str) -> list[dict[str, Any]]:
    """Return the roles that people have for a member today, as they are stored."""
    query = sa.select(table).where(table.c.organization_id == organization_id, _in_time())
    return rows(query.order_by(table.c.role, table.c.user_id))


def has_reviewer(organization_id: str) -> bool:
    """Return whether a member has somebody for the review."""
    query = sa.select(table.c.id).where(
        table.c.organization_id == organization_id,
        table.c.role == Role.REVIEWER.value,
        _in_time(),
    )
    return model.Session.scalar(query.limit(1)) is not None


def organization_admin(user_id: str, organization_id: str) -> bool:
    """Return whether an account administers a member, as its own staff."""
    return _has_capacity(user_id, organization_id, ["admin"])


def _edits(user_id: str, organization_id: str) -> bool:
    return _has_capacity(
        user_id, organization_id, authz.get_roles_with_permission("update_dataset")
    )


def _has_capacity(user_id: str, organization_id: str, capacities: list[str]) -> bool:
    member = model.Member
    query = sa.select(member.id).where(
        member.table_name == "user",
        member.table_id == user_id,
        member.group_id == organization_id,
        member.state == "active",
        member.capacity.in_(capacities),
    )
    return model.Session.scalar(query.limit(1)) is not None


def _given(user_id: str, organization_id: str) -> list[dict[str, Any]]:
    return rows(
        sa.select(table).where(_valid(user_id), table.c.organization_id == organization_id)
    )


def _valid(user_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.user_id == user_id, _in_time())


def _in_time() -> sa.ColumnElement[bool]:
    """Return the condition of a role that counts today: whoever is gone has none."""
    day = tasks.today()
    account = model.User
    return sa.and_(
        table.c.valid_from <= day,
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= day),
        sa.exists().where(account.id == table.c.user_id, account.state == "active"),
    )
