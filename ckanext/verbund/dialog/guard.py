# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps robots out with what this portal has: a signed stamp, and counters in Redis.

Addresses of visitors are never stored. What is counted is a keyed hash of the network, with
a key that Redis makes up and forgets within a day; after that no hash can be traced back.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from itsdangerous import BadSignature, URLSafeTimedSerializer
from redis import RedisError

from ckanext.verbund.dialog import config
from ckanext.verbund.domain.dialog import spam

log = logging.getLogger(__name__)

_HOUR = 3600
_KEY_LIVES = 24 * _HOUR


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
    """Count a message of this request; return the minutes to wait when there were too many.

    Redis being away lets people through: losing a question is worse than some spam.
    """
    request = tk.request
    network = spam.client(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))
    try:
        redis = connect_to_redis()
        key = f"{_prefix()}:{_hash(redis, network)}"
        count = redis.incr(key)
        if count == 1:
            redis.expire(key, _HOUR)
        if count <= config.per_hour():
            return 0
        return max(1, -(-redis.ttl(key) // 60))
    except RedisError:
        log.exception("Messages could not be counted")
        return 0


def _hash(redis: object, network: str) -> str:
    key = f"{_prefix()}-key"
    redis.set(key, secrets.token_hex(16), nx=True, ex=_KEY_LIVES)  # type: ignore[attr-defined]
    secret = redis.get(key) or b""  # type: ignore[attr-defined]
    return hmac.new(bytes(secret), network.encode(), hashlib.sha256).hexdigest()[:32]


def _prefix() -> str:
    return f"verbund:{tk.config['ckan.site_id']}:dialog"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="verbund-dialog")
