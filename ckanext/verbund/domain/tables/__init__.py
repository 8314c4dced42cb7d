# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as towns have them, read as tables with real headers and typed columns.

Import from the modules: this package loads nothing by itself, so that a web process
that only asks for a format does not carry the readers.
"""
