# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content of a package as it is now, and its fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import file_keeper as fk
from ckan.lib import files, uploader

from ckanext.verbund.domain.ethics import fingerprint as rules

_CHUNK = 1 << 20


def show(package_id: str) -> dict[str, Any]:
    """Return a package from the database, not from the index."""
    context = {"ignore_auth": True, "use_cache": False}
    return tk.get_action("package_show")(context, {"id": package_id})


def fingerprint(package: dict[str, Any]) -> str:
    """Return the fingerprint of a package; reads every uploaded file.

    Args:
        package: As ``show`` returns it.

    Raises:
        ValidationError: An uploaded file is missing: nobody can decide about it.
    """
    return read(package)[0]


def read(package: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the fingerprint of a package, and the SHA-256 of each uploaded file by resource.

    Args:
        package: As ``show`` returns it.

    Raises:
        ValidationError: An uploaded file is missing: nobody can decide about it.
    """
    wanted = set(rules.uploads(package))
    hashes = {r["id"]: _sha256(r) for r in package.get("resources", ()) if r["id"] in wanted}
    return rules.fingerprint(package, hashes), hashes


def _sha256(resource: dict[str, Any]) -> str:
    digest = hashlib.sha256()
    try:
        for piece in pieces(resource):
            digest.update(piece)
    except (files.exc.MissingFileError, FileNotFoundError):
        name = resource.get("name") or resource["id"]
        text = tk._("The uploaded file “{name}” is missing. Please upload it again.")
        raise tk.ValidationError({"resources": [text.format(name=name)]}) from None
    return digest.hexdigest()


def pieces(resource: dict[str, Any]) -> Iterable[bytes]:
    """Return the uploaded file of a resource, piece by piece, as it is stored now.

    Raises:
        MissingFileError: It is gone.
        FileNotFoundError: Likewise.
    """
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    if isinstance(storage, fk.Storage):
        yield from storage.stream(files.FileData(files.Location(location)))
        return
    with Path(location).open("rb") as handle:
        yield from iter(lambda: handle.read(_CHUNK), b"")
