# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What actions accept."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.verbund.domain.dialog.question import KINDS, STATES


@validator_args
def question_list(  # noqa: PLR0913, PLR0917 each argument is a validator
    default: ValidatorFactory,
    ignore_empty: Validator,
    ignore_missing: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_question_list``."""
    return {
        "state": [default("open"), one_of(["open", "all", *STATES])],
        "kind": [ignore_empty, one_of(KINDS)],
        "organization_id": [ignore_empty, unicode_safe],
        "page": [default(1), natural_number_validator],
        "limit": [default(50), natural_number_validator],
        "__extras": [ignore_missing],
        "__junk": [ignore_missing],
    }
