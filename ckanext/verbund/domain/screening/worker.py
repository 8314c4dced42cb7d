# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child process of a screening: bounded, without network, answers on stdout.

It locks itself in before it loads a reader. Answers never hold text of an error: it could
quote a cell.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_FILE_SLACK = 1 << 20


def lock_in(limits: dict[str, Any]) -> None:
    """Bound memory, time and files, and cut the network off.

    The kernel takes the network away where it lets us (a namespace of its own); where it
    does not, as in some containers, Python refuses to open sockets.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _leave_network(libc)
    sys.addaudithook(_refuse_sockets)
    memory, cpu = limits["memory_bytes"], limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    most = limits["unpacked_bytes"] + _FILE_SLACK
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave_network(libc: ctypes.CDLL) -> None:
    if libc.unshare(_CLONE_NEWNET) == 0:
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        # Keep our own numbers, or the folder for members could not be written. Where even
        # that is refused, tables are read all the same, and archives count as damaged.
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _refuse_sockets(event: str, _arguments: tuple) -> None:
    if event.startswith("socket."):
        raise PermissionError("no network in a screening")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Screen the file of a request.

    Args:
        request: ``path``, ``name``, ``folder`` and ``limits``; ``wanted`` where somebody wants
            to see rows.

    Returns:
        The report as plain values, or the ``excerpts``, or ``{"error": reason}``.
    """
    from ckanext.verbund.domain.screening.limits import ScanLimits
    from ckanext.verbund.domain.screening.reading import collect
    from ckanext.verbund.domain.screening.report import Report, most_telling

    about = (
        Path(request["path"]),
        request["name"],
        ScanLimits(**request["limits"]),
        Path(request["folder"]),
    )
    if "wanted" in request:
        from ckanext.verbund.domain.screening.excerpt import Wanted

        wanted = Wanted(**request["wanted"])
        chosen = wanted.chosen(collect(*about, wanted.table))
        return {"excerpts": [asdict(one) for one in chosen]}
    found = collect(*about)
    reason = "" if found.parts else "unchecked"
    return Report(
        sha256="",
        size=0,
        status=found.status,
        reason=reason,
        hits=most_telling(found.hits),
        parts=tuple(found.parts),
        unchecked=tuple(found.unchecked),
    ).as_dict()


def main() -> int:
    """Read a request from stdin, write the answer to stdout."""
    request = json.load(sys.stdin)
    lock_in(request["limits"])
    try:
        result = answer(request)
    except MemoryError:
        result = {"error": "memory"}
    except BaseException:
        result = {"error": "crashed"}
    json.dump(result, sys.stdout)
    sys.stdout.flush()
    # No clean-up of libraries may change the answer any more.
    os._exit(1 if "error" in result else 0)


if __name__ == "__main__":
    main()
