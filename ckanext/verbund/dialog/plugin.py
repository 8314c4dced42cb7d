# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_dialog``: citizens ask, the office that has the data answers."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.verbund.base import schedule, tasks

from . import mails, office, retention


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundDialogPlugin(p.SingletonPlugin):
    """Questions, errors in data and wishes, from form to answer."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:
        """Let mails go out again and again, forget what is done, tell staff what is open."""
        schedule.every("dialog-mails", 60, mails.send_due)
        schedule.every("dialog-retention", 3600, retention.clean)
        tasks.provide("questions", office.tasks)
        tasks.show_card("verbund/dialog/wishes.html")

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and their style."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "verbund-dialog")
