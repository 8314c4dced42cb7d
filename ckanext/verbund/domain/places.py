# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Municipalities, districts and states: from what people write to key and outline.

The list lies in ``schemas/geo`` and carries a date: keys change every year. Nothing
here knows a single key.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

Level = Literal["municipality", "district", "state"]
BBox = tuple[float, float, float, float]

IRI_BASE = "http://dcat-ap.de/def/politicalGeocoding/"
_IRI = re.compile(
    r"https?://(?:www\.)?dcat-ap\.de/def/politicalGeocoding/"
    r"(?P<type>\w+Key)[/#](?P<key>\d+)/?",
    re.IGNORECASE,
)
_IRI_TYPES = {"municipalitykey", "districtkey", "statekey", "regionalkey"}
_KEY = re.compile(r"\d[\d ]*\d")

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", ".": " ", "-": " ", "–": " ", "'": " "}
    | dict.fromkeys("(/,;)", " | ")
)
# Between a name and what tells it from its namesakes: "a. d.", "in der", "(…)".
_LINKS = frozenset(
    [
        "a",
        "am",
        "an",
        "auf",
        "b",
        "bei",
        "d",
        "dem",
        "den",
        "der",
        "i",
        "im",
        "in",
        "o",
        "ob",
        "v",
        "vor",
        "|",
    ]
)
_SPELLED_OUT = {"st": "sankt", "weinstr": "weinstrasse", "lkr": "landkreis", "lk": "landkreis"}
_CITY_DISTRICTS = frozenset({"Kreisfreie Stadt", "Stadtkreis"})


@dataclass(frozen=True, slots=True)
class Place:
    """One territory of the official list; ``bbox`` is west, south, east, north."""

    level: Level
    key: str
    ars: str
    name: str
    kind: str
    state: str
    bbox: BBox

    @property
    def iri(self) -> str:
        """The address of the key, as DCAT-AP.de wants it in ``dct:spatial``."""
        return f"{IRI_BASE}{self.level}Key/{self.key}"

    @property
    def label(self) -> str:
        """The name as one would write it: a district is told from the town of its name."""
        rural = self.level == "district" and self.kind not in _CITY_DISTRICTS
        if rural and not re.search("kreis|region", self.name, re.IGNORECASE):
            return f"{self.kind} {self.name}"
        return self.name

    @property
    def bbox_geometry(self) -> dict[str, Any]:
        """The enclosing rectangle as GeoJSON, counter-clockwise."""
        west, south, east, north = self.bbox
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}


Words = tuple[str, ...]
Test = Callable[[Place], bool]


def _rural(place: Place) -> bool:
    return place.level == "district" and place.kind not in _CITY_DISTRICTS


def _city_district(place: Place) -> bool:
    if place.level == "municipality":
        return place.key.endswith("000")
    return place.kind in _CITY_DISTRICTS


def _municipality(place: Place) -> bool:
    return place.level == "municipality"


def _state(place: Place) -> bool:
    return place.level == "state"


# What stands before or after a name ("Kreisstadt X", "X, Stadt") and what it then means.
_DESIGNATIONS: dict[Words, Test] = {
    ("kreisfreie", "stadt"): _city_district,
    ("stadtkreis",): _city_district,
    ("landkreis",): _rural,
    ("kreis",): _rural,
    ("freie", "und", "hansestadt"): _municipality,
    ("freie", "hansestadt"): _municipality,
    ("grosse", "kreisstadt"): _municipality,
    ("stadt",): _municipality,
    ("kreisstadt",): _municipality,
    ("landeshauptstadt",): _municipality,
    ("hauptstadt",): _municipality,
    ("universitaetsstadt",): _municipality,
    ("hansestadt",): _municipality,
    ("gemeinde",): _municipality,
    ("ortsgemeinde",): _municipality,
    ("markt",): _municipality,
    ("marktgemeinde",): _municipality,
    ("flecken",): _municipality,
    ("land",): _state,
    ("bundesland",): _state,
    ("freistaat",): _state,
}


def _tokens(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    return [_SPELLED_OUT.get(word, word) for word in text.split()]


def _words(tokens: Iterable[str]) -> Words:
    return tuple([word for word in tokens if word not in _LINKS])


def _base(tokens: list[str]) -> Words:
    """Return the words before the first link: "Landau" of "Landau a. d. Isar"."""
    for place, word in enumerate(tokens):
        if place and word in _LINKS:
            return tuple(tokens[:place])
    return tuple(tokens)


class _Index:
    """Rows of ``places.csv`` by key and by name; places are made when asked for."""

    def __init__(self) -> None:
        self.by_key: dict[str, list[str]] = {}
        self.by_words: dict[Words, list[list[str]]] = {}
        self.by_base: dict[Words, list[list[str]]] = {}
        with (_folder() / "places.csv").open(encoding="utf-8", newline="") as rows:
            reader = csv.reader(rows)
            next(reader)
            for row in reader:
                _level, key, ars, name = row[:4]
                self.by_key[key] = row
                self.by_key.setdefault(ars, row)
                tokens = _tokens(name)
                words = _words(tokens) or tuple(tokens)
                self.by_words.setdefault(words, []).append(row)
                base = _base(tokens)
                if base != words:
                    self.by_base.setdefault(base, []).append(row)


def _folder() -> Any:
    return files("ckanext.verbund.schemas") / "geo"


@cache
def _index() -> _Index:
    return _Index()


def _place(row: list[str]) -> Place:
    level, key, ars, name, kind, state = row[:6]
    west, south, east, north = map(float, row[6:10])
    return Place(level, key, ars, name, kind, state, (west, south, east, north))  # type: ignore[arg-type]


def by_key(key: str) -> Place | None:
    """Return the place of an AGS or ARS.

    Accepts keys that a spreadsheet robbed of their leading zero and keys of districts
    and states that were filled up with zeros.
    """
    key = key.replace(" ", "")
    if len(key) in {4, 7, 11}:
        key = "0" + key
    rows = _index().by_key
    row = rows.get(key)
    if row is None and len(key) in {8, 12}:
        short = key.rstrip("0")
        row = next((rows[key[:n]] for n in (5, 2) if len(short) <= n and key[:n] in rows), None)
    return _place(row) if row else None


def districts(state: str) -> list[Place]:
    """Return the districts and district-free towns of a state.

    Args:
        state: Its key of two digits.
    """
    return inside("district", state)


def inside(level: Level, state: str = "") -> list[Place]:
    """Return the places of a level by key, of one state or of all.

    Args:
        level: Which kind of place.
        state: Key of two digits; empty for the whole country.
    """
    rows = _index().by_key
    found = {row[1]: _place(row) for row in rows.values() if row[0] == level}
    return [found[key] for key in sorted(found) if key.startswith(state)]


def municipalities(district: str) -> list[Place]:
    """Return the municipalities of a district.

    Args:
        district: Its key of five digits.
    """
    rows = _index().by_key
    found = {row[1]: _place(row) for row in rows.values() if row[0] == "municipality"}
    return [found[key] for key in sorted(found) if key.startswith(district)]


def within(view: BBox, level: Level) -> list[Place]:
    """Return the places of a level whose rectangles touch a frame, by key.

    Args:
        view: West, south, east, north.
        level: Municipalities, districts or states.
    """
    west, south, east, north = view
    rows = {row[1]: row for row in _index().by_key.values() if row[0] == level}
    found = (_place(rows[key]) for key in sorted(rows))
    return [
        place
        for place in found
        if place.bbox[0] <= east
        and place.bbox[2] >= west
        and place.bbox[1] <= north
        and place.bbox[3] >= south
    ]


def is_key_iri(text: str) -> bool:
    """Say whether a text is an address of an official key, known to us or not."""
    return bool(_IRI.fullmatch(text.strip()))


def find(text: str) -> list[Place]:
    """Return the places that a name, a key or an IRI may mean, best first."""
    return [place for _rank, place in _ranked(text)]


def resolve(text: str) -> Place | None:
    """Return the place that a text means, or None if that is not certain.

    A town wins over the rural district of its name, which is called "Landkreis …".
    """
    ranked = [(rank, place) for rank, place in _ranked(text) if rank < _GUESS]
    best = [place for rank, place in ranked if rank == ranked[0][0]]
    towns = [place for place in best if place.level == "municipality"]
    choice = towns or best
    return choice[0] if len(choice) == 1 else None


# Ranks of a match: the same name, the same words, a short form ("Ludwigshafen"), a name
# with its state ("Kaiserslautern in der Pfalz"), a name with something we do not know.
_SAME, _WORDS, _SHORT, _WITH_STATE, _GUESS = range(5)


def _ranked(text: str) -> list[tuple[int, Place]]:
    text = text.strip()
    match = _IRI.fullmatch(text)
    if match and match["type"].casefold() not in _IRI_TYPES:
        return []
    if match or _KEY.fullmatch(text):
        place = by_key(match["key"] if match else text)
        return [(_SAME, place)] if place else []
    tokens = _tokens(text)
    if not _words(tokens):
        return []
    found = _by_name(tokens)
    if not found or found[0][0] > _WORDS:
        found = _designated(tokens) or found
    return sorted(found, key=lambda item: (item[0], *_weight(item[1])))


def _by_name(tokens: list[str]) -> list[tuple[int, Place]]:
    index = _index()
    words = _words(tokens)
    found = []
    for row in index.by_words.get(words, ()):
        rank = _SAME if _tokens(row[3]) == tokens else _WORDS
        found.append((rank, _place(row)))
    found += [(_SHORT, _place(row)) for row in index.by_base.get(words, ())]
    base = _base(tokens)
    if found or base == words:
        return found
    states = _states(words[len(base) :])
    rows = [*index.by_words.get(base, ()), *index.by_base.get(base, ())]
    return [(_WITH_STATE if row[5] in states else _GUESS, _place(row)) for row in rows]


def _states(words: Words) -> set[str]:
    """Return the keys of the states whose names contain all the words."""
    return {
        key
        for key, row in _index().by_key.items()
        if row[0] == "state" and words and set(words) <= set(_tokens(row[3]))
    }


def _designated(tokens: list[str]) -> list[tuple[int, Place]]:
    while tokens and tokens[-1] == "|":
        tokens = tokens[:-1]
    for phrase, test in _DESIGNATIONS.items():
        size = len(phrase)
        if tuple(tokens[:size]) == phrase:
            rest = tokens[size:]
        elif tuple(tokens[-size:]) == phrase:
            rest = tokens[:-size]
        else:
            continue
        while rest and rest[-1] == "|":
            rest = rest[:-1]
        found = [item for item in _by_name(rest) if test(item[1])] if _words(rest) else []
        if found:
            return found
    return []


def _weight(place: Place) -> tuple[int, int, str, str]:
    """Order places of one rank: towns before villages, and before districts."""
    if place.level == "municipality":
        size = 0 if place.key.endswith("000") else 1 if place.kind == "Stadt" else 2
        return (0, size, place.name, place.key)
    size = 3 if _rural(place) else 1 if place.level == "district" else 2
    return (size, 0, place.name, place.key)


def suggest(prefix: str, limit: int = 10) -> list[Place]:
    """Return places whose name or key begins with what was typed, shortest names first.

    A district that is a town comes as the town only.
    """
    prefix = prefix.strip()
    if prefix.isdigit():
        keys = {row[1] for key, row in _index().by_key.items() if key.startswith(prefix)}
        rows = [_index().by_key[key] for key in sorted(keys, key=lambda key: (len(key), key))]
        return [_place(row) for row in rows[:limit]]
    tokens = _tokens(prefix)
    for phrase, test in _DESIGNATIONS.items():
        if tuple(tokens[: len(phrase)]) == phrase and tokens[len(phrase) :]:
            found = [place for place in _beginning(tokens[len(phrase) :]) if test(place)]
            if found:
                return _without_doubles(found)[:limit]
    return _without_doubles(_beginning(tokens))[:limit]


def _beginning(tokens: list[str]) -> list[Place]:
    typed = " ".join(_words(tokens) or tokens)
    hits = [
        (len(words), _place(row))
        for words, rows in _index().by_words.items()
        if typed and words[0][0] == typed[0] and " ".join(words).startswith(typed)
        for row in rows
    ]
    return [place for _, place in sorted(hits, key=lambda hit: (hit[0], *_weight(hit[1])))]


def _without_doubles(places: list[Place]) -> list[Place]:
    names = {place.name for place in places if _city_district(place) and _municipality(place)}
    return [
        place
        for place in places
        if place.level == "municipality" or _rural(place) or place.name not in names
    ]


def similar(text: str, limit: int = 3) -> list[Place]:
    """Return places that a misspelt or ambiguous name may have meant."""
    candidates = _without_doubles(find(text)) or suggest(text, limit)
    words = _words(word for word in _tokens(text) if (word,) not in _DESIGNATIONS)
    if candidates or not words:
        return candidates[:limit]
    wanted = " ".join(words)
    names = {
        " ".join(known): rows
        for known, rows in _index().by_words.items()
        if known[0][0] == wanted[0] and abs(len(" ".join(known)) - len(wanted)) <= 3
    }
    close = difflib.get_close_matches(wanted, names, n=limit, cutoff=0.7)
    found = [sorted(map(_place, names[name]), key=_weight) for name in close]
    return _without_doubles([place for group in found for place in group])[:limit]


def describe(place: Place) -> str:
    """Return name and key, with the district where that tells namesakes apart."""
    around = by_key(place.key[:5]) if place.level == "municipality" else None
    where = f", {around.label}" if around and _rural(around) else ""
    return f"{place.label}{where} ({place.key})"


def outline(place: Place) -> dict[str, Any]:
    """Return the outline as a GeoJSON geometry."""
    return json.loads(outline_text(place))


@lru_cache(maxsize=64)
def outline_text(place: Place) -> str:
    """Return the outline as the text of a GeoJSON geometry, without blanks."""
    lines = b"\n" + _outlines(place.state)
    begin = lines.index(b"\n" + place.key.encode() + b"\t") + len(place.key) + 2
    return lines[begin : lines.index(b"\n", begin)].decode()


@cache
def source_note() -> dict[str, str]:
    """Return what a page that shows outlines must say: text, url, licence, as_of."""
    import yaml

    manifest = yaml.safe_load((_folder() / "manifest.yaml").read_text(encoding="utf-8"))
    return {
        "text": manifest["attribution"],
        "url": manifest["attribution_url"],
        "licence": manifest["licence"],
        "licence_url": manifest["licence_url"],
        "as_of": str(manifest["as_of"]),
    }


def outline_texts(state: str) -> dict[str, str]:
    """Return all outlines of a state as texts of GeoJSON geometries, by key.

    For whoever draws a whole state: the file is unpacked once instead of once per place.
    """
    rows = (line.partition("\t") for line in _outlines(state).decode().splitlines())
    return {key: text for key, _, text in rows}


def _outlines(state: str) -> bytes:
    return gzip.decompress((_folder() / "outlines" / f"{state}.tsv.gz").read_bytes())
