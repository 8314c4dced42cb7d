# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of ``verbund_ethics``."""

from __future__ import annotations

from ckanext.verbund.ethics.pages.batches import verbund_batches
from ckanext.verbund.ethics.pages.cases import verbund_cases
from ckanext.verbund.ethics.pages.findings import verbund_findings
from ckanext.verbund.ethics.pages.office import verbund_office
from ckanext.verbund.ethics.pages.register import verbund_register
from ckanext.verbund.ethics.pages.restrictions import verbund_restrictions
from ckanext.verbund.ethics.pages.roles import verbund_roles
from ckanext.verbund.ethics.pages.short import verbund_short
from ckanext.verbund.ethics.pages.withdrawals import verbund_withdrawals

__all__ = [
    "verbund_batches",
    "verbund_cases",
    "verbund_findings",
    "verbund_office",
    "verbund_register",
    "verbund_restrictions",
    "verbund_roles",
    "verbund_short",
    "verbund_withdrawals",
]
