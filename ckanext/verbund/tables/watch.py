# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notice that a file changed, and nothing else.

The fingerprint holds what changes with the file: where it is, what it is, when it was
uploaded. Our own note ``datastore_active`` is not part of it, so no load starts another.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.verbund.domain.tables.formats import table_format
from ckanext.verbund.tables import config, status


def fingerprint(resource: dict[str, Any]) -> str:
    """Return a mark that changes when the file of a resource does."""
    parts = [
        resource.get("url_type") or "",
        (resource.get("url") or "").rsplit("/", 1)[-1]
        if resource.get("url_type") == "upload"
        else resource.get("url") or "",
        (resource.get("format") or "").lower(),
        str(resource.get("last_modified") or "")[:26].replace(" ", "T"),
        str(resource.get("size") or ""),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def check_package(package_id: str) -> list[str]:
    """Start a job for every resource of a dataset whose file changed.

    Args:
        package_id: The dataset.

    Returns:
        The resources for which a job was started.
    """
    resources = (
        model.Session.query(model.Resource)
        .filter_by(package_id=package_id, state=model.State.ACTIVE)
        .all()
    )
    if not resources:
        return []
    known = status.known([r.id for r in resources])
    harvested: bool | None = None
    started = []
    for row in resources:
        resource = _values(row)
        mark = fingerprint(resource)
        before = known.get(row.id)
        if before and before.get("fingerprint") == mark:
            continue
        if not table_format(resource["format"] or "", resource["url"] or ""):
            if before and before["state"] not in {"none"}:
                enqueue(row.id, mark)
            continue
        if resource["url_type"] != "upload":
            if resource["url_type"] or not config.loads_linked():
                continue
            if harvested is None:
                harvested = is_harvested(package_id)
            if harvested:
                continue
        enqueue(row.id, mark)
        started.append(row.id)
    return started


def _values(row: model.Resource) -> dict[str, Any]:
    modified = row.last_modified
    return {
        "url": row.url,
        "url_type": row.url_type,
        "format": row.format,
        "size": row.size,
        "last_modified": modified.isoformat() if modified else "",
    }


def is_harvested(package_id: str) -> bool:
    """Tell whether a dataset came from elsewhere; its files belong to their publisher."""
    package = model.Package.get(package_id)
    extras = package.extras if package else {}
    return bool({"guid", "harvest_object_id", "harvest_source_id"} & set(extras))


def enqueue(resource_id: str, mark: str = "", force: bool = False) -> str:
    """Start the job that loads a resource.

    Args:
        resource_id: The resource.
        mark: Its fingerprint, so that the same change starts one job only.
        force: Load it even if its content did not change.

    Returns:
        The ID of the job.
    """
    status.update(
        resource_id, "waiting", **({"fingerprint": mark} if mark else {}), queued=status.now()
    )
    try:
        job = tk.enqueue_job(
            run,
            [resource_id, force],
            title=f"Tabelle {resource_id}",
            rq_kwargs={"timeout": config.timeout()},
        )
    except Exception:
        # Forget the mark, so that the next change of the dataset tries again.
        status.update(resource_id, "failed", fingerprint="")
        raise
    return job.id


def run(resource_id: str, force: bool = False) -> None:
    """Load a resource; the job itself."""
    # Imported here: the readers start threads, which must not exist before the worker forks.
    from ckanext.verbund.tables.loading import load_resource

    load_resource(resource_id, force)
