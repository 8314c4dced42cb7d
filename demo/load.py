# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loads the demonstration into running portals through CKAN's API.

What a portal already holds is left to its editors: a second run changes nothing. A dataset
stays a draft until its files have arrived, so a run that was killed is finished by the next.
With `refresh` everything is brought back to what the repository says.

    python -m demo.load http://127.0.0.1:5001 "$TOKEN" kaiserslautern
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from demo.definitions import DemoDataset, read_datasets, read_portal, read_portals, sha256
from stack.settings import Profile

Progress = Callable[[str], None]
TIMEOUT = 120
_CAPACITY = {"orgadmin": "admin", "editor": "editor"}


class LoadError(Exception):
    """A sentence for the person at the terminal."""


@dataclass
class Summary:
    """What a run did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.created} angelegt, {self.updated} geändert, {self.unchanged} unverändert"


class Portal:
    """CKAN's action API, with errors as sentences."""

    def __init__(self, url: str, token: str):
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = token
        # A loopback portal must not be asked for through the machine's web proxy.
        self._session.trust_env = False

    def call(self, action: str, /, **parameters: Any) -> Any:
        """Call an action and return its result."""
        return self._result(action, json=parameters)

    def find(self, action: str, **parameters: Any) -> Any | None:
        """Call a show action; return None when the thing does not exist."""
        return self._result(action, json=parameters, missing_ok=True)

    def upload(self, action: str, data: dict[str, str], files: dict[str, tuple]) -> Any:
        """Call an action with files."""
        return self._result(action, data=data, files=files)

    def _result(self, action: str, *, missing_ok: bool = False, **body: Any) -> Any | None:
        try:
            reply = self._session.post(
                f"{self.url}/api/3/action/{action}", timeout=TIMEOUT, **body
            )
        except requests.RequestException as error:
            raise LoadError(
                f"Das Portal {self.url} antwortet nicht ({type(error).__name__}). "
                "Läuft es? „make status“ zeigt es."
            ) from error
        if reply.status_code == 404 and missing_ok:
            return None
        try:
            answer = reply.json()
            if answer["success"]:
                return answer["result"]
            problem = answer["error"]
        except (ValueError, KeyError, TypeError):
            problem = f"HTTP {reply.status_code}"
        raise LoadError(f"{self.url} lehnt {action} ab: {_sentence(problem)}.")


def load_portal(
    portal: dict[str, Any], token: str, progress: Progress = print, *, refresh: bool = False
) -> Summary:
    """Load organisations, memberships, datasets with files, and harvest sources.

    Args:
        portal: `name` as in `members.yaml`, `url`, and `ports` (name → port of each portal
            and of the file server, `files`), which the addresses of harvest sources need.
        token: API token of a sysadmin. The accounts named in `members.yaml` must exist.
        progress: Called with one sentence per step.
        refresh: Also bring changed organisations and datasets back to the definition.

    Raises:
        LoadError: With one sentence that says what is wrong and what helps.
    """
    api = Portal(portal["url"], token)
    definition = read_portal(portal["name"])
    summary = Summary()
    sources = definition.get("harvest_sources", [])
    organizations = [member["organization"] for member in definition["members"]]
    ports = portal.get("ports", {})
    organizations += [_placed(source["organization"], ports) for source in sources]
    for organization in organizations:
        _load_organization(api, organization, summary, progress, refresh=refresh)
    _load_memberships(api, definition["users"], summary, progress)
    extensions = api.call("status_show")["extensions"]
    datasets = read_datasets(definition)
    if "verbund_ethics" in extensions:
        for dataset in datasets:  # people decide what is public, and it stays as they decided
            del dataset.fields["private"]
    for number, dataset in enumerate(datasets, 1):
        done = _load_dataset(api, dataset, summary, refresh=refresh)
        if done:
            progress(f"Datensatz {number}/{len(datasets)} {done}: {dataset.fields['title']}")
    if "harvest" in extensions:
        _load_sources(api, sources, ports, summary, progress)
    elif sources:
        progress("Harvest-Quellen übersprungen: das Plugin „harvest“ ist nicht eingeschaltet.")
    progress(str(summary))
    return summary


def _placed(organization: dict[str, Any], ports: dict[str, int]) -> dict[str, Any]:
    """Fill the ports of this machine into the namespaces of a neighbour."""
    if "namespaces" not in organization:
        return organization
    spaces = [space.format_map(ports) for space in organization["namespaces"]]
    return {**organization, "namespaces": spaces}


def _load_organization(
    api: Portal, wanted: dict[str, Any], summary: Summary, progress: Progress, *, refresh: bool
) -> None:
    shown = api.find("organization_show", id=wanted["name"])
    if shown is None:
        api.call("organization_create", **wanted)
        summary.created += 1
        progress(f"Organisation angelegt: {wanted['title']}")
    elif refresh and _differs(shown, wanted):
        api.call("organization_patch", **wanted, id=shown["id"])
        summary.updated += 1
        progress(f"Organisation geändert: {wanted['title']}")
    else:
        summary.unchanged += 1


def _load_memberships(
    api: Portal, users: list[dict[str, Any]], summary: Summary, progress: Progress
) -> None:
    wanted = [
        (organization, user)
        for user in users
        if user["role"] in _CAPACITY
        for organization in user.get("organizations", [])
    ]
    for organization in sorted({name for name, _ in wanted}):
        shown = api.call("organization_show", id=organization, include_users=True)
        present = {user["name"]: user["capacity"] for user in shown["users"]}
        for user in (user for name, user in wanted if name == organization):
            capacity = _CAPACITY[user["role"]]
            if present.get(user["name"]) == capacity:
                summary.unchanged += 1
                continue
            api.call(
                "organization_member_create",
                id=organization,
                username=user["name"],
                role=capacity,
            )
            summary.created += 1
            progress(f"{user['fullname']} ist jetzt {capacity} bei {shown['title']}")


def _load_dataset(
    api: Portal, dataset: DemoDataset, summary: Summary, *, refresh: bool
) -> str | None:
    """Create, finish or refresh a dataset; return what was done, or None."""
    shown = api.find("package_show", id=dataset.fields["id"])
    if shown is None:
        draft = {**dataset.fields, "resources": [], "state": "draft"}
        _revise(api, dataset, api.call("package_create", **draft))
        summary.created += 1
        return "angelegt"
    if shown["state"] == "draft":
        _revise(api, dataset, shown)
        summary.updated += 1
        return "fertiggestellt"
    if refresh and _outdated(shown, dataset):
        _revise(api, dataset, shown)
        summary.updated += 1
        return "geändert"
    summary.unchanged += 1
    return None


def _revise(api: Portal, dataset: DemoDataset, shown: dict[str, Any]) -> None:
    """Bring fields and files to what they should be, and publish, all in one call."""
    fields = {key: value for key, value in dataset.fields.items() if key != "resources"}
    data = {
        "match": json.dumps({"id": dataset.fields["id"]}),
        "filter": json.dumps(["+resources", "-*"]),
        "update": json.dumps({"private": True, **fields, "state": "active"}),
    }
    uploads, added = {}, []
    present = {resource["id"]: index for index, resource in enumerate(shown["resources"])}
    for wanted, file in zip(dataset.fields["resources"], dataset.files, strict=True):
        content = file.content()
        resource = {**wanted, "hash": sha256(content), "size": len(content)}
        index = present.get(wanted["id"])
        if index is None:
            index = len(present) + len(added)
            added.append(resource)
        else:
            data[f"update__resources__{index}"] = json.dumps(resource)
            if shown["resources"][index].get("hash") == resource["hash"]:
                continue
        uploads[f"update__resources__{index}__upload"] = (file.name, content)
    data["update__resources__extend"] = json.dumps(added)
    api.upload("package_revise", data, uploads)


def _load_sources(
    api: Portal,
    sources: list[dict[str, Any]],
    ports: dict[str, int],
    summary: Summary,
    progress: Progress,
) -> None:
    for source in sources:
        fields = {key: value for key, value in source.items() if key != "organization"}
        if api.find("harvest_source_show", id=fields["name"]) is not None:
            summary.unchanged += 1
            continue
        fields["url"] = fields["url"].format_map(ports)
        fields["config"] = json.dumps(fields.get("config", {}))
        fields["owner_org"] = source["organization"]["name"]
        api.call("harvest_source_create", **fields)
        summary.created += 1
        progress(f"Harvest-Quelle angelegt: {fields['title']}")


def _outdated(shown: dict[str, Any], dataset: DemoDataset) -> bool:
    wanted = {**dataset.fields}
    keywords = set(wanted.pop("tag_string").split(","))
    resources = [
        {**resource, "hash": sha256(file.content())}
        for resource, file in zip(wanted.pop("resources"), dataset.files, strict=True)
    ]
    present = {resource["id"]: resource for resource in shown["resources"]}
    return (
        keywords != {tag["name"] for tag in shown["tags"]}
        or wanted.pop("owner_org") != shown["organization"]["name"]
        or _differs(shown, wanted)
        or any(_differs(present.get(resource["id"]), resource) for resource in resources)
    )


def _differs(shown: Any, wanted: Any) -> bool:
    """Say whether `shown` lacks anything of `wanted`; it may hold more."""
    if isinstance(wanted, dict):
        return not isinstance(shown, dict) or any(
            _differs(shown.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        if not isinstance(shown, list) or len(shown) != len(wanted):
            return True
        return any(_differs(left, right) for left, right in zip(shown, wanted, strict=True))
    return shown != wanted and str(shown) != str(wanted)


def _sentence(problem: Any) -> str:
    """Flatten CKAN's nested errors into one line."""
    if isinstance(problem, dict):
        return "; ".join(
            f"{key}: {_sentence(value)}"
            for key, value in problem.items()
            if key != "__type" and value
        )
    if isinstance(problem, list):
        return ", ".join(_sentence(item) for item in problem if item)
    return str(problem).rstrip(".")


def main(arguments: list[str] | None = None) -> int:
    """Load one portal from the command line."""
    parser = argparse.ArgumentParser(description="Lädt die Demonstrationsdaten eines Portals.")
    parser.add_argument("url", help="Adresse des Portals")
    parser.add_argument("token", help="API-Token eines Systemkontos")
    parser.add_argument("portal", help="Name in demo/members.yaml")
    parser.add_argument(
        "--refresh", action="store_true", help="auch Geändertes auf den Stand der Demo bringen"
    )
    options = parser.parse_args(arguments)
    names = [portal["name"] for portal in read_portals()]
    if options.portal not in names:
        parser.error(f"Unbekanntes Portal; es gibt: {', '.join(names)}.")
    profile = Profile("demo")
    ports = {portal.name: portal.port for portal in profile.portals}
    portal = {
        "name": options.portal,
        "url": options.url,
        "ports": ports | {"files": profile.files_port},
    }
    try:
        load_portal(portal, options.token, refresh=options.refresh)
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
