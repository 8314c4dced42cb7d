# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that the footer links to: what a public body has to say about its portal.

Texts come from the templates below ``verbund/pages/``; a town that has better ones writes
them into the settings ``ckanext.verbund.theme.page.<name>`` as Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk

_SETTING = "ckanext.verbund.theme.page."


@dataclass(frozen=True)
class Page:
    """One page; ``default`` tells whether there is a text of ours."""

    name: str
    title: str
    default: bool = True

    @property
    def setting(self) -> str:
        """Name of the setting that holds the town's own text."""
        return _SETTING + self.name

    @property
    def text(self) -> str:
        """Markdown of the town, empty without."""
        return tk.config.get(self.setting) or ""


def everything() -> list[Page]:
    """Return all pages, in the order of the footer."""
    return [
        Page("impressum", tk._("Imprint")),
        Page("datenschutz", tk._("Data protection")),
        Page("barrierefreiheit", tk._("Accessibility statement")),
        Page("leichte-sprache", tk._("Easy language"), default=False),
        Page("gebaerdensprache", tk._("Sign language"), default=False),
        Page("schnittstellen", tk._("Interfaces")),
        Page("quellcode", tk._("Source code")),
    ]


def shown() -> list[Page]:
    """Return the pages that exist: ours, and those that the town has written."""
    return [page for page in everything() if page.default or page.text]


def find(name: str) -> Page | None:
    """Return a page by the end of its address."""
    return next((page for page in shown() if page.name == name), None)
