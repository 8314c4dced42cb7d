# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A consumer outlives an idle queue, with the timeouts that redis-py 8 sets by itself."""

import json
import threading
import time

import ckan.plugins.toolkit as tk
import pytest
import redis
from ckanext.harvest import queue

KEY = "verbund-test:harvest_job_id"
pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def connection():
    connection = redis.Redis.from_url(
        tk.config["ckan.redis.url"], decode_responses=True, socket_timeout=0.3
    )
    connection.delete(KEY)
    yield connection
    connection.delete(KEY)


def test_a_message_after_a_long_pause_still_arrives(connection):
    body = json.dumps({"harvest_job_id": "1"})

    def send_late():
        time.sleep(1)  # more than three socket timeouts
        connection.rpush(KEY, body)

    threading.Thread(target=send_late, daemon=True).start()
    consumer = queue.RedisConsumer(connection, KEY)
    method, channel, received = next(consumer.consume(queue="gather"))
    assert received == body
    assert connection.get(consumer.persistance_key(body))
    channel.basic_ack(method.delivery_tag)
    assert connection.get(consumer.persistance_key(body)) is None
