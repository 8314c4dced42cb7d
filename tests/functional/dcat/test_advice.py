# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the form says beside a field: findings of the check, and proposals."""

import html
import re

import pytest
from ckan.logic import ValidationError
from ckan.tests import factories

from ckanext.verbund.forms import values

TOWN = "stadt-kaiserslautern"
_LIST = "https://musterdatenkatalog.de/def/musterdatensatz"
PLAYGROUND = f"{_LIST}/freizeit/spielplatzUndSpielstaette"


@pytest.fixture(scope="module")
def draft(town):
    return factories.Dataset(
        title="Spielplätze",
        notes="Alle öffentlichen Spielplätze mit Lage, Geräten und Altersgruppe.",
        owner_org=TOWN,
        state="draft",
    )


@pytest.fixture
def send(portal, editor, draft):
    def post(**sent):
        fields = {"title": draft["title"], "notes": draft["notes"], **sent}
        answer = portal.post(
            f"/dataset/edit/{draft['id']}/was",
            data=fields,
            headers={"Authorization": editor["token"]},
        )
        return html.unescape(answer.body)

    return post


def said(body, name):
    found = re.search(rf'id="field-{name}-found"[^>]*>(.*?)</div>', body, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_a_field_is_told_what_is_wrong_with_it_and_what_to_do(send):
    body = send(go="check", title="spielplaetze_2020.csv")
    assert said(body, "title").startswith("Bitte ansehen:")
    assert "Schreiben Sie einen Titel in Wörtern." in said(body, "title")
    assert said(body, "notes") == ""


def test_nothing_is_said_of_a_good_or_an_empty_field(send):
    body = send(go="check", title="Spielplätze", tag_string="")
    assert said(body, "title") == ""
    assert said(body, "tag_string") == ""


def test_only_what_is_new_is_announced(send):
    first = send(go="check", title="spielplaetze_2020.csv")
    aloud = first.split('<div class="verbund-form__found"')[0]
    assert "Titel: " in aloud
    told = re.search(r'name="told"[^>]* value="([^"]*)"', first)[1]
    again = send(go="check", title="spielplaetze_2020.csv", told=told)
    assert "Titel: " not in again.split('<div class="verbund-form__found"')[0]


def test_nothing_is_saved_by_being_checked(send, act, editor, draft):
    send(go="check", title="spielplaetze_2020.csv")
    assert act("package_show", editor, id=draft["id"])["title"] == "Spielplätze"


def test_a_page_that_is_opened_shows_what_is_said_without_a_script(portal, editor, town):
    bad = factories.Dataset(title="liste_2020.csv", owner_org=TOWN)
    headers = {"Authorization": editor["token"]}
    body = portal.get(f"/dataset/edit/{bad['name']}/was", headers=headers).body
    assert "Schreiben Sie einen Titel in Wörtern." in said(body, "title")
    title = re.search(r'<input[^>]*id="field-title"[^>]*>', body)[0]
    assert "field-title-found" in re.search(r'aria-describedby="([^"]*)"', title)[1].split()


def test_title_and_description_propose_a_sample_dataset_with_reasons(send):
    body = send(go="check")
    first = body.index("Freizeit - Spielplatz und Spielstätte</button>")
    assert "wegen: Spielplätze" in body[first : first + 400]


def test_a_proposal_is_taken_without_a_script_and_can_be_given_back(send):
    taken = send(take=f"musterdatensatz={PLAYGROUND}")
    assert f'value="{PLAYGROUND}" selected' in taken
    assert re.search(r'value="musterdatensatz=" aria-pressed="true"', taken)
    back = send(take="musterdatensatz=", musterdatensatz=PLAYGROUND)
    assert f'value="{PLAYGROUND}" selected' not in back


def test_what_was_taken_is_exported_as_a_reference(send, act, editor, draft):
    send(go="auto", musterdatensatz=PLAYGROUND)
    text = act("dcat_dataset_show", editor, id=draft["id"], format="nt")
    assert f"<http://purl.org/dc/terms/references> <{PLAYGROUND}>" in text


def test_values_as_typed_are_judged_like_those_that_are_stored(act, editor, town):
    for fields in [f for f in town if f["owner_org"] == TOWN]:
        package = act("package_show", editor, id=fields["id"])
        schema = values.schema_of("dataset")["dataset_fields"]
        typed = values.from_package(schema, package)
        asked = {"id": package["id"], "quick": True}
        stored = act("verbund_dataset_check", editor, **asked)
        assert act("verbund_dataset_check", editor, **asked, values=typed) == stored


@pytest.mark.parametrize("values_", ["x", {"title": 5}, {"contact": {"a": 1}}])
def test_values_that_are_none_are_refused(act, editor, draft, values_):
    with pytest.raises(ValidationError):
        act("verbund_dataset_check", editor, id=draft["id"], values=values_)


@pytest.mark.parametrize(
    "typed",
    [
        {"contact": ["x", {"email": ["a"]}], "theme": [None, {"a": 1}], "title": [1, "a"]},
        {"spatial_coverage": [{"bbox": "{", "text": "Nirgendwo"}], "modified": "morgen"},
        {"temporal_coverage": [{"start": "2020-13-45"}], "tag_string": ",,\x00,"},
        {"spatial_coverage": [{"bbox": '{"type": "Point"}', "geom": "[]"}]},
    ],
)
def test_odd_values_are_judged_without_an_accident(act, editor, draft, typed):
    found = act("verbund_dataset_check", editor, id=draft["id"], values=typed, quick=True)
    assert all(finding["message_de"] for finding in found)


@pytest.fixture(scope="module")
def filed(town):
    return factories.Dataset(
        title="Bäume der Stadt",
        owner_org=TOWN,
        resources=[
            {
                "url": "https://dateien.example/b.csv",
                "name": "Bäume",
                "issued": "2999-01-01",
                "license": "http://dcat-ap.de/def/licenses/cc-zero",
            }
        ],
    )


def test_the_page_of_a_file_says_beside_its_fields_what_is_wrong(portal, editor, filed):
    path = f"/dataset/{filed['id']}/resource/{filed['resources'][0]['id']}/edit"
    headers = {"Authorization": editor["token"]}
    shown = html.unescape(portal.get(path, headers=headers).body)
    assert said(shown, "issued").startswith("Bitte")
    assert said(shown, "name") == ""
    typed = {"go": "check", "url": "https://dateien.example/b.csv", "issued": "2020-01-01"}
    answer = html.unescape(portal.post(path, data=typed, headers=headers).body)
    assert said(answer, "issued") == ""


def test_a_file_that_is_not_there_is_refused(act, editor, filed):
    asked = {"id": filed["id"], "values": {"name": "x"}, "resource_id": "andere", "quick": True}
    with pytest.raises(ValidationError, match="resource_id"):
        act("verbund_dataset_check", editor, **asked)
