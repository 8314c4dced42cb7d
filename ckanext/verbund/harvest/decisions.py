# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks whether harvested datasets may be public; where nobody asks that, they are.

With the gate before publication what is written here is private at first. A decision on the
source passes on to its datasets, by an action: neither part knows the other.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import SignalMapping
from ckanext.harvest.model import HarvestObject

_AT_ONCE = 100
_TIMEOUT = 3600  # seconds for all datasets of a source


def inherit(source_id: str, package_ids: list[str]) -> None:
    """Let the decision on a source count for datasets that were just written.

    Args:
        source_id: The source.
        package_ids: Its datasets.
    """
    try:
        action = tk.get_action("verbund_decision_inherit")
    except KeyError:  # no gate
        return
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    action(
        {"user": site, "ignore_auth": True},
        {"source_id": source_id, "package_ids": package_ids},
    )


def inherit_all(source_id: str) -> None:
    """Let the decision on a source count for all that was fetched before it; for a job.

    Args:
        source_id: The source.
    """
    query = sa.select(HarvestObject.package_id).where(
        HarvestObject.harvest_source_id == source_id,
        HarvestObject.current.is_(True),
        HarvestObject.package_id.is_not(None),
    )
    ids = list(model.Session.scalars(query))
    for start in range(0, len(ids), _AT_ONCE):
        inherit(source_id, ids[start : start + _AT_ONCE])


def subscriptions() -> SignalMapping:
    """Return what this part listens to."""
    return {tk.signals.ckanext.signal("verbund_decided"): [_decided]}


def _decided(package_id: str, **_facts: Any) -> None:
    package = model.Package.get(package_id)
    if package is not None and package.type == "harvest":
        tk.enqueue_job(
            inherit_all,
            [package.id],
            title=f"Decision on source {package.name}",
            rq_kwargs={"timeout": _TIMEOUT},
        )
