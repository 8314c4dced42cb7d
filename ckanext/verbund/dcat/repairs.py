# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was changed in harvested datasets, for those who answer for the source."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.verbund.dcat.model import Kept, SourceCatalog
from ckanext.verbund.domain.dcatde.upgrade import RULES

__all__ = ["found"]


def found(package_id: str, limit: int, offset: int) -> dict[str, Any]:
    """Return repairs of one package, or of all of a harvest source and its catalogue.

    Args:
        package_id: ID of the package; a harvest source is one, too.
        limit: How many to list.
        offset: How many to leave out before.
    """
    every = sa.union_all(
        sa.select(Kept.package_id.label("id"), _each(Kept.repairs)).where(
            sa.or_(Kept.package_id == package_id, Kept.source_id == package_id)
        ),
        sa.select(SourceCatalog.source_id, _each(SourceCatalog.repairs)).where(
            SourceCatalog.source_id == package_id
        ),
    ).subquery()
    rule = sa.func.jsonb_array_elements_text(every.c.repair["rules"]).label("rule")
    by_rule = sa.select(rule, sa.func.count()).group_by(rule).order_by(sa.func.count().desc())
    rows = sa.select(every).order_by(every.c.id, every.c.repair).limit(limit).offset(offset)
    return {
        "count": model.Session.scalar(sa.select(sa.func.count()).select_from(every)),
        "rules": [
            {"rule": name, "count": count, "de": RULES[name].de, "en": RULES[name].en}
            for name, count in model.Session.execute(by_rule)
        ],
        "results": [
            {"package_id": key, **repair} for key, repair in model.Session.execute(rows)
        ],
    }


def _each(repairs: Any) -> Any:
    return sa.func.jsonb_array_elements(repairs, type_=JSONB).label("repair")
