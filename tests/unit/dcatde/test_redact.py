# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox of a person is told from one of an office."""

import pytest

from ckanext.verbund.domain.dcatde.redact import is_personal


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("erika.muster@stadt.example", ""),
        ("jörg_müller@stadt.example", ""),
        ("e.muster@stadt.example", "Erika Muster"),
        ("muster@stadt.example", "Dr. Erika Muster"),
        ("muster@stadt.example", "Erika Muster, Bauamt"),
    ],
)
def test_personal_mailboxes(address, name):
    assert is_personal(address, [name] if name else [])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("opendata.hro@rostock.example", "Hanse- und Universitätsstadt Rostock"),
        ("info@max-samuel-haus.example", "Max-Samuel-Haus"),
        ("fairtrade@rostock.example", "Fairtrade-Stadt"),
        ("legal-questions@osm.example", "OSM Foundation"),
        ("bauamt@stadt.example", "Erika Muster"),
        ("stadt.musterstadt@stadt.example", "Stadt Musterstadt"),
        ("martin-luther-schule.verwaltung@stadt.example", ""),
        ("sport.freizeit@stadt.example", ""),
    ],
)
def test_mailboxes_of_offices(address, name):
    assert not is_personal(address, [name] if name else [])


def test_the_source_may_say_that_it_is_a_person():
    assert is_personal("em@stadt.example", [], person=True)
    assert not is_personal("poststelle@stadt.example", [], person=True)
