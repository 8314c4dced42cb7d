# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From answers to a recommendation, with the trace that led to it.

The decision tree is that of publish-or-not, section 5.3. It recommends; people decide, and
a decision that deviates says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .catalogue import COMMENTS, NO, NONE, UNCLEAR, Catalogue, Consequence, Effect, Question

UNCLEAR_SHARE = 0.7  # of a weight; publish-or-not, section 5.3


class Outcome(str, Enum):
    """What the decision tree recommends."""

    INCOMPLETE = "incomplete"
    BLOCKED = "blocked"
    NOT_PUBLISH = "not_publish"
    RESTRICTED = "restricted"
    OPEN_WITH_CONDITIONS = "open_with_conditions"
    OPEN = "open"


class Verdict(str, Enum):
    """What a specialist says."""

    NO_OBJECTION = "no_objection"
    CONDITION = "condition"
    OBJECTION = "objection"


@dataclass(frozen=True)
class Answer:
    """Answer to one question.

    Attributes:
        value: ``yes``, ``no``, ``unclear`` or, where offered, ``none``.
        reason: Why, in words.
        measures: What was done about it, such as ``anonymised``.
        short: Given in the Kurzprüfung, where one reason serves the whole case.
    """

    value: str
    reason: str = ""
    measures: frozenset[str] = frozenset()
    short: bool = False


@dataclass(frozen=True)
class Case:
    """What is known when the recommendation is made.

    Attributes:
        answers: By ID of the question.
        comments: Verdict of each specialist who commented.
        scan: Kinds of findings of the automatic check that nobody explained.
        explained: Kinds that somebody explained.
    """

    answers: Mapping[str, Answer] = field(hash=False)
    comments: Mapping[Effect, Verdict] = field(default_factory=dict, hash=False)
    scan: frozenset[str] = frozenset()
    explained: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One line of the trace: this answer to this question had this effect."""

    question: str
    answer: str
    effect: Effect
    settled: bool
    lifted_by: str = ""


@dataclass(frozen=True)
class Recommendation:
    """What the decision tree says, and why.

    Attributes:
        outcome: The recommendation.
        steps: The trace, in the order of the catalogue.
        missing: Questions without an answer, or without a reason that is long enough.
        contradictions: Question and kind of finding that speak against each other.
        open_comments: Specialists who have still to comment.
        tasks: Questions answered with "unclear".
        needs_ground: Refusing needs a legal ground and the co-signature of Leitung.
        risk: Band 1 (low) to 3 (high); orders lists, decides nothing.
    """

    outcome: Outcome
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    contradictions: tuple[tuple[str, str], ...] = ()
    open_comments: tuple[Effect, ...] = ()
    tasks: tuple[str, ...] = ()
    needs_ground: bool = False
    risk: int = 1

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return the questions whose effects stand unsettled."""
        return tuple(dict.fromkeys(s.question for s in self.steps if not s.settled))


def asked(catalogue: Catalogue, answers: Mapping[str, Answer]) -> list[Question]:
    """Return the questions to ask, given the answers so far.

    A question with ``after`` is asked only once something in those groups was triggered.
    """
    hit = {
        q.group for q in catalogue.questions if q.id in answers and _hit(q, answers[q.id].value)
    }
    return [q for q in catalogue.questions if not q.after or hit & set(q.after)]


def recommend(catalogue: Catalogue, case: Case) -> Recommendation:
    """Walk the decision tree.

    Args:
        catalogue: The questions in force.
        case: Answers, comments and findings.

    Returns:
        The recommendation with its trace.
    """
    questions = asked(catalogue, case.answers)
    missing = tuple(q.id for q in questions if _missing(catalogue, q, case.answers))
    given = [(q, case.answers[q.id]) for q in questions if q.id in case.answers]
    steps = tuple(step for q, a in given for step in _steps(catalogue, q, a, case))
    contradictions = tuple(
        (q.id, kind)
        for q, a in given
        if not _hit(q, a.value)
        for kind in sorted((q.contradicted_by & case.scan) - case.explained)
    )
    open_comments = _open_comments(steps, case)
    outcome = _outcome(missing, contradictions, steps)
    return Recommendation(
        outcome=outcome,
        steps=steps,
        missing=missing,
        contradictions=contradictions,
        open_comments=open_comments,
        tasks=tuple(q.id for q, a in given if a.value == UNCLEAR),
        needs_ground=_duty(given) and outcome is not Outcome.INCOMPLETE,
        risk=_risk(given),
    )


def _outcome(
    missing: tuple[str, ...],
    contradictions: tuple[tuple[str, str], ...],
    steps: tuple[Step, ...],
) -> Outcome:
    if missing:
        return Outcome.INCOMPLETE
    if contradictions:
        return Outcome.BLOCKED
    unsettled = [s for s in steps if not s.settled]
    stops = [s for s in unsettled if s.effect is Effect.KO]
    if stops:
        curable = all(s.lifted_by == "anonymised" for s in stops)
        return Outcome.RESTRICTED if curable else Outcome.NOT_PUBLISH
    if any(s.effect is not Effect.AUFL for s in unsettled):
        return Outcome.RESTRICTED
    if unsettled:
        return Outcome.OPEN_WITH_CONDITIONS
    return Outcome.OPEN


def _missing(catalogue: Catalogue, question: Question, answers: Mapping[str, Answer]) -> bool:
    answer = answers.get(question.id)
    if answer is None or answer.value not in question.answers:
        return True
    if answer.value == NONE and not _none_allowed(question, answers):
        return True
    return not answer.short and len(answer.reason.strip()) < catalogue.reason_length


def _none_allowed(question: Question, answers: Mapping[str, Answer]) -> bool:
    return all(other in answers and answers[other].value == NO for other in question.none_if)


def _hit(question: Question, value: str) -> bool:
    return value != NONE and question.triggered(value)


def _steps(catalogue: Catalogue, question: Question, answer: Answer, case: Case) -> list[Step]:
    if not _hit(question, answer.value):
        return []
    return [
        Step(
            question.id,
            answer.value,
            c.effect,
            _settled(catalogue, question, c, answer, case),
            c.lifted_by,
        )
        for c in question.consequences
        # An effect that hangs on an objection exists only once there is one.
        if c.objection is None or case.comments.get(c.objection) is Verdict.OBJECTION
    ]


def _settled(
    catalogue: Catalogue,
    question: Question,
    consequence: Consequence,
    answer: Answer,
    case: Case,
) -> bool:
    if consequence.effect in COMMENTS:
        verdict = case.comments.get(consequence.effect)
        return verdict is not None and verdict is not Verdict.OBJECTION
    if consequence.lifted_by and consequence.lifted_by in answer.measures:
        return True
    return _lifted(catalogue, question, consequence.effect, case)


def _lifted(catalogue: Catalogue, question: Question, effect: Effect, case: Case) -> bool:
    # B5 "yes" lifts the ANON of B1 for what the legal basis covers; DSB stays.
    for other in catalogue.questions:
        lift = other.lifts
        if lift and (lift.question, lift.effect) == (question.id, effect):
            answer = case.answers.get(other.id)
            if answer and answer.value == lift.answer:
                return True
    return False


def _open_comments(steps: tuple[Step, ...], case: Case) -> tuple[Effect, ...]:
    # An objection is a comment too: it stands against publishing, but nobody waits for it.
    wanted = dict.fromkeys(s.effect for s in steps if s.effect in COMMENTS)
    return tuple(effect for effect in wanted if effect not in case.comments)


def _duty(given: list[tuple[Question, Answer]]) -> bool:
    # "unclear" counts as a duty to publish: a refusal then needs a legal ground.
    return any(q.duty and _hit(q, a.value) for q, a in given)


def _risk(given: list[tuple[Question, Answer]]) -> int:
    total = sum(q.weight for q, _ in given)
    if not total:
        return 1
    score = sum(
        q.weight * (UNCLEAR_SHARE if a.value == UNCLEAR else 1.0)
        for q, a in given
        if _hit(q, a.value)
    )
    share = score / total
    return 3 if share >= 0.4 else 2 if share >= 0.15 else 1
