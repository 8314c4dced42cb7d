# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of ``pages.yaml``: German, whole, and from this portal alone."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.browser.cluster import shoot, sign_in

PAGES = yaml.safe_load((Path(__file__).parent / "pages.yaml").read_text(encoding="utf-8"))
# Words that no German sentence holds. "Name", "Filter", "Link", "Status" are German too.
ENGLISH = re.compile(
    r"\b(the|and|of|with|this|that|your|you|is|are|not|by|for|from|has|have|there|"
    r"add|edit|delete|remove|search|datasets?|resources?|groups?|organizations?|users?|"
    r"members?|updated|created|changed|views?|new|logged|manage|settings|about|more|show|"
    r"hide|next|previous|none|unknown|date|time|file|order|relevance|last|modified|"
    r"ascending|descending|password|username|follow|followers|following|activity|stream|"
    r"licen[sc]e|save|cancel|public|state|active|draft|yes|required|choose|select|"
    r"loading|entries|column|row|job|started|finished|errors?|example)\b",
    re.IGNORECASE,
)
# Proper names and what is the same in every language.
NAMES = re.compile(
    r"CKAN Association|Data ?Catalog|Open Data Commons [^\n]*|Open Data|open-data|"
    r"Creative Commons [^\n]*|\b(?:cc|dl)-[a-z-]+/[\d.]+|"
    r"https?://\S+|\S+@\S+|/\S+|\S+\.(?:csv|xlsx|json|geojson|txt|zip)\b|File Geodatabase|"
    r"English|GNU [^\n]*|Mozilla [^\n]*|Public Domain [^\n]*|Octet Stream|\bNONE\b|"
    r"<\w+>"  # the end of an address that is still to come
)
COLLECT = """() => {
  const shown = e => e.checkVisibility({checkVisibilityCSS: true});
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (parent.closest('script, style, template, [lang=en], code, pre')) continue;
    const text = node.data.trim();
    if (text && (shown(parent) || parent.closest('select'))) texts.push(text);
  }
  for (const e of document.querySelectorAll('[title],[aria-label],[placeholder],[alt]'))
    if (shown(e) && !e.closest('[lang=en]'))
      for (const a of ['title', 'aria-label', 'placeholder', 'alt'])
        if (e.getAttribute(a)) texts.push(e.getAttribute(a));
  return texts;
}"""


@pytest.mark.parametrize("role", PAGES)
def test_pages_are_german(cluster, places, page, role):
    portal = cluster["landau" if role == "sysadmin" else "kaiserslautern"]
    fill = {**places, "source": "kaiserslautern"}
    if role != "visitor":
        sign_in(page, portal, role)
        fill["user"] = portal.user(role)["name"]
    wrong = {}
    for name, path in PAGES[role].items():
        answer = page.goto(portal.url + path.format(**fill), wait_until="load")
        assert answer.status < 500, f"{name}: {answer.status}"
        assert (answer.status >= 400) == name.startswith("nicht-"), f"{name}: {answer.status}"
        shoot(page, f"seite-{role}-{name}")
        english = [t for t in page.evaluate(COLLECT) if ENGLISH.search(NAMES.sub(" ", t))]
        if english:
            wrong[name] = english
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    assert not page.outside, page.outside
    assert not page.broken, page.broken
