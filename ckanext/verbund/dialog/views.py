# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the questions: the form, its status, the inbox of staff."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.dialog import config, guard, words
from ckanext.verbund.domain.dialog import wording

verbund_dialog = Blueprint("verbund_dialog", __name__)

_FIELDS = ("kind", "text", "email", "website")
_PER_PAGE = 50


# -- Asking -------------------------------------------------------------------------------


@verbund_dialog.route("/dataset/<id>/frage", methods=["GET", "POST"])
def dataset(id: str) -> ResponseReturnValue:
    """Ask about a dataset."""
    return _ask({"package_id": id})


@verbund_dialog.route("/organization/<id>/frage", methods=["GET", "POST"])
def member(id: str) -> ResponseReturnValue:
    """Ask a member something, or wish for data."""
    return _ask({"organization_id": id})


def _ask(about: dict[str, str]) -> ResponseReturnValue:
    try:
        route = tk.get_action("verbund_question_route")({}, about)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    sent = {name: tk.request.form.get(name, "") for name in _FIELDS}
    problems: dict[str, str] = {}
    if tk.request.method == "POST":
        stamp = tk.request.form.get("stamp", "")
        try:
            done = tk.get_action("verbund_question_create")(
                {}, {**about, **sent, "stamp": stamp}
            )
        except tk.ValidationError as error:
            problems = {field: texts[0] for field, texts in error.error_dict.items()}
        else:
            if done["how"] == "mail":
                return tk.render(
                    "verbund/dialog/forwarded.html", {"route": route, "sent": sent}
                )
            tk.h.flash_success(tk._("Thank you, your message has arrived."))
            return tk.redirect_to("verbund_dialog.status", token=done["token"])
    elif tk.request.args.get("art") in route["kinds"]:
        sent["kind"] = tk.request.args["art"]
    page = tk.render(
        "verbund/dialog/ask.html",
        {
            "route": route,
            "about": about,
            "sent": sent,
            "problems": problems,
            "stamp": _stamp(route, problems),
            "can_mail": config.can_mail(),
            "longest": words.LIMITS.longest,
            "answer_days": config.answer_days(),
            "retention_days": config.retention_days(),
        },
    )
    return _private(page, 422 if problems else 200)


def _stamp(route: dict[str, Any], problems: dict[str, str]) -> str:
    """Return the stamp for the form: the same again, unless it is worth nothing."""
    stamp = tk.request.form.get("stamp", "")
    if stamp and guard.read_stamp(stamp, guard.target(route)).id and "stamp" not in problems:
        return stamp
    return guard.new_stamp(guard.target(route))


@verbund_dialog.route("/frage/<token>")
def status(token: str) -> ResponseReturnValue:
    """Show the state of a question to who asked it."""
    try:
        question = tk.get_action("verbund_question_status")({}, {"token": token})
    except tk.ObjectNotFound:
        page = tk.render(
            "verbund/dialog/gone.html", {"retention_days": config.retention_days()}
        )
        return _private(page, 404)
    address = tk.url_for("verbund_dialog.status", token=token, _external=True)
    return _private(
        tk.render("verbund/dialog/status.html", {"question": question, "address": address})
    )


def _private(page: str, status: int = 200) -> Response:
    """Keep a page with somebody's words out of caches, search engines and referrers."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


# -- Answering ----------------------------------------------------------------------------


@verbund_dialog.route("/fragen")
def inbox() -> ResponseReturnValue:
    """List the questions to one's members."""
    asked = {name: tk.request.args.get(name, "") for name in ("state", "kind")}
    wanted = {name: value for name, value in asked.items() if value}
    number = tk.h.get_page_number(tk.request.args)
    try:
        found = tk.get_action("verbund_question_list")(
            {}, {**wanted, "page": number, "limit": _PER_PAGE}
        )
    except tk.NotAuthorized:
        return _refused()
    except tk.ValidationError:
        return tk.redirect_to("verbund_dialog.inbox")
    pager = Page(
        collection=found["questions"],
        page=number,
        url=lambda page, **_: tk.url_for("verbund_dialog.inbox", page=page, **wanted),
        item_count=found["total"],
        items_per_page=_PER_PAGE,
        presliced_list=True,
    )
    return _private(
        tk.render("verbund/dialog/inbox.html", {"found": found, "pager": pager, "asked": asked})
    )


@verbund_dialog.route("/fragen/<id>")
def show(id: str) -> ResponseReturnValue:
    """Show a question to staff."""
    return _staff_page(id)


_STEPS = "assign,answer,note,close,reopen,publish,unpublish,delete"


@verbund_dialog.route(f"/fragen/<id>/<any({_STEPS}):step>", methods=["POST"])
def act(id: str, step: str) -> ResponseReturnValue:
    """Do something with a question."""
    sent = {name: value for name, value in tk.request.form.items() if name != "id"}
    if step == "delete" and sent.get("confirmed") != "yes":
        problem = tk._("Please confirm that the message shall be deleted for good.")
        return _staff_page(id, step, sent, {"confirmed": [problem]})
    try:
        tk.get_action(f"verbund_question_{step}")({}, {**sent, "id": id})
    except tk.NotAuthorized:
        return _refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        return _staff_page(id, step, sent, error.error_dict)
    tk.h.flash_success(_done(step))
    if step == "delete":
        return tk.redirect_to("verbund_dialog.inbox")
    return tk.redirect_to("verbund_dialog.show", id=id)


def _done(step: str) -> str:
    return {
        "assign": tk._("The question is assigned."),
        "answer": tk._("The answer is sent."),
        "note": tk._("The note is kept. Only staff sees it."),
        "close": tk._("The question is closed."),
        "reopen": tk._("The question is open again."),
        "publish": tk._("Question and answer are on the page of the dataset."),
        "unpublish": tk._("Question and answer are no longer public."),
        "delete": tk._("The question is deleted."),
    }[step]


def _staff_page(
    id: str,
    step: str = "",
    sent: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
) -> ResponseReturnValue:
    try:
        question = tk.get_action("verbund_question_show")({}, {"id": id})
    except tk.NotAuthorized:
        return _refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    names = words.hints()
    telling = [
        (names[kind], text)
        for kind, text in wording.telling(f"{question['text']}\n{question['answer']}")
    ]
    page = tk.render(
        "verbund/dialog/question.html",
        {
            "question": question,
            "step": step,
            "sent": sent or {},
            "errors": errors or {},
            "telling": telling,
            "retention_days": config.retention_days(),
        },
    )
    return _private(page, 422 if errors else 200)


def _refused() -> ResponseReturnValue:
    """Ask for an account, or say that this one is not enough."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    return tk.abort(403, tk._("Only staff of the member that was asked may see this."))
