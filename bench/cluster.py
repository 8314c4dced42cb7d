# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two portals that are measured, and everything around them."""

from __future__ import annotations

import base64
import json
import shlex
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stack import services
from stack.__main__ import locked, up
from stack.services import run, sql
from stack.settings import BIN, ROOT, Portal, Profile, folder, own, run_as, write_private

SIDES = ("stock", "ours")


class BenchError(Exception):
    """A measurement that would say something wrong; tells why in German."""


#: Type of harvest source and its settings on each side.
HARVESTERS = {
    "stock": {"source_type": "dcat_rdf", "config": {}, "repair": True},
    "ours": {"source_type": "dcat_rdf", "config": {}},
}


class Cluster:
    """The running profile ``bench``."""

    def __init__(self) -> None:
        self.profile = Profile("bench")
        self.data = self.profile.folder / "data"

    def portal(self, side: str) -> Portal:
        """Return the portal of a side."""
        return self.profile.portal(side)

    # -- start and stop ---------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """Start the profile if it does not run, and stop it afterwards if we did."""
        ran = services.supervisor(self.profile) is not None
        try:
            with locked(self.profile):
                up(self.profile)
            self._quiet()
            folder(self.data, 0o755)
            yield self
        finally:
            if not ran:
                with locked(self.profile):
                    services.stop(self.profile)

    def _quiet(self) -> None:
        """Stop workers and consumers: nothing runs but what is measured."""
        proxy = services.supervisor(self.profile)
        for entry in proxy.supervisor.getAllProcessInfo():
            kind, _, side = entry["name"].partition("-")
            if side in SIDES and kind != "web":
                with suppress(Exception):  # not running
                    proxy.supervisor.stopProcess(entry["name"])

    # -- content ----------------------------------------------------------------

    def reset(self, side: str) -> None:
        """Delete all datasets, harvests and queued jobs of a portal."""
        portal = self.portal(side)
        sql(
            self.profile,
            "TRUNCATE package, tag, activity, harvest_source, task_status CASCADE;"
            "DELETE FROM member WHERE table_name = 'package';",
            portal.database,
        )
        self.solr(side, b"<delete><query>*:*</query></delete>")
        from redis import Redis

        Redis(
            port=self.profile.redis_port,
            password=self.profile.secrets["redis"],
            db=portal.index,
        ).flushdb()

    def drop_table(self, side: str, resource: str) -> None:
        """Delete the datastore table of a resource."""
        database = f"{self.portal(side).database}_datastore"
        sql(self.profile, f'DROP TABLE IF EXISTS "{resource}" CASCADE', database)

    def analyze(self, side: str) -> None:
        """Give PostgreSQL fresh statistics, so that chance does not decide its plans."""
        sql(self.profile, "ANALYZE", self.portal(side).database)

    def solr(self, side: str, update: bytes) -> None:
        """Send an update to the search index of a portal."""
        login = base64.b64encode(f"ckan:{self.profile.secrets['solr']}".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.profile.solr_port}/solr/{side}/update?commit=true",
            update,
            {"Content-Type": "text/xml", "Authorization": f"Basic {login}"},
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310

    # -- work -------------------------------------------------------------------

    def inside(
        self,
        side: str,
        command: str,
        *,
        ini: Path | None = None,
        python: Path = BIN / "python",
        **arguments: object,
    ) -> dict:
        """Run a command of ``bench.inside`` in a fresh process and return its result.

        Args:
            side: ``stock`` or ``ours``.
            command: Name of the command.
            ini: Configuration, if not that of the portal.
            python: Interpreter, if not that of the project.
            arguments: What the command takes.
        """
        words = [
            str(python), "-m", "bench.inside", str(ini or self.portal(side).ini), command
        ]  # fmt: skip
        out = run(words, stdin=json.dumps(arguments))
        return json.loads(out.splitlines()[-1])

    def harvest(self, side: str, url: str, expected: int) -> dict:
        """Harvest a catalogue and make sure that all of it arrived.

        Args:
            side: ``stock`` or ``ours``.
            url: The catalogue.
            expected: Number of datasets that must be there afterwards.

        Raises:
            BenchError: Something is missing.
        """
        result = self.inside(side, "harvest", url=url, **HARVESTERS[side])
        if result["datasets"] != expected or result["status"] != "Finished":
            raise BenchError(f"{side}: Das Harvesten ist unvollständig: {result}")
        return result

    def variant(self, side: str, name: str, **settings: str) -> Path:
        """Write a configuration that differs from a portal's in some settings.

        Args:
            side: ``stock`` or ``ours``.
            name: Name of the file.
            settings: Settings, with ``__`` for the dot.

        Returns:
            The file.
        """
        new = {key.replace("__", "."): value for key, value in settings.items()}
        head, mark, rest = (
            self.portal(side).ini.read_text(encoding="utf-8").partition("# -- logging")
        )
        kept = [line for line in head.splitlines() if line.partition("=")[0].strip() not in new]
        kept += [f"{key} = {value}" for key, value in new.items()]
        path = self.portal(side).folder / f"{name}.ini"
        write_private(path, "\n".join([*kept, mark + rest]))
        return path

    @contextmanager
    def web(self, side: str, ini: Path, port: int) -> Iterator[str]:
        """Run a web server like a portal's, with another configuration; yield its address."""
        command = services.portal_programs(self.portal(side))[f"web-{side}"]["command"]
        words = shlex.split(command.replace("%%", "%"))
        words[words.index("-b") + 1] = f"127.0.0.1:{port}"
        account = run_as()
        extra = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            if account
            else {}
        )
        log = self.profile.log / f"web-{side}-{port}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=services.environment() | {"CKAN_INI": str(ini)},
                stdout=out,
                stderr=out,
                **extra,
            )
        url = f"http://127.0.0.1:{port}"
        try:
            status = f"{url}/api/3/action/status_show"
            services.wait_for("Der Webserver", lambda: services.http_ok(status), 120, log)
            yield url
        finally:
            process.terminate()
            process.wait(30)


# -- files for harvesters -------------------------------------------------------


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - as in the parent class
        ".rdf": "application/rdf+xml",
        ".ttl": "text/turtle",
        ".nt": "application/n-triples",
        ".jsonld": "application/ld+json",
    }
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class FileServer:
    """Shows a folder on loopback, as a portal shows its catalogue.

    Args:
        folder: What to show.
    """

    def __init__(self, folder: Path) -> None:
        handler = partial(_Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FileServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def readable(path: Path) -> Path:
    """Let the unprivileged account read a file."""
    own(path)
    return path
