# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin verbund_search: search page, map, feeds and the pages of members."""
