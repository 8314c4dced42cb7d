# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever colour a town chooses, people can read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.verbund.domain import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_contrast_of_the_specification():
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_good_colour_stays():
    assert colour.readable("#1D4F8C", colour.WHITE) == "#1d4f8c"


@given(COLOURS, st.sampled_from(["#ffffff", "#000000", "#f2f3f8", "#131525"]))
def test_every_colour_becomes_readable(chosen, ground):
    assert colour.contrast(colour.readable(chosen, ground), ground) >= colour.READABLE


@given(COLOURS)
def test_text_on_any_colour_is_readable(chosen):
    assert colour.contrast(colour.on(chosen), chosen) >= colour.READABLE


@pytest.mark.parametrize("bad", ["", "red", "#12345", "1d4f8c", None, "#1d4f8c;}"])
def test_what_is_no_colour_is_refused(bad):
    with pytest.raises(ValueError, match="six hex digits"):
        colour.readable(bad, colour.WHITE)
