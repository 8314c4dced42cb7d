# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks of members tell them apart and stay the same."""

from ckanext.verbund.domain.shield import shield

MEMBERS = ["gemeinde-freisen", "gemeinde-marpingen", "gemeinde-namborn", "gemeinde-nohfelden"]


def test_a_member_keeps_its_mark():
    assert shield("gemeinde-freisen", "#1f5f4a", "") == shield(
        "gemeinde-freisen", "#1f5f4a", ""
    )


def test_members_of_one_colour_are_told_apart():
    assert len({shield(name, "#1f5f4a", "").division for name in MEMBERS}) > 2


def test_a_second_colour_is_used_and_white_without_one():
    assert shield("a", "#1f5f4a", "#8a4b08").figure == "#8a4b08"
    assert shield("a", "#1f5f4a", "").figure == "#ffffff"
