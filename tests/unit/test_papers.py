# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the papers say agrees with the code: versions, commands, links, settings."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from stack import settings, settings_doc
from stack.settings import GATED_PLUGINS, Profile

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext" / "verbund"
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project(key: str) -> str:
    # tomllib comes with Python 3.11; the two values needed are plain lines.
    return re.search(rf'^{key} = "(.+)"', read("pyproject.toml"), re.MULTILINE)[1]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE))


# -- publiccode.yml -------------------------------------------------------------


def publiccode() -> dict:
    return yaml.safe_load(read("publiccode.yml"))


def test_publiccode_names_the_version_and_licence_of_the_package():
    assert publiccode()["softwareVersion"] == project("version")
    assert publiccode()["legal"]["license"] == project("license")


def test_publiccode_has_what_the_standard_requires():
    required = "publiccodeYmlVersion name url platforms developmentStatus softwareType "
    required += "description legal maintenance localisation"
    assert set(required.split()) <= set(publiccode())
    assert publiccode()["localisation"]["availableLanguages"] == ["de", "en"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_descriptions_have_the_lengths_of_the_standard(language: str):
    text = publiccode()["description"][language]
    assert len(text["shortDescription"]) <= 150
    assert 150 <= len(text["longDescription"]) <= 10000
    assert text["features"]


def test_images_carry_the_version_of_the_package():
    images = re.findall(r"image: datenverbund/\w+:(\S+)", read("docker/compose.yaml"))
    assert set(images) == {project("version")}


# -- commands and links --------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_exist(paper: Path):
    text = paper.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    assert named <= targets()
    for script in re.findall(r"(?:^|`)(?:bash )?((?:docker|stack|tests)/[\w./-]+)", text):
        assert (ROOT / script).exists() or script in MADE_LATER, script


#: Files that an operator or a script makes.
MADE_LATER = {
    "docker/.env", "docker/secrets/", "docker/settings.ini", "docker/compose.override.yaml",
}  # fmt: skip


def test_every_target_is_explained():
    text = read("docs/betrieb.md")
    assert {t for t in targets() - {"help"} if f"`make {t}`" not in text} == set()


def anchors(path: Path) -> set[str]:
    """Return the anchors that forges make of the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path):
    text = re.sub(r"```.*?```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        path = (paper.parent / name).resolve() if name else paper
        assert path.exists(), link
        if anchor:
            assert anchor in anchors(path), link


def test_decisions_are_listed():
    folder = ROOT / "docs/entscheidungen"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(p.name for p in folder.glob("0*.md"))


@pytest.mark.parametrize("name", ["demo", "test", "bench"])
def test_ports_are_as_documented(name: str, monkeypatch):
    monkeypatch.setattr(settings, "SHIFT", 0)
    row = re.search(rf"^\| `{name}` \|(.*)$", read("docs/betrieb.md"), re.MULTILINE)[1]
    profile = Profile(name)
    ports = {p.port for p in profile.portals if p.serves}
    ports |= {profile.postgres_port, profile.redis_port, profile.solr_port}
    if name != "bench":
        ports.add(profile.files_port)
    assert {int(n) for n in re.findall(r"\d+", row)} == ports


def test_readme_names_the_locked_versions():
    text, lock = read("README.md"), read("requirements/runtime.txt")
    for name in ("ckanext-dcat", "ckanext-harvest", "ckanext-scheming", "ckanext-spatial"):
        assert re.search(rf"^{name}==(\S+)", lock, re.MULTILINE)[1] in text, name
    assert re.search(r"^ckan(?:\[\S+\])?==(\S+)", lock, re.MULTILINE)[1] in text


# -- settings, plugins, actions --------------------------------------------------


def test_settings_page_is_fresh():
    assert settings_doc.main(["--check"]) == 0


def test_settings_page_shows_every_option():
    page = read("docs/einstellungen.md")
    for _folder, declaration in settings_doc.declarations():
        for group in declaration.get("groups") or []:
            for option in group.get("options") or []:
                assert f"`{option['key']}`" in page
                assert option.get("description"), f"no description: {option['key']}"


def test_a_stale_settings_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tmp_path / "einstellungen.md"
    monkeypatch.setattr(settings_doc, "PAGE", page)
    assert settings_doc.main(["--check"]) == 1
    assert settings_doc.main([]) == 0
    assert settings_doc.main(["--check"]) == 0


def test_every_plugin_is_in_the_architecture():
    text = read("docs/architektur.md")
    entry_points = re.findall(
        r"^(verbund\w*) = .*\.plugin:", read("pyproject.toml"), re.MULTILINE
    )
    assert set(entry_points) == {p for p in GATED_PLUGINS.split() if p.startswith("verbund")}
    for name in entry_points:
        assert f"| `{name}` |" in text, name


def functions(path: Path) -> list[ast.FunctionDef]:
    """Return the public functions of a module."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    return [n for n in nodes if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def test_every_action_explains_itself():
    paths = sorted(PACKAGE.glob("*/logic/action.py"))
    assert paths
    silent = [f"{p.parts[-3]}: {f.name}" for p in paths for f in functions(p)
              if not ast.get_docstring(f)]  # fmt: skip
    assert silent == []
