# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wheel that we would publish, installed into a fresh environment, serves a portal."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STACK = Path(os.environ.get("STACK_DIR", ROOT / ".stack"))
PORT = 5198 + int(os.environ.get("STACK_PORTS", "0"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    # A copy: setuptools leaves build/ and egg-info in the tree it builds.
    source = tmp_path_factory.mktemp("source") / "main"
    files = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True
    ).splitlines()
    for name in files:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "-q", "--wheel", "--no-isolation", "-o", str(out)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def python(wheel, tmp_path_factory):
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin/pip"), "install", "-q", "--disable-pip-version-check"]
    lock = str(ROOT / "requirements/runtime.txt")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return venv / "bin/python"


def test_wheel_holds_data_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "ckanext/verbund/schemas/dataset.yaml",
        "ckanext/verbund/schemas/organization.yaml",
        "ckanext/verbund/i18n/de/LC_MESSAGES/ckanext-verbund.mo",
        "ckanext/verbund/base/plugin.py",
    ):
        assert wanted in names
    assert any(n.startswith("ckanext/verbund/schemas/vocab/") for n in names)
    assert any(n.startswith("ckanext/verbund/schemas/geo/") for n in names)
    for file in (*(ROOT / "schemas/shapes").iterdir(), *(ROOT / "schemas/checks").iterdir()):
        assert f"ckanext/verbund/schemas/{file.parent.name}/{file.name}" in names
    assert "ckanext/verbund/schemas/search/musterdatensatz.tsv" in names
    tops = {n.split("/")[0] for n in names}
    assert tops <= {"ckanext", next(t for t in tops if t.endswith(".dist-info"))}


def test_fresh_environment_serves_german_pages(python, tmp_path):
    ini = STACK / "test/portals/unittest/ckan.ini"
    (tmp_path / "wsgi.py").write_text((ROOT / "stack/wsgi.py").read_text())
    web = subprocess.Popen(
        [python, "-m", "gunicorn", "wsgi:application", "-b", f"127.0.0.1:{PORT}"],
        cwd=tmp_path,
        env={"CKAN_INI": str(ini), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        stderr=(tmp_path / "log").open("w"),
    )
    try:
        page = get(f"http://127.0.0.1:{PORT}/", tmp_path / "log")
        assert 'lang="de"' in page
        assert "Daten" in page
        search = get(f"http://127.0.0.1:{PORT}/dataset/", tmp_path / "log")
        assert "Search datasets" not in search
    finally:
        web.terminate()
        web.wait(20)


def get(url, log):
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"{url} does not answer:\n{log.read_text()[-2000:]}")
