# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who answers a question: always the member whose data it is, never the one who shows them.

Source: contracts of the parts, "Types and identity": questions and wishes about a harvested
dataset go to the home member.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ckanext.verbund.domain.dialog.spam import is_email

HERE, LINK, MAIL, SOURCE, NOBODY = "here", "link", "mail", "source", "nobody"


@dataclass(frozen=True)
class Route:
    """Where a question goes.

    Attributes:
        how: ``here`` (kept and answered in this portal), ``link`` (form of the home portal),
            ``mail`` (forwarded, nothing kept), ``source`` (page where the data come from),
            ``nobody``.
        name: Who answers, as people read it.
        address: Web address or mailbox; empty for ``here`` and ``nobody``.
    """

    how: str
    name: str
    address: str = ""


@dataclass(frozen=True)
class Home:
    """A member of the network with the beginnings of the addresses of its data."""

    name: str
    namespaces: Sequence[str]


def of_dataset(  # noqa: PLR0913 the facts that a dataset comes with
    *,
    owner: str,
    harvested: bool,
    iri: str = "",
    publisher: str = "",
    mailboxes: Iterable[str] = (),
    pages: Iterable[str] = (),
    homes: Iterable[Home] = (),
) -> Route:
    """Return where a question about a dataset goes.

    Args:
        owner: Title of the organisation that has it in this portal.
        harvested: Whether it was taken over from another catalogue.
        iri: Its own address, as it came.
        publisher: Who publishes it, as it came.
        mailboxes: Addresses of its contacts, best first; untrusted.
        pages: Web pages of it, best first; untrusted.
        homes: The members of the network that this portal knows.
    """
    if not harvested:
        return Route(HERE, owner)
    for home in homes:
        if any(_within(iri, namespace) for namespace in home.namespaces):
            return Route(LINK, home.name, iri.rstrip("/") + "/frage")
    return _elsewhere(publisher or owner, mailboxes, [*pages, iri])


def of_member(
    *, name: str, mirror: bool, namespaces: Iterable[str] = (), email: str = "", page: str = ""
) -> Route:
    """Return where a question or wish to a member goes.

    Args:
        name: Its title.
        mirror: Whether it only holds what was taken over, with nobody here to answer.
        namespaces: Beginnings of the addresses of its data; the first is its portal.
        email: Its role mailbox.
        page: Its web page.
    """
    if not mirror:
        return Route(HERE, name)
    for namespace in namespaces:
        if _is_web(namespace):
            return Route(LINK, name, namespace)
    return _elsewhere(name, [email], [page])


def _elsewhere(name: str, mailboxes: Iterable[str], pages: Iterable[str]) -> Route:
    for mailbox in mailboxes:
        if is_email(mailbox):
            return Route(MAIL, name, mailbox)
    for page in pages:
        if _is_web(page):
            return Route(SOURCE, name, page)
    return Route(NOBODY, name)


def _within(iri: str, namespace: str) -> bool:
    # Not "https://data.town.example.evil.example": the beginning ends at a slash.
    return _is_web(iri) and iri.startswith(namespace.rstrip("/") + "/")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
