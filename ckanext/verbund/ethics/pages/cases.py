# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of cases: begin, answer, review, comment, decide, list."""

from __future__ import annotations

import base64
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain.ethics.workflow import State
from ckanext.verbund.ethics.pages import batches, first_texts, private, refused, short

verbund_cases = Blueprint("verbund_cases", __name__)

_PER_PAGE = 50
_SIGNED = {"decide_open", "decide_restricted", "decide_not", "cosign"}
_STEPS = (
    "submit,pass,return,comment,cosign,decide,suspend,resume,revoke,review_again"  # of the URL
)
_FIELDS = (
    "action", "reason", "effect", "verdict", "legal_ground", "conditions", "way", "review_date",
    "valid_until", "register_title", "register_text", "password", "fingerprint", "grounds",
)  # fmt: skip


# -- Lists --------------------------------------------------------------------------------


@verbund_cases.route("/pruefungen")
def index() -> ResponseReturnValue:
    """List the cases of one's members."""
    if tk.current_user.is_anonymous:
        return refused()
    state = tk.request.args.get("state", "")
    wanted = {"state": state} if state in [one.value for one in State] else {}
    number = tk.h.get_page_number(tk.request.args)
    found = tk.get_action("verbund_case_list")(
        {}, {**wanted, "offset": (number - 1) * _PER_PAGE, "limit": _PER_PAGE}
    )
    undecided = tk.get_action("verbund_undecided_list")({}, {"limit": 1})["total"]
    pager = _pager("verbund_cases.index", number, found["cases"], found["total"], wanted)
    return private(
        tk.render(
            "verbund/ethics/cases.html",
            {"found": found, "pager": pager, "state": state, "undecided": undecided},
        )
    )


@verbund_cases.route("/pruefungen/unentschieden")
def undecided() -> ResponseReturnValue:
    """List datasets that nobody has decided on."""
    if tk.current_user.is_anonymous:
        return refused()
    number = tk.h.get_page_number(tk.request.args)
    found = tk.get_action("verbund_undecided_list")(
        {}, {"offset": (number - 1) * _PER_PAGE, "limit": _PER_PAGE}
    )
    pager = _pager("verbund_cases.undecided", number, found["datasets"], found["total"], {})
    return private(tk.render("verbund/ethics/undecided.html", {"found": found, "pager": pager}))


def _pager(
    name: str, number: int, shown: list[Any], total: int, wanted: dict[str, str]
) -> Page:
    return Page(
        collection=shown,
        page=number,
        url=lambda page, **_: tk.url_for(name, page=page, **wanted),
        item_count=total,
        items_per_page=_PER_PAGE,
        presliced_list=True,
    )


# -- Beginning ----------------------------------------------------------------------------


@verbund_cases.route("/dataset/<id>/pruefung", methods=["GET", "POST"])
def begin(id: str) -> ResponseReturnValue:
    """Begin the check of a dataset, or go on with the one that is open."""
    try:
        package = tk.get_action("package_show")({}, {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404) if not tk.current_user.is_anonymous else refused()
    if tk.request.method == "POST":
        try:
            case = tk.get_action("verbund_case_create")({}, {"package_id": package["id"]})
        except tk.NotAuthorized:
            return refused()
        except tk.ValidationError as error:
            tk.h.flash_error(next(iter(first_texts(error).values())))
            return tk.redirect_to("verbund_cases.begin", id=package["name"])
        # Whoever came for the long form gets it, even where the short way is open.
        to = None if "long" in tk.request.form else short.resume(case)
        return tk.redirect_to(
            to or tk.url_for("verbund_cases.questions", id=case["id"], group="A")
        )
    try:
        tk.check_access("verbund_case_create", {}, {"package_id": package["id"]})
        may_begin = True
    except tk.NotAuthorized:
        may_begin = False
    listed = tk.get_action("verbund_case_list")({}, {"package_id": package["id"], "limit": 500})
    cases = listed["cases"]
    if not may_begin and not cases:
        return refused()
    open_case = next((c for c in cases if c["state"] in _OPEN), None)
    way, go_on = None, None
    if may_begin and (open_case is None or open_case["state"] == State.DRAFT.value):
        way = tk.get_action("verbund_short_way_show")({}, {"package_id": package["id"]})
        case = open_case and tk.get_action("verbund_case_show")({}, {"id": open_case["id"]})
        go_on = short.resume(case) if case else None
    return private(
        tk.render(
            "verbund/ethics/begin.html",
            {
                "package": package,
                "may_begin": may_begin,
                "open_case": open_case,
                "way": way,
                "go_on": go_on,
                "cases": cases,
                "decision": tk.get_action("verbund_decision_show")(
                    {}, {"package_id": package["id"]}
                ),
            },
        )
    )


_OPEN = {State.DRAFT.value, State.REVIEW.value, State.COMMENTS.value, State.READY.value}


# -- Questions ----------------------------------------------------------------------------


@verbund_cases.route("/pruefung/<id>/fragen/<group>", methods=["GET", "POST"])
def questions(id: str, group: str) -> ResponseReturnValue:
    """Answer the questions of one group; everything is stored at each step."""
    detour = "kurz" in tk.request.args  # from the Kurzprüfung, and back to it
    try:
        case = tk.get_action("verbund_case_show")({}, {"id": id})
        told = tk.get_action("verbund_case_explain")({}, {"id": id})
        shown = next((one for one in told["groups"] if one["id"] == group), None)
        if shown is None or case["state"] != State.DRAFT.value:
            return tk.redirect_to("verbund_cases.show", id=id)
        problems: dict[str, str] = {}
        sent = tk.request.form if tk.request.method == "POST" else None
        if sent is not None:
            answers = _answers(shown, sent)
            if answers:
                tk.get_action("verbund_case_answer")({}, {"id": id, "answers": answers})
            if "later" in sent:
                tk.h.flash_success(tk._("Saved. You can go on at any time."))
                return tk.redirect_to("verbund_cases.show", id=id)
            # An answer may bring further questions about, in this group or a later one.
            told = tk.get_action("verbund_case_explain")({}, {"id": id})
            shown = next(one for one in told["groups"] if one["id"] == group)
            problems = _problems(shown, sent)
            if "back" in sent or not problems:
                way = -1 if "back" in sent else 1
                goes = short.after(id, group, way) if detour else ""
                return tk.redirect_to(goes or _neighbour(told, id, group, way))
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        problems = first_texts(error)
    page = tk.render(
        "verbund/ethics/questions.html",
        {
            "case": case,
            "told": told,
            "group": shown,
            "problems": problems,
            "sent": sent,
            "detour": detour,
        },
    )
    return private(page, 422 if problems else 200)


def _answers(group: dict[str, Any], sent: Any) -> dict[str, dict[str, Any]]:
    """Return the answers that differ from what is stored."""
    found = {}
    for question in group["questions"]:
        id, before = question["id"], question["answer"] or {}
        one = {
            "value": sent.get(id, ""),
            "reason": sent.get(f"{id}-reason", "").strip(),
            "measures": sent.getlist(f"{id}-measures"),
        }
        if one["value"] and any(one[name] != before.get(name) for name in one):
            found[id] = one
    return found


def _problems(group: dict[str, Any], sent: Any) -> dict[str, str]:
    found = {}
    for question in group["questions"]:
        id = question["id"]
        if not sent.get(id):
            found[id] = tk._("Please choose an answer to question {id}.").format(id=id)
        elif question["missing"] and sent[id] == "none":
            text = tk._("“Does not apply” fits question {id} only if no person is named.")
            found[id] = text.format(id=id)
        elif question["missing"]:
            text = tk._("Please give a reason of at least one sentence for question {id}.")
            found[f"{id}-reason"] = text.format(id=id)
    return found


def _neighbour(told: dict[str, Any], id: str, group: str, way: int) -> str:
    ids = [one["id"] for one in told["groups"]]
    place = ids.index(group) + way
    if 0 <= place < len(ids):
        return tk.url_for("verbund_cases.questions", id=id, group=ids[place])
    return tk.url_for("verbund_cases.show", id=id)


# -- The case -----------------------------------------------------------------------------


@verbund_cases.route("/pruefung/<id>")
def show(id: str) -> ResponseReturnValue:
    """Show a case to those who have a role in it."""
    return _case_page(id)


@verbund_cases.route(f"/pruefung/<id>/<any({_STEPS}):step>", methods=["POST"])
def act(id: str, step: str) -> ResponseReturnValue:
    """Do a step of a case."""
    sent = {name: tk.request.form[name] for name in _FIELDS if name in tk.request.form}
    action = sent.get("action", "") if step == "decide" else step
    if step == "decide" and not action:
        return _case_page(id, step, sent, {"action": tk._("Please choose a decision.")})
    name = "verbund_case_sign" if action in _SIGNED else "verbund_case_act"
    together = {"others": _others()} if "batch" in tk.request.form else {}
    try:
        done = tk.get_action("verbund_batch_act" if together else name)(
            {}, {**sent, **together, "id": id, "action": action}
        )
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        return _case_page(id, step, sent, first_texts(error))
    tk.h.flash_success(_done(action))
    batches.tell(done.get("dropped", ()) if together else ())
    if action == "review_again":
        return tk.redirect_to("verbund_cases.questions", id=id, group="A")
    return tk.redirect_to("verbund_cases.show", id=id)


def _others() -> dict[str, str]:
    """Return the fingerprints of the other cases of a batch that a step goes for."""
    sent = (one.partition(":") for one in tk.request.form.getlist("also"))
    return {id: mark for id, _, mark in sent}


def _done(action: str) -> str:
    return {
        "submit": tk._("The case is on its way. You see here how it goes on."),
        "pass": tk._("The case is passed on."),
        "return": tk._("The case is back with its author, with your reason."),
        "comment": tk._("Your comment is stored."),
        "cosign": tk._("You have co-signed."),
        "suspend": tk._("The publication is suspended. The data are not public for now."),
        "resume": tk._("The publication goes on."),
        "revoke": tk._("The data are withdrawn and not public any more."),
        "review_again": tk._("The check begins anew. Your answers are kept."),
    }.get(action, tk._("Decided and signed."))


def _case_page(
    id: str,
    step: str = "",
    sent: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> ResponseReturnValue:
    try:
        case = tk.get_action("verbund_case_show")({}, {"id": id})
        told = tk.get_action("verbund_case_explain")({}, {"id": id})
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    problems = {name: text for name, text in (problems or {}).items() if name != "code"}
    page = tk.render(
        "verbund/ethics/case.html",
        {
            "case": case,
            "told": told,
            "step": step,
            "sent": sent or {},
            "problems": problems,
            "short_way": short.resume(case),
            "check": tk.get_action("verbund_short_check_show")({}, {"id": id})
            if case["short"] and not case["decision"]
            else None,
        },
    )
    return private(page, 422 if problems else 200)


@verbund_cases.route("/pruefung/<id>/vermerk.pdf")
def note(id: str) -> ResponseReturnValue:
    """Download the Vermerk on a decision."""
    try:
        found = tk.get_action("verbund_case_note")({}, {"id": id})
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    response = make_response(base64.b64decode(found["pdf"]))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{found["name"]}"'
    response.headers["Cache-Control"] = "no-store"
    return response
