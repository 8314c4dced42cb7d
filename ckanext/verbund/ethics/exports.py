# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain as a file: one JSON object a line, the last one signs all before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from ckanext.verbund.domain import signing
from ckanext.verbund.domain.ethics import audit as chain
from ckanext.verbund.ethics import audit


class ExportError(ValueError):
    """A file is not what was exported; the text says why."""


def write(file: TextIO, organization_id: str | None, *, words: bool, key: signing.Key) -> int:
    """Write the chains of one or all members.

    Args:
        file: Where to.
        organization_id: Only of this member.
        words: With what was said, where it was not erased.
        key: Signs it, with its secret half.

    Returns:
        How many entries.
    """
    said = audit.payloads(organization_id) if words else {}
    digest, count, heads = hashlib.sha256(), 0, {}
    for entry in audit.entries(organization_id):
        if entry["id"] in said:
            entry["salt"], entry["payload"] = said[entry["id"]]
        line = _line(entry)
        digest.update(line.encode())
        file.write(line)
        count += 1
        heads[entry["organization_id"]] = [entry["seq"], entry["hash"]]
    end = {
        "made": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
        "entries": count,
        "heads": heads,
        "sha256": digest.hexdigest(),
    }
    file.write(_line({"end": end, "signature": signing.sign(end, key)}))
    return count


def check(
    lines: Iterable[str],
    keys: Iterable[signing.Key],
    ends: dict[str, dict[int, str]] | None = None,
) -> list[chain.Break]:
    """Check a file that was exported once, far from the portal.

    Args:
        lines: Of the file.
        keys: Keys that the reader trusts.
        ends: By member, numbers and hashes of entries that are known from elsewhere; those of
            members that are not in the file do not count, nor do later ones.

    Returns:
        Where the chains in it are broken.

    Raises:
        ExportError: A line is missing, was changed, or is no line of such a file.
        SignatureError: It was signed by nobody who may.
    """
    digest, entries, end, said = hashlib.sha256(), [], None, {}
    for line, found in _read(lines):
        if end is not None:
            raise ExportError("Nach dem Ende steht noch etwas.")
        if "end" in found:
            end = found
            continue
        digest.update(line.encode())
        entries.append(found)
        if "salt" in found:
            said[found["id"]] = (found["salt"], found["payload"])
    if end is None:
        raise ExportError("Das Ende fehlt.")
    value = end["end"]
    made = dt.datetime.fromisoformat(value["made"])
    signing.verify(value, end.get("signature") or {}, keys, made)
    if (value["sha256"], value["entries"]) != (digest.hexdigest(), len(entries)):
        raise ExportError("Es ist nicht mehr das, was unterschrieben wurde.")
    known = {
        member: {
            seq: digest for seq, digest in found.items() if seq <= value["heads"][member][0]
        }
        for member, found in (ends or {}).items()
        if member in value["heads"]
    }
    return list(chain.verify(entries, said, known))


def _read(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
        except ValueError as error:
            raise ExportError(f"Zeile {number} ist kein JSON.") from error
        if not isinstance(found, dict):
            raise ExportError(f"Zeile {number} ist kein Eintrag.")
        yield line, found


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
