# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Kurzprüfung between tables and rules: who may take it, and what was entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.verbund.domain import licence, vocab
from ckanext.verbund.domain.ethics import short_check, witness
from ckanext.verbund.domain.ethics.assess import Answer
from ckanext.verbund.domain.ethics.short_check import Column, Facts, Miss, Short
from ckanext.verbund.domain.screening import wording
from ckanext.verbund.domain.screening.report import Hit
from ckanext.verbund.ethics.model import Row, answer, case, short_type

if TYPE_CHECKING:
    from ckanext.verbund.ethics.cases import Situation

#: A dataset with one of these came from elsewhere.
_HARVESTED = {"guid", "harvest_object_id", "harvest_source_id"}
_OTHERS = {"third_party", "mixed"}


def adopted(organization_id: str) -> frozenset[str]:
    """Return the codes of Musterdatensätze that Leitung of a member adopted."""
    query = sa.select(short_type.c.code).where(short_type.c.organization_id == organization_id)
    return frozenset(model.Session.scalars(query))


@dataclass(frozen=True)
class Data:
    """The data that the short way is asked for.

    Attributes:
        organization_id: The member.
        package: The dataset as it is now.
        screened: Its files with what the automatic check said of them.
        dispositions: What people said of findings, as it is stored.
    """

    organization_id: str
    package: dict[str, Any]
    screened: list[witness.Screened]
    dispositions: list[Row]

    @property
    def unexplained(self) -> list[tuple[witness.Screened, Hit]]:
        """Return the findings that nobody has explained."""
        said = {
            (one["sha256"], one["finding"]): witness.Disposition(one["value"])
            for one in self.dispositions
        }
        return witness.unexplained(self.screened, said)


def of(situation: Situation, package: dict[str, Any]) -> Data:
    """Return the data of a case."""
    return Data(
        situation.row["organization_id"], package, situation.screened, situation.dispositions
    )


def misses(data: Data) -> list[Miss]:
    """Return what speaks against the short way; nothing means that it is open."""
    return short_check.misses(short_check.rules(), _facts(data))


def where(code: str, data: Data, lang: str) -> list[str]:
    """Return what in the data a condition fails at, as people call it.

    Args:
        code: Of the condition.
        data: The data.
        lang: ``de`` or ``en``.
    """
    names = _WHERE.get(code)
    return names(data, lang) if names else []


def _kind(data: Data, lang: str) -> list[str]:
    kind = vocab.load("musterdatensatz").get(data.package.get("musterdatensatz"))
    return [kind.label(lang)] if kind else []


def _unread(data: Data, _lang: str) -> list[str]:
    return [file.name for file in data.screened if not (file.report and file.report.complete)]


def _findings(data: Data, lang: str) -> list[str]:
    labels = wording.findings()
    return [
        _place(file.name, labels[hit.kind].label[lang], hit.column)
        for file, hit in data.unexplained
    ]


def _no_columns(data: Data, _lang: str) -> list[str]:
    return [file.name for file in data.screened if columns([file]) is None]


def _texts(data: Data, _lang: str) -> list[str]:
    return [
        _place(file.name, column)
        for file in data.screened
        for part in (file.report.parts if file.report else ())
        for column in part.free_text
    ]


def _not_open(data: Data, _lang: str) -> list[str]:
    resources = data.package.get("resources") or ()
    return [one.get("name") or one["id"] for one in resources if not _open_one(one)]


_WHERE = {
    "not_never": _kind,
    "adopted": _kind,
    "screened": _unread,
    "no_findings": _findings,
    "columns_known": _no_columns,
    "no_free_text": _texts,
    "open_licence": _not_open,
}


def _place(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


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
    if not taken or not misses(of(situation, package)):
        return False
    id = situation.row["id"]
    model.Session.execute(sa.update(answer).where(answer.c.case_id == id).values(short=False))
    model.Session.execute(sa.update(case).where(case.c.id == id).values(short=False))
    return True


def _facts(data: Data) -> Facts:
    return Facts(
        type=str(data.package.get("musterdatensatz") or ""),
        adopted=adopted(data.organization_id),
        screened=witness.complete(data.screened),
        open_findings=len(data.unexplained),
        columns=columns(data.screened),
        own=_own(data.package, data.organization_id),
        open_licence=_open(data.package),
    )


def columns(files: list[witness.Screened]) -> tuple[Column, ...] | None:
    """Return the columns of files as the check read them; None: not all of them are known."""
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
    return bool(package.get("resources")) and all(map(_open_one, package["resources"]))


def _open_one(resource: dict[str, Any]) -> bool:
    found = licence.find(resource.get("license"))
    return found is not None and found.open
