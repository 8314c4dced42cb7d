# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validators of the schemas in ``schemas/``.

What somebody writes here is checked strictly and refused with field, reason and remedy.
What a neighbour wrote is taken as it came: a harvested dataset is not ours to correct, and
refusing it would lose it (contracts, "Errors stop publishing of own datasets only").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.lib.navl.dictization_functions import Missing, unflatten
from ckanext.scheming.validation import scheming_validator
from shapely.errors import ShapelyError
from shapely.geometry import shape

from ckanext.verbund.base import spatial
from ckanext.verbund.domain import dataset, vocab
from ckanext.verbund.domain.dcatde import terms

__all__ = [
    "verbund_ags",
    "verbund_ars",
    "verbund_at_most",
    "verbund_choice",
    "verbund_choices",
    "verbund_colour",
    "verbund_decimal",
    "verbund_duration",
    "verbund_email",
    "verbund_file_format",
    "verbund_geojson",
    "verbund_hvd",
    "verbund_media_type",
    "verbund_name_address",
    "verbund_namespaces",
    "verbund_places",
    "verbund_required",
    "verbund_series",
    "verbund_web_address",
]

Validator = Callable[..., Any]

_DURATION = re.compile(
    r"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?$"
)
_EMAIL = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$")
_SCHEMES = {"http", "https", "ftp", "mailto", "tel"}


def is_harvested(data: dict[tuple, Any]) -> bool:
    """Return whether flattened package data come from a harvester (it adds a ``guid``)."""
    return any(
        key[0] == "extras" and key[-1] == "key" and value in {"guid", "harvest_object_id"}
        for key, value in data.items()
    )


def _empty(value: object) -> bool:
    return isinstance(value, Missing) or value is None or value in ("", [])


def _skip(data: dict, key: tuple) -> None:
    data.pop(key, None)
    raise tk.StopOnError


def is_draft(data: dict[tuple, Any], context: dict[str, Any]) -> bool:
    """Return whether flattened package data will be a draft once they are saved.

    CKAN drops a state that its writer may not set, and does so after our fields were looked
    at; then a new package is active.
    """
    package = context.get("package")
    state = data.get(("state",))
    if _empty(state):
        return package is not None and package.state == "draft"
    may_choose = (
        package is not None
        or context.get("allow_state_change")
        or context.get("ignore_auth")
        or authz.is_sysadmin(context.get("user"))
    )
    return state == "draft" and bool(may_choose)


def verbund_required(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Demand a value, except from drafts and from harvested datasets."""
    if not _empty(data.get(key)):
        return
    if not is_harvested(data) and not is_draft(data, context):
        errors[key].append(tk._("Missing value"))
    _skip(data, key)


def _known(field: dict[str, Any]) -> Callable[[str], str | None]:
    """Return a function from what somebody wrote to the stored value, or None."""
    if "choices" in field:
        values = {str(choice["value"]) for choice in field["choices"]}
        return lambda value: value if value in values else None
    vocabulary = vocab.load(field["vocabulary"])

    def find(value: str) -> str | None:
        concept = vocabulary.get(value)
        return concept.iri if concept else None

    return find


def _unknown(value: object) -> str:
    return tk._('"{value}" is not in the list. Please choose an entry of the list.').format(
        value=str(value)[:80]
    )


@scheming_validator
def verbund_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept one entry of a list by IRI, code or label and store its IRI."""
    find = _known(field)

    def validator(key: tuple, data: dict, errors: dict, context: dict) -> None:
        if errors[key]:
            return
        value = data.get(key)
        if _empty(value):
            _skip(data, key)
        found = find(str(value).strip())
        if found:
            data[key] = found
        elif not is_harvested(data):
            errors[key].append(_unknown(value))

    return validator


@scheming_validator
def verbund_choices(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept several entries of a list; stored as a JSON list of IRIs."""
    find = _known(field)

    def validator(key: tuple, data: dict, errors: dict, context: dict) -> None:
        if errors[key]:
            return
        values = _as_list(data.get(key))
        if not values:
            _skip(data, key)
        result = []
        for value in values:
            found = find(str(value).strip())
            if found is None and not is_harvested(data):
                errors[key].append(_unknown(value))
            result.append(found or value)
        if not errors[key]:
            data[key] = json.dumps(list(dict.fromkeys(result)))

    return validator


def _as_list(value: object) -> list:
    if _empty(value):
        return []
    if isinstance(value, str):
        if value.startswith("["):
            try:
                value = json.loads(value)
            except ValueError:
                return [value]
        else:
            return [value]
    return [v for v in value if not _empty(v)] if isinstance(value, list) else [value]


def verbund_web_address(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Refuse addresses that a browser would execute, whoever wrote them.

    Source: federation reference, "Security": stored ``javascript:`` links of neighbours.
    """
    value = data.get(key)
    if _empty(value) or not isinstance(value, str):
        return
    # Browsers ignore control characters and blanks before and inside the scheme.
    scheme = urlsplit(re.sub(r"[\x00-\x20\x7f]+", "", value)).scheme.lower()
    if scheme in _SCHEMES or not scheme:
        return
    if is_harvested(data):
        if key[0] == "resources" and key[-1] == "url":
            # CKAN's views fail on a resource without this key, and the dataset with it.
            data[key] = ""
            return
        _skip(data, key)
    errors[key].append(
        tk._('The address begins with "{scheme}:". Please use one with https.').format(
            scheme=scheme[:20]
        )
    )


def verbund_name_address(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Refuse what cannot name a thing in RDF: then the portal could not describe it.

    Of harvested data it is left out, and the thing gets the address of this portal.
    """
    value = data.get(key)
    if _empty(value) or terms.is_name(str(value).strip()):
        return
    if is_harvested(data):
        _skip(data, key)
    errors[key].append(
        tk._(
            "This is no complete address. Example: https://data.town.example/dataset/1. "
            "You may leave the field empty; then the portal gives the address."
        )
    )


def verbund_email(value: Any) -> Any:
    """Accept an address such as office@town.example, with or without ``mailto:``."""
    text = str(value).removeprefix("mailto:").strip()
    if text and not _EMAIL.match(text):
        raise tk.Invalid(tk._("This is not an e-mail address. Example: open-data@town.example"))
    return text


def verbund_file_format(value: Any) -> Any:
    """Write the address of a file type, which neighbours send, as CKAN writes formats."""
    found = vocab.load("file_type").get(str(value)) if "://" in str(value) else None
    return tk.h.unified_resource_format(found.code) if found else value


def verbund_media_type(value: Any) -> Any:
    """Write IANA's address of a media type as its name: ``text/csv``."""
    return str(value).partition("/media-types/")[2] or value


def verbund_at_most(longest: int) -> Validator:
    """Refuse a text of more characters, except from harvested datasets.

    Args:
        longest: How many characters are allowed.
    """

    def validator(key: tuple, data: dict, errors: dict, context: dict) -> None:
        value = data.get(key)
        if isinstance(value, str) and len(value) > longest and not is_harvested(data):
            errors[key].append(
                tk._("This has {length} characters. Please shorten it to {longest}.").format(
                    length=len(value), longest=longest
                )
            )

    return validator


def verbund_decimal(value: Any) -> Any:
    """Accept a number with decimal comma or point; stored with a point."""
    if _empty(value):
        return value
    text = str(value).strip().replace(",", ".")
    try:
        float(text)
    except ValueError:
        raise tk.Invalid(tk._("This is not a number. Example: 0.5")) from None
    return text


def verbund_duration(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Accept an ISO 8601 duration (xsd:duration), as DCAT asks for resolutions."""
    value = data.get(key)
    if not _empty(value) and not is_harvested(data) and not _DURATION.match(str(value).strip()):
        errors[key].append(
            tk._("This is not a duration. Example: PT15M for 15 minutes, P1D for a day.")
        )


def verbund_geojson(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Accept a GeoJSON geometry in longitude and latitude."""
    value = data.get(key)
    if _empty(value) or is_harvested(data):
        return
    try:
        west, south, east, north = shape(
            json.loads(value) if isinstance(value, str) else value
        ).bounds
        good = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, ShapelyError):
        good = False
    if not good:
        errors[key].append(
            tk._("This is not a GeoJSON geometry in degrees of longitude and latitude.")
        )
    elif not isinstance(value, str):
        data[key] = json.dumps(value)


def verbund_ags(value: Any) -> Any:
    """Accept an official municipality (8 digits) or district key (5)."""
    return _digits(value, {5, 8})


def verbund_ars(value: Any) -> Any:
    """Accept a regional key (12 digits, 9 for associations, 5 for districts)."""
    return _digits(value, {5, 9, 12})


def _digits(value: Any, lengths: set[int]) -> str:
    text = str(value).replace(" ", "")
    if text and not (text.isascii() and text.isdigit() and len(text) in lengths):
        allowed = ", ".join(str(n) for n in sorted(lengths))
        raise tk.Invalid(
            tk._("The key must have {allowed} digits, without blanks.").format(allowed=allowed)
        )
    return text


def verbund_colour(value: Any) -> Any:
    """Accept a colour as #rrggbb; nothing else may reach a style sheet."""
    if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)):
        raise tk.Invalid(tk._("Please give the colour as six hex digits. Example: #1d4f8c"))
    return value


def verbund_namespaces(value: Any) -> Any:
    """Accept a JSON list of https addresses without query."""
    for address in _as_list(value):
        parts = urlsplit(str(address))
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
            raise tk.Invalid(
                tk._("A namespace is a web address. Example: https://data.town.example")
            )
    return value


def verbund_series(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Accept existing series of any member by name or ID; stored as a JSON list of IDs."""
    values = _as_list(data.get(key))
    if not values or is_harvested(data):
        return
    result = []
    for value in values:
        package = model.Package.get(value)
        if package is None or package.type != "dataset_series" or package.state == "deleted":
            errors[key].append(
                tk._(
                    'There is no series "{value}". Please give its name as in its address.'
                ).format(value=str(value)[:80])
            )
        else:
            result.append(package.id)
    if not errors[key]:
        data[key] = json.dumps(result)


def verbund_places(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Complete places that are given by name or key: key, outline and bounding box.

    Runs before all fields (``before_validators`` of a schema); what somebody wrote stays.
    """
    rows = {k: v for k, v in data.items() if k[0] == "spatial_coverage" and len(k) == 3}
    if not rows:
        return
    filled = {"spatial_coverage": unflatten(rows)["spatial_coverage"]}
    spatial.fill_places(filled)
    for number, place in enumerate(filled["spatial_coverage"]):
        for name, value in place.items():
            data["spatial_coverage", number, name] = value


def verbund_hvd(key: tuple, data: dict, errors: dict, context: dict) -> None:
    """Enter the regulation where a category of high-value datasets is chosen.

    Runs before all fields (``before_validators`` of a schema).
    Source: DCAT-AP HVD 3.0, ``dcatap:applicableLegislation`` of dataset and data service.
    """
    if not _as_list(data.get(("hvd_category",))) or is_harvested(data):
        return
    laws = _as_list(data.get(("applicable_legislation",)))
    if dataset.HVD_LAW not in laws:
        data["applicable_legislation",] = [*laws, dataset.HVD_LAW]
