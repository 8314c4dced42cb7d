# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of the public register of decisions, and of the catalogue of questions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict
from feedgen.feed import FeedGenerator

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics import register
from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.ethics import papers, told, words
from ckanext.verbund.ethics.logic import schema

__all__ = [
    "verbund_catalogue_show",
    "verbund_register_export",
    "verbund_register_list",
    "verbund_register_show",
    "verbund_register_year",
]

_MOST = 500
_IN_FEED = 25


@tk.side_effect_free
@tk.validate(schema.register_list)
def verbund_register_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the decisions of this portal, refusals too, as everybody may read them.

    Example::

        ckanapi action verbund_register_list outcome=refused

    Args:
        context: The context.
        data_dict: ``organization_id`` (ID or name), ``outcome`` (``open``, ``restricted``,
            ``refused``); ``offset`` (0), ``limit`` (50; at most 500).

    Returns:
        ``entries``, the newest first, with ``id``, ``hash``, ``member``, ``outcome``,
        ``title``, ``grounds``, ``reason`` and so on; ``total``. Sealed decisions are not in it.
    """
    tk.check_access("verbund_register_list", context, data_dict)
    found = _found(data_dict)
    begin, limit = data_dict["offset"], max(1, min(data_dict["limit"], _MOST))
    catalogue = load()
    return {
        "entries": [
            register.as_json(catalogue, one, told.lang())
            for one in found[begin : begin + limit]
        ],
        "total": len(found),
    }


@tk.side_effect_free
@tk.validate(schema.case_show)
def verbund_register_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show one entry of the register.

    Args:
        context: The context.
        data_dict: ``id`` of the decision.

    Returns:
        The entry, as ``verbund_register_list`` lists it.

    Raises:
        ObjectNotFound: There is none, or it is sealed; which of the two is not told.
    """
    tk.check_access("verbund_register_list", context, data_dict)
    found = papers.entries(decision_id=data_dict["id"])
    if not found:
        raise tk.ObjectNotFound(tk._("There is no such entry in the register."))
    return register.as_json(load(), found[0], told.lang())


@tk.side_effect_free
@tk.validate(schema.register_export)
def verbund_register_export(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Return the register as a table, or what was decided last as a feed.

    Args:
        context: The context.
        data_dict: ``format``, ``csv`` or ``atom``; ``organization_id``, ``outcome`` as for
            ``verbund_register_list``.

    Returns:
        ``text``: the file.
    """
    tk.check_access("verbund_register_list", context, data_dict)
    found = _found(data_dict)
    if data_dict["format"] == "csv":
        return {"text": register.to_csv(load(), found, told.lang()).decode()}
    return {"text": _atom(found[:_IN_FEED]).decode()}


def _atom(found: list[register.Entry]) -> bytes:
    page = tk.url_for("verbund_register.index", _external=True)
    feed = FeedGenerator()
    feed.id(page)
    feed.title(tk._("Register of decisions"))
    feed.language(tk.h.lang())
    feed.author({"name": tk.config["ckan.site_title"]})
    feed.link(href=page, rel="alternate", type="text/html")
    feed.link(
        href=tk.url_for("verbund_register.feed", _external=True),
        rel="self",
        type="application/atom+xml",
    )
    for one in found:
        item = register.feed_item(load(), one, page, told.lang())
        entry = feed.add_entry(order="append")
        entry.id(item.id)
        entry.title(item.title)
        entry.link(href=item.id, rel="alternate")
        entry.updated(item.updated)
        entry.summary(item.summary)
    return feed.atom_str(encoding="utf-8")


@tk.side_effect_free
@tk.validate(schema.register_year)
def verbund_register_year(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the figures of a year; totals below three are not told.

    Args:
        context: The context.
        data_dict: ``year``, this one by default; ``organization_id`` (ID or name).

    Returns:
        ``year``, ``years`` with decisions, ``least`` that is told, ``total``, ``outcomes``,
        ``grounds``, ``offices`` (``office``, ``decisions``, ``median_days``); None where a
        total is below ``least``.
    """
    tk.check_access("verbund_register_list", context, data_dict)
    found = papers.decided(_organization(data_dict))
    year = data_dict.get("year") or tasks.today().year
    figures = register.yearly(load(), found, year)
    years = sorted({one.decided_on.year for one in found} | {year}, reverse=True)
    return asdict(figures) | {"years": years, "least": register.LEAST}


@tk.side_effect_free
def verbund_catalogue_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the questions in force, for everybody.

    Args:
        context: The context.
        data_dict: Nothing.

    Returns:
        ``version``, ``hash``; ``groups`` with ``id``, ``title`` and ``questions`` (``id``,
        ``text``, ``help``, ``refs``, ``trigger``, ``follows``, ``ground``).
    """
    tk.check_access("verbund_register_list", context, data_dict)
    catalogue, lang = load(), told.lang()
    groups: dict[str, dict[str, Any]] = {
        id: {"id": id, "title": texts[lang], "questions": []}
        for id, texts in catalogue.groups.items()
    }
    for one in catalogue.questions:
        groups[one.group]["questions"].append(
            {
                **words.question(catalogue, one, ("", ""), lang),
                "trigger": catalogue.answers[one.trigger][lang],
                "follows": [catalogue.effects[c.effect.value][lang] for c in one.consequences],
                "ground": catalogue.grounds[one.ground][lang] if one.ground else "",
            }
        )
    return {
        "version": catalogue.version,
        "hash": catalogue.hash,
        "groups": list(groups.values()),
    }


def _found(data_dict: DataDict) -> list[register.Entry]:
    found = papers.entries(_organization(data_dict))
    wanted = data_dict.get("outcome")
    return [one for one in found if one.outcome == wanted] if wanted else found


def _organization(data_dict: DataDict) -> str:
    asked = data_dict.get("organization_id")
    if not asked:
        return ""
    group = model.Group.get(asked)
    if group is None or not group.is_organization or group.state != "active":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return group.id
