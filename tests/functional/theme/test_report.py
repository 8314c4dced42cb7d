# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A reported barrier reaches a mailbox, or the person learns where else to write."""

import email
import socketserver
import threading
import time
from email import policy

import ckan.plugins.toolkit as tk
import pytest

from ckanext.verbund.theme import report

ADDRESS = "/seiten/barriere-melden"
TEXT = "Die Karte lässt sich mit der Tastatur nicht bewegen."
MAILBOX = "barrieren@stadt.example"
pytestmark = pytest.mark.usefixtures("with_plugins")


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as taking a mail needs."""

    def handle(self):
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.server.mails.append(
                    email.message_from_bytes(b"".join(lines), policy=policy.default)
                )
            if word == b"RCPT" and self.server.refuses:
                self.wfile.write(b"550 no such mailbox\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def smtp(monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.mails, server.refuses = [], False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{server.server_address[1]}")
        monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@stadt.example")
        monkeypatch.setitem(tk.config, "ckanext.verbund.theme.email", MAILBOX)
        yield server
        server.shutdown()


@pytest.fixture
def stamp(app, monkeypatch):
    """A form that somebody took longer for than a robot."""
    with app.flask_app.test_request_context():
        made = report._signer().dumps("barrier")
    later = time.time() + 10
    monkeypatch.setattr(report.time, "time", lambda: later)
    return made


def test_a_report_is_mailed_with_everything_written(app, smtp, stamp):
    form = {"page": "/dataset", "text": TEXT, "answer": "ich@example.org", "stamp": stamp}
    page = app.post(ADDRESS, data=form)
    assert page.status_code == 200
    (mail,) = smtp.mails
    assert MAILBOX in mail["To"]
    assert mail["Reply-To"] == "ich@example.org"
    body = mail.get_content()
    assert TEXT in body
    assert "/dataset" in body


def test_nothing_of_a_report_is_logged(app, smtp, stamp, caplog):
    app.post(ADDRESS, data={"text": TEXT, "answer": "ich@example.org", "stamp": stamp})
    assert smtp.mails
    assert TEXT not in caplog.text
    assert "ich@example.org" not in caplog.text


def test_a_refused_mail_names_the_address_and_keeps_the_text(app, smtp, stamp):
    smtp.refuses = True
    page = app.post(ADDRESS, data={"text": TEXT, "stamp": stamp})
    assert not smtp.mails
    assert MAILBOX in page.body
    assert TEXT in page.body


def test_a_silent_mail_server_names_the_address_and_keeps_the_text(
    app, smtp, stamp, monkeypatch
):
    monkeypatch.setitem(tk.config, "smtp.server", "127.0.0.1:1")
    page = app.post(ADDRESS, data={"text": TEXT, "stamp": stamp})
    assert MAILBOX in page.body
    assert TEXT in page.body


@pytest.mark.parametrize(
    "form",
    [{"text": ""}, {"text": TEXT, "answer": "kein Postfach"}, {"text": TEXT, "website": "x"}],
    ids=["no text", "no address", "trap filled"],
)
def test_what_cannot_be_answered_is_not_mailed(app, smtp, stamp, form):
    app.post(ADDRESS, data={"stamp": stamp} | form)
    assert not smtp.mails


def test_a_form_filled_at_once_is_not_mailed(app, smtp):
    app.post(ADDRESS, data={"text": TEXT})
    assert not smtp.mails
