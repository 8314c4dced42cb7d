# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deletes what is no longer needed; what staff published stays."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.verbund.dialog import config
from ckanext.verbund.dialog.model import Question, now
from ckanext.verbund.domain.dialog.question import forgotten_before


def clean() -> int:
    """Delete questions whose time is over, with address, notes and mails.

    Returns:
        How many were deleted.
    """
    limit = forgotten_before(now(), config.retention_days())
    done = model.Session.execute(sa.delete(Question).where(Question.finished < limit))
    model.Session.commit()
    return done.rowcount
