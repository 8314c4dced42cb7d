# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund_ethics``: cases. Others of this plugin are collected here."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Action, Context, DataDict
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from ckanext.verbund.base import rights
from ckanext.verbund.domain.ethics import workflow
from ckanext.verbund.domain.ethics.catalogue import Effect, load
from ckanext.verbund.domain.ethics.workflow import Role, State, Wish
from ckanext.verbund.ethics import (
    cases,
    content,
    files,
    papers,
    restricted,
    roles,
    screening,
    shown,
    signature,
)
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.logic import (
    batches,
    decisions,
    guards,
    office,
    pages,
    precedents,
    register,
    restrictions,
    scans,
    schema,
    short,
    staff,
    withdrawals,
)
from ckanext.verbund.ethics.model import (
    EXEMPT,
    OPEN_STATES,
    Row,
    answer,
    case,
    comment,
    gate,
    rows,
)
from ckanext.verbund.ethics.roles import Holder
from ckanext.verbund.ethics.steps import OUTCOMES, STOPS, Step, has_open_case, record

_MOST = 500
_PARTS = (
    batches,
    decisions,
    office,
    pages,
    precedents,
    register,
    restrictions,
    scans,
    short,
    staff,
    withdrawals,
)


def actions() -> dict[str, Action]:
    """Return the actions of this plugin by name."""
    own = {name: one for name, one in globals().items() if name.startswith("verbund_")}
    for part in _PARTS:
        own |= {name: getattr(part, name) for name in part.__all__}
    return own | guards.present()


# -- Cases --------------------------------------------------------------------------------


@tk.validate(schema.package)
def verbund_case_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a case: the questions about whether a dataset may be public.

    A source of harvesting has a case as well: whether its datasets may be public here.

    Example::

        ckanapi action verbund_case_create package_id=spielplaetze

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``package_id``, ID or name.

    Returns:
        The case, as ``verbund_case_show`` returns it.

    Raises:
        ObjectNotFound: There is no such dataset.
        ValidationError: Its case is open already.
    """
    tk.check_access("verbund_case_create", context, data_dict)
    package = content.show(data_dict["package_id"])
    holder = _holder(context, package["owner_org"])
    if package["state"] == "deleted":
        raise tk.ValidationError({"package_id": [tk._("This dataset is deleted.")]})
    restricted.refuse_internal(package["id"])
    mark, hashes = content.read(package)
    row = {
        "id": make_uuid(),
        "package_id": package["id"],
        "organization_id": package["owner_org"],
        "state": State.DRAFT.value,
        "fingerprint": mark,
    }
    files.remember(hashes)
    try:
        model.Session.execute(sa.insert(case).values(row))
    except IntegrityError:  # the partial unique index: one open case per package
        raise has_open_case() from None
    cases.add_authors(row["id"], frozenset({holder.id}))
    made = cases.get(row["id"])
    record(made, holder, "create", {})
    model.Session.commit()
    screening.start(package["id"], missing=True)
    return shown.case(cases.get(row["id"]), holder)


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_case_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a case with answers, comments, recommendation and what the account may do.

    Example::

        ckanapi action verbund_case_show id=8b1c…

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        The case: ``state``, ``fingerprint`` (to be sent back with the next step), ``answers``
        by question, ``comments``, ``recommendation`` (``outcome``, ``steps``, ``missing``,
        ``contradictions``, ``open_comments``, ``tasks``, ``needs_ground``, ``risk``),
        ``scan`` (as ``verbund_scan_show`` returns it), ``waits_for`` (``roles``, ``until``;
        None if nobody is waited for), ``history`` (``at``, ``action``, ``actor``, ``role``,
        ``deputy``, ``state``, and in ``payload`` what was said, if it was not erased),
        ``possible`` actions, ``decision`` and whether it is ``in_force``.

    Raises:
        ObjectNotFound: There is no such case.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_case_show", context, data_dict)
    return shown.case(situation, _holder(context, situation.row["organization_id"]))


@tk.side_effect_free
@tk.validate(schema.case_list)
def verbund_case_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the cases of the members for which the account has a role.

    Example::

        ckanapi action verbund_case_list state=ready

    Args:
        context: The context; the list is that of its user.
        data_dict: ``organization_id``, ``package_id``, ``state``; ``offset`` (0), ``limit``
            (50; at most 500).

    Returns:
        ``cases`` (``id``, ``package_id``, ``title``, ``organization_id``, ``state``,
        ``created``, ``changed``), the one that waits longest first; ``total``.
    """
    tk.check_access("verbund_case_list", context, data_dict)
    package = model.package_table
    query = sa.select(
        case.c.id,
        case.c.package_id,
        package.c.title,
        case.c.organization_id,
        case.c.state,
        case.c.created,
        case.c.changed,
    ).outerjoin(package, package.c.id == case.c.package_id)
    members = _members(context)
    if members is not None:
        query = query.where(case.c.organization_id.in_(members))
    for name in ("organization_id", "package_id", "state"):
        if data_dict.get(name):
            query = query.where(case.c[name] == data_dict[name])
    found, total = _page(query.order_by(case.c.changed, case.c.id), data_dict)
    return {"cases": [shown.iso(row) for row in found], "total": total}


@tk.side_effect_free
@tk.validate(schema.member_pages)
def verbund_undecided_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List datasets that nobody has decided on and that have no open case.

    Example::

        ckanapi action verbund_undecided_list organization_id=stadt-landau

    Args:
        context: The context; the list holds what its user may edit.
        data_dict: ``organization_id``; ``offset`` (0), ``limit`` (50; at most 500).

    Returns:
        ``datasets`` (``id``, ``name``, ``title``, ``owner_org``, ``was_public``: before there
        were decisions), those that were public first; ``total``.
    """
    tk.check_access("verbund_undecided_list", context, data_dict)
    package = model.package_table
    was_public = sa.func.coalesce(gate.c.was_public, False).label("was_public")
    opened = sa.select(case.c.id).where(
        case.c.package_id == package.c.id, case.c.state.in_(OPEN_STATES)
    )
    query = (
        sa.select(
            package.c.id, package.c.name, package.c.title, package.c.owner_org, was_public
        )
        .outerjoin(gate, gate.c.package_id == package.c.id)
        .where(
            package.c.state == "active",
            package.c.type.not_in(EXEMPT),
            sa.or_(gate.c.decision_id.is_(None), gate.c.stale),
            ~opened.exists(),
            package.c.id.not_in(restricted.internal_ids()),
        )
    )
    members = rights.editable_by(context["user"])
    if members is not None:
        query = query.where(package.c.owner_org.in_(members))
    if data_dict.get("organization_id"):
        query = query.where(package.c.owner_org == data_dict["organization_id"])
    found, total = _page(
        query.order_by(was_public.desc(), package.c.title, package.c.id), data_dict
    )
    return {"datasets": found, "total": total}


@tk.validate(schema.case_answer)
def verbund_case_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Store answers to questions; those that are not sent stay as they are.

    Example::

        ckanapi action verbund_case_answer id=8b1c… answers:'{"A1": {"value": "yes"}}'

    Args:
        context: The context; its user must be an editor and is an author from now on.
        data_dict: ``id``; ``answers`` by question, each with ``value``, ``reason``,
            ``measures``; ``short``: what was entered in the Kurzprüfung (``groups`` by ID:
            ``yes``, ``no``, ``unclear``; ``ticks``; ``reason``). Either or both.

    Returns:
        The case.

    Raises:
        ValidationError: A question or an answer does not exist, or the case is under way; or
            the Kurzprüfung is not open for the dataset, under ``short``. Then all that was
            entered is stored nevertheless, as a start for the long form.
    """
    tk.check_access("verbund_case_answer", context, data_dict)
    situation = cases.get(data_dict["id"], lock=True)
    holder = _holder(context, situation.row["organization_id"])
    values = _answers(data_dict.get("answers") or {})
    after = _act(situation, Wish(workflow.Action.ANSWER, holder.person))
    cases.keep(situation, after)
    for value in values:
        value |= {"case_id": situation.row["id"], "user_id": holder.id, "short": False}
        query = insert(answer).values(value)
        model.Session.execute(
            query.on_conflict_do_update(
                index_elements=["case_id", "question"],
                set_={n: query.excluded[n] for n in value},
            )
        )
    said = {value["question"]: [value["value"], value["reason"]] for value in values}
    missed = []
    if data_dict.get("short"):
        said["short"] = data_dict["short"]
        missed = short.store(cases.get(data_dict["id"]), holder.id, data_dict["short"])
    record(situation, holder, "answer", {"answers": said})
    model.Session.commit()
    if missed:
        texts = [f"{one.texts[shown.lang()]} {one.remedy[shown.lang()]}" for one in missed]
        raise tk.ValidationError({"short": texts, "code": [one.code for one in missed]})
    return shown.case(cases.get(data_dict["id"]), holder)


@tk.validate(schema.case_act)
def verbund_case_act(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Move a case: submit, pass, return, comment, cosign, decide, suspend, resume, revoke.

    Example::

        ckanapi action verbund_case_act id=8b1c… action=submit fingerprint=5f3a…

    Who decides or co-signs sends the password of the account as well, a token is not enough.

    Args:
        context: The context; the rules ask for the roles of its user.
        data_dict: ``id``; ``action``, one of ``domain.ethics.workflow.Action``;
            ``fingerprint`` of the content that the person has seen; ``reason``; for a comment
            ``effect`` and ``verdict``; for decisions ``grounds`` (codes), ``legal_ground``,
            ``conditions``, ``review_date``, ``valid_until``, ``register_title``,
            ``register_text``, and for ``decide_restricted`` the ``way``: ``on_request``
            (everybody reads the description, files stay inside) or ``derivative`` (only a
            coarser dataset of its own becomes public); to decide or co-sign ``password``.

    Returns:
        The case.

    Raises:
        ValidationError: The password is wrong, under ``password``; why it is not possible,
            under ``action``; or what is wrong.
        ObjectNotFound: There is no such case.
    """
    tk.check_access("verbund_case_act", context, data_dict)
    action = workflow.Action(data_dict["action"])
    password = data_dict.pop("password", "")
    if action in signature.SIGNED:
        _signed(signature.confirm(context["user"], password), action, data_dict)
    if action is workflow.Action.SUBMIT:
        _demand_whole(context, cases.get(data_dict["id"]))
    situation = cases.get(data_dict["id"], lock=True)
    holder = _holder(context, situation.row["organization_id"])
    seen = cases.look_again(situation) if action not in STOPS else situation
    if seen is not situation:
        # The case is back with its author, whatever becomes of this step.
        model.Session.commit()
        situation = cases.get(data_dict["id"], lock=True)
    wish = _wish(action, holder, situation, data_dict)
    if action is workflow.Action.COMMENT:
        situation = _with_comment(situation, wish, data_dict)
    after = restricted.withhold(situation, _act(situation, wish), wish)
    Step(context["user"], situation, after, wish, holder, data_dict).do()
    restricted.settle(situation, wish)
    return shown.case(cases.get(data_dict["id"]), holder)


def _signed(user: model.User, action: workflow.Action, data: DataDict) -> None:
    """Refuse texts for the public register that name people, files or addresses."""
    if action not in OUTCOMES:
        return
    situation = cases.get(data["id"])
    people = {user.id, *situation.file.authors}
    if wrong := papers.objections(situation, OUTCOMES[action], data, people):
        raise tk.ValidationError(wrong)


def _wish(
    action: workflow.Action, holder: Holder, situation: Situation, data: DataDict
) -> Wish:
    effect = Effect(data["effect"]) if data.get("effect") else None
    if action is workflow.Action.COMMENT and not (effect and data.get("verdict")):
        text = tk._("Please say what you comment on, and how.")
        raise tk.ValidationError({"verdict": [text]})
    return Wish(
        action,
        holder.person,
        reason=data["reason"],
        legal_ground=data["legal_ground"],
        cosigned_by=_cosigner(situation, holder),
        conditions=data["conditions"],
        fingerprint=data["fingerprint"],
        effect=effect if action is workflow.Action.COMMENT else None,
        way=data.get("way", ""),
    )


def _cosigner(situation: Situation, holder: Holder) -> workflow.Person | None:
    """Return who signs a refusal too: Leitung may be the decider."""
    if Role.LEITUNG in holder.roles:
        return holder.person
    signed = situation.row["cosigned_by"]
    user = model.User.get(signed) if signed else None
    return roles.holder(user, situation.row["organization_id"]).person if user else None


def _with_comment(situation: Situation, wish: Wish, data: DataDict) -> Situation:
    """Store a comment, so that the recommendation counts it; the rules are asked first."""
    _act(situation, wish)
    model.Session.execute(
        sa.insert(comment).values(
            case_id=situation.row["id"],
            round=situation.row["round"],
            effect=data["effect"],
            verdict=data["verdict"],
            text=data["reason"],
            user_id=wish.person.id,
        )
    )
    return cases.get(situation.row["id"])


def _demand_whole(context: Context, situation: Situation) -> None:
    """Let only whole datasets be submitted: a draft becomes active, and private."""
    if situation.file.state is not State.DRAFT:
        return
    package = model.Package.get(situation.row["package_id"])
    if package is not None and package.state == "draft":
        tk.get_action("package_patch")(
            tk.fresh_context(context), {"id": package.id, "state": "active", "private": True}
        )


def _answers(given: dict[str, Any]) -> list[Row]:
    catalogue = load()
    questions = {question.id: question for question in catalogue.questions}
    values, errors = [], {}
    for id, one in given.items():
        question = questions.get(id)
        value = one.get("value") if isinstance(one, dict) else None
        measures = list(one.get("measures") or ()) if isinstance(one, dict) else []
        if question is None:
            errors[id] = [tk._("There is no question “{id}”.").format(id=id)]
        elif value not in question.answers:
            errors[id] = [tk._("Please answer with one of the answers that are offered.")]
        elif set(measures) - set(catalogue.measures):
            errors[id] = [tk._("Please choose only measures that are offered.")]
        else:
            reason = str(one.get("reason") or "").strip()
            values.append(
                {"question": id, "value": value, "reason": reason} | {"measures": measures}
            )
    if errors:
        raise tk.ValidationError(errors)
    return values


def _act(situation: Situation, wish: Wish) -> workflow.File:
    try:
        return workflow.act(situation.file, wish, situation.advice)
    except workflow.NotAllowed as error:
        model.Session.rollback()
        raise shown.refused(error.refusal) from error


def _holder(context: Context, organization_id: str) -> Holder:
    user = model.User.get(context.get("user"))
    return roles.holder(user, organization_id) if user else Holder("system")


def _members(context: Context) -> list[str] | None:
    """Return the members whose cases an account sees; None means all."""
    user = model.User.get(context["user"])
    editable = rights.editable_by(user.name)
    return None if editable is None else sorted({*editable, *roles.members_of(user.id)})


def _page(query: sa.Select, data: DataDict) -> tuple[list[Row], int]:
    total = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    limit = max(1, min(data["limit"], _MOST))
    return rows(query.limit(limit).offset(data["offset"])), total
