# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data office of a member, and what is to be looked at again."""

import csv
import io
from datetime import timedelta

import pytest
from ckan.tests import factories

from ckanext.verbund.base import tasks
from ckanext.verbund.ethics import reviews


@pytest.fixture
def page(app, town):
    """Read a page as somebody; returns the answer."""

    def get(path, who=None):
        headers = {"Authorization": town.tokens[who]} if who else {}
        return app.get(path, headers=headers, follow_redirects=False)

    return get


@pytest.fixture
def on(app, monkeypatch):
    """Do something as if it were another day."""

    def run(day, what, *args):
        with monkeypatch.context() as clock, app.flask_app.test_request_context():
            clock.setattr(tasks, "today", lambda: day)
            return what(*args)

    return run


def test_the_office_sees_states_durations_grounds_and_what_is_late(
    make, ready, publish, step, api, page, town, on
):
    title = factories.Dataset.stub().name
    late = ready(make(title=title))
    for _ in range(3):
        publish(make())
    refused = step(ready(make()), "decide_not", "decider", reason="Nein.", grounds=["contract"])
    assert refused.ok, refused.got
    at = f"/organization/{town.home['name']}/datenbuero"
    shown = api("verbund_office_show", "reviewer", organization_id=town.home["id"]).got
    states = {one["state"]: one["number"] for one in shown["states"]}
    assert states["decided_open"] >= 3
    offices = {one["office"]: one for one in shown["offices"]}
    assert offices["Entscheidung"]["number"] >= 4
    assert offices["Entscheidung"]["median_days"] >= 0
    assert {"ground": "Verträge oder Zusagen", "number": 1} in shown["grounds"]
    names = [town.people[one]["fullname"] for one in ("author", "reviewer", "decider")]
    assert not [name for name in names if name in str(shown)]
    day = tasks.today() + timedelta(days=30)
    seen = on(day, lambda: page(at, "author").text)
    assert "Datenbüro" in seen
    assert title in seen
    assert "Tage zu spät" in seen
    assert late["id"] in seen


def test_the_table_has_a_line_for_each_case(make, ready, page, town):
    title = f"=cmd {factories.Dataset.stub().name}"
    case = ready(make(title=title))
    answer = page(f"/organization/{town.home['name']}/datenbuero.csv", "decider")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    (line,) = [one for one in lines if one["Nummer der Prüfung"] == case["id"]]
    assert line["Datensatz"] == f"'{title}"  # no formula
    assert line["Status"] == "Entscheidungsreif"


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("stranger", 403), ("author", 200), ("dpo", 200), ("admin", 200)],
)
def test_only_who_has_a_role_sees_the_office(page, staffed, who, status):
    at = f"/organization/{staffed.home['name']}/datenbuero"
    assert page(at, who).status_code == status
    assert page(f"{at}.csv", who).status_code == status


def test_a_wiedervorlage_is_told_once_with_the_way_to_the_case(
    make, publish, town, visible, post, on
):  # fmt: skip
    begun, title = tasks.today(), factories.Dataset.stub().name
    review = begun + timedelta(days=200)
    done = publish(make(title=title), review_date=review.isoformat())
    case, decider = done.case["id"], town.people["decider"]["email"]

    def told(day):
        post.mails.clear()
        on(day, reviews.send)
        return {to: text for to, text in post.mails if title in text}

    assert told(begun) == {}
    soon = told(review - timedelta(days=10))
    assert set(soon) == {decider, town.people["author"]["email"]}
    assert f"/pruefung/{case}" in soon[decider]
    assert told(review - timedelta(days=9)) == {}
    assert "bleiben öffentlich" in told(review)[decider]
    visible(done.package)
    who = on(begun, tasks.person, town.people["decider"]["name"])
    found = on(review, reviews.tasks, who, 500)
    assert [one.due for one in found.tasks if one.title == title] == [review]
    early = on(begun, reviews.tasks, who, 500)
    assert title not in [one.title for one in early.tasks]


def test_an_end_is_announced_and_said(make, publish, town, post, on):
    title, last = factories.Dataset.stub().name, tasks.today() + timedelta(days=300)
    publish(make(title=title), valid_until=last.isoformat())

    def told(day):
        post.mails.clear()
        on(day, reviews.send)
        return [text for _, text in post.mails if title in text]

    assert "öffentlich bis" in told(last - timedelta(days=5))[0]
    assert "ist zurückgezogen" in told(last + timedelta(days=1))[0]
    assert told(last + timedelta(days=2)) == []
