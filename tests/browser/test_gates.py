# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What axe cannot see: keyboard, focus, zoom, spacing, motion, swaps, paper, no scripts."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.cluster import sign_in

MAIN = ["/", "/dataset/", "/organization/", "/user/login", "/seiten/barriere-melden"]
FORMS = ["/user/login", "/user/reset", "/seiten/barriere-melden"]
# The defects of CKAN's default theme, by the names of axe's rules.
DEFECTS = [
    "label-content-name-mismatch",
    "link-in-text-block",
    "color-contrast",
    "label",
    "target-size",
    "page-has-heading-one",
    "landmark-one-main",
]
# WCAG 2.2, 1.4.12: nothing may be lost with these distances.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
LOST = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('page is too wide');
  const apart = '.visually-hidden, svg, select, iframe, .verbund-skip';
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest(apart)) continue;
    const s = getComputedStyle(e);
    if (s.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 2 ||
        s.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2)
      if (e.innerText && e.innerText.trim()) found.push(e.outerHTML.slice(0, 120));
  }
  return found;
}"""
FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const shown = (x) => getComputedStyle(x).outlineStyle !== 'none' &&
    parseFloat(getComputedStyle(x).outlineWidth) >= 2;
  const last = window.verbundLast;
  const before = last && !!(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING);
  window.verbundLast = e;
  return {end: e === document.body, name: e.outerHTML.slice(0, 120), visible: shown(e),
    before, size: r.width > 0 && r.height > 0};
}"""
LONGEST = """() => Math.max(...[...document.querySelectorAll('*')].map(e => {
  const s = getComputedStyle(e);
  return Math.max(parseFloat(s.transitionDuration), parseFloat(s.animationDuration));
}))"""
PART = "#content article .module-content:not(.page-header)"
EXCHANGE = "(part) => htmx.ajax('GET', location.href, part)"
UNNAMED = """() => [...document.querySelectorAll(
    'input:not([type=hidden]):not([type=submit]), select, textarea')]
  .filter(e => !e.closest('[aria-hidden=true]') && !e.labels.length &&
    !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby'))
  .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def portal(cluster):
    return cluster["kaiserslautern"]


@pytest.fixture
def bare(browser):
    """A phone without scripts."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 700}, locale="de-DE"
    )
    yield context.new_page()
    context.close()


def test_tab_goes_through_each_page_in_order_with_visible_focus(portal, page):
    for address in MAIN:
        page.goto(portal.url + address)
        seen = []
        for _ in range(30):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            if focus["end"]:
                break
            assert focus["visible"], (address, focus["name"])
            assert focus["size"], (address, focus["name"])
            assert not focus["before"], (address, focus["name"])
            seen.append(focus["name"])
        assert len(seen) > 10, address


def test_skip_link_moves_the_focus_behind_the_menus(portal, page):
    page.goto(portal.url + "/organization/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#content')")


def test_menu_on_phones_opens_with_the_keyboard_and_closes_with_escape(portal, page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(portal.url + "/")
    menu = page.locator(".verbund-nav")
    expect(menu).to_be_hidden()
    page.focus("#verbund-menu")
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.verbund-nav')")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator("#verbund-menu")).to_be_focused()


def test_menu_and_forms_work_without_scripts(portal, bare):
    bare.goto(portal.url + "/")
    expect(bare.locator(".verbund-nav")).to_be_hidden()
    bare.focus("#verbund-menu")
    bare.keyboard.press("Space")
    expect(bare.locator(".verbund-nav")).to_be_visible()
    bare.goto(portal.url + "/seiten/barriere-melden")
    bare.click("main button[type=submit], [role=main] button[type=submit]")
    expect(bare.locator(".alert-error a")).to_have_attribute("href", "#field-text")


def test_escape_closes_a_dialog_and_the_focus_returns(cluster, page):
    portal = cluster["landau"]
    sign_in(page, portal, "sysadmin")
    page.goto(portal.url + "/harvest/admin/kaiserslautern")
    button = page.locator(".verbund-actions .btn-danger")
    page.wait_for_function("jQuery._data(document.querySelector('.btn-danger'), 'events')")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator(".modal.show")
    expect(dialog).to_be_visible()
    page.wait_for_function("document.activeElement.closest('.modal')")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_nothing_is_lost_at_200_percent_and_with_wide_spacing(portal, page):
    wrong = {}
    for address in MAIN:
        page.set_viewport_size({"width": 640, "height": 450})
        page.goto(portal.url + address)
        found = page.evaluate(LOST)
        page.add_style_tag(content=SPACING)
        found += page.evaluate(LOST)
        if found:
            wrong[address] = found
    assert not wrong, wrong


def test_every_width_from_phone_to_wall_fits(portal, page):
    page.goto(portal.url + "/")
    for width in (320, 480, 768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    text = page.locator(".main.container").bounding_box()
    assert text["width"] <= 1180


def test_nothing_moves_for_people_who_do_not_want_it(portal, page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(portal.url + "/dataset/")
    longest = page.evaluate(LONGEST)
    assert longest <= 0.001


def test_an_exchanged_part_is_announced_and_keeps_the_focus(portal, page):
    page.goto(portal.url + "/organization/activity/stadt-kaiserslautern")
    page.focus(f"{PART} li a")
    page.evaluate(EXCHANGE, PART)
    page.wait_for_function(
        "[...document.querySelectorAll('[role=status]')].some(e => e.textContent.trim())"
    )
    assert page.evaluate("document.activeElement !== document.body")


def test_problems_of_a_form_are_linked_to_their_fields(cluster, page):
    portal = cluster["landau"]
    sign_in(page, portal, "sysadmin")
    page.goto(portal.url + "/harvest/new")
    page.click("button[name=save]")
    summary = page.locator("[data-verbund-errors]")
    expect(summary).to_be_focused()
    link = summary.locator("a").first
    target = page.locator(link.get_attribute("href"))
    link.click()
    expect(target).to_be_focused()
    expect(target).to_have_attribute("aria-invalid", "true")
    described = target.get_attribute("aria-describedby").split()
    assert any(
        "error-block" in page.locator(f"#{id}").get_attribute("class") for id in described
    )


def test_every_field_has_a_name_before_scripts_help(cluster, bare):
    for address in FORMS:
        bare.goto(cluster["kaiserslautern"].url + address)
        assert not bare.evaluate(UNNAMED), address


def test_the_defects_of_ckans_theme_are_gone_by_name(cluster, page):
    portal = cluster["kaiserslautern"]
    axe = Axe()
    options = {"runOnly": {"type": "rule", "values": DEFECTS}, "resultTypes": ["violations"]}
    wrong = {}

    def check(addresses):
        for address in addresses:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(portal.url + address)
            found = [
                f"{v['id']}: {v['nodes'][0]['html'][:120]}"
                for v in axe.run(page, options=options).response["violations"]
            ]
            page.set_viewport_size({"width": 320, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                found.append("reflow")
            if found:
                wrong[address] = found

    check(
        ["/", "/organization/", "/organization/activity/stadt-kaiserslautern", "/ckan-admin/"]
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, portal, "editor")
    name = portal.user("editor")["name"]
    check(["/dashboard/", f"/user/{name}", f"/user/edit/{name}", f"/user/{name}/api-tokens"])
    assert not wrong, wrong


def test_visitors_get_one_cookie_and_the_privacy_page_names_it(cluster, page):
    portal = cluster["kaiserslautern"]
    page.goto(portal.url + "/dataset/")
    page.goto(portal.url + "/seiten/datenschutz")
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["name"] in page.inner_text("[role=main]")
    assert page.evaluate("localStorage.length") == 0


def test_a_wrong_password_is_said_in_german_and_the_name_stays(cluster, page):
    page.goto(cluster["kaiserslautern"].url + "/user/login")
    page.fill("#field-login", "frau-beispiel")
    page.fill("#field-password", "falsch")
    page.click("form button[type=submit]:has-text('Anmelden')")
    expect(page.locator("#login-failed")).to_contain_text("passen nicht zusammen")
    expect(page.locator("#field-login")).to_have_value("frau-beispiel")
    expect(page.locator("#field-password")).to_have_attribute(
        "aria-describedby", "login-failed"
    )


def test_an_expired_form_is_said_in_german_with_a_remedy(cluster, page):
    portal = cluster["kaiserslautern"]
    sign_in(page, portal, "editor")
    page.goto(f"{portal.url}/user/edit/{portal.user('editor')['name']}")
    page.evaluate("document.querySelector('#user-edit-form [name=_csrf_token]').value = 'alt'")
    page.click("#user-edit-form button[name=save]")
    expect(page.locator("h1")).to_have_text("Dieses Formular ist abgelaufen")
    expect(page.locator("#error-content")).to_contain_text("Kopieren Sie")
    expect(page.locator("#error-content")).not_to_contain_text("CSRF")


def test_an_ended_session_leads_to_the_login(cluster, page):
    portal = cluster["kaiserslautern"]
    sign_in(page, portal, "editor")
    page.context.clear_cookies()
    page.goto(portal.url + "/dashboard/datasets")
    assert "/user/login" in page.url
    expect(page.locator(".flash-messages")).to_contain_text("anmelden")


@pytest.mark.parametrize("path", ["/dataset/kaiserslautern-bevoelkerung", "/dataset/?q=Baum"])
def test_a_page_prints_whole_and_with_its_address(cluster, page, tmp_path, path):
    portal = cluster["kaiserslautern"]
    page.goto(portal.url + path)
    page.pdf(path=tmp_path / "seite.pdf", format="A4")
    poppler = ["pdftotext", "-layout", str(tmp_path / "seite.pdf"), "-"]
    text = subprocess.run(poppler, capture_output=True, text=True, check=True).stdout
    assert portal.url + path in text
    for menu in ("Anmelden", "Impressum", "Herunterladen", "Suchen", "Filter"):
        assert not re.search(rf"^\s*{menu}\b", text, re.MULTILINE), menu
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 less its margins
    cut = page.evaluate(
        "[...document.querySelectorAll('[role=main] :is(table, pre, img, svg)')]"
        ".filter(e => e.getClientRects().length && e.getBoundingClientRect().right > 681)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert cut == []


def test_a_dataset_on_paper_shows_what_a_screen_folds(cluster, page):
    portal = cluster["kaiserslautern"]
    page.goto(portal.url + "/dataset/kaiserslautern-bevoelkerung")
    page.emulate_media(media="print")
    for part in ("#diagramm", "#tabelle", "#spalten", ".verbund-more .verbund-known"):
        expect(page.locator(part).first).to_be_visible()
    for menu in (".verbund-header", ".verbund-footer", ".toolbar", ".verbund-examples"):
        expect(page.locator(menu).first).to_be_hidden()
    link = page.locator("a[rel~=license]").first
    after = "e => getComputedStyle(e, '::after').content"
    assert link.get_attribute("href") in link.evaluate(after)
    # An address that is written out is not written twice.
    assert page.locator("a.verbund-address").first.evaluate(after) in {"none", "normal"}


@pytest.mark.parametrize("role", ["editor", "sysadmin"])
def test_the_header_of_staff_has_one_row(cluster, page, role):
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, cluster["kaiserslautern"], role)
    # Measured with styles and fonts, which the form's answer may still be fetching.
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")
    tops = page.eval_on_selector_all(
        ".verbund-header nav a",
        "all => all.map(a => Math.round(a.getBoundingClientRect().top))",
    )
    assert len(tops) >= 5
    assert max(tops) - min(tops) < 10
    expect(page.locator(".verbund-me")).to_contain_text("Abmelden")
