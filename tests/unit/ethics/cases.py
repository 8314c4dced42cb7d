# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases for the tests of the rules."""

from ckanext.verbund.domain.ethics.assess import Answer, Case, asked
from ckanext.verbund.domain.ethics.catalogue import NO, NONE, YES, load

CATALOGUE = load()
WHY = "Ein Grund, der lang genug ist."


def harmless(**other) -> Case:
    """Return a case in which nothing speaks against publishing, but for ``other``."""
    answers = {}
    for question in CATALOGUE.questions:
        value = NO if question.trigger == YES else YES
        answers[question.id] = Answer(value, WHY)
    answers["B5"] = Answer(NONE, WHY)
    del answers["G4"]
    for id, answer in other.items():
        answers[id] = answer if isinstance(answer, Answer) else Answer(answer, WHY)
    if any(q.id == "G4" for q in asked(CATALOGUE, answers)):
        answers.setdefault("G4", Answer(NO, WHY))
    if answers["B5"].value == NONE and any(answers[b].value != NO for b in ("B1", "B2")):
        answers["B5"] = Answer(YES, WHY)
    return Case(answers)
