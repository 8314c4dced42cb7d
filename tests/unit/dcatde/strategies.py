# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any value that the schemas can hold, for property tests."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st

from ckanext.verbund.domain import dataset as d
from ckanext.verbund.domain.dcatde import mapping as m

# The same examples in every run, and as many as the time for unit tests allows.
PROFILE = settings(max_examples=60, deadline=None, derandomize=True, database=None)

_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
words = st.text(_CHARACTERS | st.sampled_from("\n\t\"\\'<>^@_ .äß€𝄞"), min_size=1, max_size=30)
texts = st.builds(d.Text, words, st.sampled_from(["", "de", "en", "de-at"]))
# What no address could be made of; the first word keeps it apart from names of list values.
prose = words.map("siehe {}".format)
paths = st.text("abcäöü019-_.~%/?=&#(),;:+*'", max_size=15)
links = st.builds("https://a.example/{}".format, paths) | st.just("urn:isbn:3")
addresses = st.one_of(links, links, prose)
dates = st.one_of(
    st.dates().map(str),
    st.datetimes(timezones=st.none()).map(lambda moment: moment.isoformat()),
    st.dates().map(lambda day: str(day)[:7]),
    st.dates().map(lambda day: str(day)[:4]),
    st.just("2026-03-02T10:00:00+01:00"),
    st.just("irgendwann"),
)
mailboxes = st.sampled_from(["info@stadt.example", "poststelle@kreis.example", "ohne Adresse"])
geometries = st.sampled_from(
    [
        "",
        m.canonical_wkt("POINT (7.77 49.44)"),
        m.canonical_wkt("POLYGON ((7 49, 8 49, 8 50.125, 7 50.1, 7 49))"),
        m.canonical_wkt("MULTIPOINT ((7.1 49.2), (7 49))"),
    ]
)
_KINDS = {
    m.TEXT: texts,
    m.PLAIN: words,
    m.ADDRESS: addresses,
    m.DATE: dates,
    m.DECIMAL: st.sampled_from(["0.5", "10", "-3.25", "etwa zehn"]),
    m.INTEGER: st.integers(0, 10**12).map(str) | st.just("unbekannt"),
    m.DURATION: st.sampled_from(["P1D", "PT15M", "P1Y2M3DT4H5M6.5S", "ein Tag"]),
    m.HEX: st.binary(min_size=1, max_size=32).map(bytes.hex),
    m.MAIL: mailboxes,
    m.PHONE: st.sampled_from(["+49 631 1234567", "0631 12", "auf Anfrage"]),
    m.WKT: geometries,
}
# Distinct things have distinct addresses; `_named` gives them.
_NAMED = "named"


def _few(content):
    return st.lists(content, max_size=2, unique=True).map(tuple)


@cache
def _property(one):
    if one.table is not None:
        content = things(one.table)
        return _few(content) if one.many else st.none() | content
    content = _KINDS[one.kind]
    return _few(content) if one.many else st.just("") | content


@st.composite
def things(draw, table):
    """Return a value of a table with some of its fields; list fields hold up to two entries."""
    chosen = draw(st.lists(st.sampled_from(table.properties), max_size=6, unique=True))
    # Who says nothing and has no name is nobody.
    uri = draw(st.sampled_from(["", _NAMED])) if chosen else _NAMED
    value = table.value(uri=uri, **{one.field: draw(_property(one)) for one in chosen})
    if value == table.value():
        value = replace(value, uri=_NAMED)
    if table is m.DISTRIBUTION and not value.access_url:
        # Reading would add it (K39).
        value = replace(value, access_url=value.download_url)
    if table is m.IDENTIFIER and not value.notation:
        # An address without notation is not valid and would be completed.
        value = replace(value, notation="67-1")
    return value


def _named(value, numbers):
    changes = {}
    for one in fields(value):
        content = getattr(value, one.name)
        if one.name == "uri" and content:
            changes["uri"] = f"https://id.example/{next(numbers)}"
        elif isinstance(content, tuple) and content and is_dataclass(content[0]):
            changes[one.name] = tuple(_named(entry, numbers) for entry in content)
        elif is_dataclass(content):
            changes[one.name] = _named(content, numbers)
    return replace(value, **changes) if changes else value


@st.composite
def resources(draw, tables=(m.DATASET, m.SERIES, m.SERVICE, m.CATALOG)):
    """Return a thing of a catalogue with everything that hangs on it."""
    value = draw(st.one_of(*(things(table) for table in tables)))
    value = _named(value, count())
    remainder = draw(
        st.sampled_from([(), (f"<{_ROOT}> <https://b.example/p> <https://c.example/> .",)])
    )
    return replace(value, uri=_ROOT, remainder=remainder)


_ROOT = "https://daten.example/dataset/1"
