# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may describe datasets: those whom CKAN lets create or edit them."""
