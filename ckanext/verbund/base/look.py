# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages may use of the domain to draw themselves: colours and maps.

The theme imports ``base`` alone; this is its door to ``domain.colour`` and
``domain.member_map``.
"""

from __future__ import annotations

from ckanext.verbund.domain.colour import on, readable
from ckanext.verbund.domain.member_map import MemberMap, draw

__all__ = ["MemberMap", "draw", "on", "readable"]
