# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Derive the parts that German compounds are split into: ``stack/solr/conf/parts.txt``.

Solr's ``DictionaryCompoundWordTokenFilter`` takes every part of a word that stands in a
list. A plain list of German words is a bad one: »Straßen« would hold »Rassen«, and all parts
of »Abfuhrkalender« would be hidden behind the compound itself. So the list is made of words
that (1) are not compounds, (2) form compounds, and (3) rarely appear inside a word by chance.
All three are counted in the word list of igerman98 itself.

Example:
    $ apt-get download wngerman && dpkg -x wngerman_*.deb /tmp/words
    $ python -m stack.search_words /tmp/words/usr/share/dict/ngerman
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from stack.settings import ROOT

TARGET = ROOT / "stack" / "solr" / "conf" / "parts.txt"
SHORTEST, LONGEST = 3, 15
#: How many compounds a part must form; short ones are more often there by chance.
PRODUCTIVE = {3: 60, 4: 8}
USUAL = 3
#: Share of its appearances in which it must be a part indeed.
PRECISE = {3: 0.6, 4: 0.6}
USUALLY = 0.5
#: What may stand between two parts.
LINKS = ("", "s", "es", "n", "en", "er", "e")
#: Endings that the word list holds as words, or that are no words of their own.
_NO_PARTS = """
    ander anders augen chen ende enden ender ends eren erer erin erinnen erst erste ersten
    esten ester geg gung gungen heit heiten innen inne ione ionen isten ismus iten keit lein
    lich liche lichen ling linge lingen neb nisse nissen ort orten rung rungen schaft steins
    sten tern tion tung tungen zung zusamm ände
"""
NO_PARTS = frozenset(_NO_PARTS.split())
#: Words of offices that the list lacks or counts too low.
_ALWAYS = """
    abfall abfuhr amt bad bau baum bericht bus bäume bürger denkmal denkmäler einwohner
    fahrrad fläche flächen garten gas gebühr gebühren gemeinde gemeinden gärten haushalt hund
    hunde kalender karte karten kataster kfz kita klima luft lärm müll park plan planung
    platz pläne plätze rad schule schulen see solar spiel standort standorte statistik steuer
    steuern straße straßen strom tal termin termine umwelt unfall unfälle verkehr verzeichnis
    wahl wasser weg wind wohnung wohnungen wärme zahl zahlen zoo öpnv
"""
ALWAYS = frozenset(_ALWAYS.split())


def normal(word: str) -> str:
    """Write a word as Solr's ``GermanNormalizationFilter`` does, in small letters."""
    word = word.lower().replace("ß", "ss")
    word = word.translate(str.maketrans("äöü", "aou")).replace("ae", "a").replace("oe", "o")
    return re.sub(r"(?<![aeiouyq])ue", "u", word)


def candidates(words: list[str]) -> tuple[set[str], list[str]]:
    """Return what may be a part, and the nouns to count in, all in normal form."""
    nouns = {normal(w) for w in words if w[:1].isupper() and w[1:].islower()}
    # »Wander-weg«, »Lade-station«: stems of verbs
    stems = {normal(w)[:-2] for w in words if w.islower() and re.fullmatch(r"\w{3,}en", w)}
    stems |= {normal(w)[:-1] for w in words if w.islower() and re.fullmatch(r"\w{3,}e[lr]n", w)}
    short = {w for w in nouns | stems if SHORTEST <= len(w) <= LONGEST}
    return short - {normal(w) for w in NO_PARTS}, sorted(nouns, key=lambda w: (len(w), w))


def split(word: str, parts: set[str]) -> list[tuple[int, str]] | None:
    """Split a word into at least two parts with links between them, or return None.

    Fewer parts win, then fewer letters of links.
    """
    best: list[tuple[int, int, list[tuple[int, str]]] | None] = [None] * (len(word) + 1)
    best[0] = (0, 0, [])
    for start in range(len(word) - 2):
        state = best[start]
        if state is None:
            continue
        count, waste, found = state
        for end in range(start + SHORTEST, min(len(word), start + LONGEST) + 1):
            part = word[start:end]
            if part not in parts or (end - start == len(word)):
                continue
            for link in LINKS:
                after = end + len(link)
                if word.startswith(link, end) and (not link or after < len(word)):
                    # parts of three letters cost more: they are often no parts
                    cost = (count + (2 if len(part) == 3 else 1), waste + len(link))
                    if best[after] is None or cost < best[after][:2]:
                        best[after] = (*cost, [*found, (start, part)])
    end = best[len(word)]
    return end[2] if end and len(end[2]) > 1 else None


def simple(words: set[str]) -> set[str]:
    """Return the words that are not made of other words."""
    atoms: set[str] = set()
    for word in sorted(words, key=lambda w: (len(w), w)):
        pieces = split(word, atoms) if len(word) > 7 else None
        if pieces is None or min(len(p) for _, p in pieces) < 4:
            atoms.add(word)
    return atoms


def found_in(word: str, parts: set[str]) -> list[tuple[int, str]]:
    """Return what the filter would find: the longest part at each place."""
    found = []
    for start in range(len(word) - SHORTEST + 1):
        for end in range(min(len(word), start + LONGEST), start + SHORTEST - 1, -1):
            if word[start:end] in parts:
                found.append((start, word[start:end]))
                break
    return found


def choose(words: list[str]) -> list[str]:
    """Return the parts, sorted."""
    short, nouns = candidates(words)
    always = {normal(w) for w in ALWAYS}
    atoms = simple(short) | always
    long_words = [w for w in nouns if 8 <= len(w) <= 30]
    used: Counter[str] = Counter()
    splits = {}
    for word in long_words:
        pieces = split(word, atoms)
        if pieces:
            splits[word] = set(pieces)
            used.update(part for _, part in pieces)
    parts = {w for w in atoms if used[w] >= PRODUCTIVE.get(len(w), USUAL)} | always
    for _ in range(2):  # what falls out lets others appear
        right: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for word, pieces in splits.items():
            for place in found_in(word, parts):
                (right if place in pieces else wrong)[place[1]] += 1
        parts = {
            w
            for w in parts
            if w in always
            or right[w] >= PRECISE.get(len(w), USUALLY) * (right[w] + wrong[w]) > 0
        }
    return sorted(parts)


def main() -> int:
    """Read the word list that is named, write the parts."""
    words = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    parts = choose(words)
    TARGET.write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(parts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
