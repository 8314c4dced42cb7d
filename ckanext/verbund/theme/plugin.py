# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_theme``: look, home page, legal pages."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig


@tk.blanket.blueprints
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundThemePlugin(p.SingletonPlugin):
    """KERN UX on CKAN's pages, in the colours of the portal and of its members."""

    p.implements(p.IConfigurer)

    def update_config(self, config: CKANConfig) -> None:
        """Announce templates, styles and fonts."""
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "verbund-theme")
