# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One door before every address of a dataset, its files and its tables.

Whoever may not read a dataset gets the same answer as for one that does not exist, after the
same work: CKAN says 404 here, 403 there, and lets one follow what one cannot see. What was
public once answers 410 or 503; that it was there is known. Pages, RDF, files and the API pass
the same door, for reading and for writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.views.api import _get_request_data
from flask import Response, jsonify, make_response

from ckanext.verbund.domain.ethics.ending import GONE, Ended
from ckanext.verbund.ethics import papers, withdrawals
from ckanext.verbund.ethics.model import EXEMPT

#: Seconds after which a suspended address is worth another look: people decide by the day.
RETRY_AFTER = 86400

#: Forms ask who somebody is before they look for the dataset, and keep what was typed: whoever
#: was signed out in the middle must get there.
_ASK_FIRST = {"verbund_forms", "verbund_files"}

# Addresses with a dataset, a file or a view in them, and the parts that name it. What follows
# "changes" is an activity.
_RULES = re.compile(
    r"/(?:dataset|dataset_series|data_service|datastore|datatables)/(?!changes)(?:.*<)"
)
_PARTS = ("id", "_id", "package_id", "resource_id", "resource_view_id", "view_id")
_FORMS = ("form", "_format")  # of RDF and of citations, in the address

# Actions about one dataset, by their names; the others are asked only for what is surely one.
_ACTIONS = re.compile(r"(?:package|resource|dataset|datastore)_|.*_dataset(?:_|$)")
_NEW = {"package_create", "resource_create", "resource_view_create"}
_SURELY = ("package_id", "dataset_id", "resource_id")
_IDS = ("id", "name_or_id")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|_table_metadata", re.I)


def page() -> Response | None:
    """Answer in place of a page or a file that the reader may not know; for each request."""
    rule = tk.request.url_rule
    if rule is None or not _RULES.match(rule.rule):
        return None
    sends = tk.request.method == "POST" and tk.current_user.is_anonymous
    if sends and tk.request.blueprint in _ASK_FIRST:
        return None
    sent = tk.request.view_args or {}
    for part in _PARTS:
        if sent.get(part):
            state = _state(str(sent[part]), tk.current_user)
            if state is not None:
                return _closed(*state)
    return None


def action() -> Response | None:
    """Answer in place of an action about a dataset that the caller may not know."""
    if tk.request.endpoint != "api.action":
        return None
    name = str((tk.request.view_args or {}).get("logic_function"))
    try:
        # As CKAN reads it: a way of sending that only one of both knew would be a way around.
        reads = getattr(tk.get_action(name), "side_effect_free", False)
        sent = _get_request_data(try_url_params=reads)
    except (KeyError, ValueError):
        return None  # no such action, or nothing that it could read: CKAN says so
    user = None if "callback" in sent else tk.current_user
    for reference in _references(name, sent):
        state = _state(reference, user)
        if state is not None:
            return _refused(name, state[0])
    return None


def _references(name: str, sent: dict[str, Any]) -> Iterator[str]:
    """Yield the datasets, files and views that a call names."""
    about = bool(_ACTIONS.match(name)) and name not in _NEW
    parts = [sent.get(part) for part in (*_SURELY, *(_IDS if about else ()))]
    for nested in ("resource", "match"):
        if about and isinstance(sent.get(nested), dict):
            parts += [sent[nested].get(part) for part in ("package_id", "id", "name")]
    if name == "package_update" and not sent.get("id"):
        parts.append(sent.get("name"))
    if str(sent.get("object_type")) == "package":
        parts.append(sent.get("object"))
    for part in parts:
        # A table may have another name, which only the datastore knows.
        if part and (not name.startswith("datastore_") or _ID.fullmatch(str(part))):
            yield str(part)


def _state(reference: str, user: Any) -> tuple[Ended | None, str] | None:
    """Return how something is closed to somebody and by which decision; None: it is open."""
    found = withdrawals.find(reference)
    if found["open"] or found["type"] in EXEMPT:
        return None
    package = model.Package.get(found["id"]) if found["id"] else None
    # Without a package the same is asked of one that is made up: the answer takes as long.
    asked = package or model.Package(id=reference, private=True, owner_org="-")
    if _may_know(asked, user) and package:
        return None
    kind = Ended(found["kind"]) if found["kind"] else None
    known = kind in GONE or kind is Ended.SUSPENDED
    return (kind, found["decision_id"]) if known else (None, "")


def _may_know(package: model.Package, user: Any) -> bool:
    """Return whether somebody reads a package, or judges the cases of its member."""
    labels = get_permission_labels()
    own = set(labels.get_user_dataset_labels(user))
    wanted = {*labels.get_dataset_labels(package), f"verbund-case-{package.owner_org}"}
    return bool(own & wanted) or bool(user and not user.is_anonymous and user.sysadmin)


# -- Answers ------------------------------------------------------------------------------


def texts(kind: Ended | None) -> tuple[int, str, str]:
    """Return status, title and text of the answer at a closed door.

    Args:
        kind: How it was closed; None: nobody may know that there is a door.
    """
    if kind is Ended.SUSPENDED:
        text = tk._("They are being checked. Please try again in a few days.")
        return 503, tk._("These data are not available at the moment"), text
    if kind in GONE:
        text = tk._("The office that published them has withdrawn them.")
        return 410, tk._("These data are not public any more"), text
    return 404, "", tk._("Dataset not found or you have no permission to view it")


def _closed(kind: Ended | None, decision_id: str) -> Response:
    status, title, text = texts(kind)
    plain = any(name in (tk.request.view_args or {}) for name in _FORMS)
    accepted = tk.request.accept_mimetypes
    if plain or (accepted and not accepted.accept_html):
        answer = make_response(f"{title}\n{text}\n".lstrip(), status)
        answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    elif kind is None:
        anonymous = tk.current_user.is_anonymous
        given = {"code": status, "content": text, "name": "Not Found"}
        answer = make_response(
            tk.render(
                "error_document_template.html",
                given | {"show_login_redirect_link": anonymous},
            ),
            status,
        )
    else:
        given = {"title": title, "text": text, "entry": _entry(kind, decision_id)}
        answer = make_response(tk.render("verbund/ethics/ended.html", given), status)
    return _sealed(answer, kind)


def _entry(kind: Ended, decision_id: str) -> str:
    """Return the ID of the entry in the register that may be named here.

    At a protective withdrawal none is: if only some of them named theirs, the others would be
    known as those with a sealed reason.
    """
    if kind is Ended.PROTECTIVE or not decision_id:
        return ""
    return next((one.id for one in papers.entries(decision_id=decision_id)), "")


def _refused(name: str, kind: Ended | None) -> Response:
    status, title, text = texts(kind)
    kinds = {404: "Not Found Error", 410: "Gone Error", 503: "Unavailable Error"}
    message = f"{title}. {text}" if title else tk._("Not found")
    answer = jsonify(
        {
            "help": tk.url_for(
                "api.action", logic_function="help_show", ver=3, name=name, _external=True
            ),
            "error": {"__type": kinds[status], "message": message},
            "success": False,
        }
    )
    answer.status_code = status
    return _sealed(answer, kind)


def _sealed(answer: Response, kind: Ended | None) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    if kind is Ended.SUSPENDED:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer
