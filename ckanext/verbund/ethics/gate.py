# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gate before "public", as the session and the actions of CKAN see it.

The rule itself is in the database (``verbund_ethics_in_force`` and the triggers of the
migration), so that no path around Python exists. What is here makes it bearable: an
undecided package becomes private before the trigger would refuse it, and people get a sentence
instead of an exception of the database.

**Edits of public datasets.** Other files, or other words in decisive fields, are refused for
people, by form and API, with the way out in the text. Taking the dataset off the net instead
would surprise the clerk who mends a typing error and everybody who uses the data, and a
nightly upload would do it every night. Software that runs with ``ignore_auth`` gets no
sentence to read: there the package becomes private at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.util import identity_key

from ckanext.verbund.ethics.model import EXEMPT, in_force

UNDECIDED, CONTENT = "VE001", "VE002"
PLUGIN = "verbund_ethics"


class Refused(tk.ValidationError):
    """The gate refused something; the text is for the person."""


def is_public(package: model.Package) -> bool:
    """Return whether CKAN would show a package to everybody; defaults are still None."""
    return (
        (package.state or "active") == "active"
        and not package.private
        and (package.type or "dataset") not in EXEMPT
    )


def undecided() -> str:
    """Return what people read who want to publish without a decision."""
    return tk._(
        "Nobody has decided yet that this dataset may be public. "
        "Please answer the questions and submit it for decision."
    )


def decided() -> str:
    """Return what people read who want to change what was decided on."""
    return tk._(
        "This dataset is public, and the decision is about its content as it is. To change "
        "files, title, description or other decisive fields, set the dataset to private "
        "first and then have it decided again."
    )


@contextmanager
def readable(*, refuse: bool) -> Iterator[None]:
    """Do something with packages; what the gate refuses comes as ``Refused``.

    Args:
        refuse: Other content of a public package is refused; else it becomes private.
    """
    if refuse:
        _edit("refuse")
    try:
        yield
        if refuse and model.Session().in_transaction():
            _edit("")  # nothing was committed, so the setting is still there
    except DBAPIError as error:
        model.Session.rollback()
        texts = {UNDECIDED: undecided, CONTENT: decided}
        text = texts.get(getattr(error.orig, "pgcode", ""))
        if text is None:
            raise
        raise Refused({"private": [text()]}) from error
    except Exception:
        # The setting ends with the transaction, which must not go on after a failure.
        if refuse:
            model.Session.rollback()
        raise


def _edit(mode: str) -> None:
    # Local to the transaction: it ends with it, whatever happens.
    model.Session.execute(sa.select(sa.func.set_config("verbund.edit", mode, True)))


@event.listens_for(model.Session, "before_flush")
def _coerce(session: Any, *_: Any) -> None:
    """Make what nobody decided private; the trigger would refuse it."""
    if not p.plugin_loaded(PLUGIN):
        return
    wanted = [o for o in session.new | session.dirty if isinstance(o, model.Package)]
    wanted = [package for package in wanted if is_public(package)]
    if not wanted:
        return
    with session.no_autoflush:
        for package in wanted:
            decided = package.id and in_force(package.id)
            if not (_was_public(package) or decided or _asked_for(package)):
                package.private = True


def _was_public(package: model.Package) -> bool:
    """Return whether it is public already in the database; then the trigger watches."""
    state = sa.inspect(package)
    if not state.persistent:
        return False
    columns = ("private", "state", "type")
    if not any(state.attrs[name].history.has_changes() for name in columns):
        return True
    before = {n: (state.attrs[n].history.deleted or [getattr(package, n)])[0] for n in columns}
    return before["state"] == "active" and not before["private"]


def _asked_for(package: model.Package) -> bool:
    """Return whether a person set a package to public, who is to read why it is refused."""
    if sa.inspect(package).persistent:
        mode = sa.select(sa.func.current_setting("verbund.edit", True))
        return model.Session.scalar(mode) == "refuse"
    return False


@event.listens_for(model.Session, "after_flush")
def _remember(session: Any, *_: Any) -> None:
    touched = session.info.setdefault("verbund_ethics", set())
    for one in session.new | session.dirty | session.deleted:
        if isinstance(one, model.Package):
            touched.add(one.id)
        elif isinstance(one, model.Resource):
            touched.add(one.package_id)


@event.listens_for(model.Session, "after_flush_postexec")
def _read_again(session: Any, *_: Any) -> None:
    """Let packages be read anew whose flag the triggers may have set."""
    touched = session.info.pop("verbund_ethics", set())
    if not p.plugin_loaded(PLUGIN):
        return
    for id in touched - {None}:
        package = session.identity_map.get(identity_key(model.Package, id))
        if package is not None and not package.private:
            session.expire(package, ["private"])
