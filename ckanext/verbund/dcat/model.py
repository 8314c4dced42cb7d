# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables beside the packages.

What a neighbour said and no field holds, and what was repaired: it came from a harvested
catalogue, and the next run of its source brings it again. What the check found: it is made
again from the package at any time.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def _package() -> Mapped[str]:
    key = sa.ForeignKey("package.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return mapped_column(sa.UnicodeText, key, primary_key=True)


class Kept(tk.BaseModel):
    """Of one package.

    Attributes:
        package_id: The package.
        source_id: The harvest source that it came from.
        leftover: `convert.Leftover`, as it writes itself.
        listed: How its catalogue names it, as lines of N-Triples.
        repairs: Each with ``rules``, ``before`` and ``after``.
        changed: When, in UTC.
    """

    __tablename__ = "verbund_dcat_kept"

    package_id: Mapped[str] = _package()
    source_id: Mapped[str] = mapped_column(sa.UnicodeText, index=True, default="")
    leftover: Mapped[str] = mapped_column(sa.UnicodeText, default="")
    listed: Mapped[list[str]] = mapped_column(JSONB, default=list)
    repairs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    changed: Mapped[dt.datetime] = mapped_column(default=_now, onupdate=_now)


class SourceCatalog(tk.BaseModel):
    """Of a catalogue that is harvested, apart from its entries.

    Attributes:
        source_id: The harvest source.
        job_id: The run that read it.
        lines: What it says about itself, and what belongs to no entry, as N-Triples.
        repairs: As in `Kept`.
        changed: When, in UTC.
    """

    __tablename__ = "verbund_dcat_catalog"

    source_id: Mapped[str] = _package()
    job_id: Mapped[str] = mapped_column(sa.UnicodeText)
    lines: Mapped[list[str]] = mapped_column(JSONB, default=list)
    repairs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    changed: Mapped[dt.datetime] = mapped_column(default=_now, onupdate=_now)


class Checked(tk.BaseModel):
    """What the check found in one version of an own package.

    Attributes:
        package_id: The package.
        version: Which version of the package was checked by which version of the rules.
        found: Findings, as ``verbund_dataset_check`` returns them.
        points: Estimated points of data.europa.eu by indicator; empty for what gets none.
        unknown: Indicators that could not be told.
        checked: When, in UTC.
    """

    __tablename__ = "verbund_dcat_checked"

    package_id: Mapped[str] = _package()
    version: Mapped[str] = mapped_column(sa.UnicodeText)
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    points: Mapped[dict[str, int]] = mapped_column(JSONB)
    unknown: Mapped[list[str]] = mapped_column(JSONB)
    checked: Mapped[dt.datetime]
