# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What actions answer: rows and cases as plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain.ethics import deadlines, witness, workflow
from ckanext.verbund.domain.ethics.assess import Outcome
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.witness import Screened
from ckanext.verbund.domain.ethics.workflow import DECIDED
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.domain.screening.report import Hit
from ckanext.verbund.ethics import audit, reminders
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
        "scan": scan(situation.screened, situation.dispositions),
        "waits_for": waits_for(situation),
        "history": audit.of_case(row["id"]),
        "possible": [
            action.value for action in workflow.possible(situation.file, holder.person, advice)
        ],
        "decision": iso(situation.decision) if situation.decision else None,
        "in_force": situation.file.state in DECIDED and in_force(row["package_id"]),
    }


def scan(screened: list[Screened], said: list[Row]) -> dict[str, Any]:
    """Return what the automatic check says of files, in words and without values.

    Args:
        screened: The files.
        said: What people said of findings, as it is stored.
    """
    by_finding = {(one["sha256"], one["finding"]): one for one in said}
    return {
        "notice": wording.notice()[lang()],
        "pending": witness.pending(screened),
        "files": [_file(one, by_finding) for one in screened],
    }


def _file(one: Screened, said: dict[tuple[str, str], Row]) -> dict[str, Any]:
    in_, levels, report = lang(), wording.levels(), one.report
    status = report.status if report else "unscanned" if one.remote else "pending"
    reason = report.reason if report else witness.REMOTE if one.remote else ""
    words = wording.reasons()
    return {
        "resource_id": one.id,
        "name": one.name,
        "sha256": one.sha256,
        "remote": one.remote,
        "status": status,
        "label": levels["status"][status][in_]
        if report or one.remote
        else tk._("waiting for the automatic check"),
        "reason": words[reason][in_] if reason in words else "",
        "version": report.version if report else "",
        "unchecked": [
            {"name": part.name, "reason": words[part.reason][in_]}
            for part in (report.unchecked if report else ())
        ],
        "findings": [
            finding(hit, said.get((one.sha256, witness.key(hit)))) for hit in one.hits
        ],
    }


def finding(hit: Hit, said: Row | None = None) -> dict[str, Any]:
    """Return a finding in words, with what somebody said of it."""
    in_, words, levels = lang(), wording.findings()[hit.kind], wording.levels()
    return {
        "finding": witness.key(hit),
        "kind": hit.kind,
        "part": hit.part,
        "column": hit.column,
        "rows_matched": hit.rows_matched,
        "rows_scanned": hit.rows_scanned,
        "label": words.label[in_],
        "what": words.what[in_],
        "why": words.why[in_],
        "remedy": words.remedy[in_],
        "questions": [q.id for q in load().questions if hit.kind in q.contradicted_by],
        "confidence": levels["confidence"][hit.confidence][in_],
        "coverage": levels["coverage"][hit.coverage][in_],
        "contradicts": hit.contradicts,
        "disposition": iso({n: said[n] for n in ("value", "reason", "user_id", "created")})
        if said
        else None,
    }


def waits_for(situation: Situation) -> dict[str, Any] | None:
    """Return whom a case waits for and until when; silence decides nothing."""
    state = situation.file.state
    limit = deadlines.LIMITS.get(state)
    if limit is None:
        return None
    waiting = reminders.open_roles(situation)
    return {
        "roles": [role.value for role in limit.roles if waiting is None or role in waiting],
        "until": deadlines.due(
            state,
            reminders.day_of(situation.row["since"]),
            reminders.land(situation.row["organization_id"]),
        ).isoformat(),
    }


def lang() -> str:
    """Return the language of the texts that come with the rules: ``de`` or ``en``."""
    return "en" if tk.h.lang() == "en" else "de"


def refused(why: workflow.Refusal) -> tk.ValidationError:
    """Return what people read whom the rules refuse something."""
    text = why.message_en if lang() == "en" else why.message_de
    return tk.ValidationError({"action": [text], "code": [why.code]})


def iso(row: Row) -> dict[str, Any]:
    """Return a row with its times as ISO texts."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in row.items()
    }
