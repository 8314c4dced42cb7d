# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What left the net: kept in the transaction in which it leaves, told to everybody.

Only what was public gets a row. So an address that answers "gone" tells nothing that was not
public before, and one that never was answers as if there were nothing. Protective withdrawals
of own datasets get a number in a row without gaps: a neighbour notices when one is missing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import convert
from ckanext.verbund.base.origin import is_harvested
from ckanext.verbund.domain.ethics.ending import GONE, LISTED, Ended
from ckanext.verbund.ethics.model import Row, metadata, now, rows

log = logging.getLogger(__name__)

_MOST = 500  # entries of one answer
table = sa.Table(
    "verbund_ethics_withdrawal",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("sequence", sa.BigInteger),
    sa.Column("package_id", sa.UnicodeText),
    sa.Column("organization_id", sa.UnicodeText),
    sa.Column("decision_id", sa.UnicodeText),
    sa.Column("iri", sa.UnicodeText),
    sa.Column("kind", sa.UnicodeText),
    sa.Column("sealed", sa.Boolean),
    sa.Column("at", sa.UnicodeText),
    sa.Column("emptied", sa.DateTime),
)


def record(
    hidden: Iterable[str],
    others: Iterable[str],
    kind: Ended,
    decision_id: str | None = None,
    *,
    sealed: bool = False,
) -> list[str]:
    """Keep that packages left the net; no commit.

    Args:
        hidden: IDs of packages that were public until now.
        others: IDs of packages that left it earlier; a suspended one is now gone for good.
        kind: How they left.
        decision_id: The decision that counts no more.
        sealed: Nobody learns the reason, and the register loses its entry.

    Returns:
        IDs of those for which there is something new to tell.
    """
    hidden = set(hidden)
    before = _last({*hidden, *others})
    waiting = {id for id, last in before.items() if last["kind"] == Ended.SUSPENDED.value}
    ids = hidden | (waiting if kind in GONE else set())
    for id in sorted(ids):
        _write(id, kind, before.get(id), decision_id, sealed=sealed)
    return sorted(ids)


def restored(package_ids: Iterable[str]) -> None:
    """Keep that packages are public again, if they had left the net; no commit."""
    before = _last(package_ids)
    for id, last in sorted(before.items()):
        if last["kind"] != Ended.RESTORED.value:
            _write(id, Ended.RESTORED, last, last["decision_id"], sealed=False)


def _write(
    id: str, kind: Ended, last: Row | None, decision_id: str | None, *, sealed: bool
) -> None:
    package = model.Package.get(id)
    harvested = package is None or is_harvested(
        {"extras": [{"key": key} for key in package.extras or {}]}
    )
    listed = kind in LISTED and not harvested
    if kind is Ended.RESTORED:
        # Neighbours were told to forget it, and have to learn that they need not.
        listed = listed and _was_listed(id)
    row = {
        "sequence": _next() if listed else None,
        "package_id": id,
        "organization_id": (package.owner_org if package else "") or "",
        "decision_id": decision_id or (last["decision_id"] if last else ""),
        "iri": _iri(package) if package else last["iri"] if last else "",
        "kind": kind.value,
        "sealed": sealed,
        "at": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
    }
    model.Session.execute(sa.insert(table).values(row))


def _next() -> int:
    """Return the next number of the list; who asks next waits until the commit."""
    lock = sa.func.hashtext("verbund_ethics:withdrawals")
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    return (model.Session.scalar(sa.select(sa.func.max(table.c.sequence))) or 0) + 1


def _was_listed(package_id: str) -> bool:
    query = (
        sa.select(table.c.kind)
        .where(table.c.package_id == package_id, table.c.sequence.is_not(None))
        .order_by(table.c.number.desc())
    )
    return model.Session.scalar(query.limit(1)) == Ended.PROTECTIVE.value


def _last(package_ids: Iterable[str]) -> dict[str, Row]:
    query = (
        sa.select(table)
        .distinct(table.c.package_id)
        .where(table.c.package_id.in_(list(package_ids)))
        .order_by(table.c.package_id, table.c.number.desc())
    )
    return {row["package_id"]: row for row in rows(query)}


def _iri(package: model.Package) -> str:
    """Return the IRI under which the catalogue named a package."""
    given = str((package.extras or {}).get("uri") or "")
    if given:
        return given
    context, wanted = {"ignore_auth": True}, {"id": package.owner_org}
    for more in ("users", "groups", "dataset_count", "followers"):
        wanted[f"include_{more}"] = False
    namespace = site()
    if package.owner_org:
        found = tk.get_action("organization_show")(context, wanted)
        namespace = convert.member_of(found, namespace).namespace
    return f"{namespace}/dataset/{package.id}"


def site() -> str:
    """Return the beginning of the addresses of this portal."""
    return str(tk.config["ckan.site_url"]).rstrip("/")


# -- What is told -------------------------------------------------------------------------


def listed(since: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Return what neighbours have to obey: nothing but address, number, time and what to do.

    Args:
        since: Number of the last entry that the reader has.
        limit: How many entries at most.

    Returns:
        The entries, and the number of the newest there is.
    """
    query = (
        sa.select(table.c.sequence, table.c.iri, table.c.at, table.c.kind)
        .where(table.c.sequence > since)
        .order_by(table.c.sequence)
        .limit(max(1, min(limit, _MOST)))
    )
    states = {Ended.PROTECTIVE.value: "withdrawn", Ended.RESTORED.value: "restored"}
    entries = [
        {
            "sequence": row["sequence"],
            "iri": row["iri"],
            "time": row["at"],
            "state": states[row["kind"]],
        }
        for row in rows(query)
    ]
    return entries, newest()


def newest() -> int:
    """Return the number of the newest entry of the list, 0 without one."""
    return model.Session.scalar(sa.select(sa.func.max(table.c.sequence))) or 0


def sealed_decisions() -> set[str]:
    """Return the IDs of decisions that ended for a reason that nobody learns."""
    query = sa.select(table.c.decision_id).where(table.c.sealed)
    return set(model.Session.scalars(query))


def of_package(package_id: str) -> list[Row]:
    """Return what became of a package, the last first."""
    query = sa.select(table).where(table.c.package_id == package_id)
    return rows(query.order_by(table.c.number.desc()))


# -- What is left of the data -----------------------------------------------------------------


def empty(package_ids: Iterable[str] | None = None) -> list[str]:
    """Empty the tables of what was withdrawn protectively; done again until it is done.

    The files stay for the member, who has to mend them; nobody else reads them.

    Args:
        package_ids: Only of these; all by default, for the schedule.

    Returns:
        IDs of packages of which nothing is left in tables now.
    """
    query = sa.select(table.c.number, table.c.package_id).where(
        table.c.kind == Ended.PROTECTIVE.value, table.c.emptied.is_(None)
    )
    if package_ids is not None:
        query = query.where(table.c.package_id.in_(list(package_ids)))
    done = []
    for row in rows(query):
        try:
            _drop_tables(row["package_id"])
        except Exception:
            # Other packages must not wait for this one; the schedule comes back to it.
            model.Session.rollback()
            log.exception("Tables of package %s could not be emptied", row["package_id"])
            continue
        model.Session.execute(
            sa.update(table).where(table.c.number == row["number"]).values(emptied=now())
        )
        model.Session.commit()
        done.append(row["package_id"])
    return done


def _drop_tables(package_id: str) -> None:
    if not p.plugin_loaded("datastore"):
        return
    resource = model.resource_table
    ids = model.Session.scalars(
        sa.select(resource.c.id).where(resource.c.package_id == package_id)
    ).all()
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    for id in ids:
        context = {"ignore_auth": True, "user": site_user}
        try:
            tk.get_action("datastore_delete")(context, {"resource_id": id, "force": True})
        except tk.ObjectNotFound:
            continue  # it has no table


# -- Who asks for it ---------------------------------------------------------------------------

_FOUND = sa.text("""
SELECT f.id, f.type, f.owner_org, f.creator_user_id, w.kind, w.decision_id,
    coalesce(verbund_ethics_public(f) AND verbund_ethics_in_force(f.id), false) AS open
FROM (SELECT 1) AS one
LEFT JOIN package f ON f.id = (
    SELECT p.id FROM package p WHERE p.id = :ref
    UNION ALL SELECT p.id FROM package p WHERE p.name = :ref
    UNION ALL SELECT r.package_id FROM resource r WHERE r.id = :ref
    UNION ALL SELECT r.package_id FROM resource_view v
        JOIN resource r ON r.id = v.resource_id WHERE v.id = :ref
    LIMIT 1)
LEFT JOIN LATERAL (
    SELECT kind, decision_id FROM verbund_ethics_withdrawal w
    WHERE w.package_id = coalesce(f.id, :ref) ORDER BY number DESC LIMIT 1) w ON true
""")


def find(reference: str) -> Mapping[str, Any]:
    """Return what there is under a name or an ID, in one query that never comes back empty.

    Args:
        reference: ID or name of a package, ID of a file or of a view.

    Returns:
        ``id`` and ``type`` of the package, None without one; whether everybody may read it
        (``open``); how it left the net last (``kind``) and by which ``decision_id``.
    """
    [found] = rows(_FOUND.bindparams(ref=reference))
    return found
