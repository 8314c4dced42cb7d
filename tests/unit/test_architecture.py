# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may import whom (docs/architektur.md), read from the syntax trees."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext" / "verbund"
CAPABILITIES = {
    "ethics",
    "dcat",
    "harvest",
    "export",
    "quality",
    "theme",
    "tables",
    "forms",
    "dialog",
    "search",
}
# Inside domain: everybody may use these; anything else only as listed.
SHARED_DOMAIN = {"canon", "dataset", "finding", "vocab"}
DOMAIN_ALLOWED = {
    "bulk": {"spreadsheet", "tables"},
    "dcatde": {"german", "places"},
    "quality": {"dcatde"},
    "harvest": {"dcatde", "http", "signing"},
    "member_map": {"places"},
    "place_map": {"member_map", "places"},
    "licence_advice": {"licence"},
    "proposals": {"file_kinds", "german", "tables"},
    "chart": {"german"},
    "sketch": {"places"},
    "schemaorg": {"licence"},
    "citation": {"german", "licence"},
    "search": {"places"},
    "screening": {"file_kinds", "tables"},
    "musterdatensatz": {"search"},
    "ethics": {"german", "screening", "spreadsheet"},
}
NEVER_IN_DOMAIN = ("ckan", "ckantoolkit", "flask", "sqlalchemy")
NOBODY_IMPORTS = {"plugin", "views", "cli"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path, text: str | None = None) -> set[str]:
    """Return the dotted names that a module imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    names = set()
    for node in ast.walk(ast.parse(text or path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def offences(path: Path, text: str | None = None) -> list[str]:
    """Return what a module imports against the rules."""
    own = path.relative_to(PACKAGE).with_suffix("").parts
    part = own[0]
    found = []
    for name in imports(path, text):
        top = name.split(".")[0]
        if part == "domain" and top in NEVER_IN_DOMAIN:
            found.append(f"domain knows no {top}: {name}")
        if part == "domain" and top == "ckanext" and not name.startswith("ckanext.verbund."):
            found.append(f"domain knows no CKAN extension: {name}")
        if not name.startswith("ckanext.verbund."):
            continue
        target = name.split(".")[2:]
        if part == "domain" and target[0] not in {"domain", "schemas"}:
            found.append(f"domain imports only domain: {name}")
        if part == "domain" and target[0] == "domain" and len(target) > 1 and len(own) > 1:
            allowed = SHARED_DOMAIN | {own[1]} | DOMAIN_ALLOWED.get(own[1], set())
            if target[1] not in allowed:
                found.append(f"domain.{own[1]} may not import {name}")
        if part == "base" and target[0] in CAPABILITIES:
            found.append(f"base imports no capability: {name}")
        if part in CAPABILITIES and target[0] in CAPABILITIES - {part}:
            found.append(f"capabilities never import each other: {name}")
        if part == "theme" and target[0] == "domain":
            found.append(f"theme imports only base: {name}")
        if len(target) > 1 and set(target[1:3]) & NOBODY_IMPORTS and target[0] != "domain":
            found.append(f"nobody imports {name}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_module_keeps_the_import_rules(path):
    assert offences(path) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("domain/vocab.py", "import ckan.model"),
        ("domain/vocab.py", "from sqlalchemy import select"),
        ("domain/vocab.py", "from ckanext.verbund.base import convert"),
        ("domain/vocab.py", "from ckanext.verbund.domain.dcatde import check"),
        ("base/helpers.py", "from ckanext.verbund.harvest.logic import action"),
        ("harvest/x.py", "from ckanext.verbund.tables import load"),
        ("tables/x.py", "from ckanext.verbund.tables.plugin import VerbundTablesPlugin"),
        ("theme/x.py", "from ckanext.verbund.domain import vocab"),
    ],
)
def test_an_offence_is_found(module, line):
    assert offences(PACKAGE / module, line)


def test_plugins_are_thin():
    lengths = {
        p.parent.name: len(p.read_text().splitlines()) for p in PACKAGE.glob("*/plugin.py")
    }
    assert lengths
    assert {name: n for name, n in lengths.items() if n > 80} == {}


def test_every_plugin_module_is_an_entry_point():
    entry_points = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for path in PACKAGE.glob("*/plugin.py"):
        assert f"ckanext.verbund.{path.parent.name}.plugin:" in entry_points
