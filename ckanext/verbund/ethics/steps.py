# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A step of a case: store it, record it, and let the package follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import DataDict
from sqlalchemy.exc import DBAPIError, IntegrityError

from ckanext.verbund.domain.ethics import workflow
from ckanext.verbund.domain.ethics.assess import Recommendation
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.ending import Ended
from ckanext.verbund.domain.ethics.workflow import Wish
from ckanext.verbund.ethics import audit, cases, catalogues, endings, publication, withdrawals
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import decision
from ckanext.verbund.ethics.roles import Holder

OUTCOMES = {
    workflow.Action.DECIDE_OPEN: "open",
    workflow.Action.DECIDE_RESTRICTED: "restricted",
    workflow.Action.DECIDE_NOT: "not",
}
#: Nothing may stand in the way of these.
STOPS = {
    workflow.Action.SUSPEND: Ended.SUSPENDED,
    workflow.Action.REVOKE: Ended.PROTECTIVE,
}


@dataclass(frozen=True)
class Step:
    """One step of a case: what is stored, what happens to the package, who hears of it.

    Attributes:
        user_name: Account that does it.
        situation: The case before.
        after: The case as the rules make it.
        wish: What the person wants.
        holder: The person.
        data: What was sent.
    """

    user_name: str
    situation: Situation
    after: workflow.File
    wish: Wish
    holder: Holder
    data: DataDict

    @property
    def package_id(self) -> str:
        """Return the ID of the package that the case is about."""
        return self.situation.row["package_id"]

    def do(self) -> None:
        """Store the step, commit, then index and tell."""
        changes: dict[str, Any] = {}
        decided = None
        if self.wish.action in OUTCOMES:
            decided = self._decide()
            changes["decision_id"] = decided
            publication.point(self.package_id, decided)
        if self.wish.action is workflow.Action.COSIGN:
            changes["cosigned_by"] = self.holder.id
        if self.wish.action is workflow.Action.RESUME:
            publication.point(self.package_id, self.situation.row["decision_id"])
        if self.wish.action in {workflow.Action.REVOKE, workflow.Action.REVIEW_AGAIN}:
            changes["decision_id"] = None
        try:
            cases.keep(self.situation, self.after, **changes)
        except IntegrityError:  # this one opens again while another is open
            raise has_open_case() from None
        self._record(decided)
        if self.wish.action in STOPS:
            self._stop(STOPS[self.wish.action])
            return
        self._publish_or_index()
        if decided:
            publication.DECIDED.send(self.package_id, decision_id=decided)

    def _decide(self) -> str:
        catalogue, advice = catalogues.keep(), self.situation.advice
        row = {
            "id": make_uuid(),
            "case_id": self.situation.row["id"],
            "package_id": self.package_id,
            "organization_id": self.situation.row["organization_id"],
            "outcome": OUTCOMES[self.wish.action],
            "fingerprint": self.after.decided,
            "catalogue_version": catalogue.version,
            "catalogue_hash": catalogue.hash,
            "recommendation": advice.outcome.value,
            "deviates": workflow.deviates(self.wish.action, advice.outcome),
            "grounds": self.data.get("grounds") or _grounds(advice),
            "legal_ground": self.wish.legal_ground,
            "conditions": self.wish.conditions,
            "way": self.wish.way if OUTCOMES[self.wish.action] == "restricted" else "",
            "register_title": self.data.get("register_title", ""),
            "register_text": self.data.get("register_text", ""),
            "review_date": self.data.get("review_date"),
            "valid_until": self.data.get("valid_until"),
            "authors": sorted(self.situation.file.authors),
            "decided_by": self.holder.id,
        }
        needs = self.wish.action is workflow.Action.DECIDE_NOT and advice.needs_ground
        if needs and self.wish.cosigned_by is not None:
            row["cosigned_by"] = self.wish.cosigned_by.id
        try:
            model.Session.execute(sa.insert(decision).values(row))
        except DBAPIError as error:  # the database knows more authors than we read
            model.Session.rollback()
            raise tk.ValidationError(
                {"action": [tk._("Somebody who wrote this case cannot decide it.")]}
            ) from error
        return row["id"]

    def _record(self, decided: str | None) -> None:
        said = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.data.items()
            if name not in {"id", "action", "fingerprint"} and value
        }
        record(
            self.situation,
            self.holder,
            self.wish.action.value,
            said,
            state=self.after.state.value,
            fingerprint=self.after.fingerprint,
            decision_id=decided or self.situation.row["decision_id"] or "",
        )

    def _stop(self, kind: Ended) -> None:
        if kind is Ended.PROTECTIVE:
            endings.forget(self.package_id)
        grounds = set(self.data.get("grounds") or ())
        publication.withdraw(
            self.package_id,
            self.situation.row["decision_id"],
            kind,
            sealed=kind is Ended.PROTECTIVE and bool(grounds & load().sealed_grounds),
        )

    def _publish_or_index(self) -> None:
        was = self.situation.file.state in workflow.PUBLIC
        goes_out = self.after.state in workflow.PUBLIC and not was
        if goes_out and publication.publish(self.package_id, self.user_name):
            publication.PUBLISHED.send(self.package_id)
            return
        if self.wish.action in OUTCOMES:
            # What was suspended and is decided otherwise now does not come back.
            withdrawals.record((), [self.package_id], Ended.PROTECTIVE)
        model.Session.commit()
        publication.index([self.package_id])  # reviewers read it from now on, or no longer


def _grounds(advice: Recommendation) -> list[str]:
    """Return the codes under which the register names what stands against publishing."""
    catalogue = load()
    return sorted({catalogue[id].ground for id in advice.grounds} - {""})


def record(
    situation: Situation, holder: Holder, action: str, said: dict[str, Any], **facts: Any
) -> None:
    """Write a step to the chain: facts there, words apart."""
    user = model.User.get(holder.id)
    needed = {r for (_, a), rule in workflow.RULES.items() if a == action for r in rule.roles}
    used = sorted(holder.roles & needed or holder.roles)
    facts = {
        "state": situation.row["state"],
        "fingerprint": situation.row["fingerprint"],
    } | facts
    audit.write(
        situation.row["organization_id"],
        action,
        holder.id,
        {"name": user.display_name, **said},
        package_id=situation.row["package_id"],
        case_id=situation.row["id"],
        role=" ".join(r.value for r in used),
        deputy=bool(used) and set(used) <= holder.deputies,
        **facts,
    )


def has_open_case() -> tk.ValidationError:
    """Return what people read who begin a second case of a dataset."""
    model.Session.rollback()
    text = tk._("There is a case about this dataset already.")
    return tk.ValidationError({"package_id": [text]})
