# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_ethics``."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.verbund.base import members, tasks
from ckanext.verbund.domain import german
from ckanext.verbund.domain.ethics import deadlines, register
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.ethics import cases, roles, told, words
from ckanext.verbund.ethics.model import in_force

__all__ = [
    "verbund_case_batch",
    "verbund_case_effect",
    "verbund_case_members",
    "verbund_case_outcomes",
    "verbund_case_roles",
    "verbund_case_states",
    "verbund_case_steps",
    "verbund_case_verdicts",
    "verbund_decision_ahead",
    "verbund_decision_seal",
    "verbund_ending",
    "verbund_finding_dispositions",
    "verbund_kinds_by_theme",
    "verbund_precedents",
    "verbund_register_figure",
    "verbund_register_members",
    "verbund_register_outcomes",
    "verbund_restriction",
    "verbund_review_day",
    "verbund_source_decision",
    "verbund_way_to_public",
]


def verbund_case_states() -> dict[str, str]:
    """Return the states of cases with their names."""
    return {state.value: name for state, name in words.states().items()}


def verbund_case_roles() -> dict[str, str]:
    """Return the roles that somebody can be given, with their names."""
    names = words.roles()
    return {role.value: names[role] for role in roles.GIVEN}


def verbund_case_steps() -> dict[str, str]:
    """Return what happened to a case, in words."""
    return words.steps()


def verbund_case_verdicts() -> dict[str, str]:
    """Return what a specialist may say, in words."""
    return {verdict.value: name for verdict, name in words.verdicts().items()}


def verbund_case_batch(case_id: str) -> dict[str, Any]:
    """Return the batch that a case is in."""
    return tk.get_action("verbund_batch_show")({}, {"id": case_id})


def verbund_case_effect(effect: str) -> str:
    """Return what the comment of a specialist is called."""
    return load().effects[effect][told.lang()]


def verbund_case_members() -> list[members.Member]:
    """Return the members for which the reader has a role or edits: whose roles they may see."""
    who = tasks.person(tk.current_user.name)
    mine = {*roles.members_of(who.id), *(who.organizations or ())}
    return [one for one in members.all_members() if one.id in mine]


def verbund_case_outcomes() -> dict[str, str]:
    """Return the outcomes of decisions with their names."""
    return words.outcomes()


def verbund_register_outcomes() -> dict[str, str]:
    """Return the outcomes as the register calls them, with their names."""
    return {code: texts[told.lang()] for code, texts in register.OUTCOME_TEXTS.items()}


def verbund_register_members() -> list[dict[str, str]]:
    """Return the members whose decisions the register can show: ``name`` and ``title``."""
    return [{"name": one.name, "title": one.title or one.name} for one in members.all_members()]


def verbund_precedents(case_id: str) -> dict[str, Any]:
    """Return what others decided about data like those of a case."""
    return tk.get_action("verbund_precedent_list")({}, {"id": case_id})


def verbund_register_figure(count: float | None) -> str:
    """Return a figure of the register as it is shown; None is a total that is not told."""
    if isinstance(count, float) and count % 1:
        return german.number(count, 1) if told.lang() == "de" else f"{count:.1f}"
    return register.figure(count, told.lang())


def verbund_review_day() -> date:
    """Return the day of the Wiedervorlage that is proposed to a decider."""
    return deadlines.review_on(tasks.today(), "")


def verbund_ending(case: dict[str, Any]) -> dict[str, Any]:
    """Return how the publication that a case is about ends or ended; see its action."""
    return tk.get_action("verbund_ending_show")({}, {"id": case["id"]})


def verbund_finding_dispositions() -> dict[str, dict[str, str]]:
    """Return what somebody may say of a finding: ``name`` and ``about``."""
    return words.dispositions()


def verbund_kinds_by_theme(
    kinds: list[dict[str, Any]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return Musterdatensätze by the theme that their name begins with, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in kinds:
        found.setdefault(kind["label"].split(" - ", maxsplit=1)[0], []).append(kind)
    return list(found.items())


def verbund_decision_ahead(package: dict[str, Any]) -> dict[str, Any]:
    """Return the seal as it would be if the dataset were decided as open today.

    Args:
        package: The dataset, as ``package_show`` returns it.
    """
    member = members.member(package["owner_org"])
    return {
        "outcome": "open",
        "public": True,
        "created": tasks.today(),
        "member": member.title if member else "",
        "review_date": verbund_review_day(),
    }


def verbund_restriction(package: dict[str, Any]) -> dict[str, Any]:
    """Return how access to a dataset is restricted, as its reader may know.

    Args:
        package: The dataset; only its ``id`` is needed.
    """
    return tk.get_action("verbund_restriction_show")({}, {"package_id": package["id"]})


def verbund_decision_seal(package: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the page of a dataset says of its decision, or None where there is none.

    Args:
        package: The dataset, as ``package_show`` returns it.

    Returns:
        ``outcome``, ``created``, ``conditions``, ``review_date``, ``valid_until``, the office
        as ``member``, ``inherited``, and the ``id`` in the register, empty if it is not there.
    """
    found = tk.get_action("verbund_decision_show")({}, {"package_id": package["id"]})
    if found is None:
        return None
    member = members.member(found["organization_id"])
    sealed = bool(load().sealed_grounds & set(found["grounds"]))
    return found | {
        "member": member.title if member else "",
        "id": found["inherited_from"] or ("" if sealed else found["id"]),
        "public": not package.get("private") and package.get("state") == "active",
    }


def verbund_way_to_public(package: dict[str, Any]) -> str:
    """Return what stands between a dataset and the public.

    Args:
        package: The dataset, as ``package_show`` returns it.

    Returns:
        ``decided`` (it may be public as it is now), ``open`` (its case is under way) or
        ``begin`` (a case has to be begun).
    """
    if in_force(package["id"]):
        return "decided"
    return "open" if cases.open_case(package["id"]) else "begin"


def verbund_source_decision(source_id: str) -> dict[str, Any] | None:
    """Return the decision that lets datasets of a source of harvesting be public, or None.

    Args:
        source_id: The source.
    """
    context = {"ignore_auth": True}  # who sees the page of a source may know
    return tk.get_action("verbund_source_decision_show")(context, {"source_id": source_id})
