# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases between the tables and the rules: read them, keep what the rules make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.domain.ethics import witness, workflow
from ckanext.verbund.domain.ethics.assess import (
    Answer,
    Case,
    Recommendation,
    Verdict,
    recommend,
)
from ckanext.verbund.domain.ethics.catalogue import Effect, load
from ckanext.verbund.domain.ethics.workflow import File, State
from ckanext.verbund.ethics import audit, content, files, roles, short_form
from ckanext.verbund.ethics.model import (
    OPEN_STATES,
    Row,
    answer,
    author,
    case,
    comment,
    decision,
    disposition,
    first,
    now,
    rows,
)


@dataclass(frozen=True)
class Situation:
    """A case with what the rules say of it.

    Attributes:
        row: As it is stored.
        file: As the state machine sees it.
        advice: The recommendation.
        answers: By question, as they are stored.
        comments: As they are stored, the oldest first.
        decision: The decision that the case led to, if it stands.
        screened: Its files with what the automatic check said of them.
        dispositions: What people said of findings, as it is stored.
    """

    row: Row
    file: File
    advice: Recommendation
    answers: dict[str, Row]
    comments: list[Row]
    decision: Row | None
    screened: list[witness.Screened]
    dispositions: list[Row]


def get(id: str, *, lock: bool = False) -> Situation:
    """Return a case.

    Args:
        id: Its ID.
        lock: Nobody else may change it until the commit: of two who decide at once, the
            second sees what the first did.

    Raises:
        ObjectNotFound: There is none.
    """
    query = sa.select(case).where(case.c.id == id)
    row = first(query.with_for_update() if lock else query)
    if row is None:
        raise tk.ObjectNotFound(tk._("This case does not exist."))
    return situation(row)


def open_case(package_id: str) -> Row | None:
    """Return the case of a package that is not decided yet."""
    return first(
        sa.select(case).where(case.c.package_id == package_id, case.c.state.in_(OPEN_STATES))
    )


def situation(row: Row) -> Situation:
    """Return a stored case with what the rules say of it."""
    answers = rows(sa.select(answer).where(answer.c.case_id == row["id"]))
    comments = rows(
        sa.select(comment)
        .where(comment.c.case_id == row["id"])
        .order_by(comment.c.created, comment.c.id)
    )
    decided = _decision(row["decision_id"])
    screened = files.screened(row["package_id"])
    said = rows(sa.select(disposition).where(disposition.c.case_id == row["id"]))
    authors = frozenset(
        model.Session.scalars(sa.select(author.c.user_id).where(author.c.case_id == row["id"]))
    )
    file = File(
        state=State(row["state"]),
        authors=authors,
        fingerprint=row["fingerprint"],
        decided=decided["fingerprint"] if decided else "",
        decided_by=decided["decided_by"] if decided else "",
        before=State(row["before"]) if row["before"] else None,
        has_reviewer=roles.has_reviewer(row["organization_id"]),
        valid_until=decided["valid_until"] if decided else None,
        unscreened=witness.pending(screened),
    )
    by_question = {one["question"]: one for one in answers}
    found = witness.contradicting(screened, dispositions(said))
    given = facts(_reasoned(by_question, row), comments, row["round"])
    advice = recommend(load(), replace(given, scan=found))
    return Situation(row, file, advice, by_question, comments, decided, screened, said)


def dispositions(said: list[Row]) -> dict[tuple[str, str], witness.Disposition]:
    """Return what people said of findings as the rules take it."""
    return {(one["sha256"], one["finding"]): witness.Disposition(one["value"]) for one in said}


def _reasoned(answers: dict[str, Row], row: Row) -> dict[str, Row]:
    """Return answers of which the short ones count only with the one reason of the case."""
    if len(row["short_reason"].strip()) >= load().reason_length:
        return answers
    return {name: one | {"short": False} for name, one in answers.items()}


def _decision(id: str | None) -> Row | None:
    return first(sa.select(decision).where(decision.c.id == id)) if id else None


def known(situation: Situation) -> Case:
    """Return what the recommendation of a case was made of, for those who explain it."""
    given = facts(
        _reasoned(situation.answers, situation.row), situation.comments, situation.row["round"]
    )
    said = dispositions(situation.dispositions)
    return replace(given, scan=witness.contradicting(situation.screened, said))


def facts(answers: dict[str, Row], comments: list[Row], number: int) -> Case:
    """Return stored answers and comments as the decision tree takes them.

    Args:
        answers: By question.
        comments: Of the case.
        number: The round that it is in.
    """
    given = {
        name: Answer(one["value"], one["reason"], frozenset(one["measures"]), one["short"])
        for name, one in answers.items()
    }
    # A comment is about the answers and the content of its round.
    verdicts = {
        Effect(one["effect"]): Verdict(one["verdict"])
        for one in comments
        if one["round"] == number
    }
    return Case(given, verdicts)


def keep(before: Situation, after: File, **more: Any) -> None:
    """Store what the rules made of a case.

    Args:
        before: The case as it was read.
        after: The case as it is to be.
        **more: Other columns that change.
    """
    changes = {
        "state": after.state.value,
        "fingerprint": after.fingerprint,
        "before": after.before.value if after.before else None,
        **more,
    }
    if after.state is not before.file.state:
        changes |= {"since": now(), "reminded": 0}
    back = after.state is State.DRAFT and before.file.state is not State.DRAFT
    if back:
        # What specialists and Leitung signed was about the round that ends here.
        changes |= {"round": before.row["round"] + 1, "cosigned_by": None}
    model.Session.execute(
        sa.update(case).where(case.c.id == before.row["id"]).values(**changes)
    )
    add_authors(before.row["id"], after.authors - before.file.authors)


def add_authors(case_id: str, user_ids: frozenset[str]) -> None:
    """Remember who wrote a case; nobody is ever taken off the list."""
    if user_ids:
        values = [{"case_id": case_id, "user_id": id} for id in sorted(user_ids)]
        model.Session.execute(insert(author).values(values).on_conflict_do_nothing())


def look_again(before: Situation) -> Situation:
    """Compare a case with the content as it is now, and store what follows from a change.

    Until the commit nobody else changes the package (the triggers wait for the same row), so
    that what is decided is what was looked at.

    Returns:
        The case, back with its author if it was under way and the content is another.
    """
    model.Package.get(before.row["package_id"], for_update=True)
    model.Session.expire_all()
    package = content.show(before.row["package_id"])
    mark, hashes = content.read(package)
    if files.remember(hashes):
        before = get(before.row["id"])  # of the bytes that it knew, others were exchanged
    if short_form.close(before, package):
        before = get(before.row["id"])
    if mark == before.file.fingerprint:
        return before
    changed = workflow.content_changed(before.file, mark, "")
    changed = replace(changed, authors=before.file.authors)
    keep(before, changed)
    audit.write(
        before.row["organization_id"],
        "content_changed",
        "system",
        {},
        package_id=before.row["package_id"],
        case_id=before.row["id"],
        state=changed.state.value,
        fingerprint=mark,
    )
    return get(before.row["id"])


def edited(package_id: str, user_id: str) -> None:
    """Remember that somebody edited a package whose case is open: they are an author now."""
    row = open_case(package_id)
    if row is None:
        return
    if model.User.get(user_id).name != tk.config["ckan.site_id"]:  # a program is no author
        add_authors(row["id"], frozenset({user_id}))
    if row["state"] != State.DRAFT.value:
        look_again(situation(row))
    model.Session.commit()
