# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What actions accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.verbund.domain.ethics.assess import Verdict
from ckanext.verbund.domain.ethics.catalogue import COMMENTS, load
from ckanext.verbund.domain.ethics.register import OUTCOME_TEXTS
from ckanext.verbund.domain.ethics.restriction import WAYS
from ckanext.verbund.domain.ethics.witness import Disposition
from ckanext.verbund.domain.ethics.workflow import Action, State
from ckanext.verbund.ethics.roles import GIVEN

#: What people do with ``verbund_case_act``; answers have an action of their own.
ACTS = [action.value for action in Action if action is not Action.ANSWER]


def day(value: Any) -> dt.date:
    """Return a day as a date; for validation."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise tk.Invalid(tk._("Please write the day as 2026-11-25.")) from None


def _ground_codes(value: Any) -> list[str]:
    codes = [value] if isinstance(value, str) else list(value)
    unknown = [code for code in codes if code not in load().grounds]
    if unknown:
        raise tk.Invalid(tk._("There is no ground “{code}”.").format(code=unknown[0]))
    return codes


@validator_args
def case_show(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of actions that take a case."""
    return {"id": [not_empty, unicode_safe]}


@validator_args
def package(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of actions that take a package."""
    return {"package_id": [not_empty, unicode_safe]}


@validator_args
def derivative(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of ``verbund_derivative_create``."""
    return {"package_id": [not_empty, unicode_safe], "title": [not_empty, unicode_safe]}


@validator_args
def case_list(
    default: ValidatorFactory,
    ignore_empty: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_case_list``."""
    return {
        "organization_id": [ignore_empty, unicode_safe],
        "package_id": [ignore_empty, unicode_safe],
        "state": [ignore_empty, one_of([state.value for state in State])],
        "offset": [default(0), natural_number_validator],
        "limit": [default(50), natural_number_validator],
    }


@validator_args
def member_pages(
    default: ValidatorFactory,
    ignore_empty: Validator,
    natural_number_validator: Validator,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of lists of one member or of all, in pages."""
    return {
        "organization_id": [ignore_empty, unicode_safe],
        "offset": [default(0), natural_number_validator],
        "limit": [default(50), natural_number_validator],
    }


@validator_args
def case_answer(
    dict_only: Validator,
    ignore_empty: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_case_answer``."""
    return {
        "id": [not_empty, unicode_safe],
        "answers": [ignore_empty, dict_only],
        "short": [ignore_empty, dict_only],
    }


@validator_args
def scan_dispose(
    default: ValidatorFactory,
    not_empty: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_scan_dispose``."""
    return {
        "id": [not_empty, unicode_safe],
        "resource_id": [not_empty, unicode_safe],
        "finding": [not_empty, unicode_safe],
        "value": [not_empty, one_of([one.value for one in Disposition])],
        "reason": [default(""), unicode_safe],
    }


@validator_args
def scan_rows(ignore_empty: Validator, not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of ``verbund_scan_rows``."""
    return {
        "id": [not_empty, unicode_safe],
        "resource_id": [not_empty, unicode_safe],
        "finding": [ignore_empty, unicode_safe],
    }


@validator_args
def short_list_set(
    default: ValidatorFactory,
    list_of_strings: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_short_list_set``; an empty list takes it all back."""
    return {
        "organization_id": [not_empty, unicode_safe],
        "types": [default([]), list_of_strings],
    }


@validator_args
def case_act(
    default: ValidatorFactory,
    ignore_empty: Validator,
    not_empty: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_case_act``."""
    text = [default(""), unicode_safe]
    return {
        "id": [not_empty, unicode_safe],
        "action": [not_empty, one_of(ACTS)],
        "fingerprint": text,
        "reason": text,
        "effect": [ignore_empty, one_of(sorted(effect.value for effect in COMMENTS))],
        "verdict": [ignore_empty, one_of([verdict.value for verdict in Verdict])],
        "grounds": [ignore_empty, _ground_codes],
        "legal_ground": text,
        "conditions": text,
        "way": [ignore_empty, one_of(list(WAYS))],
        "register_title": text,
        "register_text": text,
        "review_date": [ignore_empty, day],
        "valid_until": [ignore_empty, day],
        "password": text,
    }


@validator_args
def batch_create(list_of_strings: Validator, not_empty: Validator) -> Schema:
    """Return the schema of ``verbund_batch_create``."""
    return {"package_ids": [not_empty, list_of_strings]}


@validator_args
def batch_act(
    default: ValidatorFactory,
    dict_only: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_batch_act``."""
    return {
        **case_act(),
        "password": [ignore_empty, unicode_safe],
        "others": [default({}), dict_only],
    }


@validator_args
def case_sign(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of ``verbund_case_sign``."""
    return {**case_act(), "password": [not_empty, unicode_safe]}


@validator_args
def register_list(
    default: ValidatorFactory,
    ignore_empty: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_register_list``."""
    return {
        "organization_id": [ignore_empty, unicode_safe],
        "outcome": [ignore_empty, one_of(sorted(OUTCOME_TEXTS))],
        "offset": [default(0), natural_number_validator],
        "limit": [default(50), natural_number_validator],
    }


@validator_args
def register_export(
    ignore_empty: Validator,
    not_empty: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_register_export``."""
    return {
        "format": [not_empty, one_of(["csv", "atom"])],
        "organization_id": [ignore_empty, unicode_safe],
        "outcome": [ignore_empty, one_of(sorted(OUTCOME_TEXTS))],
    }


@validator_args
def register_year(
    ignore_empty: Validator, natural_number_validator: Validator, unicode_safe: Validator
) -> Schema:
    """Return the schema of ``verbund_register_year``."""
    return {
        "organization_id": [ignore_empty, unicode_safe],
        "year": [ignore_empty, natural_number_validator],
    }


@validator_args
def role_list(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of ``verbund_role_list``."""
    return {"organization_id": [not_empty, unicode_safe]}


@validator_args
def role_set(  # noqa: PLR0913, PLR0917 each argument is a validator
    boolean_validator: Validator,
    default: ValidatorFactory,
    ignore_empty: Validator,
    not_empty: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
) -> Schema:
    """Return the schema of ``verbund_role_set``."""
    return {
        "organization_id": [not_empty, unicode_safe],
        "user": [not_empty, unicode_safe],
        "role": [not_empty, one_of([role.value for role in GIVEN])],
        "deputy": [default(False), boolean_validator],
        "valid_from": [ignore_empty, day],
        "valid_to": [ignore_empty, day],
        "remove": [default(False), boolean_validator],
    }


@validator_args
def source(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Return the schema of ``verbund_source_decision_show``."""
    return {"source_id": [not_empty, unicode_safe]}


@validator_args
def inherit(
    list_of_strings: Validator, not_empty: Validator, unicode_safe: Validator
) -> Schema:
    """Return the schema of ``verbund_decision_inherit``."""
    return {
        "source_id": [not_empty, unicode_safe],
        "package_ids": [not_empty, list_of_strings],
    }
