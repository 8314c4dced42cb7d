# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund-tables``: load files, ask what became of them, check a file."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.verbund.domain.tables.formats import table_format
from ckanext.verbund.tables import config, watch
from ckanext.verbund.tables import status as store

__all__ = ["verbund_tables"]


@click.group("verbund-tables", short_help="Dateien als Tabellen einlesen.")
def verbund_tables() -> None:
    """Dateien als Tabellen einlesen."""


@verbund_tables.command()
@click.argument("resource_id", required=False)
@click.option("--all", "everything", is_flag=True, help="Alle hochgeladenen Tabellen.")
@click.option("--now", is_flag=True, help="Sofort statt als Auftrag.")
def load(resource_id: str | None, everything: bool, now: bool) -> None:
    """Die Datei einer Ressource einlesen, auch wenn sie sich nicht geändert hat."""
    if bool(resource_id) == everything:
        raise click.UsageError("Entweder RESOURCE_ID oder --all angeben.")
    for chosen in [resource_id] if resource_id else _all():
        if now:
            from ckanext.verbund.tables.loading import load_resource

            result = load_resource(str(chosen), force=True)
            click.echo(f"{chosen}  {result.get('state', 'none')}  {result.get('rows', '')}")
        else:
            resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": chosen})
            watch.enqueue(str(chosen), watch.fingerprint(resource), force=True)
            click.echo(f"{chosen}  waiting")


def _all() -> list[str]:
    rows = (
        model.Session.query(model.Resource)
        .join(model.Package)
        .filter(
            model.Resource.state == "active",
            model.Package.state == "active",
            model.Resource.url_type == "upload",
        )
    )
    return [r.id for r in rows if table_format(r.format or "", r.url or "")]


@verbund_tables.command()
@click.argument("resource_id")
def status(resource_id: str) -> None:
    """Zeigen, was aus der Datei einer Ressource wurde."""
    found = store.get(resource_id)
    if not found:
        raise click.ClickException("Zu dieser Ressource ist nichts bekannt.")
    click.echo(f"Zustand: {found['state']}, Zeilen: {found.get('rows', '-')}")
    for column in found.get("columns", []):
        click.echo(f"  {column['id']}: {column['type']}")
    _print(found.get("findings", []), found.get("findings_total", 0))


@verbund_tables.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(path: Path) -> None:
    """Eine Datei prüfen, ohne sie einzulesen; alle Befunde ausgeben."""
    from dataclasses import replace

    from ckanext.verbund.domain.tables.limits import TableError
    from ckanext.verbund.domain.tables.opening import open_table

    fmt = table_format("", path.name) or "csv"
    try:
        with open_table(path, fmt, replace(config.limits(), max_findings=10**9)) as table:
            for _ in table.batches():
                pass
            click.echo(f"{table.rows} Zeilen, {table.skipped} nicht übernommen")
            for column in table.columns:
                click.echo(f"  {column.name}: {column.type}")
            _print([f.as_dict() for f in table.findings.kept], table.findings.total)
    except TableError as error:
        raise click.ClickException(str(error)) from error


def _print(findings: list[dict], total: int) -> None:
    click.echo(f"Befunde: {total}")
    for finding in findings:
        place = " ".join(x for x in (finding["subject"], finding["property"]) if x)
        click.echo(f"  [{finding['severity']}] {place}: {finding['message_de']}")
