# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of staff: what waits for them, and their datasets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, current_app, g
from flask.typing import ResponseReturnValue

verbund_tasks = Blueprint("verbund_tasks", __name__)


@verbund_tasks.before_app_request
def _no_forgery() -> None:
    """Demand the token of a form from everybody who is signed in by cookie, on every page.

    CKAN 2.12.0 asks visitors for none, and exempts a view for good, and for all people, as
    soon as one visitor or one API token reached it (``ckan_before_request`` in
    ``ckan/config/middleware/flask_app.py``).
    Whoever comes with a session is checked here again, without exemptions. Who has none has no
    rights that a foreign page could use; but it could let the browsers of its visitors ask
    questions here or log them in under another name, past the limit for one network.
    """
    if tk.current_user.is_anonymous:
        if tk.request.method == "POST" and _is_open() and _is_foreign():
            tk.abort(400, tk._("The form did not come from this portal."))
    elif not g.get("login_via_auth_header"):
        current_app.extensions["csrf"].protect()


def _is_foreign() -> bool:
    """Say whether the browser tells that a form stands on a page of somebody else.

    ``Sec-Fetch-Site`` says it best, but only over HTTPS. ``Origin`` is ``null`` for pages that
    keep their address to themselves, as that of our questions: nothing follows from it.
    """
    site = tk.request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "none"}
    origin = tk.request.headers.get("Origin", "null")
    ours = {tk.request.host, urlsplit(tk.config["ckan.site_url"]).netloc}
    return origin != "null" and urlsplit(origin).netloc not in ours


def _is_open() -> bool:
    """Say whether a form is one that visitors may send.

    The API is for pages of others as well, and a plugin for signing in elsewhere may await a
    form of the place where people sign in.
    """
    blueprint = tk.request.blueprint or ""
    return blueprint == "user" or blueprint.startswith("verbund_")


@verbund_tasks.before_request
def _known() -> ResponseReturnValue | None:
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
    return None


@verbund_tasks.route("/meine-aufgaben")
def mine() -> ResponseReturnValue:
    """Show what waits for somebody; people land here after they log in."""
    found = tk.get_action("verbund_task_list")({}, {})
    datasets = tk.get_action("verbund_my_dataset_list")({}, {"limit": 1})
    return tk.render("verbund/tasks/mine.html", {"found": found, "datasets": datasets})


@verbund_tasks.route("/meine-datensaetze")
def datasets() -> ResponseReturnValue:
    """Show the datasets of somebody's organisations."""
    asked = tk.request.args
    page = tk.h.get_page_number(asked)
    wanted = {name: asked.get(name, "") for name in ("show", "q", "organization_id", "sort")}
    found = tk.get_action("verbund_my_dataset_list")({}, {**wanted, "page": page})

    def address(page: int, **_: Any) -> str:
        chosen = {name: value for name, value in wanted.items() if value}
        return tk.url_for("verbund_tasks.datasets", page=page, **chosen)

    pager = Page(
        collection=found["datasets"],
        page=page,
        url=address,
        item_count=found["total"],
        items_per_page=found["limit"],
        presliced_list=True,
    )
    return tk.render(
        "verbund/tasks/datasets.html", {"found": found, "pager": pager, "asked": wanted}
    )


@verbund_tasks.route("/dashboard/", strict_slashes=False)
def dashboard() -> ResponseReturnValue:
    """Lead to the tasks; CKAN's page of news keeps its address with a question mark."""
    news = current_app.view_functions.get("activity.dashboard")
    if news is not None and tk.request.args:
        return news()
    return tk.redirect_to("verbund_tasks.mine")


@verbund_tasks.route("/dashboard/neuigkeiten")
def news() -> ResponseReturnValue:
    """Show CKAN's news of what somebody follows."""
    shown = current_app.view_functions.get("activity.dashboard")
    return shown() if shown else tk.abort(404)
