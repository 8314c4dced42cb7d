# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages may use of the domain: colours, maps, German forms, licences, citations.

The theme imports ``base`` alone; this is its door to the domain.
"""

from __future__ import annotations

from ckanext.verbund.domain import citation, freshness, german, licence
from ckanext.verbund.domain.colour import on, readable
from ckanext.verbund.domain.member_map import MemberMap, draw, ground
from ckanext.verbund.domain.prose import tame
from ckanext.verbund.domain.search.filters import OPEN_END
from ckanext.verbund.domain.shield import OUTLINE, SIZE, Shield, shield

__all__ = [
    "OPEN_END",
    "OUTLINE",
    "SIZE",
    "MemberMap",
    "Shield",
    "citation",
    "draw",
    "freshness",
    "german",
    "ground",
    "licence",
    "on",
    "readable",
    "shield",
    "tame",
]
