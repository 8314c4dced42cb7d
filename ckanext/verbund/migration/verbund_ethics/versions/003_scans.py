# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results of the automatic check, the short way through a case, and since when a case waits.

A result belongs to bytes and to an edition of the rules, not to a dataset: the same file is
looked at once, and other bytes have none. It never holds a value of the file.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "003_scans"
down_revision = "002_register_texts"
branch_labels = None
depends_on = None

_NAME = "verbund_ethics"


def _text(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, **{"nullable": False, **options})


def upgrade() -> None:
    """Make the tables, and the columns of cases."""
    op.create_table(
        f"{_NAME}_scan",
        _text("sha256", primary_key=True),
        _text("version", primary_key=True),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        f"{_NAME}_file",
        _text("resource_id", primary_key=True),
        _text("mark"),
        _text("sha256"),
    )
    op.create_table(
        f"{_NAME}_disposition",
        _text("case_id", primary_key=True),
        _text("sha256", primary_key=True),
        _text("finding", primary_key=True),
        _text("value"),
        _text("reason"),
        _text("user_id"),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], [f"{_NAME}_case.id"], ondelete="RESTRICT"),
        sa.CheckConstraint("value IN ('confirmed', 'false', 'lawful')", name="value"),
    )
    op.create_table(
        f"{_NAME}_short_type",
        _text("organization_id", primary_key=True),
        _text("code", primary_key=True),
        _text("user_id"),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    for column in (
        sa.Column("short_groups", JSONB, nullable=False, server_default="{}"),
        sa.Column("short_ticks", ARRAY(sa.UnicodeText), nullable=False, server_default="{}"),
        _text("short_reason", server_default=""),
        sa.Column("since", sa.DateTime),
        sa.Column("reminded", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column(f"{_NAME}_case", column)
    op.execute("UPDATE verbund_ethics_case SET since = changed")
    op.alter_column(f"{_NAME}_case", "since", nullable=False)


def downgrade() -> None:
    """Drop them; the check can be run again, what people said of findings is lost."""
    for name in ("since", "reminded", "short_reason", "short_ticks", "short_groups"):
        op.drop_column(f"{_NAME}_case", name)
    for name in ("short_type", "disposition", "file", "scan"):
        op.drop_table(f"{_NAME}_{name}")
