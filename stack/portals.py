# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a portal: configuration, tables, accounts. Each step knows whether it is done."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

from stack.services import run, sql
from stack.settings import BIN, ROOT, Portal, folder, write_private


def write_ini(portal: Portal) -> None:
    """Render ``stack/ckan.ini`` for a portal, with the settings that are its own."""
    profile, keys = portal.profile, portal.profile.secrets
    key = f"ckan_{portal.name}"
    database = f"127.0.0.1:{profile.postgres_port}/{portal.database}"
    for path in (profile.folder / "portals", portal.folder):
        folder(path, 0o711)
    storage = folder(portal.folder / "storage", 0o700)
    text = (ROOT / "stack/ckan.ini").read_text(encoding="utf-8")
    head, _, logging = text.partition("# -- logging")
    head = head.format(
        site_id=portal.name,
        url=portal.url,
        title=portal.title,
        description=portal.spec.get("description", ""),
        secret_key=keys[f"key_{portal.name}"],
        secure_cookie="false",
        database_url=f"postgresql://{portal.database}:{keys[key]}@{database}",
        datastore_write_url=f"postgresql://{portal.database}:{keys[key]}@{database}_datastore",
        datastore_read_url=f"postgresql://datastore_read:{keys['datastore_read']}@{database}_datastore",
        redis_url=f"redis://:{keys['redis']}@127.0.0.1:{profile.redis_port}/{portal.index}",
        solr_url=f"http://127.0.0.1:{profile.solr_port}/solr/{portal.name}",
        solr_user="ckan",
        solr_password=keys["solr"],
        storage_path=storage,
        plugins=portal.plugins,
    )
    settings = portal.settings | portal.spec.get("settings", {})
    head = "".join(
        line
        for line in head.splitlines(keepends=True)
        if line.partition("=")[0].strip() not in settings
    )
    head += "".join(f"{name} = {value}\n" for name, value in settings.items())
    ini = f"{head}\n# -- logging{logging}"
    if not portal.ini.exists() or portal.ini.read_text(encoding="utf-8") != ini:
        write_private(portal.ini, ini)


def ckan(portal: Portal, *args: str, stdin: str | None = None) -> str:
    """Run a ``ckan`` command of a portal and return what it printed."""
    return run([str(BIN / "ckan"), "-c", str(portal.ini), *args], stdin=stdin)


def migrate(portal: Portal) -> bool:
    """Bring the database to the state that the installed code expects.

    Returns:
        Whether anything was done. A stamp of the plugin list and all migration files
        spares the start of CKAN when nothing changed.
    """
    import ckan as ckan_package

    libs = Path(ckan_package.__file__).parent
    migrations = sorted(
        str(p)
        for base in (libs, libs.parent / "ckanext", ROOT / "ckanext")
        for p in base.glob("**/versions/*.py")
    )
    want = hashlib.sha256("\n".join([portal.plugins, *migrations]).encode()).hexdigest()
    stamp = portal.folder / "migrated"
    if stamp.exists() and stamp.read_text() == want:
        return False
    ckan(portal, "db", "upgrade")
    permissions = ckan(portal, "datastore", "set-permissions")
    sql(portal.profile, permissions[permissions.index("/*") :])
    write_private(stamp, want)
    return True


def make_accounts(portal: Portal) -> list[dict[str, str]]:
    """Create the portal's accounts once and return them with passwords and tokens."""
    path = portal.folder / "accounts.json"
    wanted = portal.spec.get("users", []) or [_SYSADMIN]
    known = {a["name"]: a for a in json.loads(path.read_text())} if path.exists() else {}
    fields = ("name", "fullname", "email", "role", "organisation")
    merged = [
        {k: u[k] for k in fields if k in u}
        | {"password": known.get(u["name"], {}).get("password") or secrets.token_urlsafe(12)}
        for u in wanted
    ]
    if {u["name"] for u in merged} == set(known):
        return list(known.values())
    # The passwords are on disk before an account has one: killed here, the next run knows them.
    if not path.exists():
        write_private(path.with_suffix(".plan"), json.dumps(merged))
    plan = path.with_suffix(".plan")
    if plan.exists():
        passwords = {u["name"]: u["password"] for u in json.loads(plan.read_text())}
        merged = [u | {"password": passwords.get(u["name"], u["password"])} for u in merged]
    out = run(
        [str(BIN / "python"), "-m", "stack.provision", str(portal.ini)],
        stdin=json.dumps(merged),
    )
    accounts = json.loads(out.splitlines()[-1])
    write_private(path, json.dumps(accounts, indent=1))
    plan.unlink(missing_ok=True)
    return accounts


_SYSADMIN = {
    "name": "verwaltung",
    "fullname": "Systemverwaltung",
    "role": "sysadmin",
    "email": "verwaltung@portal.example",
}
