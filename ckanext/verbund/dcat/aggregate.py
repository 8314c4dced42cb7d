# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue of everything that the portal shows, with the origin of what it did not write.

Each harvested entry has a record that names the catalogue it came from. The catalogues
themselves, what belongs to none of their entries included, stand on the first page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.verbund.base import convert
from ckanext.verbund.dcat import describe
from ckanext.verbund.dcat.model import Kept, SourceCatalog
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.terms import TYPE, expand, literal
from ckanext.verbund.domain.dcatde.voice import Voice

__all__ = ["of_source", "page"]

_CATALOG, _SEE_ALSO = expand("dcat:Catalog"), expand("rdfs:seeAlso")


def page(
    describer: describe.Describer,
    packages: Sequence[Mapping[str, Any]],
    values: Sequence[convert.Resource],
    modified: str,
    *,
    first: bool,
) -> tuple[d.Catalog, list[str]]:
    """Return the catalogue as of one page, and the statements beside it.

    Args:
        describer: Knows the members.
        packages: What stands on the page, as ``package_search`` returns it.
        values: The same as values.
        modified: When anything in the catalogue changed last.
        first: Whether it is the first page, which describes the parts.
    """
    kept = _kept([package["id"] for package in packages])
    own = describe.catalog(describer, (), None, modified)
    sources = _sources()
    entries = [
        (value, package, *kept[package["id"]])
        for value, package in zip(values, packages, strict=True)
        if package["id"] in kept
    ]
    beside = [
        line
        for value, package, source, listed in entries
        for line in (*_record(value, package, sources.get(source, "")), *listed)
    ]
    parts: list[str] = []
    if first:
        parts = [own.uri]
        beside += describer.statements(own)
        for lines in _described():
            parts += _catalogs(lines)
            beside += lines
    whole = describe.catalog(describer, values, None, modified)
    return replace(
        whole,
        uri=f"{own.uri}/gesamt",
        # Like all texts of the catalogue in German, whoever asks (K03).
        title=(d.Text(f"{whole.title[0].value}: alle Datensätze"),),
        has_part=tuple(dict.fromkeys(parts)),
        record=tuple(_record_uri(package) for _, package, _, _ in entries),
    ), beside


def _record_uri(package: Mapping[str, Any]) -> str:
    return f"{describe.site()}/dataset/{package['id']}#record"


def _record(value: convert.Resource, package: Mapping[str, Any], source: str) -> list[str]:
    """Return the record of a harvested entry: when it came, and from where."""
    this = f"<{_record_uri(package)}>"
    lines = [
        f"{this} {TYPE} {expand('dcat:CatalogRecord')} .",
        f"{this} {expand('foaf:primaryTopic')} <{value.uri}> .",
        # SEMIC's shape asks for this class and does not know that datasets are resources.
        f"<{value.uri}> {TYPE} {expand('dcat:Resource')} .",
    ]
    for name in ("issued", "modified"):
        key = "metadata_created" if name == "issued" else "metadata_modified"
        moment = literal(f"{package[key][:19]}Z", datatype="xsd:dateTime")
        lines.append(f"{this} {expand(f'dct:{name}')} {moment} .")
    if source:
        lines.append(f"{this} {expand('prov:wasDerivedFrom')} <{source}> .")
    return lines


def _kept(ids: Sequence[str]) -> dict[str, tuple[str, list[str]]]:
    """Return the source of harvested packages, and how its catalogue names them."""
    query = sa.select(Kept.package_id, Kept.source_id, Kept.listed)
    rows = model.Session.execute(query.where(Kept.package_id.in_(ids)))
    return {package: (source, listed) for package, source, listed in rows}


def _sources() -> dict[str, str]:
    """Return the address of the catalogue of each source, as far as it has one."""
    # Only the lines that name a catalogue: there may be many others.
    each = sa.func.jsonb_array_elements_text(SourceCatalog.lines).table_valued("value")
    line = each.c.value
    query = (
        sa.select(SourceCatalog.source_id, line)
        .join(each, sa.true())
        .where(line.like(f"% {TYPE} {_CATALOG} ."))
    )
    found: dict[str, str] = {}
    for source, one in model.Session.execute(query):
        found.setdefault(source, one.split(" ", 1)[0][1:-1])
    return found


def _described() -> list[list[str]]:
    """Return what the catalogue of each source in use says here, see `voice`."""
    package = model.Package
    query = (
        sa.select(package.id, package.name, package.url, SourceCatalog.lines)
        .join(package, package.id == SourceCatalog.source_id)
        .where(package.state == "active")
        .order_by(package.name)
    )
    others = describe.answered()
    found = []
    for id, name, url, lines in model.Session.execute(query).all():
        said, apart = Voice.of([url], others).divide(lines)
        if apart:
            document = f"<{describe.site()}/catalog/quelle/{name}.ttl>"
            said += [f"<{one}> {_SEE_ALSO} {document} ." for one in _catalogs(said)]
        found.append([_renamed(line, id) for line in said])
    return found


def of_source(source: model.Package) -> list[str]:
    """Return all that is kept word for word of a source, what only it says included.

    Statements that no graph with others may hold (`voice`) are published here and nowhere
    else: the document says whose they are.

    Args:
        source: The harvest source.
    """
    row = model.Session.get(SourceCatalog, source.id)
    lines = [_renamed(line, source.id) for line in row.lines] if row else []
    query = sa.select(Kept.leftover, model.Package.extras["uri"].astext).join(
        model.Package, model.Package.id == Kept.package_id
    )
    query = query.where(
        Kept.source_id == source.id,
        Kept.leftover != "",
        model.Package.state == "active",
        model.Package.private.is_(False),
    )
    voice = Voice.of([source.url], describe.answered())
    for text, uri in model.Session.execute(query):
        lines += voice.divide(convert.Leftover.loads(text).lines, uri or "")[1]
    return list(dict.fromkeys(lines))


def _renamed(line: str, source: str) -> str:
    """Give nameless things of one source other labels than those of the next."""
    if "_:" not in line:
        return line
    label = f"_:s{source.replace('-', '')}"
    subject, predicate, rest = line.split(" ", 2)
    if subject[0] == "_":
        subject = label + subject[2:]
    if rest[0] == "_":
        rest = label + rest[2:]
    return f"{subject} {predicate} {rest}"


def _catalogs(lines: Sequence[str]) -> list[str]:
    ending = f" {TYPE} {_CATALOG} ."
    return [one.split(" ", 1)[0][1:-1] for one in lines if one.endswith(ending)]
