# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things are: folders, ports and secrets of a profile.

A *profile* is one independent set of services (PostgreSQL, Redis, Solr) with its
portals: ``demo`` for people, ``test`` for ``make test``, ``bench`` for ``make bench``.
They share what the bootstrap installed and nothing else, so all can run at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
STACK = Path(os.environ.get("STACK_DIR", ROOT / ".stack"))
BIN = STACK / "venv" / "bin"
USER = "datenverbund"

# Non-default ports, so that services of the machine stay untouched. STACK_PORTS moves them
# all, so that several checkouts can run on one machine.
SHIFT = int(os.environ.get("STACK_PORTS", "0"))
BASE_PORT = {"demo": 5410, "test": 5420, "bench": 5430}
FILES_PORT = 5009  # the example catalogues, as demo/members.yaml names them
PORTAL_SHIFT = {"demo": 0, "test": 100, "bench": 200}

PLUGINS = (
    "verbund verbund_dcat verbund_forms verbund_dialog verbund_search verbund_theme "
    "verbund_tables verbund_harvest "
    "activity datastore datatables_view text_view image_view geo_view geojson_view "
    "scheming_datasets scheming_organizations spatial_metadata spatial_query "
    "dcat harvest dcat_rdf_harvester"
)
# The gate before publication comes first: CKAN asks only the first plugin who may read which
# dataset, and its templates lie over those of the others. Portals that people use have it. The
# portal of the plain functional tests has not (most of them publish to have something to look
# at), nor have benches, which measure one part beside stock CKAN.
GATED_PLUGINS = f"verbund_ethics {PLUGINS}"
STOCK_PLUGINS = (
    "activity datastore datatables_view text_view image_view "
    "scheming_datasets scheming_organizations dcat harvest dcat_rdf_harvester"
)


@dataclass(frozen=True)
class Portal:
    """One CKAN of a profile.

    Attributes:
        name: Short name; database, Solr core and folders carry it.
        title: Name that people read.
        port: TCP port of the web server on loopback.
        index: Position in the profile; numbers the Redis databases.
        profile: The profile it belongs to.
        plugins: Value of ``ckan.plugins``.
        settings: Settings that differ from ``stack/ckan.ini``.
        spec: Entry of ``demo/members.yaml``; empty for portals without content.
        serves: Whether web server, worker and harvest consumers run.
    """

    name: str
    title: str
    port: int
    index: int
    profile: Profile
    plugins: str = PLUGINS
    settings: dict[str, str] = field(default_factory=dict)
    spec: dict = field(default_factory=dict)
    serves: bool = True
    solr_schema: str = "verbund"

    @property
    def folder(self) -> Path:
        """Folder of this portal's ini and files."""
        return self.profile.folder / "portals" / self.name

    @property
    def ini(self) -> Path:
        """Path of its CKAN configuration."""
        return self.folder / "ckan.ini"

    @property
    def database(self) -> str:
        """Name of its PostgreSQL database; the datastore adds ``_datastore``."""
        return f"verbund_{self.name}"

    @property
    def url(self) -> str:
        """Address of its home page."""
        return f"http://localhost:{self.port}"


class Profile:
    """One set of services with its portals.

    Args:
        name: ``demo``, ``test`` or ``bench``.
        members: How many of the demo portals to run.
    """

    def __init__(self, name: str, members: int | None = None) -> None:
        self.name = name
        self.folder = STACK / name
        base = BASE_PORT[name] + SHIFT
        self.postgres_port = base + 1
        self.redis_port = base + 2
        self.solr_port = base + 3
        self.files_port = FILES_PORT + PORTAL_SHIFT[name] + SHIFT
        self.portals = self._portals(members)

    def _portals(self, members: int | None) -> list[Portal]:
        shift = PORTAL_SHIFT[self.name] + SHIFT
        if self.name == "bench":
            return [
                Portal(
                    "stock",
                    "Stock",
                    5001 + shift,
                    0,
                    self,
                    STOCK_PLUGINS,
                    _STOCK,
                    solr_schema="stock",
                ),
                Portal("ours", "Datenverbund", 5002 + shift, 1, self),
            ]
        path = ROOT / "demo" / "members.yaml"
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["portals"]
        portals = [
            Portal(e["name"], e["title"], e["port"] + shift, i, self, GATED_PLUGINS, spec=e)
            for i, e in enumerate(entries[:members])
        ]
        if self.name == "test":
            portals.append(Portal("unittest", "Test", 5099 + shift, 14, self, serves=False))
            portals.append(
                Portal(
                    "gated",
                    "Test",
                    5098 + shift,
                    13,
                    self,
                    # One more way to the content of links, to be tried.
                    f"{GATED_PLUGINS} resource_proxy",
                    serves=False,
                )
            )
        return portals

    def portal(self, name: str) -> Portal:
        """Return the portal of that name.

        Raises:
            KeyError: There is none.
        """
        for portal in self.portals:
            if portal.name == name:
                return portal
        known = ", ".join(p.name for p in self.portals)
        raise KeyError(f"Ein Portal »{name}« gibt es nicht. Es gibt: {known}.")

    @property
    def log(self) -> Path:
        """Folder of the log files."""
        return self.folder / "log"

    @cached_property
    def socket(self) -> Path:
        """Control socket of the supervisor, below the 107 characters a socket path may have."""
        path = self.folder / "supervisor.sock"
        if len(str(path)) < 90:
            return path
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"datenverbund-{digest}.sock"

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Generated passwords and keys of this profile, made once and kept."""
        path = self.folder / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        names = ["postgres", "redis", "solr", "datastore_read", "supervisor"]
        names += [f"ckan_{p.name}" for p in self.portals]
        names += [f"key_{p.name}" for p in self.portals]
        new = {n: secrets.token_urlsafe(24) for n in names if n not in known}
        if new:
            known |= new
            write_private(path, json.dumps(known, indent=1))
        return known


_STOCK = {
    "ckanext.dcat.rdf.profiles": "euro_dcat_ap_3 euro_dcat_ap_scheming",
    "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
    "scheming.organization_schemas": "",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
    "ckan.locale_default": "en",
    "ckan.views.default_views": "datatables_view image_view text_view",
}


def run_as() -> pwd.struct_passwd | None:
    """Return the unprivileged account to run as, or None when we are unprivileged already."""
    return pwd.getpwnam(USER) if os.geteuid() == 0 else None


def own(path: Path) -> None:
    """Give a file or folder to the unprivileged account."""
    if account := run_as():
        os.chown(path, account.pw_uid, account.pw_gid)


def folder(path: Path, mode: int = 0o750) -> Path:
    """Make a folder of the unprivileged account and return it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    own(path)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only the unprivileged account may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.touch(mode=0o600)
    new.chmod(0o600)
    new.write_text(text, encoding="utf-8")
    own(new)
    new.replace(path)
