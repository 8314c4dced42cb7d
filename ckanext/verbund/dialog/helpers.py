# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_dialog``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.dialog import routes, words
from ckanext.verbund.domain.dialog.routing import Route


def verbund_question_route(package: dict[str, Any]) -> Route:
    """Return who answers questions about a dataset that a page shows."""
    return routes.of_dataset(package)


def verbund_questions_published(package_id: str) -> list[dict[str, Any]]:
    """Return the published questions and answers about a dataset."""
    return tk.get_action("verbund_question_published")({}, {"package_id": package_id})


def verbund_question_kinds() -> dict[str, str]:
    """Return the kinds of messages with their names."""
    return words.kinds()


def verbund_question_states(kind: str = "") -> dict[str, str]:
    """Return the states of messages of a kind with their names."""
    return words.states(kind)


def verbund_question_steps() -> dict[str, str]:
    """Return what staff may have done, in words."""
    return words.steps()


def verbund_open_wishes() -> dict[str, Any]:
    """Return the wishes that wait for the reader's members: ``total`` and ``questions``."""
    if not tk.h.check_access("verbund_question_list"):
        return {"total": 0, "questions": []}
    return tk.get_action("verbund_question_list")({}, {"kind": "wish", "limit": 1})
