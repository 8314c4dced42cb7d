# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives people of a demo portal their roles, and lets them decide about what was loaded.

python -m demo.people .stack/demo.json kaiserslautern
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.decisions import People, decide, trust
from demo.definitions import read_datasets, read_portal
from demo.load import LoadError, Portal, Progress

#: Roles of ``members.yaml`` that the administration of a member gives.
GIVEN = ("reviewer", "decider", "dpo", "leitung")
_MAY_EDIT = ("editor", "orgadmin")  # who answers questions, the first before the others


@dataclass(frozen=True)
class _Staff:
    """The accounts of a portal, by role and member."""

    portal: dict[str, Any]
    users: list[dict[str, Any]]

    def all(self, role: str, organization: str) -> list[str]:
        return [
            user["name"]
            for user in self.users
            if user["role"] == role and organization in user.get("organizations", ())
        ]

    def caller(self, organization: str, *roles: str) -> Portal | None:
        """Return the first of the member who has one of the roles."""
        names = [name for role in roles for name in self.all(role, organization)]
        tokens = {user["name"]: user["token"] for user in self.portal["users"]}
        return Portal(self.portal["url"], tokens[names[0]]) if names else None

    def password(self, organization: str, role: str) -> str:
        """Return the password of the first of the member who has a role, empty without one."""
        names = self.all(role, organization)
        passwords = {user["name"]: user["password"] for user in self.portal["users"]}
        return passwords[names[0]] if names else ""


def decide_portal(portal: dict[str, Any], progress: Progress = print) -> None:
    """Give the roles, and decide about datasets and sources of harvesting.

    Args:
        portal: ``name`` as in ``members.yaml``, ``url``, and ``users`` with ``name``,
            ``password`` and ``token``.
        progress: Called with one sentence per step.

    Raises:
        LoadError: With one sentence that says what is wrong and what helps.
    """
    definition = read_portal(portal["name"])
    staff = _Staff(portal, definition["users"])
    kept = {
        dataset.fields["id"]: dataset.case
        for dataset in read_datasets(definition)
        if dataset.case is not None
    }
    sources = definition.get("harvest_sources", [])
    for holder in [*definition["members"], *sources]:
        name = holder["organization"]["name"]
        admin = staff.caller(name, "orgadmin")
        author, decider = staff.caller(name, *_MAY_EDIT), staff.caller(name, "decider")
        id = admin.call("organization_show", id=name)["id"]
        _give(admin, staff, name, id)
        people = People(
            author,
            decider,
            staff.caller(name, "reviewer"),
            staff.caller(name, "dpo"),
            staff.password(name, "decider"),
        )
        if "source_type" in holder:
            source = admin.call("harvest_source_show", id=holder["name"])["id"]
            if trust(people, source):
                progress(f"Über die Quelle „{holder['title']}“ ist entschieden")
            continue
        public, left = decide(people, id, kept)
        if public:
            title = holder["organization"]["title"]
            progress(f"{title}: {public} veröffentlicht, {left} nicht entschieden")


def _give(admin: Portal, staff: _Staff, organization: str, id: str) -> None:
    listed = admin.call("verbund_role_list", organization_id=id)
    present = {(one["role"], one["user"]) for one in listed}
    for role in GIVEN:
        for user in staff.all(role, organization):
            if (role, user) not in present:
                admin.call("verbund_role_set", organization_id=id, user=user, role=role)


def main(arguments: list[str] | None = None) -> int:
    """Decide in one portal from the command line."""
    parser = argparse.ArgumentParser(prog="demo.people", description=__doc__)
    parser.add_argument("report", type=Path, help="Datei mit den Konten, .stack/demo.json")
    parser.add_argument("portal", help="Name in demo/members.yaml")
    options = parser.parse_args(arguments)
    portals = json.loads(options.report.read_text(encoding="utf-8"))["portals"]
    try:
        decide_portal(next(p for p in portals if p["name"] == options.portal))
    except StopIteration:
        parser.error("Dieses Portal steht nicht in der Datei.")
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
