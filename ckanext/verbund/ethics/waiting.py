# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cases add to the tasks of staff: by role, and never by consent through silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import members
from ckanext.verbund.base.tasks import Batch, Person, Task
from ckanext.verbund.domain.ethics import deadlines, witness
from ckanext.verbund.domain.ethics.assess import Recommendation, recommend
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.workflow import COMMENTERS, Role, State
from ckanext.verbund.ethics import batches, cases, files, roles, words
from ckanext.verbund.ethics.model import (
    OPEN_STATES,
    Row,
    answer,
    author,
    case,
    comment,
    disposition,
    rows,
)

_MOST = 500  # open cases of one's members that are looked at


@dataclass(frozen=True)
class _Known:
    """What is known of the cases that are looked at, read in a fixed number of queries."""

    advice: dict[str, Recommendation]
    unexplained: dict[str, int]
    authors: dict[str, set[str]]
    lands: dict[str, str]


def tasks(who: Person, limit: int) -> Batch:
    """Return the cases that wait for somebody, and those that they wrote and others have."""
    held = _roles(who)
    found = _open_cases(set(held))
    known = _known(found)
    now, waiting = [], []
    for row in found:
        mine = held[row["organization_id"]]
        wrote = who.id in known.authors[row["id"]]
        what = _to_explain(row, mine, known, wrote=wrote) or _to_do(
            row, mine, known.advice[row["id"]], wrote=wrote
        )
        if what:
            now.append(_task(row, what, known))
        elif wrote and row["state"] != State.DRAFT.value:
            why = words.states()[State(row["state"])]
            waiting.append(_task(row, (why, ""), known, waiting=True))
    undecided = _undecided(who)
    shown = [*now[:limit], *waiting[:limit]]
    if undecided:
        shown.append(_worklist(undecided))
    return Batch(tuple(shown), len(now) + bool(undecided), tk.url_for("verbund_cases.index"))


def _roles(who: Person) -> dict[str, frozenset[Role]]:
    user = model.User.get(who.id)
    ids = set(roles.members_of(who.id)) | set(who.organizations or ())
    return {id: roles.holder(user, id).roles for id in ids}


def _open_cases(organizations: set[str]) -> list[Row]:
    package = model.package_table
    query = (
        sa.select(case, sa.func.coalesce(package.c.title, package.c.name, "").label("title"))
        .outerjoin(package, package.c.id == case.c.package_id)
        .where(
            case.c.organization_id.in_(organizations),
            case.c.state.in_((*OPEN_STATES, State.SUSPENDED.value)),
            case.c.id.not_in(batches.followers()),  # they go with the first of their batch
        )
    )
    return rows(query.order_by(case.c.changed, case.c.id).limit(_MOST))


def _known(found: list[Row]) -> _Known:
    ids = [row["id"] for row in found]
    answers: dict[str, dict[str, Row]] = defaultdict(dict)
    for one in rows(sa.select(answer).where(answer.c.case_id.in_(ids))):
        answers[one["case_id"]][one["question"]] = one
    comments = defaultdict(list)
    for one in rows(
        sa.select(comment)
        .where(comment.c.case_id.in_(ids))
        .order_by(comment.c.created, comment.c.id)
    ):
        comments[one["case_id"]].append(one)
    authors: dict[str, set[str]] = defaultdict(set)
    for one in rows(sa.select(author).where(author.c.case_id.in_(ids))):
        authors[one["case_id"]].add(one["user_id"])
    screened = files.screened_of({row["package_id"] for row in found})
    said: dict[str, list[Row]] = defaultdict(list)
    for one in rows(sa.select(disposition).where(disposition.c.case_id.in_(ids))):
        said[one["case_id"]].append(one)
    advice, unexplained = {}, {}
    for row in found:
        id, seen = row["id"], screened.get(row["package_id"], [])
        explained = cases.dispositions(said[id])
        facts = cases.facts(answers[id], comments[id], row["round"])
        scan = witness.contradicting(seen, explained)
        advice[id] = recommend(load(), replace(facts, scan=scan))
        unexplained[id] = len(witness.unexplained(seen, explained))
    lands = {one.id: one.ags[:2] for one in members.all_members()} if found else {}
    return _Known(advice, unexplained, authors, lands)


def _to_explain(
    row: Row, mine: frozenset[Role], known: _Known, *, wrote: bool
) -> tuple[str, str, str] | None:
    """Return the task of those who can explain a finding that holds a case up, or None."""
    state, advice = State(row["state"]), known.advice[row["id"]]
    number = known.unexplained[row["id"]]
    # Who is still answering is told at the questions; once all is answered, this is left.
    held_up = not advice.missing if state is State.DRAFT else bool(advice.contradictions)
    if not number or not held_up or state not in witness.EXPLAINABLE:
        return None
    if not (witness.EXPLAINERS & mine and (wrote or Role.REVIEWER in mine)):
        return None
    if state is State.DRAFT and not wrote:
        return None
    text = tk.ungettext("{num} finding to explain", "{num} findings to explain", number)
    url = tk.url_for("verbund_findings.index", id=row["id"])
    return text.format(num=number), tk._("Explain"), url


def _to_do(
    row: Row, mine: frozenset[Role], advice: Recommendation, *, wrote: bool
) -> tuple[str, str] | None:
    """Return why a case waits for somebody and what they do there, or None."""
    state = State(row["state"])
    if state is State.DRAFT and wrote:
        missing = len(advice.missing)
        text = tk.ungettext("{num} question is open", "{num} questions are open", missing)
        why = text.format(num=missing) if missing else tk._("Everything is answered")
        return why, tk._("Go on with the check")
    if state is State.REVIEW and Role.REVIEWER in mine and not wrote:
        return tk._("Please look through the answers"), tk._("Look at the answers")
    if state is State.COMMENTS:
        asked = {COMMENTERS[effect] for effect in advice.open_comments} & mine
        if asked:
            names = ", ".join(words.roles()[role] for role in sorted(asked))
            return tk._("Comment wanted: {names}").format(names=names), tk._("Comment")
    return None if wrote else _to_decide(row, mine, advice)


def _to_decide(
    row: Row, mine: frozenset[Role], advice: Recommendation
) -> tuple[str, str] | None:
    state = State(row["state"])
    if state is State.READY and Role.DECIDER in mine and advice.contradictions:
        return tk._("A finding of the automatic check is not explained"), tk._("Look at it")
    if state is State.READY and Role.DECIDER in mine:
        return tk._("Everything is there for a decision"), tk._("Decide")
    signs = Role.LEITUNG in mine and advice.needs_ground and not row["cosigned_by"]
    if state is State.READY and signs:
        return tk._("A refusal would need your co-signature"), tk._("Look at it")
    if state is State.SUSPENDED and Role.DECIDER in mine:
        return tk._("The publication is suspended"), tk._("Look at it")
    return None


def _task(row: Row, what: Sequence[str], known: _Known, *, waiting: bool = False) -> Task:
    why, action, *other = what
    since = row["changed"].date()
    land = known.lands.get(row["organization_id"], "")
    return Task(
        id=f"case:{row['id']}",
        title=row["title"] or tk._("Deleted dataset"),
        why=why,
        url=other[0] if other else tk.url_for("verbund_cases.show", id=row["id"]),
        action=action,
        due=None if waiting else deadlines.due(State(row["state"]), since, land),
        since=since,
        waiting=waiting,
    )


def _undecided(who: Person) -> int:
    if who.organizations == frozenset():
        return 0
    context = {"user": who.name}
    return tk.get_action("verbund_undecided_list")(context, {"limit": 1})["total"]


def _worklist(total: int) -> Task:
    text = tk.ungettext("{num} dataset is not decided", "{num} datasets are not decided", total)
    return Task(
        id="undecided",
        title=text.format(num=total),
        why=tk._("Nobody has decided yet whether they may be public"),
        url=tk.url_for("verbund_cases.undecided"),
        action=tk._("Show list"),
    )
