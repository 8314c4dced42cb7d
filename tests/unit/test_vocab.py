# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vocabularies: complete, accounted for, and found by every spelling of a value."""

import ast
import csv
import hashlib
import time
from itertools import chain
from pathlib import Path

import pytest
import yaml

from ckanext.verbund.domain import vocab

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "schemas" / "vocab"
EU = "http://publications.europa.eu/resource/authority/"
DE = "http://dcat-ap.de/def/"
BASES = {
    "access_right": EU + "access-right/",
    "checksum_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_",
    "contributor": DE + "contributors/",
    "data_theme": EU + "data-theme/",
    "dataset_type": EU + "dataset-type/",
    "distribution_status": EU + "distribution-status/",
    "file_type": EU + "file-type/",
    "frequency": EU + "frequency/",
    "geocoding_level": DE + "politicalGeocoding/Level/",
    "hvd_category": "http://data.europa.eu/bna/",
    "language": EU + "language/",
    "license": DE + "licenses/",
    "media_type": "https://www.iana.org/assignments/media-types/",
    "musterdatensatz": "https://musterdatenkatalog.de/def/musterdatensatz/",
    "planned_availability": EU + "planned-availability/",
    "publisher_type": "http://purl.org/adms/publishertype/",
}
MANIFEST = yaml.safe_load((LISTS / "manifest.yaml").read_text(encoding="utf-8"))
every_list = pytest.mark.parametrize("name", sorted(BASES))


def spellings(concept: vocab.Concept) -> list[str]:
    aliases = concept.extra.get("alias", "").split(";")
    return [
        text for text in (concept.iri, concept.code, *concept.labels.values(), *aliases) if text
    ]


def test_there_are_exactly_these_lists():
    assert set(vocab.names()) == set(BASES)
    assert set(MANIFEST) == {f"{name}.csv" for name in BASES}


@every_list
def test_manifest_accounts_for_the_file(name):
    entry = MANIFEST[f"{name}.csv"]
    content = (LISTS / f"{name}.csv").read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    wanted = ("source", "source_version", "retrieved", "license", "copyright", "note")
    assert all(entry[key] for key in wanted)


@every_list
def test_table_is_plain(name):
    text = (LISTS / f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][:6] == ["code", "iri", "de", "en", "note", "deprecated"]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert {row[5] for row in rows[1:]} <= {"yes", "no"}
    cells = list(chain.from_iterable(rows))
    assert [cell for cell in cells if cell != " ".join(cell.split())] == []


@every_list
def test_every_concept_is_complete(name):
    for concept in vocab.load(name).concepts:
        assert concept.iri == BASES[name] + concept.code
        assert all(concept.labels[lang] for lang in vocab.LANGUAGES)


@every_list
def test_no_two_concepts_share_a_spelling(name):
    vocabulary = vocab.load(name)
    for concept in vocabulary.concepts:
        for text in spellings(concept):
            assert vocabulary.get(text) is concept, text


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("access_right", 6),
        ("contributor", 69),
        ("data_theme", 13),
        ("frequency", 38),
        ("geocoding_level", 6),
        ("hvd_category", 96),
        ("license", 34),
        ("musterdatensatz", 242),
        ("publisher_type", 4),
    ],
)
def test_lists_are_complete(name, count):
    assert len(vocab.load(name).concepts) == count


def test_24_licences_are_open():
    concepts = vocab.load("license").concepts
    assert {c.extra["open"] for c in concepts} == {"yes", "no"}
    assert sum(c.extra["open"] == "yes" for c in concepts) == 24
    without_page = {c.code for c in concepts if not c.extra["homepage"]}
    assert all(code.startswith("other-") for code in without_page)


def test_languages_of_the_union_and_of_many_citizens():
    codes = {c.code for c in vocab.load("language").concepts}
    union = (
        "BUL CES DAN DEU ELL ENG EST FIN FRA GLE HRV HUN "
        "ITA LAV LIT MLT NLD POL POR RON SLK SLV SPA SWE"
    )
    assert codes >= {*union.split(), "TUR", "ARA", "UKR", "LTZ"}


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("frequency", EU + "frequency/ANNUAL", "ANNUAL"),
        ("frequency", "https" + EU[4:] + "frequency/ANNUAL/", "ANNUAL"),
        ("frequency", "ANNUAL", "ANNUAL"),
        ("frequency", " annual ", "ANNUAL"),
        ("frequency", "jährlich", "ANNUAL"),
        ("frequency", "JÄHRLICH", "ANNUAL"),
        ("frequency", "ja\u0308hrlich", "ANNUAL"),
        ("data_theme", "Umwelt", "ENVI"),
        ("data_theme", "Environment", "ENVI"),
        ("language", "de", "DEU"),
        ("language", "http://publications.europa.eu/resource/authority/language/deu", "DEU"),
        ("license", "dl-by-de/2.0", "dl-by-de/2.0"),
        ("license", "http://dcat-ap.de/def/licenses/dl-by-de/2.0/", "dl-by-de/2.0"),
        ("license", "https://www.dcat-ap.de/def/licenses/dl-by-de/2.0", "dl-by-de/2.0"),
        ("license", "http://www.govdata.de/dl-de/by-2-0", "dl-by-de/2.0"),
        ("license", "DL-DE-BY-2.0", "dl-by-de/2.0"),
        ("license", "https://creativecommons.org/licenses/by/4.0/", "cc-by/4.0"),
        ("license", "CC0-1.0", "cc-zero"),
        ("file_type", "wms", "WMS_SRVC"),
        ("file_type", "GPKG", "GPKG"),
        ("media_type", "text/csv", "text/csv"),
        ("media_type", "http://www.iana.org/assignments/media-types/text/csv", "text/csv"),
        ("checksum_algorithm", "SHA-256", "sha256"),
        ("checksum_algorithm", DE + "hashAlgorithms/sha/256", "sha256"),
        ("planned_availability", DE + "plannedAvailability/stable", "STABLE"),
        ("distribution_status", "http://purl.org/adms/status/Completed", "COMPLETED"),
        ("geocoding_level", "municipality", "municipality"),
        ("hvd_category", "Mobilität / Verkehrsnetze", "c_4b74ea13"),
        ("musterdatensatz", "Abfallentsorgung - Container", "abfallentsorgung/container"),
        (
            "musterdatensatz",
            "Politische Partizipation - Wahl - Wahllokal",
            "politischePartizipation/wahl/wahllokal",
        ),
        # a row whose description lost its quotes at the publisher's
        (
            "musterdatensatz",
            "population structure - migration background",
            "bevoelkerungsstruktur/migrationshintergrund",
        ),
    ],
)
def test_a_value_is_found_by(name, key, code):
    assert vocab.load(name).get(key).code == code


@pytest.mark.parametrize(
    "key", ["", None, "  ", "nie und nimmer", "http://", EU + "frequency/"]
)
def test_what_is_not_listed_is_not_found(key):
    assert vocab.load("frequency").get(key) is None


def test_label():
    frequency = vocab.load("frequency")
    assert frequency.label("ANNUAL") == "jährlich"
    assert frequency.label("ANNUAL", "en") == "annual"
    assert frequency.label("ANNUAL", "fr") == "jährlich"
    assert frequency.label("alle Jubeljahre") == "alle Jubeljahre"


def test_choices_are_in_german_order():
    labels = [label for _, label in vocab.load("license").choices()]
    assert labels[0].startswith("Amtliches Werk")
    by_english = [iri for iri, _ in vocab.load("license").choices("en")]
    assert by_english == [iri for iri, _ in vocab.load("license").choices("de")]
    samples = [label for _, label in vocab.load("musterdatensatz").choices()]
    # Ö stands beside O, not after Z
    order = ("Kultur", "Öffentlichkeitsarbeit", "Politische Partizipation", "Wirtschaft")
    first = [next(i for i, s in enumerate(samples) if s.startswith(theme)) for theme in order]
    assert first == sorted(first)


def test_what_was_withdrawn_is_understood_but_not_offered():
    types = vocab.load("file_type")
    assert types.get("FMX3").deprecated
    assert types.get("FMX3").iri not in dict(types.choices())
    assert types.get("CSV").iri in dict(types.choices())


def test_concepts_cannot_be_changed():
    concept = vocab.load("frequency").get("ANNUAL")
    with pytest.raises(AttributeError):
        concept.iri = "x"
    with pytest.raises(TypeError):
        concept.labels["de"] = "x"
    assert concept in {concept}


def test_an_unknown_list_names_the_known_ones():
    with pytest.raises(KeyError, match="frequency, geocoding_level"):
        vocab.load("../../pyproject")


def test_all_lists_load_within_100_ms():
    # CPU time: other work on the machine is not the list's fault
    def elapsed() -> float:
        vocab.load.cache_clear()
        begin = time.process_time()
        for name in vocab.names():
            vocab.load(name).get("x")
        return time.process_time() - begin

    assert min(elapsed() for _ in range(3)) < 0.1


def test_every_list_has_its_helper():
    # Read, not imported: the module needs CKAN.
    path = ROOT / "ckanext" / "verbund" / "base" / "helpers.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {
        node.targets[0].id: ast.literal_eval(node.value.args[0])
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    }
    exported = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    )
    assert made == {f"verbund_choices_{name}": name for name in BASES}
    assert set(made) <= set(exported)
