# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_harvest``: makes harvesting run on CKAN 2.12, again and again."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import SignalMapping
from ckanext.dcat.interfaces import IDCATRDFHarvester
from ckanext.harvest.model import HarvestObject

from ckanext.verbund.base import schedule

from . import consumers, decisions, jobs


@tk.blanket.actions
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundHarvestPlugin(p.SingletonPlugin):
    """Repairs of ckanext-harvest; the network's own harvester joins them here."""

    p.implements(p.IConfigurable)
    p.implements(p.ISignal)
    p.implements(IDCATRDFHarvester, inherit=True)

    def configure(self, config: object) -> None:
        """Repair the queue, and let finished runs be recognised without cron."""
        consumers.repair()
        schedule.every("harvest", tk.config["ckanext.verbund.harvest.pause"], jobs.finish_runs)

    # ISignal

    def get_signal_subscriptions(self) -> SignalMapping:
        """Listen to decisions on sources."""
        return decisions.subscriptions()

    # IDCATRDFHarvester

    def after_create(self, harvest_object: HarvestObject, dataset: dict, _known: dict) -> None:
        """Let the decision on the source count for a new dataset."""
        decisions.inherit(harvest_object.harvest_source_id, [dataset["id"]])

    def after_update(self, harvest_object: HarvestObject, dataset: dict, _known: dict) -> None:
        """Let the decision on the source count for a dataset that was fetched before it."""
        decisions.inherit(harvest_object.harvest_source_id, [dataset["id"]])
