# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_search``: search page, map, feeds and the pages of members."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from . import labels, summaries


@tk.blanket.blueprints
@tk.blanket.helpers
class VerbundSearchPlugin(p.SingletonPlugin):
    """What people see of the search whose rules ``verbund`` holds."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets)
    p.implements(p.IPackageController, inherit=True)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Announce templates, styles and scripts."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "verbund-search")

    # IFacets

    def dataset_facets(
        self, facets_dict: OrderedDict[str, str], package_type: str
    ) -> OrderedDict[str, str]:
        """Offer our filters instead of CKAN's for datasets; other types keep theirs."""
        if package_type != tk.h.default_package_type():
            return facets_dict
        return OrderedDict(labels.titles())

    def organization_facets(
        self,
        facets_dict: OrderedDict[str, str],
        organization_type: str,
        package_type: str | None,
    ) -> OrderedDict[str, str]:
        """Offer the same filters on the page of a member, without the member."""
        return OrderedDict((n, t) for n, t in labels.titles().items() if n != "organization")

    def group_facets(
        self, facets_dict: OrderedDict[str, str], group_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        """Offer the same filters on the page of a group."""
        return OrderedDict(labels.titles())

    # IPackageController

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Ask for summaries where a page shows lines."""
        return summaries.before_dataset_search(search_params)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Read the summaries."""
        return summaries.after_dataset_search(search_results, search_params)
