# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue of questions: complete, and refused with line and reason when faulty."""

import pytest

from ckanext.verbund.domain.ethics import catalogue
from ckanext.verbund.domain.ethics.catalogue import FILES, CatalogueError, load, read


@pytest.fixture(scope="module")
def texts():
    return {name: (catalogue._FOLDER / name).read_text(encoding="utf-8") for name in FILES}


def test_thirty_questions_in_seven_groups():
    found = load()
    assert len(found.questions) == 30
    assert "".join(sorted({q.group for q in found.questions})) == "ABCDEFG"


def test_every_question_speaks_both_languages_and_names_a_source():
    for question in load().questions:
        assert all(question.texts[lang] and question.help[lang] for lang in ("de", "en"))
        assert question.texts["de"].endswith("?")
        assert question.refs


def test_every_reference_and_every_ground_is_used():
    found = load()
    used = {key for q in found.questions for key in q.refs}
    assert set(found.references) - used == set()
    assert set(found.grounds) - {q.ground for q in found.questions} == set()


@pytest.mark.parametrize(
    ("land", "kind", "wanted"),
    [
        ("07", "municipality", {"ltranspg-7", "hvd", "uig-10"}),
        ("10", "district", {"sl-egovg-17a", "hvd", "uig-10"}),
        ("08", "municipality", {"hvd", "uig-10"}),
    ],
    ids=["Rheinland-Pfalz", "Saarland", "ein anderes Land"],
)
def test_references_depend_on_the_land(land, kind, wanted):
    found = load()
    assert {r.key for r in found.references_for(found["A2"], land, kind)} == wanted


def test_references_depend_on_the_kind_of_member():
    found = load()
    secrecy = {r.key for r in found.references_for(found["A3"], "07", "municipal_company")}
    assert secrecy == {"stgb-203"}


def test_hash_tells_any_change(texts):
    changed = texts | {"grounds.yaml": texts["grounds.yaml"] + "\n# x\n"}
    assert read(texts).hash != read(changed).hash
    assert read(texts).hash == load().hash


FAULTS = {
    "kein YAML": ("questions:\n", "questions: [\n", "Zeile"),
    "unbekannter Effekt": (
        "{effect: DSB}]",
        "{effect: DSBX}]",
        "den Effekt „DSBX“ gibt es nicht",
    ),
    "unbekannte Fundstelle": ("[dsgvo-4-1]", "[dsgvo-4-9]", "die Fundstelle „dsgvo-4-9“"),
    "unbekannter Grund": ("ground: competence", "ground: kompetenz", "den Grund „kompetenz“"),
    "unbekannte Maßnahme": (
        "lifted_by: licensed",
        "lifted_by: lizenz",
        "die Maßnahme „lizenz“",
    ),
    "Gewicht zu groß": ("weight: 5", "weight: 9", "eine ganze Zahl von 0 bis 5"),
    "Auslöser unbekannt": ("trigger: no", "trigger: maybe", "hier steht „yes“ oder „no“"),
    "Frage doppelt": ("id: A2", "id: A1", "die Frage A1 gibt es schon"),
    "Gruppe fehlt": ("id: B1", "id: X1", "die Gruppe „X“"),
    "Text fehlt": ("  en: Are we competent", "  fr: Sommes-nous", "unbekannte Angabe „fr“"),
    "Deutsch fehlt": ("  de: Ist unsere Stelle", "  note: x #", "unbekannte Angabe"),
    "Grund fehlt": ("  ground: contract\n", "", "fehlt der Grund für das Register"),
    "Bezug nach hinten": (
        "none_if: [B1, B2]",
        "none_if: [B6]",
        "die Frage B6 steht nicht davor",
    ),
    "falscher Aufhebender": (
        "effect: ANON}\n  refs: [dsgvo-6",
        "effect: KO}\n  refs: [dsgvo-6",
        "hat den Effekt KO nicht",
    ),
    "keine Stellungnahme": (
        "objection: RECHT",
        "objection: AUFL",
        "AUFL ist keine Stellungnahme",
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_file_is_refused_with_line_and_reason(texts, old, new, reason):
    text = texts["catalogue.yaml"]
    assert old in text
    with pytest.raises(CatalogueError, match=r"catalogue\.yaml, Zeile \d+") as error:
        read(texts | {"catalogue.yaml": text.replace(old, new, 1)})
    assert reason in str(error.value)


def test_the_line_is_the_line_of_the_fault(texts):
    text = texts["catalogue.yaml"]
    line = text[: text.index("id: B1")].count("\n") + 1
    with pytest.raises(CatalogueError, match=f"Zeile {line}: "):
        read(texts | {"catalogue.yaml": text.replace("id: B1", "id: X1")})
