# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Uploaded files on their way to becoming resources of a draft."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_filename
from werkzeug.datastructures import FileStorage

from ckanext.verbund.domain import file_kinds, german
from ckanext.verbund.domain.finding import Finding
from ckanext.verbund.domain.proposals import Proposals, propose_apart
from ckanext.verbund.forms import config

_COLUMNS_NOTED = 60


@contextmanager
def received(upload: FileStorage) -> Iterator[tuple[Path, FileStorage]]:
    """Put an upload where it has a path; give the path and the upload to be stored.

    Args:
        upload: The file as it came.

    Raises:
        ValidationError: There is no file, or it is larger than allowed.
    """
    if not upload or not upload.filename:
        raise tk.ValidationError({"upload": [tk._("Please choose a file.")]})
    name = file_kinds.clean_name(upload.filename)
    size = _size(upload)
    if size > config.max_file_bytes():
        raise tk.ValidationError({"upload": [too_large(name, size)]})
    with tempfile.NamedTemporaryFile(prefix="verbund-datei-") as kept:
        shutil.copyfileobj(upload.stream, kept, 1 << 20)
        kept.flush()
        kept.seek(0)
        yield Path(kept.name), FileStorage(kept, name, content_type=upload.content_type)


def _size(upload: FileStorage) -> int:
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    return size


def too_large(name: str, size: int) -> str:
    """Say how large a file is, how large it may be, and what to do."""
    return tk._(
        "“{name}” has {size}; the portal takes files up to {limit}. Please split the file, for "
        "example by year, pack it as ZIP, or give the address where it can be fetched."
    ).format(
        name=name,
        size=german.file_size(size),
        limit=german.file_size(config.max_file_bytes()),
    )


def proposals(path: Path, name: str) -> Proposals:
    """Read what a file says about itself.

    Raises:
        ValidationError: The portal does not take such a file.
    """
    found = propose_apart(path, name, config.accepted_extensions())
    if refusal := found.refusal:
        raise tk.ValidationError({"upload": [sentence(refusal, found.name)]})
    return found


def check(path: Path, name: str) -> None:
    """Refuse a file that the portal does not take.

    Raises:
        ValidationError: It is a program, a web page, or of a kind that is not taken.
    """
    refusal = file_kinds.recognise(path, name, config.accepted_extensions()).refusal
    if refusal:
        raise tk.ValidationError({"upload": [sentence(refusal, name)]})


def sentence(finding: Finding, name: str = "") -> str:
    """Write a finding as text: which file, what, and what to do."""
    about = tk._("“{name}”: ").format(name=name) if name else ""
    return f"{about}{finding.message_de} {finding.remedy_de}".strip()


def to_resource(found: Proposals) -> dict[str, Any]:
    """Return the fields of a resource that a file fills in."""
    code = found.format.rsplit("/", 1)[-1]
    return {
        "name": found.title,
        "format": tk.h.unified_resource_format(code) if code else "",
        "mimetype": found.media_type,
        "size": found.size,
    }


def to_note(found: Proposals) -> dict[str, Any]:
    """Return what is remembered about a file, to be shown beside its fields."""
    values = found.as_dict()
    values["columns"] = values["columns"][:_COLUMNS_NOTED]
    values["columns_total"] = len(found.columns)
    return values


def namesake(resources: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Return the uploaded file that has the same name, as CKAN stores names."""
    wanted = stored_name(name)
    for resource in resources:
        is_upload = resource.get("url_type") == "upload"
        if is_upload and str(resource["url"]).rsplit("/", 1)[-1] == wanted:
            return resource
    return None


def stored_name(name: str) -> str:
    """Return the name that CKAN gives a file."""
    return munge_filename(file_kinds.clean_name(name))
