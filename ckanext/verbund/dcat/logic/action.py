# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions: ckanext-dcat's exports, written by our mapping.

CKAN's ``package_show`` and ``package_search`` decide what the caller may read. Who asks for a
profile of ckanext-dcat by name (``profiles``) gets it from there.
"""

from __future__ import annotations

from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import ChainedAction, Context, DataDict
from dateutil.parser import parse

from ckanext.verbund.base.origin import OWN_ONLY
from ckanext.verbund.dcat import describe, findings, paging
from ckanext.verbund.domain.dcatde import graph

_FORMS = {"xml": "rdf", "pretty-xml": "rdf", "n3": "ttl", "turtle": "ttl", "json-ld": "jsonld"}


@tk.side_effect_free
@tk.chained_action
def dcat_dataset_show(next_action: ChainedAction, context: Context, data_dict: DataDict) -> str:
    """Return one dataset, series or service as DCAT-AP.de 3.0.

    Example::

        ckanapi action dcat_dataset_show id=spielplaetze format=ttl

    Args:
        next_action: The action of ckanext-dcat.
        context: The context.
        data_dict: ``id``; ``format``: ``rdf`` (default), ``ttl``, ``jsonld`` or ``nt``.
    """
    if data_dict.get("profiles"):
        return next_action(context, data_dict)
    form = _form(data_dict)
    tk.check_access("dcat_dataset_show", context, data_dict)
    package = tk.get_action("package_show")(
        tk.fresh_context(context), {"id": tk.get_or_bust(data_dict, "id")}
    )
    if package["type"] == "harvest":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    values = describe.Describer(context).values([package])
    return graph.write(describe.statements(*values), form).decode()


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_show(next_action: ChainedAction, context: Context, data_dict: DataDict) -> str:
    """Return a page of the portal's own datasets, or of one member, as DCAT-AP.de 3.0.

    Example::

        ckanapi action dcat_catalog_show format=ttl page=2

    Args:
        next_action: The action of ckanext-dcat.
        context: The context.
        data_dict: ``format`` as for ``dcat_dataset_show``; ``page``, from 1;
            ``organization``: ID or name of a member; ``q``, ``fq``, ``modified_since``.
    """
    return _catalog(next_action, "dcat_catalog_show", context, data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_search(
    next_action: ChainedAction, context: Context, data_dict: DataDict
) -> str:
    """Return a page of datasets that were searched for; the same as ``dcat_catalog_show``.

    Example::

        ckanapi action dcat_catalog_search q=Spielplatz format=ttl

    Args:
        next_action: The action of ckanext-dcat.
        context: The context.
        data_dict: See ``dcat_catalog_show``.
    """
    return _catalog(next_action, "dcat_catalog_search", context, data_dict)


def _catalog(
    next_action: ChainedAction, name: str, context: Context, data_dict: DataDict
) -> str:
    if data_dict.get("profiles"):
        return next_action(context, data_dict)
    form = _form(data_dict)
    tk.check_access(name, context, data_dict)
    organization = None
    if data_dict.get("organization"):
        organization = tk.get_action("organization_show")(
            tk.fresh_context(context),
            {"id": data_dict["organization"], "include_users": False},
        )
    page = paging.Page.of(data_dict, organization)
    found = _search(context, data_dict, page, organization)
    describer = describe.Describer(context)
    values = describer.values(found["results"])
    newest = found["results"] if page.number == 1 else _newest(context, data_dict, organization)
    modified = newest[0]["metadata_modified"][:19] + "Z" if newest else ""
    catalog = describe.catalog(describer, values, organization, modified)
    lines = [*describe.statements(catalog, *values), *page.lines(found["count"])]
    return graph.write(lines, form).decode()


def _newest(
    context: Context, data_dict: DataDict, organization: dict[str, Any] | None
) -> list[dict[str, Any]]:
    first = paging.Page("", 1, 1)
    return _search(context, data_dict, first, organization)["results"]


def _search(
    context: Context,
    data_dict: DataDict,
    page: paging.Page,
    organization: dict[str, Any] | None,
) -> dict[str, Any]:
    filters = ["-dataset_type:harvest"]
    if organization:
        filters.append(f'owner_org:"{organization["id"]}"')
    else:
        filters += OWN_ONLY
    since = data_dict.get("modified_since")
    if since:
        try:
            moment = parse(str(since))
            if moment.tzinfo:
                moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        except (ValueError, OverflowError) as error:
            problem = tk._("Write the date as year-month-day, such as 2026-05-02.")
            raise tk.ValidationError({"modified_since": [problem]}) from error
        filters.append(f"metadata_modified:[{moment.isoformat()}Z TO NOW]")
    asked = {
        "q": data_dict.get("q") or "*:*",
        "fq": data_dict.get("fq") or "",
        "fq_list": filters,
        "rows": page.size,
        "start": page.size * (page.number - 1),
        "sort": "metadata_modified desc",
    }
    try:
        return tk.get_action("package_search")(tk.fresh_context(context), asked)
    except SearchError as error:
        problem = tk._("The index does not understand this search.")
        raise tk.ValidationError({"q": [problem]}) from error


def _form(data_dict: DataDict) -> str:
    asked = str(data_dict.get("format") or "rdf")
    form = _FORMS.get(asked, asked)
    if form not in graph.FORMATS:
        problem = tk._("There is no such format. Choose one of: {formats}.")
        raise tk.ValidationError({"format": [problem.format(formats=", ".join(graph.FORMATS))]})
    return form


@tk.side_effect_free
def verbund_dataset_check(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Check one dataset, series or service by the rules of DCAT-AP.de 3.0 and our own.

    Example::

        ckanapi action verbund_dataset_check id=spielplaetze

    Args:
        context: The context.
        data_dict: ``id`` of the package.

    Returns:
        Findings as dicts, errors first: what is wrong (``message_de``), what to do
        (``remedy_de``), the source of the rule, ``field`` of the form and ``resource_id`` of
        the file, if it is about one.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_dataset_check", context, data_dict)
    package = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    if package["type"] == "harvest":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    (value,) = describe.Describer(context).values([package])
    return findings.found_in(package, value)
