# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pass 2: names, house addresses and sentences in a cell.

Nothing here is certain. First names come from the statistics of births of one city
(``schemas/screening/first_names.txt``), never from leaked lists; surnames only show beside
a first name, a salutation or under a header that says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Flag, auto
from functools import cache, lru_cache
from importlib.resources import files

import yaml

_LONGEST = 4000
_OVERLAP = 200
_CACHED = 200
_FOLDER = files("ckanext.verbund.schemas") / "screening"


class Sign(Flag):
    """What a cell looks like."""

    NOTHING = 0
    #: The whole cell is a name of a person: "Erika Muster", "Muster, Erika".
    FULL_NAME = auto()
    #: A salutation with a name: "Frau Muster".
    ADDRESSED = auto()
    #: A first name of the list before a capital word, somewhere in the text.
    NAME_INSIDE = auto()
    #: One word that is a first name.
    FIRST_NAME = auto()
    #: One or two capital words without digits; a surname may look like this.
    WORDS = auto()
    #: Street and house number.
    ADDRESS = auto()
    #: A text of several words, not a label.
    SENTENCE = auto()


ANY_NAME = Sign.FULL_NAME | Sign.ADDRESSED | Sign.NAME_INSIDE

_UPPER = "A-ZÄÖÜÀÁÂÇÉÈÊÍÎÓÔÚÛŁŚŠŞŽĆČĞİØ"
_WORD = rf"[{_UPPER}][^\W\d_]+(?:[-’'][{_UPPER}][^\W\d_]+)*"
_PREFIX = r"(?:(?:von|vom|van|de|der|den|del|da|di|zu|zur|zum|al|el|bin|ten) ){0,3}"
_INITIALS = rf"(?:[{_UPPER}]\. ?){{0,2}}"
_PAIR = re.compile(rf"(?<![\w'’-])({_WORD})(?= {_INITIALS}{_PREFIX}({_WORD})(?: ([^\W\d_]+))?)")
_FULL = re.compile(
    rf"(?:(?:Herrn?|Frau|Dr\.|Prof\.|Dipl\.-\w+\.?) ?){{0,3}}({_WORD})(?: ({_WORD}))?"
    rf" {_INITIALS}{_PREFIX}({_WORD})"
)
_TURNED = re.compile(rf"{_PREFIX}({_WORD}), (?:Dr\. )?({_WORD})(?: (?:{_WORD}|[{_UPPER}]\.))?")
_ADDRESSED = re.compile(
    r"(?<!\w)(?:Herrn?|Frau|Hr\.|Fr\.|Familie|Fam\.|Eheleute|Witwe|Ehepaar) "
    rf"(?:(?:Dr|Prof|med|jur)\. ?){{0,3}}{_INITIALS}{_PREFIX}({_WORD})(?: ({_WORD}))?"
)
# "J. Muster", "hr muster": how people write in a hurry.
_HASTY = re.compile(
    rf"(?<![\w.])(?:[{_UPPER}]\. ({_WORD})(?: ([^\W\d_]+))?|hr\.? [^\W\d_]{{3,}}(?!\w))"
)
_SHORT_WORDS = re.compile(rf"{_PREFIX}{_WORD}(?: {_WORD})?")

_STREET = (
    r"(?:[^\W\d_]{2,}(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ring|damm|steig|pfad|ufer"
    rf"|hang|berg|blick|wiese|hof|halde|acker)|(?:[^\W\d_]+[- ]){{1,3}}"
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|Platz|Weg|Allee|Ring|Gasse|Ufer)"
    r"|(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Hinter der|Unter den)"
    rf" {_WORD})"
)
_ADDRESS = re.compile(
    rf"(?<!\w){_STREET} (?:Nr\. ?)?\d{{1,3}} ?[a-z]?(?![\w.:]|[,]\d| Uhr| %| €| m\b)"
)
_LOWER_WORDS = re.compile(r"(?<!\w)[a-zäöüß]{2,}(?!\w)")


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return yaml.safe_load((_FOLDER / "names.yaml").read_text(encoding="utf-8"))


@cache
def _places() -> tuple[tuple[str, ...], frozenset[str]]:
    return tuple(_words()["places"]), frozenset(_words()["places_alone"])


def _is_place(word: str) -> bool:
    """Tell whether a word names a building, a street, a body or an event."""
    ends, alone = _places()
    text = word.lower()
    return text.endswith(ends) or text.rsplit("-", 1)[-1] in alone


@cache
def first_names() -> frozenset[str]:
    """Return the first names of the list in small letters."""
    lines = (_FOLDER / "first_names.txt").read_text(encoding="utf-8").splitlines()
    names = {line.lower() for line in lines if line and not line.startswith("#")}
    return frozenset(names.difference(_words()["ambiguous"]))


def _is_first_name(word: str) -> bool:
    names = first_names()
    return all(part in names for part in re.split(r"[-’']", word.lower()))


def signs(cell: str) -> Sign:
    """Return what a cell looks like.

    Args:
        cell: The text, however long.
    """
    if len(cell) <= _CACHED:
        return _cached_signs(cell)
    found = Sign.NOTHING
    for start in range(0, len(cell), _LONGEST - _OVERLAP):
        found |= _signs(cell[start : start + _LONGEST])
    return found


def _signs(cell: str) -> Sign:
    text = " ".join(cell.split())
    if not any(c.isupper() for c in text) and "hr" not in text:
        return _sentence(text)
    found = _sentence(text)
    if _ADDRESS.search(text):
        found |= Sign.ADDRESS
    if len(text) <= 80:
        found |= _whole(text)
    if Sign.FULL_NAME not in found:
        found |= _inside(text)
    return found


_cached_signs = lru_cache(maxsize=20_000)(_signs)


def _whole(text: str) -> Sign:
    if match := _FULL.fullmatch(text):
        first, middle, last = match.groups()
        if _is_first_name(first) and not any(_is_place(w) for w in (middle, last) if w):
            return Sign.FULL_NAME
    if (match := _TURNED.fullmatch(text)) and _is_first_name(match[2]):
        return Sign.FULL_NAME if not _is_place(match[1]) else Sign.NOTHING
    if _SHORT_WORDS.fullmatch(text) and not _is_place(text):
        single = Sign.FIRST_NAME if _is_first_name(text) else Sign.NOTHING
        return single | Sign.WORDS
    return Sign.NOTHING


def _inside(text: str) -> Sign:
    found = Sign.NOTHING
    for match in _ADDRESSED.finditer(text):
        if not any(_is_place(word) for word in match.groups() if word):
            found |= Sign.ADDRESSED
            break
    for match in _HASTY.finditer(text):
        if not any(_is_place(word) for word in match.groups() if word):
            found |= Sign.NAME_INSIDE
            break
    for match in _PAIR.finditer(text):
        first, last, after = match.groups()
        if not _is_first_name(first) or _is_place(last) or (after and _is_place(after)):
            continue
        before = text[: match.start()].rstrip().rsplit(" ", 1)[-1]
        # "Kita Anna Freud", "Straße Rosa Luxemburg": named after somebody.
        if not (before and _is_place(before.strip('„“"(,'))):
            return found | Sign.NAME_INSIDE
    return found


def _sentence(text: str) -> Sign:
    if len(text) < 40 or text.count(" ") < 5:
        return Sign.NOTHING
    return Sign.SENTENCE if len(_LOWER_WORDS.findall(text)) >= 3 else Sign.NOTHING
