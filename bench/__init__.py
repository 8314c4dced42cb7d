# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measurements of this portal against stock CKAN, side by side on one machine."""
