# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Without the gate before publication nobody is asked whether harvested data may be public."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.verbund.harvest import decisions

pytestmark = pytest.mark.usefixtures("with_plugins")


def test_without_the_gate_nothing_is_asked():
    with pytest.raises(KeyError):
        tk.get_action("verbund_decision_inherit")
    decisions.inherit("no-source", ["no-dataset"])
