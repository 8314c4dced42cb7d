# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of the demonstration: the delicate ones are held, no harmless one is."""

from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain.screening.limits import ScanLimits
from ckanext.verbund.domain.screening.reading import collect
from demo.files import build

CONTENT = Path(__file__).parents[3] / "demo" / "content"
DELICATE = {
    "complaints": {"name", "phone", "address", "free-text"},
    "dog_owners": {"name", "address", "home-location"},
    "small_counts": {"small-counts"},
}


def one_of_each():
    """Return a file of every generator: its name and how it is made."""
    found = {}
    for path in sorted(CONTENT.rglob("*.yaml")):
        for resource in yaml.safe_load(path.read_text(encoding="utf-8")).get("resources", []):
            if "generator" in resource:
                kind = next(iter(resource["generator"]))
                found[kind] = (resource["file"], resource["generator"])
    return found


FILES = one_of_each()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_held_if_it_is_delicate_and_only_then(kind, tmp_path):
    name, generator = FILES[kind]
    path = tmp_path / name
    path.write_bytes(build(name, generator))
    found = collect(path, name, ScanLimits(), tmp_path)
    assert found.status == "scanned"
    assert {h.kind for h in found.hits if h.contradicts} == DELICATE.get(kind, set())


def test_the_delicate_files_are_part_of_the_demonstration():
    assert set(DELICATE) < set(FILES)
