# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of the questions. What is public lies apart from what people wrote."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.orm import Mapped, mapped_column


def now() -> dt.datetime:
    """Return the time as CKAN stores it: UTC without saying so."""
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def _id() -> Mapped[str]:
    return mapped_column(sa.UnicodeText, primary_key=True, default=make_uuid)


def _organization() -> Mapped[str]:
    return mapped_column(
        sa.UnicodeText, sa.ForeignKey("group.id", ondelete="CASCADE"), index=True
    )


def _package(ondelete: str) -> Mapped[Any]:
    return mapped_column(
        sa.UnicodeText, sa.ForeignKey("package.id", ondelete=ondelete), index=True
    )


class Question(tk.BaseModel):
    """What somebody asked. Deleted some time after the answer."""

    __tablename__ = "verbund_dialog_question"

    id: Mapped[str] = _id()
    # Whoever knows it may see the state; 192 bits cannot be guessed.
    token: Mapped[str] = mapped_column(
        sa.UnicodeText, unique=True, default=lambda: secrets.token_urlsafe(24)
    )
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    text: Mapped[str] = mapped_column(sa.UnicodeText)
    email: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    organization_id: Mapped[str] = _organization()
    package_id: Mapped[str | None] = _package("SET NULL")
    state: Mapped[str] = mapped_column(sa.UnicodeText, default="new", index=True)
    assigned_to: Mapped[str | None] = mapped_column(
        sa.UnicodeText, sa.ForeignKey("user.id", ondelete="SET NULL")
    )
    answer: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    created: Mapped[dt.datetime] = mapped_column(default=now)
    changed: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)
    # Since when it is answered or closed; its deletion counts from here.
    finished: Mapped[dt.datetime | None] = mapped_column(index=True)


class Entry(tk.BaseModel):
    """What staff did with a question, for staff alone."""

    __tablename__ = "verbund_dialog_entry"

    id: Mapped[str] = _id()
    question_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("verbund_dialog_question.id", ondelete="CASCADE"),
        index=True,
    )
    user_id: Mapped[str | None] = mapped_column(
        sa.UnicodeText, sa.ForeignKey("user.id", ondelete="SET NULL")
    )
    step: Mapped[str] = mapped_column(sa.UnicodeText)
    text: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    created: Mapped[dt.datetime] = mapped_column(default=now)


class Published(tk.BaseModel):
    """Question and answer in the wording that staff made public."""

    __tablename__ = "verbund_dialog_published"

    id: Mapped[str] = _id()
    question_id: Mapped[str | None] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("verbund_dialog_question.id", ondelete="SET NULL"),
        unique=True,
    )
    organization_id: Mapped[str] = _organization()
    package_id: Mapped[str] = _package("CASCADE")
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    question: Mapped[str] = mapped_column(sa.UnicodeText)
    answer: Mapped[str] = mapped_column(sa.UnicodeText)
    user_id: Mapped[str | None] = mapped_column(
        sa.UnicodeText, sa.ForeignKey("user.id", ondelete="SET NULL")
    )
    published: Mapped[dt.datetime] = mapped_column(default=now)


class Mail(tk.BaseModel):
    """A mail that is still to be sent; written from the question when it goes."""

    __tablename__ = "verbund_dialog_mail"

    id: Mapped[str] = _id()
    question_id: Mapped[str] = mapped_column(
        sa.UnicodeText,
        sa.ForeignKey("verbund_dialog_question.id", ondelete="CASCADE"),
        index=True,
    )
    to: Mapped[str] = mapped_column(sa.UnicodeText)  # "office" or "asker"
    due: Mapped[dt.datetime] = mapped_column(default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
