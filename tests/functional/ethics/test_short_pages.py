# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the Kurzprüfung, of findings and of the preview, as people see and send them."""

import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics import short_check
from ckanext.verbund.ethics import waiting

from .conftest import PASSWORD, harmless

TYPE = short_check.rules().proposed[0]
GROUPS = short_check.rules().groups
TICKS = list(short_check.rules().ticks)
REASON = "Es geht um Geräte auf öffentlichen Plätzen, niemand wird genannt."
IBAN = "DE89370400440532013000"
ACCOUNTS = f"Platz;Konto\nAm Bach;{IBAN}\nAm Tor;{IBAN}\nAm Rain;<b>keins</b>\n".encode()


@pytest.fixture
def adopted(api, staffed):
    """The Leitung of the town allows the Kurzprüfung for one kind of data."""
    about = {"organization_id": staffed.home["id"]}
    assert api("verbund_short_list_set", "leitung", **about, types=[TYPE]).ok
    yield
    api("verbund_short_list_set", "leitung", **about, types=[])


@pytest.fixture
def begin(make, api, screen):
    """Make a dataset whose files were looked at, and begin its case."""

    def put(**fields):
        package = make(**{"musterdatensatz": TYPE} | fields)
        screen(package)
        return api("verbund_case_create", "author", package_id=package["id"]).got

    return put


@pytest.fixture
def found(begin, api):
    """A case whose file holds accounts, though the answers say that there are none."""

    def put():
        case = begin(upload=ACCOUNTS)
        got = api("verbund_case_answer", "author", id=case["id"], answers=harmless()).got
        [file] = got["scan"]["files"]
        [finding] = [one for one in file["findings"] if one["contradicts"]]
        return got, {"resource_id": file["resource_id"], "finding": finding["finding"]}

    return put


def case_of(api, package):
    [case] = api("verbund_case_list", "author", package_id=package["id"]).got["cases"]
    return api("verbund_case_show", "author", id=case["id"]).got


# -- The short way ----------------------------------------------------------------------------


def test_a_harmless_dataset_takes_eight_screens_and_the_decider_one(
    make, screen, api, read, send, adopted, town
):
    package = make(musterdatensatz=TYPE)
    screen(package)
    start = f"/dataset/{package['name']}/pruefung"
    assert "Für diese Daten genügt die Kurzprüfung" in read(start, "author").text
    screens = 1
    at = send(start, "author").headers["Location"]
    for group in GROUPS:
        assert at.endswith(f"/kurz/{group}")
        page = read(at, "author").text
        screens += 1
        texts = short_check.rules().statements
        assert all(text["de"] in page for id, text in texts.items() if id[0] == group)
        helps = short_check.rules().help
        assert all(helps(id)["de"] in page for id in texts if id[0] == group)
        at = send(at, "author", answer="no").headers["Location"]
    last = read(at, "author").text
    screens += 1
    assert "Bestätigen und absenden" in last
    assert screens <= 8
    done = send(at, "author", ticks=TICKS, reason=REASON)
    case = case_of(api, package)
    assert done.headers["Location"].endswith(case["id"])
    assert case["state"] == "review"
    api("verbund_case_act", "reviewer", id=case["id"], action="pass",
        fingerprint=case["fingerprint"])  # fmt: skip
    page = read(f"/pruefung/{case['id']}", "decider").text
    assert "Kurzprüfung: Nichts trifft zu" in page
    assert f"„{REASON}“" in page
    form = page[page.index('action="/pruefung/') :]
    sent = dict(re.findall(r'name="(register_title|review_date)"[^>]* value="([^"]*)"', form))
    model.User.get(town.people["decider"]["id"]).password = PASSWORD
    model.Session.commit()
    signed = send(
        f"/pruefung/{case['id']}/decide", "decider", action="decide_open",
        fingerprint=case["fingerprint"], password=PASSWORD, **sent,
    )  # fmt: skip
    assert signed.status_code == 302, signed.text
    assert "Geprüft und freigegeben am" in read(f"/dataset/{package['name']}").text


def test_what_applies_is_asked_in_full_and_the_short_way_goes_on(
    begin, api, read, send, adopted
):
    case = begin()
    at = f"/pruefung/{case['id']}/kurz"
    long = send(f"{at}/D", "author", answer="unclear").headers["Location"]
    assert long.endswith("/fragen/D?kurz=1")
    assert "Aus der Kurzprüfung" in read(long, "author").text
    answers = {id: one for id, one in harmless().items() if id[0] == "D"}
    fields = {id: one["value"] for id, one in answers.items()}
    thin = send(long, "author", **fields)
    assert thin.status_code == 422
    reasons = {f"{id}-reason": one["reason"] for id, one in answers.items()}
    on = send(long, "author", **fields, **reasons)
    assert on.headers["Location"].endswith("/kurz/E")
    for group in set(GROUPS) - {"D"}:
        send(f"{at}/{group}", "author", answer="no")
    back = send(long, "author", back="1", **fields, **reasons)
    assert back.headers["Location"].endswith("/kurz/D")
    page = read(f"{at}/abschluss", "author").text
    assert "ausführlich beantwortet" in page
    done = send(f"{at}/abschluss", "author", ticks=TICKS, reason=REASON)
    assert done.status_code == 302, done.text
    stored = api("verbund_case_show", "author", id=case["id"]).got
    assert stored["state"] == "review"
    assert stored["answers"]["D1"]["reason"] == answers["D1"]["reason"]
    assert stored["answers"]["A1"]["short"]


def test_what_is_missing_at_the_end_is_named_and_nothing_typed_is_lost(
    begin, api, read, send, adopted
):
    case = begin()
    at = f"/pruefung/{case['id']}/kurz"
    empty = send(f"{at}/A", "author")
    assert empty.status_code == 422
    assert "eine der drei Antworten" in empty.text
    for group in set(GROUPS) - {"C"}:
        send(f"{at}/{group}", "author", answer="no")
    page = send(f"{at}/abschluss", "author", ticks=TICKS[:2], reason="kurz")
    assert page.status_code == 422
    for field in ("group-C", f"tick-{TICKS[2]}", "reason"):
        assert f'href="#feld-{field}"' in page.text
        assert f'id="feld-{field}"' in page.text
    assert "kurz</textarea>" in page.text
    assert page.text.count(" checked") == 2
    later = send(f"{at}/abschluss", "author", ticks=TICKS, reason=REASON, later="1")
    assert later.headers["Location"].endswith(case["id"])
    assert "Kurzprüfung fortsetzen" in read(f"/pruefung/{case['id']}", "author").text
    assert read(f"{at}/Z", "author").status_code == 404


def test_why_the_short_way_is_closed_is_said_with_place_and_remedy(make, api, read, send):
    package = make(musterdatensatz=TYPE, upload=ACCOUNTS)
    start = f"/dataset/{package['name']}/pruefung"
    page = read(start, "author").text
    assert "Warum keine Kurzprüfung?" in page
    assert "steht nicht auf der Liste" in page
    assert "/kurzpruefung" in page
    assert "Die automatische Prüfung läuft noch." in page
    assert "Kurzprüfung beginnen" not in page
    begun = send(start, "author").headers["Location"]
    assert begun.endswith("/fragen/A")


def test_a_way_that_closes_meanwhile_keeps_what_was_entered(
    begin, api, read, send, adopted, staffed
):
    case = begin()
    at = f"/pruefung/{case['id']}/kurz"
    send(f"{at}/A", "author", answer="no")
    api("verbund_short_list_set", "leitung", organization_id=staffed.home["id"], types=[])
    moved = send(f"{at}/B", "author", answer="no")
    page = read(moved.headers["Location"], "author").text
    assert "Kurzprüfung zurzeit nicht möglich" in page
    assert "Was Sie eingegeben haben, bleibt." in page
    kept = api("verbund_case_show", "author", id=case["id"]).got["short_groups"]
    assert kept == {"A": "no", "B": "no"}


@pytest.mark.parametrize("who", [None, "stranger", "sysadmin", "dpo"])
def test_the_short_way_is_for_those_who_edit_the_data(begin, read, adopted, who):
    case = begin()
    answer = read(f"/pruefung/{case['id']}/kurz/A", who)
    assert answer.status_code == (403 if who == "stranger" else 302)
    assert "Zuständigkeit" not in answer.text


def test_leitung_adopts_the_list_on_a_page_and_others_read_it(read, send, api, staffed):
    at = f"/organization/{staffed.home['name']}/kurzpruefung"
    assert "Liste beschließen" not in read(at, "author").text
    assert "Nur wer die Rolle „Leitung“ hat" in read(at, "author").text
    assert read(at, "stranger").status_code == 403
    ticked = send(at, "leitung", propose="1")
    proposed = short_check.rules().proposed
    assert ticked.text.count(" checked") == len(proposed)
    about = {"organization_id": staffed.home["id"]}
    assert api("verbund_short_list_show", "author", **about).got["adopted"] == []
    assert send(at, "author", types=[TYPE]).status_code == 403
    assert send(at, "leitung", types=[TYPE, proposed[1]]).status_code == 302
    stored = api("verbund_short_list_show", "author", **about).got["adopted"]
    assert stored == sorted([TYPE, proposed[1]])
    wrong = send(at, "leitung", types=["wirtschaft/insolvenz"])
    assert wrong.status_code == 422
    assert send(at, "leitung").status_code == 302
    assert api("verbund_short_list_show", "author", **about).got["adopted"] == []


# -- Findings ---------------------------------------------------------------------------------


def test_a_finding_is_told_where_people_stand_and_explained_in_words(found, read, send, api):
    case, place = found()
    at = f"/pruefung/{case['id']}"
    assert "Die automatische Prüfung widerspricht einer Antwort." in read(at, "author").text
    question = read(f"{at}/fragen/B", "author").text
    assert "Bankverbindung (IBAN), Plätze, Spalte „Konto“ (2 von 3 Zeilen)" in question
    page = read(f"{at}/treffer", "author").text
    assert "1 Treffer widerspricht einer Antwort." in page
    assert "Keine Treffer ersetzt keine Prüfung" in page
    assert IBAN not in page
    empty = send(f"{at}/treffer", "author", **place, reason="")
    assert empty.status_code == 422
    for field in ("value", "reason"):
        assert f'href="#feld-{field}-{place["finding"]}"' in empty.text
    half = send(f"{at}/treffer", "author", **place, reason="Das Konto der Kasse.")
    assert "Das Konto der Kasse.</textarea>" in half.text
    done = send(f"{at}/treffer", "author", **place, value="lawful", reason="Kasse der Stadt.")
    assert done.status_code == 302
    page = read(f"{at}/treffer", "author").text
    assert "Rechtmäßig öffentlich" in page
    assert "widerspricht einer Antwort" not in page
    assert api("verbund_case_show", "author", id=case["id"]).got["possible"][0] == "answer"


def test_a_confirmed_finding_leads_to_the_answer_and_proposes_it(found, begin, read, send):
    case, place = found()
    at = f"/pruefung/{case['id']}/treffer"
    send(at, "author", **place, value="confirmed", reason="Es sind private Konten.")
    page = read(at, "author").text
    assert "1 Treffer widerspricht einer Antwort." in page
    assert f"/pruefung/{case['id']}/fragen/B#feld-B1" in page


@pytest.mark.parametrize("who", ["dpo", "decider", None, "stranger", "sysadmin"])
def test_who_only_reads_findings_explains_none(found, read, send, who):
    case, place = found()
    at = f"/pruefung/{case['id']}/treffer"
    page = read(at, who)
    assert page.status_code == {None: 302, "stranger": 403}.get(who, 200)
    assert "Erklärung speichern" not in page.text
    if who:
        sent = send(at, who, **place, value="false", reason="Es ist keins.")
        assert sent.status_code == 403


def test_rows_are_shown_escaped_and_stored_nowhere_to_people_with_a_role(
    found, read, send, step
):
    case, place = found()
    at = f"/pruefung/{case['id']}/treffer"
    rows = f"{at}/{place['resource_id']}/zeilen"
    page = read(f"{rows}?fund={place['finding']}", "author")
    assert page.text.count(IBAN) == 2
    assert "keins" not in page.text
    # A reviewer may not read a dataset whose author is still writing.
    assert read(rows, "reviewer").status_code == 403
    assert "/zeilen" not in read(at, "reviewer").text
    send(at, "author", **place, value="false", reason="Das Konto ist erfunden.")
    assert step(case, "submit", "author").ok
    whole = read(rows, "reviewer")
    assert "no-store" in whole.headers["Cache-Control"]
    assert "Erste Zeilen von „Plätze“" in whole.text
    assert "&lt;b&gt;keins&lt;/b&gt;" in whole.text
    for who in (None, "stranger", "sysadmin"):
        hidden = read(rows, who)
        assert hidden.status_code == (403 if who else 302)
        assert IBAN not in hidden.text


def test_rows_of_other_bytes_or_files_are_not_shown(found, read, begin):
    case, place = found()
    at = f"/pruefung/{case['id']}/treffer"
    other = begin(upload=b"Ort;Zahl\nOben;1\n")
    foreign = other["scan"]["files"][0]["resource_id"]
    assert read(f"{at}/{foreign}/zeilen", "author").status_code == 404
    gone = read(f"{at}/{place['resource_id']}/zeilen?fund=0000", "author")
    assert gone.headers["Location"].endswith("/treffer")


def test_what_no_program_reads_is_named_as_such(begin, read):
    case = begin(upload=b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = read(f"/pruefung/{case['id']}/treffer", "author").text
    assert "nicht maschinell geprüft" in page
    assert "Bitte sehen Sie die ganze Datei selbst durch." in page
    file = case["scan"]["files"][0]["resource_id"]
    rows = read(f"/pruefung/{case['id']}/treffer/{file}/zeilen", "author").text
    assert "Hier lassen sich keine Zeilen zeigen:" in rows


def test_findings_that_hold_a_case_up_are_tasks(found, send, api, town, app):
    case, place = found()
    at = f"/pruefung/{case['id']}/treffer"

    def task(who):
        name = town.people[who]["name"]
        with app.flask_app.test_request_context():
            listed = waiting.tasks(tasks.person(name), 1000).tasks
        return next((one for one in listed if one.id == f"case:{case['id']}"), None)

    assert (task("author").why, task("author").url) == ("1 Treffer zu erklären", at)
    assert task("reviewer") is None
    send(at, "author", **place, value="false", reason="Das Konto ist erfunden.")
    assert task("author").url == f"/pruefung/{case['id']}"
    wish = {"id": case["id"], "fingerprint": case["fingerprint"]}
    for action, who in (("submit", "author"), ("pass", "reviewer")):
        assert api("verbund_case_act", who, action=action, **wish).ok
    assert task("decider").why == "Alles liegt für die Entscheidung vor"
    send(at, "author", **place, value="confirmed", reason="Doch nicht erfunden.")
    assert task("reviewer").url == at
    assert task("decider").why == "Ein Treffer der automatischen Prüfung ist nicht erklärt"


def test_the_check_proposes_only_what_somebody_confirmed(found, begin, read, send, api):
    case, place = found()
    about = {"id": case["id"]}

    def proposal(question):
        groups = api("verbund_case_explain", "author", **about).got["groups"]
        by_id = {q["id"]: q for group in groups for q in group["questions"]}
        return by_id[question]["proposal"]

    assert proposal("B1") is None
    at = f"/pruefung/{case['id']}/treffer"
    send(at, "author", **place, value="confirmed", reason="Es sind private Konten.")
    assert (proposal("B1")["value"], proposal("B1")["source"]) == ("yes", "check")
    case = begin()
    about = {"id": case["id"]}
    assert proposal("B1") is None  # nothing found answers nothing


def test_a_program_that_edits_is_no_author_and_a_colleague_is(begin, api, app, town):
    case = begin()

    def authors():
        return api("verbund_case_show", "author", id=case["id"]).got["authors"]

    with app.flask_app.test_request_context():
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"ignore_auth": True, "user": site}
        tk.get_action("package_patch")(context, {"id": case["package_id"], "notes": "Anders"})
    assert authors() == [town.people["author"]["id"]]
    assert api("package_patch", "colleague", id=case["package_id"], notes="Noch anders").ok
    assert town.people["colleague"]["id"] in authors()


# -- The preview ------------------------------------------------------------------------------


def test_staff_see_what_would_be_public_and_nobody_else_does(begin, api, read):
    case = begin()
    name = api("package_show", "author", id=case["package_id"]).got["name"]
    page = read(f"/dataset/{name}?oeffentlich=1", "author").text
    assert "Vorschau: So sähen alle diese Seite" in page
    assert "Geprüft und freigegeben am" in page
    assert f"/dataset/edit/{name}" not in page
    assert "Noch nicht entschieden." not in page
    assert read(f"/dataset/{name}?oeffentlich=1").status_code == 404
    assert read(f"/dataset/{name}?oeffentlich=1", "stranger").status_code == 404
    assert "Vorschau:" not in read(f"/dataset/{name}", "author").text
    assert f"/dataset/{name}?oeffentlich=1" in read(f"/pruefung/{case['id']}", "author").text
