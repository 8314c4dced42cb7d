# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small map of points and shapes."""

import pytest

from ckanext.verbund.domain import sketch

TREE = {"type": "Point", "coordinates": [7.77, 49.44]}
OTHER = {"type": "Point", "coordinates": [7.74, 49.45]}
ROUTE = {"type": "LineString", "coordinates": [[7.74, 49.43], [7.79, 49.45]]}
PARK = {
    "type": "Polygon",
    "coordinates": [[[7.7, 49.4], [7.8, 49.4], [7.8, 49.5], [7.7, 49.4]]],
}


def test_points_lie_inside_the_drawing_north_is_up():
    drawn = sketch.draw([TREE, OTHER])
    (east_x, south_y), (west_x, north_y) = drawn.points
    assert 0 < west_x < east_x < drawn.width
    assert 0 < north_y < south_y < drawn.height


def test_outlines_of_the_towns_lie_behind():
    drawn = sketch.draw([TREE])
    assert "Kaiserslautern" in drawn.names
    assert any(drawn.ground)


def test_lines_and_areas_are_drawn():
    drawn = sketch.draw([ROUTE, PARK, {"type": "MultiPoint", "coordinates": [[7.7, 49.4]]}])
    assert (len(drawn.lines), len(drawn.areas), len(drawn.points)) == (1, 1, 1)
    assert drawn.areas[0].endswith("Z")


def test_a_drawing_is_never_higher_than_wide():
    tall = {"type": "LineString", "coordinates": [[7.7, 47.5], [7.7, 54.5]]}
    drawn = sketch.draw([tall])
    assert drawn.height <= drawn.width + 1


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["<script>", 1]},
        {"type": "Point", "coordinates": [408000, 5475000]},
        {"type": "Unsinn"},
        {"type": "Polygon", "coordinates": [[[7, 49]]]},
        {},
    ],
)
def test_what_is_broken_is_left_out(broken):
    assert sketch.draw([broken]) is None
    assert len(sketch.draw([broken, TREE]).points) == 1


def test_nothing_is_no_map():
    assert sketch.draw([]) is None
