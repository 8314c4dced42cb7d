# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often one connection may use what costs much, counted in Redis.

Addresses of visitors are never stored. What is counted is a keyed hash of the network, with
a key that Redis makes up and forgets within a day; after that no hash can be traced back.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis import RedisError

from ckanext.verbund.domain.dialog import spam

__all__ = ["forgive", "minutes_to_wait", "tries"]

log = logging.getLogger(__name__)

_HOUR = 3600
_KEY_LIVES = 24 * _HOUR


def minutes_to_wait(name: str, per_hour: int) -> int:
    """Count this request; return the minutes to wait when there were too many.

    Redis being away lets people through: losing a question is worse than some spam.

    Args:
        name: What is counted.
        per_hour: How many requests one connection may make in an hour.
    """
    request = tk.request
    network = spam.client(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))
    try:
        return _count(name, network, per_hour)
    except RedisError:
        log.exception("Requests could not be counted")
        return 0


def tries(name: str, who: str, per_hour: int) -> int:
    """Count a try of an account; return the minutes to wait when there were too many.

    Unlike visitors, who are let through, nobody gets by while Redis is away: what is counted
    here guards something.

    Args:
        name: What is tried.
        who: The account.
        per_hour: How many tries an account has in an hour, unless it is forgiven.
    """
    try:
        return _count(name, who, per_hour)
    except RedisError:
        log.exception("Tries could not be counted")
        return 1


def forgive(name: str, who: str) -> None:
    """Forget the tries of an account that succeeded."""
    try:
        redis = connect_to_redis()
        redis.delete(_key(redis, name, who))
    except RedisError:
        log.exception("Tries could not be forgotten")


def _count(name: str, who: str, per_hour: int) -> int:
    redis = connect_to_redis()
    key = _key(redis, name, who)
    count = redis.incr(key)
    if count == 1 or redis.ttl(key) < 0:
        redis.expire(key, _HOUR)
    return 0 if count <= per_hour else max(1, -(-redis.ttl(key) // 60))


def _key(redis: object, name: str, who: str) -> str:
    prefix = f"verbund:{tk.config['ckan.site_id']}:{name}"
    secret_at = f"{prefix}-key"
    redis.set(secret_at, secrets.token_hex(16), nx=True, ex=_KEY_LIVES)  # type: ignore[attr-defined]
    secret = redis.get(secret_at) or b""  # type: ignore[attr-defined]
    mark = hmac.new(bytes(secret), who.encode(), hashlib.sha256).hexdigest()[:32]
    return f"{prefix}:{mark}"
