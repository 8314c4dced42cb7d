# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From measured values to ``.stack/bench.json`` and a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass
class Result:
    """One line of the table: a figure of both sides, from alternating runs.

    Attributes:
        id: Name of the measurement.
        size: How much was measured (datasets, rows, connections).
        unit: Unit of the values.
        better: ``lower`` or ``higher``.
        stock: Values of stock, in the order of the runs; empty if stock cannot do it.
        ours: Values of ours, in the order of the runs.
        detail: Anything else worth keeping; goes beside the results, not into them.
    """

    id: str
    size: int
    unit: str
    better: str
    stock: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    detail: dict = field(default_factory=dict)

    def add(self, side: str, value: float) -> None:
        """Add the value of one run of a side."""
        getattr(self, side).append(value)

    @property
    def ratios(self) -> list[float]:
        """How many times better ours was in each pair of runs."""
        pairs = zip(self.stock, self.ours, strict=False)
        if self.better == "lower":
            return [_divide(stock, ours) for stock, ours in pairs]
        return [_divide(ours, stock) for stock, ours in pairs]

    def entry(self) -> dict:
        """Return the entry of ``bench.json``."""
        ratios = self.ratios
        return {
            "id": self.id,
            "size": self.size,
            "unit": self.unit,
            "better": self.better,
            "stock": _spread(self.stock),
            "ours": _spread(self.ours),
            "ratio": round(median(ratios), 3) if ratios else None,
            "ratio_min": round(min(ratios), 3) if ratios else None,
            "ratio_max": round(max(ratios), 3) if ratios else None,
        }


def _divide(a: float, b: float) -> float:
    # A growth of nothing at all happens with memory; 0.1 MB is below what can be told.
    return max(a, 0.1) / max(b, 0.1) if min(a, b) <= 0 else a / b


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    spread = {"min": min(values), "median": median(values), "max": max(values)}
    return {key: round(value, 3) for key, value in spread.items()}


def table(results: Iterable[Result]) -> str:
    """Return the results as a table, also valid Markdown."""
    rows = [("Messung", "Größe", "Einheit", "Serie", "wir", "Verhältnis (Spanne)")]
    for entry in (r.entry() for r in results):
        unit = entry["unit"] + (" ↑" if entry["better"] == "higher" else "")
        rows.append(
            (
                entry["id"],
                f"{entry['size']:,}".replace(",", "."),
                unit,
                _cell(entry["stock"]),
                _cell(entry["ours"]),
                _ratio(entry),
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def _cell(spread: dict[str, float] | None) -> str:
    if spread is None:
        return "–"
    low, middle, high = (_number(spread[k]) for k in ("min", "median", "max"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _ratio(entry: dict) -> str:
    if entry["ratio"] is None:
        return "–"
    low, middle, high = (_factor(entry[k]) for k in ("ratio_min", "ratio", "ratio_max"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}".replace(".", ",")


def _factor(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}".replace(".", ",")


def write(results: Iterable[Result], meta: dict, folder: Path) -> None:
    """Write ``bench.json``, and beside it what machine and versions gave the figures.

    Args:
        results: What was measured.
        meta: Machine, date, versions.
        folder: Where to.
    """
    results = list(results)
    runs = {r.id: {"stock": r.stock, "ours": r.ours, **r.detail} for r in results}
    _replace(folder / "bench.json", [r.entry() for r in results])
    _replace(folder / "bench-meta.json", meta | {"runs": runs})


def _replace(path: Path, value: object) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)
