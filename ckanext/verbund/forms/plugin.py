# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_forms``: describing and publishing datasets."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundFormsPlugin(p.SingletonPlugin):
    """Five short pages in place of CKAN's one long form."""

    p.implements(p.IConfigurer)

    def update_config(self, config: CKANConfig) -> None:
        """Announce templates, styles and scripts."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "verbund-forms")
        tk.add_resource("assets_files", "verbund-files")
