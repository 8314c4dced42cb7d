# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_tables``: uploaded files become tables and maps."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import types

from ckanext.verbund.base import tasks
from ckanext.verbund.tables import failed, subscriptions


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundTablesPlugin(p.SingletonPlugin):
    """Loads files into the datastore with real headers and typed columns."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.ISignal)

    # IConfigurable

    def configure(self, config: tk.CKANConfig) -> None:
        """Tell staff of files that could not be read."""
        tasks.provide("tables", failed.failed_tasks)

    # IConfigurer

    def update_config(self, config: tk.CKANConfig) -> None:
        """Add the templates."""
        tk.add_template_directory(config, "templates")

    # ISignal

    def get_signal_subscriptions(self) -> types.SignalMapping:
        """Listen to changes of datasets."""
        return subscriptions.get_subscriptions()
