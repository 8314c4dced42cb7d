# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_harvest``: makes harvesting run on CKAN 2.12, again and again."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.verbund.base import schedule

from . import consumers, jobs


@tk.blanket.actions
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundHarvestPlugin(p.SingletonPlugin):
    """Repairs of ckanext-harvest; the network's own harvester joins them here."""

    p.implements(p.IConfigurable)

    def configure(self, config: object) -> None:
        """Repair the queue, and let finished runs be recognised without cron."""
        consumers.repair()
        schedule.every("harvest", tk.config["ckanext.verbund.harvest.pause"], jobs.finish_runs)
