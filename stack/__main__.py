# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands of the cluster: ``python -m stack --help``."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from demo.catalogs import unpack
from demo.load import LoadError, load_portal
from demo.people import decide_portal
from stack import messages, services
from stack.doctor import doctor
from stack.portals import make_accounts, migrate, reindex, write_ini
from stack.services import StackError
from stack.settings import (
    BIN,
    ROOT,
    STACK,
    Portal,
    Profile,
    folder,
    own,
    run_as,
    write_private,
)

_BEGIN = time.monotonic()
_ROW = "{:<24} {:<10} {:<34} {:>5} MB"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print a step before it begins and its time after it ended."""
    begin = time.monotonic()
    print(f"{begin - _BEGIN:6.1f} s  {title} …", flush=True)
    yield
    took = time.monotonic() - begin
    if took > 1:
        print(f"{'':9} fertig nach {took:.1f} s", flush=True)


@contextmanager
def locked(profile: Profile) -> Iterator[None]:
    """Let only one command at a time change a profile."""
    folder(STACK, 0o755)
    folder(profile.folder, 0o711)
    with (profile.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackError(
                "Ein anderer Befehl startet oder stoppt diesen Verbund gerade.",
                "Warten, bis er fertig ist.",
            ) from None
        yield


def up(profile: Profile) -> None:
    """Start services and portals of a profile; whatever exists is kept."""
    with step("Einstellungen schreiben"):
        services.prepare_postgres(profile)
        services.prepare_redis(profile)
        services.prepare_solr(profile)
        publish_files(profile)
        if messages.stale():
            messages.build()
        for portal in profile.portals:
            write_ini(portal)
    with step("PostgreSQL, Redis und Solr starten"):
        proxy = services.start_services(profile)
    with step(f"{len(profile.portals)} Portale einrichten"), ThreadPoolExecutor(2) as pool:
        for portal in profile.portals:
            services.create_databases(portal)
        list(pool.map(prepare_portal, profile.portals))
    serving = [p for p in profile.portals if p.serves]
    if not serving:
        return
    with step(f"{len(serving)} Portale starten"):
        for kind in ("web", "worker", "gather", "fetch"):
            services.start(proxy, [f"{kind}-{p.name}" for p in serving])
        for portal in serving:
            services.wait_for(
                f"Das Portal {portal.title}",
                lambda p=portal: services.http_ok(
                    f"http://127.0.0.1:{p.port}/api/3/action/status_show"
                ),
                120,
                profile.log / f"web-{portal.name}.log",
            )


def prepare_portal(portal: Portal) -> None:
    """Create tables, search index and accounts of a portal."""
    migrate(portal)
    reindex(portal)
    make_accounts(portal)


def publish_files(profile: Profile) -> None:
    """Lay out the example catalogues for the local file server."""
    if profile.name != "bench":
        for path in unpack(folder(profile.folder / "files", 0o755)):
            own(path)


def demo(profile: Profile) -> None:
    """Start the cluster, load the demonstration data, write the list of addresses."""
    with locked(profile):
        up(profile)
        report = describe(profile)
        write_private(
            STACK / f"{profile.name}.json", json.dumps(report, indent=1, ensure_ascii=False)
        )
        load_demo(profile, report)
    if profile.name == "demo":  # passwords of a test belong in no log
        print_table(report)
    print(f"Fertig nach {time.monotonic() - _BEGIN:.0f} s. Anhalten: make stop")


def load_demo(profile: Profile, report: dict) -> None:
    """Load the demonstration data into each portal, then let people decide about them.

    Loading goes one after the other; while the automatic check of one portal's files runs,
    people of the others decide.
    """
    loaded = []
    ports = {p.name: p.port for p in profile.portals} | {"files": profile.files_port}
    for portal in profile.portals:
        if portal.spec:
            entry = next(p for p in report["portals"] if p["name"] == portal.name)
            token = next(u["token"] for u in entry["users"] if u["role"] == "sysadmin")
            with step(f"Demonstrationsdaten: {portal.title}"):
                load_portal(entry | {"ports": ports}, token, _progress)
            loaded.append(entry)
    with step("Über die Veröffentlichung entscheiden"), ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda entry: decide_portal(entry, _progress), loaded))


def _progress(text: str) -> None:
    print(f"{'':9} {text}", flush=True)


def describe(profile: Profile) -> dict:
    """Return addresses and accounts of the running portals, as in ``.stack/demo.json``."""
    return {
        "portals": [
            {
                "name": p.name,
                "title": p.title,
                "url": p.url,
                "ini": str(p.ini),
                "users": [
                    {k: a[k] for k in ("name", "role", "password", "token") if k in a}
                    for a in json.loads((p.folder / "accounts.json").read_text())
                ],
            }
            for p in profile.portals
        ]
    }


def print_table(report: dict) -> None:
    """Print addresses and logins."""
    print()
    for portal in report["portals"]:
        print(f"{portal['title']}  {portal['url']}")
        for user in portal["users"]:
            print(f"    {user['name']:<28} {user['role']:<10} {user['password']}")
    print()


def stop(profile: Profile) -> None:
    """Stop all processes of a profile."""
    with locked(profile):
        print("Angehalten." if services.stop(profile) else "Es lief nichts.")


def status(profile: Profile) -> None:
    """Print each process with its state and memory."""
    proxy = services.supervisor(profile)
    if proxy is None:
        print("Der Verbund läuft nicht. Starten: make demo")
        sys.exit(3)
    total = 0
    for entry in proxy.supervisor.getAllProcessInfo():
        memory = _memory(entry["pid"])
        total += memory
        print(_ROW.format(entry["name"], entry["statename"], entry["description"], memory))
    print(_ROW.format("zusammen", "", "", total))


def _memory(pid: int) -> int:
    # Proportional set size: shared pages are counted once over all processes.
    import psutil

    if not pid:
        return 0
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
        return sum(p.memory_full_info().pss for p in family) // 2**20
    except psutil.Error:
        return 0


def logs(profile: Profile) -> None:
    """Follow all logs of a profile."""
    files = sorted(str(p) for p in profile.log.glob("*.log"))
    if not files:
        print("Noch keine Protokolle. Starten: make demo")
        return
    os.execvp("tail", ["tail", "-n", "5", "-F", *files])


def clean(profile: Profile) -> None:
    """Stop a profile and delete its data."""
    services.stop(profile)
    shutil.rmtree(profile.folder, ignore_errors=True)
    (STACK / f"{profile.name}.json").unlink(missing_ok=True)
    print(f"Gelöscht: {profile.folder}")


def ckan_command(profile: Profile, args: list[str]) -> None:
    """Run a ``ckan`` command of a portal in this terminal."""
    if not args:
        names = ", ".join(p.name for p in profile.portals)
        raise StackError("Welches Portal?", f"stack/ckan PORTAL BEFEHL …; Portale: {names}")
    portal = profile.portal(args[0])
    account = run_as()
    extra = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    done = subprocess.run(
        [str(BIN / "ckan"), "-c", str(portal.ini), *args[1:]],
        check=False,
        env=services.environment() | {"TERM": os.environ.get("TERM", "dumb")},
        cwd=ROOT,
        **extra,
    )
    sys.exit(done.returncode)


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="stack", description="Verbund auf einem Rechner.")
    parser.add_argument(
        "command", choices=["demo", "up", "stop", "status", "logs", "clean", "doctor", "ckan"]
    )
    parser.add_argument("--profile", default="demo", choices=["demo", "test", "bench"])
    parser.add_argument("--members", type=int, default=None, help="nur so viele Portale")
    words, ckan_words = sys.argv[1:], []
    if "ckan" in words:
        words, ckan_words = words[: words.index("ckan") + 1], words[words.index("ckan") + 1 :]
    args = parser.parse_args(words)
    try:
        profile = Profile(args.profile, args.members)
        if args.command == "up":
            with locked(profile):
                up(profile)
        elif args.command == "ckan":
            ckan_command(profile, ckan_words)
        else:
            commands = {
                "demo": demo,
                "stop": stop,
                "status": status,
                "logs": logs,
                "clean": clean,
                "doctor": doctor,
            }
            commands[args.command](profile)
    except (StackError, LoadError, KeyError) as error:
        print(f"\nFehler: {error.args[0]}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print(
            "\nAbgebrochen. Derselbe Befehl macht weiter, wo er aufgehört hat.", file=sys.stderr
        )
        sys.exit(130)


if __name__ == "__main__":
    main()
