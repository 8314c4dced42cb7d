# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screening may cost; beyond it a file is unscanned, never clean."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class ScanLimits:
    """Upper bounds for one file.

    Attributes:
        max_bytes: Size of the file.
        exhaustive_bytes: Up to this size, names, addresses and free text are looked for in
            every cell; beyond, columns of many different values are sampled.
        memory_bytes: Address space of the child process.
        seconds: Wall-clock time.
        cpu_seconds: Time of all its threads together.
        members: Files in an archive, nested ones included.
        unpacked_bytes: Size of all members together, counted while unpacking.
        depth: Archives in archives in archives.
    """

    max_bytes: int = 1024 * MB
    exhaustive_bytes: int = 20 * MB
    memory_bytes: int = 3072 * MB
    seconds: int = 900
    cpu_seconds: int = 900
    members: int = 1000
    unpacked_bytes: int = 2048 * MB
    depth: int = 3


#: For rows that somebody wants to see and waits for.
LOOKING = ScanLimits(
    max_bytes=200 * MB, seconds=25, cpu_seconds=25, members=200, unpacked_bytes=500 * MB
)
