# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed readers of the settings."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib import uploader

from ckanext.verbund.domain import file_kinds

PREFIX = "ckanext.verbund.forms."


def accepted_extensions() -> tuple[str, ...]:
    """Return the extensions of files that the portal takes, small, without points."""
    wished = {e.lower().lstrip(".") for e in tk.config[f"{PREFIX}file_types"]}
    return tuple(e for e in file_kinds.DEFAULT_EXTENSIONS if not wished or e in wished)


def max_file_bytes() -> int:
    """Return how large an uploaded file may be."""
    return int(uploader.get_max_resource_size()) * 1024 * 1024


def import_rows() -> int:
    """Return how many datasets one import may make."""
    return tk.config[f"{PREFIX}import_rows"]
