# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the check found in each version of an own package."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "002_checked"
down_revision = "001_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    key = sa.ForeignKey("package.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    op.create_table(
        "verbund_dcat_checked",
        sa.Column("package_id", sa.UnicodeText, key, primary_key=True),
        sa.Column("version", sa.UnicodeText, nullable=False),
        sa.Column("found", JSONB, nullable=False),
        sa.Column("points", JSONB, nullable=False),
        sa.Column("unknown", JSONB, nullable=False),
        sa.Column("checked", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the table; checking again fills it."""
    op.drop_table("verbund_dcat_checked")
