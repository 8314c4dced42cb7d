# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demonstration's content is complete, and its files are what they say they are."""

import csv
import hashlib
import io
import json
import math
import random
import re
import uuid
import zipfile
from functools import cache
from pathlib import Path

import pytest
import python_calamine

from ckanext.verbund.domain import vocab
from demo import catalogs, decisions, definitions, files, load
from demo.files import settlements

ROOT = Path(__file__).parents[2]
PORTALS = definitions.read_portals()
DATASETS = {
    dataset.name: dataset for portal in PORTALS for dataset in definitions.read_datasets(portal)
}
FILES = {
    file.name: (resource, file, dataset)
    for dataset in DATASETS.values()
    for resource, file in zip(dataset.fields["resources"], dataset.files, strict=True)
}
#: Parameters that keep the long generators quick.
SMALL = {
    "trees": {"count": 20},
    "gauge": {"hours": 2},
    "traffic_counts": {"stations": 1},
    "air_quality": {"days": 3},
    "light_outages": {"count": 20},
    "parking": {"days": 1},
}
#: Series and services are described by other fields than datasets.
TYPES = {"dataset": "dataset.yaml"} | {
    kind: f"{kind}.yaml" for kind in ("dataset_series", "data_service")
}
#: Datasets whose case stops on the way to a decision; nothing speaks against them.
UNDER_WAY = {"draft", "review", "comments", "ready"}
PRIVATE = {
    name
    for name, dataset in DATASETS.items()
    if dataset.fields["private"] and dataset.case not in UNDER_WAY
}


@cache
def content(name):
    file = FILES[name][1]
    return files.build(file.name, file.generator)


def named(*suffixes):
    return [name for name in FILES if name.endswith(suffixes)]


def schema(name, part):
    """Field name → names of its subfields, or None."""
    fields = definitions.read_yaml(ROOT / "schemas" / name)[part]
    return {
        field["field_name"]: {sub["field_name"] for sub in field.get("repeating_subfields", [])}
        for field in fields
    }


def test_every_key_is_a_field_of_the_schema():
    own = {"id": set(), "private": set(), "type": set()}
    known_fields = {kind: schema(file, "dataset_fields") | own for kind, file in TYPES.items()}
    known_of_resource = schema("dataset.yaml", "resource_fields") | {"id": set()}
    for dataset in DATASETS.values():
        fields = {**dataset.fields}
        known = known_fields[fields["type"]]
        for resource in fields.pop("resources"):
            assert set(resource) <= set(known_of_resource), dataset.name
        assert set(fields) <= set(known), dataset.name
        for key, value in fields.items():
            for entry in value if known[key] else []:
                assert set(entry) <= known[key], (dataset.name, key)


def vocabularies(name, part):
    """Field name → its list, for the fields that have one."""
    fields = definitions.read_yaml(ROOT / "schemas" / name)[part]
    return {
        field["field_name"]: vocab.load(field["vocabulary"])
        for field in fields
        if field.get("vocabulary") in vocab.names()
    }


def test_every_value_of_a_vocabulary_is_in_its_list():
    parts = [
        (
            vocabularies(file, "dataset_fields"),
            [d.fields for d in DATASETS.values() if d.fields["type"] == kind],
        )
        for kind, file in TYPES.items()
    ]
    parts += [
        (vocabularies("dataset.yaml", "resource_fields"), [r for r, _, _ in FILES.values()]),
    ]
    unknown = [
        (key, value)
        for lists, things in parts
        for thing in things
        for key in lists.keys() & thing.keys()
        for value in ([thing[key]] if isinstance(thing[key], str) else thing[key])
        if lists[key].get(value) is None
    ]
    assert not unknown


def test_every_organisation_key_is_a_field_of_the_schema():
    known = set(schema("organization.yaml", "fields"))
    for portal in PORTALS:
        sources = portal.get("harvest_sources", [])
        for holder in portal["members"] + sources:
            assert set(holder["organization"]) <= known


def test_every_portal_shows_at_least_a_dozen_public_datasets():
    for portal in PORTALS:
        public = [d for d in definitions.read_datasets(portal) if not d.fields["private"]]
        assert len(public) >= 12, portal["name"]


def test_every_portal_has_the_accounts_of_the_demonstration():
    for portal in PORTALS:
        roles = sorted(user["role"] for user in portal["users"])
        assert roles == [
            "decider", "dpo", "editor", "editor", "leitung", "orgadmin", "reviewer",
            "stranger", "sysadmin",
        ]  # fmt: skip
        holders = [*portal["members"], *portal.get("harvest_sources", [])]
        names = {holder["organization"]["name"] for holder in holders}
        assert {o for user in portal["users"] for o in user.get("organizations", [])} <= names


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_is_described_completely(name):
    fields = DATASETS[name].fields
    wanted = {
        "title", "notes", "tag_string", "theme", "publisher", "contact", "spatial_coverage",
        "issued", "modified",
    }  # fmt: skip
    wanted |= {
        "dataset": {"frequency", "language", "data_origin", "measuring_method", "known_limits"},
        "dataset_series": {"frequency", "temporal_coverage"},
        "data_service": {"endpoint_url", "endpoint_description", "license", "serves_dataset"},
    }[fields["type"]]
    assert not [key for key in wanted if not fields.get(key)]
    assert "Demonstrationsdaten" in fields["tag_string"].split(",")
    assert fields["notes"].startswith("Demonstrationsdaten: ")
    for resource in fields["resources"]:
        assert resource["license"].startswith("http://dcat-ap.de/def/licenses/")
        assert all(resource[key] for key in ("name", "description", "format"))


def test_series_and_service_name_datasets_that_are_there():
    of_type = {kind: {n for n, d in DATASETS.items() if d.fields["type"] == kind}
               for kind in TYPES}  # fmt: skip
    served = {n for d in DATASETS.values() for n in d.fields.get("serves_dataset", [])}
    parts = [n for d in DATASETS.values() for n in d.fields.get("in_series", [])]
    assert served
    assert served <= of_type["dataset"] - PRIVATE
    assert set(parts) == of_type["dataset_series"]
    assert len(parts) >= 3
    # A dataset can only name a series that the portal holds already.
    for portal in PORTALS:
        known = set()
        for dataset in definitions.read_datasets(portal):
            assert set(dataset.fields.get("in_series", [])) <= known, dataset.name
            known.add(dataset.name)


def test_names_are_unique_and_identifiers_stable():
    paths = list((ROOT / "demo/content").glob("*/*.yaml"))
    assert len(DATASETS) == len(paths) == len({d.fields["id"] for d in DATASETS.values()})
    identifier = uuid.uuid5(
        uuid.NAMESPACE_URL, "https://daten.landau.example/dataset/landau-pegel-queich"
    )
    assert DATASETS["landau-pegel-queich"].fields["id"] == str(identifier)
    assert all(name.startswith("demo_") for name in FILES)


@pytest.mark.parametrize("kind", files.GENERATORS)
def test_generator_gives_the_same_bytes_twice(kind):
    parameters = {"place": "st-wendel"} | (SMALL.get(kind, {}))
    first = files.build("demo.bin", {kind: parameters})
    assert first == files.build("demo.bin", {kind: parameters})
    assert first != files.build("other.bin", {kind: parameters}) or kind == "counting_stations"


def test_every_generator_is_used():
    assert {kind for _, file, _ in FILES.values() for kind in file.generator} == set(
        files.GENERATORS
    )


@pytest.mark.parametrize("name", named(".csv"))
def test_csv_has_the_claimed_encoding_and_header(name):
    resource = FILES[name][0]
    raw = content(name)
    if "Windows-1252" in resource["description"]:
        with pytest.raises(UnicodeDecodeError):
            raw.decode()
        text = raw.decode("cp1252")
    elif "BOM" in resource["description"]:
        assert raw.startswith(b"\xef\xbb\xbf")
        text = raw.decode("utf-8-sig")
    else:
        assert "Beträge" in resource["description"]
        text = raw.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    if "Titelzeile" in resource["description"]:
        assert len(rows[0]) == 1
        assert rows[1] == []
        rows = rows[2:]
    assert len(rows) > 10
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(set(rows[0])) == len(rows[0])


def test_german_notation_is_there():
    text = content("demo_kl_haushaltsplan_2026.csv").decode("cp1252")
    assert re.search(r";-\d{1,3}(\.\d{3})+,\d\d", text)
    assert re.search(
        r"^\d\d\.\d\d\.2025;",
        content("demo_kl_verkehrszaehlung_2025.csv").decode("cp1252"),
        re.M,
    )


def points(value):
    if isinstance(value[0], (int, float)):
        yield value
    else:
        for item in value:
            yield from points(item)


@pytest.mark.parametrize("name", named(".geojson"))
def test_geojson_is_in_the_claimed_system(name):
    collection = json.loads(content(name))
    coordinates = [
        p for f in collection["features"] for p in points(f["geometry"]["coordinates"])
    ]
    assert coordinates
    if "25832" in FILES[name][0]["description"]:
        assert collection["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::25832"
        assert all(350_000 < x < 450_000 and 5_440_000 < y < 5_500_000 for x, y in coordinates)
    else:
        assert "crs" not in collection
        assert all(6.8 < x < 8.3 and 49.1 < y < 49.7 for x, y in coordinates)


@pytest.mark.parametrize("place", settlements.SETTLEMENTS)
def test_points_and_lines_stay_inside_the_discs_of_their_place(place):
    rng = random.Random(place)  # noqa: S311 a draw, not a secret
    drawn = [settlements.somewhere(rng, place)[1:] for _ in range(200)]
    drawn += settlements.path(rng, place)
    for lon, lat in drawn:
        assert any(
            math.hypot((lon - part.lon) * math.cos(math.radians(part.lat)), lat - part.lat)
            * settlements.METRES_PER_DEGREE
            <= part.radius + 1
            for part in settlements.SETTLEMENTS[place]
        )


@pytest.mark.parametrize("name", named(".xlsx"))
def test_workbook_has_the_claimed_sheets(name):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content(name)))
    claimed = FILES[name][0]["description"].removeprefix("Blätter: ").split(", ")
    assert book.sheet_names == claimed
    assert all(len(book.get_sheet_by_name(sheet).to_python()) > 1 for sheet in claimed)


@pytest.mark.parametrize("name", named("_gtfs.zip"))
def test_timetable_refers_only_to_what_it_holds(name):
    with zipfile.ZipFile(io.BytesIO(content(name))) as archive:
        tables = {
            member: list(csv.DictReader(io.StringIO(archive.read(member).decode())))
            for member in archive.namelist()
        }
    trips = {row["trip_id"] for row in tables["trips.txt"]}
    stops = {row["stop_id"] for row in tables["stops.txt"]}
    assert {row["trip_id"] for row in tables["stop_times.txt"]} == trips
    assert {row["stop_id"] for row in tables["stop_times.txt"]} <= stops


def test_what_must_not_be_published_is_private_and_says_why():
    harmful = {"complaints", "dog_owners", "small_counts", "water_plants"}
    holding = {
        dataset.name for _, file, dataset in FILES.values() if harmful & set(file.generator)
    }
    assert holding == PRIVATE
    assert len(PRIVATE) >= 4
    for name in PRIVATE:
        assert "So nicht veröffentlichen: " in DATASETS[name].fields["notes"]
    for name in named("sozialleistungen.csv", "jugendhilfe.csv"):
        assert re.search(r";[12]\r\n", content(name).decode("utf-8-sig"))


def test_cases_stop_in_every_state():
    wanted = {dataset.case for dataset in DATASETS.values() if dataset.case}
    assert wanted == set(decisions.CASES)
    assert {d.fields["private"] for d in DATASETS.values() if d.case is None} == {False}


def test_catalogues_unpack_without_links_to_the_live_host(tmp_path):
    paths = catalogs.unpack(tmp_path)
    note = (ROOT / "demo/catalogs/README.md").read_text(encoding="utf-8")
    assert [path.name for path in paths] == ["brandenburg.rdf", "rostock.rdf"]
    for path in paths:
        raw = path.read_bytes()
        assert b"<hydra:" not in raw
        assert hashlib.sha256(raw).hexdigest() in note


def test_committed_demonstration_stays_small():
    committed = [
        p for p in (ROOT / "demo").rglob("*") if p.is_file() and "__pycache__" not in p.parts
    ]
    assert sum(path.stat().st_size for path in committed) < 1_500_000


class FakePortal(load.Portal):
    """CKAN as far as the loader needs it; breaks at the n-th upload when told."""

    def __init__(self, breaks_at=None):
        self.orgs, self.packages, self.sources, self.writes = {}, {}, {}, []
        self.breaks_at = breaks_at

    def _result(self, action, *, missing_ok=False, json=None, data=None, files=None):
        if not action.endswith("_show"):
            self.writes.append(action)
        return getattr(self, action)(
            **({"data": data, "files": files} if json is None else json)
        )

    def organization_show(self, id, **_):
        return self.orgs.get(id)

    def organization_create(self, **fields):
        self.orgs[fields["name"]] = {**fields, "id": fields["name"], "users": []}

    def organization_member_create(self, id, username, role):
        self.orgs[id]["users"].append({"name": username, "capacity": role})

    def package_show(self, id):
        return self.packages.get(id)

    def package_create(self, **fields):
        tags = [{"name": tag} for tag in fields["tag_string"].split(",")]
        shown = {**fields, "tags": tags, "organization": {"name": fields["owner_org"]}}
        self.packages[fields["id"]] = json.loads(json.dumps(shown))
        return self.packages[fields["id"]]

    def package_revise(self, data, files):
        if self.breaks_at is not None and self.writes.count("package_revise") > self.breaks_at:
            raise load.LoadError("kaputt")
        shown = self.packages[json.loads(data["match"])["id"]]
        shown.update(json.loads(data["update"]))
        shown["resources"] += json.loads(data["update__resources__extend"])
        for key, (name, _) in files.items():
            shown["resources"][int(key.split("__")[2])]["url"] = name

    def status_show(self):
        return {"extensions": ["harvest"]}

    def harvest_source_show(self, id):
        return self.sources.get(id)

    def harvest_source_create(self, **fields):
        self.sources[fields["name"]] = fields


@pytest.fixture
def run(monkeypatch):
    def run(fake, **options):
        monkeypatch.setattr(load, "Portal", lambda url, token: fake)
        monkeypatch.setattr(definitions.DemoFile, "content", lambda file: content(file.name))
        fake.writes.clear()
        portal = {"name": "landau", "url": "", "ports": {"kaiserslautern": 5101}}
        return load.load_portal(portal, "token", lambda sentence: None, **options)

    return run


def test_second_run_changes_nothing(run):
    fake = FakePortal()
    assert run(fake).created > 15
    assert fake.sources["kaiserslautern"]["url"] == "http://127.0.0.1:5101/catalog.rdf"
    summary = run(fake)
    assert (summary.created, summary.updated, fake.writes) == (0, 0, [])
    assert run(fake, refresh=True).updated == 0


def test_killed_run_is_finished_by_the_next(run):
    fake = FakePortal(breaks_at=3)
    with pytest.raises(load.LoadError):
        run(fake)
    assert [p["state"] for p in fake.packages.values()].count("draft") == 1
    fake.breaks_at = None
    assert run(fake).updated == 1
    assert {p["state"] for p in fake.packages.values()} == {"active"}
    assert all(r["url"] for p in fake.packages.values() for r in p["resources"])


def test_edits_survive_a_run_but_not_a_refresh(run):
    fake = FakePortal()
    run(fake)
    shown = fake.packages[DATASETS["landau-pegel-queich"].fields["id"]]
    shown["title"] = "Von Hand geändert"
    run(fake)
    assert shown["title"] == "Von Hand geändert"
    assert run(fake, refresh=True).updated == 1
    assert (
        fake.packages[shown["id"]]["title"] == DATASETS["landau-pegel-queich"].fields["title"]
    )


def test_silent_portal_is_reported_in_one_sentence():
    with pytest.raises(load.LoadError, match="antwortet nicht"):
        load.Portal("http://127.0.0.1:9", "token").call("status_show")
