# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What "restricted" means; links to private originals; what others decided; batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "005_restricted"
down_revision = "004_withdrawals"
branch_labels = None
depends_on = None

_NAME = "verbund_ethics"


def _text(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, **{"nullable": False, **options})


def upgrade() -> None:
    """Add the column, the tables, and the rule that an original stays inside."""
    op.add_column(f"{_NAME}_decision", _text("way", server_default=""))
    # A link never leads from outside to inside: what it points to is read with the rights of
    # the reader.
    op.create_table(
        f"{_NAME}_link",
        _text("package_id", primary_key=True),
        _text("kind", primary_key=True),
        _text("original_id", index=True),
        _text("access_rights", nullable=True),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_table(
        f"{_NAME}_precedent",
        _text("source", primary_key=True),
        _text("id", primary_key=True),
        _text("kind", index=True),
        sa.Column("themes", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("entry", JSONB, nullable=False),
    )
    op.create_index(
        f"ix_{_NAME}_precedent_themes",
        f"{_NAME}_precedent",
        ["themes"],
        postgresql_using="gin",
    )
    op.create_table(
        f"{_NAME}_batch",
        sa.Column(
            "case_id",
            sa.UnicodeText,
            sa.ForeignKey(f"{_NAME}_case.id", ondelete="RESTRICT"),
            primary_key=True,
        ),
        _text("batch_id", index=True),
    )
    op.create_table(f"{_NAME}_told", _text("decision_id", primary_key=True), _text("standing"))
    op.execute(_RUNS)


def downgrade() -> None:
    """Drop them again; originals of coarser versions would count as decided."""
    op.execute(_RUNS.replace("AND d.way <> 'derivative'", ""))
    for name in ("told", "batch", "precedent", "link"):
        op.drop_table(f"{_NAME}_{name}")
    op.drop_column(f"{_NAME}_decision", "way")


# A decision to publish whose last day is not over. The original of a coarser version stays
# inside as a whole, its description too.
_RUNS = """
CREATE OR REPLACE FUNCTION verbund_ethics_runs(d verbund_ethics_decision) RETURNS boolean
STABLE LANGUAGE sql AS $$
    SELECT d.outcome IN ('open', 'restricted') AND d.way <> 'derivative'
        AND (d.valid_until IS NULL
        OR d.valid_until >= (now() AT TIME ZONE 'Europe/Berlin')::date)
$$;
"""
