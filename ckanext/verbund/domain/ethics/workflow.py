# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""States of a case, who may do what in each, and the four eyes.

One table says it all: ``RULES``. Nothing else moves a case. A missed deadline reminds and
escalates; it never decides (publish-or-not, section 1, no. 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from .assess import Outcome, Recommendation
from .catalogue import Effect
from .restriction import WAYS


class State(str, Enum):
    """Where a case stands (publish-or-not, section 5.5)."""

    DRAFT = "draft"
    REVIEW = "review"
    COMMENTS = "comments"
    READY = "ready"
    DECIDED_OPEN = "decided_open"
    DECIDED_RESTRICTED = "decided_restricted"
    DECIDED_NOT = "decided_not"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


PUBLIC = frozenset({State.DECIDED_OPEN, State.DECIDED_RESTRICTED})
DECIDED = PUBLIC | {State.DECIDED_NOT}


class Role(str, Enum):
    """What a person may be for a member; one person may be several things."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    DPO = "dpo"
    SECURITY = "security"
    STATISTICS = "statistics"
    LEGAL = "legal"
    ETHICS = "ethics"
    LEITUNG = "leitung"


#: Who writes which comment.
COMMENTERS: Mapping[Effect, Role] = {
    Effect.DSB: Role.DPO,
    Effect.SEC: Role.SECURITY,
    Effect.STAT: Role.STATISTICS,
    Effect.RECHT: Role.LEGAL,
    Effect.ETHIK: Role.ETHICS,
}


class Action(str, Enum):
    """What people do with a case."""

    ANSWER = "answer"
    SUBMIT = "submit"
    RETURN = "return"
    PASS = "pass"  # noqa: S105 no password
    COMMENT = "comment"
    COSIGN = "cosign"
    DECIDE_OPEN = "decide_open"
    DECIDE_RESTRICTED = "decide_restricted"
    DECIDE_NOT = "decide_not"
    REVIEW_AGAIN = "review_again"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"


_DECIDE = {
    Action.DECIDE_OPEN: State.DECIDED_OPEN,
    Action.DECIDE_RESTRICTED: State.DECIDED_RESTRICTED,
    Action.DECIDE_NOT: State.DECIDED_NOT,
}
#: What moves a case towards publication: only whole answers about the content as it is.
_FORWARD = frozenset({Action.SUBMIT, Action.PASS, Action.COSIGN, *_DECIDE})


@dataclass(frozen=True)
class Rule:
    """Who may do an action in a state, and where it leads.

    Attributes:
        roles: Any of them suffices.
        to: Next state; ``None`` where ``after`` computes it.
        other_than_author: Four eyes: not by somebody who wrote the case.
        reason: The action needs one.
    """

    roles: frozenset[Role]
    to: State | None
    other_than_author: bool = False
    reason: bool = False


def _rule(*roles: Role, to: State | None, other: bool = False, reason: bool = False) -> Rule:
    return Rule(frozenset(roles), to, other, reason)


_SPECIALISTS = tuple(COMMENTERS.values())
_CAUTIOUS = (Role.EDITOR, Role.REVIEWER, Role.DECIDER, Role.DPO, Role.LEITUNG)
#: Who withdraws at once; data protection may in an emergency (contracts, section 4).
_PROTECTORS = (Role.DECIDER, Role.DPO, Role.LEITUNG)

RULES: Mapping[tuple[State, Action], Rule] = {
    (State.DRAFT, Action.ANSWER): _rule(Role.EDITOR, to=State.DRAFT),
    (State.DRAFT, Action.SUBMIT): _rule(Role.EDITOR, to=None),
    (State.REVIEW, Action.RETURN): _rule(
        Role.REVIEWER, Role.DECIDER, to=State.DRAFT, other=True, reason=True
    ),
    (State.REVIEW, Action.PASS): _rule(Role.REVIEWER, to=None, other=True),
    (State.COMMENTS, Action.COMMENT): _rule(*_SPECIALISTS, to=None, reason=True),
    (State.COMMENTS, Action.RETURN): _rule(
        Role.REVIEWER, Role.DECIDER, to=State.DRAFT, other=True, reason=True
    ),
    (State.READY, Action.RETURN): _rule(Role.DECIDER, to=State.DRAFT, other=True, reason=True),
    # Leitung signs a refusal in spite of a duty before the decider makes it.
    (State.READY, Action.COSIGN): _rule(Role.LEITUNG, to=State.READY, other=True),
    **{
        (State.READY, action): _rule(Role.DECIDER, to=state, other=True)
        for action, state in _DECIDE.items()
    },
    # Anybody of the member may stop a publication; only a decider may let it go on.
    **{
        (state, Action.SUSPEND): _rule(*_CAUTIOUS, to=State.SUSPENDED, reason=True)
        for state in PUBLIC
    },
    (State.SUSPENDED, Action.RESUME): _rule(Role.DECIDER, to=None, other=True, reason=True),
    **{
        (state, Action.REVOKE): _rule(*_PROTECTORS, to=State.REVOKED, reason=True)
        for state in (*PUBLIC, State.SUSPENDED)
    },
    **{
        (state, Action.REVIEW_AGAIN): _rule(
            Role.EDITOR, Role.REVIEWER, Role.DECIDER, to=State.DRAFT
        )
        for state in (State.DECIDED_NOT, State.REVOKED, State.SUSPENDED)
    },
}


@dataclass(frozen=True)
class Person:
    """Somebody who acts: an account and what it is for this member.

    Attributes:
        id: The account.
        roles: Roles for the member that the case belongs to, own or as deputy. Being a
            sysadmin is none: the operator decides nothing for a member.
    """

    id: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class File:
    """A case as the state machine sees it (``Vorgang``).

    Attributes:
        state: Where it stands.
        authors: Everybody who answered or changed it.
        fingerprint: Of the content that the answers are about.
        decided: Fingerprint that the valid decision is about, empty without.
        decided_by: Who decided.
        before: State that a suspension left.
        has_reviewer: Whether the member has somebody for the review.
        valid_until: The publication ends after this day; the review date is another thing.
        unscreened: Whether the automatic check has still to say something about a file.
    """

    state: State = State.DRAFT
    authors: frozenset[str] = frozenset()
    fingerprint: str = ""
    decided: str = ""
    decided_by: str = ""
    before: State | None = None
    has_reviewer: bool = True
    valid_until: date | None = None
    unscreened: bool = False


@dataclass(frozen=True)
class Wish:
    """What somebody wants to do with a case.

    Attributes:
        action: What.
        person: Who.
        reason: Why, where the rule or a deviation asks for it.
        legal_ground: Ground of a refusal in spite of a duty to publish.
        cosigned_by: Person with the role Leitung who signs such a refusal too.
        conditions: Text of the conditions of a restricted or conditional publication.
        fingerprint: Of the content that the person has seen.
        effect: Which comment somebody gives; a specialist gives only their own.
        way: What "restricted" means here, one of ``restriction.WAYS``.
    """

    action: Action
    person: Person
    reason: str = ""
    legal_ground: str = ""
    cosigned_by: Person | None = None
    conditions: str = ""
    fingerprint: str = ""
    effect: Effect | None = None
    way: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why an action is not possible: a stable code and words for the person."""

    code: str
    message_de: str
    message_en: str


class NotAllowed(Exception):  # noqa: N818 said in the words of the field
    """Raised by ``act``; holds the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message_de)
        self.refusal = refusal


def refusal(file: File, wish: Wish, advice: Recommendation) -> Refusal | None:
    """Return why somebody may not do something, or None if they may.

    Args:
        file: The case.
        wish: What somebody wants.
        advice: The recommendation for the case as it is now.
    """
    code = next(_objections(file, wish, advice), None)
    return REFUSALS[code] if code else None


def _objections(file: File, wish: Wish, advice: Recommendation) -> Iterator[str]:
    """Yield what speaks against an action, the first reason first."""
    rule = RULES.get((file.state, wish.action))
    if rule is None:
        yield "state"
        return
    if not rule.roles & wish.person.roles:
        yield "role"
    if wish.effect is not None and COMMENTERS[wish.effect] not in wish.person.roles:
        yield "role"
    if rule.other_than_author and wish.person.id in file.authors:
        yield "four-eyes"
    if rule.reason and not wish.reason.strip():
        yield "reason"
    if wish.action in _FORWARD:
        yield from _objections_to_content(file, wish, advice)
    if wish.action is Action.RESUME:
        if file.decided != file.fingerprint:
            yield "changed"
        if advice.outcome is Outcome.BLOCKED:
            yield "blocked"
    if wish.action in {Action.RESUME, *_DECIDE} and file.unscreened:
        yield "unscreened"
    if wish.action in _DECIDE:
        yield from _objections_to_decision(file, wish, advice)


def _objections_to_content(file: File, wish: Wish, advice: Recommendation) -> Iterator[str]:
    if wish.fingerprint != file.fingerprint:
        yield "changed"
    if advice.outcome is Outcome.INCOMPLETE:
        yield "incomplete"
    if advice.outcome is Outcome.BLOCKED:
        yield "blocked"


def _objections_to_decision(file: File, wish: Wish, advice: Recommendation) -> Iterator[str]:
    if advice.open_comments:
        yield "comments"
    if deviates(wish.action, advice.outcome) and not wish.reason.strip():
        yield "deviation"
    if wish.action is Action.DECIDE_RESTRICTED:
        if wish.way not in WAYS:
            yield "way"
        if not wish.conditions.strip():
            yield "conditions"
    if wish.action is Action.DECIDE_NOT and advice.needs_ground:
        if not wish.legal_ground.strip():
            yield "ground"
        signer = wish.cosigned_by
        if signer is None or Role.LEITUNG not in signer.roles or signer.id in file.authors:
            yield "cosign"


def act(file: File, wish: Wish, advice: Recommendation) -> File:
    """Do an action.

    Args:
        file: The case before.
        wish: What somebody does.
        advice: The recommendation for the case as it is now.

    Returns:
        The case after.

    Raises:
        NotAllowed: With the reason.
    """
    why = refusal(file, wish, advice)
    if why is not None:
        raise NotAllowed(why)
    rule = RULES[file.state, wish.action]
    state = rule.to or _next(file, wish, advice)
    after = replace(file, state=state)
    if wish.action in {Action.ANSWER, Action.SUBMIT}:
        after = replace(after, authors=file.authors | {wish.person.id})
    if wish.action in _DECIDE:
        after = replace(after, decided=file.fingerprint, decided_by=wish.person.id)
    if wish.action is Action.SUSPEND:
        after = replace(after, before=file.state)
    if wish.action in {Action.REVOKE, Action.REVIEW_AGAIN}:
        after = replace(after, decided="", decided_by="", before=None)
    return after


def _next(file: File, wish: Wish, advice: Recommendation) -> State:
    if wish.action is Action.SUBMIT and file.has_reviewer:
        return State.REVIEW
    if wish.action is Action.RESUME:
        return file.before or State.DRAFT
    return State.COMMENTS if advice.open_comments else State.READY


def content_changed(file: File, fingerprint: str, by: str) -> File:
    """Return the case after its content became another.

    Before a decision the answers have to be looked at again; after one the decision stays
    with the content it was about, which is what ``is_public`` asks.

    Args:
        file: The case before.
        fingerprint: Of the new content.
        by: Account that changed it; an author from now on.
    """
    if fingerprint == file.fingerprint:
        return file
    state = file.state
    if state in {State.REVIEW, State.COMMENTS, State.READY}:
        state = State.DRAFT
    return replace(file, state=state, fingerprint=fingerprint, authors=file.authors | {by})


def held_by_finding(file: File, advice: Recommendation) -> File:
    """Return the case after a check that found something: what is public is suspended.

    Nobody has to be asked to stop a publication; to let it go on needs a decider, and the
    finding explained (contracts, section 4).

    Args:
        file: The case before.
        advice: The recommendation with the finding.
    """
    if file.state not in PUBLIC or advice.outcome is not Outcome.BLOCKED:
        return file
    return replace(file, state=State.SUSPENDED, before=file.state)


def is_public(file: File, fingerprint: str, today: date) -> bool:
    """Return whether content of this fingerprint is public today (contracts, section 4).

    Args:
        file: The case.
        fingerprint: Of the content as it is.
        today: The day in the portal's time zone.
    """
    return (
        file.state in PUBLIC
        and bool(file.decided)
        and file.decided == fingerprint
        and (file.valid_until is None or today <= file.valid_until)
    )


def deviates(action: Action, outcome: Outcome) -> bool:
    """Return whether a decision is another than the recommended one."""
    recommended = {
        Outcome.OPEN: Action.DECIDE_OPEN,
        Outcome.OPEN_WITH_CONDITIONS: Action.DECIDE_OPEN,
        Outcome.RESTRICTED: Action.DECIDE_RESTRICTED,
        Outcome.NOT_PUBLISH: Action.DECIDE_NOT,
    }
    return recommended.get(outcome) is not action


def possible(file: File, person: Person, advice: Recommendation) -> list[Action]:
    """Return what a person may do now, reasons and texts taken as given."""
    given = "-"
    signer = Person("", frozenset({Role.LEITUNG}))
    return [
        action
        for action in Action
        if refusal(
            file,
            Wish(action, person, given, given, signer, given, file.fingerprint, way=WAYS[0]),
            advice,
        )
        is None
    ]


#: What refusals say, by code.
REFUSALS: Mapping[str, Refusal] = {
    r.code: r
    for r in (
        Refusal(
            "state",
            "Das geht in diesem Stand des Vorgangs nicht.",
            "This is not possible in the present state of the case.",
        ),
        Refusal(
            "role",
            "Dafür haben Sie bei diesem Mitglied keine Rolle.",
            "You have no role for this at this member.",
        ),
        Refusal(
            "four-eyes",
            "Sie haben an diesem Vorgang geschrieben. Entscheiden muss eine zweite Person.",
            "You have written this case. A second person must decide.",
        ),
        Refusal("reason", "Bitte nennen Sie einen Grund.", "Please give a reason."),
        Refusal(
            "changed",
            "Die Daten haben sich geändert, seit Sie sie gesehen haben. "
            "Bitte sehen Sie sie noch einmal an.",
            "The data have changed since you saw them. Please look again.",
        ),
        Refusal(
            "incomplete",
            "Es fehlen noch Antworten oder Gründe.",
            "Answers or reasons are missing.",
        ),
        Refusal(
            "blocked",
            "Die automatische Prüfung widerspricht einer Antwort. "
            "Bitte erklären Sie den Treffer oder ändern Sie die Antwort.",
            "The automatic check contradicts an answer. Explain the finding or change it.",
        ),
        Refusal(
            "unscreened",
            "Die automatische Prüfung der Dateien ist noch nicht fertig. "
            "Bitte versuchen Sie es in einigen Minuten noch einmal.",
            "The automatic check of the files is not done. Please try again in some minutes.",
        ),
        Refusal(
            "comments",
            "Es stehen noch Stellungnahmen aus.",
            "Comments of specialists are still open.",
        ),
        Refusal(
            "deviation",
            "Sie weichen von der Empfehlung ab. Bitte sagen Sie, warum.",
            "You deviate from the recommendation. Please say why.",
        ),
        Refusal(
            "conditions",
            "Bitte sagen Sie genau, was eingeschränkt ist und wie man die Daten bekommt.",
            "Please say precisely what is restricted and how to get the data.",
        ),
        Refusal(
            "way",
            "Bitte wählen Sie, was „eingeschränkt“ heißt: Daten auf Anfrage, oder eine gröbere "
            "Fassung.",
            "Please choose what “restricted” means: data on request, or a coarser version.",
        ),
        Refusal(
            "ground",
            "Diese Daten müssen veröffentlicht werden. "
            "Eine Ablehnung braucht einen rechtlichen Grund.",
            "These data must be published. A refusal needs a legal ground.",
        ),
        Refusal(
            "cosign",
            "Diese Ablehnung muss die Leitung mitzeichnen.",
            "This refusal needs the co-signature of Leitung.",
        ),
    )
}
