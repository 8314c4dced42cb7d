# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on the checks says what the code does."""

import pytest

from stack import checks_doc


def test_page_is_fresh():
    assert checks_doc.main(["--check"]) == 0


def test_a_stale_page_is_found(tmp_path, monkeypatch):
    page = tmp_path / "pruefung.md"
    text = checks_doc.PAGE.read_text(encoding="utf-8")
    page.write_text(text.replace("`K01`", "`K99`"), encoding="utf-8")
    monkeypatch.setattr(checks_doc, "PAGE", page)
    assert checks_doc.main(["--check"]) == 1
    assert checks_doc.main([]) == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="quality"):
        checks_doc.render(checks_doc.PAGE.read_text("utf-8").replace("<!-- /quality -->", ""))
