# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft may have gaps, a page saves its own fields, and nothing is overwritten silently."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.verbund.domain import form
from ckanext.verbund.forms import values

LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
ACTIVE = {"title": "Bäume", "notes": "Alle Bäume.", "private": False}

pytestmark = pytest.mark.usefixtures("with_plugins", "non_clean_db")


@pytest.fixture
def editor():
    return factories.UserWithToken()


@pytest.fixture
def member(editor):
    users = [{"name": editor["name"], "capacity": "editor"}]
    return factories.Organization(
        title="Stadt Musterhausen",
        email="post@musterhausen.example",
        ags="07312000",
        users=users,
        default_license=LICENSE,
        default_attribution="Stadt Musterhausen",
    )


@pytest.fixture
def act(editor):
    """Call an action as the editor."""

    def call(action, **data):
        context = {"user": editor["name"], "ignore_auth": False}
        return tk.get_action(action)(context, data)

    return call


@pytest.fixture
def draft(act, member):
    title = f"Straßenbäume {member['name']}"
    return act("verbund_draft_create", title=title, owner_org=member["id"])


@pytest.fixture
def send(app, editor, draft):
    """Send a page as a browser does, with what is stored and some changes."""

    def post(page, where="next", upload=None, **changes):
        fields = next(
            p for p in form.pages(values.schema_of("dataset")) if p.name == page
        ).fields
        stored = values.from_package(fields, now(draft))
        marks = {name: form.digest(value) for name, value in stored.items()}
        sent = {"go": where, "base": json.dumps(marks), **inputs(stored), **changes}
        return app.post(
            f"/dataset/edit/{draft['id']}/{page}",
            data=sent,
            headers={"Authorization": editor["token"]},
            follow_redirects=False,
        )

    return post


def inputs(stored):
    found = {}
    for name, value in stored.items():
        if value and isinstance(value, list) and isinstance(value[0], dict):
            rows = {f"{name}-{n}-{k}": v for n, row in enumerate(value) for k, v in row.items()}
            found |= rows
        else:
            found[name] = value
    return found


def now(package):
    return helpers.call_action("package_show", id=package["id"])


class TestDraft:
    def test_title_and_member_are_enough_and_the_member_fills_in(self, draft):
        assert draft["state"] == "draft"
        assert draft["name"].startswith("strassenbaeume-")
        assert draft["contact"][0]["email"] == "post@musterhausen.example"
        assert draft["publisher"][0]["name"] == "Stadt Musterhausen"
        assert draft["spatial_coverage"][0]["text"] == "Kaiserslautern"
        assert not draft.get("notes")

    def test_two_drafts_of_one_title_get_two_addresses(self, act, member, draft):
        again = act("verbund_draft_create", title=draft["title"], owner_org=member["id"])
        assert again["name"] == f"{draft['name']}-2"

    @pytest.mark.parametrize("lacking", ["title", "owner_org"])
    def test_without_title_or_member_there_is_none(self, act, member, lacking):
        data = {"title": "Bäume", "owner_org": member["id"], lacking: ""}
        with pytest.raises(tk.ValidationError) as error:
            act("verbund_draft_create", **data)
        assert lacking in error.value.error_dict

    def test_a_title_of_ten_thousand_characters_is_refused_with_a_remedy(self, act, member):
        with pytest.raises(tk.ValidationError) as error:
            act("verbund_draft_create", title="x" * 10_000, owner_org=member["id"])
        assert "10000" in error.value.error_dict["title"][0]
        assert "200" in error.value.error_dict["title"][0]

    def test_others_may_neither_begin_nor_save_nor_publish(self, member, draft):
        stranger = {"user": factories.User()["name"], "ignore_auth": False}
        for action, data in [
            ("verbund_draft_create", {"title": "x", "owner_org": member["id"]}),
            ("verbund_form_save", {"id": draft["id"], "values": {"notes": "x"}}),
            ("verbund_form_check", {"id": draft["id"]}),
            ("verbund_form_publish", {"id": draft["id"]}),
            ("verbund_draft_copy", {"id": draft["id"]}),
        ]:
            with pytest.raises(tk.NotAuthorized):
                tk.get_action(action)(dict(stranger), data)

    def test_a_state_that_ckan_drops_opens_no_gap(self, act, member):
        """CKAN makes a package active when its writer may not choose the state."""
        with pytest.raises(tk.ValidationError) as error:
            act(
                "package_create",
                title="x",
                name=factories.Dataset.stub().name,
                owner_org=member["id"],
                state="draft",
            )
        assert "notes" in error.value.error_dict


class TestSaving:
    def test_a_page_changes_its_own_fields_alone(self, act, draft):
        act("resource_create", package_id=draft["id"], url="https://x.example/a.csv")
        before = now(draft)
        act(
            "verbund_form_save",
            id=draft["id"],
            values={"notes": "Neu", "tag_string": "Baum, Grün"},
        )
        after = now(draft)
        assert after["notes"] == "Neu"
        assert [t["name"] for t in after["tags"]] == ["Baum", "Grün"]
        assert after["state"] == "draft"
        for name in ("contact", "publisher", "spatial_coverage", "resources", "owner_org"):
            assert after[name] == before[name]

    def test_emptied_fields_are_empty(self, act, draft):
        act("verbund_form_save", id=draft["id"], values={"notes": "x", "tag_string": "Baum"})
        act(
            "verbund_form_save",
            id=draft["id"],
            values={"notes": "", "tag_string": "", "contact": [], "spatial_coverage": []},
        )
        after = now(draft)
        assert not after.get("notes")
        assert not after["tags"]
        assert not after.get("contact")
        assert not after.get("spatial_coverage")

    def test_two_people_on_one_field_get_both_versions(self, act, draft):
        marks = {"notes": form.digest("")}
        act("verbund_form_save", id=draft["id"], values={"notes": "ihre"}, base=marks)
        result = act("verbund_form_save", id=draft["id"], values={"notes": "meine"}, base=marks)
        assert result["conflicts"] == [{"name": "notes", "mine": "meine", "theirs": "ihre"}]
        assert now(draft)["notes"] == "ihre"
        act(
            "verbund_form_save",
            id=draft["id"],
            values={"notes": "meine"},
            base={"notes": form.digest("ihre")},
            choices={"notes": "mine"},
        )
        assert now(draft)["notes"] == "meine"

    def test_people_on_different_fields_do_not_meet(self, act, draft):
        act("verbund_form_save", id=draft["id"], values={"notes": "ihre"})
        marks = {"notes": form.digest(""), "tag_string": form.digest("")}
        result = act(
            "verbund_form_save",
            id=draft["id"],
            values={"notes": "", "tag_string": "Baum"},
            base=marks,
        )
        assert (result["saved"], result["taken"]) == (["tag_string"], ["notes"])
        assert now(draft)["notes"] == "ihre"

    def test_saving_by_itself_leaves_out_what_is_wrong(self, act, draft):
        result = act(
            "verbund_form_save",
            id=draft["id"],
            values={"notes": "Neu", "contact": [{"email": "halb@"}]},
            partial=True,
        )
        assert "contact" in result["errors"]
        after = now(draft)
        assert after["notes"] == "Neu"
        assert after["contact"][0]["email"] == "post@musterhausen.example"

    def test_what_is_no_field_is_not_changed(self, act, draft):
        act("verbund_form_save", id=draft["id"], values={"state": "active", "id": "x"})
        assert now(draft)["state"] == "draft"


class TestPublishing:
    def test_what_is_missing_stops_and_is_named(self, act, draft):
        found = act("verbund_form_check", id=draft["id"])
        assert [f["property"] for f in found if f["severity"] == "error"] == ["notes"]
        with pytest.raises(tk.ValidationError) as error:
            act("verbund_form_publish", id=draft["id"])
        assert "notes" in error.value.error_dict
        assert now(draft)["state"] == "draft"

    def test_whole_drafts_are_published(self, act, draft):
        act("verbund_form_save", id=draft["id"], values={"notes": "Alle Bäume."})
        published = act("verbund_form_publish", id=draft["id"])
        assert (published["state"], published["private"]) == ("active", False)

    @pytest.mark.parametrize("action", ["verbund_form_publish", "package_patch"])
    def test_a_file_without_licence_stops_by_form_and_api(self, act, draft, action):
        act("verbund_form_save", id=draft["id"], values={"notes": "Alle Bäume."})
        act("resource_create", package_id=draft["id"], url="https://x.example/a.csv")
        extra = {"state": "active"} if action == "package_patch" else {}
        with pytest.raises(tk.ValidationError) as error:
            act(action, id=draft["id"], **extra)
        assert "license" in error.value.error_dict["resources"][0]
        assert now(draft)["state"] == "draft"

    def test_a_published_dataset_keeps_what_is_required(self, act, draft):
        act("verbund_form_save", id=draft["id"], values={"notes": "Alle Bäume."})
        act("verbund_form_publish", id=draft["id"])
        with pytest.raises(tk.ValidationError):
            act("verbund_form_save", id=draft["id"], values={"notes": ""})
        assert now(draft)["notes"] == "Alle Bäume."


class TestCopy:
    def test_a_copy_has_the_words_but_not_files_identifiers_and_dates(self, act, member):
        original = factories.Dataset(
            **ACTIVE,
            owner_org=member["id"],
            identifier="67-1",
            issued="2026-01-01",
            tag_string="Baum",
            contact=[{"email": "post@musterhausen.example"}],
            temporal_coverage=[{"start": "2025-01-01"}],
            resources=[{"url": "https://x.example/a.csv", "license": LICENSE}],
        )
        copy = act("verbund_draft_copy", id=original["id"])
        assert copy["state"] == "draft"
        assert copy["notes"] == "Alle Bäume."
        assert [t["name"] for t in copy["tags"]] == ["Baum"]
        assert copy["contact"] == original["contact"]
        assert copy["resources"] == []
        for gone in ("identifier", "issued", "temporal_coverage"):
            assert not copy.get(gone)
        assert copy["id"] != original["id"]
        assert copy["name"] != original["name"]

    def test_a_dataset_of_others_is_copied_to_the_own_member(self, act, member):
        theirs = factories.Dataset(**ACTIVE, owner_org=factories.Organization()["id"])
        assert act("verbund_draft_copy", id=theirs["id"])["owner_org"] == member["id"]


class TestPages:
    def test_a_page_sent_unchanged_changes_nothing(self, send, draft):
        before = now(draft)["metadata_modified"]
        for page in ("was", "wer", "wo-und-wann", "dateien"):
            answer = send(page)
            assert answer.status_code == 302, page
        assert now(draft)["metadata_modified"] == before

    def test_scripts_are_stored_as_text_and_never_run(self, app, editor, send, draft):
        evil = "<script>alert(1)</script>"
        send("was", title=evil, notes=evil, source_system=evil)
        send("wer", **{"contact-0-name": evil, "contact-0-email": "a@b.example"})
        send("wo-und-wann", **{"spatial_coverage-0-text": evil})
        stored = now(draft)
        assert stored["title"] == stored["notes"] == stored["contact"][0]["name"] == evil
        headers = {"Authorization": editor["token"]}
        for page in ("was", "wer", "wo-und-wann", "pruefen"):
            answer = app.get(f"/dataset/edit/{draft['id']}/{page}", headers=headers)
            assert evil not in answer.body
            assert "&lt;script&gt;alert(1)" in answer.body

    def test_a_wrong_tag_is_named_at_its_field_and_nothing_is_lost(self, send, draft):
        answer = send("was", tag_string="<b>", notes="Bleibt")
        assert answer.status_code == 422
        assert 'href="#field-tag_string"' in answer.body
        assert "Bleibt" in answer.body

    @pytest.mark.parametrize("value", ["<script>alert(1)</script>", "67-SPIEL", "javascript:x"])
    def test_what_names_nothing_is_refused_as_uri_and_breaks_no_page(
        self, app, editor, act, send, draft, value
    ):
        answer = send("was", uri=value, notes="Bleibt")
        assert answer.status_code == 422
        assert 'href="#field-uri"' in answer.body
        assert "Bleibt" in answer.body
        with pytest.raises(tk.ValidationError):
            act("package_patch", id=draft["id"], uri=value)
        found = act("verbund_dataset_check", id=draft["id"], values={"uri": value})
        assert isinstance(found, list)
        assert send("was", uri="https://daten.stadt.example/dataset/1").status_code == 302
        headers = {"Authorization": editor["token"]}
        for path in ("dataset/edit/{}/was", "dataset/{}"):
            assert app.get(f"/{path.format(draft['name'])}", headers=headers).status_code == 200

    def test_sides_that_make_no_rectangle_get_a_reason(self, send):
        for sides, words in [
            (("170", "-20", "-170", "-10"), "Datumsgrenze"),
            (("7,6", "49,5", "7,9", "49,3"), "Bitte tauschen Sie die beiden Werte"),
            (("7,6", "49,5", "7,9", ""), "alle vier Seiten"),
        ]:
            names = [f"spatial_coverage-0-{s}" for s in ("west", "south", "east", "north")]
            answer = send("wo-und-wann", **dict(zip(names, sides, strict=True)))
            assert answer.status_code == 422
            assert words in answer.body
            assert f'value="{sides[0]}"' in answer.body

    def test_a_rectangle_is_stored_and_shown_again(self, app, editor, send, draft):
        names = [f"spatial_coverage-0-{s}" for s in ("west", "south", "east", "north")]
        send("wo-und-wann", **dict(zip(names, ("7,7", "49,4", "7,8", "49,5"), strict=True)))
        bbox = json.loads(now(draft)["spatial_coverage"][0]["bbox"])
        assert bbox["coordinates"][0][0] == [7.7, 49.4]
        answer = app.get(
            f"/dataset/edit/{draft['id']}/wo-und-wann",
            headers={"Authorization": editor["token"]},
        )
        assert 'value="49,5"' in answer.body

    def test_another_name_of_a_place_forgets_the_old_key(self, send, draft):
        send("wo-und-wann", **{"spatial_coverage-0-text": "Landau in der Pfalz"})
        (place,) = now(draft)["spatial_coverage"]
        assert place["uri"].endswith("/07313000")

    def test_entries_are_added_and_removed_without_saving(self, send, draft):
        answer = send("wer", add="contact")
        assert 'name="contact-1-email"' in answer.body
        answer = send("wer", remove="contact-0")
        assert "post@musterhausen.example" not in answer.body
        assert now(draft)["contact"]

    def test_a_broken_mark_is_no_error(self, send):
        assert send("was", base="[not json").status_code == 302

    def test_strangers_see_no_page(self, app, draft):
        other = factories.UserWithToken()
        for page in ("was", "pruefen"):
            answer = app.get(
                f"/dataset/edit/{draft['id']}/{page}",
                headers={"Authorization": other["token"]},
                status=403,
            )
            assert draft["title"] not in answer.body

    def test_an_unknown_page_is_not_found(self, app, editor, draft):
        headers = {"Authorization": editor["token"]}
        app.get(f"/dataset/edit/{draft['id']}/gibt-es-nicht", headers=headers, status=404)
        app.get("/dataset/edit/gibt-es-nicht/was", headers=headers, status=404)

    def test_an_unsigned_page_keeps_what_was_sent(self, app, draft):
        answer = app.post(
            f"/dataset/edit/{draft['id']}/was",
            data={"notes": 'Drei "Sätze" & mehr', "go": "next"},
            follow_redirects=False,
        )
        assert answer.status_code == 403
        assert "Drei &#34;Sätze&#34; &amp; mehr" in answer.body
        assert not now(draft).get("notes")


def test_places_are_suggested(act):
    found = helpers.call_action("verbund_place_suggest", q="Kaisersl")
    assert found[0]["label"] == "Kaiserslautern"
    assert found[0]["uri"].endswith("/07312000")
    assert helpers.call_action("verbund_place_suggest", q="") == []
    with pytest.raises(tk.ValidationError):
        helpers.call_action("verbund_place_suggest", q="x", limit="viele")


def test_a_draft_is_found_by_its_members_only(act, draft):
    asked = {"fq": f"id:{draft['id']}", "include_drafts": True}
    found = act("package_search", **asked)["results"]
    assert [p["id"] for p in found] == [draft["id"]]
    assert tk.get_action("package_search")({"user": ""}, asked)["count"] == 0
    assert model.Package.get(draft["id"]).state == "draft"
