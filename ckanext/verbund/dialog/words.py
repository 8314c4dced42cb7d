# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kinds, states and problems are called, in the language of the reader."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.verbund.domain.dialog.question import REQUEST
from ckanext.verbund.domain.dialog.spam import Limits

LIMITS = Limits()


def kinds() -> dict[str, str]:
    """Return the kinds of messages, in the order of the form."""
    return {
        "question": tk._("Question"),
        "error": tk._("Error in the data"),
        "wish": tk._("Data wish"),
        "request": tk._("Data request"),
    }


def states(kind: str = "") -> dict[str, str]:
    """Return the states of a message of a kind, in their order."""
    begun = {"new": tk._("Received"), "in_progress": tk._("In progress")}
    if kind == REQUEST:
        return {**begun, "answered": tk._("Access granted"), "closed": tk._("Declined")}
    return {
        **begun,
        "answered": tk._("Answered"),
        "closed": tk._("Closed"),
    }


def steps() -> dict[str, str]:
    """Return what staff did, as its history says it."""
    return {
        "assign": tk._("assigned"),
        "answer": tk._("answered"),
        "close": tk._("closed"),
        "reopen": tk._("opened again"),
        "publish": tk._("published"),
        "unpublish": tk._("taken back from the public"),
        "note": tk._("noted"),
    }


def problem(field: str, code: str) -> str:
    """Return what is wrong with a field and what helps."""
    texts = {
        ("kind", "missing"): tk._("Please choose what your message is about."),
        ("kind", "unknown"): tk._("Please choose what your message is about."),
        ("text", "missing"): tk._("Please write your message."),
        ("text", "long"): tk._("Please shorten your message to {longest} characters."),
        ("text", "links"): tk._("Please use at most {links} web addresses in your message."),
        ("email", "address"): tk._(
            "This is not an e-mail address. Example: name@example.org. It may stay empty."
        ),
        ("website", "filled"): tk._(
            "Please empty the field “Please leave empty”. It keeps robots out."
        ),
        ("stamp", "fast"): tk._(
            "That was very quick. Please wait some seconds and send again."
        ),
        ("stamp", "old"): tk._("The form was open for a long time. Please send it again."),
    }
    return texts[field, code].format(longest=LIMITS.longest, links=LIMITS.links)


def hints() -> dict[str, str]:
    """Return the kinds of personal data that a wording may hold."""
    return {
        "email": tk._("E-mail address"),
        "phone": tk._("Telephone number"),
        "iban": tk._("Bank account"),
        "name": tk._("Name"),
        "address": tk._("Street and number"),
    }
