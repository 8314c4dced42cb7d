# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``make doctor``: looks at everything a cluster needs and says what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from stack import services
from stack.settings import BIN, ROOT, STACK, USER, Profile


def doctor(profile: Profile) -> None:
    """Print one line per check; exit 1 when one failed."""
    checks = [_tools(), _space(), _memory(), _account(), _ports(profile), *_running(profile)]
    for good, text in checks:
        print(("  gut     " if good else "  FEHLER  ") + text)
    sys.exit(0 if all(good for good, _ in checks) else 1)


def _tools() -> tuple[bool, str]:
    missing = [t for t in ("redis-server", "java", "mvn", "msgfmt") if shutil.which(t) is None]
    try:
        services.postgres_bin("postgres")
    except services.StackError:
        missing.append("postgres")
    missing += [str(p) for p in (BIN / "ckan", STACK / "solr/lib") if not p.exists()]
    if missing:
        return False, f"Es fehlt: {', '.join(missing)}. Abhilfe: bash stack/bootstrap.sh"
    return True, "Programme, Python-Pakete und Solr sind da."


def _space() -> tuple[bool, str]:
    free = shutil.disk_usage(STACK if STACK.exists() else ROOT).free // 2**20
    return free > 1000, f"{free} MB frei auf der Platte (nötig: 1000)."


def _memory() -> tuple[bool, str]:
    lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    total = int(lines["MemTotal"].split()[0]) // 1024
    return (
        total > 5500,
        f"{total} MB Arbeitsspeicher (nötig: 6000 für drei Portale; MEMBERS=1 braucht 3000).",
    )


def _account() -> tuple[bool, str]:
    if os.geteuid() != 0:
        return True, "Läuft mit Ihrem eigenen Konto."
    import pwd

    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False, f"Das Konto »{USER}« fehlt. Abhilfe: bash stack/bootstrap.sh"
    return True, f"Als root gestartet; alles läuft unter dem Konto »{USER}«."


def _ports(profile: Profile) -> tuple[bool, str]:
    if services.supervisor(profile):
        return True, "Der Verbund läuft und hält seine Ports."
    try:
        services.check_ports(profile)
    except services.StackError as error:
        return False, str(error).replace("\n", " ")
    return True, "Alle Ports sind frei."


def _running(profile: Profile) -> list[tuple[bool, str]]:
    proxy = services.supervisor(profile)
    if proxy is None:
        return [(True, "Der Verbund läuft nicht (make demo startet ihn).")]
    result = []
    for entry in proxy.supervisor.getAllProcessInfo():
        if entry["statename"] != "RUNNING":
            log = f"{profile.log}/{entry['name']}.log"
            result.append((False, f"{entry['name']}: {entry['statename']}. Protokoll: {log}"))
    for portal in profile.portals:
        if portal.serves:
            url = f"http://127.0.0.1:{portal.port}/api/3/action/status_show"
            try:
                good = services.http_ok(url)
            except OSError:
                good = False
            answer = "antwortet" if good else "antwortet nicht"
            result.append((good, f"{portal.title}: {portal.url} {answer}"))
    report = STACK / f"{profile.name}.json"
    if report.exists():
        mode = report.stat().st_mode & 0o777
        json.loads(report.read_text())
        result.append((mode == 0o600, f"{report.name} ist nur für Sie lesbar."))
    return result
