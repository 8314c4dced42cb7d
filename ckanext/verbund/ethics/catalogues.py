# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The questions as they were when somebody decided, kept once for each version.

A Vermerk is read years later, when the questions in force are others.
"""

from __future__ import annotations

from functools import lru_cache

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert

from ckanext.verbund.domain.ethics.catalogue import FILES, Catalogue, load, read, text_of
from ckanext.verbund.ethics.model import metadata, now

table = sa.Table(
    "verbund_ethics_catalogue",
    metadata,
    sa.Column("hash", sa.UnicodeText, primary_key=True),
    sa.Column("version", sa.Integer),
    sa.Column("texts", JSONB),
    sa.Column("created", sa.DateTime, default=now),
)


def keep() -> Catalogue:
    """Keep the catalogue in force, unless it is there; no commit. Returns it."""
    catalogue = load()
    row = {
        "hash": catalogue.hash,
        "version": catalogue.version,
        "texts": {name: text_of(name) for name in FILES},
    }
    model.Session.execute(insert(table).values(row).on_conflict_do_nothing())
    return catalogue


def of(digest: str) -> Catalogue:
    """Return the catalogue of a decision.

    Args:
        digest: Its hash, as the decision names it.

    Raises:
        ObjectNotFound: It was not kept, and today's is another: what it said is unknown.
    """
    if digest == load().hash:
        return load()
    texts = model.Session.scalar(sa.select(table.c.texts).where(table.c.hash == digest))
    if texts is None:
        raise tk.ObjectNotFound(tk._("The questions of this decision were not kept."))
    return _read(digest, tuple(texts[name] for name in FILES))


@lru_cache(maxsize=8)
def _read(_digest: str, texts: tuple[str, ...]) -> Catalogue:
    return read(dict(zip(FILES, texts, strict=True)))
