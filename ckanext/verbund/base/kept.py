# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small memory of one process for what is dear to make and cheap to keep."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps what was made last. The key must change with everything that the value says.

    Args:
        most: How many values are kept; the oldest goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made now if it is not there."""
        try:
            return self._values[key]
        except KeyError:
            value = make()
        while len(self._values) >= self._most:
            # Another thread may have been faster.
            self._values.pop(next(iter(self._values)), None)
        self._values[key] = value
        return value
