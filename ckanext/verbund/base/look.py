# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages may use of the domain to draw themselves: colours and maps.

The theme imports ``base`` alone; this is its door to ``domain.colour``,
``domain.member_map`` and ``domain.shield``, ``domain.shield``.
"""

from __future__ import annotations

from ckanext.verbund.domain.colour import on, readable
from ckanext.verbund.domain.member_map import MemberMap, draw, ground
from ckanext.verbund.domain.shield import OUTLINE, SIZE, Shield, shield

__all__ = [
    "OUTLINE",
    "SIZE",
    "MemberMap",
    "Shield",
    "draw",
    "ground",
    "on",
    "readable",
    "shield",
]
