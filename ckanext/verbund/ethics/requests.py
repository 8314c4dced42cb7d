# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps in the chain what became of requests for restricted data: that, never who or why.

The requests themselves are messages of ``verbund_dialog``; this listens to its actions.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ckanext.verbund.ethics import audit
from ckanext.verbund.ethics.logic.decisions import decision_of

_REQUEST = "request"


def subscriptions() -> types.SignalMapping:
    """Return what the plugin listens to: requests and what staff answered."""
    receivers = {
        "verbund_question_create": received,
        "verbund_question_answer": answered,
        "verbund_question_close": answered,
    }
    return {
        tk.signals.action_succeeded: [
            {"sender": name, "receiver": receiver} for name, receiver in receivers.items()
        ]
    }


def received(sender: str, **signal: Any) -> None:
    """Record that somebody asked for restricted data."""
    data = signal["data_dict"]
    if data.get("kind") == _REQUEST and signal["result"].get("token"):
        _record("request", data.get("package_id"), signal["context"].get("user") or "")


def answered(sender: str, **signal: Any) -> None:
    """Record that staff granted or declined access."""
    context = {"ignore_auth": True, "user": signal["context"]["user"]}
    id = {"id": signal["data_dict"]["id"]}
    question = tk.get_action("verbund_question_show")(context, id)
    if question["kind"] != _REQUEST or question["package"] is None:
        return
    said = [one["step"] for one in question["history"]]
    if sender.endswith("_close") and "answer" in said:
        return  # granted before; this only puts it away
    action = "request_grant" if sender.endswith("_answer") else "request_decline"
    _record(action, question["package"]["name"], context["user"])


def _record(action: str, package: str | None, user_name: str) -> None:
    found = model.Package.get(package)
    decided = decision_of(found.id) if found else None
    if found is None or decided is None:
        return
    user = model.User.get(user_name) if user_name else None
    audit.write(
        found.owner_org,
        action,
        user.id if user and action != "request" else "public",
        {"name": user.display_name} if user and action != "request" else {},
        package_id=found.id,
        decision_id=decided["id"],
    )
    model.Session.commit()
