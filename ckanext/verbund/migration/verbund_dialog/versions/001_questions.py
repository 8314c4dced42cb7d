# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions, what staff did with them, what is public, mails to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "001_questions"
down_revision = None
branch_labels = None
depends_on = None


def _question(**options: object) -> sa.Column:
    key = sa.ForeignKey(
        "verbund_dialog_question.id", ondelete="CASCADE" if not options else "SET NULL"
    )
    return sa.Column("question_id", sa.UnicodeText, key, nullable=bool(options), **options)


def _user(name: str) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, sa.ForeignKey("user.id", ondelete="SET NULL"))


def _organization() -> sa.Column:
    key = sa.ForeignKey("group.id", ondelete="CASCADE")
    return sa.Column("organization_id", sa.UnicodeText, key, nullable=False, index=True)


def _package(*, kept: bool) -> sa.Column:
    key = sa.ForeignKey("package.id", ondelete="SET NULL" if kept else "CASCADE")
    return sa.Column("package_id", sa.UnicodeText, key, nullable=kept, index=True)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=False)


def _time(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.DateTime, **{"nullable": False, **options})


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "verbund_dialog_question",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("token", sa.UnicodeText, nullable=False, unique=True),
        _text("kind"),
        _text("text"),
        _text("email"),
        _organization(),
        _package(kept=True),
        sa.Column("state", sa.UnicodeText, nullable=False, index=True),
        _user("assigned_to"),
        _text("answer"),
        _time("created"),
        _time("changed"),
        _time("finished", nullable=True, index=True),
    )
    op.create_table(
        "verbund_dialog_entry",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _question(),
        _user("user_id"),
        _text("step"),
        _text("text"),
        _time("created"),
    )
    op.create_index(
        "ix_verbund_dialog_entry_question_id", "verbund_dialog_entry", ["question_id"]
    )
    op.create_table(
        "verbund_dialog_published",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _question(unique=True),
        _organization(),
        _package(kept=False),
        _text("kind"),
        _text("question"),
        _text("answer"),
        _user("user_id"),
        _time("published"),
    )
    op.create_table(
        "verbund_dialog_mail",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _question(),
        _text("to"),
        _time("due", index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_index(
        "ix_verbund_dialog_mail_question_id", "verbund_dialog_mail", ["question_id"]
    )


def downgrade() -> None:
    """Drop the tables; questions are lost."""
    for name in ("mail", "published", "entry", "question"):
        op.drop_table(f"verbund_dialog_{name}")
