# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Formats that come as addresses, from a neighbour's export, are stored by their names."""

import pytest
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"


@pytest.mark.parametrize(
    ("format", "mimetype", "stored"),
    [
        (FILE_TYPE + "GEOJSON", MEDIA_TYPE + "application/geo+json", "GeoJSON"),
        (FILE_TYPE + "CSV", MEDIA_TYPE + "text/csv", "CSV"),
        ("Eigenes Format", "text/x-eigen", "Eigenes Format"),
        ("https://stadt.example/format/1", "text/x-eigen", "https://stadt.example/format/1"),
    ],
)
def test_what_a_resource_says_of_its_format(format, mimetype, stored):
    dataset = factories.Dataset(
        owner_org=factories.Organization()["id"],
        resources=[
            {
                "url": "https://stadt.example/datei",
                "format": format,
                "mimetype": mimetype,
                "license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
            }
        ],
    )
    resource = dataset["resources"][0]
    assert resource["format"] == stored
    assert resource["mimetype"] == mimetype.removeprefix(MEDIA_TYPE)
