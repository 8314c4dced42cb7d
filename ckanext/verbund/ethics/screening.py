# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has files looked at by the automatic check, in the worker, once per content.

A result is bound to SHA-256 and edition of the rules. A worker that dies leaves none, and
without one nothing is decided; ``again`` starts what is missing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model, types
from ckan.lib import files as storage
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.domain.ethics import witness, workflow
from ckanext.verbund.domain.ethics.ending import Ended
from ckanext.verbund.domain.screening.limits import LOOKING
from ckanext.verbund.domain.screening.report import VERSION, Hit, Report
from ckanext.verbund.domain.screening.scan import excerpts, scan_file
from ckanext.verbund.ethics import audit, cases, content, files, publication
from ckanext.verbund.ethics.model import OPEN_STATES, case, file, first, scan

log = logging.getLogger(__name__)

#: Seconds; the scan itself ends after 15 minutes, the rest is copying the file.
_TIMEOUT = 1800
_AT_ONCE = 50
_UPLOADED = (
    model.resource_table.c.state == "active",
    model.resource_table.c.url_type == "upload",
)
_WATCHED = (*OPEN_STATES, "decided_open", "decided_restricted", "suspended")


def subscriptions() -> types.SignalMapping:
    """Return what the plugin listens to: every change of a dataset, after its commit."""
    return {
        tk.signals.action_succeeded: [
            {"sender": name, "receiver": package_changed}
            for name in ("package_create", "package_update")
        ]
    }


def package_changed(sender: str, **signal: Any) -> None:
    """Have the files of a dataset looked at that are new or were replaced."""
    if signal["context"].get("defer_commit"):
        return
    result = signal["result"]
    start(result["id"] if isinstance(result, dict) else result)


def start(package_id: str, *, missing: bool = False) -> None:
    """Start a job for every uploaded file that was replaced since the last one.

    Whoever saves a dataset must not be held up because the queue is away: then the next run
    of ``again`` starts the job.

    Args:
        package_id: The dataset.
        missing: Also where a job was started before and left no result.
    """
    try:
        for id, mark in _wanted(package_id, missing=missing):
            _enqueue(id)
            query = insert(file).values(resource_id=id, mark=mark, sha256="")
            model.Session.execute(
                query.on_conflict_do_update(
                    index_elements=["resource_id"], set_={"mark": query.excluded.mark}
                )
            )
        model.Session.commit()
    except Exception:
        model.Session.rollback()
        log.exception("Files of %s could not be handed to the automatic check", package_id)


def _wanted(package_id: str, *, missing: bool) -> list[tuple[str, str]]:
    resource = model.resource_table
    query = (
        sa.select(
            resource.c.id,
            resource.c.url,
            resource.c.format,
            resource.c.last_modified,
            resource.c.size,
            sa.func.coalesce(file.c.mark, "").label("mark"),
            scan.c.sha256,
        )
        .outerjoin(file, file.c.resource_id == resource.c.id)
        .outerjoin(scan, sa.and_(scan.c.sha256 == file.c.sha256, scan.c.version == VERSION))
        .where(resource.c.package_id == package_id, *_UPLOADED)
    )
    found = []
    for row in model.Session.execute(query):
        parts = [(row.url or "").rsplit("/", 1)[-1], row.format, row.last_modified, row.size]
        mark = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
        if mark != row.mark or (missing and row.sha256 is None):
            found.append((row.id, mark))
    return found


def _enqueue(resource_id: str) -> None:
    tk.enqueue_job(
        look,
        [resource_id],
        title=f"Voruntersuchung {resource_id}",
        rq_kwargs={"timeout": _TIMEOUT},
    )


def again() -> list[str]:
    """Start what has no result: the worker died, or the rules are new ones; for the schedule.

    Jobs are done in order by the worker that runs the schedule, so that none of an earlier
    run is still waiting.

    Returns:
        IDs of the resources.
    """
    resource = model.resource_table
    query = (
        sa.select(resource.c.id)
        .join(case, case.c.package_id == resource.c.package_id)
        .outerjoin(file, file.c.resource_id == resource.c.id)
        .outerjoin(scan, sa.and_(scan.c.sha256 == file.c.sha256, scan.c.version == VERSION))
        .where(
            *_UPLOADED,
            case.c.state.in_(_WATCHED),
            scan.c.sha256.is_(None),
        )
        .order_by(case.c.changed)
        .limit(_AT_ONCE)
    )
    ids = list(dict.fromkeys(model.Session.scalars(query)))
    for id in ids:
        _enqueue(id)
    return ids


def look(resource_id: str) -> Report | None:
    """Look at the file of a resource, unless its bytes were looked at; the job itself.

    Args:
        resource_id: The resource.

    Returns:
        What was found, or None if there is no uploaded file to look at, or if it changed
        meanwhile; then the change starts another job.
    """
    try:
        resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    except tk.ObjectNotFound:
        return None
    if resource.get("url_type") != "upload":
        return None
    with tempfile.TemporaryDirectory(prefix="verbund-voruntersuchung-") as folder:
        path = Path(folder) / "datei"
        try:
            digest = _copy(resource, path)
        except (storage.exc.MissingFileError, FileNotFoundError):
            return None
        report = files.report_of(digest)
        if report is None or report.reason in witness.PASSING:
            report = scan_file(path, _kind(resource))
            # The session is as old as the scan was long; nothing was changed in it.
            model.Session.rollback()
            files.keep(digest, report)
    files.remember({resource_id: digest})
    model.Session.commit()
    _hold(resource["package_id"])
    return report


def rows(resource_id: str, sha256: str, hit: Hit | None) -> tuple[list[dict[str, Any]], str]:
    """Return some rows of a private file for those who judge it; nothing of it is kept.

    Args:
        resource_id: Of the file.
        sha256: Of the bytes that the finding is about.
        hit: The finding; None: the first rows.

    Returns:
        Values of ``report.Excerpt``, and why there are none; ``changed``: these are other
        bytes.
    """
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    if (resource.get("size") or 0) > LOOKING.max_bytes:
        return [], "too-large"
    with tempfile.TemporaryDirectory(prefix="verbund-voruntersuchung-") as folder:
        path = Path(folder) / "datei"
        try:
            digest = _copy(resource, path)
        except (storage.exc.MissingFileError, FileNotFoundError):
            return [], "changed"
        if digest != sha256:
            return [], "changed"
        return excerpts(path, _kind(resource), hit)


def _copy(resource: dict[str, Any], path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for piece in content.pieces(resource):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _kind(resource: dict[str, Any]) -> str:
    """Return the extension of the file's own name; what somebody wrote as format may err."""
    name = (resource.get("url") or "").rsplit("/", 1)[-1]
    return Path(name).suffix.lstrip(".") or resource.get("format") or ""


def _hold(package_id: str) -> None:
    """Suspend what is public if the check contradicts an answer of its case."""
    public = [state.value for state in workflow.PUBLIC]
    row = first(
        sa.select(case)
        .where(case.c.package_id == package_id, case.c.state.in_(public))
        .with_for_update()
    )
    if row is None:
        return
    situation = cases.situation(row)
    after = workflow.held_by_finding(situation.file, situation.advice)
    if after is situation.file:
        model.Session.rollback()
        return
    cases.keep(situation, after)
    audit.write(
        row["organization_id"],
        "suspend",
        "system",
        {"findings": sorted({kind for _, kind in situation.advice.contradictions})},
        package_id=package_id,
        case_id=row["id"],
        decision_id=row["decision_id"] or "",
        state=after.state.value,
        fingerprint=row["fingerprint"],
    )
    publication.withdraw(package_id, row["decision_id"], Ended.SUSPENDED)
