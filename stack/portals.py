# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a portal: configuration, tables, accounts. Each step knows whether it is done."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timezone
from pathlib import Path

from ckanext.verbund.domain import signing
from stack import solr_conf
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
    settings = _gate(portal) | portal.settings | portal.spec.get("settings", {})
    head = "".join(
        line
        for line in head.splitlines(keepends=True)
        if line.partition("=")[0].strip() not in settings
    )
    head += "".join(f"{name} = {value}\n" for name, value in settings.items())
    ini = f"{head}\n# -- logging{logging}"
    if not portal.ini.exists() or portal.ini.read_text(encoding="utf-8") != ini:
        write_private(portal.ini, ini)


def _gate(portal: Portal) -> dict[str, str]:
    """Return the settings of the gate: key of its withdrawal list, registers beside it."""
    if "verbund_ethics" not in portal.plugins.split():
        return {}
    ring = portal.folder / "withdrawal-keys.json"
    if not ring.exists():
        key = signing.generate(datetime.now(timezone.utc))
        write_private(ring, signing.write_ring([key]))
    settings = {"ckanext.verbund.ethics.withdrawal_keys": str(ring)}
    beside = [one.url for one in portal.profile.portals if one.spec and one is not portal]
    if portal.spec and beside:
        registers = " ".join(f"{url}/register.json" for url in beside)
        settings["ckanext.verbund.ethics.neighbours"] = registers
        # They run on this machine.
        settings["ckanext.verbund.ethics.allow_private_addresses"] = "true"
    return settings


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
    texts = (ROOT / "ckanext/verbund/i18n/de/LC_MESSAGES/ckanext-verbund.po").read_text()
    state = "\n".join([portal.plugins, texts, *migrations])
    want = hashlib.sha256(state.encode()).hexdigest()
    stamp = portal.folder / "migrated"
    if stamp.exists() and stamp.read_text() == want:
        return False
    ckan(portal, "db", "upgrade")
    ckan(portal, "translation", "js")  # the web server never does it
    permissions = ckan(portal, "datastore", "set-permissions")
    sql(portal.profile, permissions[permissions.index("/*") :])
    write_private(stamp, want)
    return True


def reindex(portal: Portal) -> bool:
    """Fill the search index anew if it was made for another Solr schema, or for other readers.

    The index holds who may read a dataset: a portal that gets the gate before publication has
    one in which everything is still public.

    Returns:
        Whether it was filled. An empty portal needs none.
    """
    stamp = portal.folder / "indexed"
    readers = portal.plugins.split()[0]  # whom CKAN asks first
    schema = solr_conf.schema(portal.solr_schema)
    want = hashlib.sha256(f"{readers}\n{schema}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return False
    needed = sql(portal.profile, "SELECT EXISTS (TABLE package)", portal.database) == "t"
    if needed:
        ckan(portal, "search-index", "rebuild", "-i", "-q")
    write_private(stamp, want)
    return needed


def make_accounts(portal: Portal) -> list[dict[str, str]]:
    """Create the portal's accounts once and return them with passwords and tokens."""
    done = portal.folder / "accounts.json"
    wanted = portal.spec.get("users", [_SYSADMIN])
    names = [user["name"] for user in wanted]
    if done.exists():
        accounts = json.loads(done.read_text())
        if [account["name"] for account in accounts] == names:
            return accounts
    # Passwords are on disk before an account has one: killed here, the next run knows them.
    known = portal.folder / "passwords.json"
    passwords = json.loads(known.read_text()) if known.exists() else {}
    passwords = {name: secrets.token_hex(8) for name in names} | passwords
    write_private(known, json.dumps(passwords))
    fields = ("name", "fullname", "email", "role")
    plan = [{k: u[k] for k in fields} | {"password": passwords[u["name"]]} for u in wanted]
    command = [str(BIN / "python"), "-m", "stack.provision", str(portal.ini)]
    accounts = json.loads(run(command, stdin=json.dumps(plan)).splitlines()[-1])
    write_private(done, json.dumps(accounts, indent=1))
    return accounts


_SYSADMIN = {
    "name": "verwaltung",
    "fullname": "Systemverwaltung",
    "role": "sysadmin",
    "email": "verwaltung@portal.example",
}
