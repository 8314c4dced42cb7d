# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetch a file that somebody else named, without being led into our own network.

Names are resolved once, every address is checked, and the connection goes to the
checked address, so that a name cannot answer differently the second time. Redirects
pass the same gate. Size and time are bounded.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

Resolver = Callable[[str, int], list[str]]
USER_AGENT = "Datenverbund (+https://github.com/datenverbund/ckanext-verbund)"
_CHUNK = 1 << 16


class FetchError(Exception):
    """A file could not or must not be fetched.

    Attributes:
        reason: ``scheme``, ``address``, ``name``, ``status``, ``size``, ``time``,
            ``redirects`` or ``network``.
    """

    def __init__(self, reason: str, message_de: str):
        super().__init__(message_de)
        self.reason = reason


@dataclass(frozen=True)
class Policy:
    """What a fetch may do.

    Attributes:
        max_bytes: Size of the answer.
        max_seconds: Time for all of it.
        connect_seconds: Time to reach the server, and between two pieces.
        max_redirects: How many redirects are followed.
        allow_private: Whether loopback and private networks may be asked.
    """

    max_bytes: int = 1 << 30
    max_seconds: float = 600
    connect_seconds: float = 15
    max_redirects: int = 5
    allow_private: bool = False


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("name", f"Der Rechner „{host}“ ist nicht bekannt.") from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the open internet."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def checked_address(host: str, port: int, policy: Policy, resolver: Resolver = resolve) -> str:
    """Return the address to connect to, having checked all of them."""
    addresses = resolver(host, port)
    if not addresses:
        raise FetchError("name", f"Der Rechner „{host}“ ist nicht bekannt.")
    if not policy.allow_private and not all(is_public(a) for a in addresses):
        raise FetchError(
            "address",
            f"Der Rechner „{host}“ liegt in einem internen Netz und wird nicht abgerufen.",
        )
    return addresses[0]


@contextmanager
def fetch(url: str, policy: Policy, resolver: Resolver = resolve) -> Iterator[Iterator[bytes]]:
    """Open a web address and give its content in pieces.

    Args:
        url: The address, http or https.
        policy: What the fetch may do.
        resolver: Turns a name into addresses; replaced in tests.

    Yields:
        An iterator over the content.

    Raises:
        FetchError: If the address is refused or the fetch fails.
    """
    end = time.monotonic() + policy.max_seconds
    for _ in range(policy.max_redirects + 1):
        response = _open(url, policy, resolver)
        try:
            if response.status in {301, 302, 303, 307, 308}:
                url = urljoin(url, response.headers.get("location", ""))
                continue
            if response.status != 200:
                raise FetchError(
                    "status", f"Der Server antwortet mit Status {response.status}."
                )
            yield _pieces(response, policy, end)
            return
        finally:
            response.close()
    raise FetchError("redirects", "Die Adresse leitet zu oft weiter.")


def _open(url: str, policy: Policy, resolver: Resolver) -> urllib3.BaseHTTPResponse:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError("scheme", "Nur Adressen mit http und https werden abgerufen.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise FetchError("scheme", "Die Adresse ist ungültig.") from error
    address = checked_address(parts.hostname, port, policy, resolver)
    timeout = urllib3.Timeout(connect=policy.connect_seconds, read=policy.connect_seconds)
    if parts.scheme == "https":
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
            cert_reqs="CERT_REQUIRED",
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": USER_AGENT}
    try:
        return pool.urlopen(
            "GET",
            target,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            assert_same_host=False,
        )
    except (HTTPError, OSError, UnicodeError) as error:
        raise FetchError("network", "Der Server ist nicht erreichbar.") from error


def _pieces(response: urllib3.BaseHTTPResponse, policy: Policy, end: float) -> Iterator[bytes]:
    size = 0
    try:
        for piece in response.stream(_CHUNK, decode_content=True):
            size += len(piece)
            if size > policy.max_bytes:
                raise FetchError("size", "Die Datei ist größer als erlaubt.")
            if time.monotonic() > end:
                raise FetchError("time", "Der Abruf dauert zu lange.")
            yield piece
    except (HTTPError, OSError) as error:
        raise FetchError("network", "Die Verbindung zum Server ist abgebrochen.") from error
