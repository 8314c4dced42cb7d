# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a package with what the automatic check said of their bytes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.domain.ethics.witness import Screened
from ckanext.verbund.domain.screening.report import VERSION, Report
from ckanext.verbund.ethics.model import file, rows, scan


def screened(package_id: str) -> list[Screened]:
    """Return the files of a package in their order, in one query.

    Args:
        package_id: The package.
    """
    return screened_of([package_id]).get(package_id, [])


def screened_of(package_ids: Iterable[str]) -> dict[str, list[Screened]]:
    """Return the files of packages in their order, by package, in one query.

    Args:
        package_ids: The packages; one without files is left out.
    """
    resource = model.resource_table
    query = (
        sa.select(
            resource.c.package_id,
            resource.c.id,
            resource.c.name,
            resource.c.url_type,
            sa.func.coalesce(file.c.sha256, "").label("sha256"),
            scan.c.report,
        )
        .outerjoin(file, file.c.resource_id == resource.c.id)
        .outerjoin(scan, sa.and_(scan.c.sha256 == file.c.sha256, scan.c.version == VERSION))
        .where(resource.c.package_id.in_(list(package_ids)), resource.c.state == "active")
        .order_by(resource.c.position, resource.c.id)
    )
    found: dict[str, list[Screened]] = {}
    for row in rows(query):
        found.setdefault(row["package_id"], []).append(
            Screened(
                row["id"],
                row["name"] or "",
                row["sha256"],
                remote=row["url_type"] != "upload",
                report=Report.from_dict(row["report"]) if row["report"] else None,
            )
        )
    return found


def remember(hashes: dict[str, str]) -> bool:
    """Keep which bytes the files have; no commit.

    Args:
        hashes: SHA-256 by ID of the resource.

    Returns:
        Whether any of them is another than was known.
    """
    if not hashes:
        return False
    query = insert(file).values(
        [{"resource_id": id, "mark": "", "sha256": found} for id, found in hashes.items()]
    )
    changed = query.on_conflict_do_update(
        index_elements=["resource_id"],
        set_={"sha256": query.excluded.sha256},
        where=file.c.sha256 != query.excluded.sha256,
    ).returning(file.c.resource_id)
    return bool(model.Session.execute(changed).all())


def report_of(sha256: str) -> Report | None:
    """Return what the rules in force say of bytes, if they were looked at."""
    query = sa.select(scan.c.report).where(scan.c.sha256 == sha256, scan.c.version == VERSION)
    found = model.Session.scalar(query)
    return Report.from_dict(found) if found else None


def keep(sha256: str, report: Report) -> None:
    """Store a result in place of an earlier one of these rules about these bytes; no commit."""
    values = {"sha256": sha256, "version": report.version, "report": report.as_dict()}
    query = insert(scan).values(values)
    model.Session.execute(
        query.on_conflict_do_update(
            index_elements=["sha256", "version"], set_={"report": query.excluded.report}
        )
    )
