# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of our own network are not fetched for anybody."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ckanext.verbund.domain.http import FetchError, Policy, checked_address, fetch, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "100.64.0.1", "224.0.0.1",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2a00:1450:4001::1", "::ffff:93.184.216.34"]
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


def test_one_inner_address_among_many_is_enough_to_refuse():
    with pytest.raises(FetchError) as caught:
        checked_address("a.de", 80, Policy(), lambda *_: ["93.184.216.34", "127.0.0.1"])
    assert caught.value.reason == "address"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.de/x", "http://", "gopher://a.de"]
)
def test_other_schemes_are_refused(url):
    with pytest.raises(FetchError) as caught, fetch(url, Policy()):
        pass
    assert caught.value.reason == "scheme"


@pytest.fixture(scope="module")
def server():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/weiter":
                self.send_response(302)
                self.send_header("Location", "http://intern.example/x")
                self.end_headers()
                return
            self.send_response(404 if self.path == "/fehlt" else 200)
            self.end_headers()
            self.wfile.write(b"a;b\n" * 1000)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    yield f"http://example.org:{server.server_port}"
    server.shutdown()


def local(host, _port):
    return ["10.0.0.1"] if host == "intern.example" else ["127.0.0.1"]


def test_content_comes_from_the_checked_address(server):
    with fetch(f"{server}/x", Policy(allow_private=True), local) as pieces:
        assert b"".join(pieces) == b"a;b\n" * 1000


@pytest.mark.parametrize(
    ("path", "policy", "reason"),
    [
        ("/fehlt", Policy(allow_private=True), "status"),
        ("/x", Policy(allow_private=True, max_bytes=100), "size"),
        ("/x", Policy(), "address"),
        ("/x", Policy(allow_private=True, max_seconds=-1), "time"),
    ],
)
def test_limits_hold(server, path, policy, reason):
    with pytest.raises(FetchError) as caught, fetch(server + path, policy, local) as pieces:
        list(pieces)
    assert caught.value.reason == reason


def test_redirects_pass_the_same_gate(server, monkeypatch):
    monkeypatch.setattr(
        "ckanext.verbund.domain.http.is_public", lambda address: address == "127.0.0.1"
    )
    with pytest.raises(FetchError) as caught, fetch(f"{server}/weiter", Policy(), local):
        pass
    assert caught.value.reason == "address"
