# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""DCAT-AP.de 3.0 for other portals, and the check for those who write datasets."""
