# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs inside CKAN: makes accounts and tokens of a portal.

``python -m stack.provision INI < accounts.json`` prints the tokens as JSON. One process
for all accounts, because starting CKAN costs seconds. The docker image calls it too.
"""

from __future__ import annotations

import json
import sys

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app


def accounts(wanted: list[dict[str, str]]) -> list[dict[str, str]]:
    """Create each account that is missing and give each a token named ``stack``.

    Args:
        wanted: ``name``, ``password``, ``fullname``, ``email``, ``role``; an account of the
            role ``sysadmin`` becomes one.

    Returns:
        The same entries, each with its ``token``.
    """
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def context() -> dict:
        return {"user": site, "ignore_auth": True}

    result = []
    for account in wanted:
        user = model.User.get(account["name"])
        if user is None:
            fields = {k: account[k] for k in ("name", "password", "fullname", "email")}
            tk.get_action("user_create")(context(), fields)
            user = model.User.get(account["name"])
        if account["role"] == "sysadmin" and not user.sysadmin:
            tk.get_action("user_patch")(context(), {"id": user.id, "sysadmin": True})
        for old in tk.get_action("api_token_list")(context(), {"user_id": user.id}):
            if old["name"] == "stack":
                tk.get_action("api_token_revoke")(context(), {"jti": old["id"]})
        made = tk.get_action("api_token_create")(
            context(), {"user": user.name, "name": "stack"}
        )
        result.append({**account, "token": made["token"]})
    return result


def main() -> None:
    """Read accounts from standard input, print them with tokens."""
    app = make_app(load_config(sys.argv[1]))
    with app._wsgi_app.test_request_context():
        print(json.dumps(accounts(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
