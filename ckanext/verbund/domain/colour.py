# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours of a town that people can read: contrast by WCAG 2.2, section 1.4.3."""

from __future__ import annotations

import colorsys
import re

READABLE = 4.5
"""Least contrast of text to its ground (WCAG 2.2, 1.4.3, level AA)."""

_HEX = re.compile(r"^#[0-9a-fA-F]{6}$")
WHITE, BLACK = "#ffffff", "#000000"


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2, "relative luminance").

    Raises:
        ValueError: Not a colour of six hex digits.
    """

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str, least: float = READABLE) -> str:
    """Return the colour, darkened or lightened until it can be read on a ground.

    Args:
        colour: ``#rrggbb``, as a town chose it.
        ground: What it is written on.
        least: Contrast to reach.

    Returns:
        The colour itself where it is good enough, else the nearest of its hue.
    """
    if contrast(colour, ground) >= least:
        return colour.lower()
    hue, light, full = colorsys.rgb_to_hls(*_parts(colour))
    step = -0.01 if luminance(ground) > 0.18 else 0.01
    while 0 < light + step < 1:
        light += step
        tried = _hex(colorsys.hls_to_rgb(hue, light, full))
        if contrast(tried, ground) >= least:
            return tried
    return BLACK if step < 0 else WHITE


def on(colour: str) -> str:
    """Return black or white, whichever reads better on the colour."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, BLACK) else BLACK


def _parts(colour: str) -> tuple[float, float, float]:
    if not _HEX.match(colour or ""):
        raise ValueError(f"Not a colour of six hex digits: {colour!r}")
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
