# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template helpers of ``verbund_harvest``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk


@tk.chained_helper
def harvesters_info(original: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Translate titles and descriptions of harvesters."""
    shown = ("title", "description")
    return [
        {key: tk._(value) if key in shown else value for key, value in info.items()}
        for info in original()
    ]
