# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold for the gate to be one; a portal where it does not hold refuses to start."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.common import CKANConfig
from ckan.exceptions import CkanConfigurationException
from ckan.lib import files
from ckan.lib.plugins import get_permission_labels
from sqlalchemy.exc import SQLAlchemyError

from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.fingerprint import decisive
from ckanext.verbund.ethics.model import field
from ckanext.verbund.ethics.permission_labels import PermissionLabels

log = logging.getLogger(__name__)

#: Settings of CKAN that would open a way around decisions.
FORBIDDEN = {
    "ckan.auth.allow_dataset_collaborators": "Mitwirkende hätten dauerhaft Leserechte.",
    "ckan.auth.reveal_private_datasets": "Fremde erführen, welche Datensätze es gibt.",
    "ckan.auth.create_unowned_dataset": "Datensätze ohne Mitglied kann niemand entscheiden.",
    "ckan.datastore.sqlsearch.enabled": "Abfragen in SQL umgehen die Leserechte.",
}


def check(config: CKANConfig) -> None:
    """Refuse to start where the gate would not hold.

    Args:
        config: The settings of the portal.

    Raises:
        CkanConfigurationException: With what is wrong and what to do.
        CatalogueError: The questions are faulty.
    """
    load()
    labels = get_permission_labels()
    if not isinstance(labels, PermissionLabels):
        raise CkanConfigurationException(
            f"Das Plugin »{getattr(labels, 'name', labels)}« bestimmt, wer welche Datensätze "
            "liest. CKAN fragt nur das erste. Nennen Sie verbund_ethics in ckan.plugins davor."
        )
    for name, reason in FORBIDDEN.items():
        if tk.asbool(config.get(name, False)):
            raise CkanConfigurationException(
                f"Die Einstellung {name} verträgt sich nicht mit verbund_ethics: {reason} "
                "Setzen Sie sie auf false."
            )
    _refuse_public_storage(config)


def _refuse_public_storage(config: CKANConfig) -> None:
    name = config["ckan.files.default_storages.resource"]
    try:
        storage = files.get_storage(name)
    except files.exc.UnknownStorageError:
        return
    if getattr(storage.settings, "public", False):
        raise CkanConfigurationException(
            f"Der Dateispeicher »{name}« ist öffentlich, Dateien von Datensätzen wären ohne "
            "Entscheidung lesbar. Nehmen Sie »public« aus seinen Einstellungen."
        )


def renew_fields() -> None:
    """Copy the list of decisive fields to the database, if it is another one."""
    try:
        if not sa.inspect(model.ensure_engine()).has_table(field.name):
            return  # ckan db upgrade has still to run
        with model.ensure_engine().begin() as connection:
            known = {tuple(row) for row in connection.execute(sa.select(field))}
            wanted = set(decisive().rows())
            if known == wanted:
                return
            connection.execute(sa.delete(field))
            connection.execute(
                sa.insert(field), [{"kind": k, "field": f} for k, f in sorted(wanted)]
            )
    except SQLAlchemyError:
        # Without a database nothing is public either.
        log.exception("The list of decisive fields could not be renewed")
