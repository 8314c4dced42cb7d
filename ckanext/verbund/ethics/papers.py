# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the tables know of a decision, as the Vermerk and the public register take it."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import members
from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.ethics import note as paper
from ckanext.verbund.domain.ethics import register, witness
from ckanext.verbund.domain.ethics.assess import Verdict, recommend
from ckanext.verbund.domain.ethics.catalogue import Effect, load
from ckanext.verbund.domain.ethics.workflow import Role, State
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.ethics import audit, cases, catalogues, shown, told, withdrawals, words
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.model import Row, answer, decision, event, first, rows

_STATES = {
    "open": State.DECIDED_OPEN,
    "restricted": State.DECIDED_RESTRICTED,
    "not": State.DECIDED_NOT,
}
_TOLD = ("submit", "pass", "comment", "cosign", "return", "suspend", "resume", "revoke")


# -- The Vermerk --------------------------------------------------------------------------


def _found(situation: Situation) -> Iterable[paper.Found]:
    """Yield what the automatic check found, as the Vermerk says it: in German."""
    said = {(one["sha256"], one["finding"]): one["reason"] for one in situation.dispositions}
    labels = wording.findings()
    for file in situation.screened:
        for hit in file.hits:
            column = f", Spalte „{hit.column}“" if hit.column else ""
            yield paper.Found(
                f"{file.name}{column}: {labels[hit.kind].label['de']} "
                f"({hit.rows_matched} von {hit.rows_scanned} Zeilen)",
                said.get((file.sha256, witness.key(hit)), ""),
            )


def note(situation: Situation) -> paper.Note:
    """Return the Vermerk on the decision that a case led to.

    Raises:
        ObjectNotFound: It led to none, or the decision was revoked.
    """
    decided = situation.decision
    if decided is None:
        raise tk.ObjectNotFound(tk._("Nothing was decided in this case yet."))
    history = audit.of_case(situation.row["id"])
    entry = first(
        sa.select(event)
        .where(event.c.decision_id == decided["id"], event.c.action.like("decide%"))
        .order_by(event.c.seq)
    )
    said = next((h["payload"] for h in history if h["action"] == entry["action"]), None) or {}
    member = members.member(situation.row["organization_id"])
    package = model.Package.get(situation.row["package_id"])
    names = words.steps()
    # What was recommended follows from the questions of then, whatever they are today.
    catalogue, known = catalogues.of(decided["catalogue_hash"]), cases.known(situation)
    return paper.Note(
        number=situation.row["id"][:8].upper(),
        dataset=package.title or package.name if package else tk._("Deleted dataset"),
        member=member.title if member else "",
        catalogue=catalogue,
        case=known,
        advice=recommend(catalogue, known),
        state=_STATES[decided["outcome"]],
        decided_at=_moment(entry["at"]),
        fingerprint=decided["fingerprint"],
        chain_hash=entry["hash"],
        place=told.place(situation.row["organization_id"]),
        conditions=decided["conditions"],
        legal_ground=decided["legal_ground"],
        deviation=said.get("reason", "") if decided["deviates"] else "",
        comments=tuple(
            paper.Comment(
                Effect(one["effect"]),
                Verdict(one["verdict"]),
                one["text"],
                _name(one["user_id"]),
                one["created"].replace(tzinfo=dt.timezone.utc),
            )
            for one in situation.comments
        ),
        findings=tuple(_found(situation)),
        check="; ".join(
            f"{file['name']}: {file['label']}"
            for file in shown.scan(situation.screened, situation.dispositions)["files"]
        ),
        people=tuple(
            paper.Person(
                (one["payload"] or {}).get("name") or tk._("deleted account"),
                _role(one["role"]),
                names[one["action"]],
                _moment(one["at"]),
            )
            for one in history
            if one["action"] in _TOLD or one["action"].startswith("decide")
        ),
        review_on=decided["review_date"],
        valid_until=decided["valid_until"],
    )


def _moment(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at)


def _role(used: str) -> Role:
    return Role(used.split(" ", maxsplit=1)[0]) if used else Role.EDITOR


def _name(user_id: str) -> str:
    user = model.User.get(user_id)
    return user.display_name if user else tk._("deleted account")


# -- The register -------------------------------------------------------------------------


def decided(organization_id: str = "", decision_id: str = "") -> list[register.Decided]:
    """Return all decisions by people, the newest first; none of them is public as it stands.

    What a harvested dataset inherits is the decision on its source and stands there.

    Args:
        organization_id: Only of this member.
        decision_id: Only this one.
    """
    query = sa.select(decision).where(decision.c.inherited_from.is_(None))
    if organization_id:
        query = query.where(decision.c.organization_id == organization_id)
    if decision_id:
        query = query.where(decision.c.id == decision_id)
    found = rows(query.order_by(decision.c.created.desc(), decision.c.id))
    facts = _Facts(found)
    return [facts.of(one) for one in found]


def secrets(found: Iterable[register.Decided]) -> dict[str, set[str]]:
    """Return what the register must not say, by ID of the decision.

    Names of everybody who had to do with the case, names of files, and the title of a dataset
    that is not to be published.
    """
    ids = [one.id for one in found]
    package, resource, user = model.package_table, model.resource_table, model.User
    said: dict[str, set[str]] = defaultdict(set)
    query = (
        sa.select(decision.c.id, decision.c.outcome, package.c.title, resource.c.name)
        .join(package, package.c.id == decision.c.package_id)
        .outerjoin(resource, resource.c.package_id == package.c.id)
        .where(decision.c.id.in_(ids))
    )
    for id, outcome, title, file in model.Session.execute(query):
        if outcome == "not":
            said[id].update(text for text in (title, file) if text)
    acted = sa.select(decision.c.id, user.fullname).join(
        user,
        sa.or_(
            user.id == sa.any_(decision.c.authors),
            user.id.in_((decision.c.decided_by, decision.c.cosigned_by)),
        ),
    )
    for id, name in model.Session.execute(acted.where(decision.c.id.in_(ids))):
        if name:
            said[id].add(name)
    return said


class _Facts:
    """What several tables know of decisions, read in a fixed number of queries."""

    def __init__(self, found: list[Row]) -> None:
        ids = [one["id"] for one in found]
        case_ids = {one["case_id"] for one in found}
        events = model.Session.execute(
            sa.select(
                event.c.case_id, event.c.decision_id, event.c.action, event.c.at, event.c.hash
            )
            .where(
                sa.or_(event.c.decision_id.in_(ids), event.c.case_id.in_(case_ids)),
                sa.or_(
                    event.c.action.in_(("submit", "revoke")), event.c.action.like("decide%")
                ),
            )
            .order_by(event.c.seq)
        )
        self.hashes: dict[str, str] = {}
        self.ended: dict[str, dt.date] = {}
        self.sent: dict[str, list[dt.date]] = defaultdict(list)
        for one in events:
            day = _moment(one.at).astimezone(tk.h.get_display_timezone()).date()
            if one.action == "submit":
                self.sent[one.case_id].append(day)
            elif one.action == "revoke":
                self.ended[one.decision_id] = day
            else:
                self.hashes[one.decision_id] = one.hash
        self.sealed = withdrawals.sealed_decisions()
        self.members = {one.id: one for one in members.all_members()}
        # Only what everybody reads anyway: a description may have changed since the decision,
        # and of what is not public nobody looked through more than the title for the register.
        package = model.package_table
        self.packages = {
            one.id: one
            for one in model.Session.execute(
                sa.select(
                    package.c.id,
                    package.c.title,
                    package.c.extras["musterdatensatz"].astext.label("kind"),
                    package.c.extras["theme"].astext.label("themes"),
                ).where(
                    package.c.id.in_({one["package_id"] for one in found}),
                    package.c.state == "active",
                    package.c.private.is_(False),
                )
            )
        }
        self.measures: dict[str, set[str]] = defaultdict(set)
        for case_id, taken in model.Session.execute(
            sa.select(answer.c.case_id, answer.c.measures).where(answer.c.case_id.in_(case_ids))
        ):
            self.measures[case_id].update(taken or ())

    def of(self, row: Row) -> register.Decided:
        """Return one decision with what its case tells."""
        member = self.members.get(row["organization_id"])
        on = _day(row["created"])
        sent = [day for day in self.sent[row["case_id"]] if day <= on]
        title = row["register_title"]
        package = self.packages.get(row["package_id"])
        if not title and row["outcome"] == "open" and package:
            title = package.title or ""
        order = list(load().measures)
        return register.Decided(
            id=row["id"],
            hash=self.hashes.get(row["id"], ""),
            member=member.title if member else tk._("Former member"),
            office="",
            state=_STATES[row["outcome"]],
            submitted_on=sent[-1] if sent else on,
            decided_on=on,
            grounds=tuple(row["grounds"]),
            title=title,
            # The decider is another person than the author and has read what stands here.
            reviewed=bool(title),
            reason=row["register_text"],
            measures=tuple(sorted(self.measures[row["case_id"]], key=order.index)),
            conditions=row["conditions"],
            review_on=row["review_date"],
            valid_until=row["valid_until"],
            ended_on=self.ended.get(row["id"]),
            catalogue=(row["catalogue_version"], row["catalogue_hash"]),
            contact=member.email if member else "",
            land=member.ags[:2] if member else "",
            sealed=row["id"] in self.sealed,
            kind=_code("musterdatensatz", package.kind) if package else "",
            themes=_themes(package.themes) if package else (),
        )


def _code(list_name: str, value: str | None) -> str:
    concept = vocab.load(list_name).get(value or "")
    return concept.code if concept else ""


def _themes(stored: str | None) -> tuple[str, ...]:
    """Return the codes of themes as the form stores them: a list as JSON."""
    try:
        found = json.loads(stored or "[]")
    except ValueError:
        return ()
    codes = [_code("data_theme", one) for one in found if isinstance(one, str)]
    return tuple(code for code in codes if code)


def _day(moment: dt.datetime) -> dt.date:
    zone = tk.h.get_display_timezone()
    return moment.replace(tzinfo=dt.timezone.utc).astimezone(zone).date()


def entries(organization_id: str = "", decision_id: str = "") -> list[register.Entry]:
    """Return what everybody may read of decisions, the newest first."""
    catalogue = load()
    found = decided(organization_id, decision_id)
    hidden = secrets(found)
    told_ = (register.public(catalogue, one, hidden[one.id]) for one in found)
    return [one for one in told_ if one is not None]


def objections(
    situation: Situation, outcome: str, texts: dict[str, str], people: set[str]
) -> dict[str, list[str]]:
    """Return what the register would leave out of texts that a decider writes, by field.

    Args:
        situation: The case.
        outcome: ``open``, ``restricted`` or ``not``.
        texts: ``register_title``, ``register_text``, ``conditions``.
        people: Accounts whose names must not appear.
    """
    names = model.Session.scalars(
        sa.select(model.User.fullname).where(model.User.id.in_(people))
    )
    hidden = {name for name in names if name}
    package = model.Package.get(situation.row["package_id"])
    if package and outcome == "not":
        hidden |= {package.title or "", *(r.name or "" for r in package.resources)} - {""}
    draft = register.Decided(
        id="",
        hash="",
        member="",
        office="",
        state=_STATES[outcome],
        submitted_on=dt.date.min,
        decided_on=dt.date.min,
        title=texts.get("register_title", ""),
        reason=texts.get("register_text", ""),
        conditions=texts.get("conditions", ""),
    )
    fields = {"title": "register_title", "reason": "register_text"}
    return {
        fields.get(one.field, one.field): [one.texts[told.lang()]]
        for one in register.objections(draft, hidden)
    }
