# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fingerprint: what a decision was about, in 64 digits.

Which fields count is data (``schemas/ethics/decisive.yaml``). An uploaded file counts with its
SHA-256, a link with its address: what lies behind it can change without anybody here noticing,
so the decision can only be about the place (publish-or-not, section 1, no. 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ckanext.verbund.domain.canon import digest

_FILE = files("ckanext.verbund.schemas") / "ethics" / "decisive.yaml"
_KINDS = ("package", "harvest", "resource", "marks")


@dataclass(frozen=True)
class Decisive:
    """Which fields count.

    Attributes:
        version: Goes up with each change of the list.
        package: Fields of datasets, series and services.
        harvest: Fields of a source that is harvested.
        resource: Fields of a file or link.
        marks: Fields of a resource that change with each upload.
    """

    version: int
    package: tuple[str, ...]
    harvest: tuple[str, ...]
    resource: tuple[str, ...]
    marks: tuple[str, ...]

    def rows(self) -> list[tuple[str, str]]:
        """Return kind and field of each entry, as the database keeps them."""
        return sorted({(kind, name) for kind in _KINDS for name in getattr(self, kind)})


@cache
def decisive() -> Decisive:
    """Return the list in force."""
    return read(_FILE.read_text(encoding="utf-8"))


def read(text: str) -> Decisive:
    """Read the list from the text of its file.

    Raises:
        ValueError: A part is missing or no list of names.
    """
    found = yaml.safe_load(text)
    lists = {kind: found.get(kind) if isinstance(found, dict) else None for kind in _KINDS}
    for kind, names in lists.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(f"decisive.yaml: „{kind}“ ist keine Liste von Feldern")
    if not isinstance(found.get("version"), int):
        raise ValueError("decisive.yaml: „version“ ist keine ganze Zahl")
    return Decisive(found["version"], **{kind: tuple(names) for kind, names in lists.items()})


def uploads(package: Mapping[str, Any]) -> list[str]:
    """Return the IDs of the resources whose SHA-256 the fingerprint needs."""
    resources = package.get("resources") or ()
    return [str(r["id"]) for r in resources if r.get("url_type") == "upload"]


def fingerprint(
    package: Mapping[str, Any], hashes: Mapping[str, str], fields: Decisive | None = None
) -> str:
    """Return the fingerprint of a package.

    Args:
        package: As ``package_show`` returns it.
        hashes: SHA-256 by ID of each uploaded resource.
        fields: Which fields count; those in force if not given.

    Raises:
        KeyError: The hash of an uploaded resource is missing.
    """
    fields = fields or decisive()
    names = fields.harvest if package.get("type") == "harvest" else fields.package
    resources = [
        {"id": str(resource["id"])}
        | _chosen(resource, _resource_fields(resource, fields))
        | _file(resource, hashes)
        for resource in package.get("resources") or ()
    ]
    content = {
        "decisive": fields.version,
        "id": str(package["id"]),
        "package": _chosen(_with_extras(package), names),
        "resources": sorted(resources, key=lambda resource: resource["id"]),
    }
    return digest(content)


def _resource_fields(resource: Mapping[str, Any], fields: Decisive) -> tuple[str, ...]:
    # The address of an upload is made of the portal's own address; the hash says more.
    if resource.get("url_type") == "upload":
        return tuple(name for name in fields.resource if name != "url")
    return fields.resource


def _file(resource: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, str]:
    if resource.get("url_type") != "upload":
        return {}
    return {"file": resource["url"].rsplit("/")[-1], "sha256": hashes[str(resource["id"])]}


def _with_extras(package: Mapping[str, Any]) -> Mapping[str, Any]:
    extras = {extra["key"]: extra["value"] for extra in package.get("extras") or ()}
    return {**extras, **package}


def _chosen(source: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: _spelled(source.get(name)) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _spelled(value: Any) -> Any:
    """Return a value without what says nothing: empty parts, and how a number was typed."""
    if isinstance(value, Mapping):
        parts = {str(key): _spelled(one) for key, one in value.items()}
        return {key: one for key, one in parts.items() if one not in (None, "")} or None
    if isinstance(value, list | tuple):
        return [one for one in map(_spelled, value) if one not in (None, "")] or None
    if value is None or isinstance(value, bool):
        return value
    return str(value).replace("\r\n", "\n").strip()
