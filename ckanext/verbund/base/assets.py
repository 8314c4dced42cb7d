# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Styles and scripts of pages: whether they must be built anew is looked up once.

CKAN asks it for each of the twenty bundles of each page, which takes a quarter of the time
that a page takes. Files change with an update, and an update starts the portal anew.
"""

from __future__ import annotations

from typing import Any

from ckan.common import CKANConfig
from ckan.lib import webassets_tools
from webassets.updater import TimestampUpdater


class LookOnce(TimestampUpdater):
    """Leaves a bundle alone for the life of the process once it is up to date."""

    id = "verbund"

    def needs_rebuild(self, bundle: Any, ctx: Any) -> Any:
        """Return whether to build; no bundle that is up to date is asked about again."""
        needed = super().needs_rebuild(bundle, ctx)
        if not needed:
            bundle.config["auto_build"] = False
        return needed


def look_once(config: CKANConfig) -> None:
    """Look once; with ``debug`` on, files that change are seen at once, as with CKAN."""
    if not config.get("debug"):
        webassets_tools.env.updater = LookOnce()
