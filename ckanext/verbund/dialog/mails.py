# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails about questions: kept in a table until the mail server took them.

A question never depends on a mail: it is stored, the office finds it among its tasks, and
the asker at the status link.
"""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.verbund.dialog import config, words
from ckanext.verbund.dialog.model import Mail, Question, now
from ckanext.verbund.domain.dialog.spam import Message, is_email

log = logging.getLogger(__name__)

OFFICE, ASKER = "office", "asker"
_PAUSE = dt.timedelta(minutes=2)
_LONGEST_PAUSE = dt.timedelta(hours=6)
_AT_ONCE = 100


def plan(question: Question, to: str) -> None:
    """Put a mail into the outbox; the caller commits.

    Args:
        question: What it is about.
        to: ``OFFICE`` or ``ASKER``.
    """
    if config.can_mail():
        model.Session.add(Mail(question_id=question.id, to=to))


def cancel(question: Question, to: str) -> None:
    """Take a mail that has not gone yet out of the outbox; the caller commits."""
    model.Session.execute(sa.delete(Mail).where(Mail.question_id == question.id, Mail.to == to))


def send_soon() -> None:
    """Let a worker empty the outbox; without one the schedule does it."""
    try:
        tk.enqueue_job(send_due, title="verbund_dialog: mails", rq_kwargs={"timeout": 300})
    except Exception:  # the queue is away; the schedule comes back every minute
        log.exception("Mails about questions wait for the schedule")


def send_due() -> int:
    """Send what is due and return how much went out.

    Each mail is locked while it is sent, so two workers never send it twice, and has its own
    transaction, so a mail that was sent is not sent again when the next one fails.
    """
    sent = 0
    for _turn in range(_AT_ONCE):
        mail = model.Session.scalar(
            sa.select(Mail)
            .where(Mail.due <= now())
            .order_by(Mail.due)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            break
        question = model.Session.get(Question, mail.question_id)
        if question is None or _sent(question, mail.to):
            model.Session.delete(mail)
            sent += 1
        else:
            mail.attempts += 1
            mail.due = now() + min(_PAUSE * 2 ** min(mail.attempts, 10), _LONGEST_PAUSE)
        model.Session.commit()
    model.Session.rollback()
    return sent


def forward(message: Message, route: dict[str, str]) -> bool:
    """Mail a message to the office of another member at once; nothing of it is kept.

    Args:
        message: What somebody wrote.
        route: Where it goes, as ``verbund_question_route`` says.

    Returns:
        Whether the mail server took it.
    """
    portal, kind = tk.config["ckan.site_title"], words.kinds()[message.kind]
    lines = [
        tk._("Somebody wrote about “{subject}” on {portal}.").format(
            subject=route["subject"], portal=portal
        ),
        tk._("The data come from you, so the answer is yours. {portal} keeps nothing.").format(
            portal=portal
        ),
        "",
        f"{kind}:",
        message.text,
        "",
        tk._("Answer to: {email}").format(email=message.email)
        if message.email
        else tk._("No answer is wished, or no address was given."),
    ]
    title = tk._("{kind}: {subject}").format(kind=kind, subject=route["subject"])
    return config.can_mail() and _mail(
        route["name"], route["address"], title, lines, reply_to=message.email
    )


def _sent(question: Question, to: str) -> bool:
    """Write a mail from the question as it is now; True when there is nothing left to send."""
    organization = model.Group.get(question.organization_id)
    if organization is None:
        return True
    package = model.Package.get(question.package_id) if question.package_id else None
    member = organization.title or organization.name
    subject = (package.title or package.name) if package else member
    office = (organization.extras or {}).get("email", "")
    if to == OFFICE:
        return not is_email(office) or _mail_office(question, office, member, subject)
    return not question.email or _mail_asker(question, office, member, subject)


def _mail_office(question: Question, office: str, member: str, subject: str) -> bool:
    lines = [
        tk._("Somebody wrote about “{subject}”:").format(subject=subject),
        "",
        question.text,
        "",
        tk._("Answer here: {url}").format(
            url=tk.url_for("verbund_dialog.show", id=question.id, _external=True)
        ),
        tk._("Please answer in the portal, not to this mail: only there the asker sees it."),
    ]
    title = tk._("{kind}: {subject}").format(kind=words.kinds()[question.kind], subject=subject)
    return _mail(member, office, title, lines)


def _mail_asker(question: Question, office: str, member: str, subject: str) -> bool:
    lines = [
        tk._("You wrote to {member} about “{subject}”. This is the answer:").format(
            member=member, subject=subject
        ),
        "",
        question.answer,
        "",
        tk._("Your message and its state: {url}").format(
            url=tk.url_for("verbund_dialog.status", token=question.token, _external=True)
        ),
        tk.ungettext(
            "We delete message and address {num} day after the answer.",
            "We delete message and address {num} days after the answer.",
            config.retention_days(),
        ).format(num=config.retention_days()),
    ]
    title = tk._("Answer of {member}: {subject}").format(member=member, subject=subject)
    return _mail("", question.email, title, lines, reply_to=office)


def _mail(name: str, address: str, title: str, lines: list[str], reply_to: str = "") -> bool:
    headers = {"Reply-To": reply_to} if is_email(reply_to) else {}
    try:
        # In the head of a mail a line break would begin a header of the writer's choice.
        tk.mail_recipient(
            " ".join(name.split()),
            address,
            " ".join(title.split())[:200],
            "\n".join(lines),
            headers=headers,
        )
    except Exception:  # whatever a mail server does, the message must not be lost
        log.exception("A mail about a question could not be sent")
        return False
    return True
