# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets two people of a demo member decide about its datasets, by the door that everybody uses.

There is no other door: the author answers the questions and submits, the decider decides, each
with their own account, and every step is in the chain of the member. What the rules would
not let be public stays undecided. A second run finds nothing to do.

    python -m demo.decisions http://127.0.0.1:5001 stadt-kaiserslautern "$AUTHOR" "$DECIDER"
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Protocol

from ckanext.verbund.domain.ethics.catalogue import Question, load
from demo.load import LoadError, Portal

_PATIENCE = 300  # seconds for the automatic check of one dataset's files
#: Why nothing speaks against the demonstration data, by group of questions.
REASONS = {
    "A": "Die Daten sind für die Vorführung erfunden; das Mitglied verfügt über sie.",
    "B": "Die Daten nennen keine Menschen, auch nicht über Umwege.",
    "C": "Die Daten sind erfunden und enthalten keine Geheimnisse.",
    "D": "Die Daten sind für dieses Projekt entstanden; Rechte anderer gibt es nicht.",
    "E": "Die Orte sind öffentlich zugänglich oder erfunden.",
    "F": "Die Daten beschreiben Sachen, keine Gruppen von Menschen.",
    "G": "Beschreibung, Stand und Ansprechstelle stehen im Datensatz.",
}


class Caller(Protocol):
    """Somebody who calls actions of a portal."""

    def call(self, action: str, **parameters: Any) -> Any:
        """Call an action and return its result."""


def appoint(admin: Caller, organization: str, user: str) -> None:
    """Let the administration of a member make somebody its decider."""
    admin.call("verbund_role_set", organization_id=organization, user=user, role="decider")


def decide(author: Caller, decider: Caller, organization: str) -> tuple[int, int]:
    """Decide about all datasets of a member that nobody has decided on.

    Args:
        author: Somebody who may edit the datasets of the member.
        decider: Somebody else, with the role.
        organization: ID of the member.

    Returns:
        How many are public now, and how many have still to be decided by people.
    """
    listed = author.call("verbund_undecided_list", organization_id=organization, limit=500)
    begun = []
    for dataset in listed["datasets"]:
        case = author.call("verbund_case_create", package_id=dataset["id"])
        answers = {q.id: _answer(q) for q in load().questions if not q.after}
        begun.append(author.call("verbund_case_answer", id=case["id"], answers=answers))
    public = 0
    for unseen in begun:
        case = _screened(author, unseen)
        if case["scan"]["pending"] or case["recommendation"]["outcome"] != "open":
            continue  # the automatic check found something, and people have to explain it
        case = _step(author, case, "submit")
        if case["recommendation"]["outcome"] == "open" and case["state"] == "ready":
            public += _step(decider, case, "decide_open")["in_force"]
    return public, len(listed["datasets"]) - public


def _screened(author: Caller, case: dict[str, Any]) -> dict[str, Any]:
    """Return a case once the worker of the portal has looked at its files."""
    end = time.monotonic() + _PATIENCE
    while case["scan"]["pending"] and time.monotonic() < end:
        time.sleep(1)
        case = author.call("verbund_case_show", id=case["id"])
    return case


def _answer(question: Question) -> dict[str, str]:
    value = "no" if question.trigger == "yes" else "yes"
    return {
        "value": "none" if question.none_if else value,
        "reason": REASONS[question.group],
    }


def _step(who: Caller, case: dict[str, Any], action: str) -> dict[str, Any]:
    return who.call(
        "verbund_case_act", id=case["id"], action=action, fingerprint=case["fingerprint"]
    )


def main() -> None:
    """Decide about the datasets of one member."""
    parser = argparse.ArgumentParser(prog="demo.decisions", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("organization", help="Name des Mitglieds")
    parser.add_argument("author", help="Schlüssel der Person, die die Fragen beantwortet")
    parser.add_argument(
        "decider", help="Schlüssel der Person, die entscheidet und das Mitglied verwaltet"
    )
    args = parser.parse_args()
    author, decider = Portal(args.url, args.author), Portal(args.url, args.decider)
    try:
        member = author.call("organization_show", id=args.organization)["id"]
        appoint(decider, member, decider.call("user_show")["name"])
        public, left = decide(author, decider, member)
    except LoadError as error:
        sys.exit(f"Fehler: {error}")
    print(f"{public} Datensätze entschieden und öffentlich, {left} offen.")


if __name__ == "__main__":
    main()
