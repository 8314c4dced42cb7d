# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own rules: is it said well, and can it be true?"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.german import short_date

from .fields import iri
from .geometry import GERMANY, geometries, is_swapped
from .graph import BASE
from .reading import CATALOG, DISTRIBUTION, SERIES, SERVICE, Hit, Reading, hit

__all__ = ["plausible"]

#: Recommended by DCAT-AP.de 3.0, by the rule that says so.
_RECOMMENDED = {
    "keyword": "dcat:keyword", "theme": "dcat:theme", "contact": "dcat:contactPoint",
    "spatial": "dct:spatial", "temporal": "dct:temporal", "modified": "dct:modified",
    "availability": "dcatap:availability",
}  # fmt: skip
_DATES = ("dct:issued", "dct:modified")
_ADDRESSES = ("dcat:accessURL", "dcat:downloadURL", "dcat:endpointURL", "dcat:landingPage")
_LONGEST_TITLE = 100
_SHORTEST_DESCRIPTION = 40
_WORD = re.compile(r"[^\W\d_]{3,}")
_LOWER = re.compile(r"[a-zäöüß]{2,}")
_FILE_NAME = re.compile(
    r"^\S+\.(?:csv|xlsx?|json|geojson|xml|zip|pdf|gml|shp)$|^\w+_\w+\S*$", re.I
)
_MARKUP = re.compile(
    r"^#{1,6} \S.*|\*\*[^*\n]+\*\*|^\|.*\||!?\[[^\]\n]+\]\([^)\n]+\)|`[^`\n]+`|"
    r"</?(?!(?:a|li|ol|ul|p|br|b|i|u)\b)[a-z][a-z0-9]*\b[^>]*>",
    re.MULTILINE | re.IGNORECASE,
)
_LISTED = re.compile(r"[;,|]\s*\S")
_ISO = re.compile(r"^(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?(?:Z|[+-]\d\d:\d\d)?$")
#: Days between two renewals, by the code of the frequency; others say nothing of time.
_DAYS = {
    "DAILY": 1, "DAILY_2": 1, "HOURLY": 1, "WEEKLY": 7, "WEEKLY_2": 4, "WEEKLY_3": 3,
    "BIWEEKLY": 14, "MONTHLY": 31, "MONTHLY_2": 16, "MONTHLY_3": 11, "BIMONTHLY": 62,
    "QUARTERLY": 92, "ANNUAL_3": 122, "ANNUAL_2": 183, "ANNUAL": 366, "BIENNIAL": 731,
    "TRIENNIAL": 1096,
}  # fmt: skip
#: A renewal may be late by this factor and a week before it is said.
_LATE = 2
_PROMISED = re.compile(
    r"\bSpalten?\b[^„“\"]{0,30}((?:[„\"][^„“”\"]{1,60}[“”\"](?:,? (?:und )?)?)+)"
)
_QUOTED = re.compile(r"[„\"]([^„“”\"]+)[“”\"]")


def plausible(
    reading: Reading, today: date, columns: Mapping[str, Sequence[str]]
) -> Iterator[Hit]:
    """Yield what is said badly or cannot be true.

    Args:
        reading: The graph.
        today: The day on which "in the future" begins.
        columns: The columns that tables have indeed, by IRI of the distribution.
    """
    for node in (*reading.datasets, *reading.by_class[SERIES]):
        yield from _title(reading, node)
        yield from _description(reading, node)
    for node in reading.datasets:
        for rule in (_recommended, _keywords, _doubles):
            yield from rule(reading, node)
        yield from _freshness(reading, node, today)
        yield from _columns(reading, node, columns)
    for node in reading.by_class[DISTRIBUTION]:
        if not reading.values(node, "dct:title"):
            yield hit(reading, "Q-distribution-title", node)
    for node in (*reading.datasets, *reading.by_class[SERIES], *reading.by_class[SERVICE],
                 *reading.by_class[DISTRIBUTION], *reading.by_class[CATALOG]):  # fmt: skip
        yield from _dates(reading, node, today)
        yield from _addresses(reading, node)
    for node in reading.by_class[iri("dct:PeriodOfTime")]:
        yield from _period(reading, node)
    for node in reading.by_class[iri("dct:Location")]:
        yield from _boxes(reading, node)
    yield from _identifiers(reading)


# -- words ------------------------------------------------------------------------------


def _title(reading: Reading, node: Node) -> Iterator[Hit]:
    title = reading.text(node, "dct:title").strip()
    if not title:
        return
    if _FILE_NAME.match(title):
        yield hit(reading, "Q-title-file", node, title)
    elif not (_WORD.search(title) and _LOWER.search(title)):
        yield hit(reading, "Q-title-unclear", node, title)
    elif len(title) > _LONGEST_TITLE:
        yield hit(reading, "Q-title-long", node, title, count=len(title))


def _description(reading: Reading, node: Node) -> Iterator[Hit]:
    text = reading.text(node, "dct:description").strip()
    if not text:
        return
    if text.casefold() == reading.text(node, "dct:title").strip().casefold():
        yield hit(reading, "Q-description-title", node, text)
    elif len(text) < _SHORTEST_DESCRIPTION:
        yield hit(reading, "Q-description-short", node, text, count=len(text))
    markup = _MARKUP.search(text)
    if markup:
        yield hit(reading, "Q-description-markup", node, markup[0][:30])


def _keywords(reading: Reading, node: Node) -> Iterator[Hit]:
    for value in reading.values(node, "dcat:keyword"):
        if isinstance(value, Literal) and _LISTED.search(str(value)):
            yield hit(reading, "Q-keyword-list", node, value)


def _recommended(reading: Reading, node: Node) -> Iterator[Hit]:
    for name, prop in _RECOMMENDED.items():
        if not reading.values(node, prop):
            yield hit(reading, f"Q-{name}", node)
    rights = {str(v).rpartition("/")[2] for v in reading.values(node, "dct:accessRights")}
    if not reading.values(node, "dcat:distribution") and not rights & {
        "RESTRICTED",
        "NON_PUBLIC",
    }:
        yield hit(reading, "Q-distribution", node)


def _columns(
    reading: Reading, node: Node, columns: Mapping[str, Sequence[str]]
) -> Iterator[Hit]:
    """Compare columns that a description names in quotes with those that the tables have."""
    files = reading.values(node, "dcat:distribution")
    present = {name.casefold() for one in files for name in columns.get(str(one), ())}
    if not present:
        return
    texts = [(node, reading.text(node, "dct:description"))]
    texts += [(one, reading.text(one, "dct:description")) for one in files]
    for subject, text in texts:
        for run in _PROMISED.findall(text):
            for name in _QUOTED.findall(run):
                if name.strip().casefold() not in present:
                    yield hit(reading, "Q-columns-promised", subject, name)


# -- dates --------------------------------------------------------------------------------


def _dates(reading: Reading, node: Node, today: date) -> Iterator[Hit]:
    for prop in _DATES:
        for value in reading.values(node, prop):
            found = _day(value)
            if found is None:
                yield hit(reading, "Q-date-unreadable", node, value, property=prop)
            elif found > today + timedelta(days=1):
                yield hit(reading, "Q-date-future", node, short_date(found), property=prop)
            elif found.year < 1900:
                yield hit(reading, "Q-date-early", node, short_date(found), property=prop)
    issued, modified = (_day(reading.value(node, prop)) for prop in _DATES)
    if issued and modified and modified < issued:
        yield hit(reading, "Q-date-order", node, short_date(modified), other=short_date(issued))


def _period(reading: Reading, node: Node) -> Iterator[Hit]:
    start = _day(reading.value(node, "dcat:startDate"))
    end = _day(reading.value(node, "dcat:endDate"), last=True)
    if start and end and end < start:
        yield hit(reading, "Q-period-order", node, short_date(end), other=short_date(start))


def _freshness(reading: Reading, node: Node, today: date) -> Iterator[Hit]:
    frequency = vocab.load("frequency").get(str(reading.value(node, "dct:accrualPeriodicity")))
    days = _DAYS.get(frequency.code) if frequency else None
    modified = _day(reading.value(node, "dct:modified"), last=True)
    if days and modified and (today - modified).days > days * _LATE + 7:
        yield hit(reading, "Q-stale", node, short_date(modified), frequency=frequency.label())


def _day(value: Node | None, last: bool = False) -> date | None:
    """Read ``xsd:date``, ``dateTime``, ``gYearMonth`` or ``gYear``.

    Args:
        value: The literal.
        last: Of a year or a month take the last day, not the first.
    """
    found = _ISO.match(str(value).strip()) if isinstance(value, Literal) else None
    if not found:
        return None
    year, month, number = (int(part) if part else None for part in found.groups())
    try:
        if number:
            return date(year, month, number)
        if not last:
            return date(year, month or 1, 1)
        after = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
        return after - timedelta(days=1)
    except ValueError:
        return None


# -- places and addresses ------------------------------------------------------------------


def _boxes(reading: Reading, node: Node) -> Iterator[Hit]:
    for one in geometries(reading, node):
        box = one.lonlat
        if box is None or is_swapped(one):
            continue
        west, south, east, north = box
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            yield hit(reading, "Q-box-outside", node, one.shown)
        elif east < GERMANY[0] or west > GERMANY[2] or north < GERMANY[1] or south > GERMANY[3]:
            yield hit(reading, "Q-box-abroad", node, one.shown)
        if one.property == "dcat:bbox" and (west == east or south == north):
            yield hit(reading, "Q-box-empty", node, one.shown)


def _doubles(reading: Reading, node: Node) -> Iterator[Hit]:
    seen: dict[Node, Node] = {}
    for one in reading.values(node, "dcat:distribution"):
        if reading.values(one, "dcat:accessService"):
            continue
        for value in reading.values(one, "dcat:accessURL"):
            if value in seen and seen[value] != one:
                yield hit(reading, "Q-address-double", one, value)
            seen[value] = one


def _addresses(reading: Reading, node: Node) -> Iterator[Hit]:
    for prop in _ADDRESSES:
        for value in reading.values(node, prop):
            if not isinstance(value, URIRef):
                continue
            if value.startswith(BASE):
                shown = value.removeprefix(BASE)
                yield hit(reading, "Q-address-relative", node, shown, property=prop)
            elif _is_local(str(value)):
                yield hit(reading, "Q-address-local", node, value, property=prop)


def _is_local(address: str) -> bool:
    """Whether an address means this machine or a private network."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "file" or host == "localhost" or host.endswith((".local", ".localhost")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _identifiers(reading: Reading) -> Iterator[Hit]:
    """Two datasets of one identifier: GovData keeps the one that changed last."""
    holders: dict[str, list[Node]] = defaultdict(list)
    for node in reading.datasets:
        for value in reading.values(node, "dct:identifier"):
            holders[str(value)].append(node)
    for text, nodes in holders.items():
        for node in nodes[1:]:
            yield hit(reading, "Q-identifier-double", node, text)
