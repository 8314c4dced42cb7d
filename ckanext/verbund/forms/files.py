# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a dataset on their page: those there are, each with its fields, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import helper_functions as h
from werkzeug.datastructures import FileStorage, MultiDict

from ckanext.verbund.domain import german
from ckanext.verbund.domain.proposals import title_of
from ckanext.verbund.forms import config, notes, uploads, values, widgets

__all__ = ["card", "change", "read", "save_card", "shown"]

# Asked once for all files that are added; each can be changed afterwards.
_FOR_ALL = ("license", "license_attribution_by_text")
_LINK = ("url", "name", "format")
_PREFIX = "file-"
# On the card of a file: at once, and behind "Weitere Angaben".
_FIRST = ("name", "license")
_MORE = ("description", "format", "license_attribution_by_text")
SAME_NAME = ("ask", "replace", "both")


def read(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed about files to add, and what to do with equal names."""
    typed = {name: sent.get(_PREFIX + name, "").strip() for name in (*_FOR_ALL, *_LINK)}
    same_name = sent.get("same_name", "ask")
    return {**typed, "same_name": same_name if same_name in SAME_NAME else "ask"}


def shown(
    package: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return what the page shows: a card for each file, and the inputs for more."""
    fields = _fields(package["type"])
    given = {**_proposed(package), **{k: v for k, v in typed.items() if v}}
    resources = package.get("resources") or []
    noted = notes.of_many(notes.FILE, [r["id"] for r in resources])
    cards = [
        card(package, resource, noted.get(resource["id"]), errors, (number, len(resources)))
        for number, resource in enumerate(resources, 1)
    ]
    for_all = [_widget(fields, name, given, errors) for name in _FOR_ALL]
    link = [_widget(fields, name, given, errors) for name in _LINK]
    return {
        "cards": cards,
        "for_all": for_all,
        "link": link,
        "link_open": any(typed.get(name) for name in _LINK) or any(w["errors"] for w in link),
        # For the list of errors above the page.
        "first": [w for c in cards for w in (*c["first"], *c["more"])],
        "more": [*for_all, *link],
        "errors": errors.get("upload", []),
        "question": errors.get("same_name", []),
        "same_name": typed.get("same_name", "ask"),
        "limit": config.max_file_bytes(),
        "limit_text": german.file_size(config.max_file_bytes()),
        "accept": ",".join(f".{end}" for end in config.accepted_extensions()),
    }


def _fields(package_type: str) -> dict[str, Mapping[str, Any]]:
    found = values.schema_of(package_type).get("resource_fields") or []
    return {f["field_name"]: f for f in found}


def _widget(
    fields: Mapping[str, Mapping[str, Any]],
    name: str,
    given: Mapping[str, str],
    errors: Mapping[str, list[str]],
) -> widgets.Widget:
    widget = widgets.build(fields[name], given.get(name, ""), errors, _PREFIX + name)
    # Asked for files that may never come: what is required is said on the card.
    widget["required"] = False
    labels = {
        "license": tk._("Licence of new files"),
        "license_attribution_by_text": tk._("Attribution of new files"),
    }
    return {**widget, "label": labels.get(name, widget["label"])}


def card(
    package: Mapping[str, Any],
    resource: Mapping[str, Any],
    note: Mapping[str, Any] | None,
    errors: Mapping[str, list[str]],
    place: tuple[int, int],
) -> dict[str, Any]:
    """Return what the card of one file shows.

    Args:
        package: The dataset.
        resource: The file.
        note: What the file said about itself when it was uploaded.
        errors: Messages by input.
        place: Its number, and how many files there are.
    """
    fields = _fields(package["type"])

    def built(name: str) -> widgets.Widget:
        widget = widgets.build(
            fields[name], resource.get(name), errors, f"res-{resource['id']}-{name}"
        )
        if widget["kind"] == "licence":  # explained once, below
            widget |= {"kind": "combobox", "hint": ""}
        return widget

    first, more = [built(name) for name in _FIRST], [built(name) for name in _MORE]
    note = note or {}
    stored = str(resource.get("url") or "").rsplit("/", 1)[-1]
    if uploads.stored_name(note.get("name", "")) != stored:
        note = {}  # a program has put another file in its place
    return {
        "id": resource["id"],
        "resource": resource,
        "file_name": note.get("name") or stored,
        "number": place[0],
        "is_first": place[0] == 1,
        "is_last": place[0] == place[1],
        "is_upload": resource.get("url_type") == "upload",
        "first": first,
        "more": more,
        "more_open": any(w["errors"] for w in more),
        "note": note,
        "warnings": [f for f in note.get("findings", []) if f["severity"] != "hint"],
        "hints": [f for f in note.get("findings", []) if f["severity"] == "hint"],
        "adopt_period": bool(note.get("period")) and not _covers(package, note["period"]),
    }


def _covers(package: Mapping[str, Any], period: Mapping[str, str]) -> bool:
    """Tell whether the period of the dataset holds that of a file."""
    for row in package.get("temporal_coverage") or []:
        start, end = str(row.get("start") or "")[:10], str(row.get("end") or "")[:10]
        # A year alone stands for all of it.
        if start <= period["start"] and (not end or f"{end}-12-31"[:10] >= period["end"]):
            return True
    return False


def _proposed(package: Mapping[str, Any]) -> dict[str, str]:
    """Return licence and attribution: of the last file, else what the member is used to."""
    member = h.get_organization(package.get("owner_org")) or {}
    proposed = {
        "license": member.get("default_license") or "",
        "license_attribution_by_text": member.get("default_attribution") or "",
    }
    for resource in (package.get("resources") or [])[-1:]:
        proposed |= {name: resource[name] for name in proposed if resource.get(name)}
    return proposed


def change(
    package: dict[str, Any], sent: MultiDict[str, str], sent_files: MultiDict[str, FileStorage]
) -> dict[str, list[str]]:
    """Save the cards, then do what was asked: add, remove, move, adopt a period.

    Args:
        package: The dataset; its list of files is brought up to date.
        sent: The form.
        sent_files: Files of the form.

    Returns:
        Errors by input; empty if all went well.
    """
    errors: dict[str, list[str]] = {}
    for resource in list(package.get("resources") or []):
        errors |= save_card(resource, sent)
    asked, _colon, resource_id = sent.get("go", "").partition(":")
    try:
        if resource_id and any(r["id"] == resource_id for r in package.get("resources") or []):
            _do(asked, resource_id)
        errors |= _add_uploads(package, sent, sent_files)
        errors |= _add_link(package, sent)
    except tk.NotAuthorized as error:
        # The person may edit the dataset; who refuses this change says why.
        errors["files"] = [str(error)]
    except tk.ValidationError as error:
        errors |= values.errors_by_input(error.error_dict)
    asked_to_add = asked == "add-file" and not errors
    had_any = any(f.filename for f in sent_files.getlist("upload")) or read(sent)["url"]
    if asked_to_add and not had_any:
        errors["upload"] = [tk._("Please choose a file, or give its address.")]
    package |= tk.get_action("package_show")({}, {"id": package["id"]})
    return errors


def save_card(resource: Mapping[str, Any], sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Save what somebody changed on the card of a file.

    Args:
        resource: The file as it is stored.
        sent: The form; inputs are called ``res-<id>-<field>``.

    Returns:
        Errors by input.
    """
    prefix = f"res-{resource['id']}-"
    typed = {
        name: sent[prefix + name].strip() for name in (*_FIRST, *_MORE) if prefix + name in sent
    }
    changed = {n: v for n, v in typed.items() if v != str(resource.get(n) or "")}
    if not changed:
        return {}
    try:
        tk.get_action("resource_patch")({}, {"id": resource["id"], **changed})
    except tk.ValidationError as error:
        found = values.errors_by_input(error.error_dict)
        return {prefix + name: texts for name, texts in found.items()}
    return {}


def _do(asked: str, resource_id: str) -> None:
    if asked == "remove-file":
        tk.get_action("resource_delete")({}, {"id": resource_id})
        notes.delete(notes.FILE, resource_id)
    elif asked in {"file-up", "file-down"}:
        direction = asked.removeprefix("file-")
        tk.get_action("verbund_file_move")({}, {"id": resource_id, "direction": direction})
    elif asked == "file-period":
        tk.get_action("verbund_file_period_adopt")({}, {"id": resource_id})


def _add_uploads(
    package: Mapping[str, Any], sent: MultiDict[str, str], sent_files: MultiDict[str, Any]
) -> dict[str, list[str]]:
    """Add each file that was sent; one that fails does not keep the others from coming."""
    typed, problems, questions = read(sent), [], []
    for upload in sent_files.getlist("upload"):
        if not upload.filename:
            continue
        order = {"id": package["id"], "upload": upload, **typed}
        try:
            tk.get_action("verbund_file_add")({}, order)
        except tk.ValidationError as error:
            found = values.errors_by_input(error.error_dict)
            questions += found.pop("same_name", [])
            problems += [text for texts in found.values() for text in texts]
    errors = {"upload": problems} if problems else {}
    if questions:
        advice = tk._("Choose below what is to happen, and choose the file once more.")
        errors["same_name"] = [*questions, advice]
    return errors


def _add_link(package: Mapping[str, Any], sent: MultiDict[str, str]) -> dict[str, list[str]]:
    typed = {k: v for k, v in read(sent).items() if v and k != "same_name"}
    if not typed.get("url"):
        return {}
    typed.setdefault("name", title_of(typed["url"].rsplit("/", 1)[-1]) or typed["url"])
    try:
        tk.get_action("resource_create")({}, {**typed, "package_id": package["id"]})
    except tk.ValidationError as error:
        found = values.errors_by_input(error.error_dict)
        return {_PREFIX + name: texts for name, texts in found.items()}
    return {}
