# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tasks come back without cron, once each, however many workers start."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.verbund.base import schedule

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_queues")


@pytest.fixture
def planned():
    def names():
        ids = tk.get_job_queue().scheduled_job_registry.get_job_ids()
        return sorted("-".join(i.split("-")[2:-5]) for i in ids if "verbund-schedule" in i)

    registry = tk.get_job_queue().scheduled_job_registry
    for job_id in registry.get_job_ids():
        registry.remove(job_id, delete_job=True)
    return names


def test_each_task_is_planned_once_however_often_workers_start(planned):
    names = schedule.begin()
    assert "harvest" in names
    schedule.begin()
    assert planned() == sorted(names)


def test_a_run_plans_the_next_before_it_works(planned):
    def broken():
        assert planned() == ["kaputt"]
        raise RuntimeError

    schedule.every("kaputt", 60, broken)
    try:
        with pytest.raises(RuntimeError):
            schedule.run("kaputt")
        assert planned() == ["kaputt"]
    finally:
        schedule._tasks.pop("kaputt")


def test_a_task_without_plugin_ends(planned):
    schedule.run("gibt-es-nicht")
    assert planned() == []
