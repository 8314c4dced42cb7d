# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""WCAG 2.2 AA on every page of ``pages.yaml``: axe, reflow, landmarks, keyboard."""

import json

import pytest

from tests.browser.cluster import shoot, sign_in, violations
from tests.browser.test_pages import PAGES

# Colours and widths change within a frame or a transition, which a busy machine draws late.
SETTLED = """async () => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const ends = a => Number.isFinite(a.effect.getComputedTiming().endTime);
  await Promise.all(document.getAnimations().filter(ends).map(a => a.finished.catch(() => 0)));
}"""


@pytest.mark.parametrize("role", PAGES)
def test_every_page_in_all_variants(cluster, places, page, role):
    portal = cluster["landau" if role == "sysadmin" else "kaiserslautern"]
    fill = {**places, "source": "kaiserslautern"}
    if role != "visitor":
        sign_in(page, portal, role)
        fill["user"] = portal.user(role)["name"]
    wrong = {}
    for name, path in PAGES[role].items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(portal.url + path.format(**fill), wait_until="load")
        found = violations(page)
        heads, mains = (page.locator(s).count() for s in ("h1:visible", "[role=main], main"))
        if heads < 1:
            found.append(f"{heads} h1")
        if mains != 1:
            found.append(f"{mains} main landmarks")
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        found += [f"dunkel {v}" for v in violations(page) if v not in found]
        page.set_viewport_size({"width": 320, "height": 800})
        page.evaluate(SETTLED)
        shoot(page, f"seite-{role}-{name}-320-dunkel")
        found += [f"320 {v}" for v in violations(page) if v not in found]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found.append(f"{width} px wide at 320")
        if found:
            wrong[name] = found
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_keyboard_reaches_content_and_focus_is_visible(cluster, page):
    page.goto(cluster["kaiserslautern"].url + "/dataset/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "verbund-skip"
    assert page.locator(".verbund-skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)] })()"
        )
        assert style[0] != "none"
        assert style[1] >= 2


def test_scheme_is_chosen_and_remembered(cluster, page):
    page.emulate_media(color_scheme="light")
    page.goto(cluster["kaiserslautern"].url + "/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[data-verbund-scheme]")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(cluster["kaiserslautern"].url + "/dataset/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
