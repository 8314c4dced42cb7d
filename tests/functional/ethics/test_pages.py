# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of cases, decisions, roles and the register, as people see and send them."""

import io
import json
import uuid

from pypdf import PdfReader

from ckanext.verbund.base import tasks
from ckanext.verbund.domain.ethics.catalogue import load

from .conftest import PASSWORD, harmless


def form(group, answers):
    """Return the fields of the page of a group."""
    fields = {}
    for id, one in answers.items():
        if id[0] == group:
            fields |= {id: one["value"], f"{id}-reason": one["reason"]}
    return fields


def sign(case, **fields):
    return {"fingerprint": case["fingerprint"], "password": PASSWORD, **fields}


# -- The author -------------------------------------------------------------------------------


def test_a_check_begins_on_the_page_of_a_dataset(make, read, send):
    package = make()
    page = read(f"/dataset/{package['name']}", "author").text
    assert "Noch nicht entschieden." in page
    assert (
        "Darf das veröffentlicht werden?"
        in read(f"/dataset/{package['name']}/pruefung", "author").text
    )
    begun = send(f"/dataset/{package['name']}/pruefung", "author")
    assert begun.status_code == 302
    assert begun.headers["Location"].endswith("/fragen/A")
    assert "Weiter prüfen" in read(f"/dataset/{package['name']}/pruefung", "author").text


def test_all_groups_lead_to_the_recommendation_and_to_the_review(make, api, read, send):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    address, answers = f"/pruefung/{case['id']}", harmless()
    at = f"{address}/fragen/A"
    for group in load().groups:
        assert at.endswith(f"/fragen/{group}")
        sent = send(at, "author", **form(group, answers))
        assert sent.status_code == 302, sent.text
        at = sent.headers["Location"]
    page = read(address, "author").text
    assert "Empfehlung: offen veröffentlichen" in page
    assert "29 von 29 Fragen beantwortet" in page
    assert (
        send(f"{address}/submit", "author", fingerprint=case["fingerprint"]).status_code == 302
    )
    assert "In Prüfung" in read(address, "author").text
    # What is under way is not answered any more.
    assert read(f"{address}/fragen/A", "author").headers["Location"].endswith(case["id"])


def test_a_thin_reason_is_named_and_nothing_typed_is_lost(make, api, read, send):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    at = f"/pruefung/{case['id']}/fragen/A"
    page = send(at, "author", **{"A1": "yes", "A1-reason": "darum", "A2-reason": "noch offen"})
    assert page.status_code == 422
    assert 'href="#feld-A1-reason"' in page.text
    assert "mindestens einem Satz" in page.text
    assert 'href="#feld-A2"' in page.text
    assert "noch offen</textarea>" in page.text
    stored = api("verbund_case_show", "author", id=case["id"]).got["answers"]
    assert stored["A1"]["reason"] == "darum"
    later = send(at, "author", **{"A1": "no", "A1-reason": "darum", "later": "1"})
    assert later.status_code == 302
    stored = api("verbund_case_show", "author", id=case["id"]).got["answers"]
    assert stored["A1"]["value"] == "no"


def test_what_the_description_tells_is_proposed_and_no_answer_until_it_is_sent(make, api, read):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    page = read(f"/pruefung/{case['id']}/fragen/D", "author").text
    assert "<strong>Vorschlag:</strong> Es sind eigene Daten, und die Lizenz ist offen." in page
    assert "D2" not in api("verbund_case_show", "author", id=case["id"]).got["answers"]


# -- Review and decision ----------------------------------------------------------------------


def test_a_return_needs_a_reason_and_the_author_reads_it(make, api, send, read, step):
    case = api("verbund_case_create", "author", package_id=make()["id"]).got
    api("verbund_case_answer", "author", id=case["id"], answers=harmless())
    step(case, "submit", "author")
    at = f"/pruefung/{case['id']}"
    refused = send(f"{at}/return", "reviewer", fingerprint=case["fingerprint"], reason="")
    assert refused.status_code == 422
    assert "Bitte nennen Sie einen Grund." in refused.text
    sent = send(f"{at}/return", "reviewer", fingerprint=case["fingerprint"], reason="B2 fehlt.")
    assert sent.status_code == 302
    assert "B2 fehlt." in read(at, "author").text


def test_the_decider_signs_with_the_password_and_everybody_sees_the_seal(
    make, ready, api, read, send, town
):
    package = make()
    case = ready(package)
    at = f"/pruefung/{case['id']}"
    assert "Entscheiden und unterschreiben" in read(at, "decider").text
    texts = {"action": "decide_open", "register_text": "Nur Anlagen, keine Menschen."}
    wrong = send(f"{at}/decide", "decider", **sign(case, **texts) | {"password": "falsch"})
    assert wrong.status_code == 422
    assert "nicht das Passwort Ihres Kontos" in wrong.text
    assert "Nur Anlagen, keine Menschen.</textarea>" in wrong.text
    assert read(f"/dataset/{package['name']}").status_code == 404
    done = send(f"{at}/decide", "decider", **sign(case, **texts, review_date="2029-11-26"))
    assert done.status_code == 302, done.text
    page = read(f"/dataset/{package['name']}").text
    assert "Geprüft und freigegeben am" in page
    assert "Wiedervorlage am 26. November 2029" in page
    decision = api("verbund_decision_show", None, package_id=package["id"]).got
    assert f"/register/{decision['id']}" in page
    entry = read(f"/register/{decision['id']}").text
    assert "Nur Anlagen, keine Menschen." in entry
    whole = json.dumps(api("verbund_register_show", None, id=decision["id"]).got)
    for who in ("author", "decider", "reviewer"):
        assert town.people[who]["fullname"] not in whole
    paper = read(f"{at}/vermerk.pdf", "author")
    assert paper.status_code == 200
    assert paper.data[:5] == b"%PDF-"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert "Plätze: vollständig maschinell geprüft" in " ".join(text.split())


def test_whoever_wrote_a_case_reads_why_they_cannot_decide_it(
    make, ready, api, town, send, read
):
    given = {"organization_id": town.home["id"], "user": town.people["author"]["name"]}
    api("verbund_role_set", "admin", **given, role="decider", deputy=True)
    case = ready(make())
    at = f"/pruefung/{case['id']}"
    page = read(at, "author").text
    assert "Deshalb entscheidet eine zweite Person." in page
    assert "Entscheiden und unterschreiben" not in page
    forced = send(f"{at}/decide", "author", **sign(case, action="decide_open"))
    assert forced.status_code == 422
    assert "Entscheiden muss eine zweite Person." in forced.text
    api("verbund_role_set", "admin", **given, role="decider", remove=True)


def test_a_refusal_stands_in_the_register_without_title_and_file(make, ready, read, send, api):
    package = make(title="Geheimer Titel der Liste")
    answers = harmless()
    answers["A3"] |= {"value": "yes"}
    case = ready(package, answers)
    at = f"/pruefung/{case['id']}/decide"
    told = {"action": "decide_not", "register_title": "Angaben aus der Sozialverwaltung"}
    leak = send(at, "decider", **sign(case, **told, register_text="Geheimer Titel der Liste"))
    assert leak.status_code == 422
    assert 'href="#decide-register_text"' in leak.text
    done = send(
        at, "decider", **sign(case, **told, register_text="Es gilt das Sozialgeheimnis.")
    )
    assert done.status_code == 302, done.text
    for address in ("/register", "/register.json", "/register.csv", "/register.atom"):
        text = read(f"{address}?outcome=refused").text
        assert "Angaben aus der Sozialverwaltung" in text
        assert "Geheimer Titel" not in text
        assert "plaetze.csv" not in text
    assert "Angaben aus der Sozialverwaltung" not in read("/register?outcome=open").text


def test_a_sealed_decision_has_no_entry_and_its_address_tells_nothing(
    make, ready, api, read, send
):
    answers = harmless()
    answers["E3"] |= {"value": "yes"}
    answers["G4"] = {"value": "no", "reason": "Eine gröbere Fassung hilft hier nicht."}
    package = make()
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    api("verbund_case_answer", "author", id=case["id"], answers=answers)
    for action, who in (("submit", "author"), ("pass", "reviewer")):
        api(
            "verbund_case_act", who, id=case["id"], action=action,
            fingerprint=case["fingerprint"],
        )  # fmt: skip
    told = {"action": "decide_not", "register_title": "Versiegeltes Haus"}
    done = send(f"/pruefung/{case['id']}/decide", "decider", **sign(case, **told))
    assert done.status_code == 302, done.text
    decision = api("verbund_case_show", "author", id=case["id"]).got["decision"]
    assert read(f"/register/{decision['id']}").status_code == 404
    assert read("/register/gibt-es-nicht").status_code == 404
    assert "Versiegeltes Haus" not in read("/register").text


# -- Tasks and lists --------------------------------------------------------------------------


def test_each_role_finds_what_waits_for_it(make, api, town, ready, read, step):
    def waits(who):
        tasks.forget(town.people[who]["id"])
        return read("/meine-aufgaben", who).text

    package = make(title="Wartet auf alle")
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    assert "Weiter prüfen: Wartet auf alle" in waits("author")
    assert "Wartet auf alle" not in waits("reviewer")
    answers = harmless()
    answers["B1"] |= {"value": "yes", "measures": ["anonymised"]}
    answers["B5"] = {"value": "yes", "reason": "Die Satzung sieht es ausdrücklich vor."}
    answers["G4"] = {"value": "no", "reason": "Eine gröbere Fassung hilft hier nicht."}
    done = api("verbund_case_answer", "author", id=case["id"], answers=answers)
    assert done.got["recommendation"]["missing"] == []
    step(case, "submit", "author")
    assert "Antworten ansehen: Wartet auf alle" in waits("reviewer")
    assert "Antworten ansehen" not in waits("author")
    step(case, "pass", "reviewer")
    assert "Stellung nehmen: Wartet auf alle" in waits("dpo")
    assert "Wartet auf alle" not in waits("decider")
    said = {"effect": "DSB", "verdict": "no_objection", "reason": "Keine Bedenken."}
    assert step(case, "comment", "dpo", **said).ok
    assert "Entscheiden: Wartet auf alle" in waits("decider")
    assert "Wartet auf alle" not in waits("dpo")


def test_undecided_datasets_are_a_worklist(make, read):
    make(title="Noch ganz ohne Vorgang")
    page = read("/pruefungen/unentschieden", "author").text
    assert "Prüfen: Noch ganz ohne Vorgang" in page
    assert "Noch ganz ohne Vorgang" not in read("/pruefungen/unentschieden", "stranger").text


# -- Who may see what -------------------------------------------------------------------------


def test_strangers_are_refused_and_visitors_sent_to_the_login(make, api, read):
    package = make()
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    pages = (
        f"/pruefung/{case['id']}",
        f"/pruefung/{case['id']}/fragen/A",
        f"/pruefung/{case['id']}/vermerk.pdf",
    )
    for page in pages:
        assert read(page, "stranger").status_code == 403
        assert "/user/login" in read(page).headers["Location"]
    for page in ("/pruefungen", "/pruefungen/unentschieden"):
        assert "/user/login" in read(page).headers["Location"]
    assert read(f"/dataset/{package['name']}/pruefung", "stranger").status_code == 404
    assert read(pages[2], "author").status_code == 404  # nothing is decided


def test_the_register_and_the_questions_are_public(read):
    assert "Was wir entschieden haben und warum" in read("/register").text
    figures = read("/register/zahlen").text
    assert "weniger als drei" in figures
    page = read("/fragenkatalog").text
    for question in load().questions:
        assert question.texts["de"] in page
    assert read("/register?outcome=quatsch&organization_id=nirgends").status_code == 200


def test_the_administration_gives_roles_and_takes_them_back(read, send, town, api):
    at = f"/organization/{town.home['name']}/rollen"
    assert "Rolle vergeben" in read(at, "admin").text
    assert "Rolle vergeben" not in read(at, "reviewer").text
    assert read(at, "stranger").status_code == 403
    unknown = send(at, "admin", user="gibt-es-nicht", role="statistics")
    assert unknown.status_code == 422
    assert "Dieses Konto gibt es nicht." in unknown.text
    name = town.people["colleague"]["name"]
    assert send(at, "admin", user=name, role="statistics", deputy="true").status_code == 302
    page = read(at, "admin").text
    assert "Fachstelle Statistik" in page
    assert "Stellvertretung" in page
    taken = send(at, "admin", user=name, role="statistics", remove="true")
    assert taken.status_code == 302
    roles = api("verbund_role_list", "admin", organization_id=town.home["id"]).got
    assert "statistics" not in [one["role"] for one in roles]
    assert send(at, "reviewer", user=name, role="decider").status_code == 403


def test_what_the_automatic_check_says_stands_on_the_page_of_the_case(make, api, screen, read):
    rows = f"Platz;Konto\n{uuid.uuid4()};DE89370400440532013000\nAm Hang;\n"
    package = make(upload=rows.encode())  # bytes that no run before has had looked at
    case = api("verbund_case_create", "author", package_id=package["id"]).got
    at = f"/pruefung/{case['id']}"
    assert "wartet auf die automatische Prüfung" in read(at, "reviewer").text
    screen(package)
    page = " ".join(read(at, "reviewer").text.split())
    assert "Bankverbindung (IBAN)" in page
    assert "Spalte „Konto“</a>: 1 von" in page
    assert "DE89370400440532013000" not in page
