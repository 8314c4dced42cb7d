# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publish or not: questions, what follows from the answers, states of a case, who may what.

The questions are in ``schemas/ethics``; what is here is their logic.
"""
