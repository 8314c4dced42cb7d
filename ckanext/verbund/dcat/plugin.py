# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_dcat``: catalogues as DCAT-AP.de 3.0."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk


@tk.blanket.actions
@tk.blanket.blueprints
@tk.blanket.config_declarations
class VerbundDcatPlugin(p.SingletonPlugin):
    """Writes what the portal holds as DCAT-AP.de, in the place of ckanext-dcat."""
