# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the question of a citizen to its answer and its end."""

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.verbund.dialog import retention, views
from ckanext.verbund.dialog.model import Entry, Mail, Published, Question

COLUMNS = sa.inspect(Question).columns


def questions():
    model.Session.expire_all()
    return model.Session.scalars(sa.select(Question)).all()


@pytest.fixture
def question(world, ask):
    """A question about the dataset, with an address for the answer."""
    answer = ask(f"/dataset/{world.dataset['name']}/frage", email="frau@muster.example")
    assert answer.status_code == 302
    row = questions()[0]
    return SimpleNamespace(**{column.key: getattr(row, column.key) for column in COLUMNS})


# -- Asking -------------------------------------------------------------------------------


def test_a_question_goes_to_the_member_and_its_mailbox(world, question, post):
    assert question.organization_id == world.town["id"]
    assert question.package_id == world.dataset["id"]
    assert post.send() == 1
    assert post.mails[0].to == ["daten@stadt.example"]
    assert "Wie alt sind die Bäume?" in post.text()
    assert "muster.example" not in post.mails[0].mail.as_string()
    assert post.send() == 0


def test_the_asker_gets_a_link_that_cannot_be_guessed(app, world, ask):
    answer = ask(f"/dataset/{world.dataset['name']}/frage")
    link = answer.headers["Location"]
    token = link.rpartition("/")[2]
    assert len(token) >= 32
    page = app.get(link)
    assert "Wie alt sind die Bäume?" in page.body
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert app.get(f"/frage/{token[:-1]}", status=404).status_code == 404
    # The number of the question, which staff uses, opens nothing.
    assert app.get(f"/frage/{questions()[0].id}", status=404).status_code == 404


def test_what_was_written_is_shown_as_text_only(app, world, ask):
    answer = ask(
        f"/dataset/{world.dataset['name']}/frage", text="<script>alert(1)</script>{{ 7*7 }}"
    )
    page = app.get(answer.headers["Location"]).body
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_a_wish_goes_to_a_member_without_a_dataset(world, ask):
    ask(f"/organization/{world.neighbour['name']}/frage", kind="wish", text="Parkhäuser bitte")
    found = questions()[0]
    assert (found.organization_id, found.package_id) == (world.neighbour["id"], None)


@pytest.mark.parametrize(
    ("fields", "case"),
    [
        ({"website": "https://pills.example"}, (10, "Bitte leer lassen")),
        ({"stamp": "erfunden"}, (10, "Das Formular war lange offen")),
        ({}, (1, "Das ging sehr schnell")),
        ({}, (90000, "Das Formular war lange offen")),
        ({"text": "http://a.b http://c.d http://e.f"}, (10, "höchstens 2 Web-Adressen")),
        ({"text": ""}, (10, "Schreiben Sie bitte Ihre Nachricht")),
        ({"email": "a@b.de\r\nBcc: c@d.de"}, (10, "keine E-Mail-Adresse")),
    ],
)
def test_a_refused_message_says_why_and_keeps_the_text(world, ask, later, fields, case):
    seconds, said = case
    later(seconds)
    text = fields.get("text", "Mein langer Text")
    answer = ask(f"/dataset/{world.dataset['name']}/frage", **{"text": text, **fields})
    assert answer.status_code == 422
    assert said in answer.body
    assert text in answer.body
    assert questions() == []


def test_sending_the_same_form_twice_makes_one_question(app, world, ask):
    address = f"/dataset/{world.dataset['name']}/frage"
    first = ask(address)
    stamp = _stamp_of(app, address)
    one, two = ask(address, stamp=stamp), ask(address, stamp=stamp)
    assert one.headers["Location"] == two.headers["Location"] != first.headers["Location"]
    assert len(questions()) == 2


def test_a_stamp_of_another_form_is_worth_nothing(app, world, ask):
    stamp = _stamp_of(app, f"/organization/{world.neighbour['name']}/frage")
    assert ask(f"/dataset/{world.dataset['name']}/frage", stamp=stamp).status_code == 422


def _stamp_of(app, address):
    body = app.get(address).body
    return body.partition('name="stamp" value="')[2].partition('"')[0]


def test_too_many_messages_of_one_connection_wait_and_no_address_is_kept(
    world, ask, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.verbund.dialog.per_hour", 2)
    address = f"/dataset/{world.dataset['name']}/frage"
    one = {"X-Forwarded-For": "9.9.9.9"}
    assert [ask(address, headers=one).status_code for _ in range(3)] == [302, 302, 422]
    assert "viele Nachrichten" in ask(address, headers=one).body
    assert ask(address, headers={"X-Forwarded-For": "9.9.9.8"}).status_code == 302
    redis = connect_to_redis()
    kept = redis.keys("verbund:unittest:dialog*")
    assert kept
    assert not any(b"9.9.9" in key for key in kept)
    assert all(0 < redis.ttl(key) <= 24 * 3600 for key in kept)


def test_a_dataset_that_nobody_may_see_cannot_be_asked_about(app, world):
    hidden = factories.Dataset(owner_org=world.town["id"], private=True, notes="geheim")
    assert app.get(f"/dataset/{hidden['name']}/frage", status=404).status_code == 404
    assert app.get("/dataset/gibt-es-nicht/frage", status=404).status_code == 404


# -- Whose data they are ------------------------------------------------------------------


def harvested(world, **fields):
    return factories.Dataset(
        owner_org=world.neighbour["id"],
        notes="übernommen",
        title="Fremde Daten",
        extras=[{"key": "guid", "value": "https://fremd.example/dataset/1"}],
        **fields,
    )


def test_a_question_about_harvested_data_is_mailed_and_not_kept(world, ask, post):
    theirs = harvested(
        world,
        publisher=[{"name": "Stadt Fremd"}],
        contact=[{"name": "Amt", "email": "amt@fremd.example"}],
    )
    answer = ask(f"/dataset/{theirs['name']}/frage", email="frau@muster.example")
    assert answer.status_code == 200
    assert "Stadt Fremd" in answer.body
    assert questions() == []
    assert post.mails[0].to == ["amt@fremd.example"]
    assert post.mails[0].mail["Reply-To"] == "frau@muster.example"
    assert "Wie alt sind die Bäume?" in post.text()


def test_a_forwarded_question_is_not_lost_when_mail_is_down(
    world, ask, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    theirs = harvested(world, contact=[{"name": "Amt", "email": "amt@fremd.example"}])
    answer = ask(f"/dataset/{theirs['name']}/frage")
    assert answer.status_code == 422
    assert "amt@fremd.example" in answer.body
    assert "Wie alt sind die Bäume?" in answer.body


def test_data_of_a_known_member_lead_to_its_own_form(app, world):
    factories.Organization(title="Stadt Heim", namespaces=["https://heim.example"])
    theirs = harvested(world, uri="https://heim.example/dataset/1")
    page = app.get(f"/dataset/{theirs['name']}/frage").body
    assert 'href="https://heim.example/dataset/1/frage"' in page
    assert "<textarea" not in page


def test_an_organization_that_only_mirrors_is_asked_at_home(act, world):
    home = factories.Organization(
        title="Heim", namespaces=["https://heim.example"], user=world.people["sysadmin"]
    )
    model.Session.add(
        model.Package(name="quelle", type="harvest", owner_org=home["id"], state="active")
    )
    model.Session.commit()
    route = act("verbund_question_route", organization_id=home["name"])
    assert (route["how"], route["address"]) == ("link", "https://heim.example")
    act(
        "organization_member_create", world.people["sysadmin"], id=home["id"],
        username=factories.User()["name"], role="editor",
    )  # fmt: skip
    assert act("verbund_question_route", organization_id=home["name"])["how"] == "here"
    assert act("verbund_question_route", organization_id=world.town["id"])["how"] == "here"


# -- Who may ------------------------------------------------------------------------------

STAFF = {"editor", "admin", "sysadmin"}
ACTIONS = {
    "show": {},
    "assign": {"user_id": ""},
    "note": {"note": "n"},
    "answer": {"answer": "a"},
    "close": {"reason": "r"},
    "reopen": {},
    "publish": {"question": "q", "answer": "a", "approved": "yes"},
    "unpublish": {},
    "delete": {},
}
STATE = {"reopen": "answered", "publish": "answered", "unpublish": "answered"}


@pytest.mark.parametrize(
    "role", ["editor", "admin", "sysadmin", "member", "other", "stranger", ""]
)
def test_only_staff_of_the_member_may_read_and_act(world, act, role, ask):
    person = world.people.get(role)
    ask(f"/dataset/{world.dataset['name']}/frage")
    for action, fields in ACTIONS.items():
        question = questions()[0]
        question.state = STATE.get(action, "new")
        model.Session.commit()
        if role in STAFF:
            act(f"verbund_question_{action}", person, id=question.id, **fields)
        else:
            with pytest.raises(tk.NotAuthorized):
                act(f"verbund_question_{action}", person, id=question.id, **fields)
    assert bool(questions()) == (role not in STAFF)


@pytest.mark.parametrize(
    ("role", "seen"), [("editor", 1), ("admin", 1), ("sysadmin", 2), ("other", 1)]
)
def test_the_inbox_holds_the_questions_to_ones_own_members(world, act, ask, role, seen):
    ask(f"/dataset/{world.dataset['name']}/frage")
    ask(f"/organization/{world.neighbour['name']}/frage", kind="wish")
    found = act("verbund_question_list", world.people[role])
    assert found["total"] == len(found["questions"]) == seen


@pytest.mark.parametrize("role", ["member", "stranger", ""])
def test_who_answers_for_nobody_has_no_inbox(world, act, role):
    with pytest.raises(tk.NotAuthorized):
        act("verbund_question_list", world.people.get(role))


def test_pages_of_staff_ask_visitors_to_log_in(app, question):
    for address in ("/fragen", f"/fragen/{question.id}"):
        assert "/user/login" in app.get(address, follow_redirects=False).headers["Location"]


def test_a_forged_form_does_nothing_in_the_name_of_staff(app, signed_in, question):
    address = f"/fragen/{question.id}/answer"
    sent = {"answer": "gefälscht"}
    # CKAN exempts a view for everybody once a visitor was there.
    app.post(address, data=sent, follow_redirects=False)
    assert signed_in.post(address, data=sent).status_code == 400
    assert questions()[0].state == "new"
    page = BeautifulSoup(signed_in.get(f"/fragen/{question.id}").text, "html.parser")
    field = tk.config["WTF_CSRF_FIELD_NAME"]
    token = page.find("input", {"name": field})["value"]
    assert signed_in.post(address, data={**sent, field: token}).status_code == 200
    assert questions()[0].state == "answered"


def test_the_inbox_is_paged_and_filtered(signed_in, ask, world, monkeypatch):
    monkeypatch.setattr(views, "_PER_PAGE", 1)
    for text in ("Frage Eins", "Frage Zwei"):
        ask(f"/dataset/{world.dataset['name']}/frage", text=text)
    first = signed_in.get("/fragen?kind=question").text
    assert "Frage Eins" in first
    assert "Frage Zwei" not in first
    assert "page=2" in first
    assert "Frage Zwei" in signed_in.get("/fragen?kind=question&page=2").text
    assert "Keine Nachricht passt dazu" in signed_in.get("/fragen?kind=wish").text
    assert signed_in.get("/fragen?state=erfunden", follow_redirects=False).status_code == 302


def test_neither_address_nor_link_reach_staff(world, act, question):
    shown = repr(act("verbund_question_show", world.people["admin"], id=question.id))
    assert question.email not in shown
    assert question.token not in shown


# -- Answering ----------------------------------------------------------------------------


def test_the_answer_goes_to_the_asker_and_to_the_status_page(app, world, act, question, post):
    editor = world.people["editor"]
    act("verbund_question_assign", editor, id=question.id, user_id=editor["id"])
    assert "Antwort</h2>" not in app.get(f"/frage/{question.token}").body
    act("verbund_question_answer", editor, id=question.id, answer="Siebzig Jahre.")
    post.send()
    sent = post.mails[-1]
    assert sent.to == ["frau@muster.example"]
    assert sent.mail["Reply-To"] == "daten@stadt.example"
    assert "Siebzig Jahre." in post.text()
    assert question.token in post.text()
    assert "Siebzig Jahre." in app.get(f"/frage/{question.token}").body


def test_a_name_with_line_breaks_adds_no_header(world, act, question, post):
    row = model.Package.get(world.dataset["id"])
    row.title = "Bäume\r\nBcc: fremd@evil.example"
    model.Session.commit()
    post.send()
    assert post.mails[0].to == ["daten@stadt.example"]
    assert post.mails[0].mail["Bcc"] is None
    assert post.mails[0].mail["Subject"] == "Frage: Bäume Bcc: fremd@evil.example"


def test_a_question_is_kept_and_its_mail_tried_again_when_mail_is_down(
    world, ask, post, ckan_config, monkeypatch
):
    up = ckan_config["smtp.server"]
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    assert ask(f"/dataset/{world.dataset['name']}/frage").status_code == 302
    assert post.send() == 0
    mail = model.Session.scalars(sa.select(Mail)).one()
    assert mail.attempts == 1
    monkeypatch.setitem(ckan_config, "smtp.server", up)
    assert post.send() == 0, "not before its time"
    mail.due = mail.due.replace(year=2020)
    model.Session.commit()
    assert post.send() == 1
    assert len(post.mails) == 1


def test_a_corrected_answer_replaces_the_one_that_has_not_gone_yet(world, act, question, post):
    editor = world.people["editor"]
    post.send()
    act("verbund_question_answer", editor, id=question.id, answer="Falsch.")
    act("verbund_question_reopen", editor, id=question.id)
    act("verbund_question_answer", editor, id=question.id, answer="Richtig.")
    post.send()
    assert [m.to for m in post.mails] == [["daten@stadt.example"], ["frau@muster.example"]]
    assert "Richtig." in post.text()


def test_two_people_do_not_answer_twice(world, act, question):
    act("verbund_question_answer", world.people["editor"], id=question.id, answer="Eins")
    with pytest.raises(tk.ValidationError, match="Beantwortet"):
        act("verbund_question_answer", world.people["admin"], id=question.id, answer="Zwei")
    assert questions()[0].answer == "Eins"


def test_closing_without_an_answer_needs_a_reason(world, act, question):
    with pytest.raises(tk.ValidationError):
        act("verbund_question_close", world.people["editor"], id=question.id)
    assert questions()[0].state == "new"


def test_a_question_is_given_to_staff_of_the_member_only(world, act, question):
    with pytest.raises(tk.ValidationError):
        act(
            "verbund_question_assign", world.people["editor"], id=question.id,
            user_id=world.people["other"]["id"],
        )  # fmt: skip


# -- Public -------------------------------------------------------------------------------


@pytest.fixture
def answered(world, act, question):
    act("verbund_question_answer", world.people["editor"], id=question.id, answer="70 Jahre.")
    return question


def test_nothing_is_public_until_staff_approved_its_wording(app, world, act, answered):
    address = f"/dataset/{world.dataset['name']}"
    wording = {"id": answered.id, "question": "Alter der Bäume?", "answer": "Siebzig Jahre."}
    assert "Wie alt sind" not in app.get(address).body
    with pytest.raises(tk.ValidationError, match="personenbezogen"):
        act("verbund_question_publish", world.people["editor"], **wording)
    act("verbund_question_publish", world.people["editor"], **wording, approved="yes")
    page = app.get(address).body
    assert "Alter der Bäume?" in page
    assert "Siebzig Jahre." in page
    assert "Wie alt sind" not in page
    act("verbund_question_unpublish", world.people["editor"], id=answered.id)
    assert "Alter der Bäume?" not in app.get(address).body


def test_personal_data_need_a_second_word(world, act, answered):
    editor = world.people["editor"]
    wording = {"id": answered.id, "question": "Fragt Frau Muster", "answer": "Ja."}
    with pytest.raises(tk.ValidationError, match="Frau Muster"):
        act("verbund_question_publish", editor, **wording, approved="yes")
    assert model.Session.scalars(sa.select(Published)).all() == []
    act("verbund_question_publish", editor, **wording, approved="despite")
    assert model.Session.scalars(sa.select(Published)).one().question == "Fragt Frau Muster"


def test_what_is_public_about_a_hidden_dataset_is_hidden(world, act, answered):
    editor = world.people["editor"]
    act(
        "verbund_question_publish", editor, id=answered.id, question="Alter?", answer="70",
        approved="yes",
    )  # fmt: skip
    row = model.Package.get(world.dataset["id"])
    row.private = True
    model.Session.commit()
    with pytest.raises(tk.NotAuthorized):
        act("verbund_question_published", package_id=world.dataset["id"])
    assert len(act("verbund_question_published", editor, package_id=world.dataset["id"])) == 1


# -- The end ------------------------------------------------------------------------------


def test_after_its_time_all_of_a_question_is_gone_but_what_is_public(app, world, act, answered):
    editor = world.people["editor"]
    act("verbund_question_note", editor, id=answered.id, note="intern")
    act(
        "verbund_question_publish", editor, id=answered.id, question="Alter?", answer="70 J.",
        approved="yes",
    )  # fmt: skip
    token = answered.token
    assert retention.clean() == 0
    row = questions()[0]
    row.finished = row.finished.replace(year=2020)
    model.Session.commit()
    assert retention.clean() == 1
    for table in (Question, Entry, Mail):
        assert model.Session.scalars(sa.select(table)).all() == []
    assert app.get(f"/frage/{token}", status=404).status_code == 404
    assert "70 J." in app.get(f"/dataset/{world.dataset['name']}").body


def test_a_question_without_an_answer_is_not_forgotten(world, question):
    row = questions()[0]
    row.created = row.created.replace(year=2020)
    model.Session.commit()
    assert retention.clean() == 0
    assert len(questions()) == 1


def test_a_purged_dataset_leaves_its_question(world, act, question):
    act("dataset_purge", world.people["sysadmin"], id=world.dataset["id"])
    assert questions()[0].package_id is None
    shown = act("verbund_question_show", world.people["editor"], id=question.id)
    assert shown["package"] is None


# -- Tasks --------------------------------------------------------------------------------


def test_an_open_question_is_a_task_of_those_who_may_answer(world, act, question):
    def titles(role, part="now"):
        found = act("verbund_task_list", world.people[role])
        return [task["title"] for task in found[part] if task["id"].startswith("question:")]

    assert [titles(r) for r in ("editor", "admin", "other", "member", "stranger")] == [
        ["Bäume"], ["Bäume"], [], [], [],
    ]  # fmt: skip
    editor = world.people["editor"]
    act("verbund_question_assign", editor, id=question.id, user_id=editor["id"])
    assert titles("editor") == ["Bäume"]
    assert (titles("admin"), titles("admin", "waiting")) == ([], ["Bäume"])
    act("verbund_question_answer", editor, id=question.id, answer="70")
    assert titles("editor") == titles("admin", "waiting") == []
