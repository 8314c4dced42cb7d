# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the register tells, and that it keeps everything else."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.verbund.domain.ethics.catalogue import load
from ckanext.verbund.domain.ethics.register import (
    COLUMNS,
    LEAST,
    OUTCOMES,
    Decided,
    Entry,
    as_json,
    feed_item,
    figure,
    grounds,
    is_sealed,
    objections,
    public,
    redress,
    to_csv,
    yearly,
)
from ckanext.verbund.domain.ethics.workflow import State

CATALOGUE = load()
SECRETS = ("Erika Musterfrau", "Musterfrau", "baeume_2026_final.csv", "Liste Amt 67 intern")
TREES = Decided(
    id="e-17",
    hash="ab" * 32,
    member="Stadt Kaiserslautern",
    office="Grünflächenamt",
    state=State.DECIDED_RESTRICTED,
    submitted_on=date(2026, 3, 2),
    decided_on=date(2026, 3, 12),
    questions=("E4", "B1"),
    title="Seltene Orchideen",
    description="Wo Orchideen wachsen, auf einen Kilometer genau.",
    reviewed=True,
    reason="Genaue Orte würden den Pflanzen schaden.",
    measures=("anonymised",),
    conditions="Nur die vergröberte Fassung.",
    review_on=date(2029, 3, 12),
    catalogue=(1, "cd" * 32),
    contact="gruenflaechen@kaiserslautern.example",
    land="07",
)


def entry(**change) -> Entry:
    return public(CATALOGUE, replace(TREES, **change), SECRETS)


# -- Do's -------------------------------------------------------------------------------------


def test_an_entry_tells_what_people_need():
    found = as_json(CATALOGUE, entry())
    assert found["title"] == "Seltene Orchideen"
    assert found["outcome_text"] == "eingeschränkt"
    assert found["grounds"] == ["personal-data", "nature-heritage"]
    assert found["ground_texts"][1] == "Schutz von Natur und Denkmälern"
    assert found["measure_texts"] == ["Die Daten wurden anonymisiert oder vergröbert."]
    assert found["catalogue_version"] == 1
    assert "Landestransparenzgesetz" in found["redress"]
    assert found["contact"] == "gruenflaechen@kaiserslautern.example"
    for key in ("reason", "conditions", "review_on", "decided_on", "hash", "id", "office"):
        assert found[key]


@pytest.mark.parametrize("state", OUTCOMES)
def test_every_outcome_has_an_entry_refusals_too(state):
    assert entry(state=state).outcome == OUTCOMES[state]


@pytest.mark.parametrize("state", set(State) - set(OUTCOMES))
def test_what_is_no_decision_has_none(state):
    with pytest.raises(ValueError, match="no decision"):
        entry(state=state)


@pytest.mark.parametrize(
    ("land", "name"),
    [
        ("07", "Landestransparenzgesetz"),
        ("10", "Saarländischen"),
        ("08", "die genannte Stelle"),
    ],
)
def test_redress_depends_on_the_land(land, name):
    assert name in redress(entry(land=land))
    assert redress(entry(land=land), "en")


def test_open_data_need_no_redress_until_they_end():
    assert redress(entry(state=State.DECIDED_OPEN)) == ""
    assert redress(entry(state=State.DECIDED_OPEN, ended_on=date(2026, 5, 4)))


# -- Don'ts -----------------------------------------------------------------------------------


def test_an_entry_has_no_place_for_what_is_internal():
    assert {f.name for f in fields(Entry)} == {
        *("id", "hash", "member", "office", "outcome", "decided_on", "title", "description"),
        *("grounds", "reason", "measures", "conditions", "review_on", "valid_until"),
        *("ended_on", "catalogue_version", "catalogue_hash", "contact", "land", "kind"),
        "themes",
    }


def test_an_unreviewed_title_is_not_shown():
    found = entry(reviewed=False)
    assert found.title == "Daten aus der Stelle „Grünflächenamt“"
    assert found.description == ""
    assert "Orchideen" not in json.dumps(as_json(CATALOGUE, found))


LEAKS = {
    "Name": "Nach Rücksprache mit Frau Musterfrau.",
    "Name in Großschrift": "ERIKA  MUSTERFRAU hat geprüft.",
    "Dateiname": "Siehe baeume_2026_final.csv",
    "anderer Dateiname": "Die Angaben stehen in haushalt-2026.xlsx.",
    "ungeprüfter Titel": "Das ist die „Liste Amt 67, intern“.",
    "Adresse im Netz": "Mehr unter https://intern.example/akte",
    "Postfach": "Fragen an erika@amt.example",
}


@pytest.mark.parametrize("field", ["title", "description", "reason", "conditions"])
@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_a_text_that_names_somebody_or_a_file_is_left_out_and_said_before(field, text):
    decided = replace(TREES, **{field: text})
    assert text not in json.dumps(
        as_json(CATALOGUE, public(CATALOGUE, decided, SECRETS)), ensure_ascii=False
    )
    found = objections(decided, SECRETS)
    assert [o.field for o in found] == [field]
    assert found[0].texts["de"].startswith("„")
    assert found[0].texts["en"]


@pytest.mark.parametrize(
    "text",
    [
        "Genaue Orte würden den Pflanzen schaden.",
        "Musterfrauen gibt es hier nicht.",
        "Stand 2.5.2026, zwei Fassungen.",
    ],
)
def test_an_ordinary_text_stays(text):
    assert entry(reason=text).reason == text
    assert objections(replace(TREES, reason=text), SECRETS) == []


def test_contact_may_be_a_mailbox_but_not_that_of_a_person():
    assert entry().contact
    assert entry(contact="erika.musterfrau@amt.example").contact == ""


def test_an_office_that_is_a_person_becomes_the_member():
    assert entry(office="Erika Musterfrau").office == "Stadt Kaiserslautern"
    assert entry(office="").office == "Stadt Kaiserslautern"


# -- Sealed -----------------------------------------------------------------------------------

SEALED = {
    "Schutzort": {"questions": ("E3",)},
    "Grund gewählt": {"grounds": ("protection",)},
    "von Hand": {"sealed": True},
    "mit anderem Grund": {"questions": ("B1", "E3")},
}


@pytest.mark.parametrize("change", SEALED.values(), ids=SEALED)
def test_a_sealed_decision_has_no_entry(change):
    decided = replace(TREES, **change)
    assert is_sealed(CATALOGUE, decided)
    assert public(CATALOGUE, decided) is None


def test_public_safety_shows_a_general_ground_unless_sealed():
    assert grounds(CATALOGUE, replace(TREES, questions=("E2",))) == ("public-safety",)
    assert entry(questions=("E2",)) is not None
    assert entry(questions=("E2",), sealed=True) is None


# -- Figures ----------------------------------------------------------------------------------


def some(number: int, **change) -> list[Decided]:
    return [replace(TREES, id=f"{change}-{n}", **change) for n in range(number)]


def test_totals_below_three_are_not_shown_and_look_like_none():
    for number, told in ((0, None), (1, None), (2, None), (3, 3), (4, 4)):
        found = yearly(CATALOGUE, some(number), 2026)
        assert found.total == found.outcomes["restricted"] == told
        assert found.grounds["nature-heritage"] == told
        assert found.outcomes["refused"] is None


def test_only_the_year_asked_for_counts():
    last = some(3, decided_on=date(2025, 12, 31))
    assert yearly(CATALOGUE, last + some(3), 2026).total == 3


@pytest.mark.parametrize(("sealed", "refused", "protection"), [(2, 4, None), (3, 7, 3)])
def test_sealed_ones_count_only_where_three_share_an_outcome(sealed, refused, protection):
    shown = some(4, state=State.DECIDED_NOT, questions=("B1",))
    shelters = some(sealed, state=State.DECIDED_NOT, questions=("E3",))
    found = yearly(CATALOGUE, shown + shelters, 2026)
    assert found.outcomes["refused"] == refused
    assert found.grounds["protection"] == protection
    assert found.offices[0].decisions == 4


@settings(max_examples=80, deadline=None)
@given(
    shown=st.integers(0, 6),
    refused=st.integers(0, LEAST - 1),
    restricted=st.integers(0, LEAST - 1),
)
def test_fewer_than_three_shelters_change_no_figure(shown, refused, restricted):
    base = some(shown, state=State.DECIDED_NOT, questions=("B1",))
    shelters = some(refused, state=State.DECIDED_NOT, questions=("E3", "B1"))
    shelters += some(restricted, state=State.DECIDED_RESTRICTED, questions=("E3",))
    assert yearly(CATALOGUE, base + shelters, 2026) == yearly(CATALOGUE, base, 2026)


def test_the_median_is_of_offices_with_three_decisions():
    quick = [replace(TREES, id=str(d), submitted_on=date(2026, 3, d)) for d in (2, 9, 11)]
    few = some(2, office="Tiefbauamt")
    found = yearly(CATALOGUE, quick + few, 2026).offices
    assert [(o.office, o.decisions, o.median_days) for o in found] == [
        ("Grünflächenamt", 3, 3.0),
        ("Tiefbauamt", None, None),
    ]


def test_a_clock_that_jumped_gives_no_negative_duration():
    found = yearly(CATALOGUE, some(3, submitted_on=date(2026, 12, 1)), 2026)
    assert found.offices[0].median_days == 0


def test_a_figure_says_that_it_is_small():
    assert figure(None) == "weniger als drei"
    assert figure(None, "en") == "fewer than three"
    assert (figure(1200), figure(1200, "en")) == ("1.200", "1,200")


# -- Formats ----------------------------------------------------------------------------------


def test_csv_has_a_heading_and_a_line_for_each_and_runs_no_formula():
    text = to_csv(CATALOGUE, [entry(), entry(reason="=1+1")]).decode("utf-8-sig")
    head, first, second = csv.reader(io.StringIO(text), delimiter=";")
    assert head == [texts["de"] for texts in COLUMNS.values()]
    row = dict(zip(head, first, strict=True))
    assert row["Gründe"] == "Schutz personenbezogener Daten; Schutz von Natur und Denkmälern"
    assert dict(zip(head, second, strict=True))["Begründung"] == "'=1+1"


def test_csv_columns_are_keys_of_the_json():
    assert set(COLUMNS) <= set(as_json(CATALOGUE, entry()))
    assert all(set(texts) == {"de", "en"} for texts in COLUMNS.values())


def test_a_feed_item_has_address_title_moment_and_text():
    found = feed_item(CATALOGUE, entry(), "https://portal.example/register/")
    assert found.id == "https://portal.example/register/e-17"
    assert found.title == "Grünflächenamt: Seltene Orchideen"
    assert datetime.fromisoformat(found.updated).utcoffset() is not None
    assert found.updated.startswith("2026-03-12T00:00:00")
    assert found.summary.startswith("eingeschränkt; Schutz personenbezogener Daten")


def test_an_ended_publication_is_news():
    ended = feed_item(CATALOGUE, entry(ended_on=date(2026, 7, 1)), "https://p.example/register")
    assert ended.updated.startswith("2026-07-01")
