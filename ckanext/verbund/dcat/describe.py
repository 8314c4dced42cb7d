# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages that somebody may read, as values and statements of DCAT-AP.de.

Nothing here decides who may read what: packages, organisations and those that packages point
to come from CKAN's actions in the caller's context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from flask import g

from ckanext.verbund.base import convert
from ckanext.verbund.base.origin import is_harvested
from ckanext.verbund.dcat.model import Kept
from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde.terms import expand, is_address
from ckanext.verbund.domain.dcatde.to_graph import to_graph
from ckanext.verbund.domain.dcatde.voice import Voice
from ckanext.verbund.domain.quality import hvd

__all__ = ["Describer", "answered", "catalog", "of_page", "portal_catalog", "site"]

GERMAN = "http://publications.europa.eu/resource/authority/language/DEU"
THEMES = "http://publications.europa.eu/resource/authority/data-theme"
_KEY = re.compile(r"[\w-]{1,100}", re.ASCII)
_AT_ONCE = 100
_LOCN_GEOMETRY, _HAS_GEOMETRY = expand("locn:geometry"), expand("geo:hasGeometry")


def site() -> str:
    """Return the beginning of the addresses of this portal."""
    return str(tk.config["ckan.site_url"]).rstrip("/")


def _readable(line: str) -> str:
    parts = line.split(" ", 2)
    if parts[1] == _LOCN_GEOMETRY and parts[2].startswith("<"):
        parts[1] = _HAS_GEOMETRY
        return " ".join(parts)
    return line


def of_page(package: Mapping[str, Any]) -> convert.Resource:
    """Return the package whose page is being made as a value, made once for the request.

    Args:
        package: As ``package_show`` returns it.
    """
    known = g.get("verbund_dcat_value")
    if known is None or known[0] != package["id"]:
        context = Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
        (value,) = Describer(context).values([package])
        known = g.verbund_dcat_value = (package["id"], value)
    return known[1]


class Describer:
    """Turns packages into values; looks up each member and each address once.

    Args:
        context: Who reads.
    """

    def __init__(self, context: Context):
        self._context = context
        self._members: dict[str, convert.Member] = {}
        self._addresses: dict[str, str] = {}
        self._leftovers: dict[str, convert.Leftover] = {}

    def values(self, packages: Sequence[Mapping[str, Any]]) -> list[convert.Resource]:
        """Return packages as values.

        Args:
            packages: As ``package_show`` returns them.
        """
        self._resolve(packages)
        self._leftovers |= _leftovers(packages)
        return [self._value(package) for package in packages]

    def statements(self, *values: d.Catalog | convert.Resource) -> list[str]:
        """Return what other portals read, as lines of N-Triples.

        The harvester of ckanext-dcat 2.4 fails with the whole page at a ``locn:geometry`` that
        is a thing (``profiles/base.py``, ``_parse_geodata``), and the shapes of DCAT-AP at one
        that is a text. GeoSPARQL's ``geo:hasGeometry`` says the same and suits both.
        """
        lines = to_graph(*values)
        for leftover in self._leftovers.values():
            lines = leftover.spelt(lines)
        return [_readable(line) for line in lines]

    def member(self, organization_id: str) -> convert.Member:
        """Return what the packages of an organisation inherit.

        Raises:
            tk.ObjectNotFound: There is none.
        """
        if organization_id not in self._members:
            self._members[organization_id] = convert.member_of(
                _organization(organization_id), site()
            )
        return self._members[organization_id]

    def _value(self, package: Mapping[str, Any]) -> convert.Resource:
        # What came from elsewhere says all there is to say itself: neither a publisher nor
        # an identifier of ours is put on it (K25, K36).
        member = None if is_harvested(package) else self._home(package)
        value = convert.from_package(
            {**package, "uri": self._address(package)},
            member,
            self._leftovers.get(package["id"]),
            iri_of=lambda key: self._addresses.get(key, ""),
        )
        return hvd.with_law(value) if member else value

    def _home(self, package: Mapping[str, Any]) -> convert.Member:
        owner = package.get("owner_org")
        return self.member(owner) if owner else convert.Member(namespace=site())

    def _address(self, package: Mapping[str, Any]) -> str:
        """Return the IRI: the one it came with, else below the namespace of its member."""
        given = str(package.get("uri") or "")
        if given:
            return given
        namespace = site() if is_harvested(package) else self._home(package).namespace
        return f"{namespace}/dataset/{package['id']}"

    def _resolve(self, packages: Sequence[Mapping[str, Any]]) -> None:
        """Find the addresses of the packages that these point to, as far as one may read."""
        self._learn(packages)
        wanted = {key for package in packages for key in _references(package)}
        missing = sorted(wanted - self._addresses.keys())
        for start in range(0, len(missing), _AT_ONCE):
            keys = " OR ".join(f'"{key}"' for key in missing[start : start + _AT_ONCE])
            found = tk.get_action("package_search")(
                tk.fresh_context(self._context),
                {"fq": f"id:({keys}) OR name:({keys})", "rows": 2 * _AT_ONCE},
            )
            self._learn(found["results"])

    def _learn(self, packages: Iterable[Mapping[str, Any]]) -> None:
        for package in packages:
            self._addresses[package["id"]] = self._addresses[package["name"]] = self._address(
                package
            )


def _organization(key: str) -> dict[str, Any]:
    """Return what everybody may know of an organisation, in one query.

    Raises:
        tk.ObjectNotFound: There is none.
    """
    group = model.Group
    row = model.Session.execute(
        sa.select(group.id, group.name, group.title, group.extras).where(
            sa.or_(group.id == key, group.name == key),
            group.is_organization.is_(True),
            group.state == "active",
        )
    ).first()
    if row is None:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return {**(row.extras or {}), "id": row.id, "name": row.name, "title": row.title}


def answered() -> list[str]:
    """Return where the addresses begin that the portal and its members answer for."""
    group = model.Group
    query = sa.select(group.extras["namespaces"]).where(
        group.is_organization.is_(True), group.extras.has_key("namespaces")
    )
    found = {site()}
    for given in model.Session.scalars(query):
        found.update(convert.namespaces({"namespaces": given}))
    return sorted(found)


def _leftovers(packages: Sequence[Mapping[str, Any]]) -> dict[str, convert.Leftover]:
    """Return what packages cannot hold and their source may say here, by their IDs."""
    by_id = {package["id"]: package for package in packages}
    source = model.Package
    query = (
        sa.select(Kept.package_id, Kept.leftover, source.url)
        .outerjoin(source, source.id == Kept.source_id)
        .where(Kept.package_id.in_(by_id), Kept.leftover != "")
    )
    found, voices = {}, {}
    others = None
    for key, text, url in model.Session.execute(query).all():
        leftover = convert.Leftover.loads(text)
        if leftover.lines:
            others = answered() if others is None else others
            voice = voices.setdefault(url, Voice.of([url or ""], others))
            said, _ = voice.divide(leftover.lines, str(by_id[key].get("uri") or ""))
            leftover = replace(leftover, lines=tuple(said))
        found[key] = leftover
    return found


def _references(package: Mapping[str, Any]) -> Iterator[str]:
    """Yield IDs and names of other packages of this portal."""
    texts = [*(package.get("in_series") or ()), *(package.get("serves_dataset") or ())]
    for resource in package.get("resources") or ():
        for service in resource.get("access_services") or ():
            if isinstance(service, Mapping):
                texts += service.get("serves_dataset") or ()
    for text in map(str, texts):
        if not is_address(text) and _KEY.fullmatch(text):
            yield text


def catalog(
    describer: Describer,
    values: Sequence[convert.Resource],
    organization: Mapping[str, Any] | None,
    modified: str,
) -> d.Catalog:
    """Return the catalogue of the portal or of one member.

    Args:
        describer: Knows the members.
        values: What stands on the page.
        organization: The member; None for the portal.
        modified: When anything in it changed last.
    """
    if organization:
        member = describer.member(organization["id"])
        publisher = member.publisher
        uri = f"{member.namespace}/organization/{organization['id']}/catalog"
        title = organization.get("title") or organization["name"]
        about = organization.get("description")
        homepage = tk.url_for("organization.read", id=organization["name"], qualified=True)
    else:
        uri, title = f"{site()}/catalog", tk.config["ckan.site_title"]
        about, homepage = tk.config["ckan.site_description"], f"{site()}/"
        publisher = _publisher(describer, title)
    return d.Catalog(
        uri=uri,
        title=(d.Text(title),),
        description=(d.Text(about or title),),
        publisher=publisher,
        language=(GERMAN,),
        homepage=homepage,
        theme_taxonomy=(THEMES,),
        modified=modified,
        dataset=tuple(v.uri for v in values if not isinstance(v, d.Service)),
        service=tuple(v.uri for v in values if isinstance(v, d.Service)),
    )


def portal_catalog() -> d.Catalog:
    """Return the portal's catalogue by name only."""
    title = (d.Text(tk.config["ckan.site_title"]),)
    return d.Catalog(uri=f"{site()}/catalog/gesamt", title=title, homepage=f"{site()}/")


def _publisher(describer: Describer, title: str) -> d.Agent | None:
    name = tk.config["ckanext.verbund.dcat.publisher"]
    if name:
        return describer.member(name).publisher
    return d.Agent(uri=f"{site()}/#portal", name=(d.Text(title),), url=f"{site()}/")
