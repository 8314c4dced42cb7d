# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A barrier that somebody met, mailed to those who answer for the portal; nothing is kept."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from itsdangerous import BadSignature, URLSafeTimedSerializer

log = logging.getLogger(__name__)

_LONGEST = {"page": 500, "text": 5000, "answer": 200}
_QUICKEST = 3  # seconds; nobody writes a report faster
_OLDEST = 24 * 3600


@dataclass(frozen=True)
class Form:
    """What somebody wrote. ``website`` is a trap: people do not see it, robots fill it."""

    page: str
    text: str
    answer: str
    website: str
    stamp: str

    @classmethod
    def of(cls, sent: Mapping[str, str], asked: Mapping[str, str]) -> Form:
        """Read a form; the page may come along in the address of the form."""
        stamp = sent.get("stamp") or _signer().dumps("barrier")
        return cls(
            page=(sent.get("page") or asked.get("seite") or "").strip(),
            text=sent.get("text", "").strip(),
            answer=sent.get("answer", "").strip(),
            website=sent.get("website", ""),
            stamp=stamp,
        )

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field, in words that help."""
        found = {}
        if not self.text:
            found["text"] = tk._("Please describe what you could not use.")
        for field, longest in _LONGEST.items():
            if len(getattr(self, field)) > longest:
                found[field] = tk._("Please shorten this to {longest} characters.").format(
                    longest=longest
                )
        if self.answer and "@" not in self.answer:
            found["answer"] = tk._(
                "This is not an e-mail address. Example: name@example.org. It may stay empty."
            )
        if self.website or not self._in_time():
            found[""] = tk._("This could not be sent. Please wait a moment and send it again.")
        return found

    def _in_time(self) -> bool:
        try:
            _, made = _signer().loads(self.stamp, max_age=_OLDEST, return_timestamp=True)
        except BadSignature:
            return False
        return time.time() - made.timestamp() >= _QUICKEST


def recipient() -> str:
    """Return the mailbox for reports, empty if none is configured."""
    return tk.config["ckanext.verbund.theme.email"] or tk.config.get("email_to") or ""


def send(form: Form) -> bool:
    """Mail a report. Returns whether it was taken by the mail server."""
    lines = [form.text, "", f"{tk._('Page')}: {form.page or '–'}"]
    lines.append(f"{tk._('Answer to')}: {form.answer or tk._('no answer wished')}")
    if not recipient():
        return False
    title = tk.config["ckan.site_title"]
    headers = {"Reply-To": form.answer} if form.answer and "\n" not in form.answer else {}
    try:
        tk.mail_recipient(
            title, recipient(), tk._("Barrier reported on {portal}").format(portal=title),
            "\n".join(lines), headers=headers,
        )  # fmt: skip
    except Exception:  # any failure of a mail server; the person must learn of it
        log.exception("A report of a barrier could not be mailed")
        return False
    return True


def unsent() -> str:
    """Return what to tell the person when no mail could be sent."""
    if recipient():
        return tk._(
            "Your report could not be mailed just now. Please write to {address}; "
            "your text is still below."
        ).format(address=recipient())
    return tk._(
        "This portal has no mailbox for reports yet. Please write to the address of the "
        "imprint; your text is still below."
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="verbund-barrier")
