# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What neighbours ask for, the door before datasets, and the buttons that end a publication."""

from __future__ import annotations

import hashlib

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, jsonify, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.ethics import doors, keys
from ckanext.verbund.ethics.pages import first_texts, refused

verbund_withdrawals = Blueprint("verbund_withdrawals", __name__)

_SECONDS = 60  # neighbours ask every five minutes; what lies between serves the list no longer
_PER_PAGE = 500

verbund_withdrawals.before_app_request(doors.page)
verbund_withdrawals.before_app_request(doors.action)


@verbund_withdrawals.route("/verbund/ruecknahmen")
def listed() -> ResponseReturnValue:
    """Return the signed list; ``since`` is the number of the last entry that one has."""
    since = tk.request.args.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        return _plain(tk._("Please give the number of an entry as “since”."), 400)
    wanted = {"since": int(since), "limit": _PER_PAGE}
    try:
        found = tk.get_action("verbund_withdrawal_list")({}, wanted)
    except tk.ValidationError as error:
        return _plain(next(iter(first_texts(error).values())), 503)
    value = found["list"]
    end = value["entries"][-1]["sequence"] if value["entries"] else value["since"]
    response = jsonify(found)
    if end < value["last"]:
        address = tk.url_for("verbund_withdrawals.listed", since=end, _external=True)
        response.headers["Link"] = f'<{address}>; rel="next"'
    # Weak: the time of issue differs, what is to be obeyed does not.
    mark = f"{value['since']}-{value['last']}-{found['signature']['key']}"
    response.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response.make_conditional(tk.request)


@verbund_withdrawals.route("/.well-known/verbund-schluessel.json")
def public_keys() -> ResponseReturnValue:
    """Return the public keys of this portal, also those that sign later or signed before."""
    try:
        found = keys.public()
    except keys.KeyFileError:
        return _plain(tk._("This portal has no key to sign its list of withdrawals."), 404)
    response = jsonify(found)
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response


@verbund_withdrawals.route("/register/protokoll")
def anchors() -> ResponseReturnValue:
    """Show the ends of the chains, which prove later that nobody changed them."""
    number = tk.h.get_page_number(tk.request.args)
    found = tk.get_action("verbund_anchor_list")({}, {"offset": (number - 1) * 50})
    pager = Page(
        collection=found["anchors"],
        page=number,
        url=lambda page, **_: tk.url_for("verbund_withdrawals.anchors", page=page),
        item_count=found["total"],
        items_per_page=50,
        presliced_list=True,
    )
    return tk.render("verbund/ethics/anchors.html", {"found": found, "pager": pager})


@verbund_withdrawals.route("/register/protokoll.json")
def anchors_as_json() -> ResponseReturnValue:
    """Return the ends of the chains for programs; ``offset`` leads to earlier ones."""
    offset = tk.request.args.get("offset", "0")
    begin = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 10 else 0
    return jsonify(tk.get_action("verbund_anchor_list")({}, {"offset": begin, "limit": 1000}))


@verbund_withdrawals.route("/pruefung/<id>/<any(ende, weiter):what>", methods=["POST"])
def end(id: str, what: str) -> ResponseReturnValue:
    """Announce the end of a publication, or let it go on."""
    name = {"ende": "verbund_ending_announce", "weiter": "verbund_ending_cancel"}[what]
    form = tk.request.form
    sent = {key: form[key] for key in ("reason", "last_day") if form.get(key)}
    try:
        found = tk.get_action(name)({}, {"id": id} | (sent if what == "ende" else {}))
    except tk.NotAuthorized:
        return refused()
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(next(iter(first_texts(error).values())))
    else:
        tk.h.flash_success(
            tk._("The end is announced. The data stay public until {day}.").format(
                day=tk.h.verbund_day(found["last_day"])
            )
            if found["last_day"]
            else tk._("The publication goes on.")
        )
    return tk.redirect_to("verbund_cases.show", id=id)


def _plain(text: str, status: int) -> Response:
    response = make_response(f"{text}\n", status)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "3600"
    return response
