# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What left the net and what is to leave it; ends of chains kept apart; catalogues as used.

A row says what became of a package that was public: it is no secret that there was one. What
was never public has no row, so that nothing can be read from its absence.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "004_withdrawals"
down_revision = "003_scans"
branch_labels = None
depends_on = None

_NAME = "verbund_ethics"


def _text(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, **{"nullable": False, **options})


def upgrade() -> None:
    """Make the tables; what they keep is neither changed nor deleted."""
    op.create_table(
        f"{_NAME}_withdrawal",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("sequence", sa.BigInteger, unique=True),
        _text("package_id"),
        _text("organization_id"),
        _text("decision_id"),
        _text("iri"),
        _text("kind"),
        sa.Column("sealed", sa.Boolean, nullable=False),
        _text("at"),
        sa.Column("emptied", sa.DateTime),
        sa.CheckConstraint(
            "kind IN ('suspended', 'ordinary', 'protective', 'restored')", name="kind"
        ),
    )
    op.create_index(
        f"ix_{_NAME}_withdrawal_package", f"{_NAME}_withdrawal", ["package_id", "number"]
    )
    op.create_table(
        f"{_NAME}_ending",
        _text("package_id", primary_key=True),
        _text("case_id"),
        _text("decision_id"),
        sa.Column("last_day", sa.Date, nullable=False),
        _text("user_id"),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], [f"{_NAME}_case.id"], ondelete="RESTRICT"),
    )
    op.create_table(
        f"{_NAME}_anchor",
        _text("organization_id", primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        _text("hash"),
        _text("at"),
    )
    op.create_table(
        f"{_NAME}_catalogue",
        _text("hash", primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.execute(_KEEP)


_KEEP = """
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON verbund_ethics_anchor
FOR EACH STATEMENT EXECUTE FUNCTION verbund_ethics_keep();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON verbund_ethics_catalogue
FOR EACH STATEMENT EXECUTE FUNCTION verbund_ethics_keep();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON verbund_ethics_withdrawal
FOR EACH STATEMENT EXECUTE FUNCTION verbund_ethics_keep();

-- Of a withdrawal only the time changes at which nothing was left of the data.
CREATE FUNCTION verbund_ethics_keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'emptied' IS DISTINCT FROM to_jsonb(OLD) - 'emptied' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'VE004';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_row BEFORE UPDATE ON verbund_ethics_withdrawal
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_keep_withdrawal();
"""


def downgrade() -> None:
    """Drop them; neighbours learn of no withdrawal any more."""
    for name in ("catalogue", "anchor", "ending", "withdrawal"):
        op.drop_table(f"{_NAME}_{name}")
    op.execute("DROP FUNCTION verbund_ethics_keep_withdrawal")
