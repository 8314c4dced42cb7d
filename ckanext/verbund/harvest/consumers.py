# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Repair of ckanext-harvest's queue consumers for the Redis client that CKAN 2.12 pins."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from ckanext.harvest import queue as stock
from redis.exceptions import TimeoutError as RedisTimeoutError

log = logging.getLogger(__name__)

# Shorter than redis-py's own socket timeout, so that an idle wait ends in good order.
WAIT = 2


def repair() -> None:
    """Let idle consumers wait on.

    Stock waits for a message without end (``blpop`` without timeout). redis-py 8, which
    CKAN 2.12 pins, gives every socket a timeout, so an idle consumer dies within seconds,
    and a supervisor starts CKAN again and again.
    """
    stock.RedisConsumer.consume = _consume


def _consume(
    consumer: stock.RedisConsumer,
    queue: str,
) -> Iterator[tuple[stock.FakeMethod, stock.RedisConsumer, str]]:
    while True:
        try:
            message = consumer.redis.blpop([consumer.routing_key], timeout=WAIT)
        except RedisTimeoutError:
            continue
        if message is None:
            continue
        body = message[1]
        now = str(datetime.now())  # noqa: DTZ005 - the form that stock's resubmit_jobs reads
        consumer.redis.set(consumer.persistance_key(body), now)
        yield stock.FakeMethod(body), consumer, body
