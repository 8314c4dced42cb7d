# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages: they show what actions answer, and call actions with what was sent."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, make_response
from flask.typing import ResponseReturnValue


def private(page: str, status: int = 200) -> Response:
    """Keep a page of staff out of caches and search engines.

    Args:
        page: Its HTML.
        status: Status of the answer.
    """
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def refused() -> ResponseReturnValue:
    """Send visitors to the login, and tell accounts that the page is not theirs."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.request.full_path)
    return tk.abort(403, tk._("You have no role for this member."))


def first_texts(error: tk.ValidationError) -> dict[str, str]:
    """Return the first text of each field."""
    found: dict[str, Any] = error.error_dict
    return {name: str(t[0] if isinstance(t, list) else t) for name, t in found.items()}
