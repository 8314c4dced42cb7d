# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast files are screened, and how much is found: ``python -m bench.screening``.

Speed is also part of ``make bench`` as ``screen-file``; stock CKAN has nothing like it.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench import screening_corpus as corpus
from bench.results import Result
from bench.tables import write_csv

IDS = ("screen-file", "screen-file-cpu", "screen-file-people", "screen-file-rss")
SIZE = 1_000_000
REPEAT = 3
# The rules were tuned on another seed of the same generator.
_SEED = 4711
_TABLES = 400
_TEXTS = 4000
# What a column is only because another one names people.
_OF_THE_TABLE = {"address", "home-location", "unique-rows"}


def measure(_cluster: object, ids: set[str], size: int | None, repeat: int | None) -> list:
    """Screen two large files of 16 columns: measurements, and a register full of people.

    Args:
        _cluster: The running portals; not needed.
        ids: Which measurements are wanted.
        size: Number of rows.
        repeat: Number of runs.
    """
    from ckanext.verbund.domain.screening.scan import scan_file

    size = size or SIZE
    results = {
        "screen-file": Result("screen-file", size, "MB/s", "higher"),
        "screen-file-cpu": Result("screen-file-cpu", size, "MB/CPU-s", "higher"),
        "screen-file-people": Result("screen-file-people", size, "MB/s", "higher"),
        "screen-file-rss": Result("screen-file-rss", size, "MB", "lower"),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (("screen-file", write_csv), ("screen-file-people", write_people)):
            path = write(Path(folder) / f"{name}.csv", size)
            megabytes = path.stat().st_size / 1e6
            for _ in range(repeat or REPEAT):
                begin, busy = time.perf_counter(), _busy()
                report = scan_file(path, "csv")
                took = time.perf_counter() - begin
                if name == "screen-file":
                    results["screen-file-cpu"].add("ours", megabytes / (_busy() - busy))
                if report.status == "unscanned":
                    raise RuntimeError(f"{name}: {report.reason}")
                results[name].add("ours", megabytes / took)
            results[name].detail["megabytes"] = round(megabytes)
            path.unlink()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    results["screen-file-rss"].add("ours", peak)
    return [result for name, result in results.items() if name in ids]


def _busy() -> float:
    """Return the seconds of processor time that ended children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write_people(path: Path, rows: int, seed: int = 1) -> Path:
    """Write a register as nobody may publish it: the worst case for the detectors.

    Args:
        path: Where to.
        rows: Number of rows below the header.
        seed: The same seed gives the same file.
    """
    rng = Random(seed)
    makers = [make for _, _, make in corpus.PERSONAL] + [make for _, make in corpus.HARMLESS]
    headers = [names[0] for _, names, _ in corpus.PERSONAL]
    headers += [name for name, _ in corpus.HARMLESS]
    # A thousand different rows would be too few, a million take too long to invent.
    pool = [[make(rng) for make in makers[:16]] for _ in range(min(rows, 50_000))]
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(headers[:16]) + "\n")
        for number in range(rows):
            row = pool[rng.randrange(len(pool))]
            file.write(f"{';'.join(row[:-1])};{number}\n")
    return path


def columns(*, neutral: bool) -> Counter[str]:
    """Return hits, misses and false alarms over the columns of the corpus."""
    from ckanext.verbund.domain.screening.scan import scan_rows

    score: Counter[str] = Counter()
    for sample in corpus.tables(_SEED, _TABLES, neutral=neutral):
        found = scan_rows(sample.headers, sample.rows)
        for header, label in zip(sample.headers, sample.labels, strict=True):
            kinds = {h.kind for h in found.hits if h.column == header and h.contradicts}
            _score(score, label, kinds - _OF_THE_TABLE)
    return score


def texts(*, hard: bool) -> Iterator[tuple[str, Counter[str]]]:
    """Yield hits, misses and false alarms over single remarks, for all kinds and for each."""
    from ckanext.verbund.domain.screening.scan import scan_rows

    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for label, text in corpus.texts(_SEED, _TEXTS, hard=hard):
        hits = scan_rows(["Bemerkung"], [[text]]).hits
        found = {h.kind for h in hits if h.contradicts} - {"free-text", *_OF_THE_TABLE}
        _score(total, label, found)
        for kind in {label, *found} - {""}:
            _score(
                kinds.setdefault(kind, Counter()),
                label if label == kind else "",
                found & {kind},
            )
    yield "alle", total
    yield from sorted(kinds.items())


def _score(score: Counter[str], label: str, found: set[str]) -> None:
    score["true"] += label in found
    score["missed"] += bool(label) and label not in found
    score["false"] += bool(found - {label})


def line(name: str, score: Counter[str]) -> str:
    """Return recall and precision of a score as a row of a table."""
    wanted, told = score["true"] + score["missed"], score["true"] + score["false"]
    recall = f"{score['true'] / wanted:.2f}" if wanted else "–"
    precision = f"{score['true'] / told:.2f}" if told else "–"
    return f"| {name} | {wanted} | {recall} | {precision} |".replace(".", ",")


def main() -> None:
    """Print both tables."""
    print("| Prüfung | Fälle | Trefferquote | Genauigkeit |\n|---|---|---|---|")
    print(line("Spalten, sprechende Überschriften", columns(neutral=False)))
    print(line("Spalten, „Feld 1“", columns(neutral=True)))
    for hard in (False, True):
        for kind, score in texts(hard=hard):
            print(line(f"Texte, {'schwer' if hard else 'leicht'}: {kind}", score))
    for result in measure(None, set(IDS), None, None):
        print(f"{result.id}: {result.entry()['ours']} {result.unit} {result.detail or ''}")


if __name__ == "__main__":
    main()
