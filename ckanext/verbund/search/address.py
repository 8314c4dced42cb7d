# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The address of a search: what is asked for, and links that ask for a little else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import filters

from . import labels

Pair = tuple[str, str]
_KEPT = "verbund.search.address"
_NO_FILTERS = {"q", "page", "sort"}
_SEARCHED = ("tags", "groups", "res_format", "license_id")


@dataclass(frozen=True)
class Address:
    """One search.

    Attributes:
        path: The page it stands on.
        pairs: Parameters in their order, without the empty ones and the number of the page.
    """

    path: str
    pairs: tuple[Pair, ...]

    @classmethod
    def current(cls) -> Address:
        """Return what the current request asks for; read once for each request."""
        environ = tk.request.environ
        if _KEPT not in environ:
            environ[_KEPT] = cls._read()
        return environ[_KEPT]

    @classmethod
    def _read(cls) -> Address:
        request = tk.request
        kept = {k: v for k, v in (request.view_args or {}).items() if k == "id"}
        pairs = (
            (name, value.strip())
            for name, value in request.args.items(multi=True)
            if name != "page" and value.strip() and is_ours(name)
        )
        return cls(tk.url_for(request.endpoint, **kept), tuple(pairs))

    def at(self, path: str) -> Address:
        """Return the same search on another page."""
        return Address(path, self.pairs)

    def plus(self, name: str, value: str, *, instead: bool = False) -> str:
        """Return the address with one more parameter, or another value of it."""
        kept = self if not instead else Address(self.path, self.without(name))
        mark = "&" if kept.pairs else "?"
        return f"{kept._text}{mark}{_escaped(name)}={_escaped(value)}"

    def minus(self, *gone: Pair) -> str:
        """Return the address without some of its parameters."""
        return self._written([p for p in self.pairs if p not in gone])

    def without(self, *names: str) -> tuple[Pair, ...]:
        """Return the parameters that have none of some names, for hidden fields."""
        return tuple(p for p in self.pairs if p[0] not in names)

    def value(self, name: str) -> str:
        """Return the value of a parameter, empty without."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    @property
    def filters(self) -> list[Pair]:
        """What narrows the search; limits of lists and parameters of htmx do not."""
        known = filter_names()
        return [p for p in self.pairs if p[0] in known]

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        # Filters of a page have hundreds of links that begin with it.
        return self._written(self.pairs)

    def _written(self, pairs: Iterable[Pair]) -> str:
        query = urlencode(list(pairs))
        return f"{self.path}?{query}" if query else self.path


def filter_names() -> set[str]:
    """Return the parameters that narrow a search."""
    return {*labels.titles(), *_SEARCHED, *filters.NAMES, *tk.h.facets()}


def is_ours(name: str) -> bool:
    """Say whether a parameter of an address belongs to a search.

    What mail programs and networks add to addresses (``utm_source``, ``fbclid``) does not:
    CKAN would look for datasets with a field of that name, and find none.
    """
    return name in _NO_FILTERS or name.startswith("_") or name in filter_names()


def search_params(pairs: Iterable[Pair], **more: Any) -> dict[str, Any]:
    """Return parameters of ``package_search`` for the parameters of an address.

    Args:
        pairs: Names and values.
        more: Further parameters, such as ``rows``.
    """
    known = {*labels.titles(), *_SEARCHED}
    pairs = list(pairs)
    fields = [f"+{name}:{_quoted(value)}" for name, value in pairs if name in known]
    extras = {name: value for name, value in pairs if name in filters.NAMES}
    query = next((value for name, value in pairs if name == "q"), "")
    kind = f"+dataset_type:{tk.h.default_package_type()}"
    return {"q": query, "fq": " ".join([*fields, kind]), "extras": extras, **more}


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# Values of filters are the same on every page.
_escaped = lru_cache(maxsize=4096)(quote_plus)
