# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund …``."""

from __future__ import annotations

import click
from ckan.lib.jobs import Worker

from . import schedule

__all__ = ["verbund"]


@click.group(short_help="Datenverbund.")
def verbund() -> None:
    """Commands of Datenverbund."""


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
