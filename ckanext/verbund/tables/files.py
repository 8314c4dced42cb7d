# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Get the file of a resource: from CKAN's storage, or from the web where it is linked.

Own files are read through CKAN's uploader, never over HTTP and without any token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import file_keeper as fk
from ckan.lib import files, uploader

from ckanext.verbund.domain.http import FetchError, Policy, fetch
from ckanext.verbund.domain.tables.limits import refuse

_CHUNK = 1 << 20


@contextmanager
def pieces(resource: dict[str, Any], policy: Policy) -> Iterator[Iterable[bytes]]:
    """Open the file of a resource and give it in pieces.

    Args:
        resource: The resource as shown.
        policy: What fetching a linked file may do.

    Yields:
        The content.

    Raises:
        TableError: If there is no file or it cannot be fetched.
    """
    if resource.get("url_type") == "upload":
        with _stored(resource) as stream:
            yield stream
        return
    try:
        with fetch(resource.get("url") or "", policy) as stream:
            yield stream
    except FetchError as error:
        raise refuse(
            f"fetch-{error.reason}",
            f"Die verlinkte Datei konnte nicht abgerufen werden: {error}",
            f"The linked file could not be fetched ({error.reason}).",
            "Prüfen Sie die Adresse, oder laden Sie die Datei hoch.",
        ) from error


@contextmanager
def _stored(resource: dict[str, Any]) -> Iterator[Iterable[bytes]]:
    upload = uploader.get_resource_uploader(dict(resource))
    location = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    try:
        if isinstance(storage, fk.Storage):
            yield storage.stream(files.FileData(files.Location(location)))
            return
        with Path(location).open("rb") as handle:
            yield iter(lambda: handle.read(_CHUNK), b"")
    except (files.exc.MissingFileError, FileNotFoundError) as error:
        raise refuse(
            "missing",
            "Die hochgeladene Datei ist nicht (mehr) vorhanden.",
            "The uploaded file is missing.",
            "Laden Sie die Datei erneut hoch.",
        ) from error


def save(resource: dict[str, Any], target: Path, policy: Policy) -> str:
    """Write the file of a resource to a path and return its SHA-256.

    Args:
        resource: The resource as shown.
        target: Where to write.
        policy: What fetching a linked file may do; its size limit holds for uploads too.

    Returns:
        The digest of the content.
    """
    digest, size = hashlib.sha256(), 0
    with pieces(resource, policy) as stream, target.open("wb") as out:
        for piece in _bounded(stream):
            size += len(piece)
            if size > policy.max_bytes:
                raise refuse(
                    "too-large",
                    "Die Datei ist größer, als Tabellen eingelesen werden.",
                    "The file is larger than the limit.",
                    "Teilen Sie die Datei, etwa nach Jahren.",
                )
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _bounded(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into pieces of bounded size, even if it iterates by lines."""
    read = getattr(stream, "read", None)
    if read is None:
        yield from stream
        return
    try:
        while piece := read(_CHUNK):
            yield piece
    finally:
        stream.close()  # type: ignore[attr-defined]
