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
from ckan import model
from ckan.lib.search import SearchError
from ckan.types import ChainedAction, Context, DataDict
from dateutil.parser import parse

from ckanext.verbund.base.origin import OWN_ONLY, is_harvested
from ckanext.verbund.dcat import (
    aggregate,
    checked,
    describe,
    findings,
    paging,
    repairs,
    reports,
)
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
    describer = describe.Describer(context)
    lines = describer.statements(*describer.values([package]))
    return graph.write(lines, form).decode()


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
    organization, where = None, {}
    if data_dict.get("organization"):
        organization = tk.get_action("organization_show")(
            tk.fresh_context(context),
            {"id": data_dict["organization"], "include_users": False},
        )
        where = {"name": organization["name"]}
        filters = [f'owner_org:"{organization["id"]}"']
    else:
        filters = [*OWN_ONLY]
    endpoint = "verbund_dcat.member" if organization else "verbund_dcat.catalog"
    page = paging.Page.of(data_dict, endpoint, **where)
    found = _search(context, data_dict, page, filters)
    describer = describe.Describer(context)
    values = describer.values(found["results"])
    modified = _modified(context, data_dict, page, found, filters)
    catalog = describe.catalog(describer, values, organization, modified)
    lines = [*describer.statements(catalog, *values), *page.lines(found["count"])]
    return graph.write(lines, form).decode()


@tk.side_effect_free
def verbund_catalog_show(context: Context, data_dict: DataDict) -> str:
    """Return a page of everything that the portal shows, with the origin of what it took over.

    Example::

        ckanapi action verbund_catalog_show format=ttl page=2

    Args:
        context: The context.
        data_dict: ``format``, ``page``, ``q``, ``fq``, ``modified_since`` as for
            ``dcat_catalog_show``.
    """
    form = _form(data_dict)
    tk.check_access("verbund_catalog_show", context, data_dict)
    page = paging.Page.of(data_dict, "verbund_dcat.everything")
    found = _search(context, data_dict, page, [])
    packages = found["results"]
    describer = describe.Describer(context)
    values = describer.values(packages)
    modified = _modified(context, data_dict, page, found, [])
    catalog, beside = aggregate.page(
        describer, packages, values, modified, first=page.number == 1
    )
    lines = [*describer.statements(catalog, *values), *beside, *page.lines(found["count"])]
    return graph.write(dict.fromkeys(lines), form).decode()


def _modified(
    context: Context,
    data_dict: DataDict,
    page: paging.Page,
    found: dict[str, Any],
    filters: list[str],
) -> str:
    """Return when anything in the catalogue changed last; pages begin with the newest."""
    if page.number > 1:
        found = _search(context, data_dict, paging.Page("", 1, 1), filters)
    newest = found["results"]
    return newest[0]["metadata_modified"][:19] + "Z" if newest else ""


def _search(
    context: Context, data_dict: DataDict, page: paging.Page, filters: list[str]
) -> dict[str, Any]:
    filters = ["-dataset_type:harvest", *filters]
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
        data_dict: ``id`` of the package; ``values``: fields as they are in a form
            (``tag_string`` with commas), to be checked in the place of what is stored and not
            saved; ``resource_id``: the file that ``values`` belong to, instead of the
            package; ``quick``: leave out the shapes of DCAT-AP.de, for an answer while
            somebody types.

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
    values, quick = data_dict.get("values") or {}, tk.asbool(data_dict.get("quick"))
    if not (values or quick or is_harvested(package)):
        return checked.of(package, tk.fresh_context(context)).found
    package |= findings.typed(package, values, str(data_dict.get("resource_id") or ""))
    (value,) = describe.Describer(context).values([package])
    return findings.found_in(package, value, findings.QUICK if quick else findings.LAYERS)


@tk.side_effect_free
def verbund_source_catalog_show(context: Context, data_dict: DataDict) -> str:
    """Return what a harvest source says about itself and things that are not its own.

    These statements may not stand in a graph with those of others, see
    ``domain.dcatde.voice``; datasets are not part of it.

    Example::

        ckanapi action verbund_source_catalog_show id=nachbarstadt format=ttl

    Args:
        context: The context.
        data_dict: ``id`` of the source; ``format`` as for ``dcat_dataset_show``.
    """
    form = _form(data_dict)
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_source_catalog_show", context, data_dict)
    source = model.Package.get(data_dict["id"])
    if source is None or source.type != "harvest" or source.state != "active":
        raise tk.ObjectNotFound(tk._("Source not found"))
    return graph.write(aggregate.of_source(source), form).decode()


@tk.side_effect_free
def verbund_repair_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what was changed in a harvested dataset, or in all of a harvest source.

    Example::

        ckanapi action verbund_repair_list id=nachbarstadt limit=10

    Args:
        context: The context.
        data_dict: ``id``: ID or name of a dataset or of a harvest source; ``limit`` (default
            1000, at most 10000) and ``offset`` of the list.

    Returns:
        ``count``; ``rules``: how often each rule was applied, with what it says;
        ``results``: ``rules``, and the statements ``before`` and ``after`` as N-Triples.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_repair_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    limit, offset = (
        _number(data_dict, key, default, most)
        for key, default, most in (("limit", 1000, 10_000), ("offset", 0, 10**9))
    )
    return repairs.found(package.id, limit, offset)


@tk.side_effect_free
def verbund_member_findings(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what the check finds in the own datasets of a member.

    Example::

        ckanapi action verbund_member_findings id=stadt-landau severity=error

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``id``: ID or name of the member; ``severity``: ``error``, ``warning`` or
            ``hint``; ``rule``: name of a rule; ``limit`` (default 100, at most 10000) and
            ``offset`` of the list.

    Returns:
        ``organization`` (``id``, ``name``, ``title``); ``datasets``: how many there are;
        ``waiting``: how many of them changed since they were checked; ``count`` and
        ``results`` of the filter: findings as ``verbund_dataset_check`` returns them, with
        ``dataset``; ``severities``, ``rules`` (``id``, ``severity``, ``count``) to filter by;
        ``points``: the estimate of data.europa.eu's points.
    """
    organization = _member_of(context, data_dict, "verbund_member_findings")
    severity = str(data_dict.get("severity") or "")
    if severity and severity not in reports.SEVERITIES:
        problem = tk._("Choose one of: {values}.").format(values=", ".join(reports.SEVERITIES))
        raise tk.ValidationError({"severity": [problem]})
    limit, offset = (
        _number(data_dict, key, default, most)
        for key, default, most in (("limit", 100, 10_000), ("offset", 0, 10**9))
    )
    results, waiting = checked.of_member(organization["id"])
    if waiting:
        checked.refresh_soon(organization["id"])
    found = reports.of_findings(results, severity, str(data_dict.get("rule") or ""))
    rows = found["results"]
    return {
        **found,
        "organization": organization,
        "datasets": len(results),
        "waiting": waiting,
        "count": len(rows),
        "results": rows[offset : offset + limit],
        "points": reports.points(results),
    }


@tk.side_effect_free
def verbund_dataset_points(context: Context, data_dict: DataDict) -> dict[str, Any] | None:
    """Estimate the points that data.europa.eu would give an own dataset.

    Example::

        ckanapi action verbund_dataset_points id=spielplaetze

    Args:
        context: The context.
        data_dict: ``id`` of the dataset.

    Returns:
        ``total`` of ``maximum``; ``rating``; ``dimensions``; ``improvements``: what would
        bring most with least work; ``unknown``. None for what gets no points.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_dataset_points", context, data_dict)
    package = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    if package["type"] == "harvest":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    found = checked.of(package, tk.fresh_context(context)).estimate
    return reports.estimate(found) if found else None


@tk.side_effect_free
def verbund_hvd_report(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the high-value datasets of a member, and what the regulation still asks for.

    Example::

        ckanapi action verbund_hvd_report id=stadt-landau

    Args:
        context: The context; only what its user may read is listed.
        data_dict: ``id``: ID or name of the member.

    Returns:
        ``organization`` (``id``, ``name``, ``title``); ``results``: ``title``,
        ``categories``, ``licences``, ``downloads``, ``apis``, ``documentation``, ``lacks``.
    """
    organization = _member_of(context, data_dict, "verbund_hvd_report")
    return {
        "organization": organization,
        "results": reports.high_value(context, organization),
    }


def _member_of(context: Context, data_dict: DataDict, action: str) -> dict[str, Any]:
    """Return the member that is asked for, if the caller may."""
    tk.get_or_bust(data_dict, "id")
    group = model.Group.get(data_dict["id"])
    if group is None or not group.is_organization or group.state != "active":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    tk.check_access(action, context, {"id": group.id})
    return {"id": group.id, "name": group.name, "title": group.title or group.name}


def _number(data_dict: DataDict, key: str, default: int, most: int) -> int:
    text = str(data_dict.get(key) or default)
    if not (text.isascii() and text.isdigit()) or int(text[:12]) > most:
        problem = tk._("Please give a whole number from 0 to {most}.").format(most=most)
        raise tk.ValidationError({key: [problem]})
    return int(text)
