# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The password as signature: a forgotten open browser or a stolen token decides nothing."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.authenticator import ckan_authenticator

from ckanext.verbund.base import throttle
from ckanext.verbund.domain.ethics.workflow import Action
from ckanext.verbund.ethics import config
from ckanext.verbund.ethics.steps import OUTCOMES

log = logging.getLogger(__name__)

#: Steps that somebody signs. To stop a publication nobody is asked: haste protects there.
SIGNED = frozenset({*OUTCOMES, Action.COSIGN})
_COUNTER = "signature"


def confirm(user_name: str, password: str) -> model.User:
    """Check the password of whoever signs, on pages and over the API.

    Args:
        user_name: Name of the account that is signed in.
        password: What was sent.

    Returns:
        The account.

    Raises:
        ValidationError: It is missing or wrong, or there were too many wrong ones; under
            ``password``.
    """
    if not password:
        text = tk._("Please give your password. It is your signature.")
        raise tk.ValidationError({"password": [text]})
    # Counted before it is looked at: many tries at once are many tries.
    minutes = throttle.tries(_COUNTER, user_name, config.password_tries())
    if minutes:
        log.warning("Too many wrong passwords when signing as %r", user_name)
        text = tk.ungettext(
            "There were too many wrong passwords. Please try again in {num} minute.",
            "There were too many wrong passwords. Please try again in {num} minutes.",
            minutes,
        ).format(num=minutes)
        raise tk.ValidationError({"password": [text]})
    identity = {"login": user_name, "password": password, "check_captcha": False}
    found = ckan_authenticator(identity)
    if found is None or found.name != user_name:
        text = tk._("This is not the password of your account. Nothing was decided.")
        raise tk.ValidationError({"password": [text]})
    throttle.forgive(_COUNTER, user_name)
    return found
