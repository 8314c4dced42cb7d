# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the index takes."""

import json

from ckan.tests import factories, helpers

BY = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


def test_a_dataset_with_odd_values_is_indexed(with_plugins, clean_db, clean_index):
    organization = factories.Organization()
    factories.Dataset(
        name="wild",
        owner_org=organization["id"],
        temporal_coverage=[{"start": "2025", "end": "2024"}],
        resources=[{"url": "https://x.example/a", "format": "x" * 300, "license": BY}],
    )
    found = helpers.call_action("package_search", q="name:wild")
    assert found["count"] == 1
    assert json.dumps(found["results"][0])
