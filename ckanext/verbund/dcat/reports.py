# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one reads about a member: findings, estimated points, high-value datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.verbund.base.origin import OWN_ONLY
from ckanext.verbund.dcat import checked, describe
from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.quality import hvd, mqa

__all__ = ["SEVERITIES", "estimate", "high_value", "of_findings", "points"]

SEVERITIES = ("error", "warning", "hint")
_ROWS = 500
_MOST = 5000  # high-value datasets of one member; the EU's list has 96 categories


def of_findings(
    results: Iterable[checked.Result], severity: str = "", rule: str = ""
) -> dict[str, Any]:
    """Return findings as one list, with what one can filter by.

    Args:
        results: What is known of the packages.
        severity: One of ``SEVERITIES``, or empty for all.
        rule: Name of a rule, or empty for all.

    Returns:
        ``results``: findings with ``dataset`` (``id``, ``name``, ``type``, ``title``), errors
        first; ``severities``: how many there are of each; ``rules``: those of the severity
        (``id``, ``severity``, ``count``, ``message_de``), the most frequent first.
    """
    rows = [
        {
            **finding,
            "dataset": {"id": r.id, "name": r.name, "type": r.type, "title": r.title},
        }
        for r in results
        for finding in r.found or ()
    ]
    severities = Counter(row["severity"] for row in rows)
    if severity:
        rows = [row for row in rows if row["severity"] == severity]
    counts = Counter(row["id"] for row in rows)
    sample = {row["id"]: row for row in reversed(rows)}
    rules = [
        {"id": name, "count": number}
        | {key: sample[name][key] for key in ("severity", "message_de", "message_en")}
        for name, number in counts.most_common()
    ]
    if rule:
        rows = [row for row in rows if row["id"] == rule]
    rows.sort(key=lambda row: SEVERITIES.index(row["severity"]))
    return {
        "results": rows,
        "severities": {name: severities[name] for name in SEVERITIES},
        "rules": rules,
    }


def estimate(one: mqa.Estimate) -> dict[str, Any]:
    """Return the estimate of one dataset as plain values."""
    return {
        "total": one.total,
        "maximum": mqa.MAXIMUM,
        "rating": one.rating,
        "dimensions": [
            {"name": name, "points": had, "maximum": most}
            for name, (had, most) in one.dimensions.items()
        ],
        "improvements": [_improvement(i, one) for i in one.improvements()],
        "unknown": sorted(one.unknown),
    }


def points(results: Iterable[checked.Result]) -> dict[str, Any]:
    """Return the estimate of a catalogue: the mean, and what would bring most.

    Returns:
        As `estimate`, with ``datasets``, their number, and in how many of them an improvement
        is open (``count``).
    """
    every = [result.estimate for result in results if result.estimate]
    found = estimate(mqa.mean(every))
    for one in found["improvements"]:
        worth = mqa.INDICATORS[one["id"]].points
        one["count"] = sum(e.points.get(one["id"], 0) < worth for e in every)
    return found | {"datasets": len(every)}


def _improvement(indicator: mqa.Indicator, one: mqa.Estimate) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "title": indicator.de,
        "remedy": indicator.remedy,
        "points": indicator.points - one.points[indicator.id],
    }


def high_value(context: Context, organization: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the high-value datasets of a member, as far as somebody may read them.

    Args:
        context: Who reads.
        organization: With ``id``.
    """
    packages: list[dict[str, Any]] = []
    # Services count for the datasets that they serve, whether they have a category or not.
    filters = [
        f'owner_org:"{organization["id"]}"',
        "verbund_hvd:hvd OR dataset_type:data_service",
        *OWN_ONLY,
    ]
    while len(packages) < _MOST:
        found = tk.get_action("package_search")(
            tk.fresh_context(context),
            {
                "fq_list": filters,
                "rows": _ROWS,
                "start": len(packages),
                "sort": "title_string asc",
            },
        )
        packages += found["results"]
        if not found["results"] or len(packages) >= found["count"]:
            break
    values = describe.Describer(context).values(packages)
    by_uri = {v.uri: package for v, package in zip(values, packages, strict=True)}
    return [_high_value(entry, by_uri[entry.uri]) for entry in hvd.report(values)]


def _high_value(entry: hvd.Entry, package: Mapping[str, Any]) -> dict[str, Any]:
    lang = tk.h.lang()
    return {
        "id": package["id"],
        "name": package["name"],
        "type": package["type"],
        "title": entry.title,
        "uri": entry.uri,
        "categories": [vocab.load("hvd_category").label(iri, lang) for iri in entry.categories],
        "licences": [vocab.load("license").label(iri, lang) for iri in entry.licences],
        "downloads": list(entry.downloads),
        "apis": list(entry.apis),
        "documentation": list(entry.documentation),
        "lacks": list(entry.lacks),
    }
