# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One import of many datasets: first looked at, then written as drafts.

A run is kept beside the datasets (``notes``): its rows, and apart from them how far it is, so
that progress is cheap to write. Writing is idempotent by the key of each row: a run that was
interrupted, or a corrected table, goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import lookup_package_plugin, plugin_validate

from ckanext.verbund.domain import bulk
from ckanext.verbund.forms import notes, values

log = logging.getLogger(__name__)

ROW = "verbund_import_row"
TYPE = "dataset"
AT_ONCE = 20
"""Up to this many rows are done while the person waits."""
TIMEOUT = 3 * 60 * 60
_TOLD_EVERY = 10
_SILENT = dt.timedelta(minutes=30)


def as_row(row: bulk.Row) -> dict[str, Any]:
    """Return a row as it is kept."""
    return {
        "line": row.line,
        "key": row.key,
        "title": row.values.get("title", ""),
        "values": row.values,
        "digest": row.digest,
        "result": "" if row.is_good else "error",
        "name": "",
        "problems": [
            {"field": f.property, "reason": f.message_de, "remedy": f.remedy_de}
            for f in row.findings
        ],
    }


def save(owner_org: str, run: str, content: dict[str, Any]) -> None:
    """Keep the rows of a run."""
    notes.save(notes.IMPORT, owner_org, content, key=run)


def step(owner_org: str, run: str, state: str, done: int, total: int) -> None:
    """Keep how far a run is.

    Args:
        owner_org: ID of the member.
        run: The run.
        state: ``checking``, ``checked``, ``writing``, ``done`` or ``failed``.
        done: Rows that are done.
        total: All rows.
    """
    values_ = {"done": done, "total": total}
    notes.save(notes.IMPORT, owner_org, values_, key=f"{run}:step", state=state)


def show(owner_org: str, run: str) -> dict[str, Any] | None:
    """Return a run with its rows and its progress, or None."""
    content = notes.get(notes.IMPORT, owner_org, run)
    progress = notes.get(notes.IMPORT, owner_org, f"{run}:step")
    if not content or not progress:
        return None
    kept = {"state": progress["state"], "done": progress["done"], "total": progress["total"]}
    age = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None) - progress["last_updated"]
    if kept["state"] in {"checking", "writing"} and age > _SILENT:
        kept["state"] = "failed"  # the worker was killed; nobody else will say so
    return {**content, **kept}


def check(owner_org: str, run: str, user: str) -> None:
    """Say of each row what would become of it; nothing is written. Runs as a job."""
    content = notes.get(notes.IMPORT, owner_org, run)
    if content is None:
        return
    there = _existing(owner_org)
    written = notes.of_many(ROW, [package.id for package in there.values()])
    for row in _told(content["rows"], owner_org, run, "checking"):
        package = there.get(row["key"])
        if row["result"] == "error":
            continue
        if package is None:
            row["result"] = "new"
        elif package.state != "draft":
            _published(row, package)
            continue
        elif (written.get(package.id) or {}).get("digest") == row["digest"]:
            row["result"], row["name"] = "same", package.name
            continue
        else:
            row["result"], row["name"] = "change", package.name
        _validate(row, owner_org, user, package)
    save(owner_org, run, _bare(content))
    step(owner_org, run, "checked", len(content["rows"]), len(content["rows"]))


def write(owner_org: str, run: str, user: str) -> None:
    """Write the rows that are good as drafts of the member. Runs as a job."""
    content = notes.get(notes.IMPORT, owner_org, run)
    if content is None:
        return
    for row in _told(content["rows"], owner_org, run, "writing"):
        if row["result"] in {"new", "change"}:
            _write(row, owner_org, user)
    save(owner_org, run, _bare(content))
    step(owner_org, run, "done", len(content["rows"]), len(content["rows"]))


def _bare(content: dict[str, Any]) -> dict[str, Any]:
    added = {"entity_id", "key", "state", "last_updated"}
    return {name: value for name, value in content.items() if name not in added}


def _told(
    rows: list[dict[str, Any]], owner_org: str, run: str, state: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows and say now and then how far we are; say so if it breaks."""
    try:
        for number, row in enumerate(rows):
            if number % _TOLD_EVERY == 0:
                step(owner_org, run, state, number, len(rows))
            yield row
    except Exception:
        log.exception("Import %s of %s broke off", run, owner_org)
        step(owner_org, run, "failed", 0, len(rows))
        raise


def _existing(owner_org: str, key: str | None = None) -> dict[str, Any]:
    """Return the datasets of a member by their key, in one query."""
    package = model.Package
    stored = package.extras[bulk.KEY].astext
    query = sa.select(package.id, package.name, package.state, stored.label("key")).where(
        package.owner_org == owner_org,
        package.type == TYPE,
        package.state != "deleted",
        stored.is_not(None) if key is None else stored == key,
    )
    return {row.key: row for row in model.Session.execute(query)}


def _published(row: dict[str, Any], package: Any) -> None:
    row["result"], row["name"] = "error", package.name
    row["problems"].append(
        {
            "field": "",
            "reason": tk._("The dataset is published already; a table changes drafts only."),
            "remedy": tk._("Change it in its form, or take the row out of the table."),
        }
    )


def _context(user: str) -> dict[str, Any]:
    return {"user": user, "auth_user_obj": model.User.get(user), "model": model}


def _validate(row: dict[str, Any], owner_org: str, user: str, package: Any) -> None:
    """Ask the validators of the portal, as writing will."""
    plugin = lookup_package_plugin(TYPE)
    context = {**_context(user), "session": model.Session, "allow_state_change": True}
    fields = {**row["values"], "owner_org": owner_org, "type": TYPE, "state": "draft"}
    if package is None:
        schema, action = plugin.create_package_schema(), "package_create"
        fields["name"] = f"pruefung-{row['digest']}"
    else:
        schema, action = plugin.update_package_schema(), "package_update"
        context["package"] = model.Package.get(package.id)
        fields |= {"id": package.id, "name": package.name}
    context["schema"] = schema
    _, errors = plugin_validate(plugin, context, fields, schema, action)
    # Nothing of this may reach the database with somebody else's commit.
    model.Session.rollback()
    if errors:
        _refused(row, errors)


def _refused(row: dict[str, Any], errors: dict[str, Any]) -> None:
    row["result"] = "error"
    labels = {c.path: c.label for c in bulk.columns(values.schema_of(TYPE))}
    for name, texts in values.errors_by_input(errors).items():
        group, *inner = name.split("-")
        path = ".".join(["resource" if group == "resources" else group, *inner[1:]])
        row["problems"].append(
            {
                "field": labels.get(path) or tk.h.verbund_form_label(TYPE, group),
                "reason": " ".join(texts),
                "remedy": tk._("Correct the cell and upload the table again."),
            }
        )


def _write(row: dict[str, Any], owner_org: str, user: str) -> None:
    """Create or change one draft; a row that fails does not stop the others."""
    try:
        found = _existing(owner_org, row["key"]).get(row["key"])
        if found is None:
            order = {"owner_org": owner_org, "title": row["title"], "fields": row["values"]}
            package = tk.get_action("verbund_draft_create")(_context(user), order)
            row["result"] = "created"
        elif found.state != "draft":
            _published(row, found)
            return
        else:
            package = _change(row, found.id, user)
            row["result"] = "changed"
        row["name"] = package["name"]
        notes.save(ROW, package["id"], {"digest": row["digest"]})
    except tk.ValidationError as error:
        model.Session.rollback()
        _refused(row, error.error_dict)
    except tk.NotAuthorized:
        model.Session.rollback()
        reason = tk._("You may no longer create datasets of this member.")
        row["result"] = "error"
        row["problems"].append({"field": "", "reason": reason, "remedy": ""})


def _change(row: dict[str, Any], package_id: str, user: str) -> dict[str, Any]:
    """Change what the table says; empty cells and other files stay as they are."""
    fields = dict(row["values"])
    show_ = tk.get_action("package_show")(_context(user), {"id": package_id})
    if fields.get("resources"):
        fields["resources"] = _with_file(show_["resources"], fields["resources"][0])
    for group, rows in fields.items():
        stored = show_.get(group)
        is_group = isinstance(rows, list) and rows and isinstance(rows[0], dict)
        if is_group and group not in {"resources", "tags"} and stored:
            fields[group] = [{**stored[0], **rows[0]}, *stored[1:]]
    return tk.get_action("package_patch")(_context(user), {**fields, "id": package_id})


def _with_file(stored: list[dict[str, Any]], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Put a linked file in the place of the one with its address, else at the end."""
    result = [
        {**r, **wanted} if r["url"] == wanted["url"] and not r.get("url_type") else r
        for r in stored
    ]
    is_new = not any(r["url"] == wanted["url"] for r in stored)
    return [*result, wanted] if is_new else result


def report(content: dict[str, Any]) -> Iterator[list[Any]]:
    """Yield the rows of the report: one for each problem, else one for the row."""
    for row in content["rows"]:
        start = [row["line"], row["key"], row["title"], result_label(row["result"])]
        address = (
            tk.url_for("dataset.read", id=row["name"], _external=True) if row["name"] else ""
        )
        if not row["problems"]:
            yield [*start, "", "", "", address]
        for problem in row["problems"]:
            yield [*start, problem["field"], problem["reason"], problem["remedy"], address]


def result_label(result: str) -> str:
    """Return what becomes of a row, or became of it."""
    return {
        "new": tk._("will be created"),
        "change": tk._("will be changed"),
        "same": tk._("stays as it is"),
        "error": tk._("error"),
        "created": tk._("created"),
        "changed": tk._("changed"),
        "": tk._("not looked at yet"),
    }[result]
