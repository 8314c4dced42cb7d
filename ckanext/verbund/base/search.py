# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search through CKAN's own ``package_search``: ranking, labels in the index, suggestions.

The rules are in ``domain.search``; here they meet CKAN. docs/suche.md explains them.
"""

from __future__ import annotations

import json
from typing import Any

from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.types import Context

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.search import query, words

# Who sets one of these knows how to search and gets what CKAN does with them.
_CALLERS_OWN = frozenset({"defType", "qf", "mm", "tie", "bf", "boost"})
#: What a word must be found in to count as known: as written, or by its stem.
_WHOLE_WORDS = ("verbund_words", "verbund_title", "verbund_notes")


def before_dataset_search(search_params: dict[str, Any]) -> dict[str, Any]:
    """Rank by any of the words, instead of asking for all of them.

    For the hook of the same name. Queries in Solr's syntax, an empty query and callers
    who choose parser or weights themselves are left as they are. ckanext-spatial adds its
    ``bf`` after us and wants the same parser.
    """
    text = search_params.get("q")
    if not isinstance(text, str) or not query.is_plain(text):
        return search_params
    if any(search_params.get(name) for name in _CALLERS_OWN):
        return search_params
    return search_params | {
        "q": query.ranked(text),
        "defType": "edismax",
        "mm": "1",
        "qf": query.WEIGHTS.fields,
        "tie": str(query.WEIGHTS.tie),
    }


def before_dataset_index(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Index the names behind the keys: themes, Musterdatensatz, organisation, places.

    For the hook of the same name. ``verbund_theme`` holds the themes for facets.
    """
    try:
        dataset = json.loads(data_dict.get("validated_data_dict") or "{}")
    except ValueError:
        return data_dict
    themes = [iri for iri in _list(dataset.get("theme")) if isinstance(iri, str)]
    labels = [vocab.load("data_theme").label(iri) for iri in themes]
    labels += _sample(dataset.get("musterdatensatz"))
    labels.append((dataset.get("organization") or {}).get("title"))
    labels += [
        entry.get("text")
        for entry in _list(dataset.get("spatial_coverage"))
        if isinstance(entry, dict)
    ]
    if found := [text for text in labels if isinstance(text, str) and text]:
        data_dict["verbund_labels"] = found
    if themes:
        data_dict["verbund_theme"] = themes
    return data_dict


def _sample(iri: Any) -> list[str]:
    """Return label and usual words of a Musterdatensatz."""
    concept = vocab.load("musterdatensatz").get(iri) if isinstance(iri, str) else None
    if concept is None:
        return []
    own = next((c.words for c in words.concepts() if c.code == concept.code), ())
    return [concept.label(), *own]


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []


# -- suggestions and corrections, all under the caller's permission filter ------


def suggest(context: Context, text: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Return titles, tags and themes in which words begin as a person has typed.

    Args:
        context: Whose view it is.
        text: What was typed so far.
        limit: How many of each kind at most.
    """
    begun = words.tokens(text)[: query.LONGEST]
    if not begun:
        return {"titles": [], "tags": [], "themes": []}
    found = _search(
        context,
        q=" AND ".join(f'verbund_begin:"{word}"' for word in begun),
        fl=["name", "title"],
        rows=limit,
    )
    tagged = _search(
        context,
        q=" AND ".join(f'verbund_tag_begin:"{word}"' for word in begun),
        rows=0,
        **{"facet.field": ["tags"], "facet.limit": 200},
    )
    themed = _search(context, q="*:*", rows=0, **{"facet.field": ["verbund_theme"]})
    themes = [
        {"iri": iri, "label": vocab.load("data_theme").label(iri, _language()), "count": count}
        for iri, count in themed["facets"].get("verbund_theme", {}).items()
    ]
    tags = [
        {"name": name, "count": count}
        for name, count in tagged["facets"].get("tags", {}).items()
        if _begins(name, begun)
    ]
    return {
        "titles": [{"name": r["name"], "title": r["title"]} for r in found["results"]],
        "tags": _most(tags, limit),
        "themes": _most([t for t in themes if _begins(t["label"], begun)], limit),
    }


def correct(context: Context, text: str) -> dict[str, Any]:
    """Return how a misspelt query is written, if that finds what the query does not.

    A word is taken for misspelt when nothing that the caller may see holds it; it is
    exchanged for a near one that is held by something the caller may see.

    Returns:
        ``query`` (None: nothing to correct), ``changes`` (``word``, ``correction``),
        ``count`` (datasets that the corrected words are in).
    """
    changes, written = [], text
    if query.is_plain(text):
        for word in words.tokens(text)[: query.LONGEST]:
            if len(word) < _SHORTEST or word in words.STOPWORDS or _known(context, word):
                continue
            for near in _near(word):
                count = _known(context, near)
                if count:
                    written = _exchanged(written, word, near)
                    changes.append({"word": word, "correction": near, "count": count})
                    break
    counts = [change.pop("count") for change in changes]
    return {
        "query": written if changes else None,
        "changes": changes,
        "count": min(counts, default=0),
    }


_SHORTEST = 4


def _search(context: Context, **params: Any) -> dict[str, Any]:
    """Ask ``package_search`` as the caller; an own context, because it writes into it."""
    caller = Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj"))
    return tk.get_action("package_search")(caller, params)


def _known(context: Context, word: str) -> int:
    held = " OR ".join(f'{field}:"{word}"' for field in _WHOLE_WORDS)
    return _search(context, q=held, rows=0)["count"]


def _near(word: str) -> list[str]:
    """Return the words of the index that are written nearly so, best first."""
    answer = make_connection().search(
        "*:*",
        rows=0,
        **{"spellcheck": "true", "spellcheck.q": word, "spellcheck.count": 8},
    )
    listed = (answer.spellcheck or {}).get("suggestions") or []
    return [
        near if isinstance(near, str) else near["word"]
        for entry in listed
        if isinstance(entry, dict)
        for near in entry.get("suggestion", [])
    ]


def _exchanged(text: str, word: str, near: str) -> str:
    """Exchange a word in a text, in the capitals it was written with."""
    place = text.lower().find(word)
    old = text[place : place + len(word)]
    new = near.capitalize() if old[:1].isupper() else near
    return text[:place] + new + text[place + len(word) :]


def _begins(label: str, begun: list[str]) -> bool:
    heads = [words.plain(word) for word in words.tokens(label)]
    return all(any(head.startswith(words.plain(w)) for head in heads) for w in begun)


def _most(entries: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: -entry["count"])[:limit]


def _language() -> str:
    return "en" if tk.h.lang() == "en" else "de"
