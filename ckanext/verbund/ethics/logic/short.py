# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of the Kurzprüfung: who may take it, and for which kinds of data."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict
from sqlalchemy.dialects.postgresql import insert

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.ethics import short_check, witness
from ckanext.verbund.domain.ethics.catalogue import NO, UNCLEAR, YES
from ckanext.verbund.domain.ethics.short_check import Miss
from ckanext.verbund.ethics import audit, cases, content, files, short_form, shown, told
from ckanext.verbund.ethics.cases import Situation
from ckanext.verbund.ethics.logic import schema
from ckanext.verbund.ethics.model import answer, case, now, short_type

__all__ = [
    "verbund_short_check_show",
    "verbund_short_list_set",
    "verbund_short_list_show",
    "verbund_short_way_show",
]


@tk.side_effect_free
@tk.validate(schema.package)
def verbund_short_way_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show whether a dataset may take the short way, with or without a case.

    Example::

        ckanapi action verbund_short_way_show package_id=spielplaetze

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``package_id``, ID or name.

    Returns:
        ``eligible``; ``misses`` (``code``, ``text``, ``remedy``, ``where``): why not, what to
        do about it, and at which file, column or kind of data it fails; ``pending``: whether
        the automatic check is still at work.

    Raises:
        ObjectNotFound: There is no such dataset.
    """
    tk.check_access("verbund_short_way_show", context, data_dict)
    package = content.show(data_dict["package_id"])
    row = cases.open_case(package["id"])
    if row:
        data = short_form.of(cases.situation(row), package)
    else:
        screened = files.screened(package["id"])
        data = short_form.Data(package["owner_org"], package, screened, [])
    missed = short_form.misses(data)
    return {
        "eligible": not missed,
        "misses": _told(missed, data),
        "pending": witness.pending(data.screened),
    }


def _told(missed: list[Miss], data: short_form.Data) -> list[dict[str, Any]]:
    lang = shown.lang()
    return [
        {
            "code": one.code,
            "text": one.texts[lang],
            "remedy": one.remedy[lang],
            "where": short_form.where(one.code, data, lang),
        }
        for one in missed
    ]


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_short_check_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show whether a case may take the short way, what it asks, and what was entered.

    Example::

        ckanapi action verbund_short_check_show id=8b1c…

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``id`` of the case.

    Returns:
        ``eligible``, ``misses``: as ``verbund_short_way_show``; ``groups`` with ``id``,
        ``title``, ``statements`` (``id``, ``text``, ``help``, ``hint``: what the description
        or the check says against it, ``findings``) and the ``answer`` so far; ``ticks``
        (``id``, ``text``, ``help``, ``ticked``); ``reason``; ``opened``: groups to be answered
        in the long form; ``pending``: groups without answer; ``needs_reason``; ``done``.

    Raises:
        ObjectNotFound: There is no such case.
    """
    situation = cases.get(data_dict["id"])
    tk.check_access("verbund_short_check_show", context, data_dict)
    package = content.show(situation.row["package_id"])
    rules, lang = short_check.rules(), shown.lang()
    data = short_form.of(situation, package)
    entered, missed = short_form.entered(situation), short_form.misses(data)
    expanded = short_check.expand(rules, entered, short_form.given(situation))
    proposed, findings = told.proposals(situation, package), told.findings(situation)
    questions = {question.id: question for question in rules.catalogue.questions}

    def against(id: str) -> str:
        proposal = proposed.get(id)
        speaks = proposal is not None and questions[id].triggered(proposal.value)
        return proposal.texts[lang] if proposal and speaks else ""

    return {
        "eligible": not missed,
        "misses": _told(missed, data),
        "groups": [
            {
                "id": group,
                "title": rules.catalogue.groups[group][lang],
                "answer": entered.groups.get(group, ""),
                "statements": [
                    {
                        "id": id,
                        "text": texts[lang],
                        "help": rules.help(id)[lang],
                        "hint": against(id),
                        "findings": findings.get(id, []),
                    }
                    for id, texts in rules.statements.items()
                    if id[0] == group
                ],
            }
            for group in rules.groups
        ],
        "ticks": [
            {
                "id": id,
                "text": texts[lang],
                "help": rules.help(id)[lang],
                "ticked": id in entered.ticks,
            }
            for id, texts in rules.ticks.items()
        ],
        "reason": entered.reason,
        "opened": list(expanded.opened),
        "pending": list(expanded.pending),
        "needs_reason": expanded.needs_reason,
        "done": not missed and expanded.done,
    }


def store(situation: Situation, user_id: str, given: dict[str, Any]) -> list[Miss]:
    """Store what was entered in the Kurzprüfung, and the answers that it stands for; no commit.

    Where the short way is closed, what was entered is kept all the same, and answers that had
    come this way need reasons of their own.

    Args:
        situation: The case with its long answers as they are now.
        user_id: Who entered it.
        given: ``groups``, ``ticks``, ``reason``; what is left out stays as it is.

    Returns:
        Why the short way is closed; nothing: the answers are stored.

    Raises:
        ValidationError: There is no such group, tick or answer.
    """
    rules, before, id = short_check.rules(), short_form.entered(situation), situation.row["id"]
    entered = short_check.Short(
        {**before.groups, **_groups(rules, given.get("groups") or {})},
        _ticks(rules, given["ticks"]) if "ticks" in given else before.ticks,
        str(given.get("reason", before.reason)).strip(),
    )
    package = content.show(situation.row["package_id"])
    missed = short_form.misses(short_form.of(situation, package))
    values = {
        "short_groups": dict(entered.groups),
        "short_ticks": sorted(entered.ticks),
        "short_reason": entered.reason,
        "short": False,
    }
    if missed:
        short_form.close(situation, package)
    else:
        expanded = short_check.expand(rules, entered, short_form.given(situation))
        values["short"] = expanded.done
        _answer(id, user_id, expanded)
    model.Session.execute(sa.update(case).where(case.c.id == id).values(**values))
    return missed


def _answer(case_id: str, user_id: str, expanded: short_check.Expanded) -> None:
    found = [
        {
            "case_id": case_id,
            "question": id,
            "value": one.value,
            "reason": "",
            "measures": [],
            "short": True,
            "user_id": user_id,
            "changed": now(),
        }
        for id, one in expanded.answers.items()
        if one.short
    ]
    # Short answers of a group that was opened since are nobody's answers any more.
    model.Session.execute(
        sa.delete(answer).where(answer.c.case_id == case_id, answer.c.short.is_(True))
    )
    if found:
        model.Session.execute(sa.insert(answer).values(found))


def _groups(rules: short_check.ShortCheck, given: dict[str, Any]) -> dict[str, str]:
    wrong = set(given) - set(rules.groups) or set(given.values()) - {YES, NO, UNCLEAR}
    if wrong:
        raise _not_offered()
    return given


def _ticks(rules: short_check.ShortCheck, given: list[str]) -> frozenset[str]:
    if not isinstance(given, list) or set(given) - set(rules.ticks):
        raise _not_offered()
    return frozenset(given)


def _not_offered() -> tk.ValidationError:
    text = tk._("Please answer with one of the answers that are offered.")
    return tk.ValidationError({"short": [text]})


@tk.side_effect_free
@tk.validate(schema.role_list)
def verbund_short_list_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show for which kinds of data a member allows the Kurzprüfung.

    Example::

        ckanapi action verbund_short_list_show organization_id=stadt-landau

    Args:
        context: The context; its user must have a role for the member.
        data_dict: ``organization_id``, ID or name.

    Returns:
        ``adopted`` by Leitung; ``proposed``: what comes with the software and counts for
        nothing until it is adopted, both codes of Musterdatensätze; ``kinds``: all of them
        with ``code``, ``label``, and under ``never`` why it cannot be adopted, empty if it can.
    """
    tk.check_access("verbund_short_list_show", context, data_dict)
    return _list(short_form.adopted(model.Group.get(data_dict["organization_id"]).id))


def _list(adopted: frozenset[str]) -> dict[str, Any]:
    rules, lang, found = short_check.rules(), shown.lang(), []
    for kind in vocab.load("musterdatensatz").concepts:
        never = rules.forbidden(kind.code)
        found.append(
            {
                "code": kind.code,
                "label": kind.label(lang),
                "never": never.texts[lang] if never else "",
            }
        )
    return {"adopted": sorted(adopted), "proposed": list(rules.proposed), "kinds": found}


@tk.validate(schema.short_list_set)
def verbund_short_list_set(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Adopt the list of kinds of data for which a member allows the Kurzprüfung.

    Cases that were sent already are looked at by the new list before they are decided.

    Example::

        ckanapi action verbund_short_list_set organization_id=stadt-landau types:'["7/1"]'

    Args:
        context: The context; its user must be Leitung of the member.
        data_dict: ``organization_id``; ``types``: codes, IRIs or names, the whole list.

    Returns:
        As ``verbund_short_list_show``.

    Raises:
        ValidationError: Some do not exist, or always take the long form; nothing is stored.
    """
    tk.check_access("verbund_short_list_set", context, data_dict)
    group = model.Group.get(data_dict["organization_id"])
    may, may_not = short_check.adoptable(short_check.rules(), data_dict["types"])
    if may_not:
        text = tk._("These kinds of data always need the long form, or do not exist: {types}")
        raise tk.ValidationError({"types": [text.format(types=", ".join(may_not))]})
    user = model.User.get(context["user"])
    model.Session.execute(sa.delete(short_type).where(short_type.c.organization_id == group.id))
    if may:
        values = [
            {"organization_id": group.id, "code": code, "user_id": user.id} for code in may
        ]
        model.Session.execute(insert(short_type).values(values).on_conflict_do_nothing())
    said = {"name": user.display_name, "types": sorted(may)}
    audit.write(group.id, "adopt_short_list", user.id, said, role="leitung")
    model.Session.commit()
    return _list(may)
