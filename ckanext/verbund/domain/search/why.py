# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a dataset was found: which of its words are meant by the query.

Solr knows it too, but tells it for another field and another price; the twenty texts of a
page are read faster here. Nothing is made into HTML: texts are cut into pieces, and the
template writes them, escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ckanext.verbund.domain.search import words

EXCERPT = 200
"""Letters of a description that a line of a result shows."""

Pieces = tuple[tuple[str, bool], ...]
"""A text in parts; True: this part is meant by the query."""

_READ = 4000  # letters of a description that are looked at
_LEAST = 4  # a shorter word must begin a word and nearly be it
_ALIKE = 5  # letters that two compounds share at their beginning or end
_LETTERS = {"a": "(?:ae?|ä)", "o": "(?:oe?|ö)", "u": "(?:ue?|ü)"}
_TAG = re.compile(r"<[^>]{1,400}>")
_LINK = re.compile(r"!?\[([^\]]{0,200})\]\([^)]{0,400}\)")
_MARKS = re.compile(
    r"""^[ \t]*(?:[#>*+-]+|\d+\.)[ \t]+       # headings, quotations, lists
    | [*`]{1,3}(?=\S) | (?<=\S)[*`]{1,3}     # emphasis, code
    | (?<!\w)_{1,3}(?=\w) | (?<=\w)_{1,3}(?!\w)""",
    re.MULTILINE | re.VERBOSE,
)


def plain_text(markdown: str) -> str:
    """Return a description without marks of Markdown and HTML, in one line."""
    text = _TAG.sub(" ", markdown[:_READ])
    text = _MARKS.sub("", _LINK.sub(r"\1", text))
    return " ".join(html.unescape(text).split())


@dataclass(frozen=True)
class Reason:
    """Where a dataset holds what was asked for.

    Attributes:
        title: The title in pieces.
        excerpt: The part of the description that says most, in pieces.
        via: What else it was found by: kind (a key of the texts that were given, or
            ``word``) and text. Empty when the title says it.
    """

    title: Pieces
    excerpt: Pieces
    via: tuple[tuple[str, str], ...]


class Marker:
    """Finds the words of one query in texts.

    Args:
        query: What a person wrote; empty finds nothing.
    """

    def __init__(self, query: str) -> None:
        asked = [w for w in words.tokens(query) if w not in words.STOPWORDS]
        asked = (asked or words.tokens(query))[:24]
        parts = [part for word in asked for part in {word, *word.split("-")} if part]
        self._steps = [
            meant
            for meant in (_any(parts), _any(_related(asked)), _alike(parts))
            if meant is not None
        ]
        self._whole = [p for p in (_any([word]) for word in asked) if p]

    def explain(
        self, title: str, description: str, others: Sequence[tuple[str, Iterable[str]]]
    ) -> Reason:
        """Return why a dataset was found.

        Args:
            title: Its title.
            description: Its description as plain text.
            others: Further texts by kind, such as the keywords; earlier ones count first.
        """
        if not self._steps:
            return Reason(((title, False),), excerpt(description), ())
        everything = _bare("\n".join(text for _, texts in others for text in texts))
        bare_title, bare_description = _bare(title), _bare(description)
        for number, meant in enumerate(self._steps):
            pattern = meant.pattern
            in_title = meant.may_be_in(bare_title) and pattern.search(title)
            if in_title and not number:
                return Reason(_cut(title, pattern), excerpt(description, pattern), ())
            shown = _named(pattern, others) if meant.may_be_in(everything) else ()
            hit = in_title or (
                meant.may_be_in(bare_description) and pattern.search(description)
            )
            if not (hit or shown):
                continue
            if number and hit and not shown:
                text = title if in_title else description
                shown = (("word", text[slice(*_word(text, hit))]),)
            return Reason(_cut(title, pattern), excerpt(description, pattern), shown)
        return Reason(((title, False),), excerpt(description), ())

    def unknown(self, texts: Iterable[str]) -> bool:
        """Return whether a word of the query is in none of the texts."""
        everything = "\n".join(texts)
        bare = _bare(everything)
        return any(
            not (word.may_be_in(bare) and word.pattern.search(everything))
            for word in self._whole
        )


@lru_cache(maxsize=512)
def marker(query: str) -> Marker:
    """Return the marker of a query; people ask the same again and again."""
    return Marker(query)


def excerpt(text: str, pattern: re.Pattern[str] | None = None) -> Pieces:
    """Return the part of a text that a line shows, with what is meant marked.

    Args:
        text: A plain text.
        pattern: What is meant; the part begins shortly before its first match.
    """
    begin = 0
    hit = pattern.search(text) if pattern else None
    if hit and hit.end() > EXCERPT - 20:
        begin = text.find(" ", max(0, hit.start() - 80)) + 1
    part = text[begin : begin + EXCERPT]
    if begin + EXCERPT < len(text):
        part = part[: part.rfind(" ") if " " in part else EXCERPT].rstrip(" ,;:") + " …"
    if begin:
        part = "… " + part
    return _cut(part, pattern) if pattern else ((part, False),)


def _named(
    pattern: re.Pattern[str], others: Sequence[tuple[str, Iterable[str]]]
) -> tuple[tuple[str, str], ...]:
    """Return the first two texts that hold what is meant, with their kinds."""
    found = ((kind, t) for kind, texts in others for t in texts if t and pattern.search(t))
    return tuple(islice(dict.fromkeys(found), 2))


def _related(asked: list[str]) -> list[str]:
    """Return the words that the query was widened by."""
    found = [other for word in asked for other in words.synonyms().get(words.stem(word), ())]
    for concept, _share in words.matching(asked):
        found += [concept.name, *concept.words]
    own = {words.stem(word) for word in asked}
    tokens = (t for phrase in found for t in words.tokens(phrase))
    return [
        t
        for t in dict.fromkeys(tokens)
        if t not in words.STOPWORDS and words.stem(t) not in own
    ]


@dataclass(frozen=True)
class _Meant:
    """What finds words in texts.

    Attributes:
        pattern: Finds them.
        keys: One of them is in the bare form of each text that the pattern finds something
            in. Dozens of words in any spelling are slow to search for; most texts hold none.
    """

    pattern: re.Pattern[str]
    keys: tuple[str, ...]

    def may_be_in(self, bare: str) -> bool:
        """Return False if the pattern finds nothing in a text, told from its bare form."""
        return any(key in bare for key in self.keys)


def _bare(text: str) -> str:
    """Return what all spellings of a text have in common; see `_spelled`."""
    text = text.casefold()  # makes ss of ß
    if not text.isascii():
        text = text.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    return text.replace("e", "")


def _any(found: Iterable[str]) -> _Meant | None:
    """Return what finds a word in any spelling and ending, also inside of compounds."""
    stems = [stem for stem in dict.fromkeys(words.stem(word) for word in found) if stem]
    choices = [
        _spelled(stem) if len(stem) >= _LEAST else rf"(?<!\w){_spelled(stem)}\w{{0,2}}(?!\w)"
        for stem in stems
    ]
    return _meant(choices, stems)


def _alike(found: Iterable[str]) -> _Meant | None:
    """Return what finds a compound that shares its first or last part with a word."""
    stems = [s for s in (words.stem(word) for word in found) if len(s) > _ALIKE]
    choices = [rf"(?<!\w){_spelled(s[:_ALIKE])}" for s in stems]
    choices += [rf"{_spelled(s[-_ALIKE:])}\w{{0,3}}(?!\w)" for s in stems]
    return _meant(choices, [part for s in stems for part in (s[:_ALIKE], s[-_ALIKE:])])


def _meant(choices: list[str], stems: list[str]) -> _Meant | None:
    if not choices:
        return None
    keys = tuple(dict.fromkeys(map(_bare, stems)))
    return _Meant(re.compile("|".join(choices), re.IGNORECASE), keys)


def _spelled(stem: str) -> str:
    letters = "".join(_LETTERS.get(letter) or re.escape(letter) for letter in stem)
    return letters.replace("ss", "(?:ss|ß)")


def _cut(text: str, pattern: re.Pattern[str]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    done = 0
    for hit in pattern.finditer(text):
        if hit.start() < done:
            continue
        begin, end = _word(text, hit)
        if begin > done:
            pieces.append((text[done:begin], False))
        pieces.append((text[begin:end], True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    return tuple(pieces)


def _word(text: str, hit: re.Match[str]) -> tuple[int, int]:
    """Return where the word that holds a match begins and ends."""
    begin, end = hit.span()
    while begin and text[begin - 1].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return begin, end
