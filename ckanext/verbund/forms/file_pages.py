# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers to the script of the file page, and safe delivery of uploaded files.

Without scripts the page of the form does the same by itself.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response
from flask.typing import ResponseReturnValue

from ckanext.verbund.domain import german
from ckanext.verbund.forms import config, files, notes, values

verbund_files = Blueprint("verbund_files", __name__)

# What no browser runs, whatever is inside; all else is saved, never shown, by browsers.
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
_SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


def add(id: str) -> Response:
    """Take one file and answer with its card, or with a message."""
    if tk.current_user.is_anonymous:
        return _told(403, tk._("You are no longer signed in. Sign in again in a new tab."))
    upload = tk.request.files.get("upload")
    typed = files.read(tk.request.form)
    try:
        result = tk.get_action("verbund_file_add")({}, {"id": id, "upload": upload, **typed})
        package = tk.get_action("package_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return _told(404, tk._("Dataset not found"))
    except tk.NotAuthorized as error:
        return _told(403, _why_not(id, error))
    except tk.ValidationError as error:
        found = values.errors_by_input(error.error_dict)
        if "same_name" in found:
            return _told(409, " ".join(found["same_name"]))
        return _told(422, " ".join(text for texts in found.values() for text in texts))
    return _card(package, result["resource"]["id"], {})


def save(id: str, resource_id: str) -> Response:
    """Save the card of a file while somebody works on the page."""
    try:
        resource = tk.get_action("resource_show")({}, {"id": resource_id})
        errors = files.save_card(resource, tk.request.form)
        package = tk.get_action("package_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return _told(404, tk._("This file is no longer there."))
    except tk.NotAuthorized as error:
        return _told(403, _why_not(id, error))
    if errors:
        return _told(422, " ".join(text for texts in errors.values() for text in texts))
    return _told(200, tk._("Saved"), name=_name(package, resource_id))


def _why_not(id: str, error: tk.NotAuthorized) -> str:
    """Return what to say to whom a change of files is refused.

    Who may edit the dataset reads why this change is refused; CKAN's words for all others
    name accounts and identifiers.
    """
    try:
        tk.check_access("package_update", {}, {"id": id})
    except tk.NotAuthorized:
        return tk._("You may not edit this dataset.")
    return str(error)


def _name(package: dict[str, Any], resource_id: str) -> str:
    return next((r["name"] for r in package["resources"] if r["id"] == resource_id), "") or ""


def _card(package: dict[str, Any], resource_id: str, errors: dict[str, list[str]]) -> Response:
    resources = package["resources"]
    number = next(n for n, r in enumerate(resources, 1) if r["id"] == resource_id)
    shown = files.card(
        package,
        resources[number - 1],
        notes.get(notes.FILE, resource_id),
        errors,
        (number, len(resources)),
    )
    page = tk.render("verbund/forms/file_card.html", {"card": shown, "pkg_dict": package})
    answer = make_response(page, 201)
    answer.headers["X-Verbund-File"] = resource_id
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(status: int, message: str, **more: str) -> Response:
    answer = jsonify(message=message, **more)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


verbund_files.add_url_rule("/verbund/dateien/<id>", "add", add, methods=["POST"])
verbund_files.add_url_rule(
    "/verbund/dateien/<id>/<resource_id>", "save", save, methods=["POST"]
)


@verbund_files.app_errorhandler(413)
def too_large(error: Exception) -> ResponseReturnValue:
    """Name the limit where a server in front of us does not, to scripts and on a page."""
    if tk.request.accept_mimetypes.best == "text/html":
        return tk.render("error_document_template.html", {"code": 413, "content": ""}), 413
    limit = german.file_size(config.max_file_bytes())
    message = tk._("The file is too large; the portal takes files up to {limit}.")
    return _told(413, message.format(limit=limit))


@verbund_files.after_app_request
def deliver_safely(answer: Response) -> Response:
    """Keep an uploaded file from running in the portal's name.

    CKAN sends a file with the media type that its resource names, and a local storage even
    shows it in place: an uploaded page could act as the person who looks at it.
    """
    rule = str(tk.request.url_rule or "")
    is_download = rule.endswith(("/download", "/download/<filename>"))
    if not (is_download or tk.request.path.startswith("/uploads/")):
        return answer
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = _SANDBOX
    if is_download and answer.status_code < 300 and answer.mimetype not in _SHOWN:
        given = answer.headers.get("Content-Disposition", "")
        if not given.startswith("attachment"):
            rest = given.partition(";")[2]
            name = (tk.request.view_args or {}).get("filename") or "datei"
            if "filename" in rest:
                answer.headers["Content-Disposition"] = f"attachment;{rest}"
            else:
                answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
