# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case in words: its questions with help and proposals, why it is recommended what is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import members
from ckanext.verbund.domain import licence
from ckanext.verbund.domain.ethics import prefill, witness
from ckanext.verbund.domain.ethics.assess import Verdict, asked
from ckanext.verbund.domain.ethics.catalogue import UNCLEAR, Catalogue, Effect, Question, load
from ckanext.verbund.domain.ethics.explain import FOLLOWS, explain
from ckanext.verbund.domain.ethics.workflow import COMMENTERS
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.ethics import cases, content, words
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.roles import Holder


def lang() -> str:
    """Return the language of texts that exist in German and English only."""
    return "en" if tk.h.lang() == "en" else "de"


def place(organization_id: str) -> tuple[str, str]:
    """Return the key of the Land and the kind of a member; they choose the provisions."""
    member = members.member(organization_id)
    return (member.ags[:2], member.organization_type) if member else ("", "")


def case(situation: Situation, holder: Holder) -> dict[str, Any]:
    """Return a case in words.

    Args:
        situation: The case.
        holder: Who reads it.
    """
    catalogue, known = load(), cases.known(situation)
    where = place(situation.row["organization_id"])
    told = explain(catalogue, known, situation.advice, lang(), where)
    package = _package(situation.row["package_id"])
    roles, names = holder.roles, _names(situation)
    return {
        **asdict(told),
        "groups": _groups(situation, package, where),
        "comments": _comments(situation, names),
        "names": names,
        "authors": sorted(names[id] for id in situation.file.authors if id in names),
        "package": {
            "id": package["id"],
            "name": package["name"],
            "title": package.get("title") or package["name"],
            "type": package["type"],
            "private": package["private"],
            "member": (package.get("organization") or {}).get("name", ""),
            "files": [
                {name: one.get(name) or "" for name in ("name", "format", "size", "url")}
                for one in package.get("resources", ())
            ],
        },
        "roles": sorted(role.value for role in roles),
        "wrote": holder.id in situation.file.authors,
        "may_comment": [e.value for e, role in COMMENTERS.items() if role in roles],
        "cosigned": bool(situation.row["cosigned_by"]),
    }


def _package(id: str) -> dict[str, Any]:
    try:
        return content.show(id)
    except tk.ObjectNotFound:  # purged; what was decided about it stays
        gone = tk._("Deleted dataset")
        return {"id": id, "name": id, "title": gone, "type": "dataset", "private": True}


def _groups(
    situation: Situation, package: dict[str, Any], where: tuple[str, str]
) -> list[dict[str, Any]]:
    catalogue = load()
    proposed = proposals(situation, package)
    found_by_check = findings(situation)
    answers = cases.known(situation).answers
    found: dict[str, dict[str, Any]] = {}
    for question in asked(catalogue, answers):
        group = found.setdefault(
            question.group,
            {
                "id": question.group,
                "title": catalogue.groups[question.group][lang()],
                "questions": [],
            },
        )
        proposal = proposed.get(question.id)
        group["questions"].append(
            {
                **words.question(catalogue, question, where, lang()),
                "choices": _choices(catalogue, question),
                "measures": _measures(catalogue, question),
                "answer": situation.answers.get(question.id),
                "proposal": proposal
                and {
                    "value": proposal.value,
                    "text": proposal.texts[lang()],
                    "source": proposal.source,
                },
                "missing": question.id in situation.advice.missing,
                "findings": found_by_check.get(question.id, []),
            }
        )
    for group in found.values():
        group["open"] = sum(one["missing"] for one in group["questions"])
    return list(found.values())


def proposals(situation: Situation, package: dict[str, Any]) -> dict[str, prefill.Proposal]:
    """Return what description and check propose as answers, by question."""
    return prefill.propose(prefill.rules(), load(), _known(situation, package))


def findings(situation: Situation) -> dict[str, list[dict[str, Any]]]:
    """Return what the automatic check found, by the question that it speaks to.

    Returns:
        Each with its ``file``, ``label``, ``column``, ``rows_matched``, ``rows_scanned``,
        whether it ``contradicts`` and whether it is ``explained``.
    """
    said = cases.dispositions(situation.dispositions)
    labels, found = wording.findings(), defaultdict(list)
    for question in load().questions:
        for file in situation.screened:
            for hit in file.hits:
                if hit.kind not in question.contradicted_by:
                    continue
                found[question.id].append(
                    {
                        "file": file.name,
                        "label": labels[hit.kind].label[lang()],
                        "column": hit.column,
                        "rows_matched": hit.rows_matched,
                        "rows_scanned": hit.rows_scanned,
                        "contradicts": hit.contradicts,
                        "explained": (file.sha256, witness.key(hit)) in said,
                    }
                )
    return dict(found)


def _choices(catalogue: Catalogue, question: Question) -> list[dict[str, str]]:
    follows = " ".join(FOLLOWS[lang()][c.effect] for c in question.consequences)
    trigger = catalogue.answers[question.trigger][lang()]
    return [
        {
            "value": value,
            "label": catalogue.answers[value][lang()],
            "hint": tk._("Counts as “{answer}”, to be on the safe side.").format(answer=trigger)
            if value == UNCLEAR
            else follows
            if value == question.trigger
            else "",
        }
        for value in question.answers
    ]


def _measures(catalogue: Catalogue, question: Question) -> list[dict[str, str]]:
    codes = dict.fromkeys(c.lifted_by for c in question.consequences if c.lifted_by)
    return [{"code": code, "label": catalogue.measures[code][lang()]} for code in codes]


def _known(situation: Situation, package: dict[str, Any]) -> prefill.Known:
    """Return what description and check say; the table of proposals asks for nothing else.

    What the check does not find says nothing here, and so answers nothing.
    """
    said = cases.dispositions(situation.dispositions)
    suspected = witness.suspected(situation.screened, said)
    resolution = str(package.get("spatial_resolution_in_meters") or "")
    return prefill.Known(
        own=package.get("owner_org") == situation.row["organization_id"],
        origin=package.get("data_origin") or "",
        licence_open=_licence_open(package),
        hvd=bool(package.get("hvd_category")),
        legislation=bool(package.get("applicable_legislation")),
        limits=bool(package.get("known_limits")),
        method=bool(package.get("measuring_method")),
        dated=bool(package.get("modified") or package.get("temporal_coverage")),
        contact=bool(package.get("contact")),
        frequency=bool(package.get("frequency")),
        resolution=float(resolution) if resolution.replace(".", "", 1).isdigit() else None,
        confirmed=witness.confirmed(situation.screened, said),
        suspected=suspected,
        free_text=any(file.report and file.report.free_text for file in situation.screened),
        decimals=prefill.PRECISE_DECIMALS if prefill.HOMES in suspected else None,
    )


def _licence_open(package: dict[str, Any]) -> bool | None:
    found = [licence.find(one.get("license")) for one in package.get("resources", ())]
    if not found or any(one is None for one in found):
        return None
    return all(one.open for one in found if one)


def _comments(situation: Situation, names: dict[str, str]) -> list[dict[str, Any]]:
    effects = load().effects
    return [
        {
            "effect": one["effect"],
            "who": words.roles()[COMMENTERS[Effect(one["effect"])]],
            "about": effects[one["effect"]][lang()],
            "verdict": one["verdict"],
            "said": words.verdicts()[Verdict(one["verdict"])],
            "text": one["text"],
            "name": names.get(one["user_id"], ""),
            "created": one["created"].isoformat(),
            "current": one["round"] == situation.row["round"],
        }
        for one in situation.comments
    ]


def _names(situation: Situation) -> dict[str, str]:
    """Return the names of everybody who had to do with a case, in one query."""
    said = (*situation.comments, *situation.dispositions)
    ids = set(situation.file.authors) | {one["user_id"] for one in said}
    if situation.decision:
        ids |= {situation.decision["decided_by"], situation.decision["cosigned_by"]}
    ids.discard(None)
    user = model.User
    found = model.Session.execute(
        sa.select(user.id, sa.func.coalesce(user.fullname, user.name)).where(user.id.in_(ids))
    )
    return dict(found.all())
