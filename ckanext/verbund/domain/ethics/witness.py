# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the automatic check of files means for a case (publish-or-not, section 6.4).

The check is a witness: it contradicts answers, and people explain what it found. Nothing here
knows a state "clean".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from ckanext.verbund.domain.screening.report import Hit, Report

from .workflow import REFUSALS, File, NotAllowed, Person, Role, State

#: Why a file that is only linked was not looked at; a key of ``findings.yaml``.
REMOTE = "remote"
#: Failures that another attempt may not have; what cannot be read stays unreadable.
PASSING = frozenset({"crashed", "timeout", "memory", "changed"})
#: Who explains findings. They are authors of the case from then on: nobody explains a finding
#: away and decides.
EXPLAINERS = frozenset({Role.EDITOR, Role.REVIEWER})
#: In these states an explanation can still change something.
EXPLAINABLE = frozenset(
    {State.DRAFT, State.REVIEW, State.COMMENTS, State.READY, State.SUSPENDED}
)


class Disposition(str, Enum):
    """What somebody says of a finding."""

    CONFIRMED = "confirmed"
    FALSE = "false"
    LAWFUL = "lawful"


#: A confirmed finding goes on contradicting: then the answer has to change.
SETTLES = frozenset({Disposition.FALSE, Disposition.LAWFUL})
#: What somebody said, by SHA-256 of the file and key of the finding.
Said = Mapping[tuple[str, str], Disposition]


@dataclass(frozen=True)
class Screened:
    """A file of a case with what the check said of it.

    Attributes:
        id: Of the resource.
        name: How people call it.
        sha256: Of its bytes; empty if nobody has read them yet, or if it is remote.
        remote: It is not kept here, so there are no bytes to bind a result to.
        report: By the rules in force and about these bytes; None: there is none yet.
    """

    id: str
    name: str
    sha256: str = ""
    remote: bool = False
    report: Report | None = None

    @property
    def pending(self) -> bool:
        """Return whether the check has still to say something, be it "cannot read"."""
        return not self.remote and self.report is None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return what was found."""
        return self.report.hits if self.report else ()


def key(hit: Hit) -> str:
    """Return what names a finding within its file, whatever the edition of the rules.

    Made of kind and place, never of a value.
    """
    place = json.dumps([hit.kind, hit.part, hit.column], ensure_ascii=False)
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def pending(files: Iterable[Screened]) -> bool:
    """Return whether a decision has to wait for the check."""
    return any(file.pending for file in files)


def unexplained(files: Iterable[Screened], said: Said) -> list[tuple[Screened, Hit]]:
    """Return the findings that contradict answers and that nobody has explained.

    Args:
        files: The files of the case.
        said: What people said of findings. What was said of other bytes counts for nothing.
    """
    return [
        (file, hit)
        for file in files
        for hit in file.hits
        if hit.contradicts and said.get((file.sha256, key(hit))) not in SETTLES
    ]


def contradicting(files: Iterable[Screened], said: Said) -> frozenset[str]:
    """Return the kinds of findings as ``assess.Case.scan`` takes them."""
    return frozenset(hit.kind for _, hit in unexplained(files, said))


def confirmed(files: Iterable[Screened], said: Said) -> frozenset[str]:
    """Return the kinds of findings that somebody confirmed, in the files as they are."""
    return frozenset(
        hit.kind
        for file in files
        for hit in file.hits
        if said.get((file.sha256, key(hit))) is Disposition.CONFIRMED
    )


def suspected(files: Iterable[Screened], said: Said) -> frozenset[str]:
    """Return the kinds of findings of which nobody has said anything."""
    return frozenset(
        hit.kind
        for file in files
        for hit in file.hits
        if hit.contradicts and (file.sha256, key(hit)) not in said
    )


def complete(files: Iterable[Screened]) -> bool:
    """Return whether the check read every file wholly; a Kurzprüfung needs it."""
    found = list(files)
    return bool(found) and all(file.report and file.report.complete for file in found)


def explain(file: File, person: Person, reason: str) -> File:
    """Return the case after somebody said what a finding is.

    Args:
        file: The case before.
        person: Who says it; an author of the case from now on.
        reason: Why, in words.

    Raises:
        NotAllowed: With the reason.
    """
    if file.state not in EXPLAINABLE:
        raise NotAllowed(REFUSALS["state"])
    if not EXPLAINERS & person.roles:
        raise NotAllowed(REFUSALS["role"])
    if not reason.strip():
        raise NotAllowed(REFUSALS["reason"])
    return replace(file, authors=file.authors | {person.id})
