# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the form.

They stand in the place of CKAN's own ``dataset.new`` and ``dataset.edit``: blueprints of
plugins are registered before those of package types, and the first rule wins. The API is
untouched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.datastructures import MultiDict

from ckanext.verbund.domain import form, place_map
from ckanext.verbund.forms import advice, file_form, files, values, widgets
from ckanext.verbund.forms.file_pages import verbund_files
from ckanext.verbund.forms.import_pages import verbund_import

__all__ = ["verbund_files", "verbund_forms", "verbund_import"]

h = tk.h
TYPES = ("dataset", "dataset_series", "data_service")

verbund_forms = Blueprint("verbund_forms", __name__)


@dataclass
class State:
    """What a page is shown with."""

    package: dict[str, Any]
    pages: tuple[form.Page, ...]
    page: form.Page
    shown: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    grown: str = ""
    resource: dict[str, Any] = field(default_factory=dict)


# -- beginning --------------------------------------------------------------------------------


def new(package_type: str) -> ResponseReturnValue:
    """Begin a dataset: title and member."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    try:
        tk.check_access("package_create", {}, {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You need to be an editor of a member to add data."))
    sent, errors = tk.request.form, {}
    if tk.request.method == "POST":
        try:
            package = tk.get_action("verbund_draft_create")(
                {},
                {
                    "title": sent.get("title"),
                    "owner_org": sent.get("owner_org"),
                    "type": package_type,
                },
            )
        except tk.ValidationError as error:
            errors = values.errors_by_input(error.error_dict)
        except tk.NotAuthorized:
            errors = {"owner_org": [tk._("You are no editor of this member.")]}
        else:
            return h.redirect_to(
                "verbund_forms.edit", package_type=package_type, id=package["name"]
            )
    asked = tk.request.args
    given = {
        "title": sent.get("title", asked.get("title", "")),
        "owner_org": sent.get("owner_org")
        or asked.get("owner_org")
        or asked.get("group")
        or _only_member(),
    }
    fields = {f["field_name"]: f for f in values.schema_of(package_type)["dataset_fields"]}
    shown = [widgets.build(fields[name], given[name], errors) for name in given]
    return tk.render(
        "verbund/forms/start.html",
        {
            "package_type": package_type,
            "widgets": shown,
            "summary": widgets.summary(shown, errors),
        },
    )


def _only_member() -> str:
    own = h.organizations_available("create_dataset")
    return own[0]["id"] if len(own) == 1 else ""


def copy(package_type: str, id: str) -> ResponseReturnValue:
    """Begin a dataset with what another one says."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    try:
        package = tk.get_action("verbund_draft_copy")({}, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Dataset not found"))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You need to be an editor of a member to add data."))
    except tk.ValidationError as error:
        h.flash_error("; ".join(error.error_summary.values()))
        return h.redirect_to(f"{package_type}.read", id=id)
    h.flash_success(
        tk._("This is your copy. Files, identifiers and dates were left out; check the rest.")
    )
    return h.redirect_to("verbund_forms.edit", package_type=package_type, id=package["name"])


# -- pages ------------------------------------------------------------------------------------


def edit(package_type: str, id: str) -> ResponseReturnValue:
    """Lead to the first page."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    package = _package(id)
    first = form.pages(values.schema_of(package["type"]))[0].name
    return h.redirect_to(
        "verbund_forms.page", package_type=package["type"], id=package["name"], page=first
    )


def page(package_type: str, id: str, page: str) -> ResponseReturnValue:
    """Show one page, or save it and go where the person wants to go."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    package = _package(id)
    if page == form.REVIEW:
        return _review(package)
    pages = form.pages(values.schema_of(package["type"]))
    found = next((p for p in pages if p.name == page), None)
    if found is None:
        return tk.abort(404)
    if tk.request.method == "POST":
        act = _advise if tk.request.form.get("go") == "check" else _save
        return act(package, pages, found)
    stored = values.from_package(found.fields, package)
    return _render(State(package, pages, found, stored, base=file_form.marks(stored)))


def _package(id: str) -> dict[str, Any]:
    """Return a package that the person may edit; everybody else is turned away."""
    try:
        tk.check_access("package_update", {}, {"id": id})
        package = tk.get_action("package_show")({}, {"id": id})
        values.schema_of(package["type"])
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Dataset not found"))
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not edit this dataset."))
    return package


def _save(
    package: dict[str, Any], pages: tuple[form.Page, ...], found: form.Page
) -> ResponseReturnValue:
    sent = tk.request.form
    typed = values.read(found.fields, sent)
    state = State(package, pages, found, typed.shown, base=_base(sent))
    state.resource = files.read(sent) if found.files else {}
    by_itself = sent.get("go") == "auto"
    # A page that saves itself may still carry the button that was pressed last.
    if not by_itself and (sent.get("add") or sent.get("remove") or sent.get("take")):
        state.grown = values.resize(state.shown, sent)
        return _render(state)
    if sent.get("go") == "show" or (typed.problems and not by_itself):
        state.errors = dict(typed.problems)
        return _render(state)
    try:
        result = _store(state, typed, by_itself)
    except tk.ValidationError as error:
        state.errors = values.errors_by_input(error.error_dict)
        return _render(state)
    if by_itself:
        return _saved(found, result, typed)
    if result["conflicts"] or not _change_files(state):
        return _render(state)
    _tell_taken(package["type"], result)
    return _go(state, sent.get("go", "next"))


def _store(state: State, typed: values.Typed, by_itself: bool) -> dict[str, Any]:
    """Save what was typed; the state learns of conflicts and of what is stored now."""
    wrong = {name.split("-")[0] for name in typed.problems}
    result = tk.get_action("verbund_form_save")(
        {},
        {
            "id": state.package["id"],
            "values": {n: v for n, v in typed.values.items() if n not in wrong},
            "base": state.base,
            "choices": {n: tk.request.form.get(f"choice-{n}") for n in typed.values},
            "partial": by_itself,
        },
    )
    state.conflicts = result["conflicts"]
    state.base |= {c["name"]: form.digest(c["theirs"]) for c in result["conflicts"]}
    state.package = result["package"]
    return result


def _change_files(state: State) -> bool:
    """Add or remove a file where the page has files. Returns whether that went well."""
    if not state.page.files:
        return True
    state.errors = files.change(state.package, tk.request.form, tk.request.files)
    if state.errors:
        # The fields of the dataset are saved by now, whatever happened to the file.
        state.base = file_form.marks(values.from_package(state.page.fields, state.package))
    return not state.errors


def _base(sent: MultiDict[str, str]) -> dict[str, str]:
    try:
        base = json.loads(sent.get("base") or "{}")
    except ValueError:
        base = {}
    return {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}


def _tell_taken(package_type: str, result: dict[str, Any]) -> None:
    if result["taken"]:
        names = ", ".join(h.verbund_form_label(package_type, n) for n in result["taken"])
        h.flash_notice(
            tk._("Somebody else changed {fields} meanwhile; you see the new version.").format(
                fields=names
            )
        )


def _go(state: State, where: str) -> ResponseReturnValue:
    """Lead on: to the next page, back, to a page by name, or away."""
    package = state.package
    names = [p.name for p in state.pages] + [form.REVIEW]
    here = names.index(state.page.name)
    if where == "later":
        h.flash_success(
            tk._("Saved. You find the draft in your overview and can go on at any time.")
        )
        return h.redirect_to("dashboard.datasets")
    if where == "read":
        return h.redirect_to(f"{package['type']}.read", id=package["name"])
    if where == "next":
        where = names[here + 1]
    elif where == "back":
        where = names[max(here - 1, 0)]
    elif where not in names:
        where = state.page.name
    return h.redirect_to(
        "verbund_forms.page", package_type=package["type"], id=package["name"], page=where
    )


def _saved(
    found: form.Page, result: dict[str, Any], typed: values.Typed
) -> ResponseReturnValue:
    """Answer a page that saved itself: when, what not, and the new marks."""
    stored = values.from_package(found.fields, result["package"])
    errors = values.errors_by_input(result["errors"]) | typed.problems
    shown = [widgets.build(f, typed.shown[f["field_name"]], errors) for f in found.fields]
    marks = file_form.marks(stored)
    for conflict in result["conflicts"]:
        # Keeps the old mark, so that the conflict is still one when the page is sent.
        marks.pop(conflict["name"])
        old = _base(tk.request.form).get(conflict["name"])
        marks |= {conflict["name"]: old} if old else {}
    for name in result["taken"]:
        old = _base(tk.request.form).get(name)
        marks |= {name: old} if old else {}
    return tk.render(
        "verbund/forms/saved.html",
        {
            "now": datetime.now(h.get_display_timezone()).strftime("%H:%M"),
            "base": json.dumps(marks),
            "summary": widgets.summary(shown, errors),
            "conflicts": result["conflicts"],
            "package_type": result["package"]["type"],
        },
    )


def _advise(
    package: dict[str, Any], pages: tuple[form.Page, ...], found: form.Page
) -> ResponseReturnValue:
    """Answer a page that somebody is filling in: what is said beside its fields now.

    Only what the page does not show yet is announced, so that nobody hears it twice.
    """
    return _advised(package, found.fields)


def _advised(
    package: dict[str, Any], fields: Sequence[form.Field], resource_id: str = ""
) -> ResponseReturnValue:
    typed = values.read(fields, tk.request.form)
    told = tk.request.form.get("told", "").split()
    shown = [widgets.build(f, typed.shown[f["field_name"]], {}) for f in fields]
    advice.put_beside(shown, package, typed.values, resource_id)
    answer = tk.render(
        "verbund/forms/advised.html",
        {
            "shown": shown,
            "new": advice.unheard(shown, told),
            "told": advice.marks(shown),
        },
    )
    return _fresh(make_response(answer))


def _render(state: State) -> ResponseReturnValue:
    package = state.package
    first = [
        widgets.build(f, state.shown[f["field_name"]], state.errors) for f in state.page.first
    ]
    more = [
        widgets.build(f, state.shown[f["field_name"]], state.errors) for f in state.page.more
    ]
    tidy = {w["name"]: form.tidy(w["field"], w["value"]) for w in [*first, *more]}
    advice.put_beside([*first, *more], package, tidy)
    fields = {f["field_name"]: f for f in state.page.fields}
    extra: dict[str, Any] = {}
    if state.page.files:
        extra["files"] = files.shown(package, state.resource, state.errors)
    about_file = extra.get("files", {"first": [], "more": []})
    every = [*about_file["first"], *about_file["more"], *first, *more]
    answer = make_response(
        tk.render(
            "verbund/forms/files.html" if state.page.files else "verbund/forms/page.html",
            {
                "pkg_dict": package,
                "package_type": package["type"],
                "steps": _steps(package, state.pages, state.page.name),
                "page": state.page,
                "first": first,
                "more": more,
                "more_open": any(w["errors"] for w in more)
                or any(state.grown.startswith(w["name"] + "-") for w in more),
                "base": json.dumps(state.base),
                "summary": widgets.summary(every, state.errors),
                "conflicts": [{**c, "field": fields[c["name"]]} for c in state.conflicts],
                "grown": state.grown,
                "told": advice.marks([*first, *more]),
                "member_key": _member_key(package),
                **extra,
            },
        )
    )
    return _fresh(answer, 422 if state.errors else 409 if state.conflicts else 200)


def _fresh(answer: Response, status: int = 200) -> Response:
    """Let no browser show an old version of a page on the way back."""
    answer.headers["Cache-Control"] = "no-store"
    answer.status_code = status
    return answer


def _member_key(package: dict[str, Any]) -> str:
    organization = h.get_organization(package.get("owner_org")) or {}
    return organization.get("ags") or ""


def _steps(
    package: dict[str, Any], pages: tuple[form.Page, ...], current: str
) -> list[dict[str, Any]]:
    lacks = tk.get_action("verbund_form_check")({}, {"id": package["id"]})
    wanting = {f["subject"] for f in lacks if f["severity"] == "error"}
    steps = [
        {"name": p.name, "label": h.verbund_form_text(p.label), "wanting": p.name in wanting}
        for p in pages
    ]
    steps.append({"name": form.REVIEW, "label": tk._("Check"), "wanting": False})
    for step in steps:
        step["current"] = step["name"] == current
    return steps


# -- one file ---------------------------------------------------------------------------------


def file(package_type: str, id: str, resource_id: str) -> ResponseReturnValue:
    """Show everything about one file, or save it."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    package, sent = _package(id), tk.request.form
    resource = next((r for r in package["resources"] if r["id"] == resource_id), None)
    if resource is None:
        return tk.abort(404, tk._("This file is no longer there."))
    fields = file_form.fields_of(package["type"], resource)
    given = values.from_package(fields, resource)
    base, errors, grown = file_form.marks(given), {}, ""
    if tk.request.method == "POST":
        if sent.get("go") == "check":
            return _advised(package, fields, resource_id)
        typed = values.read(fields, sent)
        given, base, errors = typed.shown, _base(sent), dict(typed.problems)
        if sent.get("add") or sent.get("remove"):
            grown = values.resize(given, sent)
        elif not errors:
            errors = file_form.save(resource, typed, base, tk.request.files.get("upload"))
            if not errors:
                return _from_file(package, resource_id)
    page = file_form.shown(fields, given, errors, grown)
    every = [*page["first"], *page["more"]]
    tidy = {w["name"]: form.tidy(w["field"], w["value"]) for w in every}
    advice.put_beside(every, package, tidy, resource_id)
    answer = make_response(
        tk.render(
            "verbund/forms/file.html",
            {
                "pkg_dict": package,
                "package_type": package["type"],
                "resource": resource,
                "base": json.dumps(base),
                "told": advice.marks(every),
                **page,
            },
        )
    )
    return _fresh(answer, 422 if errors else 200)


def _from_file(package: dict[str, Any], resource_id: str) -> ResponseReturnValue:
    """Lead on from a file that was saved: back to the form or to the page of the file."""
    h.flash_success(tk._("Saved."))
    if tk.request.form.get("go") == "read":
        kind = f"{package['type']}_resource.read"
        return h.redirect_to(kind, id=package["name"], resource_id=resource_id)
    files_page = h.verbund_form_link(package, "resources").partition("#")[0]
    return h.redirect_to(f"{files_page}#datei-{resource_id}")


def add_file(package_type: str, id: str) -> ResponseReturnValue:
    """Lead to where files are added."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    return h.redirect_to(h.verbund_form_link(_package(id), "resources"))


# -- review -----------------------------------------------------------------------------------


def _review(package: dict[str, Any], errors: list[str] | None = None) -> ResponseReturnValue:
    pages = form.pages(values.schema_of(package["type"]))
    lacks = tk.get_action("verbund_form_check")({}, {"id": package["id"]})
    for lack in lacks:
        file = package["resources"][lack["line"] - 1]["id"] if lack["line"] else ""
        lack["link"] = h.verbund_form_link(package, lack["property"], file)
        lack["page"] = next(
            h.verbund_form_text(p.label) for p in pages if p.name == lack["subject"]
        )
        lack["text"] = lack["message_de" if h.lang() == "de" else "message_en"]
    answer = make_response(
        tk.render(
            "verbund/forms/review.html",
            {
                "pkg_dict": package,
                "package_type": package["type"],
                "steps": _steps(package, pages, form.REVIEW),
                "pages": [(p, values.from_package(p.fields, package)) for p in pages],
                "missing": [f for f in lacks if f["severity"] == "error"],
                "helpful": [f for f in lacks if f["severity"] == "hint"],
                "errors": errors or [],
            },
        )
    )
    return _fresh(answer, 422 if errors else 200)


def publish(package_type: str, id: str) -> ResponseReturnValue:
    """Publish what was checked, then show it."""
    if tk.current_user.is_anonymous:
        return _signed_out()
    package = _package(id)
    private = tk.request.form.get("visibility") == "private"
    try:
        tk.get_action("verbund_form_publish")({}, {"id": package["id"], "private": private})
    except tk.ValidationError as error:
        texts = [
            f"{h.verbund_form_label(package['type'], name.split('-')[-1])}: {text}"
            for name, found in values.errors_by_input(error.error_dict).items()
            for text in found
        ]
        return _review(_package(id), texts)
    h.flash_success(
        tk._("Saved. Only people of the member see it.")
        if private
        else tk._("Published. Everybody can find the data now.")
    )
    return h.redirect_to(f"{package['type']}.read", id=package["name"])


# -- help for the scripts ---------------------------------------------------------------------


def ready() -> ResponseReturnValue:
    """Say whether the connection stands and the person is signed in, with a fresh token."""
    answer = jsonify(
        signed_in=not tk.current_user.is_anonymous,
        field=tk.config["WTF_CSRF_FIELD_NAME"],
        token=generate_csrf(),
    )
    return _fresh(answer)


def place_map_of(key: str) -> ResponseReturnValue:
    """Return the map around a member as SVG within HTML."""
    drawn = place_map.draw(key)
    if drawn is None:
        return tk.abort(404)
    answer = make_response(tk.render("verbund/forms/map.html", {"map": drawn}))
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


# -- when the session or the token is gone ----------------------------------------------------


@verbund_forms.errorhandler(CSRFError)
def _token_is_old(error: CSRFError) -> ResponseReturnValue:
    """Keep what somebody typed when the token of the page has run out.

    A form of another site gets no such page: there nothing is to be kept.
    """
    origin = tk.request.headers.get("Origin") or tk.request.headers.get("Referer")
    if origin and urlsplit(origin).netloc != urlsplit(tk.request.host_url).netloc:
        return tk.abort(400, tk._("The form did not come from this portal."))
    return _again()


def _again() -> ResponseReturnValue:
    """Show what was sent, for sending it again."""
    signed_out = tk.current_user.is_anonymous
    if tk.request.form.get("go") == "auto":
        return tk.render("verbund/forms/unsaved.html", {"signed_out": signed_out})
    sent = [
        (name, value)
        for name, value in tk.request.form.items(multi=True)
        if name != tk.config["WTF_CSRF_FIELD_NAME"]
    ]
    answer = make_response(
        tk.render(
            "verbund/forms/again.html",
            {
                "sent": sent,
                "signed_out": signed_out,
                "had_file": any(f.filename for f in tk.request.files.values()),
            },
        )
    )
    return _fresh(answer, 403 if signed_out else 400)


def _signed_out() -> ResponseReturnValue:
    if tk.request.method == "POST":
        return _again()
    return h.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))


for _type in TYPES:
    _defaults = {"package_type": _type}
    _both = ["GET", "POST"]
    _add = verbund_forms.add_url_rule
    _add(f"/{_type}/new", view_func=new, defaults=_defaults, methods=_both)
    _add(f"/{_type}/edit/<id>", view_func=edit, defaults=_defaults, methods=_both)
    _add(f"/{_type}/edit/<id>/<page>", view_func=page, defaults=_defaults, methods=_both)
    _add(f"/{_type}/publish/<id>", view_func=publish, defaults=_defaults, methods=["POST"])
    _add(f"/{_type}/<id>/resource/new", view_func=add_file, defaults=_defaults)
    _one = f"/{_type}/<id>/resource/<resource_id>/edit"
    _add(_one, view_func=file, defaults=_defaults, methods=_both)
    _add(f"/{_type}/copy/<id>", view_func=copy, defaults=_defaults, methods=["POST"])
verbund_forms.add_url_rule("/formular/bereit", view_func=ready)
verbund_forms.add_url_rule("/formular/karte/<key>", "place_map", view_func=place_map_of)
