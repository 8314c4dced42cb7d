# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background jobs of harvesting."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def finish_runs() -> None:
    """Begin runs that are due and mark finished ones as such.

    ckanext-harvest leaves this to a cron job that a town will not have: without it a run
    that has long ended stays "Running" (ckan/ckanext-harvest#176) and the frequency of a
    source means nothing (#300).
    """
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("harvest_jobs_run")({"user": site, "ignore_auth": True}, {})
