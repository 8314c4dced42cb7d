# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What actions answer: rows and cases as plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ckanext.verbund.domain.ethics import workflow
from ckanext.verbund.domain.ethics.assess import Outcome
from ckanext.verbund.domain.ethics.workflow import DECIDED
from ckanext.verbund.ethics import audit
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import Row, in_force
from ckanext.verbund.ethics.roles import Holder


def case(situation: Situation, holder: Holder) -> dict[str, Any]:
    """Return a case for an action's answer, with what the person may do."""
    row, advice = situation.row, situation.advice
    hidden = {"before"}
    return {
        **{name: value for name, value in iso(row).items() if name not in hidden},
        "authors": sorted(situation.file.authors),
        "answers": {
            name: {k: one[k] for k in ("value", "reason", "measures", "short", "user_id")}
            for name, one in situation.answers.items()
        },
        "comments": [
            iso({k: v for k, v in one.items() if k != "case_id"}) for one in situation.comments
        ],
        "recommendation": {
            "outcome": advice.outcome.value,
            "steps": [
                {
                    "question": step.question,
                    "answer": step.answer,
                    "effect": step.effect.value,
                    "settled": step.settled,
                }
                for step in advice.steps
            ],
            "missing": list(advice.missing),
            "contradictions": [list(pair) for pair in advice.contradictions],
            "open_comments": [effect.value for effect in advice.open_comments],
            "tasks": list(advice.tasks),
            "needs_ground": advice.needs_ground,
            "risk": advice.risk,
            "complete": advice.outcome is not Outcome.INCOMPLETE,
        },
        "history": audit.of_case(row["id"]),
        "possible": [
            action.value for action in workflow.possible(situation.file, holder.person, advice)
        ],
        "decision": iso(situation.decision) if situation.decision else None,
        "in_force": situation.file.state in DECIDED and in_force(row["package_id"]),
    }


def iso(row: Row) -> dict[str, Any]:
    """Return a row with its times as ISO texts."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in row.items()
    }
