# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the Kurzprüfung: one screen per group, one to end with, and the list of Leitung."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain.ethics.catalogue import NO, UNCLEAR, YES
from ckanext.verbund.domain.ethics.workflow import State
from ckanext.verbund.ethics.pages import first_texts, private, refused

verbund_short = Blueprint("verbund_short", __name__)

LAST = "abschluss"  # of the URL
_LONG = "kurz"  # marks the long form of a group as a detour of the short way


def resume(case: dict[str, Any]) -> str | None:
    """Return where somebody goes on with the short way, or None if it is not open.

    Args:
        case: As ``verbund_case_show`` returns it.
    """
    if case["state"] != State.DRAFT.value or "answer" not in case["possible"]:
        return None
    long = any(not one["short"] for one in case["answers"].values())
    if long and not case["short_groups"]:
        return None  # somebody chose the long form
    check = tk.get_action("verbund_short_check_show")({}, {"id": case["id"]})
    if not check["eligible"]:
        return None
    return _url(case["id"], next(iter(check["pending"]), LAST))


def after(case_id: str, group: str, way: int) -> str:
    """Return the screen before (-1) or after (1) the long form of a group.

    Before it is the screen of the group itself.
    """
    check = tk.get_action("verbund_short_check_show")({}, {"id": case_id})
    screens = [*(one["id"] for one in check["groups"]), LAST]
    place = screens.index(group) if group in screens else len(screens) - 1
    return _url(case_id, screens[min(place + max(way, 0), len(screens) - 1)])


def long_form(case_id: str, group: str) -> str:
    """Return the long form of a group as a detour of the short way."""
    return tk.url_for("verbund_cases.questions", id=case_id, group=group, **{_LONG: 1})


def _url(case_id: str, screen: str) -> str:
    return tk.url_for("verbund_short.screen", id=case_id, screen=screen)


# -- Screens ------------------------------------------------------------------------------


@verbund_short.route("/pruefung/<id>/kurz/<screen>", methods=["GET", "POST"])
def screen(id: str, screen: str) -> ResponseReturnValue:
    """Ask whether anything of a group holds; at the end confirm, say why, and send."""
    try:
        case = tk.get_action("verbund_case_show")({}, {"id": id})
        if case["state"] != State.DRAFT.value or "answer" not in case["possible"]:
            return tk.redirect_to("verbund_cases.show", id=id)
        return _last(case) if screen == LAST else _group(case, screen)
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)


def _group(case: dict[str, Any], group: str) -> ResponseReturnValue:
    problems = {}
    if tk.request.method == "POST":
        said = tk.request.form.get("answer", "")
        if said in {YES, NO, UNCLEAR}:
            _store(case["id"], {"groups": {group: said}})
            to = after(case["id"], group, 1) if said == NO else long_form(case["id"], group)
            return tk.redirect_to(to)
        problems = {"answer": tk._("Please choose one of the three answers.")}
    check, told = _state(case["id"])
    shown = next((one for one in check["groups"] if one["id"] == group), None)
    if shown is None:
        return tk.abort(404)
    page = {"group": shown, "before": _before(case["id"], check, group), "problems": problems}
    return _page("verbund/ethics/short_group.html", case, check, told, **page)


def _last(case: dict[str, Any]) -> ResponseReturnValue:
    problems: dict[str, str] = {}
    sent = tk.request.form if tk.request.method == "POST" else None
    if sent is not None:
        ticks, reason = sent.getlist("ticks"), sent.get("reason", "")
        closed = _store(case["id"], {"ticks": ticks, "reason": reason})
        if "later" in sent:
            tk.h.flash_success(tk._("Saved. You can go on at any time."))
            return tk.redirect_to("verbund_cases.show", id=case["id"])
        check, told = _state(case["id"])
        problems = {} if closed else _problems(check, told)
        if not closed and not problems and not (problems := _submit(case)):
            tk.h.flash_success(tk._("The case is on its way. You see here how it goes on."))
            return tk.redirect_to("verbund_cases.show", id=case["id"])
    check, told = _state(case["id"])
    rest = {group["id"]: group["open"] for group in told["groups"]}
    page = {"rest": rest, "before": _before(case["id"], check, LAST), "problems": problems}
    return _page("verbund/ethics/short_last.html", case, check, told, **page)


def _submit(case: dict[str, Any]) -> dict[str, str]:
    wish = {"id": case["id"], "action": "submit", "fingerprint": case["fingerprint"]}
    try:
        tk.get_action("verbund_case_act")({}, wish)
    except tk.ValidationError as error:
        return {name: text for name, text in first_texts(error).items() if name != "code"}
    return {}


def _store(case_id: str, short: dict[str, Any]) -> bool:
    """Store what was entered; return whether the short way is closed meanwhile.

    It is stored nevertheless, and the page says why it is closed.
    """
    try:
        tk.get_action("verbund_case_answer")({}, {"id": case_id, "short": short})
    except tk.ValidationError as error:
        if "short" not in error.error_dict:
            raise
        return True
    return False


def _problems(check: dict[str, Any], told: dict[str, Any]) -> dict[str, str]:
    """Return what is missing before the case can be sent, by the field that it stands at."""
    found = {}
    for group in check["groups"]:
        if group["id"] in check["pending"]:
            text = tk._("Please answer the page “{group}”.")
            found[f"group-{group['id']}"] = text.format(group=group["title"])
    for group in told["groups"]:
        if group["id"] in check["opened"] and group["open"] and group["id"] != "G":
            text = tk._("Please answer the questions of “{group}” one by one.")
            found[f"group-{group['id']}"] = text.format(group=group["title"])
    answered = {
        question["id"]
        for group in told["groups"]
        for question in group["questions"]
        if not question["missing"]
    }
    for tick in check["ticks"]:
        if not tick["ticked"] and tick["id"] not in answered:
            text = tk._("Please confirm: “{text}” Or answer it in the full check.")
            found[f"tick-{tick['id']}"] = text.format(text=tick["text"])
    if check["needs_reason"]:
        found["reason"] = tk._("Please say in one sentence why the data may be public.")
    return found


def _state(case_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    check = tk.get_action("verbund_short_check_show")({}, {"id": case_id})
    return check, tk.get_action("verbund_case_explain")({}, {"id": case_id})


def _before(case_id: str, check: dict[str, Any], screen: str) -> str:
    """Return the address of the screen before, empty on the first."""
    screens = [*(one["id"] for one in check["groups"]), LAST]
    place = screens.index(screen)
    return _url(case_id, screens[place - 1]) if place else ""


def _page(
    template: str,
    case: dict[str, Any],
    check: dict[str, Any],
    told: dict[str, Any],
    **more: Any,
) -> ResponseReturnValue:
    values = {"case": case, "check": check, "told": told, "last": LAST, **more}
    if not check["eligible"]:
        return private(tk.render("verbund/ethics/short_closed.html", values))
    return private(tk.render(template, values), 422 if more["problems"] else 200)


# -- The list of Leitung ------------------------------------------------------------------


@verbund_short.route("/organization/<id>/kurzpruefung", methods=["GET", "POST"])
def kinds(id: str) -> ResponseReturnValue:
    """Show for which kinds of data a member allows the Kurzprüfung; let Leitung adopt them."""
    problems: dict[str, str] = {}
    try:
        member = tk.get_action("organization_show")(
            {}, {"id": id, "include_users": False, "include_datasets": False}
        )
        about = {"organization_id": member["id"]}
        found = tk.get_action("verbund_short_list_show")({}, about)
        ticked = set(found["adopted"])
        if tk.request.method == "POST":
            ticked = set(tk.request.form.getlist("types"))
            if "propose" in tk.request.form:
                ticked |= set(found["proposed"])
            else:
                try:
                    tk.get_action("verbund_short_list_set")(
                        {}, {**about, "types": sorted(ticked)}
                    )
                except tk.ValidationError as error:
                    problems = first_texts(error)
                else:
                    tk.h.flash_success(tk._("The list is adopted."))
                    return tk.redirect_to("verbund_short.kinds", id=member["name"])
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    page = tk.render(
        "verbund/ethics/short_kinds.html",
        {"member": member, "found": found, "ticked": ticked, "problems": problems},
    )
    return private(page, 422 if problems else 200)
