# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mark for members that have no picture: a shield, divided as heralds do, in their colours.

It tells members apart and pretends to be nobody's real arms.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

SIZE = (40, 46)
"""Width and height of the drawing in its own units."""

OUTLINE = "M1 1H39V23C39 34 31 41 20 45C9 41 1 34 1 23Z"
"""The whole shield, as ``d`` of an SVG path."""

# What is painted in the second colour, within the outline. The names are those of heraldry.
_DIVISIONS = (
    "M20 0H40V46H20Z",  # per pale
    "M0 22H40V46H0Z",  # per fess
    "M0 0L40 46H0Z",  # per bend
    "M0 46L20 16L40 46Z",  # chevron
    "M0 15H40V29H0Z",  # fess
    "M14 0H26V46H14Z",  # pale
    "M20 0H40V22H20ZM0 22H20V46H0Z",  # quarterly
    "M0 0H12L40 33V46H28L0 13Z",  # bend
    "M0 0H40V12H0Z",  # chief
    "M16 0H24V17H40V25H24V46H16V25H0V17H16Z",  # cross
)


@dataclass(frozen=True)
class Shield:
    """What to draw: the outline in ``ground``, the division in ``figure`` clipped to it."""

    ground: str
    figure: str
    division: str


def shield(name: str, colour: str, accent: str) -> Shield:
    """Return the mark of a member, the same for the same name always.

    Args:
        name: Name of the organisation, which chooses the division.
        colour: Its first colour.
        accent: Its second colour; white where it has none.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    return Shield(colour, accent or "#ffffff", _DIVISIONS[number % len(_DIVISIONS)])
