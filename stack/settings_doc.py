# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes ``docs/einstellungen.md`` from the plugins' ``config_declaration.yaml``.

Example:
    $ python -m stack.settings_doc            # write
    $ python -m stack.settings_doc --check    # exit code 1 when the file is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ckanext" / "verbund"
PAGE = ROOT / "docs" / "einstellungen.md"

HEAD = """\
<!-- SPDX-FileCopyrightText: 2026 Datenverbund
     SPDX-License-Identifier: CC-BY-4.0 -->
<!-- Erzeugt aus den Dateien config_declaration.yaml mit: python -m stack.settings_doc -->

# Einstellungen

Diese Seite nennt die Einstellungen, die unsere Plugins selbst mitbringen. Sie stehen im
Abschnitt `[app:main]` der Datei `ckan.ini` eines Portals. In der Demonstration schreiben Sie
sie in `demo/members.yaml` unter `settings` des Portals, in Containern in `docker/settings.ini`
(siehe [Betrieb](betrieb.md)). Was wir an den Einstellungen von CKAN und von fremden
Erweiterungen festlegen, steht in [`stack/ckan.ini`](../stack/ckan.ini).
"""

TYPES = {
    "base": "Text",
    "int": "ganze Zahl",
    "bool": "wahr/falsch (`true`, `false`)",
    "list": "Liste, durch Leerzeichen getrennt",
    "dynamic": "Muster",
}


def declarations() -> list[tuple[str, dict]]:
    """Return the declared settings of each plugin, by the name of its folder."""
    return [
        (path.parent.name, yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        for path in sorted(PACKAGE.glob("*/config_declaration.yaml"))
    ]


def _default(option: dict) -> str:
    value = option.get("default")
    if option.get("default_callable"):
        return "wird berechnet"
    if value is None or value == "":
        return "leer"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"`{' '.join(map(str, value))}`"
    return f"`{value}`"


def _option(option: dict) -> str:
    text = " ".join(str(option.get("description", "")).split())
    lines = [f"### `{option['key']}`", "", text or "*Ohne Beschreibung.*", ""]
    kind = TYPES.get(option.get("type", "base"), option.get("type", ""))
    lines.append(f"Art: {kind}; Vorgabe: {_default(option)}.")
    if example := option.get("example"):
        lines.append(f"Beispiel: `{example}`.")
    return "\n".join(lines)


def render() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for _folder, declaration in declarations():
        for group in declaration.get("groups") or []:
            options = [_option(o) for o in group.get("options") or [] if not o.get("internal")]
            if options:
                parts += [f"## {group['annotation']}", *options]
    if len(parts) == 1:
        parts.append("Noch bringt kein Plugin eigene Einstellungen mit.")
    return "\n\n".join(part.strip() for part in parts) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or only compare it."""
    page = render()
    current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if "--check" in arguments:
        if current == page:
            return 0
        print("docs/einstellungen.md ist veraltet. Abhilfe: python -m stack.settings_doc")
        return 1
    if current != page:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
