# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Findings and points of own packages, kept per version, so that lists cost one query.

A package is checked again when it changed, when the rules changed, and after a week: some
rules know the day, and others look at its member. That happens in a job, one package after the
other; pages say how many are still waiting.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as version_of
from importlib.resources import files
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.types import Context
from redis import RedisError
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.dcat import describe, findings
from ckanext.verbund.dcat.model import Checked
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.graph import triples_of
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.quality import mqa

__all__ = ["EVERY", "Result", "of", "of_member", "refresh", "refresh_soon"]

log = logging.getLogger(__name__)

EVERY = 1800
"""Seconds between two looks for packages that changed."""
_OLD = dt.timedelta(days=7)
_TYPES = ("dataset", "dataset_series", "data_service")
_SOON = 120  # seconds in which a second visit of a page asks for no second job
_LONGEST = 3600  # seconds of one job


@dataclass(frozen=True)
class Result:
    """What is known of one package.

    Attributes:
        id, name, type, title: Of the package.
        found: Its findings; None if it is still to be checked.
        estimate: Estimated points; None for what gets none.
    """

    id: str
    name: str
    type: str
    title: str
    found: list[dict[str, Any]] | None
    estimate: mqa.Estimate | None


@cache
def _rules() -> str:
    """Return a mark of the rules: their words, and the release of the code."""
    folder = files("ckanext.verbund.schemas")
    tables = sorted(
        (entry for name in ("checks", "shapes") for entry in (folder / name).iterdir()),
        key=lambda entry: entry.name,
    )
    content = b"".join(entry.read_bytes() for entry in tables if entry.is_file())
    return f"{version_of('ckanext-verbund')}-{hashlib.sha256(content).hexdigest()[:12]}"


def _version() -> sa.ColumnElement[str]:
    """Return the mark of a package's version and of all else that its findings hang on.

    A member is part of it: its publisher and identifiers are inherited.
    """
    package, group = model.Package, model.Group
    parts = (package.metadata_modified, group.title, group.extras)
    state = sa.func.md5(sa.func.concat_ws(" ", *(sa.cast(part, sa.Text) for part in parts)))
    return sa.func.concat(state, f" {_rules()}")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def of(package: Mapping[str, Any], context: Context) -> Result:
    """Return what is known of one own package; it is checked now if need be.

    Args:
        package: As ``package_show`` returns it.
        context: Who reads; the package is known to be theirs to change.
    """
    row = model.Session.execute(
        sa.select(_version().label("version"), Checked)
        .select_from(model.Package)
        .outerjoin(model.Group, model.Group.id == model.Package.owner_org)
        .outerjoin(Checked, Checked.package_id == model.Package.id)
        .where(model.Package.id == package["id"])
    ).one()
    known = row.Checked
    if known is None or not _is_current(known, row.version):
        known = _check(package, row.version, context)
    return _result(package["id"], package["name"], package["type"], package["title"], known)


def _is_current(known: Any, version: str) -> bool:
    return known.version == version and known.checked > _now() - _OLD


def _check(package: Mapping[str, Any], version: str, context: Context) -> Checked:
    """Check a package and keep what was found for this version."""
    (value,) = describe.Describer(context).values([package])
    points: Mapping[str, int] = {}
    unknown: frozenset[str] = frozenset()
    if isinstance(value, d.Dataset):
        triples = triples_of(to_graph(value))
        every = mqa.estimates(triples, _answering(value))
        one = next((e for e in every if e.subject == value.uri), None)
        if one:
            points, unknown = one.points, one.unknown
    fields = {
        "version": version,
        "found": findings.found_in(package, value),
        "points": dict(points),
        "unknown": sorted(unknown),
        "checked": _now(),
    }
    statement = insert(Checked).values(package_id=package["id"], **fields)
    statement = statement.on_conflict_do_update(index_elements=["package_id"], set_=fields)
    # A connection of its own: reading a page must not end what else is under way.
    with model.meta.engine.begin() as connection:
        connection.execute(statement)
    return Checked(package_id=package["id"], **fields)


def _answering(value: d.Dataset) -> dict[str, int]:
    """Return the addresses that answer for sure: those of this portal."""
    own = f"{describe.site()}/"
    addresses = (
        a for file in value.distribution for a in (*file.access_url, *file.download_url)
    )
    return {address: 200 for address in addresses if address.startswith(own)}


def _result(id: str, name: str, type: str, title: str, row: Checked | None) -> Result:
    estimate = (
        mqa.Estimate(id, row.points, frozenset(row.unknown)) if row and row.points else None
    )
    return Result(id, name, type, title or name, row.found if row else None, estimate)


def of_member(organization_id: str) -> tuple[list[Result], int]:
    """Return what is known of the own packages of a member, by title, in one query.

    Returns:
        The results, and how many of them are out of date or missing.
    """
    rows = model.Session.execute(_query(organization_id, Checked)).all()
    stale = sum(1 for r in rows if r.Checked is None or not _is_current(r.Checked, r.version))
    found = [_result(r.id, r.name, r.type, r.title, r.Checked) for r in rows]
    return sorted(found, key=lambda result: (result.title.casefold(), result.id)), stale


def _query(organization_id: str | None, *more: Any) -> sa.Select:
    package = model.Package
    query = (
        sa.select(
            package.id,
            package.name,
            package.type,
            package.title,
            _version().label("version"),
            *more,
        )
        .outerjoin(model.Group, model.Group.id == package.owner_org)
        .outerjoin(Checked, Checked.package_id == package.id)
        .where(
            package.type.in_(_TYPES),
            package.state == "active",
            sa.not_(package.extras.has_key("guid")),
        )
    )
    return query.where(package.owner_org == organization_id) if organization_id else query


def refresh(organization_id: str | None = None) -> int:
    """Check what changed since it was checked; a job, or a run of the schedule.

    Args:
        organization_id: Of one member only.

    Returns:
        How many packages were checked.
    """
    rows = model.Session.execute(_query(organization_id, Checked))
    stale = [
        (row.id, row.version)
        for row in rows
        if row.Checked is None or not _is_current(row.Checked, row.version)
    ]
    model.Session.rollback()
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    number = 0
    for key, version in stale:
        context = Context(user=site, ignore_auth=True)
        try:
            _check(tk.get_action("package_show")(context, {"id": key}), version, context)
            number += 1
        except tk.ObjectNotFound:
            continue  # deleted meanwhile
        except Exception:
            # One package that cannot be checked must not hide the findings of all others.
            log.exception("Package %s could not be checked", key)
        finally:
            # Objects of a thousand packages would pile up in one session.
            model.Session.rollback()
            model.Session.expunge_all()
    return number


def refresh_soon(organization_id: str) -> None:
    """Let a job check what changed in a member, unless one was just asked for."""
    key = f"verbund:{tk.config['ckan.site_id']}:checked:{organization_id}"
    try:
        if connect_to_redis().set(key, 1, nx=True, ex=_SOON):
            tk.enqueue_job(
                refresh,
                [organization_id],
                title="Check datasets of a member",
                rq_kwargs={"timeout": _LONGEST},
            )
    except RedisError:
        log.exception("No job could be asked for; the schedule checks later")
