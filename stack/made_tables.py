# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables that code writes into pages of ``docs/``.

Text between ``<!-- name -->`` and ``<!-- /name -->`` is made; all else is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Parts = Mapping[str, Callable[[], str]]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(value: object) -> str:
    text = " ".join(str(value).split())
    return re.sub(r"([|<>])", r"\\\1", text)


def fill(page: str, parts: Parts) -> str:
    """Return a page with its tables made anew.

    Raises:
        ValueError: The page has no place for one of them; the message names it.
    """
    for name, make in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(begin)
        _old, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"the page has no place for {name}")
        page = f"{before}{begin}\n{make()}\n{end}{after}"
    return page


def main(path: Path, parts: Parts, command: str, arguments: list[str]) -> int:
    """Write a page, or with ``--check`` only compare it.

    Args:
        path: The page.
        parts: What makes each table, by its name.
        command: What people call to write it.
        arguments: Of the command line.

    Returns:
        Exit code: 1 if the page is stale and was not written.
    """
    current = path.read_text(encoding="utf-8")
    page = fill(current, parts)
    if "--check" not in arguments:
        path.write_text(page, encoding="utf-8")
    elif page != current:
        print(f"docs/{path.name} ist veraltet. Abhilfe: {command}")
        return 1
    return 0
