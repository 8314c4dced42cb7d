# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What "restricted" does to a dataset: files go inside, or a coarser version goes out.

**On request.** The files move to a dataset of their own that nobody decides on and that
therefore stays private: every path to a file leads through its dataset, so none of them has to
be closed one by one, and the database's rule "restricted has no file" still stands behind it.
IDs of files stay; when the decision is revoked they come back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.domain.ethics.restriction import DERIVATIVE, ON_REQUEST, RESTRICTED
from ckanext.verbund.domain.ethics.workflow import Action, File, Wish
from ckanext.verbund.ethics import cases, content, publication
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import EXEMPT, Row, first, link, now, rows

#: Kinds of links: to the dataset that holds the files, to the one that this is coarser than.
FILES, COARSER = "files", DERIVATIVE


def withhold(situation: Situation, after: File, wish: Wish) -> File:
    """Take the files of a dataset inside if it is decided that they are given on request.

    No commit: description, files and decision change together. The decision is about what
    becomes public, so its fingerprint is that of the dataset without files.

    Args:
        situation: The case before; its package is locked.
        after: The case as the rules make it.
        wish: What the person wants.

    Returns:
        The case after, with the fingerprint of what becomes public.
    """
    package = model.Package.get(situation.row["package_id"])
    restricts = wish.action is Action.DECIDE_RESTRICTED and wish.way == ON_REQUEST
    if not restricts or package.type in EXEMPT:
        return after
    known = _link(package.id)
    internal_id = known["original_id"] if known else ""
    if package.resources:
        internal_id = internal_id or _internal(package).id
        _move(package.id, internal_id)
    before = (package.extras or {}).get("access_rights")
    package.extras = {**(package.extras or {}), "access_rights": RESTRICTED}
    package.metadata_modified = now()  # else CKAN answers with files from its index
    if known:
        changed = sa.update(link).where(link.c.package_id == package.id, link.c.kind == FILES)
        model.Session.execute(changed.values(original_id=internal_id))
    else:
        values = {"package_id": package.id, "kind": FILES, "original_id": internal_id}
        model.Session.execute(sa.insert(link).values(**values, access_rights=before))
    model.Session.flush()
    model.Session.expire_all()
    mark = content.fingerprint(content.show(package.id))
    return replace(after, fingerprint=mark, decided=mark)


def settle(situation: Situation, wish: Wish) -> None:
    """Do what follows a step once it is stored: index moved files, or give them back."""
    package_id = situation.row["package_id"]
    known = _link(package_id)
    if known is None:
        return
    if wish.action in {Action.REVOKE, Action.REVIEW_AGAIN}:
        _give_back(package_id, known)
        if wish.action is Action.REVIEW_AGAIN:
            cases.look_again(cases.get(situation.row["id"]))
        model.Session.commit()
        publication.index([package_id])
    if known["original_id"]:
        publication.index([known["original_id"]])


def _give_back(package_id: str, known: Row) -> None:
    """Bring files and access right back to a dataset that is private again; no commit."""
    _move(known["original_id"], package_id)
    package = model.Package.get(package_id)
    extras = {n: v for n, v in (package.extras or {}).items() if n != "access_rights"}
    if known["access_rights"]:
        extras["access_rights"] = known["access_rights"]
    package.extras = extras
    package.metadata_modified = now()
    if known["original_id"]:
        model.Package.get(known["original_id"]).state = "deleted"
    model.Session.execute(
        sa.delete(link).where(link.c.package_id == package_id, link.c.kind == FILES)
    )
    model.Session.flush()
    model.Session.expire_all()


def _internal(package: model.Package) -> model.Package:
    title = tk._("Internal files: {title}").format(title=package.title or package.name)
    made = model.Package(
        name=f"intern-{package.id}",
        title=title,
        type="dataset",
        state="active",
        private=True,
        owner_org=package.owner_org,
        creator_user_id=package.creator_user_id,
    )
    model.Session.add(made)
    model.Session.flush()
    return made


def _move(from_id: str, to_id: str) -> None:
    table = model.resource_table
    model.Session.execute(
        sa.update(table)
        .where(table.c.package_id == from_id, table.c.state == "active")
        .values(package_id=to_id)
    )
    model.Session.expire_all()


def _link(package_id: str) -> Row | None:
    return first(sa.select(link).where(link.c.package_id == package_id, link.c.kind == FILES))


def internal_ids() -> sa.Select:
    """Return a query for the datasets that only hold the files of another one."""
    return sa.select(link.c.original_id).where(link.c.kind == FILES)


def refuse_internal(package_id: str) -> None:
    """Refuse to decide on files apart from the dataset that they belong to.

    Raises:
        ValidationError: The dataset only holds the files of another one.
    """
    query = internal_ids().where(link.c.original_id == package_id)
    if model.Session.scalar(query) is not None:
        text = tk._(
            "This dataset only holds files that are given on request. "
            "Revoke the decision of the dataset that they belong to; then they come back."
        )
        raise tk.ValidationError({"package_id": [text]})


# -- Coarser versions ---------------------------------------------------------------------


def derive(original: model.Package, derivative_id: str) -> None:
    """Remember of which private original a dataset is the coarser version; no commit."""
    values = {"package_id": derivative_id, "kind": COARSER, "original_id": original.id}
    model.Session.execute(sa.insert(link).values(**values))


def related(package_id: str) -> list[dict[str, Any]]:
    """Return what a dataset is linked with, in one query; for staff, titles are not public.

    Returns:
        ``kind`` (``files``, ``files_of``, ``original``, ``derivative``), ``id``, ``name``,
        ``title``, ``private`` of each.
    """
    package = model.package_table
    query = (
        sa.select(
            link.c.kind,
            link.c.original_id,
            package.c.id,
            package.c.name,
            sa.func.coalesce(package.c.title, package.c.name).label("title"),
            package.c.private,
        )
        .join(
            package,
            sa.or_(
                sa.and_(link.c.package_id == package_id, package.c.id == link.c.original_id),
                sa.and_(link.c.original_id == package_id, package.c.id == link.c.package_id),
            ),
        )
        .where(package.c.state != "deleted")
        .order_by(link.c.created)
    )
    return [
        {
            "kind": _KINDS[row["kind"], row["original_id"] == package_id],
            **{name: row[name] for name in ("id", "name", "title", "private")},
        }
        for row in rows(query)
    ]


_KINDS = {
    (FILES, False): "files",
    (FILES, True): "files_of",
    (COARSER, False): "original",
    (COARSER, True): "derivative",
}
