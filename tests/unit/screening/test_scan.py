# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child process: what it answers, what stops it, and that nothing reads as clean."""

import hashlib
import json
import random
import socket
import subprocess
import sys
import zipfile

import pytest

from ckanext.verbund.domain.screening import scan
from ckanext.verbund.domain.screening.limits import ScanLimits
from ckanext.verbund.domain.screening.report import VERSION, Report
from ckanext.verbund.domain.screening.scan import scan_file

IBAN = "DE89370400440532013000"


def test_one_cell_among_a_million_is_found_and_the_report_is_bound_to_the_bytes(tmp_path):
    rng = random.Random(20261125)  # noqa: S311
    rows = [
        [f"ZS-{rng.randrange(10**7)};{rng.random():.5f};Messung {i}"] for i in range(333_334)
    ]
    rows[rng.randrange(len(rows))] = [f"ZS-1;0,5;{IBAN}"]
    path = tmp_path / "a.csv"
    path.write_text("Stelle;Wert;Bemerkung\n" + "\n".join(r[0] for r in rows), encoding="utf-8")
    before = path.stat().st_mtime_ns
    report = scan_file(path, "csv", ScanLimits(exhaustive_bytes=1000))
    (hit,) = report.hits
    assert (hit.kind, hit.column, hit.rows_matched, hit.coverage) == (
        "iban",
        "Bemerkung",
        1,
        "full",
    )
    assert hit.rows_scanned == 333_334
    assert report.contradicting == {"iban"}
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.holds_for(report.sha256)
    assert not report.holds_for("0" * 64)
    assert path.stat().st_mtime_ns == before


def test_a_report_goes_through_json_unchanged(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", f"Nr;Konto\n1;{IBAN}\n")
        archive.writestr("b.pdf", "%PDF")
    report = scan_file(path, "zip")
    assert report.status == "partial"
    assert Report.from_dict(json.loads(json.dumps(report.as_dict()))) == report
    assert IBAN not in json.dumps(report.as_dict())


def test_a_scan_out_of_time_is_unscanned(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    # Less than the interpreter needs to start.
    report = scan_file(path, "csv", ScanLimits(seconds=0.01))
    assert (report.status, report.reason, report.complete) == ("unscanned", "timeout", False)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_scan_out_of_memory_is_unscanned(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": {"b": "x" * 60_000_000}}))
    report = scan_file(path, "json", ScanLimits(memory_bytes=400 << 20))
    assert report.status == "unscanned"
    assert report.reason in {"memory", "crashed"}


def test_a_file_that_is_too_large_is_unscanned(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    assert scan_file(path, "csv", ScanLimits(max_bytes=3)).reason == "too-large"


def test_a_file_that_changes_meanwhile_is_unscanned(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")

    def change(*_):
        path.write_text(f"a;b\n1;{IBAN}\n")
        return {}, ""

    monkeypatch.setattr(scan, "_ask", change)
    assert scan_file(path, "csv").reason == "changed"


@pytest.mark.parametrize("answer", [b"", b"no json", b'{"error": "memory"}'])
def test_a_worker_that_answers_nonsense_makes_the_file_unscanned(tmp_path, monkeypatch, answer):
    worker = tmp_path / "worker.py"
    worker.write_text(f"import sys\nsys.stdout.buffer.write({answer!r})\n")
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    monkeypatch.setattr(scan, "_command", lambda: [sys.executable, str(worker)])
    report = scan_file(path, "csv")
    assert report.status == "unscanned"
    assert report.reason == ("memory" if b"memory" in answer else "crashed")


def test_a_missing_file_is_an_error_of_the_caller(tmp_path):
    with pytest.raises(FileNotFoundError):
        scan_file(tmp_path / "none.csv", "csv")


def test_the_worker_has_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = (
            "from ckanext.verbund.domain.screening import worker\n"
            "from ckanext.verbund.domain.screening.limits import ScanLimits\n"
            "from dataclasses import asdict\n"
            "worker.lock_in(asdict(ScanLimits()))\n"
            "import socket\n"
            f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "PermissionError: no network" in done.stderr


def test_nothing_found_is_not_called_clean(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Jahr;Wert\n2024;1000\n2025;2000\n")
    report = scan_file(path, "csv")
    assert (report.status, report.hits, report.version) == ("scanned", (), VERSION)
    assert not any("clean" in name or "safe" in name for name in dir(report))
