# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps robots out with what this portal has: a signed stamp, and counters in Redis."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ckanext.verbund.base import throttle
from ckanext.verbund.dialog import config


@dataclass(frozen=True)
class Stamp:
    """What a form carries: which message it becomes, and its age in seconds."""

    id: str
    age: float | None


def target(route: dict[str, Any]) -> str:
    """Return what a form is about, from what ``verbund_question_route`` says."""
    return route["package_id"] or route["organization_id"] or ""


def new_stamp(about: str) -> str:
    """Return the stamp of a fresh form.

    Args:
        about: What the form is about (`target`); it counts for nothing else.
    """
    return _signer().dumps([str(uuid.uuid4()), about])


def read_stamp(stamp: str, about: str) -> Stamp:
    """Return what a stamp says; without an age when it is forged or of another form."""
    try:
        (id_, made_for), made = _signer().loads(stamp, return_timestamp=True)
    except (BadSignature, ValueError, TypeError):
        return Stamp("", None)
    if made_for != about:
        return Stamp("", None)
    return Stamp(id_, max(0.0, time.time() - made.timestamp()))


def minutes_to_wait() -> int:
    """Count a message of this request; return the minutes to wait when there were too many."""
    return throttle.minutes_to_wait("dialog", config.per_hour())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="verbund-dialog")
