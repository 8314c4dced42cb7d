# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The running cluster as the browser tests see it.

``VERBUND_PROFILE=demo`` points the same tests at a running demo.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
STACK = Path(os.environ.get("STACK_DIR", ROOT / ".stack"))
PROFILE = os.environ.get("VERBUND_PROFILE", "test")
SCREENS = STACK / "test-results" / "screens"
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


@dataclass(frozen=True)
class Portal:
    """One portal of the cluster with its accounts."""

    name: str
    url: str
    users: list[dict]

    def user(self, role: str) -> dict:
        """Return the first account of a role."""
        return next(u for u in self.users if u["role"] == role)

    def api(self, action: str, /, role: str = "sysadmin", **parameters: object) -> object:
        """Call an action with the token of a role."""
        answer = requests.post(
            f"{self.url}/api/3/action/{action}",
            json=parameters,
            headers={"Authorization": self.user(role)["token"]},
            timeout=120,
        )
        body = answer.json()
        assert body["success"], body["error"]
        return body["result"]

    def purge(self, **query: object) -> None:
        """Remove the datasets, drafts included, that a search finds."""
        found = self.api("package_search", include_drafts=True, include_private=True, **query)
        for package in found["results"]:
            answer = requests.post(
                f"{self.url}/api/3/action/dataset_purge",
                json={"id": package["id"]},
                headers={"Authorization": self.user("sysadmin")["token"]},
                timeout=120,
            )
            # A job that loads a table may write the index after its dataset has gone.
            assert answer.status_code in {200, 404}, answer.text


def outside(url: str) -> bool:
    """Return whether an address is not one of our own."""
    return not url.startswith(
        ("http://localhost:", "http://127.0.0.1:", "data:", "blob:", "about:")
    )


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def sign_in(page: Page, portal: Portal, role: str) -> None:
    """Sign in through the form, as a person does."""
    user = portal.user(role)
    page.goto(f"{portal.url}/user/login")
    page.fill("#field-login", user["name"])
    page.fill("#field-password", user["password"])
    page.click("form button[type=submit]:has-text('Anmelden')")
    page.wait_for_selector(".account")


def violations(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA: rule, help and the first places."""
    answer = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{v['id']}: {v['help']} ({len(v['nodes'])}×) "
        + " | ".join(n["html"][:160] for n in v["nodes"][:3])
        for v in answer
    ]
