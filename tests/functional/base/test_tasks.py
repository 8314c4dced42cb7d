# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for staff, and their datasets."""

from datetime import date
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.verbund.base import mine, tasks
from ckanext.verbund.base.tasks import Batch, Task
from ckanext.verbund.tables import status

WEEKLY = "http://publications.europa.eu/resource/authority/frequency/WEEKLY"


@pytest.fixture(scope="module")
def staff(portal):
    """Two members with a few datasets in every state, and their people."""
    people = {role: factories.User() for role in ("editor", "member", "other", "stranger")}
    people["sysadmin"] = factories.Sysadmin()
    town = factories.Organization(
        title="Stadt Beispiel",
        users=[
            {"name": people[role]["name"], "capacity": role} for role in ("editor", "member")
        ],
    )
    neighbour = factories.Organization(
        title="Nachbarort", users=[{"name": people["other"]["name"], "capacity": "editor"}]
    )

    def dataset(title, owner=town, **fields):
        return factories.Dataset(title=title, notes=title, owner_org=owner["id"], **fields)

    made = {
        "fresh": dataset("Frisch", frequency=WEEKLY),
        "late": dataset("Zu spät", frequency=WEEKLY, modified="2026-01-01"),
        "draft": dataset("Entwurf", state="draft", user=people["editor"]),
        "private": dataset("Geheim", private=True),
        "theirs": dataset("Nachbars", neighbour, frequency=WEEKLY, modified="2026-01-01"),
        "harvested": dataset(
            "Abgeholt",
            frequency=WEEKLY,
            modified="2026-01-01",
            extras=[{"key": "guid", "value": "https://fremd.example/1"}],
        ),
    }
    return SimpleNamespace(people=people, town=town, **made)


def titles(found, part):
    return sorted(row["title"] for row in found[part])


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("editor", ["Entwurf", "Frisch", "Geheim", "Zu spät"]),
        ("other", ["Nachbars"]),
        ("sysadmin", ["Entwurf", "Frisch", "Geheim", "Nachbars", "Zu spät"]),
        ("member", []),
        ("stranger", []),
    ],
)
def test_everybody_sees_the_own_datasets_of_their_members(act, staff, role, own):
    found = act("verbund_my_dataset_list", staff.people[role])
    assert titles(found, "datasets") == own
    assert found["total"] == found["counts"]["all"] == len(own)


def test_filters_count_and_show(act, staff):
    def ask(**fields):
        return act("verbund_my_dataset_list", staff.people["editor"], **fields)

    assert ask()["counts"] == {"all": 4, "published": 2, "draft": 1, "private": 1, "overdue": 1}
    assert titles(ask(show="overdue"), "datasets") == ["Zu spät"]
    assert titles(ask(show="draft"), "datasets") == ["Entwurf"]
    assert titles(ask(q="FRI sch"), "datasets") == ["Frisch"]
    assert titles(ask(q="frisch geheim"), "datasets") == []
    assert ask(sort="title")["datasets"][0]["title"] == "Entwurf"
    assert ask(sort="due")["datasets"][0]["title"] == "Zu spät"


def test_a_list_is_paged(act, staff):
    first = act("verbund_my_dataset_list", staff.people["editor"], sort="title", limit=3)
    last = act("verbund_my_dataset_list", staff.people["editor"], sort="title", limit=3, page=2)
    assert [len(first["datasets"]), len(last["datasets"])] == [3, 1]
    assert titles(last, "datasets") == ["Zu spät"]


def test_a_page_that_is_no_number_is_refused(act, staff):
    with pytest.raises(tk.ValidationError):
        act("verbund_my_dataset_list", staff.people["editor"], page="x")


def test_all_datasets_are_read_with_one_query(act, staff):
    who = tasks.person(staff.people["editor"]["name"])
    statements = []
    sa.event.listen(
        model.meta.engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    assert len(mine.datasets(who, date(2026, 11, 24))) == 4
    assert len(statements) == 1


def test_drafts_and_overdue_datasets_are_tasks(act, staff):
    found = act("verbund_task_list", staff.people["editor"])
    assert [(t["title"], t["action"]) for t in found["now"]] == [
        ("Zu spät", "Aktualisieren"),
        ("Entwurf", "Entwurf weiterführen"),
    ]
    assert (found["total"], found["overdue"]) == (2, 1)
    assert found["now"][0]["due"] == "2026-01-08"


def test_a_draft_of_somebody_else_is_no_task(act, staff):
    found = act("verbund_task_list", staff.people["other"])
    assert titles(found, "now") == ["Nachbars"]
    assert act("verbund_task_list", staff.people["stranger"])["total"] == 0


def test_a_file_that_did_not_become_a_table_is_a_task_of_its_member(act, staff):
    resource = factories.Resource(
        package_id=staff.fresh["id"], url="https://stadt.example/a.csv", name="Zahlen",
        license="http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
    )  # fmt: skip

    def failed(role):
        found = act("verbund_task_list", staff.people[role])
        return [task["why"] for task in found["now"] if task["id"].startswith("table:")]

    status.save(resource["id"], "failed")
    assert failed("editor") == ["Die Datei „Zahlen“ ließ sich nicht als Tabelle einlesen."]
    assert failed("other") == []
    status.save(resource["id"], "done")
    assert failed("editor") == []


@pytest.fixture
def provider():
    """Register a provider for one test."""
    yield lambda function: tasks.provide("probe", function)
    tasks._providers.pop("probe", None)


def test_many_tasks_of_a_kind_are_shown_in_part_and_counted_in_full(act, staff, provider):
    def many(who, limit):
        listed = tuple(Task(f"p{n}", f"P{n}", "", "/", "Tun") for n in range(limit))
        return Batch(listed, 300, "/alle")

    provider(many)
    found = act("verbund_task_list", staff.people["stranger"])
    assert (len(found["now"]), found["total"]) == (tasks.PER_PROVIDER, 300)
    assert found["more"] == [{"url": "/alle", "count": 295}]


def test_a_part_that_fails_leaves_the_other_tasks_in_reach(act, staff, provider):
    def broken(who, limit):
        model.Session.execute(sa.text("SELECT * FROM gibt_es_nicht"))

    provider(broken)
    assert act("verbund_task_list", staff.people["editor"])["total"] == 2


def test_visitors_are_asked_to_log_in_and_brought_back(portal):
    for address in ("/meine-aufgaben", "/meine-datensaetze?show=overdue"):
        answer = portal.get(address, follow_redirects=False)
        assert "/user/login" in answer.headers["Location"]
        assert "came_from" in answer.headers["Location"]


def test_people_land_on_their_tasks(portal, staff):
    assert tk.config["ckan.auth.route_after_login"] == "verbund_tasks.mine"
    token = factories.APIToken(user=staff.people["editor"]["name"])["token"]
    answer = portal.get("/dashboard/", headers={"Authorization": token}, follow_redirects=False)
    assert answer.headers["Location"].endswith("/meine-aufgaben")


@pytest.mark.parametrize(
    ("role", "said"),
    [("editor", "2 Aufgaben warten auf Sie."), ("stranger", "Bitten Sie die Verwaltung")],
)
def test_the_page_says_what_waits_or_what_to_do(portal, staff, role, said):
    token = factories.APIToken(user=staff.people[role]["name"])["token"]
    page = portal.get("/meine-aufgaben", headers={"Authorization": token})
    assert said in page.body
    assert portal.get("/meine-datensaetze", headers={"Authorization": token}).status_code == 200


def test_pages_of_the_list_keep_what_was_chosen(portal, staff, monkeypatch):
    monkeypatch.setattr(mine, "PER_PAGE", 3)
    token = factories.APIToken(user=staff.people["editor"]["name"])["token"]

    def titles(address):
        page = portal.get(address, headers={"Authorization": token})
        html = BeautifulSoup(page.body, "html.parser")
        listed = [a.text for a in html.select(".verbund-task__what > a")]
        return listed, [a["href"] for a in html.select(".pagination a[href*='page=2']")]

    first, further = titles("/meine-datensaetze?sort=title")
    assert first == ["Entwurf", "Frisch", "Geheim"]
    assert "sort=title" in further[0]
    assert titles(further[0])[0] == ["Zu spät"]
    assert titles("/meine-datensaetze?page=9")[0] == []
