# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund audit …``, ``ckan verbund key …`` and ``ckan verbund ethics …``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TextIO

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.verbund.base.commands import verbund
from ckanext.verbund.domain import signing
from ckanext.verbund.ethics import anchors as ends
from ckanext.verbund.ethics import audit as chain
from ckanext.verbund.ethics import exports, keys
from ckanext.verbund.ethics import sweep as crawl

__all__: list[str] = []  # the group is that of the plugin verbund


def _organization_id(name: str | None) -> str | None:
    if not name:
        return None
    group = model.Group.get(name)
    if group is None or not group.is_organization:
        raise click.ClickException(f"There is no member {name}.")
    return group.id


@verbund.group()
def audit() -> None:
    """The chain of what was done and decided."""


@audit.command()
@click.option("--member", help="Only this one (name or ID).")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    help="MEMBER_ID:NUMBER:HASH known from elsewhere; finds what was cut or written anew.",
)
@click.option(
    "--anchors",
    "kept",
    type=click.File(encoding="utf-8"),
    help="Many of them: a copy of /register/protokoll.json that was kept elsewhere.",
)
def verify(member: str | None, anchors: tuple[str, ...], kept: TextIO | None) -> None:
    """Check all chains. Exit status: 0 if they are whole, 1 otherwise.

    What the portal kept itself counts as well, but who owns the database could change both.
    """
    organization_id = _organization_id(member)
    known = ends.known_ends(organization_id)
    for one, number, digest in (*_parsed(anchors), *_copied(kept)):
        if organization_id in {None, one}:
            known.setdefault(one, {})[number] = digest
    heads: dict[str, tuple[int, str]] = {
        entry["organization_id"]: (entry["seq"], entry["hash"])
        for entry in chain.entries(organization_id)
    }
    breaks = chain.verify(organization_id, known)
    for one in breaks:
        click.secho(f"{one.organization_id}:{one.seq}: {one.problem}", fg="red", err=True)
    for id, (number, digest) in sorted(heads.items()):
        click.echo(f"{id}:{number}:{digest}")
    if breaks:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(heads)} chains are whole.")


def _parsed(anchors: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for anchor in anchors:
        try:
            organization_id, number, digest = anchor.rsplit(":", 2)
            yield organization_id, int(number), digest
        except ValueError as error:
            raise click.BadParameter(f"{anchor}: MEMBER_ID:NUMBER:HASH") from error


def _copied(kept: TextIO | None) -> Iterator[tuple[str, int, str]]:
    try:
        for one in json.load(kept)["anchors"] if kept else ():
            yield one["organization_id"], int(one["number"]), one["hash"]
    except (KeyError, TypeError, ValueError) as error:
        raise click.BadParameter("This is no copy of /register/protokoll.json.") from error


_KEYS = click.option(
    "--keys",
    "ring",
    required=True,
    envvar="VERBUND_AUDIT_KEYS",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Key ring that the web server cannot read (ckan verbund key create).",
)


@audit.command()
@click.option("--member", help="Only this one (name or ID).")
@click.option("--words", is_flag=True, help="With what was said, where it was not erased.")
@_KEYS
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export(member: str | None, words: bool, ring: Path, file: TextIO) -> None:
    """Write all entries to FILE (or the terminal), a JSON object a line, signed at the end."""
    try:
        key = signing.signer(keys.read(ring), _now())
    except (keys.KeyFileError, signing.SignatureError) as error:
        raise click.ClickException(str(error)) from error
    exports.write(file, _organization_id(member), words=words, key=key)


@audit.command()
@_KEYS
@click.argument("file", type=click.File(encoding="utf-8"))
def check(ring: Path, file: TextIO) -> None:
    """Check a FILE that was exported; a list of public keys will do for --keys.

    Exit status: 0 if nothing in it was changed, 1 otherwise.
    """
    try:
        breaks = exports.check(file, keys.read(ring), ends.known_ends())
    except (keys.KeyFileError, signing.SignatureError, exports.ExportError) as error:
        raise click.ClickException(str(error)) from error
    for one in breaks:
        click.secho(f"{one.organization_id}:{one.seq}: {one.problem}", fg="red", err=True)
    if breaks:
        raise click.exceptions.Exit(1)
    click.echo("The file is as it was exported.")


@audit.command()
def anchor() -> None:
    """Keep the end of each chain in the public register and mail it; the worker does daily."""
    for row in ends.make():
        click.echo(f"{row['organization_id']}:{row['seq']}:{row['hash']}")


@audit.command()
@click.option("--user", help="What this person said, and what was said of their roles.")
@click.option("--older-than", "days", type=click.IntRange(min=1), help="In days.")
def erase(user: str | None, days: int | None) -> None:
    """Erase names and free text of entries; the chains stay whole. It cannot be undone."""
    if (user is None) == (days is None):
        raise click.UsageError("Either --user or --older-than.")
    where = chain.older(days or 0)
    if user is not None:
        found = model.User.get(user)
        where = chain.of_person(found.id if found else user, found.name if found else user)
    number = chain.erase(where)
    model.Session.commit()
    click.echo(f"{number} entries have no words any more.")


@verbund.group()
def key() -> None:
    """Key rings: one for the list of withdrawals, another for exports of the chain."""


@key.command()
@click.option("--in-days", type=click.IntRange(min=0), default=0, help="It signs from then on.")
@click.option("--overlap", type=click.IntRange(min=0), default=30, help="Days of the old ones.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def create(in_days: int, overlap: int, file: Path) -> None:
    """Make a key in the ring FILE, which only this account may read (mode 600).

    Where there are keys already, they hold for --overlap days beside the new one.
    """
    begin = _now() + timedelta(days=in_days)
    try:
        ring = keys.read(file) if file.exists() else []
        made = signing.generate(begin)
        keys.write(file, signing.renewed(ring, made, timedelta(days=overlap)))
    except (keys.KeyFileError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(made.id)


@key.command("list")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def list_(file: Path) -> None:
    """Write the public halves of the keys in FILE as JSON, for those who check signatures."""
    try:
        found = [one.as_dict() for one in keys.read(file)]
    except keys.KeyFileError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps({"keys": found}, indent=2))


def _now() -> datetime:
    return datetime.now(timezone.utc)


@verbund.group()
def ethics() -> None:
    """What is public, and whether somebody decided it."""


@ethics.command()
@click.option("--repair", is_flag=True, help="Take back what is public without a decision.")
@click.pass_context
def sweep(ctx: click.Context, repair: bool) -> None:
    """Compare what everybody sees with what was decided.

    Exit status: 0 if they agree, 1 otherwise, repaired or not.
    """
    found = crawl.run(repair=repair, app=ctx.meta.get("flask_app"))
    for one in found:
        click.echo(f"{one.package_id}: {one.where}")
    counts = Counter(one.where for one in found)
    click.echo(" ".join(f"{where}={n}" for where, n in sorted(counts.items())) or "They agree.")
    if found:
        raise click.exceptions.Exit(1)


@ethics.command()
@click.option("--member", help="Only of this one (name or ID).")
def undecided(member: str | None) -> None:
    """List datasets that nobody has decided on; those that were public come first."""
    context = {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    start, total = 0, 1
    while start < total:
        page = tk.get_action("verbund_undecided_list")(
            dict(context),
            {"organization_id": _organization_id(member), "offset": start, "limit": 500},
        )
        for one in page["datasets"]:
            mark = "was public" if one["was_public"] else ""
            click.echo(f"{one['name']}\t{one['title']}\t{mark}".rstrip())
        start, total = start + 500, page["total"]
