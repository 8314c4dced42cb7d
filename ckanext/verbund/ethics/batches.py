# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches: alike datasets that are answered once and decided once.

Each dataset has a case, a fingerprint, an entry in the chain and a decision of its own; a
batch only saves doing the same thing again. It is named by the case of its first dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.domain.ethics import short_check
from ckanext.verbund.domain.ethics.short_check import ALIKE, Candidate
from ckanext.verbund.ethics import files, short_form
from ckanext.verbund.ethics.model import OPEN_STATES, Row, batch, case, rows

MOST = 50  # datasets of one batch


@dataclass(frozen=True)
class Dataset:
    """A dataset that may go into a batch, with what people read of it."""

    id: str
    name: str
    title: str
    alike: Candidate


def datasets(package_ids: list[str]) -> list[Dataset]:
    """Return datasets as the rule compares them, in three queries.

    Args:
        package_ids: Their IDs; the order stays.
    """
    package, resource = model.package_table, model.resource_table
    screened = files.screened_of(package_ids)
    licences: dict[str, set[str]] = {}
    extras = sa.cast(sa.func.nullif(resource.c.extras, ""), sa.dialects.postgresql.JSONB)
    query = sa.select(resource.c.package_id, extras["license"].astext.label("licence")).where(
        resource.c.package_id.in_(package_ids), resource.c.state == "active"
    )
    for row in rows(query):
        licences.setdefault(row["package_id"], set()).add(row["licence"] or "")
    wanted = ("musterdatensatz", "dcat_type", "source_system", "data_origin")
    said = [package.c.extras[name].astext.label(name) for name in wanted]
    query = sa.select(
        package.c.id, package.c.name, package.c.title, package.c.owner_org, *said
    ).where(package.c.id.in_(package_ids))
    found = {
        row["id"]: Dataset(
            row["id"],
            row["name"],
            row["title"] or row["name"],
            Candidate(
                id=row["id"],
                member=row["owner_org"] or "",
                type=row["dcat_type"] or "",
                licence=" ".join(sorted(licences.get(row["id"], ()))),
                musterdatensatz=row["musterdatensatz"] or "",
                columns=short_form.columns(screened.get(row["id"], [])) or (),
                source=" ".join(filter(None, (row["source_system"], row["data_origin"]))),
            ),
        )
        for row in rows(query)
    }
    return [found[id] for id in package_ids if id in found]


def groups(found: list[Dataset]) -> list[list[Dataset]]:
    """Return the groups of alike datasets, the largest first."""
    known = {one.id: one for one in found}
    every = short_check.batches(one.alike for one in found)
    return [[known[one.id] for one in group][:MOST] for group in every]


def why_not(first: Dataset, other: Dataset, lang: str) -> str:
    """Return in words what keeps a dataset out of the batch of another one, or nothing."""
    if not (other.alike.columns and other.alike.musterdatensatz):
        return tk._("Its kind or its columns are not known.")
    names = short_check.differences(first.alike, other.alike)
    listed = ", ".join(ALIKE[name][lang] for name in names)
    return tk._("It differs in: {names}").format(names=listed) if names else ""


def join(batch_id: str, case_ids: list[str]) -> None:
    """Put cases into a batch; no commit."""
    values = [{"case_id": id, "batch_id": batch_id} for id in case_ids]
    model.Session.execute(sa.insert(batch), values)


def leave(case_id: str) -> None:
    """Take a case out of its batch: it goes on alone; no commit."""
    model.Session.execute(sa.delete(batch).where(batch.c.case_id == case_id))


def followers() -> sa.Select:
    """Return a query for the cases that go with the first one of their batch."""
    return sa.select(batch.c.case_id).where(batch.c.case_id != batch.c.batch_id)


def of(case_id: str) -> list[Row]:
    """Return the open cases of the batch that a case is in, the first one first.

    Returns:
        ``id``, ``batch_id``, ``state``, ``fingerprint``, ``package_id``, ``name``, ``title``
        of each; nothing for a case that is in no batch.
    """
    own = sa.select(batch.c.batch_id).where(batch.c.case_id == case_id).scalar_subquery()
    package = model.package_table
    query = (
        sa.select(
            case.c.id,
            batch.c.batch_id,
            case.c.state,
            case.c.fingerprint,
            case.c.package_id,
            package.c.name,
            sa.func.coalesce(package.c.title, package.c.name).label("title"),
        )
        .join(batch, batch.c.case_id == case.c.id)
        .join(package, package.c.id == case.c.package_id)
        .where(batch.c.batch_id == own, case.c.state.in_(OPEN_STATES))
        .order_by(case.c.id != batch.c.batch_id, package.c.title, case.c.id)
    )
    return rows(query)


def shown(case_id: str) -> dict[str, Any]:
    """Return the batch of a case for its page.

    Returns:
        ``lead``: whether this case leads; ``first``: the leading case if another one does;
        ``others``: those that stand where this one stands and go with it.
    """
    found = of(case_id)
    own = next((one for one in found if one["id"] == case_id), None)
    if own is None:
        return {"lead": False, "first": None, "others": []}
    lead = own["id"] == own["batch_id"]
    first = next((one for one in found if one["id"] == one["batch_id"]), None)
    others = [one for one in found if one["id"] != case_id and one["state"] == own["state"]]
    return {"lead": lead, "first": None if lead else first, "others": others if lead else []}
