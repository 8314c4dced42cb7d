# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about decisions: what counts for a dataset, and what a source passes on."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Context, DataDict

from ckanext.verbund.ethics import audit, publication, withdrawals
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import EXEMPT, Row, decision, first, gate, in_force
from ckanext.verbund.ethics.shown import iso

__all__ = [
    "verbund_decision_inherit",
    "verbund_decision_show",
    "verbund_source_decision_show",
]


@tk.side_effect_free
@tk.validate(schema.package)
def verbund_decision_show(context: Context, data_dict: DataDict) -> dict[str, Any] | None:
    """Show the decision that lets a dataset be public, for everybody: without names.

    Example::

        ckanapi action verbund_decision_show package_id=spielplaetze

    Args:
        context: The context; its user must be able to read the dataset.
        data_dict: ``package_id``, ID or name.

    Returns:
        ``id``, ``outcome``, ``organization_id``, ``inherited`` and ``inherited_from``,
        ``fingerprint``, ``catalogue_version``, ``catalogue_hash``, ``grounds``,
        ``way`` (of "restricted"), ``conditions``, ``review_date``, ``valid_until``,
        ``created``; None without one.
    """
    tk.check_access("verbund_decision_show", context, data_dict)
    package = model.Package.get(data_dict["package_id"])
    return decision_of(package.id)


@tk.side_effect_free
@tk.validate(schema.source)
def verbund_source_decision_show(
    context: Context, data_dict: DataDict
) -> dict[str, Any] | None:
    """Show the decision on a source of harvesting, if one lets its datasets be public.

    Args:
        context: The context; its user must have a role for the member that harvests.
        data_dict: ``source_id``, ID or name of the source.

    Returns:
        As ``verbund_decision_show``; None if the datasets of the source must stay private.
    """
    tk.check_access("verbund_source_decision_show", context, data_dict)
    package = model.Package.get(data_dict["source_id"])
    if package is None or package.type not in EXEMPT or not in_force(package.id):
        return None
    found = decision_of(package.id)
    return found if found and found["outcome"] == "open" else None


@tk.validate(schema.inherit)
def verbund_decision_inherit(context: Context, data_dict: DataDict) -> dict[str, list[str]]:
    """Let harvested datasets be public by the decision on their source.

    The decision binds to source and member, not to a fingerprint: the next run may bring
    other content. When the decision on the source ends, all of them are withdrawn with it.

    Args:
        context: The context; only software that runs without a person may do this. With
            ``defer_commit`` the caller commits and indexes.
        data_dict: ``source_id``; ``package_ids``.

    Returns:
        ``inherited``: IDs that are public by the source now; ``refused``: IDs that did not
        come from this source, or belong to another member.
    """
    tk.check_access("verbund_decision_inherit", context, data_dict)
    source = model.Package.get(data_dict["source_id"])
    above = tk.get_action("verbund_source_decision_show")(
        tk.fresh_context(context), {"source_id": data_dict["source_id"]}
    )
    wanted = list(dict.fromkeys(data_dict["package_ids"]))
    if source is None or above is None:
        return {"inherited": [], "refused": wanted}
    genuine = _from_source(source, wanted)
    parent = first(sa.select(decision).where(decision.c.id == above["id"]))
    known = _inheriting(genuine, parent["id"])
    for id in genuine:
        if id not in known:
            _inherit(id, parent)
    shown_ids = _show(genuine)
    withdrawals.restored(shown_ids)
    if not context.get("defer_commit"):
        model.Session.commit()
        publication.index(shown_ids)
        for id in shown_ids:
            publication.PUBLISHED.send(id)
    return {"inherited": genuine, "refused": [id for id in wanted if id not in genuine]}


def _from_source(source: model.Package, ids: list[str]) -> list[str]:
    """Return those packages that the harvester made from this source, in its member."""
    from ckanext.harvest.model import HarvestObject

    package = model.package_table
    query = (
        sa.select(package.c.id)
        .join(HarvestObject, HarvestObject.package_id == package.c.id)
        .where(
            package.c.id.in_(ids),
            package.c.owner_org == source.owner_org,
            package.c.type.not_in(EXEMPT),
            HarvestObject.harvest_source_id == source.id,
            HarvestObject.current.is_(True),
        )
    )
    found = set(model.Session.scalars(query))
    return [id for id in ids if id in found]


def _inheriting(ids: list[str], parent_id: str) -> set[str]:
    query = sa.select(gate.c.package_id).join(decision, decision.c.id == gate.c.decision_id)
    query = query.where(gate.c.package_id.in_(ids), decision.c.inherited_from == parent_id)
    return set(model.Session.scalars(query))


def _inherit(package_id: str, parent: Row) -> None:
    row = {
        **{name: value for name, value in parent.items() if name != "created"},
        "id": make_uuid(),
        "package_id": package_id,
        "inherited_from": parent["id"],
    }
    model.Session.execute(sa.insert(decision).values(row))
    publication.point(package_id, row["id"])
    audit.write(
        parent["organization_id"],
        "inherit",
        "system",
        {},
        package_id=package_id,
        case_id=parent["case_id"],
        decision_id=row["id"],
        fingerprint=parent["fingerprint"],
    )


def _show(ids: list[str]) -> list[str]:
    package = model.package_table
    found = model.Session.scalars(
        sa.update(package)
        .where(package.c.id.in_(ids), package.c.private.is_(True), package.c.state == "active")
        .values(private=False)
        .returning(package.c.id)
    )
    shown = list(found)
    model.Session.expire_all()
    return shown


def decision_of(package_id: str) -> dict[str, Any] | None:
    """Return the decision that counts for a package as everybody may read it, or None."""
    query = sa.select(decision).join(gate, gate.c.decision_id == decision.c.id)
    row = first(query.where(gate.c.package_id == package_id))
    if row is None:
        return None
    private = {
        "authors", "decided_by", "cosigned_by", "case_id", "recommendation", "deviates",
        "legal_ground",
    }  # fmt: skip
    shown = {name: value for name, value in iso(row).items() if name not in private}
    return shown | {"inherited": row["inherited_from"] is not None}
