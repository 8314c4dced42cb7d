# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund``: wires data model, vocabularies and German texts into CKAN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation

from . import assets, filters, mine, search, spatial, tasks


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class VerbundPlugin(p.SingletonPlugin, DefaultTranslation):
    """Data model and texts that every other plugin of the network builds on."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:
        """Tell which tasks datasets make."""
        tasks.provide("drafts", mine.draft_tasks)
        tasks.provide("overdue", mine.overdue_tasks)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Put German where a catalogue cannot: templates, table view; tasks come first."""
        if config.get("ckan.auth.route_after_login") == "dashboard.datasets":
            config["ckan.auth.route_after_login"] = "verbund_tasks.mine"
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets_german", "verbund-german")
        tk.add_resource("assets", "verbund-tasks")
        assets.look_once(config)

    # IPackageController

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Index names behind keys, and the geometry where the map search looks for it."""
        return spatial.before_dataset_index(search.before_dataset_index(pkg_dict))

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Rank by any of the words that a person wrote; apply period and place."""
        return filters.before_dataset_search(search.before_dataset_search(search_params))

    # ITranslation: one catalogue for all plugins of this distribution.

    def i18n_directory(self) -> str:
        """Return the folder of the catalogue shared by all our plugins."""
        return str(Path(__file__).parent.parent / "i18n")

    def i18n_domain(self) -> str:
        """Return the gettext domain."""
        return "ckanext-verbund"

    def i18n_locales(self) -> list[str]:
        """Return the locales the catalogue holds."""
        return sorted(d.name for d in Path(self.i18n_directory()).iterdir() if d.is_dir())
