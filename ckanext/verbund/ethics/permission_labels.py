# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may read which dataset: only a decision gives ``public``."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.verbund.ethics import gate, roles
from ckanext.verbund.ethics.model import EXEMPT, case, in_force


class PermissionLabels(DefaultPermissionLabels):
    """Labels of CKAN, with the gate before ``public`` and one more for who judges a case."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Return the labels of a package.

        ``public`` only if a decision lets it be public now; else those of a private package,
        and, once a case was submitted, that of the member's reviewers and specialists.
        """
        if dataset_obj.type in EXEMPT:
            return super().get_dataset_labels(dataset_obj)
        if gate.is_public(dataset_obj) and in_force(dataset_obj.id):
            return ["public"]
        if not dataset_obj.owner_org:
            return [f"creator-{dataset_obj.creator_user_id}"]
        labels = [f"member-{dataset_obj.owner_org}"]
        if _submitted(dataset_obj.id):
            labels.append(f"verbund-case-{dataset_obj.owner_org}")
        return labels

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        """Return the labels that an account may read."""
        labels = super().get_user_dataset_labels(user_obj)
        if user_obj and not user_obj.is_anonymous:
            labels += [f"verbund-case-{id}" for id in roles.members_of(user_obj.id)]
        return labels


def _submitted(package_id: str) -> bool:
    query = sa.select(case.c.id).where(case.c.package_id == package_id, case.c.state != "draft")
    return model.Session.scalar(query.limit(1)) is not None
