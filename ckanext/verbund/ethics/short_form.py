# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Kurzprüfung between tables and rules: who may take it, and what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.verbund.domain import licence
from ckanext.verbund.domain.ethics import short_check, witness
from ckanext.verbund.domain.ethics.assess import Answer
from ckanext.verbund.domain.ethics.short_check import Column, Facts, Miss, Short
from ckanext.verbund.ethics.model import answer, case, short_type

if TYPE_CHECKING:
    from ckanext.verbund.ethics.cases import Situation

#: A dataset with one of these came from elsewhere.
_HARVESTED = {"guid", "harvest_object_id", "harvest_source_id"}
_OTHERS = {"third_party", "mixed"}


def adopted(organization_id: str) -> frozenset[str]:
    """Return the codes of Musterdatensätze that Leitung of a member adopted."""
    query = sa.select(short_type.c.code).where(short_type.c.organization_id == organization_id)
    return frozenset(model.Session.scalars(query))


def misses(situation: Situation, package: dict[str, Any]) -> list[Miss]:
    """Return what speaks against the short way; nothing means that it is open.

    Args:
        situation: The case.
        package: Its dataset as it is now.
    """
    return short_check.misses(short_check.rules(), _facts(situation, package))


def entered(situation: Situation) -> Short:
    """Return what somebody entered in the Kurzprüfung of a case."""
    row = situation.row
    return Short(row["short_groups"], frozenset(row["short_ticks"]), row["short_reason"])


def given(situation: Situation) -> dict[str, Answer]:
    """Return the stored answers as the rules of the Kurzprüfung take them."""
    return {
        name: Answer(one["value"], one["reason"], frozenset(one["measures"]), one["short"])
        for name, one in situation.answers.items()
    }


def close(situation: Situation, package: dict[str, Any]) -> bool:
    """Let short answers need reasons of their own if the short way is closed; no commit.

    The values stay, so that nothing entered is lost.

    Returns:
        Whether any answer had come the short way.
    """
    taken = any(one["short"] for one in situation.answers.values())
    if not taken or not misses(situation, package):
        return False
    id = situation.row["id"]
    model.Session.execute(sa.update(answer).where(answer.c.case_id == id).values(short=False))
    model.Session.execute(sa.update(case).where(case.c.id == id).values(short=False))
    return True


def _facts(situation: Situation, package: dict[str, Any]) -> Facts:
    said = {
        (one["sha256"], one["finding"]): witness.Disposition(one["value"])
        for one in situation.dispositions
    }
    organization_id = situation.row["organization_id"]
    return Facts(
        type=str(package.get("musterdatensatz") or ""),
        adopted=adopted(organization_id),
        screened=witness.complete(situation.screened),
        open_findings=len(witness.unexplained(situation.screened, said)),
        columns=_columns(situation.screened),
        own=_own(package, organization_id),
        open_licence=_open(package),
    )


def _columns(files: list[witness.Screened]) -> tuple[Column, ...] | None:
    found = []
    for file in files:
        parts = file.report.parts if file.report else ()
        if not parts or not all(part.columns for part in parts):
            return None
        found += [
            Column(name, "", free_text=name in part.free_text)
            for part in parts
            for name in part.columns
        ]
    return tuple(found)


def _own(package: dict[str, Any], organization_id: str) -> bool:
    extras = {extra["key"] for extra in package.get("extras") or ()}
    return (
        package.get("owner_org") == organization_id
        and not _HARVESTED & (extras | {name for name in package if package[name]})
        and package.get("data_origin") not in _OTHERS
    )


def _open(package: dict[str, Any]) -> bool:
    found = [licence.find(one.get("license")) for one in package.get("resources") or ()]
    return bool(found) and all(one is not None and one.open for one in found)
