# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about the end of publications: announced ones, and the list for neighbours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.schema import validator_args
from ckan.types import Context, DataDict, Schema, Validator, ValidatorFactory

from ckanext.verbund.base import tasks
from ckanext.verbund.domain import signing
from ckanext.verbund.domain.ethics import ending
from ckanext.verbund.domain.ethics.ending import Ended
from ckanext.verbund.ethics import anchors as ends
from ckanext.verbund.ethics import cases, config, endings, keys, roles, shown, withdrawals
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.steps import record

__all__ = [
    "verbund_anchor_list",
    "verbund_ending_announce",
    "verbund_ending_cancel",
    "verbund_ending_show",
    "verbund_withdrawal_list",
]


@validator_args
def _announce(
    default: ValidatorFactory,
    ignore_empty: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "reason": [default(""), unicode_safe],
        "last_day": [ignore_empty, schema.day],
    }


@validator_args
def _list(default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    return {
        "since": [default(0), natural_number_validator],
        "limit": [default(500), natural_number_validator],
    }


@tk.side_effect_free
@tk.validate(_list)
def verbund_withdrawal_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what was withdrawn to protect somebody, for neighbours that hold copies.

    Of two entries about one address the later counts.

    Example::

        ckanapi action verbund_withdrawal_list since=17

    Args:
        context: The context.
        data_dict: ``since``: number of the last entry that the reader has (0); ``limit`` (500,
            which is the most).

    Returns:
        ``list`` with ``portal``, ``issued``, ``since``, ``last`` (number of the newest entry
        there is) and ``entries`` (``sequence``, ``iri``, ``time``, ``state``: ``withdrawn`` or
        ``restored``), in the order of their numbers, which have no gaps; ``signature`` of it.

    Raises:
        ValidationError: The portal has no key to sign with; nobody should obey then.
    """
    tk.check_access("verbund_withdrawal_list", context, data_dict)
    moment = dt.datetime.now(dt.timezone.utc)
    try:
        key = signing.signer(keys.of_withdrawals(), moment)
    except (keys.KeyFileError, signing.SignatureError) as error:
        text = tk._("This portal has no key to sign its list of withdrawals.")
        raise tk.ValidationError({"signature": [text]}) from error
    entries, last = withdrawals.listed(data_dict["since"], data_dict["limit"])
    value = {
        "portal": withdrawals.site(),
        "issued": moment.isoformat(timespec="seconds"),
        "since": data_dict["since"],
        "last": last,
        "entries": entries,
    }
    return {"list": value, "signature": signing.sign(value, key)}


@tk.validate(_announce)
def verbund_ending_announce(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Announce the ordinary end of a publication: outdated, moved. It comes after 30 days.

    Until then the data stay public and their files say that they are outdated.

    Example::

        ckanapi action verbund_ending_announce id=8b1c… reason='Neue Fassung ist da'

    Args:
        context: The context; its user decides for the member or heads it.
        data_dict: ``id`` of the case; ``reason``; ``last_day``, if it shall be a later one.

    Returns:
        As ``verbund_ending_show``.

    Raises:
        ValidationError: Why it is not possible, under ``reason`` or ``action``.
    """
    tk.check_access("verbund_ending_announce", context, data_dict)
    situation = cases.get(data_dict["id"], lock=True)
    holder = roles.holder(model.User.get(context["user"]), situation.row["organization_id"])
    if refusal := ending.objection(situation.file, holder.person, data_dict["reason"]):
        model.Session.rollback()
        raise shown.refused(refusal)
    day = ending.last_day(tasks.today(), data_dict.get("last_day"))
    endings.announce(situation, holder.id, day)
    said = {"reason": data_dict["reason"], "last_day": day.isoformat()}
    decided = situation.row["decision_id"] or ""
    record(situation, holder, "announce_end", said, decision_id=decided)
    model.Session.commit()
    endings.mark(situation.row["package_id"], announced=True)
    return _shown(situation.row["package_id"])


@tk.validate(schema.case_show)
def verbund_ending_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take the announced end of a publication back: it goes on.

    Args:
        context: The context; its user decides for the member or heads it.
        data_dict: ``id`` of the case.

    Returns:
        As ``verbund_ending_show``.

    Raises:
        ValidationError: The role is missing, or no end is announced.
    """
    tk.check_access("verbund_ending_cancel", context, data_dict)
    situation = cases.get(data_dict["id"], lock=True)
    holder = roles.holder(model.User.get(context["user"]), situation.row["organization_id"])
    refusal = ending.objection(situation.file, holder.person, "-")
    if refusal is None and not endings.forget(situation.row["package_id"]):
        text = tk._("No end of this publication is announced.")
        raise tk.ValidationError({"action": [text]})
    if refusal:
        model.Session.rollback()
        raise shown.refused(refusal)
    decided = situation.row["decision_id"] or ""
    record(situation, holder, "cancel_end", {}, decision_id=decided)
    model.Session.commit()
    endings.mark(situation.row["package_id"], announced=False)
    return _shown(situation.row["package_id"])


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_ending_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show how the publication that a case is about ends or ended.

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``last_day`` of an announced end, None without one; ``ended``: ``kind``, ``at``,
        ``sealed`` and whether its tables are ``emptied``, None if it is public or never was;
        ``recipients`` (``name``, ``address``) to be told of a protective withdrawal.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_ending_show", context, data_dict)
    return _shown(situation.row["package_id"])


def _shown(package_id: str) -> dict[str, Any]:
    announced = endings.of_package(package_id)
    last = next(iter(withdrawals.of_package(package_id)), None)
    ended = None
    if last and last["kind"] != Ended.RESTORED.value:
        ended = {name: last[name] for name in ("kind", "at", "sealed")}
        ended["emptied"] = last["emptied"] is not None
    protective = ended is not None and ended["kind"] == Ended.PROTECTIVE.value
    return {
        "last_day": announced["last_day"].isoformat() if announced else None,
        "ended": ended,
        "recipients": [
            {"name": name, "address": address} for name, address in config.recipients()
        ]
        if protective
        else [],
    }


@tk.side_effect_free
@tk.validate(schema.member_pages)
def verbund_anchor_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the ends of the chains as they were kept day by day, for everybody to keep.

    Args:
        context: The context.
        data_dict: ``organization_id``; ``offset`` (0), ``limit`` (50; at most 1000).

    Returns:
        ``anchors`` (``organization_id``, ``member``, ``day``, ``number``, ``hash``), the
        newest first; ``total``.
    """
    tk.check_access("verbund_anchor_list", context, data_dict)
    limit = max(1, min(data_dict["limit"], 1000))
    wanted = data_dict.get("organization_id", "")
    found, total = ends.listed(wanted, data_dict["offset"], limit)
    return {"anchors": found, "total": total}
