# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which step leads from where to where."""

from datetime import date, datetime, timezone

import pytest

from ckanext.verbund.domain.dialog import question

TABLE = {
    # step: what becomes of (new, in_progress, answered, closed)
    "assign": ("in_progress", "in_progress", None, None),
    "answer": ("answered", "answered", None, None),
    "close": ("closed", "closed", "closed", None),
    "reopen": (None, None, "in_progress", "in_progress"),
    "publish": (None, None, "answered", "closed"),
}


@pytest.mark.parametrize("step", TABLE)
def test_each_step_leads_where_the_table_says(step):
    assert tuple(question.after(step, state) for state in question.STATES) == TABLE[step]


def test_the_table_knows_every_step():
    assert set(question.STEPS) == set(TABLE)


def test_possible_steps_of_a_new_question():
    assert question.possible("new") == ["assign", "answer", "close"]


def test_an_answer_is_due_after_the_days_of_the_office():
    assert question.due(datetime(2026, 11, 24, 23, 59, tzinfo=timezone.utc), 14) == date(
        2026, 12, 8
    )


def test_a_finished_question_is_forgotten_after_its_days():
    limit = question.forgotten_before(datetime(2026, 12, 24, 12, tzinfo=timezone.utc), 30)
    assert limit == datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
