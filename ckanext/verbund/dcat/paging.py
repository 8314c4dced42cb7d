# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a catalogue, named as ckanext-dcat names them, so that every harvester goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain.dcatde.terms import TYPE, encoded, expand, literal

__all__ = ["SIZE", "Page"]

SIZE = 100
_KEPT = ("q", "fq", "modified_since")
_INTEGER = "xsd:integer"


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        start: Address of all pages, up to the number.
        number: From 1.
        size: How many datasets a page has.
    """

    start: str
    number: int
    size: int = SIZE

    @classmethod
    def of(cls, data_dict: Mapping[str, Any], endpoint: str, **where: str) -> Page:
        """Return the page that was asked for.

        Args:
            data_dict: As the actions take it.
            endpoint: Where the catalogue is found.
            where: Parts of its address.

        Raises:
            tk.ValidationError: The number is none.
        """
        asked = str(data_dict.get("page") or 1)
        if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:7]) < 1_000_000):
            problem = tk._("The number of the page must be a whole number from 1.")
            raise tk.ValidationError({"page": [problem]})
        form = data_dict.get("format") or "rdf"
        address = tk.url_for(endpoint, form=form, qualified=True, locale="default", **where)
        kept = [(key, data_dict[key]) for key in _KEPT if data_dict.get(key)]
        return cls(f"{address}?{urlencode([*kept, ('page', '')])}", int(asked[:7]))

    def lines(self, count: int) -> list[str]:
        """Return the statements about the page; none if there is nothing to turn.

        Both names of each property stand there: older harvesters know the withdrawn ones.

        Args:
            count: Of all datasets.
        """
        if not count:
            return []
        last = -(-count // self.size)
        pages = {"first": 1, "last": last}
        if self.number < last:
            pages["next"] = self.number + 1
        if self.number > 1:
            pages["previous"] = min(self.number - 1, last)
        this = self._address(self.number)
        lines = [f"{this} {TYPE} {expand('hydra:PagedCollection')} ."]
        for name, number in pages.items():
            lines += [
                f"{this} {expand(f'hydra:{term}')} {self._address(number)} ."
                for term in (name, f"{name}Page")
            ]
        for name, number in (("totalItems", count), ("itemsPerPage", self.size)):
            value = literal(str(number), datatype=_INTEGER)
            lines.append(f"{this} {expand(f'hydra:{name}')} {value} .")
        return lines

    def _address(self, number: int) -> str:
        return f"<{encoded(f'{self.start}{number}')}>"
