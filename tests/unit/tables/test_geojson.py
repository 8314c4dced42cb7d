# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""GeoJSON in any coordinate system lands in the right place."""

import json
from pathlib import Path

import pytest

from ckanext.verbund.domain.tables.geojson import overview, wgs84_chunks
from ckanext.verbund.domain.tables.limits import TableError
from ckanext.verbund.domain.tables.opening import open_table

SAMPLES = Path(__file__).parents[2] / "samples" / "csv"


@pytest.mark.parametrize(
    ("name", "crs", "place"),
    [
        ("baeume_utm32_crs.geojson", "EPSG:25832", (7.77, 49.44)),
        ("baeume_utm32_stumm.geojson", "EPSG:25832", (7.77, 49.44)),
        ("baeume_wgs84.geojson", "EPSG:4326", (7.768, 49.443)),
        ("baeume_vertauscht.geojson", "EPSG:4326", (7.768, 49.443)),
        ("baeume_utm33_crs.geojson", "EPSG:25833", (13.39, 52.52)),
    ],
)
def test_map_shows_the_right_place(name, crs, place):
    assert overview(SAMPLES / name).crs == crs
    made = json.loads("".join(wgs84_chunks(SAMPLES / name)))
    assert "crs" not in made
    assert made["features"][0]["geometry"]["coordinates"] == pytest.approx(place, abs=0.01)
    assert made["features"][0]["properties"]["Straße"] == "Weg 1"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("baeume_utm32_crs.geojson", "table.reprojected"),
        ("baeume_vertauscht.geojson", "table.axes-swapped"),
        ("baeume_wgs84.geojson", None),
    ],
)
def test_what_was_done_is_said(name, rule):
    with open_table(SAMPLES / name, "geojson") as table:
        found = {f.id for f in table.findings.kept} & {
            "table.reprojected",
            "table.axes-swapped",
        }
    assert found == ({rule} if rule else set())


def test_properties_become_columns_and_points_get_degrees():
    with open_table(SAMPLES / "baeume_utm32_crs.geojson", "geojson") as table:
        rows = [row for frame in table.batches() for row in frame.rows()]
    assert [(c.name, c.type) for c in table.columns] == [
        ("Straße", "text"),
        ("Bäume", "integer"),
        ("Höhe", "decimal"),
        ("AGS", "text"),
        ("Längengrad", "decimal"),
        ("Breitengrad", "decimal"),
    ]
    assert rows[0][:4] == ("Weg 1", "1", "1.5", "07312000")
    assert float(rows[0][4]) == pytest.approx(7.77, abs=0.01)


def geojson(tmp_path, *geometries, **members):
    features = [{"type": "Feature", "properties": {"n": 1}, "geometry": g} for g in geometries]
    path = tmp_path / "f.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def test_all_geometries_are_converted(tmp_path):
    x, y = 410500.0, 5477600.0
    ring = [[x, y], [x + 10, y], [x, y + 10], [x, y]]
    path = geojson(
        tmp_path,
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
        {"type": "LineString", "coordinates": ring},
        {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [x, y]}],
        },
        None,
    )
    made = json.loads("".join(wgs84_chunks(path)))["features"]
    assert made[0]["geometry"]["coordinates"][0][0] == pytest.approx([7.77, 49.44], abs=0.01)
    assert (
        made[1]["geometry"]["coordinates"][0][0][0] == made[0]["geometry"]["coordinates"][0][0]
    )
    assert made[3]["geometry"]["geometries"][0]["coordinates"][0] == pytest.approx(
        7.77, abs=0.01
    )
    assert made[4]["geometry"] is None


def test_unrecognisable_coordinates_are_refused(tmp_path):
    path = geojson(tmp_path, {"type": "Point", "coordinates": [99999999.0, 1.0]})
    with pytest.raises(TableError) as caught:
        overview(path)
    assert caught.value.finding.id == "table.unknown-crs"


def test_crs_member_after_the_features_counts(tmp_path):
    point = {"type": "Point", "coordinates": [391000.0, 5820000.0]}
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    assert overview(geojson(tmp_path, point, crs=member)).crs == "EPSG:25833"


def test_small_pieces_give_the_same_objects(monkeypatch):
    monkeypatch.setattr("ckanext.verbund.domain.tables.geojson._CHUNK", 7)
    assert overview(SAMPLES / "baeume_utm32_crs.geojson").objects == 2
