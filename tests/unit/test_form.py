# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the form: every field has its page; nobody overwrites anybody; gaps are named."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain import form, licence_advice, place_map

ROOT = Path(__file__).parents[2] / "schemas"
TYPES = ["dataset", "dataset_series", "data_service"]
PRESETS = {
    p["preset_name"]: p["values"]
    for p in yaml.safe_load((ROOT / "presets.yaml").read_text(encoding="utf-8"))["presets"]
}
NOTES = {"field_name": "notes"}
TAGS = {"field_name": "tag_string"}
THEME = {"field_name": "theme", "form_snippet": "multiple_select.html"}
CONTACT = {
    "field_name": "contact",
    "repeating_subfields": [{"field_name": "name"}, {"field_name": "email"}],
}
# Recommended, but the member's own stands in for it.
FILLED_BY_MEMBER = {"contributor_id"}


@cache
def schema(name):
    content = yaml.safe_load((ROOT / f"{name}.yaml").read_text(encoding="utf-8"))
    content["dataset_fields"] = [
        {**PRESETS.get(f.get("preset"), {}), **f} for f in content["dataset_fields"]
    ]
    return content


@pytest.mark.parametrize("name", TYPES)
def test_every_field_stands_on_exactly_one_page(name):
    asked = [f["field_name"] for page in form.pages(schema(name)) for f in page.fields]
    assert len(asked) == len(set(asked))
    # The address is made from the title.
    assert {f["field_name"] for f in schema(name)["dataset_fields"]} - set(asked) == {"name"}


@pytest.mark.parametrize("name", TYPES)
def test_what_is_required_or_recommended_is_not_hidden(name):
    hidden = {
        f["field_name"]
        for page in form.pages(schema(name))
        for f in page.more
        if f["obligation"] != "optional"
    }
    assert hidden - FILLED_BY_MEMBER == set()


@pytest.mark.parametrize("name", TYPES)
def test_pages_are_short_and_ask_in_german(name):
    for page in form.pages(schema(name)):
        assert len(page.first) <= 8
        assert page.label["de"]
        assert page.question["de"].endswith("?")
    fields = {f["field_name"] for f in schema(name)["dataset_fields"]}
    assert set(schema(name)["not_in_copy"]) <= fields


def test_a_page_with_an_unknown_field_is_refused():
    broken = {
        "dataset_fields": [NOTES],
        "form_pages": [{"name": "was", "label": {}, "question": {}, "fields": ["nots"]}],
    }
    with pytest.raises(KeyError):
        form.pages(broken)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (NOTES, "Zeile 1\r\nZeile 2 ", "Zeile 1\nZeile 2"),
        (NOTES, "", None),
        (TAGS, "Kinder,  Sport, Kinder,", "Kinder, Sport"),
        (THEME, ["a", ""], ["a"]),
        (THEME, "a", ["a"]),
        (CONTACT, [{"name": "Amt", "email": ""}, {"name": ""}], [{"name": "Amt"}]),
        (CONTACT, "", None),
    ],
)
def test_what_was_typed_equals_what_is_stored(field, typed, stored):
    assert form.tidy(field, typed) == form.tidy(field, stored)


def test_different_values_stay_different():
    assert form.tidy(NOTES, "a") != form.tidy(NOTES, "b")
    assert form.tidy(CONTACT, [{"name": "a"}]) != form.tidy(CONTACT, [{"email": "a"}])


def marks(**values):
    return {name: form.digest(value) for name, value in values.items()}


def test_a_field_that_nobody_else_touched_is_saved():
    merged = form.merge({"notes": "neu"}, {"notes": "alt"}, marks(notes="alt"), {})
    assert merged == form.Merge(changes={"notes": "neu"})


def test_a_change_of_somebody_else_stays_where_i_changed_nothing():
    merged = form.merge({"notes": "alt"}, {"notes": "ihre"}, marks(notes="alt"), {})
    assert merged == form.Merge(taken=["notes"])


def test_two_changes_of_one_field_are_a_conflict():
    merged = form.merge({"notes": "meine"}, {"notes": "ihre"}, marks(notes="alt"), {})
    assert merged == form.Merge(conflicts=[form.Conflict("notes", "meine", "ihre")])


def test_the_same_change_of_two_people_is_none():
    assert (
        form.merge({"notes": "neu"}, {"notes": "neu"}, marks(notes="alt"), {}) == form.Merge()
    )


@pytest.mark.parametrize(("choice", "changes"), [("mine", {"notes": "meine"}), ("theirs", {})])
def test_a_conflict_ends_with_a_choice_made_on_what_is_stored(choice, changes):
    merged = form.merge(
        {"notes": "meine"}, {"notes": "ihre"}, marks(notes="ihre"), {"notes": choice}
    )
    assert merged.changes == changes
    assert merged.conflicts == []


def test_a_choice_does_not_cover_a_third_version():
    merged = form.merge(
        {"notes": "meine"}, {"notes": "dritte"}, marks(notes="ihre"), {"notes": "mine"}
    )
    assert [c.theirs for c in merged.conflicts] == ["dritte"]


def lacks(values, resources=()):
    found = form.missing(schema("dataset"), values, resources)
    return {(f.property, f.severity, f.line) for f in found}


def test_gaps_are_named_by_weight():
    found = lacks({"title": "Bäume", "owner_org": "x"})
    assert ("notes", "error", None) in found
    assert ("theme", "hint", None) in found
    assert ("resources", "hint", None) in found
    assert not {name for name, _, _ in found} & {"title", "owner_org", "frequency"}


def test_a_file_without_licence_stops():
    files = [{"license": "x", "url": "y"}, {"url": "y"}]
    assert ("license", "error", 2) in lacks({}, files)
    assert ("license", "error", 1) not in lacks({}, files)


@pytest.mark.parametrize(
    ("west", "south", "east", "north", "reason"),
    [
        ("7,6", "49.3", "7.9", "49.5", None),
        ("170", "-20", "-170", "-10", "date-line"),
        ("7.9", "49.3", "7.6", "49.5", "date-line"),
        ("7.6", "49.5", "7.9", "49.3", "swapped"),
        ("7.6", "49.3", "190", "49.5", "range"),
        ("7.6", "49.3", "7.9", "", "number"),
        ("nan", "49.3", "7.9", "49.5", "range"),
        ("<script>", "49.3", "7.9", "49.5", "number"),
    ],
)
def test_four_sides_make_a_rectangle_or_a_reason(west, south, east, north, reason):
    written = {"west": west, "south": south, "east": east, "north": north}
    if reason is None:
        assert place_map.sides(place_map.box(written))["west"] == "7.6"
        return
    with pytest.raises(place_map.BoxError) as error:
        place_map.box(written)
    assert error.value.reason == reason


def test_an_outline_is_no_rectangle():
    triangle = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]}
    assert place_map.sides(triangle) is None
    assert place_map.sides(None) is None


def test_the_map_of_a_town_shows_its_neighbours_and_that_of_a_district_its_towns():
    assert "Kaiserslautern" in {a.label for a in place_map.draw("07312000").areas}
    towns = {a.label for a in place_map.draw("10046").areas}
    assert {"St. Wendel", "Tholey"} <= towns
    assert place_map.draw("99999999") is None


def test_recommended_licences_are_open_and_come_first():
    known = licence_advice.advices()
    assert [a.recommended for a in known] == sorted(
        (a.recommended for a in known), reverse=True
    )
    assert all(a.licence.open for a in known if a.recommended)
    assert all(a.advice["de"] and a.advice["en"] for a in known)
