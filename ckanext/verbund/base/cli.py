# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund …``."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import click
from ckan.lib.jobs import Worker

from ckanext.verbund.domain import musterdatensatz as suggestions
from ckanext.verbund.domain import vocab_lists
from ckanext.verbund.domain.dcatde import check as checks
from ckanext.verbund.domain.dcatde import graph
from ckanext.verbund.domain.dcatde import roundtrip as trip
from ckanext.verbund.domain.dcatde.terms import line

from . import rdf_source, schedule
from .commands import verbund

__all__ = ["verbund"]


@verbund.command()
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Run background jobs and everything that comes back by schedule."""
    names = schedule.begin()
    click.echo(f"Schedule: {', '.join(names) or 'nothing'}")
    # Within a request, so that what jobs write for people (titles of views, mails) is in the
    # language of the portal; CKAN translates nothing outside of one.
    with ctx.meta["flask_app"].test_request_context():
        Worker().work(with_scheduler=True)


# -- catalogues -----------------------------------------------------------------------


@verbund.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
def check(source: str, as_json: bool) -> None:
    """Check SOURCE (a file or address with RDF) by the rules of DCAT-AP.de 3.0.

    Exit status: 0 without an error, 1 with errors, 2 if SOURCE cannot be read.
    """
    findings = checks.check(_graph(source))
    counts = Counter(finding.severity for finding in findings)
    if as_json:
        found = [finding.as_dict() for finding in findings]
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            about = f"{finding.severity} {finding.id} {finding.property} {finding.subject}"
            click.echo(about)
            click.echo(f"    {finding.message_de} {finding.remedy_de}".rstrip())
        numbers = (f"{name}s={counts[name]}" for name in ("error", "warning", "hint"))
        click.echo(" ".join(numbers))
    if counts["error"]:
        raise click.exceptions.Exit(1)


@verbund.command()
@click.argument("source")
def roundtrip(source: str) -> None:
    """Read SOURCE (a file or address with RDF), write it again, account for every statement.

    Exit status: 0 if nothing is lost, 1 otherwise, 2 if SOURCE cannot be read.
    """
    report = trip.roundtrip(_graph(source), checks.validated)
    for triple in report.missing:
        click.echo(f"lost: {line(triple)}")
    if report.withheld:
        click.echo(
            f"withheld: {report.withheld} of the kept statements are about terms that are not "
            "the source's; they stand in its own document only."
        )
    click.echo(str(report))
    if report.lost:
        raise click.exceptions.Exit(1)


@verbund.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print every statement as JSON.")
def repairs(name: str, as_json: bool) -> None:
    """Show what was changed in the harvested dataset or harvest source NAME."""
    try:
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        found = tk.get_action("verbund_repair_list")(
            {"user": site, "ignore_auth": True}, {"id": name, "limit": 10_000}
        )
    except tk.ObjectNotFound as error:
        raise click.ClickException(f"There is no dataset or source {name}.") from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for rule in found["rules"]:
        click.echo(f"{rule['count']:>7} {rule['rule']}: {rule['de']}")
    click.echo(f"repairs={found['count']}")


def _graph(source: str) -> graph.Graph:
    try:
        return rdf_source.read(source)
    except rdf_source.SourceError as error:
        click.echo(f"Error: {error}", err=True)
        raise click.exceptions.Exit(2) from error


# -- vocabularies ---------------------------------------------------------------------


@verbund.group()
def vocab() -> None:
    """Controlled vocabularies."""


@vocab.command("list")
def vocab_list() -> None:
    """Show all lists with number of values, edition and licence."""
    for one in vocab_lists.overview():
        gone = f", {one.deprecated} withdrawn" if one.deprecated else ""
        click.echo(f"{one.name}: {one.values} values{gone}; {one.version}; {one.license}")
        click.echo(f"    {one.source}")


@vocab.command("verify")
def vocab_verify() -> None:
    """Check that every list is complete and the one of the manifest."""
    problems = vocab_lists.verify()
    for problem in problems:
        click.secho(problem, fg="red", err=True)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo("All lists are as the manifest says.")


@vocab.command("update")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def vocab_update(file: Path, dry_run: bool) -> None:
    """Take over a new edition from FILE (SKOS as RDF/XML or Turtle).

    Withdrawn values stay readable and are no longer offered.
    """
    try:
        update = vocab_lists.read_update(file.read_bytes())
        if not dry_run:
            update.write(datetime.now(ZoneInfo("Europe/Berlin")).date())
    except (vocab_lists.UpdateError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{update.name}, edition {update.version}")
    for word in ("added", "renamed", "withdrawn"):
        codes = getattr(update, word)
        click.echo(f"{word}: {len(codes)} {' '.join(codes[:20])}".rstrip())
    click.echo("Nothing written." if dry_run else "Written. Restart the portal to use it.")


@verbund.group()
def musterdatensatz() -> None:
    """Proposals for the Musterdatensatz."""


@musterdatensatz.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def musterdatensatz_evaluate(file: Path) -> None:
    """Compare proposals with FILE (CSV: musterdatensatz, title, description)."""
    with file.open(encoding="utf-8-sig", newline="") as table:
        rows = csv.DictReader(table)
        missing = {"musterdatensatz", "title"} - set(rows.fieldnames or ())
        if missing:
            raise click.ClickException(f"Columns are missing: {', '.join(sorted(missing))}")
        found = suggestions.evaluate(rows)
    for label in found.unknown:
        click.secho(f"No entry of the Musterdatenkatalog: {label}", fg="yellow", err=True)
    click.echo(str(found))
