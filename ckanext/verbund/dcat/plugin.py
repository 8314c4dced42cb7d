# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_dcat``: catalogues as DCAT-AP.de 3.0."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckanext.dcat.interfaces import IDCATRDFHarvester

from ckanext.verbund.base import schedule, tasks
from ckanext.verbund.dcat import checked, govdata
from ckanext.verbund.dcat.harvesting import HarvestHooks


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundDcatPlugin(HarvestHooks, p.SingletonPlugin):
    """Writes what the portal holds as DCAT-AP.de, in the place of ckanext-dcat."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(IDCATRDFHarvester, inherit=True)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:
        """Check by schedule what changed, and lead staff to the findings."""
        schedule.every("dcat-findings", checked.EVERY, checked.refresh)
        tasks.provide("govdata", govdata.tasks)
        tasks.show_card("verbund/dcat/card.html")

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Announce the templates and their style."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "verbund-dcat")
