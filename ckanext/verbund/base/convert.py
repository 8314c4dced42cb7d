# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages of CKAN to values and back; nobody else knows both shapes.

A package has one title, a value has one in each language; a package has fields, a value also
has what no field takes. What a package cannot hold stands in a `Leftover`, which is kept
beside the package. So value → package → value writes the same statements, and an edit of a
field changes the statements of this field only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from typing import Any

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain import licence, vocab
from ckanext.verbund.domain.dcatde import mapping, terms
from ckanext.verbund.domain.dcatde.to_graph import to_graph

__all__ = [
    "Leftover",
    "Member",
    "from_package",
    "member_of",
    "namespaces",
    "settled",
    "to_package",
]

Resource = d.Dataset | d.Series | d.Service
IriOf = Callable[[str], str]


@dataclass(frozen=True)
class Leftover:
    """What a package cannot hold.

    Attributes:
        lines: Statements, as lines of N-Triples.
        languages: Language of a text, by its place in the package, such as ``title``.
        names: Address of a thing whose entry in the package has no room for one.
        spelling: What the source said, by the statement that the package would make of it:
            CKAN stores some values in another spelling, or fills in what nobody said. It
            counts as long as nobody changes the value.
    """

    lines: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    spelling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def dumps(self) -> str:
        """Return it as a text for storing; empty when there is nothing."""
        kept = {one.name: value for one in fields(self) if (value := getattr(self, one.name))}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""

    @classmethod
    def loads(cls, text: str) -> Leftover:
        """Return what `dumps` wrote."""
        content = json.loads(text) if text else {}
        return cls(
            tuple(content.get("lines", ())),
            content.get("languages", {}),
            content.get("names", {}),
            {line: tuple(said) for line, said in content.get("spelling", {}).items()},
        )

    def spelt(self, lines: Iterable[str]) -> list[str]:
        """Return statements of the package as the source spelt them."""
        if not self.spelling:
            return list(lines)
        said = (self.spelling.get(line, (line,)) for line in lines)
        return list(dict.fromkeys(chain.from_iterable(said)))


@dataclass(frozen=True)
class Member:
    """What a package inherits from its organisation where it says nothing itself.

    Attributes:
        publisher: Body that decides on releases (K36).
        contributor_id: ID given by GovData (K12), or empty.
        attribution: How it wants to be named (K35).
        namespace: Beginning of the addresses of its datasets.
    """

    publisher: d.Agent | None = None
    contributor_id: str = ""
    attribution: str = ""
    namespace: str = ""


_AUTHORITIES = {"municipality", "district", "association"}


def member_of(organization: Mapping[str, Any], namespace: str = "") -> Member:
    """Return what the packages of an organisation inherit.

    Args:
        organization: As ``organization_show`` returns it.
        namespace: For organisations that have none of their own: the address of the portal.
    """
    own = namespaces(organization)
    namespace = own[0] if own else namespace.rstrip("/")
    concept = vocab.load("publisher_type").get("LocalAuthority")
    is_authority = organization.get("organization_type") in _AUTHORITIES
    # No ID that GovData does not list is exported (K12).
    contributor = vocab.load("contributor").get(_clean(organization.get("contributor_id")))
    agent = d.Agent(
        uri=f"{namespace}/organization/{organization['id']}" if namespace else "",
        name=(d.Text(_clean(organization.get("title") or organization["name"])),),
        type=concept.iri if is_authority and concept else "",
        email=_clean(organization.get("email")),
        url=_clean(organization.get("homepage")),
    )
    return Member(
        publisher=agent,
        contributor_id=contributor.iri if contributor else "",
        attribution=_clean(organization.get("default_attribution")),
        namespace=namespace,
    )


def namespaces(organization: Mapping[str, Any]) -> list[str]:
    """Return where the addresses of its datasets begin, without a slash at the end.

    Args:
        organization: As ``organization_show`` returns it.
    """
    return [str(entry).rstrip("/") for entry in _entries(organization.get("namespaces"))]


# -- the way of one field ------------------------------------------------------------------


class _Context:
    """What is known of the package under way."""

    def __init__(self, leftover: Leftover, iri_of: IriOf):
        self.languages = dict(leftover.languages)
        self.names = dict(leftover.names)
        self.iri_of = iri_of


class _Way:
    """How a field of a value stands in a package."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        """Return what the package says; None when it cannot hold it."""
        return value or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        """Return the value; the content is never empty."""
        return _clean(content)


class _Link(_Way):
    """A web address; what a browser would execute never becomes one."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return None if not value or terms.is_executable(value) else value


class _Text(_Way):
    """A text: the German one, with its language noted."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        text = d.preferred(value)
        if text.lang:
            context.languages[place] = text.lang
        return text.value or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        return (d.Text(_clean(content), context.languages.get(place, "")),)


class _First(_Way):
    """The first of several, in a field for one."""

    def __init__(self, way: _Way):
        self.way = way

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return self.way.out(context, place, value[0]) if value else None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        return (self.way.into(context, place, content),)


class _List(_Way):
    """Several, each by the same way."""

    def __init__(self, way: _Way):
        self.way = way

    def out(self, context: _Context, place: str, value: Any) -> Any:
        found: list[Any] = []
        for one in value:
            entry = self.way.out(context, f"{place}/{len(found)}", one)
            if entry:
                found.append(entry)
        return found or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        entries = enumerate(_entries(content))
        found = [self.way.into(context, f"{place}/{n}", entry) for n, entry in entries]
        return tuple(one for one in found if one)


class _Once(_List):
    """A single thing, in a repeating field."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return super().out(context, place, [value] if value else [])

    def into(self, context: _Context, place: str, content: Any) -> Any:
        found = super().into(context, place, content)
        return found[0] if found else None


# An address that the mapping made for something nameless (`terms.child`).
_MADE = re.compile(
    r"[#/](license|format|rights|access-rights|provenance|conforms-to)-[0-9]+", re.ASCII
)


class _Statement(_Way):
    """An address, or words where there is none."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        if not value:
            return None
        made = _MADE.search(value.uri)
        if not value.label or (value.uri and not (made and made.end() == len(value.uri))):
            return _LINK.out(context, place, value.uri)
        if value.uri:
            context.names[place] = value.uri
        return _TEXT.out(context, place, value.label)

    def into(self, context: _Context, place: str, content: Any) -> Any:
        text = _clean(content)
        if terms.is_address(text):
            return d.Statement(uri=text)
        return d.Statement(context.names.get(place, ""), _TEXT.into(context, place, text))


class _Concept(_Statement):
    """A value of a list by its usual name, as CKAN's own fields want it."""

    def __init__(self, vocabulary: str):
        self.vocabulary = vocab.load(vocabulary)
        self._names: dict[str, str] = {}

    def out(self, context: _Context, place: str, value: Any) -> Any:
        if not value:
            return super().out(context, place, value)
        if value.uri in self._names:
            return self._names[value.uri]
        concept = self.vocabulary.get(value.uri)
        if concept is None or concept.iri != value.uri:
            return super().out(context, place, value)
        aliases = concept.extra.get("alias", "").split(";")
        names = (concept.label(), *aliases, concept.code)
        fitting = (n for n in names if n and " " not in n and self.vocabulary.get(n) is concept)
        return self._names.setdefault(value.uri, next(fitting, value.uri))

    def into(self, context: _Context, place: str, content: Any) -> Any:
        concept = self.vocabulary.get(_clean(content))
        return d.Statement(concept.iri) if concept else super().into(context, place, content)


class _MediaType(_Way):
    """A media type by its name."""

    base = "https://www.iana.org/assignments/media-types/"

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return value.removeprefix(self.base) or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        text = _clean(content)
        return f"{self.base}{text}" if re.fullmatch(r"[^\s/:]+/[^\s/:]+", text) else text


class _Geometry(_Way):
    """A geometry, in packages as GeoJSON."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return mapping.geojson(value) or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        text = content if isinstance(content, str) else json.dumps(content)
        return mapping.canonical_wkt(text) or ""


class _Coded(_Way):
    """A value of a short list of our own."""

    def __init__(self, base: str):
        self.base = base

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return value.removeprefix(self.base) or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        text = _clean(content)
        return f"{self.base}{text}" if re.fullmatch(r"[a-z_]+", text) else text


class _Own(_Way):
    """Another package of this portal by ID or name, or one elsewhere by its address."""

    def into(self, context: _Context, place: str, content: Any) -> Any:
        text = _clean(content)
        return text if terms.is_address(text) else context.iri_of(text)


class _Identifier(_Way):
    """A further identifier by its notation."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        if value.uri:
            context.names[place] = value.uri
        return value.notation or None

    def into(self, context: _Context, place: str, content: Any) -> Any:
        return d.Identifier(context.names.get(place, ""), _clean(content))


class _Number(_Way):
    """A whole number."""

    def out(self, context: _Context, place: str, value: Any) -> Any:
        return int(value) if value.isascii() and value.isdigit() else value or None


class _Thing(_Way):
    """A thing with fields of its own.

    Args:
        value: Its class.
        fields: Attribute and way, by the name in the package.
    """

    def __init__(self, value: type, fields: Mapping[str, tuple[str, _Way]]):
        self.value = value
        self.fields = fields

    def out(self, context: _Context, place: str, value: Any) -> Any:
        content = {}
        for name, (attribute, way) in self.fields.items():
            entry = getattr(value, attribute)
            if not entry:
                continue
            found = way.out(context, f"{place}/{name}" if place else name, entry)
            if found is not None:
                content[name] = found
        if value.uri and "uri" not in self.fields:
            context.names[place] = value.uri
        return content

    def into(self, context: _Context, place: str, content: Any) -> Any:
        found = {}
        for name, entry in content.items():
            known = self.fields.get(name)
            if known is not None and not _is_empty(entry):
                attribute, way = known
                inner = f"{place}/{name}" if place else name
                found[attribute] = way.into(context, inner, entry)
        if not found and place:
            return None
        if "uri" not in self.fields:
            found["uri"] = context.names.get(place, "")
        return self.value(**found)


_PLAIN, _LINK, _TEXT = _Way(), _Link(), _Text()
_STATEMENT, _LINKS = _Statement(), _List(_Link())
_URI = ("uri", _PLAIN)

_BODY: dict[str, tuple[str, _Way]] = {
    "name": ("name", _TEXT),
    "type": ("type", _PLAIN),
    "email": ("email", _PLAIN),
    "url": ("url", _LINK),
    "identifier": ("identifier", _PLAIN),
    "uri": _URI,
}
_AGENT = _Thing(d.Agent, _BODY)
_AGENTS = _List(_AGENT)
_CONTACTS = _List(
    _Thing(
        d.Contact,
        {
            "name": ("name", _TEXT),
            "email": ("email", _PLAIN),
            "telephone": ("telephone", _PLAIN),
            "url": ("url", _LINK),
            "identifier": ("identifier", _PLAIN),
            "uri": _URI,
        },
    )
)
_PLACES = _List(
    _Thing(
        d.Location,
        {
            "text": ("label", _TEXT),
            "uri": _URI,
            "geom": ("geometry", _Geometry()),
            "bbox": ("bbox", _Geometry()),
            "centroid": ("centroid", _Geometry()),
        },
    )
)
_PERIODS = _List(_Thing(d.Period, {"start": ("start", _PLAIN), "end": ("end", _PLAIN)}))
_ATTRIBUTIONS = _List(
    _Thing(
        d.Attribution,
        {
            "agent": (
                "agent",
                _Once(_Thing(d.Agent, {k: v for k, v in _BODY.items() if k != "type"})),
            ),
            "role": ("role", _LINK),
        },
    )
)
_RELATIONSHIPS = _List(
    _Thing(
        d.Relationship,
        {"relation": ("relation", _LINK), "role": ("role", _LINK), "uri": _URI},
    )
)
_STATEMENTS = _List(_STATEMENT)

_COMMON: dict[str, tuple[str, _Way]] = {
    "title": ("title", _TEXT),
    "notes": ("description", _TEXT),
    "theme": ("theme", _LINKS),
    "language": ("language", _LINKS),
    "publisher": ("publisher", _Once(_AGENT)),
    "contact": ("contact", _CONTACTS),
    "spatial_coverage": ("spatial", _PLACES),
    "issued": ("issued", _PLAIN),
    "modified": ("modified", _PLAIN),
    "applicable_legislation": ("applicable_legislation", _LINKS),
    "hvd_category": ("hvd_category", _LINKS),
    "contributor_id": ("contributor_id", _LINKS),
    "identifier": ("identifier", _First(_PLAIN)),
    "uri": _URI,
}
_ACCESS: dict[str, tuple[str, _Way]] = {
    "url": ("landing_page", _First(_LINK)),
    "documentation": ("documentation", _LINKS),
    "conforms_to": ("conforms_to", _STATEMENTS),
    "access_rights": ("access_rights", _STATEMENT),
    "availability": ("availability", _LINK),
}
_LICENSE: dict[str, tuple[str, _Way]] = {
    "license": ("license", _STATEMENT),
    "license_attribution_by_text": ("license_attribution_by_text", _TEXT),
}
_SERIES = _Thing(
    d.Series,
    {
        **_COMMON,
        "temporal_coverage": ("temporal", _PERIODS),
        "frequency": ("frequency", _LINK),
    },
)
_SERVICE = _Thing(
    d.Service,
    {
        **_COMMON,
        **_ACCESS,
        **_LICENSE,
        "endpoint_url": ("endpoint_url", _LINKS),
        "endpoint_description": ("endpoint_description", _LINKS),
        "serves_dataset": ("serves_dataset", _List(_Own())),
        "format": ("format", _STATEMENTS),
    },
)
_ACCESS_SERVICE = _Thing(
    d.Service,
    {
        "title": ("title", _TEXT),
        "endpoint_url": ("endpoint_url", _LINKS),
        "endpoint_description": ("endpoint_description", _First(_LINK)),
        "description": ("description", _TEXT),
        "license": ("license", _STATEMENT),
        "access_rights": ("access_rights", _STATEMENT),
        "serves_dataset": ("serves_dataset", _List(_Own())),
        "conforms_to": ("conforms_to", _STATEMENTS),
        "uri": _URI,
    },
)
_DATASET = _Thing(
    d.Dataset,
    {
        **_COMMON,
        **_ACCESS,
        "dcat_type": ("type", _First(_LINK)),
        "musterdatensatz": ("references", _First(_LINK)),
        "in_series": ("in_series", _List(_Own())),
        "creator": ("creator", _AGENTS),
        "contributor": ("contributor", _AGENTS),
        "originator": ("originator", _AGENTS),
        "custodian": ("custodian", _AGENTS),
        "qualified_attribution": ("attribution", _ATTRIBUTIONS),
        "data_steward": ("data_steward", _TEXT),
        "responsibility": ("responsibility", _TEXT),
        "political_geocoding_level_uri": ("geocoding_level", _LINKS),
        "spatial_resolution_in_meters": ("spatial_resolution_in_meters", _PLAIN),
        "temporal_coverage": ("temporal", _PERIODS),
        "temporal_resolution": ("temporal_resolution", _PLAIN),
        "frequency": ("frequency", _LINK),
        "data_origin": ("data_origin", _Coded(f"{terms.VERBUND}origin-")),
        "measuring_method": ("measuring_method", _TEXT),
        "known_limits": ("known_limits", _TEXT),
        "source_system": ("source_system", _TEXT),
        "provenance": ("provenance", _First(_STATEMENT)),
        "was_generated_by": ("was_generated_by", _LINKS),
        "source": ("source", _LINKS),
        "version": ("version", _PLAIN),
        "version_notes": ("version_notes", _TEXT),
        "has_version": ("has_version", _LINKS),
        "sample": ("sample", _LINKS),
        "relation": ("relation", _LINKS),
        "is_referenced_by": ("is_referenced_by", _LINKS),
        "qualified_relation": ("qualified_relation", _RELATIONSHIPS),
        "alternate_identifier": ("alternate_identifier", _List(_Identifier())),
    },
)
_FILE = _Thing(
    d.Distribution,
    {
        "name": ("title", _TEXT),
        "description": ("description", _TEXT),
        **_LICENSE,
        "format": ("format", _Concept("file_type")),
        "mimetype": ("media_type", _MediaType()),
        "compress_format": ("compress_format", _MediaType()),
        "package_format": ("package_format", _MediaType()),
        "availability": ("availability", _LINK),
        "status": ("status", _LINK),
        "issued": ("issued", _PLAIN),
        "modified": ("modified", _PLAIN),
        "language": ("language", _LINKS),
        "temporal_resolution": ("temporal_resolution", _PLAIN),
        "spatial_resolution_in_meters": ("spatial_resolution_in_meters", _PLAIN),
        "rights": ("rights", _STATEMENT),
        "has_policy": ("has_policy", _LINK),
        "documentation": ("documentation", _LINKS),
        "conforms_to": ("conforms_to", _STATEMENTS),
        "applicable_legislation": ("applicable_legislation", _LINKS),
        "size": ("byte_size", _Number()),
        "access_services": ("access_service", _List(_ACCESS_SERVICE)),
        "uri": _URI,
    },
)
_TYPES = {"dataset": _DATASET, "dataset_series": _SERIES, "data_service": _SERVICE}
_MUSTERDATENSATZ = "https://musterdatenkatalog.de/def/musterdatensatz/"
# What CKAN takes as a tag (tag_name_validator, tag_length_validator).
_TAG = re.compile(r"[\w \-.]{2,100}")


# -- the whole package ---------------------------------------------------------------------


def to_package(resource: Resource) -> tuple[dict[str, Any], Leftover]:
    """Return a value as a package, and what the package cannot hold.

    The package has the fields of its schema; ``name``, ``owner_org`` and IDs are the caller's.
    """
    package, leftover = _packaged(resource)
    leftover = replace(leftover, lines=resource.remainder)
    if from_package(package, leftover=leftover) == resource:
        return package, leftover
    leftover = replace(leftover, lines=())
    held = set(to_graph(from_package(package, leftover=leftover)))
    lines = to_graph(resource)
    if not held.issubset(lines):
        # An entry that the package cannot hold left a gap, and those behind it would change
        # their names: they get them in writing.
        package, leftover = _packaged(_named(resource, resource.uri))
        held = set(to_graph(from_package(package, leftover=leftover)))
    return package, replace(leftover, lines=tuple(one for one in lines if one not in held))


def settled(resource: Resource, leftover: Leftover, stored: Mapping[str, Any]) -> Leftover:
    """Return the leftover for a package as CKAN stored it.

    Validators may store another spelling than was sent, complete a place, or drop a value.
    Afterwards package and leftover say exactly what the value says.

    Args:
        resource: The value.
        leftover: What `to_package` returned with the package that was sent.
        stored: The package as ``package_show`` returns it.
    """
    said = to_graph(resource)
    held = to_graph(from_package(stored, leftover=replace(leftover, lines=(), spelling={})))
    known, wanted = {*held, *leftover.lines}, set(said)
    altered = [line for line in said if line not in known]
    spelling: dict[str, tuple[str, ...]] = {}
    for line in (one for one in held if one not in wanted):
        start = " ".join(line.split(" ", 2)[:2]) + " "
        meant = tuple(one for one in altered if one.startswith(start))
        altered = [one for one in altered if one not in meant]
        spelling[line] = meant
    left = {*leftover.lines, *altered}.difference(held)
    rest = tuple(line for line in said if line in left)
    return replace(leftover, lines=rest, spelling=spelling)


def _packaged(resource: Resource) -> tuple[dict[str, Any], Leftover]:
    kind, way = next((k, w) for k, w in _TYPES.items() if isinstance(resource, w.value))
    context = _Context(Leftover(), str)
    package = {"type": kind, **way.out(context, "", _with_musterdatensatz(resource))}
    tags = [text for text in resource.keyword if _TAG.fullmatch(text.value)]
    languages = {text.lang for text in tags}
    common = "de" if "de" in languages else next(iter(sorted(languages)), "")
    tags = [text for text in tags if text.lang == common]
    if tags:
        package["tags"] = [{"name": name} for name in dict.fromkeys(t.value for t in tags)]
        if common:
            context.languages["tags"] = common
    if isinstance(resource, d.Dataset):
        files = enumerate(resource.distribution)
        package["resources"] = [_file_out(context, number, file) for number, file in files]
    return package, Leftover((), context.languages, context.names)


def _named(value: Any, uri: str) -> Any:
    """Return a thing with the addresses of everything nameless on it in writing."""
    changes: dict[str, Any] = {"uri": uri}
    for one in mapping.TABLES[type(value)].properties:
        content = getattr(value, one.field)
        if one.table is not None and content:
            found = tuple(
                _named(thing, thing.uri or terms.child(uri, one.field, number))
                for number, thing in enumerate(content if one.many else (content,), 1)
            )
            changes[one.field] = found if one.many else found[0]
    return replace(value, **changes)


def from_package(
    package: Mapping[str, Any],
    member: Member | None = None,
    leftover: Leftover | None = None,
    iri_of: IriOf | None = None,
) -> Resource:
    """Return a package as a value.

    Args:
        package: As ``package_show`` returns it, or as a form sends it.
        member: What it inherits; without, only what it says itself counts.
        leftover: What `to_package` could not put into it.
        iri_of: Address of another package of this portal by ID or name; by default below
            the namespace of the member.

    Raises:
        ValueError: There is no address to be had: neither ``uri`` nor ID and namespace.
    """
    member, leftover = member or Member(), leftover or Leftover()

    def below_namespace(key: str) -> str:
        return f"{member.namespace}/dataset/{key}" if member.namespace else key

    context = _Context(leftover, iri_of or below_namespace)
    uri = _clean(package.get("uri"))
    if not terms.is_name(uri):  # as typed in a form, before it is refused
        if not (member.namespace and package.get("id")):
            raise ValueError("A package needs a uri, or an id and a member with a namespace.")
        uri = below_namespace(package["id"])
    value = _TYPES[package.get("type") or "dataset"].into(context, "", {**package, "uri": uri})
    lang = context.languages.get("tags", "")
    tags = [tag["name"] for tag in package.get("tags") or ()]
    if not tags:
        # What a form sends.
        tags = filter(None, map(str.strip, _clean(package.get("tag_string")).split(",")))
    keyword = tuple(d.Text(_clean(tag), lang) for tag in tags)
    value = replace(value, keyword=keyword, remainder=leftover.lines)
    if isinstance(value, d.Dataset):
        files = enumerate(package.get("resources") or ())
        distribution = tuple(_file_into(context, uri, number, file) for number, file in files)
        value = replace(value, distribution=distribution)
    return _inherited(value, package, member)


def _inherited(value: Resource, package: Mapping[str, Any], member: Member) -> Resource:
    """Fill in what the member answers for: publisher, contributor, attribution, identifier."""
    changes: dict[str, Any] = {}
    if value.publisher is None and member.publisher:
        changes["publisher"] = member.publisher
    if not value.contributor_id and member.contributor_id:
        changes["contributor_id"] = (member.contributor_id,)
    # GovData tells datasets apart by dct:identifier (K25); what came from elsewhere without
    # one keeps none.
    is_own = member.namespace and value.uri.startswith(f"{member.namespace}/")
    if not value.identifier and package.get("id") and is_own:
        changes["identifier"] = (package["id"],)
    if member.publisher:
        publisher = value.publisher or member.publisher
        named = (d.Text(member.attribution),) if member.attribution else publisher.name
        if isinstance(value, d.Service):
            changes |= _attributed(value, named)
        elif isinstance(value, d.Dataset):
            files = value.distribution
            changes["distribution"] = tuple(replace(f, **_attributed(f, named)) for f in files)
    return replace(value, **changes) if changes else value


def _attributed(
    value: d.Distribution | d.Service, named: tuple[d.Text, ...]
) -> dict[str, tuple[d.Text, ...]]:
    """Return the attribution to add, if the licence asks for one and none is given (K35)."""
    if value.license_attribution_by_text or not value.license:
        return {}
    found = licence.find(value.license.uri)
    return {"license_attribution_by_text": named} if found and found.attribution else {}


def _with_musterdatensatz(resource: Resource) -> Resource:
    """Leave only the Musterdatensatz of the references: it has a field, others have none."""
    if not isinstance(resource, d.Dataset) or not resource.references:
        return resource
    first = [r for r in resource.references if r.startswith(_MUSTERDATENSATZ)][:1]
    return replace(resource, references=tuple(first))


def _file_out(context: _Context, number: int, file: d.Distribution) -> dict[str, Any]:
    place = _place(number, file.uri)
    content = _FILE.out(context, place, file)
    access = next((u for u in file.access_url if not terms.is_executable(u)), "")
    download = next((u for u in file.download_url if not terms.is_executable(u)), "")
    content["url"] = download or access
    if access and access != content["url"]:
        content["access_url"] = access
    elif download:
        content["download_url"] = download
    if file.checksum and file.checksum.value:
        if file.checksum.uri:
            context.names[f"{place}/hash"] = file.checksum.uri
        content["hash"] = file.checksum.value
        content["hash_algorithm"] = file.checksum.algorithm
    return {key: value for key, value in content.items() if value}


def _file_into(
    context: _Context, dataset: str, number: int, content: Mapping[str, Any]
) -> d.Distribution:
    uri = _clean(content.get("uri"))
    uri = uri if terms.is_name(uri) else ""
    place = _place(number, uri)
    url, access, download = (
        _clean(content.get(n)) for n in ("url", "access_url", "download_url")
    )
    if not download and (content.get("url_type") == "upload" or access not in ("", url)):
        # K39: what can be fetched directly has both addresses.
        download = url
    file = _FILE.into(context, place, content) or d.Distribution()
    if not uri and content.get("id"):
        uri = f"{dataset.split('#', maxsplit=1)[0]}/distribution/{content['id']}"
    value, algorithm = (_clean(content.get(n)) for n in ("hash", "hash_algorithm"))
    # The form may name the algorithm before there is anything to check.
    name = context.names.get(f"{place}/hash", "")
    checksum = d.Checksum(name, algorithm, value) if value else None
    accesses = [access or url] if url in (access, download) else [access, url]
    return replace(
        file,
        uri=uri,
        access_url=tuple(filter(None, accesses)),
        download_url=(download,) if download else (),
        checksum=checksum,
    )


def _place(number: int, uri: str) -> str:
    """Name a file by its address, which stays when files are moved or deleted."""
    return f"resources/{uri or number}"


def _clean(content: Any) -> str:
    return "" if content is None else str(content)


def _is_empty(content: Any) -> bool:
    return not content and (content is None or isinstance(content, (str, list, dict)))


def _entries(content: Any) -> list[Any]:
    """Return the entries of a list, which CKAN sometimes shows as JSON."""
    if isinstance(content, str):
        if content.startswith("["):
            try:
                content = json.loads(content)
            except ValueError:
                return [content]
        else:
            content = [content]
    entries = content if isinstance(content, (list, tuple)) else [content]
    return [entry for entry in entries if not _is_empty(entry)]
