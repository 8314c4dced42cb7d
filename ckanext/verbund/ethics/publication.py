# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a decision does to the package: puts it on the net or takes it off."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics.ending import Ended
from ckanext.verbund.ethics import withdrawals
from ckanext.verbund.ethics.model import EXEMPT, decision, gate, in_force

log = logging.getLogger(__name__)

PUBLISHED = tk.signals.ckanext.signal("verbund_published")
WITHDRAWN = tk.signals.ckanext.signal("verbund_withdrawn")
DECIDED = tk.signals.ckanext.signal("verbund_decided")


def point(package_id: str, decision_id: str | None) -> None:
    """Let a decision be the one that counts for a package, or none."""
    values = {"package_id": package_id, "decision_id": decision_id, "stale": False}
    changes = {"decision_id": decision_id, "stale": False}
    query = insert(gate).values(was_public=False, **values)
    model.Session.execute(
        query.on_conflict_do_update(index_elements=["package_id"], set_=changes)
    )


def lift(package_id: str, decision_id: str | None) -> None:
    """Let a decision count no more, if it is the one that counts."""
    model.Session.execute(
        sa.update(gate)
        .where(gate.c.package_id == package_id, gate.c.decision_id == decision_id)
        .values(decision_id=None)
    )


def dependents(decision_id: str) -> list[str]:
    """Return the IDs of the packages whose decision was inherited from another one."""
    query = sa.select(gate.c.package_id).join(decision, decision.c.id == gate.c.decision_id)
    return list(model.Session.scalars(query.where(decision.c.inherited_from == decision_id)))


def publish(package_id: str, user_name: str) -> bool:
    """Make a package public, commit, index; the decision commits with it.

    Args:
        package_id: The package; its decision counts already.
        user_name: Account that decided.

    Returns:
        Whether it is public now. What was decided as restricted stays off the net while it
        has files, and sources of harvesting are never datasets.
    """
    package = model.Package.get(package_id)
    if package.type in EXEMPT or not in_force(package_id):
        model.Session.commit()
        return False
    withdrawals.restored([package_id])
    if package.private or package.state != "active":
        context = {"user": user_name, "ignore_auth": True}
        tk.get_action("package_patch")(
            context, {"id": package_id, "private": False, "state": "active"}
        )
    model.Session.commit()
    # An update that spells decisive fields in another way is other content: not public.
    return not model.Package.get(package_id).private


def hide(package_ids: Iterable[str]) -> list[str]:
    """Make packages private that are public without a decision in force; no commit.

    Returns:
        IDs of those that were public.
    """
    package = model.package_table
    found = model.Session.scalars(
        sa.update(package)
        .where(
            package.c.id.in_(list(package_ids)),
            package.c.state == "active",
            package.c.private.is_(False),
            package.c.type.not_in(EXEMPT),
            sa.not_(sa.func.verbund_ethics_in_force(package.c.id)),
        )
        .values(private=True)
        .returning(package.c.id)
    )
    hidden = list(found)
    model.Session.expire_all()
    return hidden


def withdraw(
    package_id: str, decision_id: str | None, kind: Ended, *, sealed: bool = False
) -> None:
    """Take a package off the net with all that inherits its decision; commit, index, tell.

    Args:
        package_id: The package.
        decision_id: The decision that counts no more.
        kind: How it leaves.
        sealed: Nobody learns why.
    """
    ids = [package_id, *(dependents(decision_id) if decision_id else ())]
    lift(package_id, decision_id)
    hidden = hide(ids)
    gone = withdrawals.record(hidden, ids, kind, decision_id, sealed=sealed)
    model.Session.commit()
    index({package_id, *hidden})
    for id in gone:
        WITHDRAWN.send(id)
    if kind is Ended.PROTECTIVE:
        withdrawals.empty(gone)


def index(package_ids: Iterable[str]) -> None:
    """Write packages to the search index anew; what fails is taken out of it.

    Called after the commit: a package that is private already must not stay in the index
    because Solr or a broken dataset got in the way.
    """
    for id in package_ids:
        try:
            search.rebuild(id)
        except Exception:
            log.exception("Package %s could not be indexed and is taken out", id)
            search.clear(id)


def expire() -> list[str]:
    """Take back what was public until a day that is over; for the schedule.

    Returns:
        IDs of the packages.
    """
    over = sa.select(gate.c.package_id).join(decision, decision.c.id == gate.c.decision_id)
    over = over.where(decision.c.valid_until < tasks.today())
    ids = set(model.Session.scalars(over))
    sources = model.Session.scalars(
        sa.select(gate.c.decision_id).where(gate.c.package_id.in_(ids))
    )
    for source in list(sources):
        ids.update(dependents(source))
    hidden = hide(ids)
    withdrawals.record(hidden, (), Ended.ORDINARY)
    model.Session.commit()
    index(hidden)
    for id in hidden:
        WITHDRAWN.send(id)
    return hidden
