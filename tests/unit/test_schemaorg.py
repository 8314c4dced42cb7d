# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search engines learn what a dataset is; nothing in it ends the script."""

import json

import pytest

from ckanext.verbund.domain import schemaorg
from ckanext.verbund.domain.dataset import (
    Agent,
    Catalog,
    Dataset,
    Distribution,
    Location,
    Period,
    Series,
    Service,
    Statement,
    Text,
)

PAGE = "https://portal.example/dataset/baeume"
BY = Statement("http://dcat-ap.de/def/licenses/dl-by-de/2.0")
GERMAN = "http://publications.europa.eu/resource/authority/language/DEU"
FULL = Dataset(
    uri="https://daten.example/dataset/1",
    title=(Text("Trees", "en"), Text("Bäume")),
    description=(Text("Alle Bäume"),),
    identifier=("1",),
    keyword=(Text("Baum"), Text("Baum", "en")),
    language=(GERMAN,),
    publisher=Agent(uri="https://daten.example/o", name=(Text("Stadt"),)),
    issued="2024-01-01",
    temporal=(Period(start="2020", end="2021"), Period(start="2022")),
    spatial=(Location(uri="https://a.example/ort", label=(Text("Landau"),)), Location()),
    distribution=(
        Distribution(
            access_url=("https://a.example/",),
            download_url=("https://a.example/f.csv",),
            license=BY,
            media_type="https://www.iana.org/assignments/media-types/text/csv",
            byte_size="12",
        ),
    ),
)


def test_a_dataset_is_described_with_what_search_engines_use():
    about = schemaorg.describe(FULL, PAGE, Catalog(uri="https://k", title=(Text("Portal"),)))
    assert about["@type"] == "Dataset"
    assert (about["name"], about["url"], about["inLanguage"]) == ("Bäume", PAGE, "de")
    assert about["keywords"] == "Baum"
    assert about["temporalCoverage"] == ["2020/2021", "2022/.."]
    assert about["spatialCoverage"]["name"] == "Landau"
    assert about["includedInDataCatalog"]["name"] == "Portal"
    file = about["distribution"]
    assert file["contentUrl"] == "https://a.example/f.csv"
    assert (file["encodingFormat"], file["contentSize"]) == ("text/csv", "12 B")
    assert file["license"] == about["license"] != BY.uri


def test_what_is_empty_is_left_out():
    about = schemaorg.describe(Dataset(uri="https://a.example/1"), PAGE)
    assert set(about) == {"@context", "@type", "@id", "url"}


@pytest.mark.parametrize(("value", "kind"), [(Series(), "Dataset"), (Service(), "WebAPI")])
def test_series_and_services_have_their_kind(value, kind):
    assert schemaorg.describe(value, PAGE)["@type"] == kind


def test_of_many_files_the_first_are_described():
    files = tuple(Distribution(title=(Text(str(n)),)) for n in range(500))
    about = schemaorg.describe(Dataset(uri="https://a.example/1", distribution=files), PAGE)
    assert len(about["distribution"]) == schemaorg.MOST_FILES


@pytest.mark.parametrize("evil", ["</script>", "<!--", "&amp;", "\u2028", '"}'])
def test_no_text_ends_the_script(evil):
    text = schemaorg.script(schemaorg.describe(Dataset(uri="u", title=(Text(evil),)), PAGE))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["name"] == evil
