# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What filters and their values are called."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import search
from ckanext.verbund.domain import places, vocab

_LONGEST_FORMAT = 24


def titles() -> dict[str, str]:
    """Return the filters on offer, in the order of the page."""
    return {
        "verbund_theme": tk._("Theme"),
        "organization": tk._("Member"),
        "verbund_place": tk._("Place of the data"),
        "verbund_format": tk._("Format"),
        "verbund_license": tk._("License"),
        "verbund_hvd": tk._("High-value datasets"),
        "verbund_origin": tk._("Origin of the data"),
        "verbund_frequency": tk._("How often updated"),
    }


def field_title(name: str) -> str:
    """Return what a filter is called; also those of old addresses and of other plugins."""
    more = {
        "tags": tk._("Keyword"),
        "res_format": tk._("Format"),
        "groups": tk._("Group"),
        "license_id": tk._("License"),
    }
    return titles().get(name) or more.get(name) or name


def labeller(name: str) -> Callable[[str], str]:
    """Return what names the values of a filter; one look-up in a dictionary for each."""
    lang = "en" if tk.h.lang() == "en" else "de"
    vocabulary = _VOCABULARIES.get(name)
    if vocabulary:
        return partial(_from_list, vocab.load(vocabulary), lang)
    if name == "verbund_origin":
        known = _origins()
        return lambda value: known.get(value, value)
    return _OTHERS.get(name, str)


_VOCABULARIES = {
    "verbund_theme": "data_theme",
    "verbund_license": "license",
    "verbund_hvd": "hvd_category",
    "verbund_frequency": "frequency",
}


def _from_list(vocabulary: vocab.Vocabulary, lang: str, value: str) -> str:
    if value == search.HVD:
        return tk._("All high-value datasets")
    return vocabulary.label(value, lang)


def _origins() -> dict[str, str]:
    schema = tk.h.scheming_get_dataset_schema(tk.h.default_package_type()) or {}
    field = tk.h.scheming_field_by_name(schema.get("dataset_fields", []), "data_origin") or {}
    return {
        choice["value"]: tk.h.scheming_language_text(choice["label"])
        for choice in field.get("choices", [])
    }


def format_label(value: str) -> str:
    """Return a format as people write it: ``GEOJSON`` is GeoJSON."""
    label = vocab.load("file_type").label(value)
    return label if len(label) <= _LONGEST_FORMAT else value


def _place(value: str) -> str:
    found = places.by_key(value)
    return found.label if found else value


_OTHERS: dict[str, Callable[[str], str]] = {
    "verbund_format": format_label,
    "verbund_place": _place,
}
