# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public register says of a decision, as the decider wrote it.

It belongs to the decision and is as unchangeable as the rest of it: a register that can be
reworded afterwards proves nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "002_register_texts"
down_revision = "001_decisions"
branch_labels = None
depends_on = None

_TABLE = "verbund_ethics_decision"
_COLUMNS = ("register_title", "register_text")


def upgrade() -> None:
    """Add title and text for the register."""
    for name in _COLUMNS:
        op.add_column(
            _TABLE, sa.Column(name, sa.UnicodeText, nullable=False, server_default="")
        )


def downgrade() -> None:
    """Drop them again."""
    for name in _COLUMNS:
        op.drop_column(_TABLE, name)
