# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two real catalogues for harvesting without the network; see README.md."""

from __future__ import annotations

import gzip
from pathlib import Path


def unpack(target: Path) -> list[Path]:
    """Unpack the catalogues into a folder that a static server may serve."""
    target.mkdir(parents=True, exist_ok=True)
    unpacked = []
    for packed in sorted(Path(__file__).parent.glob("*.gz")):
        path = target / packed.stem
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        unpacked.append(path)
    return unpacked
