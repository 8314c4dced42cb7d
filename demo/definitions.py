# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads `members.yaml` and `content/`, and completes what the YAML files leave to rules."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from demo import files

ROOT = Path(__file__).parent
NOTICE = (
    "Demonstrationsdaten: Alle Werte sind erfunden und dienen nur der Vorführung. "
    "Sie sagen nichts über den genannten Ort."
)
KEYWORD = "Demonstrationsdaten"
KEYWORD_PRIVATE = "nicht veröffentlichen"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"

#: Short forms that the YAML files may use instead of whole IRIs.
PREFIXES = {
    "eu": "http://publications.europa.eu/resource/authority/",
    "de": "http://dcat-ap.de/def/",
    "hvd": "http://data.europa.eu/bna/",
    "mdk": "https://musterdatenkatalog.de/def/musterdatensatz/",
}
#: What series and services take of the fields that a member gives its datasets.
_USUAL = {
    "dataset_series": {"publisher", "contact", "spatial_coverage"},
    "data_service": {
        *("publisher", "contact", "spatial_coverage"),
        *("language", "access_rights", "availability"),
    },
}
_SHORT = re.compile(rf"^({'|'.join(PREFIXES)}):(?=\S+$)")


@dataclass(frozen=True)
class DemoFile:
    """A file that belongs to a resource; made when it is asked for."""

    name: str
    generator: dict[str, Any]

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return files.build(self.name, self.generator)


@dataclass(frozen=True)
class DemoDataset:
    """A dataset as the CKAN API takes it, and the file of each of its resources.

    Attributes:
        fields: Fields of the dataset.
        files: File of each resource.
        case: Where its case is to stop (``demo.decisions.CASES``); empty where nobody is to
            begin one, None for a dataset that is to be public.
    """

    fields: dict[str, Any]
    files: tuple[DemoFile, ...] = field(default=())
    case: str | None = None

    @property
    def name(self) -> str:
        """The dataset's name in addresses."""
        return self.fields["name"]


def read_portals(path: Path = ROOT / "members.yaml") -> list[dict[str, Any]]:
    """Return the portals of the demonstration, short IRIs written out."""
    return [_expand(portal) for portal in read_yaml(path)["portals"]]


def read_portal(name: str) -> dict[str, Any]:
    """Return the portal of that name."""
    return next(portal for portal in read_portals() if portal["name"] == name)


def read_datasets(portal: dict[str, Any], root: Path = ROOT / "content") -> list[DemoDataset]:
    """Return the datasets, series and services of one portal, series first, by name.

    A dataset can name only a series that exists.
    """
    members = {member["organization"]["name"]: member for member in portal["members"]}
    paths = sorted((root / portal["name"]).glob("*.yaml"))
    found = [_complete(path.stem, _expand(read_yaml(path)), members) for path in paths]
    return sorted(found, key=lambda entry: entry.fields["type"] != "dataset_series")


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the content of a YAML file."""
    # libyaml is ten times faster, but not every build of PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 safe loaders


def _expand(value: Any) -> Any:
    """Write out the short forms of `PREFIXES`, however deep they lie."""
    if isinstance(value, dict):
        return {key: _expand(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(item) for item in value]
    if isinstance(value, str):
        return _SHORT.sub(lambda match: PREFIXES[match[1]], value)
    return value


def _complete(
    name: str, definition: dict[str, Any], members: dict[str, dict[str, Any]]
) -> DemoDataset:
    """Join a definition with its member's defaults, the notice and stable identifiers."""
    member = members[definition["member"]]
    kind = definition.get("type", "dataset")
    usual = _USUAL.get(kind, member["dataset"].keys())
    fields = {key: value for key, value in member["dataset"].items() if key in usual}
    fields |= {"type": kind, **definition["dataset"]}
    namespace = member["organization"]["namespaces"][0]
    fields["id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{namespace}/dataset/{name}"))
    keywords = [*fields.pop("tags"), KEYWORD]
    notes = [NOTICE, fields["notes"]]
    reason = definition.get("private_because")
    case = definition.get("case", "" if reason else None)
    if reason:
        keywords.append(KEYWORD_PRIVATE)
        notes.insert(1, f"So nicht veröffentlichen: {reason}")
    fields |= {
        "name": name,
        "notes": "\n\n".join(notes),
        "tag_string": ",".join(keywords),
        "owner_org": definition["member"],
        "private": case is not None,
    }
    resources = definition.get("resources", [])
    demo_files = tuple(
        DemoFile(resource["file"], resource["generator"]) for resource in resources
    )
    defaults = {
        "license": member["organization"]["default_license"],
        "license_attribution_by_text": member["organization"]["default_attribution"],
        **definition.get("resource", {}),
    }
    if kind == "data_service":
        fields = defaults | fields
    fields["resources"] = [
        _complete_resource(fields["id"], resource, defaults) for resource in resources
    ]
    return DemoDataset(fields, demo_files, case)


def _complete_resource(
    dataset_id: str, resource: dict[str, Any], defaults: dict[str, Any]
) -> dict[str, Any]:
    own = {key: value for key, value in resource.items() if key not in {"file", "generator"}}
    return {
        **defaults,
        **own,
        "id": str(uuid.uuid5(uuid.UUID(dataset_id), resource["file"])),
        "hash_algorithm": SHA256,
    }


def sha256(content: bytes) -> str:
    """Return the checksum that a resource carries."""
    return hashlib.sha256(content).hexdigest()
