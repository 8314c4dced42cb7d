# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the header of a column says about its values: ``schemas/screening/headers.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

import yaml

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_READ = 200  # characters of a header


def plain(header: str) -> str:
    """Return a header in small letters, umlauts written out, words apart."""
    text = _CAMEL.sub(" ", header[:_READ]).lower().translate(_UMLAUTS)
    return _NO_WORD.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def roles(header: str) -> frozenset[str]:
    """Return what a header says about its column.

    Args:
        header: As it stands in the file.

    Returns:
        Keys of ``headers.yaml``.
    """
    text = plain(header)
    return frozenset(role for role, pattern in _patterns().items() if pattern.search(text))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    path = files("ckanext.verbund.schemas") / "screening" / "headers.yaml"
    found = {}
    for role, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        words = entry if isinstance(entry, list) else entry["words"]
        never = [] if isinstance(entry, list) else entry["never"]
        bar = rf"^(?!.*{_any(never)}).*?" if never else ""
        found[role] = re.compile(bar + _any(words))
    return found


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(_pattern, words)) + ")"


def _pattern(word: str) -> str:
    inner = re.escape(word.removeprefix("=")).replace(r"\*", "[a-z0-9]*")
    return f"^{inner}$" if word.startswith("=") else rf"\b{inner}\b"
