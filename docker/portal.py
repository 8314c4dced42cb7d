# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One portal in containers: the same steps as ``make demo``, settings from the environment.

``portal.py solr`` lays out Solr's home, ``portal.py setup`` writes the ini, creates databases,
tables and the first account, ``portal.py health WHAT`` is the health check of a container.
Everything is done by ``stack/``; this file only says where the services are.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Callable
from configparser import RawConfigParser
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from stack import portals, services
from stack.settings import BIN, GATED_PLUGINS, Portal, folder

#: Passwords and keys, one file each; ``docker/make-secrets.sh`` writes them.
SECRETS = ("postgres_password", "ckan_password", "datastore_password", "redis_password")
SECRETS += ("solr_password", "secret_key")
OLDEST_BEAT = 600  # seconds; a healthy worker reports every 420 at the latest


@dataclass
class Deployment:
    """What ``stack`` calls a profile, for one portal in containers.

    Attributes:
        folder: Where ini, files and accounts lie; a volume.
        secrets: Passwords by the names that ``stack`` uses.
        postgres_port: Port of PostgreSQL on loopback; setup shares its network.
        redis_port: Port of Redis.
        solr_port: Port of Solr.
        portals: The one portal.
    """

    folder: Path
    secrets: dict[str, str]
    postgres_port: int = 5432
    redis_port: int = 6379
    solr_port: int = 8983
    portals: list[Portal] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        """Control socket of a supervisor; there is none in containers."""
        return self.folder / "no-supervisor.sock"

    @property
    def log(self) -> Path:
        """Folder of log files; containers write to standard output instead."""
        return self.folder / "log"


@dataclass(frozen=True)
class PublicPortal(Portal):
    """A portal with an address of its own instead of a port on loopback."""

    address: str = ""

    @property
    def url(self) -> str:
        """Address of its home page, as people type it."""
        return self.address


def variable(name: str, default: str | None = None) -> str:
    """Return a variable of the environment.

    Raises:
        SystemExit: It is empty and has no default.
    """
    value = os.environ.get(name, "").strip() or default
    if value is None:
        sys.exit(f"Die Angabe {name} fehlt. Abhilfe: in docker/.env eintragen.")
    return value


def secret(name: str) -> str:
    """Return the content of a secret file.

    Raises:
        SystemExit: The file is absent, or holds what an address, SQL or the ini cannot carry.
    """
    path = Path(variable("SECRETS_DIR", "/run/secrets")) / name
    text = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if not text:
        sys.exit(f"Das Geheimnis {path} fehlt oder ist leer. Abhilfe: docker/make-secrets.sh")
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,}", text):
        sys.exit(
            f"Das Geheimnis {path} muss mindestens 16 Zeichen haben, nur Buchstaben ohne "
            "Umlaute, Ziffern, _ und -. Abhilfe: Datei löschen, dann docker/make-secrets.sh"
        )
    return text


def extra_settings() -> dict[str, str]:
    """Return the settings that an operator adds: ``key = value`` lines in a mounted file."""
    path = Path(variable("SETTINGS_FILE", "/etc/verbund/settings.ini"))
    if not path.is_file():
        return {}
    parser = RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string("[app:main]\n" + path.read_text(encoding="utf-8"))
    return dict(parser["app:main"])


def deployment(*names: str) -> Deployment:
    """Return the portal that the environment describes.

    Args:
        names: Secrets to read; a container gets only those that it needs.
    """
    name = variable("PORTAL_NAME", "portal")
    if not re.fullmatch(r"[a-z][a-z0-9]{0,30}", name):
        sys.exit("PORTAL_NAME: nur Kleinbuchstaben ohne Umlaute und Ziffern, höchstens 31.")
    known = {n: secret(n) for n in names}
    secrets = {
        "postgres": known.get("postgres_password", ""),
        "redis": known.get("redis_password", ""),
        "solr": known.get("solr_password", ""),
        "datastore_read": known.get("datastore_password", ""),
        f"ckan_{name}": known.get("ckan_password", ""),
        f"key_{name}": known.get("secret_key", ""),
    }
    result = Deployment(
        Path(variable("STATE_DIR", "/var/lib/verbund")),
        secrets,
        int(variable("POSTGRES_PORT", "5432")),
        int(variable("REDIS_PORT", "6379")),
        int(variable("SOLR_PORT", "8983")),
    )
    url = variable("PORTAL_URL", "http://localhost:8080").rstrip("/")
    result.portals.append(
        PublicPortal(
            name=name,
            title=variable("PORTAL_TITLE", "Offene Daten"),
            port=5000,
            index=0,
            profile=result,  # type: ignore[arg-type]
            plugins=variable("PORTAL_PLUGINS", GATED_PLUGINS),
            settings=services_of(result, name, url) | extra_settings(),
            spec={"description": variable("PORTAL_DESCRIPTION", " ").strip()},
            address=url,
        )
    )
    return result


def services_of(at: Deployment, name: str, url: str) -> dict[str, str]:
    """Return the settings that differ from one machine: hosts, and cookies under TLS."""
    keys = at.secrets
    base = f"{variable('POSTGRES_HOST', 'db')}:{at.postgres_port}/verbund_{name}"
    redis = f"{variable('REDIS_HOST', 'redis')}:{at.redis_port}"
    solr = f"{variable('SOLR_HOST', 'solr')}:{at.solr_port}"
    own = f"postgresql://verbund_{name}:{keys[f'ckan_{name}']}@{base}"
    secure = str(url.startswith("https://")).lower()
    return {
        "sqlalchemy.url": own,
        "ckan.datastore.write_url": f"{own}_datastore",
        "ckan.datastore.read_url": (
            f"postgresql://datastore_read:{keys['datastore_read']}@{base}_datastore"
        ),
        "ckan.redis.url": f"redis://:{keys['redis']}@{redis}/0",
        "solr_url": f"http://{solr}/solr/{name}",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SECURE": secure,
    }


# -- commands -----------------------------------------------------------------


def solr() -> None:
    """Lay out Solr's home before Solr starts."""
    at = deployment("solr_password")
    services.prepare_solr(at)  # type: ignore[arg-type]
    print(f"Solr: {at.folder}/solr")


def ini() -> Deployment:
    """Write the portal's ini."""
    at = deployment(*SECRETS)
    folder(at.folder, 0o711)
    portals.write_ini(at.portals[0])
    print(f"Einstellungen: {at.portals[0].ini}")
    return at


def setup() -> None:
    """Bring everything to the state that this image expects; does nothing a second time."""
    at = ini()
    portal = at.portals[0]
    seconds = float(variable("WAIT_SECONDS", "120"))
    services.wait_for(
        "PostgreSQL",
        lambda: services.sql(at, "SELECT 1") == "1",  # type: ignore[arg-type]
        seconds,
        Path(os.devnull),
    )
    services.create_databases(portal)
    if portals.migrate(portal):
        print("Datenbank auf dem Stand dieser Version.")
    if portals.reindex(portal):
        print("Suchindex neu aufgebaut.")
    accounts = portals.make_accounts(portal)
    names = ", ".join(a["name"] for a in accounts)
    print(f"Konten: {names}; Passwörter in {portal.folder}/accounts.json")


def _web() -> bool:
    return services.http_ok("http://127.0.0.1:5000/api/3/action/status_show")


def _redis() -> object:
    from redis import Redis

    return Redis(
        host=variable("REDIS_HOST", "redis"),
        port=int(variable("REDIS_PORT", "6379")),
        password=secret("redis_password"),
        socket_timeout=5,
    )


def _worker() -> bool:
    from rq import Worker

    here = socket.gethostname()
    beats = [
        w.last_heartbeat.timestamp()
        for w in Worker.all(connection=_redis())  # type: ignore[arg-type]
        if w.hostname == here and w.last_heartbeat
    ]
    return bool(beats) and time.time() - max(beats) < OLDEST_BEAT


def _harvest() -> bool:
    # The consumers report nowhere; Docker restarts one that ended, this sees a lost queue.
    return bool(_redis().ping())  # type: ignore[attr-defined]


def health(what: str) -> None:
    """End with 0 when a container does its work, else with 1."""
    checks: dict[str, Callable[[], bool]] = {
        "web": _web,
        "worker": _worker,
        "harvest": _harvest,
    }
    try:
        good = checks[what]()
    except Exception as error:
        sys.exit(f"{what}: {error}")
    sys.exit(0 if good else f"{what}: antwortet nicht")


def command(kind: str) -> list[str]:
    """Return the command line of a process: the one of the native cluster, bound to all."""
    at = deployment()
    portal = at.portals[0]
    words = services.portal_programs(portal)[f"{kind}-{portal.name}"]["command"].split()
    if kind == "web":
        words[words.index("-b") + 1] = "0.0.0.0:5000"
        words[words.index("-w") + 1] = variable("WEB_WORKERS", "2")
        # Only nginx reaches this port; what it says about the visitor counts.
        words += ["--forwarded-allow-ips", "*"]
    return words


def run(kind: str) -> None:
    """Become one of the portal's processes: web, worker, gather or fetch."""
    words = command(kind)
    path = deployment().portals[0].ini
    if not path.is_file():
        sys.exit(f"{path} fehlt. Abhilfe: erst den Dienst »setup« laufen lassen.")
    os.execve(words[0], words, services.environment() | {"CKAN_INI": str(path)})  # noqa: S606


def ckan(args: list[str]) -> None:
    """Become a ``ckan`` command of the portal."""
    path = deployment().portals[0].ini
    words = [str(BIN / "ckan"), "-c", str(path), *args]
    os.execve(words[0], words, services.environment())  # noqa: S606


def main(args: list[str]) -> None:
    """Run one command."""
    verb, rest = (args[0], args[1:]) if args else ("", [])
    if verb in {"solr", "ini", "setup"} and not rest:
        {"solr": solr, "ini": ini, "setup": setup}[verb]()
    elif verb in {"web", "worker", "gather", "fetch"} and not rest:
        run(verb)
    elif verb == "health" and len(rest) == 1:
        health(rest[0])
    elif verb == "ckan" and rest:
        ckan(rest)
    else:
        sys.exit("Aufruf: portal.py solr|ini|setup|web|worker|gather|fetch|health WAS|ckan …")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except services.StackError as error:
        sys.exit(f"Fehler: {error}")
