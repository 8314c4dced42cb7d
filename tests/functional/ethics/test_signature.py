# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who decides signs with the password of the account, on pages and over the API."""

import logging

import pytest
from ckan.common import config
from ckan.lib.redis import connect_to_redis

from .conftest import PASSWORD

TRIES = 3


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch):
    monkeypatch.setitem(config, "ckanext.verbund.ethics.password_tries", TRIES)
    yield
    redis = connect_to_redis()
    for key in redis.scan_iter("verbund:gated:signature:*"):
        redis.delete(key)


@pytest.mark.parametrize("action", ["decide_open", "decide_restricted", "decide_not", "cosign"])
def test_a_token_alone_decides_nothing(make, ready, step, action, hidden):
    package = make()
    case = ready(package)
    for password in ("", "falsch"):
        got = step(case, action, "decider", password=password)
        assert got.status == 409
        assert "Passwort" in got.got["password"][0]
    hidden(package)


def test_a_token_with_the_password_decides(make, ready, step, api, visible):
    package = make()
    assert step(ready(package), "decide_open", "decider", password=PASSWORD).ok
    visible(package)


def test_to_stop_a_publication_nobody_is_asked_for_a_password(make, publish, step, hidden):
    done = publish(make())
    assert step(done.case, "suspend", "author", reason="Da steht ein Name.").ok
    hidden(done.package)


def test_wrong_passwords_are_counted_until_nobody_decides(make, ready, step, caplog):
    case = ready(make())
    for _ in range(TRIES):
        assert step(case, "decide_open", "decider", password="falsch").status == 409
    with caplog.at_level(logging.WARNING):
        got = step(case, "decide_open", "decider", password=PASSWORD)
    assert got.status == 409
    assert "zu viele falsche Passwörter" in got.got["password"][0]
    assert "Too many wrong passwords" in caplog.text
    assert PASSWORD not in caplog.text


def test_the_right_password_forgives_wrong_ones(make, ready, step):
    for _ in range(2):
        case = ready(make())
        for _ in range(TRIES - 1):
            assert step(case, "decide_open", "decider", password="falsch").status == 409
        assert step(case, "decide_open", "decider").ok


def test_the_password_stands_neither_in_the_memory_nor_in_the_answer(
    make, ready, step, api, sql
):
    case = ready(make())
    done = step(case, "decide_open", "decider")
    assert done.ok
    assert PASSWORD not in str(done.got)
    assert PASSWORD not in str(api("verbund_case_show", "decider", id=case["id"]).got)


def test_texts_for_the_register_are_looked_through_over_the_api_too(make, ready, step, town):
    text = f"Geprüft von {town.people['decider']['fullname']}."
    got = step(ready(make()), "decide_open", "decider", register_text=text)
    assert got.status == 409
    assert "register_text" in got.got
