# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on the rules of decisions says what the code does."""

import pytest

from ckanext.verbund.domain.ethics.deadlines import LIMITS
from stack import ethics_doc, made_tables


def test_page_is_fresh():
    assert ethics_doc.main(["--check"]) == 0


def test_a_stale_page_is_found_and_mended(tmp_path, monkeypatch):
    page = tmp_path / "entscheidungen-regeln.md"
    text = ethics_doc.PAGE.read_text(encoding="utf-8")
    page.write_text(text.replace("`no_free_text`", "`free_text`"), encoding="utf-8")
    monkeypatch.setattr(ethics_doc, "PAGE", page)
    assert ethics_doc.main(["--check"]) == 1
    assert ethics_doc.main([]) == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_a_place_for_a_table_is_refused():
    text = ethics_doc.PAGE.read_text("utf-8").replace("<!-- /grounds -->", "")
    with pytest.raises(ValueError, match="grounds"):
        made_tables.fill(text, ethics_doc.PARTS)


def test_every_state_with_a_deadline_has_a_name():
    assert set(ethics_doc.STATES) == set(LIMITS)
