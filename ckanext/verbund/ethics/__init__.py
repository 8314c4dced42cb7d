# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publish or not: cases, decisions, and the gate that keeps them by every path."""
