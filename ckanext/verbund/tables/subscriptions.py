# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listen to changes of datasets.

Every way of changing a resource (form, API, patch, revise) ends in ``package_create``
or ``package_update``, and their signal comes after the commit.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ckanext.verbund.tables import watch

log = logging.getLogger(__name__)


def get_subscriptions() -> types.SignalMapping:
    """Return what the plugin listens to."""
    return {
        tk.signals.action_succeeded: [
            {"sender": "package_create", "receiver": package_changed},
            {"sender": "package_update", "receiver": package_changed},
        ]
    }


def package_changed(sender: str, **signal: Any) -> None:
    """Load the files of a dataset that changed."""
    context, result = signal["context"], signal["result"]
    if context.get("defer_commit"):
        return
    package_id = result["id"] if isinstance(result, dict) else result
    try:
        watch.check_package(package_id)
    except Exception:
        # Saving a dataset must not fail because a queue is away.
        log.exception("Could not start loading tables of %s after %s", package_id, sender)
