# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets people of a demo member decide about its datasets, by the door that everybody uses.

There is no other door: the author answers the questions and submits, the decider decides, each
with their own account, and every step is in the chain of the member. What the rules would
not let be public stays undecided. A second run finds nothing to do, and finishes what a run
that was killed has begun.

Datasets with ``case`` in ``content/`` stop on the way, so that each state can be seen; what
people make of such a case later stays as they left it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol

from ckanext.verbund.domain.ethics.catalogue import Question, load

#: Seconds for the automatic check of all files of a member; the worker loads tables, too.
PATIENCE = 900
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
#: What the author says of a finding that contradicts an answer: there are no real people.
EXPLAINED = "Die Angaben sind für die Vorführung erfunden; es gibt diese Menschen nicht."
#: What ``case`` may say, and the answers that are not the harmless ones.
CASES: dict[str, dict[str, tuple[str, str]]] = {
    "draft": {},
    "review": {},
    "held": {},  # answered as if it were harmless, and the automatic check objects
    "ready": {},
    "comments": {
        "B2": ("unclear", "An ruhigen Tagen könnten einzelne Gäste zu erkennen sein."),
        "B5": ("yes", "Die Zahlen stehen ohne Namen im Jahresbericht des Bades."),
    },
    "refused": {
        "A3": ("yes", "Die Angaben stammen aus dem Steuerverfahren."),
        "B1": ("yes", "Jede Zeile nennt Namen und Anschrift."),
        "B2": ("yes", "Die Anschrift führt zu einer einzelnen Person."),
        "B5": ("no", "Für eine Veröffentlichung gibt es keine Rechtsgrundlage."),
        "B6": ("no", "Namen und Anschriften stehen unverändert in der Datei."),
    },
}
_REFUSAL = {
    "reason": "Personenbezogene Angaben aus dem Steuerverfahren bleiben intern.",
    "register_title": "Angaben aus einem kommunalen Steuerverfahren",
    "register_text": "Die Daten nennen einzelne Menschen und unterliegen dem Steuergeheimnis.",
}
_COMMENT = (
    "Personen sind unmittelbar genannt, eine Rechtsgrundlage fehlt. Von einer Veröffentlichung "
    "ist abzuraten."
)
_OPEN = {"draft", "review", "comments", "ready"}
#: States in which a case has still to move that is to stop somewhere; elsewhere it is there.
_ON_THE_WAY: dict[str, set[str]] = {
    "draft": set(),
    "held": set(),
    "review": {"draft"},
    "comments": {"draft", "review"},
    "ready": {"draft", "review", "comments"},
}
_PARTLY = 2  # groups of questions that the author of a draft has answered


class Caller(Protocol):
    """Somebody who calls actions of a portal."""

    def call(self, action: str, /, **parameters: Any) -> Any:
        """Call an action and return its result."""


@dataclass(frozen=True)
class People:
    """Who acts for a member.

    Attributes:
        author: May edit its datasets, and answers the questions.
        decider: Somebody else, with that role.
        reviewer: Passes cases on, where the member has somebody for it.
        dpo: Comments on what concerns people.
        password: That of the decider, who signs with it.
    """

    author: Caller
    decider: Caller
    reviewer: Caller | None = None
    dpo: Caller | None = None
    password: str = ""


def decide(
    people: People, organization: str, kept: dict[str, str] | None = None
) -> tuple[int, int]:
    """Decide about all datasets of a member that nobody has decided on.

    All cases are begun before the first is waited for, so that the automatic check of their
    files runs meanwhile.

    Args:
        people: Who acts.
        organization: ID of the member.
        kept: Where the case of a dataset is to stay, one of ``CASES`` by its ID; empty where
            none is to be begun.

    Returns:
        How many are public now, and how many have still to be decided by people.
    """
    kept, author = kept or {}, people.author
    begun = [
        (case, kept.get(case["package_id"])) for case in _unfinished(author, organization, kept)
    ]
    listed = author.call("verbund_undecided_list", organization_id=organization, limit=500)
    for dataset in listed["datasets"]:
        wanted = kept.get(dataset["id"])
        if wanted != "":
            case = author.call("verbund_case_create", package_id=dataset["id"])
            begun.append((_answered(author, case, wanted), wanted))
    public, end = 0, time.monotonic() + PATIENCE
    for case, wanted in begun:
        if wanted != "draft":
            ready = _screened(author, case, end)
            public += _go_on(people, ready, wanted)
    left = author.call("verbund_undecided_list", organization_id=organization, limit=1)
    listed = author.call("verbund_case_list", organization_id=organization, limit=500)
    still = sum(one["state"] in _OPEN for one in listed["cases"])
    return public, left["total"] + still


def trust(people: People, source: str) -> bool:
    """Decide about a source of harvesting, so that its datasets may be public here.

    Args:
        people: Who acts for the member that holds the datasets of the source.
        source: ID of the source.

    Returns:
        Whether anything was to be done.
    """
    listed = people.author.call("verbund_case_list", package_id=source)["cases"]
    if listed:
        return False
    case = people.author.call("verbund_case_create", package_id=source)
    _go_on(people, _answered(people.author, case, None), None)
    return True


def _unfinished(
    author: Caller, organization: str, kept: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the open cases that a run like this one has begun and not finished."""
    found = author.call("verbund_case_list", organization_id=organization, limit=500)["cases"]
    ids = [
        one["id"]
        for one in found
        if one["title"] is not None  # else the dataset was purged
        and one["state"] in _ON_THE_WAY.get(kept.get(one["package_id"]) or "", _OPEN)
    ]
    shown = [author.call("verbund_case_show", id=id) for id in ids]
    return [case for case in shown if case["round"] == 1 and _is_ours(case)]


def _is_ours(case: dict[str, Any]) -> bool:
    ours = {*REASONS.values(), *(r for others in CASES.values() for _v, r in others.values())}
    reasons = {answer["reason"] for answer in case["answers"].values()}
    return bool(reasons) and reasons <= ours


def _answered(author: Caller, case: dict[str, Any], wanted: str | None) -> dict[str, Any]:
    others = CASES[wanted] if wanted else {}
    questions = [q for q in load().questions if not q.after]
    if wanted == "draft":
        groups = sorted({q.group for q in questions})[:_PARTLY]
        questions = [q for q in questions if q.group in groups]
    answers = {q.id: harmless(q) for q in questions}
    for id, (value, reason) in others.items():
        answers[id] = {"value": value, "reason": reason}
    case = author.call("verbund_case_answer", id=case["id"], answers=answers)
    # An answer may bring further questions about.
    more = [q for q in load().questions if q.id in case["recommendation"]["missing"]]
    if more and wanted != "draft":
        answers = {q.id: harmless(q) for q in more}
        case = author.call("verbund_case_answer", id=case["id"], answers=answers)
    return case


def harmless(question: Question) -> dict[str, str]:
    """Return the answer to a question that nothing speaks against, with its reason."""
    value = "no" if question.trigger == "yes" else "yes"
    return {
        "value": "none" if question.none_if else value,
        "reason": REASONS[question.group],
    }


def _screened(author: Caller, case: dict[str, Any], end: float) -> dict[str, Any]:
    """Return a case once the worker of the portal has looked at its files."""
    while case["scan"]["pending"] and time.monotonic() < end:
        time.sleep(1)
        case = author.call("verbund_case_show", id=case["id"])
    return case


def _go_on(people: People, case: dict[str, Any], wanted: str | None) -> bool:
    """Bring a case as far as it is to go; return whether its dataset is public now."""
    if case["scan"]["pending"] or wanted == "held":
        return False
    if wanted is None:
        case = _explained(people.author, case)
    if case["state"] == "draft" and "submit" in case["possible"]:
        case = _step(people.author, case, "submit")
    if case["state"] == "review" and wanted != "review" and people.reviewer:
        case = _step(people.reviewer, case, "pass")
    if case["state"] == "comments" and wanted == "refused" and people.dpo:
        said = {"effect": "DSB", "verdict": "objection", "reason": _COMMENT}
        case = _step(people.dpo, case, "comment", **said)
    if case["state"] != "ready" or wanted == "ready":
        return False
    signed = {"password": people.password}
    if wanted == "refused":
        _step(people.decider, case, "decide_not", **_REFUSAL, **signed)
        return False
    # What the automatic check found and nobody explained, people have to look at.
    open_ = case["recommendation"]["outcome"] == "open"
    return open_ and _step(people.decider, case, "decide_open", **signed)["in_force"]


def _explained(author: Caller, case: dict[str, Any]) -> dict[str, Any]:
    """Return a case whose author has said what the findings in invented data are."""
    for file in case["scan"]["files"]:
        for finding in file["findings"]:
            if finding["contradicts"] and not finding["disposition"]:
                case = author.call(
                    "verbund_scan_dispose",
                    id=case["id"],
                    resource_id=file["resource_id"],
                    finding=finding["finding"],
                    value="false",
                    reason=EXPLAINED,
                )
    return case


def _step(who: Caller, case: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    fingerprint = case["fingerprint"]
    return who.call(
        "verbund_case_act", id=case["id"], action=action, fingerprint=fingerprint, **more
    )
