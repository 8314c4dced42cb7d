# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alembic runs the migrations of verbund_dcat; CKAN calls it and gives the database."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

_NAME = Path(__file__).parent.name


def _own(_object: object, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or (name or "").startswith(_NAME)


def _run() -> None:
    options = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(options, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{_NAME}_alembic_version",
            include_object=_own,
        )
        with context.begin_transaction():
            context.run_migrations()


_run()
