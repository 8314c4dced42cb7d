# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs inside CKAN: index datasets through ``package_create``, ask ``package_search``."""

from __future__ import annotations

import time
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import search


def _action(name: str, /, **values: object) -> Any:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"user": site, "ignore_auth": True}, values)


def index(rows: list[dict[str, str]], organization: str) -> None:
    """Create a dataset of each row: title and description, nothing else.

    The search index is told once at the end, as the portals' workers do it for many.
    """
    tk.config["ckan.search.solr_commit"] = False
    for number, row in enumerate(rows):
        _action(
            "package_create",
            name=f"row-{number}",
            type="bench",  # of no schema, so that no required field is missing
            title=row["title"] or f"row-{number}",
            notes=row["description"],
            owner_org=organization,
        )
    tk.config["ckan.search.solr_commit"] = True
    search.commit()
    for _ in range(100):
        if _action("package_search", q="*:*", rows=0)["count"] >= len(rows):
            return
        time.sleep(0.1)
    raise RuntimeError(f"not all of the {len(rows)} datasets are in the index")


def ask(queries: list[str], repeat: int) -> dict[str, Any]:
    """Ask each query as an anonymous caller and return what was found, and how fast.

    Returns:
        ``found``: for each query the numbers of the first 20 rows, ``errors``: queries
        that ``package_search`` refused, ``seconds``: the fastest of the repetitions of each.
    """
    found, errors, seconds = [], [], []
    for query in queries:
        best, names = float("inf"), []
        for _ in range(repeat):
            begin = time.perf_counter()
            try:
                answer = tk.get_action("package_search")({"user": ""}, {"q": query, "rows": 20})
            except (search.SearchError, tk.ValidationError):
                errors.append(query)
                break
            best = min(best, time.perf_counter() - begin)
            names = [dataset["name"] for dataset in answer["results"]]
        found.append([int(name.rpartition("-")[2]) for name in names])
        if best < float("inf"):
            seconds.append(round(best, 5))
    return {"found": found, "errors": errors, "seconds": seconds}
