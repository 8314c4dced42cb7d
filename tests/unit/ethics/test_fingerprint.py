# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changes the fingerprint of a dataset, and what does not."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain.canon import canonical, digest
from ckanext.verbund.domain.ethics.fingerprint import decisive, fingerprint, read, uploads

SCHEMAS = Path(__file__).parents[3] / "schemas"
PACKAGE = {
    "id": "p",
    "type": "dataset",
    "title": "Spielplätze",
    "notes": "Alle Spielplätze\nder Stadt",
    "owner_org": "o",
    "publisher": [{"name": "Amt 67", "email": "", "type": None}],
    "tags": [{"name": "kinder"}],
    "contact": [{"name": "Amt 67"}],
    "private": True,
    "state": "active",
    "metadata_modified": "2026-11-25T03:00:00",
    "resources": [
        {
            "id": "r1",
            "url_type": "upload",
            "url": "https://portal.example/dataset/p/resource/r1/download/plaetze.csv",
            "name": "Plätze",
            "format": "CSV",
            "position": 0,
            "datastore_active": False,
        },
        {"id": "r2", "url": "https://daten.example/x.json", "name": "Link", "position": 1},
    ],
}
HASHES = {"r1": "a" * 64}


def changed(path, value):
    package = deepcopy(PACKAGE)
    place = package
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return package


SAME = {
    "Schlagwörter": (("tags",), []),
    "Kontakt": (("contact",), [{"name": "Amt 40"}]),
    "privat": (("private",), False),
    "geändert am": (("metadata_modified",), "2027-01-01T00:00:00"),
    "Tabelle geladen": (("resources", 0, "datastore_active"), True),
    "Adresse des Portals": (
        ("resources", 0, "url"),
        "http://127.0.0.1/dataset/p/resource/r1/download/plaetze.csv",
    ),
    "leer statt fehlend": (("provenance",), ""),
    "leere Teile": (("publisher",), [{"name": "Amt 67"}]),
    "Zeilenende von Windows": (("notes",), "Alle Spielplätze\r\nder Stadt"),
    "Umlaut aus zwei Zeichen": (("title",), "Spielpla\u0308tze"),
}


@pytest.mark.parametrize(("path", "value"), SAME.values(), ids=SAME)
def test_the_fingerprint_stays(path, value):
    assert fingerprint(changed(path, value), HASHES) == fingerprint(PACKAGE, HASHES)


OTHER = {
    "Titel": (("title",), "Kinder"),
    "Beschreibung": (("notes",), "Anderes"),
    "Mitglied": (("owner_org",), "x"),
    "Herausgeber": (("publisher",), [{"name": "Amt 40"}]),
    "neues Feld": (("access_rights",), "http://x.example/RESTRICTED"),
    "Zahl statt nichts": (("spatial_resolution_in_meters",), 10.5),
    "Name der Datei": (("resources", 0, "name"), "Kinder"),
    "Adresse eines Links": (("resources", 1, "url"), "https://daten.example/y.json"),
    "Datei statt Link": (("resources", 0, "url_type"), ""),
    "andere Kennung": (("id",), "q"),
}


@pytest.mark.parametrize(("path", "value"), OTHER.values(), ids=OTHER)
def test_the_fingerprint_changes(path, value):
    assert fingerprint(changed(path, value), HASHES) != fingerprint(PACKAGE, HASHES)


def test_other_bytes_and_another_file_are_other_content():
    before = fingerprint(PACKAGE, HASHES)
    assert fingerprint(PACKAGE, {"r1": "b" * 64}) != before
    assert fingerprint(changed(("resources",), PACKAGE["resources"][:1]), HASHES) != before


def test_the_order_of_files_does_not_count():
    turned = changed(("resources",), PACKAGE["resources"][::-1])
    assert fingerprint(turned, HASHES) == fingerprint(PACKAGE, HASHES)


def test_the_hash_of_each_upload_is_needed():
    assert uploads(PACKAGE) == ["r1"]
    with pytest.raises(KeyError):
        fingerprint(PACKAGE, {})


def test_a_source_of_harvesting_counts_with_its_address():
    source = {"id": "s", "type": "harvest", "url": "https://a.example", "title": "A"}
    before = fingerprint(source, {})
    assert fingerprint({**source, "title": "B"}, {}) == before
    assert fingerprint({**source, "url": "https://b.example"}, {}) != before


def test_another_list_gives_another_fingerprint():
    fields = read((SCHEMAS / "ethics/decisive.yaml").read_text(encoding="utf-8"))
    assert fields == decisive()
    newer = type(fields)(**{**vars(fields), "version": fields.version + 1})
    assert fingerprint(PACKAGE, HASHES, newer) != fingerprint(PACKAGE, HASHES)


def test_every_decisive_field_is_one_of_the_schema_or_of_ckan():
    known = {"type", "owner_org", "license_id", "url_type"}
    for name in ("dataset", "dataset_series", "data_service"):
        schema = yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text(encoding="utf-8"))
        for part in ("dataset_fields", "resource_fields"):
            known |= {field["field_name"] for field in schema.get(part) or ()}
    assert set(decisive().package + decisive().resource) <= known


@pytest.mark.parametrize("text", ["version: 1", "version: x\npackage: []", "- a"])
def test_a_faulty_list_is_refused(text):
    with pytest.raises(ValueError, match=r"decisive\.yaml"):
        read(text)


def test_canonical_spelling():
    assert canonical({"b": [1, True, None], "a": "ä"}) == '{"a":"ä","b":[1,true,null]}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        canonical({"a": 1.5})
