# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Styles and scripts are looked at once in the life of a process."""

import logging
import os
from pathlib import Path

from webassets import Bundle, Environment

from ckanext.verbund.base.assets import LookOnce


def shown(env):
    """Ask for the bundle twice, as two pages do, and return its text."""
    for _ in range(2):
        (url,) = env["style"].urls()
    return (Path(env.directory) / url.lstrip("/")).read_text()


def changed_later(folder, updater):
    source = folder / "style.css"
    source.write_text("a{}")
    env = Environment(str(folder), "/", updater=updater)
    env.register("style", Bundle("style.css", output="%(version)s_style.css"))
    assert shown(env) == "a{}"
    source.write_text("b{}")
    os.utime(source, (2e9, 2e9))
    return shown(env)


def test_a_bundle_is_built_and_then_left_alone(tmp_path):
    assert changed_later(tmp_path, LookOnce()) == "a{}"


def test_without_it_every_page_looks_again(tmp_path):
    assert changed_later(tmp_path, "timestamp") == "b{}"


def test_a_page_finds_all_its_styles_and_scripts(app, caplog):
    with caplog.at_level(logging.ERROR):
        assert app.get("/dataset/").status_code == 200
    assert not caplog.records
