# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a cluster on one machine: services, portals, demo. No Docker needed.

``python -m stack --help`` lists the commands; ``docs/betrieb.md`` explains them.
"""
