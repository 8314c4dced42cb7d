# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A search as an Atom feed (RFC 4287), in the language of the portal.

CKAN's own feeds are English, name the API instead of the page of a dataset, and join
several filters to one that finds nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk
from feedgen.feed import FeedGenerator

from ckanext.verbund.domain.search import why

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Links:
    """Addresses of a feed; empty where there is none."""

    own: str
    page: str
    previous: str = ""
    following: str = ""


def atom(title: str, links: Links, packages: list[dict[str, Any]]) -> bytes:
    """Return the feed of some datasets.

    Args:
        title: What was searched for.
        links: Addresses of the feed and of its page.
        packages: Datasets as ``package_search`` returns them, newest first.
    """
    feed = FeedGenerator()
    feed.id(links.own)
    feed.title(_clean(title))
    feed.language(tk.h.lang())
    feed.author({"name": _clean(tk.config["ckan.site_title"])})
    feed.link(href=links.own, rel="self", type="application/atom+xml")
    feed.link(href=links.page, rel="alternate", type="text/html")
    for rel, address in (("prev", links.previous), ("next", links.following)):
        if address:
            feed.link(href=address, rel=rel)
    if packages:
        feed.updated(_moment(packages[0]["metadata_modified"]))
    for package in packages:
        _entry(feed, package)
    return feed.atom_str(encoding="utf-8")


def _entry(feed: FeedGenerator, package: dict[str, Any]) -> None:
    entry = feed.add_entry(order="append")
    read = f"{package.get('type') or 'dataset'}.read"
    # By its ID: the name of a dataset may change.
    entry.id(tk.url_for(read, id=package["id"], _external=True))
    entry.title(_clean(package.get("title") or package["name"]))
    entry.link(href=tk.url_for(read, id=package["name"], _external=True), rel="alternate")
    entry.updated(_moment(package["metadata_modified"]))
    entry.published(_moment(package["metadata_created"]))
    entry.summary(_clean(why.plain_text(package.get("notes") or "")) or _clean(package["name"]))
    if member := (package.get("organization") or {}).get("title"):
        entry.author({"name": _clean(member)})
    for tag in package.get("tags") or []:
        entry.category({"term": _clean(tag["name"])})


def _moment(text: str) -> Any:
    moment = tk.h.date_str_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _clean(text: str) -> str:
    """Leave out what XML 1.0 forbids; one such letter would spoil the whole feed."""
    return _ILLEGAL.sub("", text)
