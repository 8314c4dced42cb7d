# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map of the members is small, complete and drawn by ourselves."""

from ckanext.verbund.domain import member_map

KAISERSLAUTERN, LANDAU, ST_WENDEL = "07312000", "07313000", "10046"


def test_members_lie_within_their_states():
    drawn = member_map.draw((KAISERSLAUTERN, LANDAU, ST_WENDEL))
    assert {area.label for area in drawn.members} >= {"Kaiserslautern", "Landkreis St. Wendel"}
    assert len(drawn.ground) == 36 + 6  # districts of Rheinland-Pfalz and Saarland
    for area in drawn.members + drawn.ground:
        assert area.path.startswith("M")
        assert area.path.endswith("Z")


def test_it_is_small_enough_for_a_home_page():
    drawn = member_map.draw((KAISERSLAUTERN, ST_WENDEL))
    assert sum(len(area.path) for area in drawn.ground + drawn.members) < 40_000


def test_unknown_keys_are_left_out():
    assert member_map.draw(("99999999",)) is None
    assert len(member_map.draw((KAISERSLAUTERN, "99999999")).members) == 1


def test_a_town_is_drawn_above_its_district():
    drawn = member_map.draw(("10046118", ST_WENDEL))
    assert drawn.members[0].key == ST_WENDEL
