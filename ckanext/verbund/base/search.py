# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search through CKAN's own ``package_search``: ranking, labels in the index, suggestions.

The rules are in ``domain.search``; here they meet CKAN. docs/suche.md explains them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.types import Context
from flask import has_request_context

from ckanext.verbund.base import members
from ckanext.verbund.base.changed import data_changed
from ckanext.verbund.domain import places, vocab
from ckanext.verbund.domain.search import filters, query, why, words

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
    """Index the names behind the keys, and what people filter by.

    For the hook of the same name. Names: themes, Musterdatensatz, organisation, places.
    Values of vocabularies are indexed by their IRI, however they are written.
    """
    try:
        dataset = json.loads(data_dict.get("validated_data_dict") or "{}")
    except ValueError:
        return data_dict
    coverage = [e for e in _list(dataset.get("spatial_coverage")) if isinstance(e, dict)]
    themes = _iris("data_theme", _list(dataset.get("theme")))
    labels = [vocab.load("data_theme").label(iri) for iri in themes]
    labels += _sample(dataset.get("musterdatensatz"))
    labels.append((dataset.get("organization") or {}).get("title"))
    labels += [entry.get("text") for entry in coverage]
    categories = _iris("hvd_category", _list(dataset.get("hvd_category")))
    resources = dataset.get("resources") or []
    coverages = [e for e in _list(dataset.get("temporal_coverage")) if isinstance(e, dict)]
    periods = [(e.get("start"), e.get("end")) for e in coverages]
    first, last = filters.extent(periods)
    title = str(dataset.get("title") or dataset.get("name") or "")
    found = {
        "verbund_labels": [text for text in labels if isinstance(text, str) and text],
        "verbund_theme": themes,
        "verbund_hvd": [HVD, *categories] if categories else [],
        "verbund_license": _iris("license", (r.get("license") for r in resources)),
        "verbund_format": sorted({f for r in resources if (f := format_of(r))}),
        "verbund_frequency": _iris("frequency", _list(dataset.get("frequency"))[:1]),
        "verbund_origin": dataset.get("data_origin"),
        "verbund_place": sorted({p.key for e in coverage if (p := _place(e))}),
        "verbund_period": [span for p in periods if (span := filters.span(*p))],
        "verbund_from": first,
        "verbund_until": last,
        "verbund_series": _texts(dataset.get("in_series")),
        "verbund_serves": _texts(dataset.get("serves_dataset")),
        "verbund_sort": words.plain(title)[:200].strip(),
        SUMMARY: json.dumps(summary(dataset), ensure_ascii=False),
    }
    return data_dict | {name: value for name, value in found.items() if value}


SUMMARY = "verbund_summary"
"""Field of the index that holds the `summary` of a dataset as JSON."""

_SUMMED = (
    "id", "name", "title", "type", "private", "state", "theme", "musterdatensatz", "dcat_type",
    "frequency", "metadata_modified",
)  # fmt: skip


def summary(package: dict[str, Any]) -> dict[str, Any]:
    """Return what a line of results is written from, in the shape of a package.

    ``notes`` is plain text, no longer than a line may search it, and the formats of files
    are those that people say.

    Args:
        package: As CKAN validated it, or already a summary.
    """
    if package.get("is_summary"):
        return package
    organization = package.get("organization") or {}
    coverage = [e for e in _list(package.get("spatial_coverage")) if isinstance(e, dict)]
    changed = data_changed(package, datetime.now(timezone.utc).date())
    return {name: package[name] for name in _SUMMED if package.get(name)} | {
        "modified": changed.isoformat() if changed else "",
        "is_summary": True,
        "notes": why.plain_text(package.get("notes") or ""),
        "organization": {n: organization.get(n) or "" for n in ("name", "title")},
        "tags": [{"name": tag["name"]} for tag in package.get("tags") or []],
        "resources": [
            {"name": str(r.get("name") or ""), "format": format_of(r)}
            for r in package.get("resources") or []
        ],
        "spatial_coverage": [{"text": str(entry.get("text") or "")} for entry in coverage],
    }


HVD = "hvd"
"""Value of ``verbund_hvd`` that every high-value dataset has, beside its categories."""


def format_of(resource: dict[str, Any]) -> str:
    """Return the format of a file as people say it, such as CSV, or an empty text."""
    text = str(resource.get("format") or "").strip()
    concept = vocab.load("file_type").get(text) if text else None
    return concept.code if concept else text.rpartition("/")[2].upper()[:40]


def _iris(vocabulary: str, values: Iterable[Any]) -> list[str]:
    """Return the IRIs of values, and unknown ones as they are."""
    found = []
    for value in values:
        if isinstance(value, str) and value:
            concept = vocab.load(vocabulary).get(value)
            found.append(concept.iri if concept else value)
    return list(dict.fromkeys(found))


def _place(entry: dict[str, Any]) -> places.Place | None:
    uri, text = (str(entry.get(name) or "") for name in ("uri", "text"))
    return places.resolve(uri) or (None if places.is_key_iri(uri) else places.resolve(text))


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


def _texts(value: Any) -> list[str]:
    return [entry for entry in _list(value) if isinstance(entry, str)]


# -- suggestions and corrections, all under the caller's permission filter ------


def suggest(context: Context, text: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Return titles, tags, themes and members in which words begin as a person has typed.

    Args:
        context: Whose view it is.
        text: What was typed so far.
        limit: How many of each kind at most.
    """
    begun = words.tokens(text)[: query.LONGEST]
    if not begun:
        return {"titles": [], "tags": [], "themes": [], "members": []}
    found = _search(
        context,
        q=" AND ".join(f'verbund_begin:"{word}"' for word in begun),
        fl=["name", "title"],
        fq="dataset_type:dataset",
        rows=limit,
    )
    tagged = _search(
        context,
        q=" AND ".join(f'verbund_tag_begin:"{word}"' for word in begun),
        fq="dataset_type:dataset",
        rows=0,
        **{"facet.field": ["tags"], "facet.limit": 200},
    )
    tags = [
        {"name": name, "count": count}
        for name, count in tagged["facets"].get("tags", {}).items()
        if _begins(name, begun)
    ]
    return {
        "titles": [{"name": r["name"], "title": r["title"]} for r in found["results"]],
        "tags": _most(tags, limit),
        "themes": _most(_themes(context, begun), limit),
        "members": _most(_members(context, begun), limit),
    }


def _themes(context: Context, begun: list[str]) -> list[dict[str, Any]]:
    labels = {
        concept.iri: label
        for concept in vocab.load("data_theme").concepts
        if _begins(label := concept.label(_language()), begun)
    }
    return [
        {"iri": iri, "label": labels[iri], "count": count}
        for iri, count in _counted(context, "verbund_theme", labels).items()
    ]


def _members(context: Context, begun: list[str]) -> list[dict[str, Any]]:
    titles = {m.name: m.title for m in members.all_members() if _begins(m.title, begun)}
    return [
        {"name": name, "title": titles[name], "count": count}
        for name, count in _counted(context, "organization", titles).items()
    ]


def _counted(context: Context, field: str, wanted: dict[str, str]) -> dict[str, int]:
    """Return how many datasets the caller sees for each of the values; none unseen."""
    if not wanted:
        return {}
    found = _search(
        context,
        q="*:*",
        fq="dataset_type:dataset",
        rows=0,
        **{"facet.field": [field], "facet.limit": -1},
    )
    return {k: n for k, n in found["facets"].get(field, {}).items() if k in wanted}


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
            if len(word) < _SHORTEST or word in words.STOPWORDS or _is_right(context, word):
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


def _is_right(context: Context, word: str) -> bool:
    """Return whether a word is one of our tables or of something the caller may see."""
    return words.stem(word) in words.known() or _known(context, word) > 0


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
    # Actions are also called without a page: by jobs and on the command line.
    return "en" if has_request_context() and tk.h.lang() == "en" else "de"
