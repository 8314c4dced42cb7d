# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plugin ``verbund_ethics``: nothing is public without a decision that holds."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import types
from ckan.common import CKANConfig

from ckanext.verbund.domain.ethics import prefill, short_check

from . import posture, recurring, requests, screening
from .logic import action, auth
from .permission_labels import PermissionLabels


@tk.blanket.actions(action.actions)
@tk.blanket.auth_functions(auth.functions)
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
class VerbundEthicsPlugin(PermissionLabels, p.SingletonPlugin):
    """Cases, decisions and the gate before publication."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IPermissionLabels)
    p.implements(p.ISignal)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:
        """Refuse to start where the gate would not hold; end what expires, look every night."""
        posture.check(config)
        # Read here, so that a faulty file is refused at start and not in front of a clerk.
        short_check.rules()
        prefill.rules()
        posture.renew_fields()
        recurring.register()

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and their style."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "verbund-ethics")

    # ISignal

    def get_signal_subscriptions(self) -> types.SignalMapping:
        """Listen to changes of datasets, whose files are looked at anew, and to requests."""
        parts = (screening.subscriptions(), requests.subscriptions())
        signal = tk.signals.action_succeeded
        return {signal: [one for part in parts for one in part[signal]]}
