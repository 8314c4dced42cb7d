# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A place that is only named is completed and found on the map."""

import json

import ckan.plugins.toolkit as tk
import pytest
import shapely.geometry
from ckan.tests import factories, helpers

from ckanext.verbund.base import spatial
from ckanext.verbund.domain import places

IRI = "http://dcat-ap.de/def/politicalGeocoding/"
AROUND = {
    "Kaiserslautern": "7.5,49.3,8.0,49.6",
    "Landau": "8.0,49.1,8.2,49.3",
    "Hamburg": "9.5,53.3,10.4,53.8",
}
POINT = '{"type": "Point", "coordinates": [7.77, 49.44]}'


@pytest.fixture
def dataset():
    """Return a function that creates a dataset with the given places."""
    organization = factories.Organization()

    def create(coverage, **values):
        data = {
            "title": "Bäume im Stadtgebiet",
            "notes": "Standort, Art und Höhe jedes Baums.",
            "owner_org": organization["id"],
            "private": False,
            "spatial_coverage": coverage,
        }
        return factories.Dataset(**data, **values)

    return create


def found(area):
    result = helpers.call_action(
        "package_search", extras={"ext_bbox": AROUND[area]}, include_private=True
    )
    return {package["id"] for package in result["results"]}


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestMapSearch:
    def test_a_name_is_enough(self, dataset):
        created = dataset([{"text": "Kaiserslautern"}])
        assert found("Kaiserslautern") == {created["id"]}
        assert found("Hamburg") == set()

    def test_a_name_is_completed(self, dataset):
        created = dataset([{"text": "07312000"}])
        entry = tk.get_action("package_show")({"ignore_auth": True}, {"id": created["id"]})[
            "spatial_coverage"
        ][0]
        assert entry["uri"] == f"{IRI}municipalityKey/07312000"
        assert entry["text"] == "Kaiserslautern"
        assert spatial._geometry(entry["bbox"])["type"] == "Polygon"
        assert spatial._geometry(entry["geom"]) == places.outline(places.by_key("07312000"))

    def test_the_search_result_keeps_the_outline(self, dataset):
        dataset([{"text": "Kaiserslautern"}])
        result = helpers.call_action("package_search", q="Bäume")["results"][0]
        assert result["spatial_coverage"][0]["geom"]

    def test_all_places_of_a_dataset_are_found(self, dataset):
        created = dataset([{"text": "Kaiserslautern"}, {"text": "Landau in der Pfalz"}])
        assert found("Kaiserslautern") == found("Landau") == {created["id"]}
        assert found("Hamburg") == set()

    def test_a_point_of_ones_own_is_found(self, dataset):
        created = dataset([{"text": "Stadtpark", "geom": POINT}])
        assert found("Kaiserslautern") == {created["id"]}
        assert found("Landau") == set()

    def test_a_whole_state_is_indexed_though_its_outline_is_long(self, dataset):
        created = dataset([{"text": "Niedersachsen"}])
        assert found("Hamburg") == {created["id"]}
        assert not created["spatial_coverage"][0].get("geom")

    def test_a_dataset_without_place_is_not_found_on_the_map(self, dataset):
        dataset([])
        assert found("Kaiserslautern") == set()


def filled(**entry):
    data = {"spatial_coverage": [entry]}
    spatial.fill_places(data)
    return data["spatial_coverage"][0]


class TestFill:
    def test_what_a_person_wrote_stays(self):
        entry = filled(text="Kaiserslautern", geom=POINT)
        assert entry == {
            "text": "Kaiserslautern",
            "geom": POINT,
            "uri": f"{IRI}municipalityKey/07312000",
        }
        uri = f"{IRI}municipalityKey/07312000"
        assert filled(uri=uri, text="Innenstadt")["text"] == "Innenstadt"

    @pytest.mark.parametrize(
        "entry",
        [
            {"text": "Neustadt"},
            {"text": "Atlantis"},
            # the association of municipalities is not its seat
            {"text": "Landstuhl", "uri": f"{IRI}municipalAssociationKey/073355007"},
            {},
        ],
    )
    def test_what_is_not_certain_is_left_alone(self, entry):
        assert filled(**entry) == entry

    def test_twice_is_once(self):
        once = filled(text="Landkreis Kaiserslautern")
        assert once["uri"] == f"{IRI}districtKey/07335"
        assert filled(**once) == once

    def test_a_changed_name_brings_a_new_key(self):
        entry = filled(text="Kaiserslautern") | {"text": "Landau in der Pfalz"}
        assert filled(**entry) == filled(text="Landau in der Pfalz")

    def test_a_changed_key_brings_a_new_name(self):
        entry = filled(text="Kaiserslautern") | {"uri": f"{IRI}municipalityKey/07313000"}
        assert filled(**entry) == filled(text="Landau in der Pfalz")

    def test_the_key_of_the_district_may_carry_the_name_of_its_town(self):
        uri = f"{IRI}districtKey/07335"
        assert filled(uri=uri, text="Kaiserslautern")["uri"] == uri


class TestIndexGeometry:
    @pytest.mark.parametrize(
        "bad",
        [
            "nicht JSON",
            "[]",
            "null",
            '{"type": "Kreis"}',
            '{"type": "Polygon", "coordinates": "x"}',
            '{"type": "Polygon", "coordinates": [[[7, 49], [8, 49]]]}',
            '{"type": "Polygon", "coordinates": []}',
            '{"type": "Point", "coordinates": [412000, 5477000]}',
            '{"type": "Point", "coordinates": [null, 1]}',
            '{"type": "GeometryCollection"}',
            7,
        ],
    )
    def test_an_unusable_geometry_falls_back_to_the_place(self, bad):
        entry = {"geom": bad, "text": "Kaiserslautern"}
        geometry = json.loads(spatial.index_geometry({"spatial_coverage": [entry]}))
        bounds = shapely.geometry.shape(geometry).bounds
        assert bounds == places.by_key("07312000").bbox
        assert spatial.index_geometry({"spatial_coverage": [{"geom": bad}]}) is None

    def test_coordinates_do_not_become_search_text(self):
        coverage = [{"text": "Kaiserslautern", "geom": POINT}]
        for value in (coverage, json.dumps(coverage)):
            data = spatial.before_dataset_index({"spatial_coverage": value})
            assert type(data["spatial_coverage"]) is type(value)
            assert spatial._entries(data) == [{"text": "Kaiserslautern"}]
            assert data["spatial"] == data["extras_spatial"]

    def test_an_extra_of_a_harvested_dataset_wins(self):
        data = {"spatial": POINT, "extras_spatial": POINT, "spatial_coverage": []}
        assert spatial.before_dataset_index(dict(data)) == data


class TestUnknownPlace:
    @pytest.mark.parametrize(
        ("entry", "parts"),
        [
            ({"text": "Kaisrslautern"}, ["Kaisrslautern", "AGS", "Kaiserslautern (07312000)"]),
            ({"text": "Landau"}, ["Landau", "(07313000)", "Landkreis Dingolfing-Landau"]),
            ({"text": "Qqqq"}, ["Qqqq", "AGS", "GeoJSON"]),
            ({"uri": f"{IRI}municipalityKey/99999999"}, ["99999999"]),
        ],
    )
    def test_it_names_field_reason_and_remedy(self, app, entry, parts):
        with app.flask_app.test_request_context("/"):
            message = spatial.unknown_place(entry)
        assert all(part in message for part in parts)

    @pytest.mark.parametrize(
        "entry",
        [
            {},
            {"text": "Kaiserslautern"},
            {"text": "Stadtpark", "geom": POINT},
            {
                "text": "Berlin",
                "uri": "http://publications.europa.eu/resource/authority/place/DEU_BER",
            },
        ],
    )
    def test_a_known_place_is_no_error(self, entry):
        assert spatial.unknown_place(entry) is None
