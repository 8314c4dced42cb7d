# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that are proposed because the description or the check already know.

A proposal is another thing than an answer, so that the decision tree cannot take one for the
other: ``confirm`` makes an answer of it, and only a person calls that. The table of proposals
is ``schemas/ethics/prefilled.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from .assess import Answer
from .catalogue import Catalogue, Node, Question, Texts, load, text_of

FILE = "prefilled.yaml"
FORM, CHECK = "form", "check"
COARSE_METRES = 1000.0  # a kilometre: no nest, dig or home is found by it
PRECISE_DECIMALS = 5  # of a degree: about a metre; publish-or-not, section 6.4
#: The finding that the check makes only of places as precise as that (``screening.column``).
HOMES = "home-location"
_OTHERS = frozenset({"third_party", "mixed"})


@dataclass(frozen=True)
class Known:
    """What description and check say about a dataset.

    Attributes:
        own: It belongs to the member and was not harvested.
        origin: ``data_origin`` of the form, empty if nobody said.
        licence_open: Whether every file's licence is open; None: none given, or unknown.
        hvd: It has a category of high-value datasets.
        legislation: The form names a law that demands publication.
        limits: Known gaps and limits are described.
        method: The method is described.
        dated: The day of the contents or the period is given.
        contact: There is somebody to ask.
        frequency: How often it is renewed is given.
        resolution: Smallest distance in metres according to the form, None without.
        confirmed: Kinds of findings of the check that somebody confirmed.
        suspected: Kinds that nobody has explained yet.
        free_text: The check found columns of free text.
        decimals: Decimal places of coordinates that the check found, None without any.
    """

    own: bool = False
    origin: str = ""
    licence_open: bool | None = None
    hvd: bool = False
    legislation: bool = False
    limits: bool = False
    method: bool = False
    dated: bool = False
    contact: bool = False
    frequency: bool = False
    resolution: float | None = None
    confirmed: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
    free_text: bool = False
    decimals: int | None = None


@dataclass(frozen=True)
class Fact:
    """Something that can be known, who knows it, and when it holds for a question."""

    source: str
    holds: Callable[[Known, Question], bool]


FACTS: Mapping[str, Fact] = {
    "own_data": Fact(FORM, lambda k, _: k.own and k.origin not in _OTHERS),
    "hvd": Fact(FORM, lambda k, _: k.hvd),
    "legislation": Fact(FORM, lambda k, _: k.legislation),
    "official_statistics": Fact(FORM, lambda k, _: k.origin == "official_statistics"),
    "third_party": Fact(FORM, lambda k, _: k.origin in _OTHERS),
    "own_open_licence": Fact(
        FORM, lambda k, _: k.own and k.origin not in _OTHERS and k.licence_open is True
    ),
    "no_licence": Fact(FORM, lambda k, _: k.licence_open is None),
    "coarse_places": Fact(
        FORM, lambda k, _: k.resolution is not None and k.resolution >= COARSE_METRES
    ),
    "limits_described": Fact(FORM, lambda k, _: k.limits),
    "quality_described": Fact(FORM, lambda k, _: k.limits and k.method and k.dated),
    "upkeep_described": Fact(FORM, lambda k, _: k.contact and k.frequency),
    # Which findings speak to a question stands in the catalogue.
    "found": Fact(CHECK, lambda k, q: bool(k.confirmed & q.contradicted_by)),
    "free_text_columns": Fact(CHECK, lambda k, _: k.free_text),
    # Coordinates alone say nothing about people: a tree has them too.
    "precise_homes": Fact(
        CHECK,
        lambda k, _: (
            HOMES in k.suspected and k.decimals is not None and k.decimals >= PRECISE_DECIMALS
        ),
    ),
}


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    question: str
    fact: str
    answer: str
    texts: Texts = field(hash=False)


@dataclass(frozen=True)
class Proposal:
    """What the form proposes and why; not an answer yet.

    Attributes:
        question: ID of the question.
        value: The proposed answer.
        source: ``form`` or ``check``.
        texts: Why, in German and English.
        fact: What is known, as in ``FACTS``.
    """

    question: str
    value: str
    source: str
    texts: Texts = field(hash=False)
    fact: str = ""


def propose(rules: tuple[Rule, ...], catalogue: Catalogue, known: Known) -> dict[str, Proposal]:
    """Return what can be proposed, by ID of the question.

    Args:
        rules: The table.
        catalogue: The questions in force.
        known: What description and check say. What they do not say proposes nothing.
    """
    found: dict[str, Proposal] = {}
    for rule in rules:
        fact, question = FACTS[rule.fact], catalogue[rule.question]
        if not fact.holds(known, question):
            continue
        before = found.get(rule.question)
        cautious = question.triggered
        if before is None or (cautious(rule.answer) and not cautious(before.value)):
            found[rule.question] = Proposal(
                rule.question, rule.answer, fact.source, rule.texts, rule.fact
            )
    return found


def confirm(proposal: Proposal, reason: str = "", lang: str = "de") -> Answer:
    """Return the answer that a person makes of a proposal.

    Args:
        proposal: What was proposed.
        reason: The person's own reason; without it the proposed one stands.
        lang: Language of the proposed reason.
    """
    return Answer(proposal.value, reason.strip() or proposal.texts[lang])


@cache
def rules() -> tuple[Rule, ...]:
    """Return the table that comes with the package."""
    return read(text_of(FILE), load())


def read(text: str, catalogue: Catalogue) -> tuple[Rule, ...]:
    """Build the table from the text of its file.

    Args:
        text: YAML, as in ``schemas/ethics/prefilled.yaml``.
        catalogue: The questions that it is about.

    Raises:
        CatalogueError: With file, line and reason.
    """
    return tuple(_rules(Node.parse(FILE, text).get("proposals"), catalogue))


def _rules(nodes: Node, catalogue: Catalogue) -> Iterator[Rule]:
    questions = {q.id: q for q in catalogue.questions}
    for node in nodes:
        id, fact, answer = (node.get(key).text() for key in ("question", "fact", "answer"))
        if id not in questions:
            raise node.error(f"die Frage {id} gibt es nicht")
        if fact not in FACTS:
            raise node.get("fact").error(f"die Tatsache „{fact}“ gibt es nicht")
        if answer not in questions[id].answers:
            raise node.get("answer").error(f"die Frage {id} kennt die Antwort „{answer}“ nicht")
        if FACTS[fact].source == CHECK and not questions[id].triggered(answer):
            raise node.error(
                f"die automatische Prüfung darf die Frage {id} nicht harmlos beantworten"
            )
        if fact == "found" and not questions[id].contradicted_by:
            raise node.get("fact").error(f"kein Fund widerspricht der Frage {id}")
        yield Rule(id, fact, answer, node.texts())
