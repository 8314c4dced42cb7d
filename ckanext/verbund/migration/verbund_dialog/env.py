# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alembic runs the migrations of verbund_dialog; CKAN calls it and gives the database."""

from ckanext.verbund.base import migrate

migrate.run("verbund_dialog")
