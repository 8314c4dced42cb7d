# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about the automatic check of files: what it says, and what people say of that."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.domain.ethics import witness, workflow
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.ethics import cases, files, roles, screening, shown
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import disposition, now
from ckanext.verbund.ethics.steps import record

__all__ = ["verbund_scan_dispose", "verbund_scan_rows", "verbund_scan_show"]


@tk.side_effect_free
@tk.validate(schema.package)
def verbund_scan_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what the automatic check found in the files of a dataset; never a value.

    Example::

        ckanapi action verbund_scan_show package_id=spielplaetze

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``package_id``, ID or name.

    Returns:
        ``notice``: what has to stand beside it; ``pending``: whether a file was not looked at
        yet; ``files`` in their order with ``resource_id``, ``name``, ``sha256``, ``status``
        (``pending``, ``scanned``, ``partial``, ``unscanned``) and its ``label``, ``reason``,
        ``version`` of the rules, ``unchecked`` parts, whether it is ``remote``, and
        ``findings`` (``finding``: its key, ``kind``, ``part``, ``column``, ``rows_matched``,
        ``rows_scanned``, ``label``, ``what``, ``why``, ``remedy``, ``questions`` that it
        speaks to, ``confidence``, ``coverage``, ``contradicts``, and what somebody said in the
        open case as ``disposition``).
    """
    tk.check_access("verbund_scan_show", context, data_dict)
    package = model.Package.get(data_dict["package_id"])
    row = cases.open_case(package.id)
    said = cases.situation(row).dispositions if row else []
    return shown.scan(files.screened(package.id), said)


@tk.validate(schema.scan_dispose)
def verbund_scan_dispose(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say what a finding is; whoever does it is an author of the case from now on.

    Example::

        ckanapi action verbund_scan_dispose id=8b1c… resource_id=2f… finding=9a… value=false …

    Args:
        context: The context; its user must be an editor or reviewer of the member.
        data_dict: ``id`` of the case; ``resource_id``; ``finding``, its key; ``value``:
            ``confirmed`` (then an answer has to change), ``false`` or ``lawful`` (public
            anyway, by law); ``reason``.

    Returns:
        The case, as ``verbund_case_show`` returns it.

    Raises:
        ValidationError: There is no such finding in the file as it is, or no reason.
        ObjectNotFound: There is no such case.
    """
    tk.check_access("verbund_scan_dispose", context, data_dict)
    situation = cases.get(data_dict["id"], lock=True)
    user = model.User.get(context["user"])
    holder = roles.holder(user, situation.row["organization_id"])
    file, hit = _finding(situation, data_dict["resource_id"], data_dict["finding"])
    try:
        after = witness.explain(situation.file, holder.person, data_dict["reason"])
    except workflow.NotAllowed as error:
        model.Session.rollback()
        raise shown.refused(error.refusal) from error
    values = {
        "case_id": situation.row["id"],
        "sha256": file.sha256,
        "finding": data_dict["finding"],
        "value": data_dict["value"],
        "reason": data_dict["reason"].strip(),
        "user_id": holder.id,
        "created": now(),
    }
    query = insert(disposition).values(values)
    model.Session.execute(
        query.on_conflict_do_update(
            index_elements=["case_id", "sha256", "finding"],
            set_={name: query.excluded[name] for name in values},
        )
    )
    cases.keep(situation, after)
    # The column is not said here: its name may tell something about people.
    said = {name: values[name] for name in ("value", "reason")} | {"kind": hit.kind}
    record(situation, holder, "explain", said)
    model.Session.commit()
    return shown.case(cases.get(data_dict["id"]), holder)


@tk.side_effect_free
@tk.validate(schema.scan_rows)
def verbund_scan_rows(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show some rows of a file of a case, for those who judge it; nothing of it is stored.

    Example::

        ckanapi action verbund_scan_rows id=8b1c… resource_id=2f… finding=9a…

    Args:
        context: The context; its user must have a role for the member and may read the
            dataset.
        data_dict: ``id`` of the case; ``resource_id``; ``finding``, its key: the rows that it
            is about; without it the first rows of the file.

    Returns:
        ``name`` of the file; ``finding`` in words, or None; ``parts`` with ``part``,
        ``columns``, ``marked``, ``numbers``, ``rows``, ``total``; ``reason``: why there are
        none.

    Raises:
        ValidationError: There is no such finding in the file as it is.
        ObjectNotFound: There is no such case, or no such file in it.
    """
    tk.check_access("verbund_scan_rows", context, data_dict)
    situation = cases.get(data_dict["id"])
    key, id = data_dict.get("finding"), data_dict["resource_id"]
    hit = None
    if key:
        file, hit = _finding(situation, id, key)
    else:
        file = next((one for one in situation.screened if one.id == id), None)
    if file is None:
        raise tk.ObjectNotFound(tk._("This file does not belong to the case."))
    parts, reason = (
        ([], witness.REMOTE) if file.remote else screening.rows(id, file.sha256, hit)
    )
    return {
        "name": file.name,
        "finding": shown.finding(hit) if hit else None,
        "parts": parts,
        "reason": wording.reasons()[reason][shown.lang()] if reason else "",
    }


def _finding(situation: Situation, resource_id: str, key: str) -> tuple[Any, Any]:
    for file in situation.screened:
        for hit in file.hits:
            if file.id == resource_id and witness.key(hit) == key:
                return file, hit
    model.Session.rollback()
    text = tk._(
        "The automatic check has no such finding in this file. Please load the page anew."
    )
    raise tk.ValidationError({"finding": [text]})
