# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keep plain texts from being taken for Markdown.

Descriptions are written by people who do not know Markdown, or come from portals that do not
use it. Emphasis, links and lists are kept; what only looks like Markdown is escaped.
"""

from __future__ import annotations

import re

__all__ = ["tame"]

_INDENT = re.compile(r"^[ \t]+(?=\S)", re.MULTILINE)
_HASH = re.compile(r"^(#+)", re.MULTILINE)
_UNDERLINE = re.compile(r"^(?=(=+|-+)[ \t]*$)", re.MULTILINE)
_NUMBER = re.compile(r"^(\d+)\.(?=\s)", re.MULTILINE)


def tame(text: str) -> str:
    """Escape what would become code, a heading, or a list that is none.

    Args:
        text: What a person wrote.

    Returns:
        Markdown that says the same.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Code blocks from indented lines; lists that are indented stay lists of one level.
    text = _INDENT.sub("", text)
    # Headings: "#Hashtag", "# Überschrift" would be a second h1 of the page.
    text = _HASH.sub(lambda found: "".join(f"\\{sign}" for sign in found[1]), text)
    text = _UNDERLINE.sub(lambda found: "\\" if found[1][0] == "-" else "\n", text)
    numbers = [int(found[1]) for found in _NUMBER.finditer(text)]
    # "24. November" begins no list; 1., 2., 3. does.
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) == 1:
        text = _NUMBER.sub(r"\1\\.", text)
    return text
