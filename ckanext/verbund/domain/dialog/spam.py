# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tells a message of a person from that of a robot, without asking a third party.

No rule shuts a person out: each answer names what to change, or when to try again.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from ckanext.verbund.domain.dialog.question import KINDS

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}"
)
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
# Control characters, and those that turn the direction of what follows.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Limits:
    """What a message may be; seconds count from opening the form."""

    longest: int = 4000
    links: int = 2
    quickest: int = 3
    oldest: int = 24 * 3600


@dataclass(frozen=True)
class Message:
    """What somebody sent.

    Attributes:
        kind: One of ``KINDS``.
        text: The question.
        email: Where the answer shall go, or empty.
        trap: A field that people do not see and robots fill.
        age: Seconds since the form was opened; None when its stamp is missing or forged.
    """

    kind: str
    text: str
    email: str
    trap: str
    age: float | None


def clean(text: object) -> str:
    """Return text without control characters, with line ends of one kind."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", lines).strip()


def is_email(text: str) -> bool:
    """Return whether a text is one address that is safe in the head of a mail."""
    return bool(_EMAIL.fullmatch(text)) and ".." not in text


def problems(message: Message, limits: Limits) -> dict[str, str]:
    """Return what is wrong, by field; empty when the message may pass.

    Returns:
        Field (``kind``, ``text``, ``email``, ``website``, ``stamp``) to one of ``missing``,
        ``unknown``, ``long``, ``links``, ``address``, ``filled``, ``fast``, ``old``.
    """
    found = {}
    if message.kind not in KINDS:
        found["kind"] = "unknown" if message.kind else "missing"
    if not message.text:
        found["text"] = "missing"
    elif len(message.text) > limits.longest:
        found["text"] = "long"
    elif len(_LINK.findall(message.text)) > limits.links:
        found["text"] = "links"
    if message.email and not is_email(message.email):
        found["email"] = "address"
    if message.trap:
        found["website"] = "filled"
    if message.age is None or message.age > limits.oldest:
        found["stamp"] = "old"
    elif message.age < limits.quickest:
        found["stamp"] = "fast"
    return found


def client(remote: str, forwarded: str) -> str:
    """Return the network that a request comes from.

    A header that names somebody else is believed only from a proxy on a private address;
    otherwise each request could claim a new origin. Of an IPv6 address the first 64 bits
    count: a household has all of them.

    Args:
        remote: Address of the connection.
        forwarded: The header ``X-Forwarded-For``; its last entry is that of the proxy.

    Returns:
        An address or network as text; empty when there is none to be read.
    """
    address = _address(remote)
    if address is not None and (address.is_private or address.is_loopback):
        address = _address(forwarded.rpartition(",")[2]) or address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None
