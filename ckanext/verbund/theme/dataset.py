# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of a dataset and of a file show, gathered once per request.

Everything here comes from a dataset that its reader was allowed to see; what else is asked
for goes through actions, with the same reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from markupsafe import Markup

from ckanext.verbund.base import look, related
from ckanext.verbund.base.changed import data_changed
from ckanext.verbund.base.origin import is_harvested
from ckanext.verbund.theme import fields, together
from ckanext.verbund.theme.fields import Fact, Value, link

__all__ = [
    "chosen_preview",
    "citation_file",
    "page_of",
    "preview_of",
    "resource_page",
    "similar_to",
]

MOST_FILES = 30
"""Files that a page shows at first; of hundreds nobody finds his own by scrolling."""
MOST_SIMILAR = 5
# Shown in their own places on the page, not in a list of fields.
_SHOWN = frozenset(
    [
        "title",
        "name",
        "notes",
        "tag_string",
        "owner_org",
        "publisher",
        "contact",
        "license",
        "license_attribution_by_text",
        "frequency",
        "modified",
        "in_series",
        "serves_dataset",
    ]
)
# "Was Sie wissen sollten": what decides whether somebody can use the data, in this order.
_KNOW = [
    "known_limits",
    "measuring_method",
    "data_origin",
    "provenance",
    "source_system",
    "responsibility",
    "data_steward",
    "spatial_coverage",
    "temporal_coverage",
    "temporal_resolution",
    "spatial_resolution_in_meters",
    "theme",
    "endpoint_url",
    "endpoint_description",
    "documentation",
    "url",
    "version",
    "version_notes",
    "hvd_category",
    "applicable_legislation",
]
_WITHDRAWN = {"DEPRECATED", "WITHDRAWN"}


@dataclass(frozen=True)
class File:
    """A resource as a row of the page."""

    id: str
    title: str
    description: str
    format: str
    facts: tuple[str, ...]
    page: str
    download: str
    outside: bool
    has_table: bool
    licence: str
    state: str


@dataclass(frozen=True)
class Page:
    """The page of a dataset."""

    title: str
    description: Markup
    summary: str
    url: str
    badges: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    count: int
    know: tuple[Fact, ...]
    more: tuple[Fact, ...]
    licence: Mapping[str, Any]
    citation: str
    member: Mapping[str, Any]
    origin: Mapping[str, str]
    contacts: tuple[Mapping[str, str], ...]
    service: str
    series: tuple[Value, ...]
    services: tuple[Value, ...]
    parts: together.Parts


# -- the page -------------------------------------------------------------------


def page_of(pkg: dict[str, Any], *, all_files: bool = False, all_parts: bool = False) -> Page:
    """Gather what the page of a dataset shows.

    Args:
        pkg: The dataset as its reader may see it.
        all_files: Show all files instead of the first ones.
        all_parts: Show all datasets of a series or service instead of the first ones.
    """
    today = datetime.now(timezone.utc).date()
    schema = tk.h.scheming_get_dataset_schema(pkg["type"]) or {"dataset_fields": []}
    found = {
        fact.name: fact for fact in fields.facts(schema["dataset_fields"], pkg, _SHOWN)
    } | _periods(pkg)
    if resolution := pkg.get("temporal_resolution"):
        found |= _fact(found, "temporal_resolution", [look.german.duration(str(resolution))])
    if metres := pkg.get("spatial_resolution_in_meters"):
        words = tk._("{number} metres").format(number=str(metres).replace(".", ","))
        found |= _fact(found, "spatial_resolution_in_meters", [words])
    resources = pkg.get("resources") or []
    licences = [_licence_of(r) for r in resources] or [_licence_of(pkg)]
    main = Counter(licences).most_common(1)[0][0]
    shown = resources if all_files else resources[:MOST_FILES]
    changed = data_changed(pkg, today)
    origin = _origin(pkg)
    source = _source(pkg, changed)
    return Page(
        title=pkg.get("title") or pkg["name"],
        description=fields.prose(pkg.get("notes")),
        summary=_teaser(pkg.get("notes")),
        url=source.url,
        badges=tuple(_badges(pkg, changed, today)),
        files=tuple(files_of(pkg, shown, main)),
        count=len(resources),
        know=tuple(found[name] for name in _KNOW if name in found),
        more=tuple(fact for name, fact in found.items() if name not in _KNOW),
        licence=_licence(main, licences, source),
        citation=look.citation.citation(source, today),
        member=pkg.get("organization") or {},
        origin=origin,
        contacts=tuple(_contacts(pkg)),
        service=link(_first(pkg.get("endpoint_url"))),
        series=tuple(together.series_of(pkg)),
        services=tuple(together.services_of(pkg)),
        parts=together.parts_of(pkg, everything=all_parts),
    )


def _fact(found: dict[str, Fact], name: str, values: list[str]) -> dict[str, Fact]:
    return (
        {name: Fact(name, found[name].label, tuple(map(Value, values)))}
        if name in found
        else {}
    )


def _periods(pkg: dict[str, Any]) -> dict[str, Fact]:
    """Write periods as "01.01.2026 bis 01.03.2026"."""
    texts = []
    for period in fields.repeated(pkg.get("temporal_coverage")):
        start, end = fields.day(period.get("start")), fields.day(period.get("end"))
        if start and end:
            texts.append(tk._("{start} to {end}").format(start=start, end=end))
        elif start:
            texts.append(tk._("since {start}").format(start=start))
        elif end:
            texts.append(tk._("until {end}").format(end=end))
    if not texts:
        return {}
    return {
        "temporal_coverage": Fact("temporal_coverage", tk._("Period"), tuple(map(Value, texts)))
    }


def _badges(pkg: dict[str, Any], changed: date | None, today: date) -> list[tuple[str, str]]:
    """Return what a reader must know first, each with a kind: good, warning, plain."""
    badges: list[tuple[str, str]] = []
    if pkg.get("state") == "draft":
        badges.append((tk._("Draft: not published"), "warning"))
    if pkg.get("state") == "deleted":
        badges.append((tk._("Deleted"), "warning"))
    if pkg.get("private"):
        badges.append((tk._("Private: only the member sees it"), "warning"))
    verdict = look.freshness.judge(pkg.get("frequency"), changed, today)
    if changed:
        words = tk._("As of {day}").format(day=look.german.long_date(changed))
        badges.append((words, "good" if verdict.due and not verdict.overdue else "plain"))
    if verdict.overdue and verdict.due:
        words = tk._("Overdue since {day}").format(day=look.german.short_date(verdict.due))
        badges.append((words, "warning"))
    if frequency := pkg.get("frequency"):
        label = tk.h.verbund_label("frequency", frequency)
        words = tk._("Update: {frequency}").format(frequency=label)
        badges.append(
            (
                tk._("Finished: no more updates") if frequency.endswith("/NEVER") else words,
                "plain",
            )
        )
    access = str(pkg.get("access_rights") or "")
    if access and not access.endswith("/PUBLIC"):
        label = tk.h.verbund_label("access_right", access)
        badges.append((tk._("Access: {right}").format(right=label), "warning"))
    if pkg.get("hvd_category"):
        badges.append((tk._("High-value dataset (EU)"), "plain"))
    places = [p.get("text") for p in fields.repeated(pkg.get("spatial_coverage"))]
    badges += [(place, "plain") for place in dict.fromkeys(filter(None, places[:3]))]
    return badges


_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|[*`#]+")


def _teaser(text: Any, most: int = 200) -> str:
    """Return the beginning of a text on one line, without Markdown."""
    plain = " ".join(_MARKS.sub(r"\1", str(text or "")).split())
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + "…"


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


# -- who ------------------------------------------------------------------------


def _extras(pkg: dict[str, Any]) -> dict[str, Any]:
    extras = {e.get("key"): e.get("value") for e in pkg.get("extras") or []}
    return {str(key): value for key, value in extras.items()}


def _publisher(pkg: dict[str, Any]) -> str:
    named = [p.get("name") for p in fields.repeated(pkg.get("publisher"))]
    organization = pkg.get("organization") or {}
    return (
        next(filter(None, named), "")
        or organization.get("title")
        or tk.config["ckan.site_title"]
    )


def _origin(pkg: dict[str, Any]) -> dict[str, str]:
    """Say where a harvested dataset comes from; nothing for one written here."""
    extras = _extras(pkg)
    if not is_harvested(pkg):
        return {}
    address = link(pkg.get("uri")) or link(extras.get("guid")) or link(pkg.get("url"))
    return {
        "publisher": _publisher(pkg),
        "portal": str(extras.get("harvest_source_title") or ""),
        "url": address,
    }


def _contacts(pkg: dict[str, Any]) -> list[dict[str, str]]:
    contacts = []
    for contact in fields.repeated(pkg.get("contact")):
        email = str(contact.get("email") or "").removeprefix("mailto:")
        telephone = str(contact.get("telephone") or "").removeprefix("tel:")
        contacts.append(
            {
                "name": str(contact.get("name") or ""),
                "email": email if re.fullmatch(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+", email) else "",
                "telephone": telephone,
                "dial": re.sub(r"[^\d+]", "", telephone),
                "url": link(contact.get("url")),
            }
        )
    return contacts


_KINDS = {"dataset_series": "Datensatzreihe", "data_service": "Datendienst"}


def _source(pkg: dict[str, Any], changed: date | None) -> look.citation.Source:
    """Return a dataset as it is cited: at its home, if it came from a neighbour."""
    resources = pkg.get("resources") or []
    credits = [r.get("license_attribution_by_text") for r in [*resources, pkg]]
    here = tk.url_for(f"{pkg['type']}.read", id=pkg["name"], qualified=True)
    return look.citation.Source(
        publisher=_publisher(pkg),
        title=pkg.get("title") or pkg["name"],
        url=_origin(pkg).get("url") or here,
        changed=changed,
        credit=next((str(c) for c in credits if c), ""),
        kind=_KINDS.get(pkg["type"], "Datensatz"),
    )


def citation_file(pkg: dict[str, Any], kind: str) -> str:
    """Return the entry for a reference manager: ``bib`` or ``ris``."""
    today = datetime.now(timezone.utc).date()
    source = _source(pkg, data_changed(pkg, today))
    if kind == "bib":
        return look.citation.bibtex(source, pkg["name"], today)
    return look.citation.ris(source, today)


# -- licence --------------------------------------------------------------------


def _licence_of(thing: dict[str, Any]) -> str:
    value = thing.get("license") or thing.get("license_url") or thing.get("license_id") or ""
    found = look.licence.find(str(value))
    return found.iri if found else str(value)


def _licence(main: str, licences: list[str], source: look.citation.Source) -> dict[str, Any]:
    known = look.licence.find(main)
    return {
        "known": known,
        "name": known.name if known else main,
        "url": (known.url or link(known.iri)) if known else link(main),
        "attribution": look.citation.attribution(source, known),
        "several": len(set(licences)) > 1,
    }


# -- files ----------------------------------------------------------------------


def files_of(
    pkg: dict[str, Any], resources: list[dict[str, Any]], main_licence: str
) -> list[File]:
    """Return resources as rows, with what the tables know about them.

    Args:
        pkg: The dataset.
        resources: Which of its resources.
        main_licence: The licence that need not be said again.
    """
    known = _table_facts(pkg, resources)
    # One URL is built, the others differ in the ID only.
    pattern = tk.url_for(f"{pkg['type']}_resource.read", id=pkg["name"], resource_id="~")
    return [
        _file(resource, number, known.get(resource["id"]), pattern, main_licence)
        for number, resource in enumerate(resources, 1)
    ]


def _table_facts(
    pkg: dict[str, Any], resources: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    if not any(r.get("datastore_active") for r in resources):
        return {}
    try:
        return tk.get_action("verbund_table_facts")({}, {"id": pkg["id"]})
    except (KeyError, tk.NotAuthorized):  # the plugin is not there
        return {}


def _file(
    resource: dict[str, Any],
    number: int,
    table: dict[str, Any] | None,
    pattern: str,
    main_licence: str,
) -> File:
    url = link(resource.get("url"))
    name = unquote(PurePosixPath(urlsplit(url).path).name) if url else ""
    licence = _licence_of(resource)
    known = look.licence.find(licence)
    status = str(resource.get("status") or "")
    return File(
        id=resource["id"],
        title=resource.get("name") or name or tk._("File {number}").format(number=number),
        description=_teaser(resource.get("description")),
        format=str(resource.get("format") or PurePosixPath(name).suffix.lstrip(".") or ""),
        facts=tuple(_file_facts(resource, table)),
        page=pattern.replace("~", quote(resource["id"])),
        download=url,
        outside=resource.get("url_type") != "upload",
        has_table=bool(resource.get("datastore_active")),
        licence=(known.short if known else licence) if licence != main_licence else "",
        state=tk.h.verbund_label("distribution_status", status)
        if status.rsplit("/", 1)[-1] in _WITHDRAWN
        else "",
    )


def _file_facts(resource: dict[str, Any], table: dict[str, Any] | None) -> list[str]:
    """Return size, rows and how the file is written, as far as known."""
    facts = []
    size = resource.get("size")
    if isinstance(size, int | float) or str(size or "").isdigit():
        facts.append(look.german.file_size(int(size)))
    if not table:
        return facts
    info, rows = table["info"], table["rows"]
    if info.get("geometries"):
        facts += [_geometries(info["geometries"])]
    elif rows is not None:
        number = look.german.number(rows)
        facts.append(tk.ungettext("%(number)s row", "%(number)s rows", rows, number=number))
    if info.get("delimiter_label"):
        facts.append(tk._("Delimiter {sign}").format(sign=info["delimiter_label"]))
    for key in ("encoding", "crs_label"):
        if info.get(key):
            facts.append(re.sub(r" \((?:EPSG|CP).*\)$", "", str(info[key])))
    if info.get("sheet"):
        facts.append(tk._("Sheet “{name}”").format(name=info["sheet"]))
    return facts


def _geometries(kinds: dict[str, int]) -> str:
    points = sum(n for kind, n in kinds.items() if kind.endswith("Point"))
    lines = sum(n for kind, n in kinds.items() if kind.endswith("LineString"))
    areas = sum(n for kind, n in kinds.items() if kind.endswith("Polygon"))
    n = look.german.number
    words = [
        tk.ungettext("%(number)s point", "%(number)s points", points, number=n(points)),
        tk.ungettext("%(number)s line", "%(number)s lines", lines, number=n(lines)),
        tk.ungettext("%(number)s area", "%(number)s areas", areas, number=n(areas)),
    ]
    counts = (points, lines, areas)
    return ", ".join(word for word, count in zip(words, counts, strict=True) if count)


# -- preview --------------------------------------------------------------------


def preview_of(
    resource: dict[str, Any], wish: Mapping[str, str] | None = None, *, rows: int = 8
) -> dict[str, Any] | None:
    """Return table, chart and map of a resource, or None if it has no table.

    Args:
        resource: The resource as shown.
        wish: Columns that somebody chose: ``x``, ``y``, ``how``.
        rows: How many rows of the table.
    """
    if not resource.get("datastore_active"):
        return None
    wish = {key: wish[key] for key in ("x", "y", "how") if wish and wish.get(key)}
    query = {"resource_id": resource["id"], "limit": rows}
    problem = ""
    try:
        found = tk.get_action("verbund_table_preview")({}, query | wish)
    except tk.ValidationError as error:
        problem = " ".join(map(str, error.error_summary.values()))
        found = tk.get_action("verbund_table_preview")({}, query)
    except (KeyError, tk.NotAuthorized, tk.ObjectNotFound):
        return None
    columns = [
        {
            "id": field["id"],
            "label": (field.get("info") or {}).get("label") or field["id"],
            "type": tk.h.verbund_column_type(field["type"]),
            "unit": (field.get("info") or {}).get("unit") or "",
            "notes": (field.get("info") or {}).get("notes") or "",
            "number": field["type"] in _NUMBERS,
        }
        for field in found["fields"]
    ]
    return {
        "resource": resource,
        "columns": columns,
        "rows": [
            [_cell(record.get(f["id"]), f["type"]) for f in found["fields"]]
            for record in found["records"]
        ],
        "chart": found["chart"],
        "choices": found["choices"],
        "map": found["map"],
        "problem": problem,
        "wish": wish,
    }


def chosen_preview(
    pkg: dict[str, Any], chosen: str | None, wish: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the preview of the chosen file, else of the first that has a table.

    Args:
        pkg: The dataset.
        chosen: ID of a resource.
        wish: Columns of the chart that somebody chose.
    """
    tables = [r for r in pkg.get("resources") or [] if r.get("datastore_active")]
    resource = next((r for r in tables if r["id"] == chosen), tables[0] if tables else None)
    preview = preview_of(resource, wish) if resource else None
    if not preview:
        return None
    others = [{"id": r["id"], "name": r.get("name") or r["id"]} for r in tables[:MOST_FILES]]
    return preview | {"others": others}


_NUMBERS = {"int2", "int4", "int8", "numeric", "float4", "float8"}


def _cell(value: Any, kind: str) -> str:
    """Write a cell in German. Whole numbers get no points: they may be years or keys."""
    if value is None:
        return ""
    if kind == "bool":
        return tk._("Yes") if value else tk._("No")
    if kind in _NUMBERS:
        return str(value).replace(".", ",")
    text = str(value)
    if kind == "date":
        return fields.day(text)
    if kind.startswith("timestamp"):
        return f"{fields.day(text)}, {text[11:16]}" if len(text) >= 16 else text
    return text if len(text) <= 200 else text[:199] + "…"


# -- similar --------------------------------------------------------------------


def similar_to(pkg: dict[str, Any], *, public: bool = False) -> list[dict[str, str]]:
    """Return datasets about the same, here and of neighbours, in one search of the reader.

    Args:
        pkg: The dataset.
        public: Only what everybody may read, whoever asks.

    The same Musterdatensatz counts most, then common words of the titles; a common tag
    counts within the same theme, a common theme alone does not.
    """
    wanted = []
    if sample := pkg.get("musterdatensatz"):
        wanted.append(f"musterdatensatz:{related.quoted(sample)}^8")
    words = re.findall(r"\w{4,}", pkg.get("title") or "")[:8]
    if words:
        wanted.append("verbund_title:(" + " ".join(map(related.quoted, words)) + ")^2")
    tags = " ".join(related.quoted(tag["name"]) for tag in (pkg.get("tags") or [])[:8])
    themes = " ".join(map(related.quoted, (pkg.get("theme") or [])[:3]))
    if tags and themes:
        wanted.append(f"(+tags:({tags}) +verbund_theme:({themes}))")
    if not wanted:
        return []
    try:
        found = tk.get_action("package_search")(
            {},
            {
                "q": " OR ".join(wanted),
                "fq": f"+dataset_type:dataset -id:{related.quoted(pkg['id'])}"
                + (" +permission_labels:public" if public else ""),
                "fl": ["name", "title", "organization"],
                "rows": MOST_SIMILAR,
            },
        )["results"]
    except SearchError:  # a search that fails must not take the page with it
        return []
    titles = related.organization_titles(entry.get("organization") for entry in found)
    return [
        {
            "name": entry["name"],
            "title": entry.get("title") or entry["name"],
            "member": titles.get(entry.get("organization"), ""),
        }
        for entry in found
    ]


# -- the page of a file ---------------------------------------------------------

_RESOURCE_SHOWN = frozenset({"url", "name", "description", "license", "format", "size"})


def resource_page(
    pkg: dict[str, Any], resource: dict[str, Any], wish: Mapping[str, str]
) -> dict[str, Any]:
    """Gather what the page of a file shows.

    Args:
        pkg: Its dataset.
        resource: The resource as shown.
        wish: Columns of the chart that somebody chose.
    """
    schema = tk.h.scheming_get_dataset_schema(pkg["type"]) or {}
    today = datetime.now(timezone.utc).date()
    licence = _licence_of(resource) or _licence_of(pkg)
    (file,) = files_of(pkg, [resource], licence)
    # CKAN's views link to this address as it is.
    resource["url"] = file.download
    changed = look.freshness.latest(
        fields.iso_days(
            resource.get("modified"),
            resource.get("last_modified") if resource.get("url_type") == "upload" else None,
        ),
        today,
    )
    return {
        "file": file,
        "description": fields.prose(resource.get("description")),
        "changed": look.german.long_date(changed) if changed else "",
        "licence": _licence(licence, [licence], _source(pkg, data_changed(pkg, today))),
        "more": fields.facts(schema.get("resource_fields", []), resource, _RESOURCE_SHOWN),
        "preview": preview_of(resource, wish, rows=0),
    }
