# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares what the public sees with what was decided; a difference is an alarm.

The gate and its triggers should leave nothing to find. The sweep does not ask them: it reads
the database, the index, the actions and the files as somebody without an account would, and
knocks at the doors themselves, through everything that stands before them.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from flask import Flask, current_app

from ckanext.verbund.ethics import audit, content, publication
from ckanext.verbund.ethics.model import EXEMPT, decision, gate, rows

log = logging.getLogger(__name__)

_PAGE = 1000
_KNOCKS = 200  # datasets that are asked for over HTTP in one night, chosen anew each time
_CLOSED = {404, 410, 503}
_ANONYMOUS = {"user": "", "ignore_auth": False}


@dataclass(frozen=True)
class Difference:
    """Something that the public sees, and nobody decided it should.

    Attributes:
        package_id: Of which package.
        where: ``database``, ``index``, ``package_list``, ``package_search``,
            ``package_show``, ``activity``, ``http`` (a page, file, table or form of it) or
            ``content`` (another one than decided on).
    """

    package_id: str
    where: str


def run(*, repair: bool = False, app: Flask | None = None) -> list[Difference]:
    """Look for differences.

    Args:
        repair: Take back what is public without a decision, and index it anew.
        app: The application whose doors are knocked at; the one that runs by default.

    Returns:
        What was found, before any repair.
    """
    public, others, names = _packages()
    found = [*_in_database(), *_in_index(public), *_in_lists(public, names)]
    found += [*_shown(others), *_in_activities(others), *_other_content(public)]
    found += _over_http(others, app or current_app)
    for one in found:
        log.error("Public without a decision: %s in %s", one.package_id, one.where)
    if repair and found:
        _repair(found)
    return found


def scheduled() -> None:
    """Look every night, and repair."""
    run(repair=True)


def _packages() -> tuple[set[str], set[str], dict[str, str]]:
    """Return IDs of public and of all other packages by the rule, and IDs by name."""
    package = model.package_table
    allowed = sa.and_(
        package.c.state == "active",
        package.c.private.is_(False),
        sa.func.verbund_ethics_in_force(package.c.id),
    ).label("allowed")
    query = sa.select(package.c.id, package.c.name, allowed).where(
        package.c.type.not_in(EXEMPT)
    )
    found = model.Session.execute(query).all()
    public = {id for id, _name, yes in found if yes}
    return public, {row[0] for row in found} - public, {row[1]: row[0] for row in found}


def _in_database() -> Iterator[Difference]:
    package = model.package_table
    query = sa.select(package.c.id).where(
        package.c.state == "active",
        package.c.private.is_(False),
        package.c.type.not_in(EXEMPT),
        sa.not_(sa.func.verbund_ethics_in_force(package.c.id)),
    )
    for id in model.Session.scalars(query).all():
        yield Difference(id, "database")


def _in_index(public: set[str]) -> Iterator[Difference]:
    connection, start = make_connection(), 0
    filters = [
        f'site_id:"{tk.config["ckan.site_id"]}"',
        "entity_type:package",
        "permission_labels:public OR capacity:public",
        *(f"-dataset_type:{name}" for name in EXEMPT),
    ]
    while True:
        page = connection.search(
            "*:*", fq=filters, fl="id", rows=_PAGE, start=start, sort="id asc"
        )
        for document in page.docs:
            if document["id"] not in public:
                yield Difference(document["id"], "index")
        start += _PAGE
        if start >= page.hits:
            return


def _in_lists(public: set[str], names: dict[str, str]) -> Iterator[Difference]:
    for name in tk.get_action("package_list")(dict(_ANONYMOUS), {}):
        if name in names and names[name] not in public:
            yield Difference(names[name], "package_list")
    start = 0
    while True:
        page = tk.get_action("package_search")(
            dict(_ANONYMOUS), {"fl": "id", "rows": _PAGE, "start": start, "sort": "id asc"}
        )
        for one in page["results"]:
            if one["id"] in names.values() and one["id"] not in public:
                yield Difference(one["id"], "package_search")
        start += len(page["results"])
        if not page["results"]:
            return


def _shown(others: set[str]) -> Iterator[Difference]:
    for id in sorted(others):
        try:
            tk.check_access("package_show", dict(_ANONYMOUS), {"id": id})
        except (tk.NotAuthorized, tk.ObjectNotFound):
            continue
        yield Difference(id, "package_show")


def _over_http(others: set[str], app: Flask) -> list[Difference]:
    """Knock at every door of some packages, as a stranger does."""
    chosen = random.sample(sorted(others), min(_KNOCKS, len(others)))
    package, resource = model.package_table, model.resource_table
    asked = model.Session.execute(
        sa.select(package.c.id, package.c.name, package.c.type, resource.c.id)
        .outerjoin(resource, resource.c.package_id == package.c.id)
        .where(package.c.id.in_(chosen))
    ).all()
    doors: dict[str, list[str]] = {}
    for id, name, kind, file in asked:
        begin = f"/{kind or 'dataset'}/{name}"
        found = doors.setdefault(
            id, [begin, f"{begin}.ttl", f"/api/3/action/package_show?id={id}"]
        )
        if file:
            found += [
                f"/dataset/{id}/resource/{file}",
                f"/dataset/{id}/resource/{file}/download/x",
                f"/api/3/action/resource_show?id={file}",
                f"/api/3/action/datastore_search?resource_id={file}",
            ]
    model.Session.remove()  # each knock ends with the session of its own
    client = app.test_client(use_cookies=False)
    return [
        Difference(id, "http")
        for id, addresses in doors.items()
        if any(client.get(one).status_code not in _CLOSED for one in addresses)
    ]


def _in_activities(others: set[str]) -> Iterator[Difference]:
    if not sa.inspect(model.ensure_engine()).has_table("activity"):
        return
    query = sa.text(
        "SELECT DISTINCT object_id FROM activity WHERE permission_labels && ARRAY['public']"
    )
    for id in model.Session.scalars(query).all():
        if id in others:
            yield Difference(id, "activity")


def _other_content(public: set[str]) -> Iterator[Difference]:
    query = sa.select(gate.c.package_id, decision.c.fingerprint).join(
        decision, decision.c.id == gate.c.decision_id
    )
    for row in rows(query.where(decision.c.inherited_from.is_(None))):
        if row["package_id"] not in public:
            continue
        try:
            same = content.fingerprint(content.show(row["package_id"])) == row["fingerprint"]
        except (tk.ObjectNotFound, tk.ValidationError):
            same = False  # a file is gone: what was decided on is not there
        if not same:
            yield Difference(row["package_id"], "content")


def _repair(found: list[Difference]) -> None:
    changed = {one.package_id for one in found if one.where == "content"}
    model.Session.execute(
        sa.update(gate).where(gate.c.package_id.in_(changed)).values(stale=True)
    )
    ids = {one.package_id for one in found}
    hidden = publication.hide(ids)
    if any(one.where == "activity" for one in found):
        _relabel(ids)
    package = model.package_table
    owners = model.Session.execute(
        sa.select(package.c.id, package.c.owner_org).where(package.c.id.in_(ids))
    )
    for id, owner in owners.all():
        places = sorted({one.where for one in found if one.package_id == id})
        audit.write(owner or "", "sweep", "system", {"found": places}, package_id=id)
    model.Session.commit()
    publication.index(ids)
    for id in hidden:
        publication.WITHDRAWN.send(id)


def _relabel(ids: set[str]) -> None:
    model.Session.execute(
        sa.text(
            "UPDATE activity a SET permission_labels = ARRAY['member-' || p.owner_org] "
            "FROM package p WHERE p.id = a.object_id AND p.id = ANY(:ids) "
            "AND NOT verbund_ethics_in_force(p.id) AND a.permission_labels && ARRAY['public']"
        ),
        {"ids": sorted(ids)},
    )
