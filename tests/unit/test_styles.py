# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A class has its style from one file: two that mean different things by it spoil each other.

Several style files stand on one page; which rule wins then depends on their order.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "ckanext" / "verbund"
PAPER = "theme/assets/print.css"
"""What goes on paper is said in one place for all parts."""
STYLES = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.glob("*/assets*/*.css"))}


def defined(text):
    """Return the classes of ours that a style sheet styles as such, wherever they stand.

    A rule for something inside a class, or for a class inside another one, adapts it for one
    place and is no definition.
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    # Rules for a kind of screen refine what is defined outside of them.
    text = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    selectors = (
        part.strip() for rule in re.findall(r"([^{}]+)\{", text) for part in rule.split(",")
    )
    return {m[1] for s in selectors if (m := re.fullmatch(r"\.(verbund-[\w-]+)", s))}


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".verbund-a { x: y }", {"verbund-a"}),
        (".verbund-a, .verbund-b:hover { x: y }", {"verbund-a"}),
        (".verbund-a .verbund-b, .verbund-c > p { x: y }", set()),
        ("/* .verbund-a { x: y } */ .other { x: y }", set()),
        ("@media print { .verbund-a { x: y } .b { x: y } } .verbund-c { x: y }", {"verbund-c"}),
    ],
)
def test_a_definition_is_a_rule_for_the_class_itself(css, found):
    assert defined(css) == found


def test_no_class_is_defined_by_two_files():
    files = defaultdict(list)
    for name, path in STYLES.items():
        if name != PAPER:
            for cls in defined(path.read_text(encoding="utf-8")):
                files[cls].append(name)
    assert len(files) > 100
    assert {cls: names for cls, names in files.items() if len(names) > 1} == {}
