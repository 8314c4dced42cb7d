# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run the migrations of one plugin; CKAN wants an ``env.py`` in the folder of each."""

from __future__ import annotations

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool


def run(plugin: str) -> None:
    """Run what alembic was called for, on the tables of one plugin.

    Args:
        plugin: Its name; its tables and its version table begin with it.
    """

    def own(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or (name or "").startswith(plugin)

    options = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(options, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{plugin}_alembic_version",
            include_object=own,
        )
        with context.begin_transaction():
            context.run_migrations()
