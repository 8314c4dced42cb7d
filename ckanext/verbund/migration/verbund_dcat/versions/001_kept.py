# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What harvested catalogues said and packages cannot hold, and what was repaired in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "001_kept"
down_revision = None
branch_labels = None
depends_on = None


def _package(name: str) -> sa.Column:
    # Deferred: a harvester keeps what was said in the transaction that makes the package.
    key = sa.ForeignKey("package.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.UnicodeText, key, primary_key=True)


def _rest() -> tuple[sa.Column, ...]:
    return (
        sa.Column("repairs", JSONB, nullable=False),
        sa.Column("changed", sa.DateTime, nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "verbund_dcat_kept",
        _package("package_id"),
        sa.Column("source_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("leftover", sa.UnicodeText, nullable=False),
        sa.Column("listed", JSONB, nullable=False),
        *_rest(),
    )
    op.create_table(
        "verbund_dcat_catalog",
        _package("source_id"),
        sa.Column("job_id", sa.UnicodeText, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        *_rest(),
    )


def downgrade() -> None:
    """Drop the tables; the next run of each source fills them again."""
    op.drop_table("verbund_dcat_catalog")
    op.drop_table("verbund_dcat_kept")
