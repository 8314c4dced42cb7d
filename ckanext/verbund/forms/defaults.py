# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a new dataset of a member begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.verbund.domain import places, vocab

__all__ = ["of_member"]


def of_member(organization: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a member fills in advance: publisher, contact, place.

    Args:
        organization: The member as ``organization_show`` has it.
    """
    title = organization.get("title") or organization["name"]
    publisher = {"name": title, "url": organization.get("homepage")}
    filled: dict[str, Any] = {"publisher": [{k: v for k, v in publisher.items() if v}]}
    if organization.get("email"):
        filled["contact"] = [{"name": title, "email": organization["email"]}]
    place = places.by_key(organization.get("ags") or "")
    if place:
        filled["spatial_coverage"] = [{"text": place.label, "uri": place.iri}]
        level = _level(place)
        if level:
            filled["political_geocoding_level_uri"] = [level]
    return filled


def _level(place: places.Place) -> str | None:
    code = {"municipality": "municipality", "district": "administrativeDistrict"}
    concept = vocab.load("geocoding_level").get(code.get(place.level, ""))
    return concept.iri if concept else None
