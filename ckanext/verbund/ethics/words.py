# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What states, roles, steps and outcomes are called."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain.ethics.assess import Verdict
from ckanext.verbund.domain.ethics.catalogue import Catalogue, Question
from ckanext.verbund.domain.ethics.witness import Disposition
from ckanext.verbund.domain.ethics.workflow import Role, State


def states() -> dict[State, str]:
    """Return the states of cases with their names."""
    return {
        State.DRAFT: tk._("Answers are being written"),
        State.REVIEW: tk._("In review"),
        State.COMMENTS: tk._("Comments of specialists"),
        State.READY: tk._("Ready for decision"),
        State.DECIDED_OPEN: tk._("Decided: open"),
        State.DECIDED_RESTRICTED: tk._("Decided: restricted"),
        State.DECIDED_NOT: tk._("Decided: not published"),
        State.SUSPENDED: tk._("Suspended"),
        State.REVOKED: tk._("Revoked"),
    }


def outcomes() -> dict[str, str]:
    """Return the outcomes as the decision stores them, with their names."""
    return {
        "open": tk._("open"),
        "restricted": tk._("restricted"),
        "not": tk._("not published"),
    }


def roles() -> dict[Role, str]:
    """Return the roles with their names."""
    return {
        Role.EDITOR: tk._("Editors"),
        Role.REVIEWER: tk._("Review"),
        Role.DECIDER: tk._("Decision"),
        Role.DPO: tk._("Data protection"),
        Role.SECURITY: tk._("Security specialists"),
        Role.STATISTICS: tk._("Statistics specialists"),
        Role.LEGAL: tk._("Legal specialists"),
        Role.ETHICS: tk._("Data ethics specialists"),
        Role.LEITUNG: tk._("Head of administration"),
    }


def verdicts() -> dict[Verdict, str]:
    """Return what a specialist may say, in words."""
    return {
        Verdict.NO_OBJECTION: tk._("No objection"),
        Verdict.CONDITION: tk._("Agreed, with a condition"),
        Verdict.OBJECTION: tk._("Objection"),
    }


def dispositions() -> dict[str, dict[str, str]]:
    """Return what somebody may say of a finding: its ``name`` and what it is ``about``."""
    return {
        Disposition.CONFIRMED.value: {
            "name": tk._("Confirmed"),
            "about": tk._("It is there and must not be public. File or answer have to change."),
        },
        Disposition.FALSE.value: {
            "name": tk._("False alarm"),
            "about": tk._("It only looks like it, for instance a number of another kind."),
        },
        Disposition.LAWFUL.value: {
            "name": tk._("Lawfully public"),
            "about": tk._("It is there and may be public, for instance names of the council."),
        },
    }


def steps() -> dict[str, str]:
    """Return what happened to a case, in words, by action of its history."""
    return {
        "create": tk._("Check begun"),
        "answer": tk._("Questions answered"),
        "submit": tk._("Given to the review"),
        "return": tk._("Given back"),
        "pass": tk._("Passed on"),
        "comment": tk._("Comment given"),
        "cosign": tk._("Co-signed"),
        "decide_open": tk._("Decided: open"),
        "decide_restricted": tk._("Decided: restricted"),
        "decide_not": tk._("Decided: not published"),
        "review_again": tk._("Check begun anew"),
        "suspend": tk._("Suspended"),
        "resume": tk._("Resumed"),
        "revoke": tk._("Withdrawn at once"),
        "announce_end": tk._("End announced"),
        "cancel_end": tk._("End taken back"),
        "ended": tk._("Ended as announced"),
        "explain": tk._("Finding explained"),
        "remind": tk._("Reminder sent"),
        "batch": tk._("Batch of alike datasets begun"),
        "batch_leave": tk._("Taken out of the batch"),
        "content_changed": tk._("Data or description changed"),
    }


def question(
    catalogue: Catalogue, one: Question, where: tuple[str, str], lang: str
) -> dict[str, Any]:
    """Return a question with help and provisions.

    Args:
        catalogue: The questions in force.
        one: The question.
        where: Key of the Land and kind of the member; empty texts: all provisions.
        lang: ``de`` or ``en``.
    """
    refs = (
        catalogue.references_for(one, *where)
        if any(where)
        else [catalogue.references[key] for key in one.refs]
    )
    return {
        "id": one.id,
        "text": one.texts[lang],
        "help": one.help[lang],
        "refs": [{"cite": ref.cite, "name": ref.name} for ref in refs],
    }
