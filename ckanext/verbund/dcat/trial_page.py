# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page where anybody has a file checked; it is read, answered and forgotten."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue
from redis import RedisError

from ckanext.verbund.base import throttle
from ckanext.verbund.dcat import config, words
from ckanext.verbund.domain import german, spreadsheet
from ckanext.verbund.domain.dcatde import graph, trial
from ckanext.verbund.domain.finding import Finding

verbund_dcat_trial = Blueprint("verbund_dcat_trial", __name__)

_AT_ONCE = 2  # files in the portal's processes; more would slow down the pages of others
_SECONDS = 90  # after which a place is free again, whatever became of its process


@verbund_dcat_trial.route("/dcat-ap-de-pruefen", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """Show the form, and what the check finds in a file."""
    if not config.per_hour():
        return tk.abort(404)
    if tk.request.method == "GET":
        return _render()
    upload = tk.request.files.get("file")
    if upload is None or not upload.filename:
        return _render(problem=(tk._("Please choose a file first."), ""), status=422)
    wait = throttle.minutes_to_wait("dcat-check", config.per_hour())
    if wait:
        told = tk.ungettext(
            "Many files came from your connection. Please try again in {n} minute.",
            "Many files came from your connection. Please try again in {n} minutes.",
            wait,
        ).format(n=wait)
        return _render(problem=(told, ""), status=429)
    return _checked(upload.filename, upload.stream.read(config.max_bytes() + 1))


def _checked(name: str, data: bytes) -> ResponseReturnValue:
    place = _place()
    if place is None:
        told = tk._("Others are having files checked. Please try again in a minute.")
        return _render(problem=(told, ""), status=503)
    try:
        result = trial.trial(data, config.max_bytes(), config.max_entries())
    except graph.RefusedError as error:
        found = error.finding
        return _render(problem=_said(found), detail=found.value_excerpt, status=422)
    finally:
        _leave(place)
    return _render(result=result, name=name)


def _render(
    problem: tuple[str, str] | None = None,
    detail: str = "",
    result: trial.Trial | None = None,
    name: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "problem": problem,
        "detail": detail,
        "result": result,
        "file": name,
        "severities": words.severities(),
        "limit": german.file_size(config.max_bytes()),
        "most": config.max_entries(),
    }
    if result:
        shown["groups"] = [_group(group) for group in result.groups]
        shown["downloads"] = _downloads(result, name)
    answer = make_response(tk.render("verbund/dcat/trial.html", shown), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(finding: Finding) -> tuple[str, str]:
    if tk.h.lang() == "de":
        return finding.message_de, finding.remedy_de
    return finding.message_en, ""


def _group(group: trial.Group) -> dict[str, Any]:
    first = group.first
    text, remedy = _said(first)
    return {
        "severity": first.severity,
        "id": first.id,
        "count": group.count,
        "text": text,
        "remedy": remedy,
        "source": first.rule_source,
        "property": first.property,
        "where": [(f.subject, f.property, f.value_excerpt) for f in group.findings[:20]],
    }


# -- what people take along: within the page, for nothing is stored ---------------------------


def _downloads(result: trial.Trial, name: str) -> list[dict[str, str]]:
    """Return the result as links that hold it: a second request would need a stored file."""
    stem = name.rsplit(".", 1)[0][:60] or "katalog"
    about = {
        "file": name,
        "entries": result.entries,
        "statements": result.statements,
        "counts": result.counts,
        "findings": [f.as_dict() for group in result.groups for f in group.findings],
    }
    table = spreadsheet.to_csv(_HEADER, _rows(result))
    text = json.dumps(about, ensure_ascii=False, indent=1).encode()
    return [
        {"label": "CSV", "name": f"befunde-{stem}.csv", "href": _data("text/csv", table)},
        {
            "label": "JSON",
            "name": f"befunde-{stem}.json",
            "href": _data("application/json", text),
        },
    ]


# The texts of findings are German, so is the table.
_HEADER = ("Stufe", "Regel", "Gegenstand", "Eigenschaft", "Wert", "Befund", "Abhilfe", "Quelle")


def _rows(result: trial.Trial) -> Iterator[list[str]]:
    for group in result.groups:
        for f in group.findings:
            yield [
                f.severity, f.id, f.subject, f.property, f.value_excerpt,
                f.message_de, f.remedy_de, f.rule_source,
            ]  # fmt: skip


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(content).decode()}"


# -- how many at once -------------------------------------------------------------------------


def _place() -> str | None:
    """Return a free place, or None. Redis being away lets people through."""
    try:
        redis = connect_to_redis()
        for number in range(_AT_ONCE):
            key = f"verbund:{tk.config['ckan.site_id']}:dcat-check-place:{number}"
            if redis.set(key, 1, nx=True, ex=_SECONDS):
                return key
    except RedisError:
        return ""
    return None


def _leave(place: str) -> None:
    try:
        if place:
            connect_to_redis().delete(place)
    except RedisError:
        return  # it is free again by itself
