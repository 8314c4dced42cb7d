# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key rings as files that only one account may read.

Two kinds, of the same form. The one that signs the list of withdrawals belongs to the web
server, which writes it anew at each request: whoever breaks into the portal has it, and it is
renewed then. The one that signs exports of the chain never comes near the web server: it shows
that an export was made by somebody else.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from ckanext.verbund.domain import signing
from ckanext.verbund.ethics import config

_ONLY_ME = stat.S_IRUSR | stat.S_IWUSR


class KeyFileError(Exception):
    """A key ring cannot be used; the text says why."""


def write(path: Path, ring: list[signing.Key]) -> None:
    """Write a key ring in place of what is there; nobody else reads it at any moment.

    Args:
        path: The file.
        ring: The keys, with their secrets.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_ME)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write(signing.write_ring(ring))
    fresh.replace(path)


def read(path: Path) -> list[signing.Key]:
    """Return the keys of a ring.

    Raises:
        KeyFileError: It is missing, no key ring, or others may read its secrets.
    """
    try:
        text, mode = path.read_text(encoding="ascii"), path.stat().st_mode
        ring = signing.read_ring(text)
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path}: {error}") from error
    if any(key.secret for key in ring) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"{path}: Andere Konten dürfen die Datei lesen (chmod 600).")
    return ring


def of_withdrawals() -> list[signing.Key]:
    """Return the keys that sign the list of withdrawals.

    Raises:
        KeyFileError: None is set, or it cannot be used.
    """
    path = config.withdrawal_keys()
    if path is None:
        raise KeyFileError("ckanext.verbund.ethics.withdrawal_keys nennt keine Datei.")
    return read(path)


def public() -> dict[str, Any]:
    """Return the public halves of the keys of this portal, as everybody may have them.

    Raises:
        KeyFileError: There are none.
    """
    return {"keys": [key.as_dict() for key in of_withdrawals()]}
