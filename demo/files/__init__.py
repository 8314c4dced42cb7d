# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the files of the demonstration: seeded, so that every run gives the same bytes.

A resource in `demo/content/` names its generator and the generator's parameters::

    generator: {trees: {place: landau, count: 2400}}
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from random import Random
from types import ModuleType
from typing import Any

from demo.files import citizens, environment, mobility, sites


def _generators(module: ModuleType) -> dict[str, Callable[..., bytes]]:
    """Return the module's own functions that take a random source and a place."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


GENERATORS: dict[str, Callable[..., bytes]] = {
    name: function
    for module in (mobility, environment, citizens, sites)
    for name, function in _generators(module).items()
}


def build(name: str, generator: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the bytes of the file called `name`; the name is the seed."""
    ((kind, parameters),) = generator.items()
    return GENERATORS[kind](Random(name), **parameters)
