# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ckanext-harvest changes by a mere link is changed by a form.

Its pages delete, empty, start and stop by GET (``ckanext/harvest/views.py``), so a link on
another site, or a browser that looks ahead, could empty a source.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

verbund_harvest = Blueprint("verbund_harvest", __name__)
_CHANGES = frozenset(f"harvester.{n}" for n in ("clear", "delete", "job_abort", "refresh"))


@verbund_harvest.before_app_request
def _no_change_by_link() -> ResponseReturnValue | None:
    if tk.request.endpoint not in _CHANGES or tk.request.method == "POST":
        return None
    tk.h.flash_error(tk._("Nothing was changed. Please use the button on this page."))
    found = tk.request.view_args or {}
    return tk.redirect_to("harvester.admin", id=found.get("source") or found["id"])


# The two that ckanext-harvest offers by GET alone.
@verbund_harvest.route("/harvest/delete/<id>", methods=["POST"])
def delete(id: str) -> ResponseReturnValue:
    """Delete a source; its datasets stay."""
    return current_app.view_functions["harvester.delete"](id=id)


@verbund_harvest.route("/harvest/<source>/job/<id>/abort", methods=["POST"])
def job_abort(source: str, id: str) -> ResponseReturnValue:
    """Stop a run."""
    return current_app.view_functions["harvester.job_abort"](source=source, id=id)
