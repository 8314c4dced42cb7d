# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund_dialog``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict
from sqlalchemy.exc import IntegrityError

from ckanext.verbund.base import rights, tasks
from ckanext.verbund.dialog import config, guard, mails, routes, words
from ckanext.verbund.dialog.logic import schema
from ckanext.verbund.dialog.model import Entry, Published, Question, now
from ckanext.verbund.domain.dialog import question as rules
from ckanext.verbund.domain.dialog import routing, spam, wording
from ckanext.verbund.domain.ethics import register
from ckanext.verbund.domain.ethics.restriction import RESTRICTED

__all__ = [
    "verbund_question_answer",
    "verbund_question_assign",
    "verbund_question_close",
    "verbund_question_create",
    "verbund_question_delete",
    "verbund_question_list",
    "verbund_question_note",
    "verbund_question_publish",
    "verbund_question_published",
    "verbund_question_reopen",
    "verbund_question_route",
    "verbund_question_show",
    "verbund_question_status",
    "verbund_question_unpublish",
]


# -- Asking -------------------------------------------------------------------------------


@tk.side_effect_free
def verbund_question_route(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say who answers questions about a dataset or to a member.

    Args:
        context: The context.
        data_dict: ``package_id`` or ``organization_id``, ID or name.

    Returns:
        ``how`` (``here``, ``link``, ``mail``, ``source``, ``nobody``), ``name``, ``address``,
        ``subject`` (title), ``package_id`` (or None), ``organization_id``, ``kinds`` of
        messages that it takes: a request only where data are given on request.

    Raises:
        ObjectNotFound: There is no such dataset or member.
    """
    tk.check_access("verbund_question_route", context, data_dict)
    if data_dict.get("package_id"):
        package = tk.get_action("package_show")(
            tk.fresh_context(context), {"id": data_dict["package_id"]}
        )
        route = routes.of_dataset(package)
        subject, package_id = package.get("title") or package["name"], package["id"]
        organization_id = package.get("owner_org")
        on_request = package.get("access_rights") == RESTRICTED
    else:
        organization = model.Group.get(data_dict.get("organization_id"))
        if organization is None or not organization.is_organization:
            raise tk.ObjectNotFound(tk._("Organization not found"))
        route = routes.of_member(organization)
        subject, package_id = route.name, None
        organization_id, on_request = organization.id, False
    return {
        "kinds": [kind for kind in rules.KINDS if kind != rules.REQUEST or on_request],
        "how": route.how,
        "name": route.name,
        "address": route.address,
        "subject": subject,
        "package_id": package_id,
        "organization_id": organization_id,
    }


def verbund_question_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask something: kept for the member when it is at home here, else mailed to its home.

    Meant for the form, whose signed stamp it needs; the same stamp never makes two questions.

    Args:
        context: The context; no account is needed.
        data_dict: ``package_id`` or ``organization_id``; ``kind`` (``question``, ``error``,
            ``wish``, ``request``), ``text``, ``stamp``; optional ``email``. ``website`` must
            stay empty.

    Returns:
        ``how`` (``here`` or ``mail``), ``name`` of who answers, and for ``here`` the
        ``token`` of the status page.

    Raises:
        ValidationError: What is wrong, by field.
    """
    tk.check_access("verbund_question_create", context, data_dict)
    route = tk.get_action("verbund_question_route")(tk.fresh_context(context), data_dict)
    if route["how"] not in {routing.HERE, routing.MAIL}:
        raise tk.ValidationError({"stamp": [tk._("Questions about these data go elsewhere.")]})
    stamp = guard.read_stamp(str(data_dict.get("stamp") or ""), guard.target(route))
    known = model.Session.get(Question, stamp.id) if stamp.id else None
    if known is not None:
        return {"how": routing.HERE, "name": route["name"], "token": known.token}
    message = spam.Message(
        kind=str(data_dict.get("kind") or ""),
        text=spam.clean(data_dict.get("text")),
        email=spam.clean(data_dict.get("email")) if config.can_mail() else "",
        trap=str(data_dict.get("website") or ""),
        age=stamp.age,
    )
    problems = spam.problems(message, words.LIMITS)
    if message.kind not in route["kinds"]:
        problems["kind"] = "unknown" if message.kind else "missing"
    if problems:
        raise tk.ValidationError({f: [words.problem(f, c)] for f, c in problems.items()})
    if minutes := guard.minutes_to_wait():
        raise tk.ValidationError(
            {
                "stamp": [
                    tk.ungettext(
                        "Many messages came from your connection. "
                        "Please try again in {num} minute.",
                        "Many messages came from your connection. "
                        "Please try again in {num} minutes.",
                        minutes,
                    ).format(num=minutes)
                ]
            }
        )
    if route["how"] == routing.MAIL:
        return _forward(route, message)
    question = Question(
        id=stamp.id,
        kind=message.kind,
        text=message.text,
        email=message.email,
        organization_id=route["organization_id"],
        package_id=route["package_id"],
    )
    model.Session.add(question)
    try:
        model.Session.flush()
    except IntegrityError:  # the form was sent twice at the same moment
        model.Session.rollback()
        question = model.Session.get(Question, stamp.id)
        return {"how": routing.HERE, "name": route["name"], "token": question.token}
    mails.plan(question, mails.OFFICE)
    token = question.token
    model.Session.commit()
    mails.send_soon()
    return {"how": routing.HERE, "name": route["name"], "token": token}


def _forward(route: dict[str, Any], message: spam.Message) -> dict[str, Any]:
    if not mails.forward(message, route):
        raise tk.ValidationError(
            {
                "stamp": [
                    tk._(
                        "Your message could not be mailed just now. Please write to {address}; "
                        "your text is still below."
                    ).format(address=route["address"])
                ]
            }
        )
    return {"how": routing.MAIL, "name": route["name"]}


@tk.side_effect_free
def verbund_question_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a question to who asked it.

    Args:
        context: The context; no account is needed.
        data_dict: ``token`` of the status link.

    Returns:
        ``kind``, ``text``, ``state``, ``answer``, ``created``, ``finished``, ``due``,
        ``deleted`` (day of its deletion, or None), ``by_mail``, ``member``, ``package``
        (``name``, ``title``; None when it is about none or not public), ``redress``: what the
        asker of a declined request can do.

    Raises:
        ObjectNotFound: There is no such question, or no longer.
    """
    tk.check_access("verbund_question_status", context, data_dict)
    question = model.Session.scalar(
        sa.select(Question).where(Question.token == str(data_dict.get("token") or ""))
    )
    if question is None:
        raise tk.ObjectNotFound(tk._("This question does not exist, or no longer."))
    organization = model.Group.get(question.organization_id)
    package = model.Package.get(question.package_id) if question.package_id else None
    public = package is not None and package.state == "active" and not package.private
    days = config.retention_days()
    finished = question.finished
    return {
        "kind": question.kind,
        "text": question.text,
        "state": question.state,
        "answer": question.answer if question.state in {rules.ANSWERED, rules.CLOSED} else "",
        "created": question.created,
        "finished": finished,
        "due": rules.due(question.created, config.answer_days()),
        "deleted": rules.due(finished, days) if finished else None,
        "by_mail": bool(question.email),
        "member": organization.title or organization.name,
        "package": {"name": package.name, "title": package.title or package.name}
        if public
        else None,
        "redress": _redress(question, organization),
    }


def _redress(question: Question, organization: model.Group) -> str:
    if question.kind != rules.REQUEST or question.state != rules.CLOSED:
        return ""
    land = str((organization.extras or {}).get("ags", ""))[:2]
    return register.redress_in(land, "en" if tk.h.lang() == "en" else "de")


@tk.side_effect_free
def verbund_question_published(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the questions and answers that staff published about a dataset, newest first.

    Args:
        context: The context.
        data_dict: ``package_id``, the ID.

    Returns:
        ``kind``, ``question``, ``answer``, ``published`` of each.
    """
    tk.check_access("verbund_question_published", context, data_dict)
    rows = model.Session.scalars(
        sa.select(Published)
        .where(Published.package_id == data_dict["package_id"])
        .order_by(Published.published.desc())
    )
    return [
        {
            "kind": row.kind,
            "question": row.question,
            "answer": row.answer,
            "published": row.published.isoformat(),
        }
        for row in rows
    ]


# -- Answering ----------------------------------------------------------------------------


@tk.validate(schema.question_list)
@tk.side_effect_free
def verbund_question_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the questions to the members that somebody answers for, oldest first.

    Args:
        context: The context; its user limits the list.
        data_dict: ``state`` (``open``, the default; one of the states; ``all``), ``kind``,
            ``organization_id``, ``page`` (1), ``limit`` (50).

    Returns:
        ``questions`` of the page and the ``total``.
    """
    tk.check_access("verbund_question_list", context, data_dict)
    mine = rights.editable_by(context["user"])
    state = data_dict["state"]
    limit, page = min(data_dict["limit"], 500), max(1, data_dict["page"])
    package, group, user = model.Package, model.Group, model.User
    query = (
        sa.select(
            Question,
            sa.func.coalesce(package.title, package.name).label("dataset"),
            sa.func.coalesce(group.title, group.name).label("member"),
            sa.func.coalesce(user.fullname, user.name).label("assigned"),
            sa.func.count().over().label("total"),
        )
        .join(group, group.id == Question.organization_id)
        .outerjoin(package, package.id == Question.package_id)
        .outerjoin(user, user.id == Question.assigned_to)
        .order_by(Question.created if state == "open" else Question.created.desc())
        .limit(limit)
        .offset((page - 1) * limit)
    )
    if mine is not None:
        query = query.where(Question.organization_id.in_(mine))
    if data_dict.get("organization_id"):
        query = query.where(Question.organization_id == data_dict["organization_id"])
    if data_dict.get("kind"):
        query = query.where(Question.kind == data_dict["kind"])
    if state == "open":
        query = query.where(Question.state.in_(rules.OPEN))
    elif state != "all":
        query = query.where(Question.state == state)
    rows = model.Session.execute(query).all()
    return {
        "questions": [
            {
                "id": row.Question.id,
                "kind": row.Question.kind,
                "state": row.Question.state,
                "text": row.Question.text,
                "created": row.Question.created,
                "due": rules.due(row.Question.created, config.answer_days()),
                "dataset": row.dataset,
                "member": row.member,
                "assigned": row.assigned,
                "assigned_to": row.Question.assigned_to,
            }
            for row in rows
        ],
        "total": rows[0].total if rows else 0,
    }


@tk.side_effect_free
def verbund_question_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a question to staff. Its address stays hidden: answers go through the portal.

    Args:
        context: The context.
        data_dict: ``id``.

    Returns:
        The question with ``by_mail``, ``due``, ``steps`` that are possible, ``history``,
        ``staff`` to assign it to, ``package``, ``member``, ``published`` (wording or None).
    """
    question = _question(context, data_dict, "verbund_question_show", lock=False)
    package = model.Package.get(question.package_id) if question.package_id else None
    organization = model.Group.get(question.organization_id)
    published = _published(question)
    user = model.User
    history = model.Session.execute(
        sa.select(Entry, sa.func.coalesce(user.fullname, user.name).label("who"))
        .outerjoin(user, user.id == Entry.user_id)
        .where(Entry.question_id == question.id)
        .order_by(Entry.created)
    )
    steps = [s for s in rules.possible(question.state) if s != "publish" or package]
    return {
        "id": question.id,
        "kind": question.kind,
        "text": question.text,
        "answer": question.answer,
        "state": question.state,
        "created": question.created,
        "finished": question.finished,
        "due": rules.due(question.created, config.answer_days()),
        "by_mail": bool(question.email),
        "assigned_to": question.assigned_to,
        "member": organization.title or organization.name,
        "organization": organization.name,
        "package": {"name": package.name, "title": package.title or package.name}
        if package
        else None,
        "steps": steps,
        "staff": routes.staff(question.organization_id),
        "published": {"question": published.question, "answer": published.answer}
        if published
        else None,
        "history": [
            {
                "step": row.Entry.step,
                "text": row.Entry.text,
                "created": row.Entry.created,
                "who": row.who,
            }
            for row in history
        ],
    }


def verbund_question_assign(context: Context, data_dict: DataDict) -> None:
    """Give a question to somebody of the member's staff.

    Args:
        context: The context.
        data_dict: ``id``, ``user_id`` (empty: nobody).

    Raises:
        ValidationError: The account may not answer for the member, or the question is done.
    """
    question = _question(context, data_dict, "verbund_question_assign")
    user_id = data_dict.get("user_id") or None
    # Who already holds it may keep it, such as the system administration.
    able = {person["id"] for person in routes.staff(question.organization_id)}
    own = model.User.get(context["user"])
    if user_id and user_id not in able | {own.id if own else ""}:
        raise tk.ValidationError({"user_id": [tk._("Please choose somebody of the list.")]})
    _step(question, "assign")
    question.assigned_to = user_id
    person = model.User.get(user_id) if user_id else None
    _record(context, question, "assign", person.display_name if person else tk._("nobody"))


def verbund_question_answer(context: Context, data_dict: DataDict) -> None:
    """Answer a question; by mail too when the asker gave an address.

    Args:
        context: The context.
        data_dict: ``id``, ``answer``.

    Raises:
        ValidationError: There is no text, or the question is answered already.
    """
    question = _question(context, data_dict, "verbund_question_answer")
    answer = _text(data_dict, "answer", tk._("Please write an answer."))
    _finish(question, "answer", answer)
    _record(context, question, "answer", answer)
    mails.send_soon()


def verbund_question_close(context: Context, data_dict: DataDict) -> None:
    """Close a question. Without an answer the asker is told why.

    Args:
        context: The context.
        data_dict: ``id``; ``reason``, needed when there is no answer.
    """
    question = _question(context, data_dict, "verbund_question_close")
    if question.state == rules.ANSWERED:
        _step(question, "close")
        _record(context, question, "close", "")
        return
    reason = _text(
        data_dict, "reason", tk._("Please write why there is no answer; the asker reads it.")
    )
    _finish(question, "close", reason)
    _record(context, question, "close", reason)
    mails.send_soon()


def verbund_question_reopen(context: Context, data_dict: DataDict) -> None:
    """Open a question again, for a better answer.

    Args:
        context: The context.
        data_dict: ``id``.
    """
    question = _question(context, data_dict, "verbund_question_reopen")
    _step(question, "reopen")
    question.finished = None
    mails.cancel(question, mails.ASKER)
    _record(context, question, "reopen", "")


def verbund_question_note(context: Context, data_dict: DataDict) -> None:
    """Add a note that staff alone sees.

    Args:
        context: The context.
        data_dict: ``id``, ``note``.
    """
    question = _question(context, data_dict, "verbund_question_note")
    note = _text(data_dict, "note", tk._("Please write the note."))
    _record(context, question, "note", note)


def verbund_question_publish(context: Context, data_dict: DataDict) -> None:
    """Show question and answer on the page of the dataset, in a wording that staff approved.

    Args:
        context: The context.
        data_dict: ``id``, ``question``, ``answer`` (the wording), ``approved``: ``yes`` says
            that somebody read it for personal data; ``despite``, that the places which the
            portal points at may be public.

    Raises:
        ValidationError: Nobody approved, or there are such places and nobody allowed them.
    """
    question = _question(context, data_dict, "verbund_question_publish")
    _step(question, "publish")
    if question.package_id is None:
        raise tk.ValidationError({"question": [tk._("The dataset no longer exists.")]})
    asked = _text(data_dict, "question", tk._("Please write the question for the public."))
    answer = _text(data_dict, "answer", tk._("Please write the answer for the public."))
    found = [*wording.telling(asked), *wording.telling(answer)]
    approved = data_dict.get("approved")
    if found and approved != "despite":
        names = words.hints()
        places = ", ".join(f"{names[kind]} „{text}“" for kind, text in found)
        raise tk.ValidationError(
            {
                "approved": [
                    tk._("This may be personal: {places}. Remove it, or allow it.").format(
                        places=places
                    )
                ],
                "telling": [text for _kind, text in found],
            }
        )
    if approved not in {"yes", "despite"}:
        raise tk.ValidationError(
            {"approved": [tk._("Please confirm that the wording holds no personal data.")]}
        )
    user = model.User.get(context["user"])
    public = _published(question) or Published(
        question_id=question.id,
        organization_id=question.organization_id,
        package_id=question.package_id,
        kind=question.kind,
    )
    public.question, public.answer = asked, answer
    public.published, public.user_id = now(), user.id if user else None
    model.Session.add(public)
    _record(context, question, "publish", "")


def verbund_question_unpublish(context: Context, data_dict: DataDict) -> None:
    """Take question and answer off the page of the dataset.

    Args:
        context: The context.
        data_dict: ``id``.
    """
    question = _question(context, data_dict, "verbund_question_unpublish")
    published = _published(question)
    if published is not None:
        model.Session.delete(published)
        _record(context, question, "unpublish", "")


def verbund_question_delete(context: Context, data_dict: DataDict) -> None:
    """Delete a question for good, such as spam; what was published stays.

    Args:
        context: The context.
        data_dict: ``id``.
    """
    question = _question(context, data_dict, "verbund_question_delete")
    model.Session.delete(question)
    model.Session.commit()


def _question(
    context: Context, data_dict: DataDict, action: str, *, lock: bool = True
) -> Question:
    """Return the question, once it is sure that its reader may act on it."""
    id_ = tk.get_or_bust(data_dict, "id")
    tk.check_access(action, context, data_dict)
    question = model.Session.get(
        Question, str(id_), with_for_update=lock, populate_existing=lock
    )
    if question is None:
        raise tk.ObjectNotFound(tk._("This question does not exist, or no longer."))
    return question


def _published(question: Question) -> Published | None:
    return model.Session.scalar(
        sa.select(Published).where(Published.question_id == question.id)
    )


def _step(question: Question, step: str) -> None:
    """Move a question on; two people working at the same time must learn of it."""
    state = rules.after(step, question.state)
    if state is None:
        raise tk.ValidationError(
            {
                "state": [
                    tk._("The question is “{state}” by now. Please look at it again.").format(
                        state=words.states()[question.state]
                    )
                ]
            }
        )
    question.state = state


def _finish(question: Question, step: str, answer: str) -> None:
    _step(question, step)
    question.answer, question.finished = answer, now()
    if question.email:
        mails.plan(question, mails.ASKER)


def _record(context: Context, question: Question, step: str, text: str) -> None:
    user = model.User.get(context["user"])
    entry = Entry(
        question_id=question.id, step=step, text=text, user_id=user.id if user else None
    )
    question.changed = now()
    model.Session.add(entry)
    model.Session.commit()
    if user:
        tasks.forget(user.id)


def _text(data_dict: DataDict, field: str, missing: str) -> str:
    text = spam.clean(data_dict.get(field))
    if not text:
        raise tk.ValidationError({field: [missing]})
    if len(text) > words.LIMITS.longest * 2:
        raise tk.ValidationError(
            {
                field: [
                    tk._("Please shorten this to {longest} characters.").format(
                        longest=words.LIMITS.longest * 2
                    )
                ]
            }
        )
    return text
