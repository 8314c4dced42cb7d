# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work that comes back every so often, without cron.

CKAN's scheduler only releases one-off jobs, so each run enqueues the next one before it
works, and ``ckan verbund worker`` begins all of them anew. Nothing is lost when a worker is
killed, and nothing runs twice as often when several start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import ckan.plugins.toolkit as tk

log = logging.getLogger(__name__)

_PREFIX = "verbund-schedule-"
_tasks: dict[str, tuple[int, Callable[[], None]]] = {}


def every(name: str, seconds: int, function: Callable[[], None]) -> None:
    """Register a task; a plugin calls this in ``configure``.

    Args:
        name: Unique name, such as ``harvest``.
        seconds: Pause between two runs.
        function: What to do. It must end within the pause or five minutes, the longer counts.
    """
    _tasks[name] = (seconds, function)


def begin() -> list[str]:
    """Let every task run as soon as a worker is free, in place of all planned runs.

    Returns:
        The names of the tasks.
    """
    for name in _tasks:
        _plan(name, 0)
    return list(_tasks)


def run(name: str) -> None:
    """Do a task once and plan its next run (called by the job worker).

    Args:
        name: Name of the task; one that is no longer registered ends here.
    """
    if name not in _tasks:
        log.info("Task %s is gone with its plugin", name)
        return
    seconds, function = _tasks[name]
    _plan(name, seconds)
    function()


def _plan(name: str, seconds: int) -> None:
    # The plan is replaced, not added to: a worker started twice does not double the pace.
    queue = tk.get_job_queue()
    for job_id in queue.scheduled_job_registry.get_job_ids():
        if job_id.startswith(f"{_PREFIX}{name}-"):
            queue.scheduled_job_registry.remove(job_id, delete_job=True)
    timeout = max(300, _tasks[name][0])
    queue.enqueue_in(
        timedelta(seconds=seconds),
        run,
        name,
        job_id=f"{_PREFIX}{name}-{uuid4()}",
        job_timeout=timeout,
        result_ttl=0,
        failure_ttl=86400,
    )
