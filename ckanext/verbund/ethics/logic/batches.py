# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions about batches of alike datasets: every step is that of a single case, for each."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.ethics import workflow
from ckanext.verbund.ethics import audit, batches, cases, told
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import Row

__all__ = [
    "verbund_batch_act",
    "verbund_batch_create",
    "verbund_batch_leave",
    "verbund_batch_propose",
    "verbund_batch_show",
]

_MOST = 500
_SIGNED = {"decide_open", "decide_restricted", "decide_not", "cosign"}


@tk.side_effect_free
@tk.validate(schema.member_pages)
def verbund_batch_propose(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List groups of undecided datasets that are alike, so that one case may do for all.

    Example::

        ckanapi action verbund_batch_propose organization_id=stadt-landau

    Args:
        context: The context; the list holds what its user may edit.
        data_dict: ``organization_id``.

    Returns:
        Groups, the largest first: ``kind`` (name of the Musterdatensatz), ``member``,
        ``columns``, ``source``, ``datasets`` (``id``, ``name``, ``title``).
    """
    undecided = tk.get_action("verbund_undecided_list")(
        tk.fresh_context(context), {**data_dict, "offset": 0, "limit": _MOST}
    )
    found = batches.datasets([one["id"] for one in undecided["datasets"]])
    return [_group(group) for group in batches.groups(found)]


def _group(group: list[batches.Dataset]) -> dict[str, Any]:
    first = group[0].alike
    concept = vocab.load("musterdatensatz").get(first.musterdatensatz)
    member = model.Group.get(first.member)
    return {
        "kind": concept.label(told.lang()) if concept else "",
        "member": member.title or member.name if member else "",
        "columns": [column.name for column in first.columns],
        "source": first.source,
        "datasets": [{"id": one.id, "name": one.name, "title": one.title} for one in group],
    }


@tk.validate(schema.batch_create)
def verbund_batch_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin one case for each of several alike datasets, to be answered and decided once.

    Example::

        ckanapi action verbund_batch_create package_ids:'["spielplatz-a", "spielplatz-b"]'

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``package_ids``, two to fifty; the first one leads.

    Returns:
        ``id`` of the leading case, which names the batch; ``cases``; ``dropped`` (``id``,
        ``title``, ``why``): what is not alike, or has a case already.

    Raises:
        ValidationError: Fewer than two are left.
    """
    ids = _known(data_dict["package_ids"])
    for id in ids:
        tk.check_access("verbund_case_create", context, {"package_id": id})
    if not 2 <= len(ids) <= batches.MOST:
        text = tk._("Please choose two to {most} datasets.").format(most=batches.MOST)
        raise tk.ValidationError({"package_ids": [text]})
    found = batches.datasets(ids)
    begun, dropped = [], []
    for one in found:
        why = batches.why_not(found[0], one, told.lang()) or (
            tk._("There is a case about this dataset already.")
            if cases.open_case(one.id)
            else ""
        )
        if why:
            dropped.append({"id": one.id, "title": one.title, "why": why})
        else:
            begun.append(one)
    if len(begun) < 2 or begun[0] is not found[0]:
        why = dropped[0]["why"] if dropped else ""
        text = tk._("These datasets are not alike, so each has a case of its own. {why}")
        raise tk.ValidationError({"package_ids": [text.format(why=why)]})
    made = [
        tk.get_action("verbund_case_create")(tk.fresh_context(context), {"package_id": one.id})
        for one in begun
    ]
    lead = made[0]
    batches.join(lead["id"], [one["id"] for one in made])
    _record(context, lead["id"], "batch", {"cases": [one["id"] for one in made]})
    model.Session.commit()
    return {"id": lead["id"], "cases": [one["id"] for one in made], "dropped": dropped}


def _known(package_ids: list[str]) -> list[str]:
    found = (model.Package.get(id) for id in package_ids)
    return list(dict.fromkeys(one.id for one in found if one is not None))


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_batch_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the batch that a case is in.

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``lead``: whether this case leads; ``first``: the leading case, if another one does;
        ``others``: those that go with this one (``id``, ``title``, ``name``,
        ``fingerprint``).
    """
    tk.check_access("verbund_case_show", context, data_dict)
    return batches.shown(cases.get(data_dict["id"]).row["id"])


@tk.validate(schema.batch_act)
def verbund_batch_act(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Do a step for the leading case of a batch and then, one by one, for the others.

    The first one succeeds or nothing is done. What does not succeed for another one, because
    its data changed or a finding speaks against it, takes that one alone out of the batch.

    Example::

        ckanapi action verbund_batch_act id=8b1c… action=submit fingerprint=5f… others:'{…}'

    Args:
        context: The context; the rules ask for the roles of its user.
        data_dict: As for ``verbund_case_act`` (with ``password`` for what is signed);
            ``others``: fingerprints that the person has seen, by ID of the case.

    Returns:
        ``done``: IDs of the cases; ``dropped`` (``id``, ``title``, ``why``).

    Raises:
        ValidationError: Why the leading case cannot do it, as ``verbund_case_act``.
    """
    tk.check_access("verbund_case_act", context, data_dict)
    step = {name: value for name, value in data_dict.items() if name != "others"}
    before = cases.get(data_dict["id"])
    together = batches.shown(before.row["id"])["others"]
    action = "verbund_case_sign" if step["action"] in _SIGNED else "verbund_case_act"
    tk.get_action(action)(tk.fresh_context(context), dict(step))
    done, dropped = [before.row["id"]], []
    for one in together:
        seen = data_dict["others"].get(one["id"])
        if seen is None:
            why = tk._("It was left out.")
        else:
            why = _follow(context, action, before, one, {**step, "fingerprint": seen})
        if why:
            batches.leave(one["id"])
            _record(context, one["id"], "batch_leave", {"why": why})
            model.Session.commit()
            dropped.append({"id": one["id"], "title": one["title"], "why": why})
        else:
            done.append(one["id"])
    return {"done": done, "dropped": dropped}


def _follow(
    context: Context, action: str, lead: Situation, one: Row, step: dict[str, Any]
) -> str:
    """Do for one case what was done for the leading one; return why it does not work."""
    try:
        if step["action"] == workflow.Action.SUBMIT.value:
            answer = {"id": one["id"], **_answers(lead)}
            tk.get_action("verbund_case_answer")(tk.fresh_context(context), answer)
        if step["action"] == workflow.Action.DECIDE_OPEN.value:
            step = {**step, "register_title": ""}  # each has its own title
        tk.get_action(action)(tk.fresh_context(context), {**step, "id": one["id"]})
    except tk.ValidationError as error:
        model.Session.rollback()
        texts = next(iter(error.error_dict.values()))
        return str(texts[0] if isinstance(texts, list) else texts)
    except tk.NotAuthorized:
        model.Session.rollback()
        return tk._("You have no role for this member.")
    return ""


def _answers(lead: Situation) -> dict[str, Any]:
    """Return what was answered in the leading case, as the action takes it."""
    row = lead.row
    long = {
        id: {name: one[name] for name in ("value", "reason", "measures")}
        for id, one in lead.answers.items()
        if not one["short"]
    }
    short = {
        "groups": row["short_groups"],
        "ticks": row["short_ticks"],
        "reason": row["short_reason"],
    }
    return {"answers": long} | ({"short": short} if row["short_groups"] else {})


@tk.validate(schema.case_show)
def verbund_batch_leave(context: Context, data_dict: DataDict) -> None:
    """Take a case out of its batch: it goes on alone with what was answered so far.

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``id`` of the case.
    """
    tk.check_access("verbund_batch_leave", context, data_dict)
    batches.leave(data_dict["id"])
    _record(context, data_dict["id"], "batch_leave", {})
    model.Session.commit()


def _record(context: Context, case_id: str, action: str, said: dict[str, Any]) -> None:
    row, user = cases.get(case_id).row, model.User.get(context["user"])
    audit.write(
        row["organization_id"],
        action,
        user.id,
        {"name": user.display_name, **said},
        package_id=row["package_id"],
        case_id=case_id,
        state=row["state"],
        fingerprint=row["fingerprint"],
    )
