# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions of ``verbund_forms``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context, DataDict

from ckanext.verbund.domain import form, places
from ckanext.verbund.forms import defaults, values
from ckanext.verbund.forms.logic.files import (
    resource_create,
    resource_update,
    verbund_file_add,
    verbund_file_move,
    verbund_file_period_adopt,
)
from ckanext.verbund.forms.logic.imports import (
    verbund_import_check,
    verbund_import_show,
    verbund_import_start,
    verbund_template_list,
    verbund_template_mark,
)

__all__ = [
    "package_update",
    "resource_create",
    "resource_update",
    "verbund_draft_copy",
    "verbund_draft_create",
    "verbund_file_add",
    "verbund_file_move",
    "verbund_file_period_adopt",
    "verbund_form_check",
    "verbund_form_publish",
    "verbund_form_save",
    "verbund_import_check",
    "verbund_import_show",
    "verbund_import_start",
    "verbund_place_suggest",
    "verbund_template_list",
    "verbund_template_mark",
]

_NAME_LENGTH = 90  # CKAN allows 100; the rest is for a number
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})  # CKAN writes a, o, u
_MOST_PLACES = 20
# What package_show adds and a new package must not have.
_OF_ONE_PACKAGE = {
    "id", "state", "resources", "num_resources", "num_tags", "organization", "extras",
    "metadata_created", "metadata_modified", "creator_user_id", "isopen",
    "relationships_as_object", "relationships_as_subject", "plugin_data",
}  # fmt: skip


def verbund_draft_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a dataset: a draft with a title, a member, and what the member fills in.

    Example::

        ckanapi action verbund_draft_create title=Spielplätze owner_org=stadt-landau

    Args:
        context: The context; its user must be an editor of the member.
        data_dict: ``title``; ``owner_org``, name or ID of the member; ``type``, one of
            ``dataset`` (default), ``dataset_series``, ``data_service``; ``fields``, what is
            known already, in the place of what the member fills in.

    Returns:
        The new package.

    Raises:
        ValidationError: Title or member is missing or of no use.
    """
    tk.check_access("verbund_draft_create", context, data_dict)
    package_type = data_dict.get("type") or "dataset"
    title = str(data_dict.get("title") or "").strip()
    if not title:
        raise tk.ValidationError({"title": [tk._("Missing value")]})
    fields = {f["field_name"] for f in values.schema_of(package_type)["dataset_fields"]}
    member = _member(context, data_dict.get("owner_org"))
    filled = {k: v for k, v in defaults.of_member(member).items() if k in fields}
    filled |= data_dict.get("fields") or {}
    return _create(context, {**filled, "title": title, "owner_org": member["id"]}, package_type)


def verbund_draft_copy(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a dataset with what another one says, without its files, identifiers and dates.

    Example::

        ckanapi action verbund_draft_copy id=spielplaetze

    Args:
        context: The context; its user must be able to read the original.
        data_dict: ``id`` of the original; ``title`` of the copy, "Copy of …" without;
            ``owner_org`` of the copy. Without, it is the member of the original, else the
            first one whose editor the user is.

    Returns:
        The new package, a draft.

    Raises:
        ObjectNotFound: There is no such dataset.
        ValidationError: The user is no editor of the member.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_draft_copy", context, data_dict)
    original = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    schema = values.schema_of(original["type"])
    left_out = _OF_ONE_PACKAGE | set(schema["not_in_copy"])
    copied = {name: value for name, value in original.items() if name not in left_out}
    title = data_dict.get("title") or tk._("Copy of {title}").format(title=original["title"])
    copied["title"] = title[:200]
    copied["owner_org"] = data_dict.get("owner_org") or _home(context, original["owner_org"])
    copied["private"] = False
    copied["groups"] = [{"name": group["name"]} for group in original.get("groups", [])]
    copied["tags"] = [{"name": tag["name"]} for tag in original.get("tags", [])]
    return _create(context, copied, original["type"])


def _member(context: Context, name: str | None) -> dict[str, Any]:
    if not name:
        raise tk.ValidationError({"owner_org": [tk._("Please choose a member.")]})
    try:
        return tk.get_action("organization_show")(
            tk.fresh_context(context),
            {"id": name, "include_users": False, "include_dataset_count": False},
        )
    except tk.ObjectNotFound:
        raise tk.ValidationError({"owner_org": [tk._("Please choose a member.")]}) from None


def _home(context: Context, preferred: str | None) -> str | None:
    """Return the member that a copy is to belong to."""
    own = tk.get_action("organization_list_for_user")(
        tk.fresh_context(context), {"permission": "create_dataset"}
    )
    ids = [organization["id"] for organization in own]
    return preferred if preferred in ids else next(iter(ids), None)


def _create(context: Context, fields: dict[str, Any], package_type: str) -> dict[str, Any]:
    fields |= {
        "type": package_type,
        "name": _free_name(fields["title"]),
        "state": "draft",
    }
    create = tk.fresh_context(context)
    create["allow_state_change"] = True
    return tk.get_action("package_create")(create, fields)


def _free_name(title: str) -> str:
    """Return an address that no package has yet."""
    spelled = title.casefold().translate(_GERMAN)
    wanted = munge_title_to_name(spelled)[:_NAME_LENGTH].strip("-")
    wanted = wanted if len(wanted) > 1 else f"{wanted}datensatz"
    name = model.Package.name
    query = sa.select(name).where(name.startswith(wanted, autoescape=True))
    taken = set(model.Session.scalars(query))
    numbers = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(n for n in (wanted, *numbers) if n not in taken)


def verbund_form_save(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Save the fields of a form that somebody changed, and nothing that others changed.

    Example::

        ckanapi action verbund_form_save id=spielplaetze values:'{"notes": "Alle Spielplätze"}'

    Args:
        context: The context.
        data_dict: ``id``; ``values`` by field, as they are in a form (``tag_string`` with
            commas); ``base``, marks of the values that the person began with, by field;
            ``choices``, ``mine`` or ``theirs`` for fields in conflict; ``partial``: leave out
            fields that are wrong instead of refusing all.

    Returns:
        ``package`` as it is now; ``saved`` and ``taken`` (somebody else changed them, theirs
        stayed): names of fields; ``conflicts``: ``name``, ``mine``, ``theirs`` of each field
        that both changed, in which case nothing is saved; ``errors`` of fields left out.

    Raises:
        ValidationError: A value is wrong, and not ``partial``.
        ObjectNotFound: There is no such package.
    """
    tk.get_or_bust(data_dict, ["id", "values"])
    tk.check_access("verbund_form_save", context, data_dict)
    package = _locked(context, data_dict["id"])
    fields = {
        f["field_name"]: f for f in values.schema_of(package["type"])["dataset_fields"]
    }  # what is no field of the schema is not ours to change
    mine = {
        name: form.tidy(fields[name], value)
        for name, value in data_dict["values"].items()
        if name in fields
    }
    theirs = values.from_package((fields[name] for name in mine), package)
    merged = form.merge(
        mine, theirs, data_dict.get("base") or {}, data_dict.get("choices") or {}
    )
    result: dict[str, Any] = {
        "package": package,
        "saved": [],
        "taken": merged.taken,
        "conflicts": [vars(conflict) for conflict in merged.conflicts],
        "errors": {},
    }
    if merged.conflicts or not merged.changes:
        model.Session.rollback()  # lets the row go
        return result
    try:
        result["package"] = _update(context, package, merged.changes)
    except tk.ValidationError as error:
        wrong = {_field_of(name) for name in error.error_dict} & set(mine)
        if not data_dict.get("partial") or not wrong:
            raise
        good = {name: value for name, value in mine.items() if name not in wrong}
        result = verbund_form_save(context, {**data_dict, "values": good})
        result["errors"] = {**result["errors"], **error.error_dict}
        return result
    result["saved"] = list(merged.changes)
    return result


def _field_of(error: str) -> str:
    return "tag_string" if error == "tags" else error


def _locked(context: Context, name_or_id: str) -> dict[str, Any]:
    """Return a package as it is now, and let nobody else write it until we are done."""
    table = model.Package
    model.Session.execute(
        sa.select(table.id)
        .where(sa.or_(table.id == name_or_id, table.name == name_or_id))
        .with_for_update()
    )
    # What this session read before it waited for the lock may be old.
    model.Session.expire_all()
    show = tk.fresh_context(context)
    show["use_cache"] = False
    return tk.get_action("package_show")(show, {"id": name_or_id})


def _update(
    context: Context, package: dict[str, Any], changes: dict[str, Any]
) -> dict[str, Any]:
    changed = {**package, **values.to_package(changes)}
    changed.pop("metadata_modified", None)
    update = tk.fresh_context(context)
    update["original_package"] = package
    return tk.get_action("package_update")(update, changed)


@tk.side_effect_free
def verbund_form_check(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Say what a dataset lacks before it can be published, and what would help.

    Example::

        ckanapi action verbund_form_check id=spielplaetze

    Args:
        context: The context.
        data_dict: ``id`` of the package.

    Returns:
        Findings as dicts: ``error`` for what is required, ``hint`` for what is recommended;
        ``subject`` is the page of the form, ``property`` the field.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_form_check", context, data_dict)
    package = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    return [finding.as_dict() for finding in _lacks(package)]


def _lacks(package: dict[str, Any]) -> list[form.Finding]:
    schema = values.schema_of(package["type"])
    stored = values.from_package(schema["dataset_fields"], package)
    return form.missing(schema, stored, package.get("resources") or [])


def verbund_form_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a draft.

    Example::

        ckanapi action verbund_form_publish id=spielplaetze

    Args:
        context: The context.
        data_dict: ``id``; ``private``: only people of the member see it (default: no).

    Returns:
        The package.

    Raises:
        ValidationError: Something required is missing.
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("verbund_form_publish", context, data_dict)
    package = _locked(context, data_dict["id"])
    private = tk.asbool(data_dict.get("private", False))
    return _update(context, package, {"state": "active", "private": private})


@tk.chained_action
def package_update(next_action: Any, context: Context, data_dict: DataDict) -> Any:
    """Refuse to publish a draft while one of its files lacks something, by form or API.

    CKAN validates only the files that an update changes (``logic/action/update.py``), and a
    draft was allowed to have gaps.
    """
    if data_dict.get("state") == "active":
        package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
        if package and package.state == "draft" and package.type == "dataset":
            _demand_whole_files(context, package, data_dict)
    return next_action(context, data_dict)


def _demand_whole_files(context: Context, package: Any, data_dict: DataDict) -> None:
    resources = data_dict.get("resources")
    if resources is None:
        show = tk.fresh_context(context)
        show["ignore_auth"] = True
        resources = tk.get_action("package_show")(show, {"id": package.id})["resources"]
    wanted = [f for f in values.schema_of(package.type)["resource_fields"] if f.get("required")]
    errors = [
        {f["field_name"]: [tk._("Missing value")] for f in wanted if not r.get(f["field_name"])}
        for r in resources
    ]
    if any(errors):
        raise tk.ValidationError({"resources": errors})


@tk.side_effect_free
def verbund_place_suggest(context: Context, data_dict: DataDict) -> list[dict[str, str]]:
    """Suggest municipalities, districts and states while somebody types.

    Example::

        ckanapi action verbund_place_suggest q=Kaisersl

    Args:
        context: The context.
        data_dict: ``q``, the beginning of a name or an AGS; ``limit`` (8; at most 20).

    Returns:
        ``label`` (the name), ``description`` (with district and key) and ``uri`` of each.

    Raises:
        ValidationError: ``limit`` is no number.
    """
    tk.check_access("verbund_place_suggest", context, data_dict)
    try:
        limit = max(1, min(int(data_dict.get("limit", 8)), _MOST_PLACES))
    except (TypeError, ValueError):
        raise tk.ValidationError({"limit": [tk._("Must be a natural number")]}) from None
    typed = str(data_dict.get("q") or "").strip()
    return [
        {"label": place.label, "description": places.describe(place), "uri": place.iri}
        for place in (places.suggest(typed, limit) if typed else [])
    ]
