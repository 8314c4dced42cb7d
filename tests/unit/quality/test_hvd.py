# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report on high-value datasets: what is there, and what the regulation still asks for."""

from dataclasses import replace

import pytest

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.quality import hvd

MOBILITY = ("http://data.europa.eu/bna/c_b79e35eb",)
OPEN = d.Statement("http://dcat-ap.de/def/licenses/cc-by/4.0")
CLOSED = d.Statement("http://dcat-ap.de/def/licenses/other-closed")
API = d.Service(
    uri="https://a.example/s", endpoint_url=("https://a.example/wfs",), license=OPEN
)
FILE = d.Distribution(
    access_url=("https://a.example/f",), download_url=("https://a.example/f.csv",), license=OPEN
)
COMPLETE = d.Dataset(
    uri="https://a.example/1",
    title=(d.Text("Fahrplan"), d.Text("Timetable", "en")),
    hvd_category=MOBILITY,
    applicable_legislation=(d.HVD_LAW,),
    documentation=("https://a.example/doc",),
    distribution=(FILE, d.Distribution(access_service=(API,), access_url=API.endpoint_url)),
)


def only(*values):
    (entry,) = hvd.report(values)
    return entry


def test_a_complete_dataset_lacks_nothing():
    entry = only(COMPLETE)
    assert entry.lacks == ()
    assert entry.title == "Fahrplan"
    assert entry.downloads == ("https://a.example/f.csv",)
    assert entry.apis == ("https://a.example/wfs",)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        pytest.param({"applicable_legislation": ()}, ("law",), id="regulation"),
        pytest.param({"documentation": ()}, ("documentation",), id="documentation"),
        pytest.param({"distribution": (FILE,)}, ("api",), id="api"),
        pytest.param({"distribution": COMPLETE.distribution[1:]}, ("download",), id="download"),
        pytest.param(
            {"distribution": (replace(FILE, license=CLOSED), *COMPLETE.distribution[1:])},
            ("open_licence",),
            id="closed licence",
        ),
        pytest.param({"distribution": ()}, ("licence", "api", "download"), id="no file"),
    ],
)
def test_what_is_missing_is_named(changes, lacks):
    assert only(replace(COMPLETE, **changes)).lacks == lacks


def test_a_service_counts_for_the_dataset_that_it_serves():
    service = replace(API, serves_dataset=(COMPLETE.uri,))
    entry = only(replace(COMPLETE, distribution=(FILE,)), service)
    assert entry.lacks == ()


def test_what_has_no_category_is_not_in_the_report():
    assert hvd.report([replace(COMPLETE, hvd_category=()), API]) == []


def test_files_of_a_high_value_dataset_name_the_regulation_once():
    named = replace(FILE, applicable_legislation=(d.HVD_LAW, "https://a.example/law"))
    value = replace(COMPLETE, distribution=(FILE, named))
    first, second = hvd.with_law(value).distribution
    assert first.applicable_legislation == (d.HVD_LAW,)
    assert second == named


def test_files_of_other_datasets_stay_as_they_are():
    value = replace(COMPLETE, hvd_category=())
    assert hvd.with_law(value) is value
