# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund audit …`` and ``ckan verbund ethics …``."""

from __future__ import annotations

import json
from collections import Counter
from typing import TextIO

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.verbund.base.commands import verbund
from ckanext.verbund.ethics import audit as chain
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
def verify(member: str | None, anchors: tuple[str, ...]) -> None:
    """Check all chains. Exit status: 0 if they are whole, 1 otherwise."""
    known = {}
    for anchor in anchors:
        organization_id, number, digest = anchor.rsplit(":", 2)
        known[organization_id] = (int(number), digest)
    heads: dict[str, tuple[int, str]] = {
        entry["organization_id"]: (entry["seq"], entry["hash"])
        for entry in chain.entries(_organization_id(member))
    }
    breaks = chain.verify(_organization_id(member), known)
    for one in breaks:
        click.secho(f"{one.organization_id}:{one.seq}: {one.problem}", fg="red", err=True)
    for organization_id, (number, digest) in sorted(heads.items()):
        click.echo(f"{organization_id}:{number}:{digest}")
    if breaks:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(heads)} chains are whole.")


@audit.command()
@click.option("--member", help="Only this one (name or ID).")
@click.option("--words", is_flag=True, help="With what was said, where it was not erased.")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export(member: str | None, words: bool, file: TextIO) -> None:
    """Write all entries to FILE (or the terminal), one JSON object a line."""
    organization_id = _organization_id(member)
    said = chain.payloads(organization_id) if words else {}
    for entry in chain.entries(organization_id):
        if entry["id"] in said:
            entry["salt"], entry["payload"] = said[entry["id"]]
        file.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")


@verbund.group()
def ethics() -> None:
    """What is public, and whether somebody decided it."""


@ethics.command()
@click.option("--repair", is_flag=True, help="Take back what is public without a decision.")
def sweep(repair: bool) -> None:
    """Compare what everybody sees with what was decided.

    Exit status: 0 if they agree, 1 otherwise, repaired or not.
    """
    found = crawl.run(repair=repair)
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
