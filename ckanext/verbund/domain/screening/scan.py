# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Screen a file in a process of its own, which may die without harm.

Light: importing this loads no reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ckanext.verbund.domain.screening.limits import LOOKING, ScanLimits
from ckanext.verbund.domain.screening.report import Collected, Hit, Report

WORKER = "ckanext.verbund.domain.screening.worker"
_CHUNK = 1 << 20
# Where libraries are found and nothing else: no settings, no proxies, no secrets.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def scan_file(path: Path | str, kind: str, limits: ScanLimits | None = None) -> Report:
    """Look at a whole file for what may not be public.

    Args:
        path: The file; it is not changed.
        kind: Its extension, such as ``csv``; the content decides where they disagree.
        limits: What it may cost.

    Returns:
        The report. A crash, a limit reached or a file that changed meanwhile make it
        ``unscanned``; it is never an exception that a caller might take for "nothing found".

    Raises:
        OSError: The file cannot be read.
    """
    path, limits = Path(path), limits or ScanLimits()
    before = path.stat()
    if before.st_size > limits.max_bytes:
        return Report("", before.st_size, "unscanned", reason="too-large")
    digest = _sha256(path)
    answer, reason = _about(path, kind, limits)
    after = path.stat()
    if (after.st_size, after.st_mtime_ns, after.st_ino) != (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    ):
        return Report("", after.st_size, "unscanned", reason="changed")
    if answer is None:
        return Report(digest, before.st_size, "unscanned", reason=reason)
    return Report.from_dict({**answer, "sha256": digest, "size": before.st_size})


def excerpts(
    path: Path | str,
    kind: str,
    hit: Hit | None = None,
    limits: ScanLimits = LOOKING,
) -> tuple[list[dict[str, Any]], str]:
    """Return some rows of a file for those who judge it; nothing of it is kept.

    Args:
        path: The file.
        kind: Its extension, such as ``csv``.
        hit: The finding whose rows are wanted; None: the first rows of its tables.
        limits: What it may cost; somebody is waiting.

    Returns:
        Values of ``report.Excerpt``, and why there are none: a key of ``reasons`` in
        ``schemas/screening/findings.yaml``, empty if there are some.
    """
    path = Path(path)
    if path.stat().st_size > limits.max_bytes:
        return [], "too-large"
    place = {"kind": hit.kind, "part": hit.part, "column": hit.column} if hit else {}
    answer, reason = _about(path, kind, limits, wanted=place)
    found = answer["excerpts"] if answer else []
    return found, "" if found else reason or "unchecked"


def scan_rows(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Collected:
    """Look at rows of text in this process, every cell by every rule.

    Args:
        headers: The headers of the columns.
        rows: The cells.
    """
    from ckanext.verbund.domain.screening.reading import rows_collected

    return rows_collected(rows, headers=headers)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _about(path: Path, kind: str, limits: ScanLimits, **more: Any) -> tuple[dict | None, str]:
    """Ask the worker about a file, with a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="verbund-screening-") as folder:
        request = {
            "path": str(path.resolve()),
            "name": f"datei.{kind.lower().lstrip('.')}",
            "folder": folder,
            "limits": asdict(limits),
            **more,
        }
        return _ask(request, limits.seconds, folder)


def _command() -> list[str]:
    return [sys.executable, "-I", "-m", WORKER]


def _ask(request: dict, seconds: int, folder: str) -> tuple[dict | None, str]:
    """Run the worker; return its answer, or why there is none."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Its errors may quote cells, so they go nowhere. -I: no user's site, no PYTHONPATH.
    with subprocess.Popen(
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**kept, "LANG": "C.UTF-8", "POLARS_MAX_THREADS": "2", "TMPDIR": folder},
        start_new_session=True,
    ) as process:
        try:
            out, _ = process.communicate(json.dumps(request).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, "timeout"
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return None, "timeout"
    try:
        answer = json.loads(out)
    except ValueError:
        return None, "crashed"
    if process.returncode or "error" in answer:
        return None, str(answer.get("error", "crashed"))
    return answer, ""
