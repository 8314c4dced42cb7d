# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recommendation in words: what counts, which answer it comes from, what would lift it.

There is no score in it: the risk band orders lists and explains nothing (publish-or-not,
section 5.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ckanext.verbund.domain.screening import wording

from .assess import Case, Outcome, Recommendation, Step, Verdict
from .catalogue import COMMENTS, UNCLEAR, Catalogue, Effect

LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Line:
    """One answer with everything that follows from one of its effects.

    Attributes:
        question: ID of the question.
        asked: The question.
        answered: The answer in words.
        reason: Why it was given, empty in the Kurzprüfung.
        follows: What follows from it.
        remedy: What would lift it; if it is settled, what did.
        settled: Nothing is left to do.
        refs: Provisions that concern this member.
    """

    question: str
    asked: str
    answered: str
    reason: str
    follows: str
    remedy: str
    settled: bool
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """What is recommended and why, for people.

    Attributes:
        headline: The recommendation in one sentence.
        why: What it hangs on.
        decisive: IDs of the questions that it hangs on.
        lines: The trace; what is not settled comes first.
        todo: What is left to do before somebody decides.
    """

    headline: str
    why: str
    decisive: tuple[str, ...]
    lines: tuple[Line, ...]
    todo: tuple[str, ...]


def explain(
    catalogue: Catalogue,
    case: Case,
    advice: Recommendation,
    lang: str = "de",
    place: tuple[str, str] = ("", ""),
) -> Explanation:
    """Put a recommendation into words.

    Args:
        catalogue: The questions in force.
        case: Answers, comments and findings.
        advice: What the decision tree made of them.
        lang: ``de`` or ``en``.
        place: Key of the Land and kind of the member; they choose the provisions.

    Raises:
        KeyError: There are no texts in this language.
    """
    words = _Words(catalogue, case, lang)
    decisive = tuple(dict.fromkeys(s.question for s in _decisive(advice)))
    key = advice.outcome.value
    if advice.outcome is Outcome.RESTRICTED and _curable(advice):
        key = "restricted_curable"
    listed = ", ".join(decisive)
    lines = [words.line(step, place) for step in advice.steps]
    return Explanation(
        headline=_HEADLINES[lang][advice.outcome],
        why=_WHY[lang][key].format(questions=listed).strip(),
        decisive=decisive,
        lines=tuple(sorted(lines, key=lambda line: line.settled)),
        todo=tuple(words.todo(advice)),
    )


def _decisive(advice: Recommendation) -> list[Step]:
    unsettled = [s for s in advice.steps if not s.settled]
    stops = [s for s in unsettled if s.effect is Effect.KO]
    if advice.outcome is Outcome.NOT_PUBLISH:
        return [s for s in stops if s.lifted_by != "anonymised"]
    if advice.outcome is Outcome.RESTRICTED:
        return stops or [s for s in unsettled if s.effect is not Effect.AUFL]
    if advice.outcome is Outcome.OPEN_WITH_CONDITIONS:
        return unsettled
    return []


def _curable(advice: Recommendation) -> bool:
    return any(s.effect is Effect.KO and not s.settled for s in advice.steps)


@dataclass(frozen=True)
class _Words:
    catalogue: Catalogue
    case: Case
    lang: str

    def line(self, step: Step, place: tuple[str, str]) -> Line:
        question = self.catalogue[step.question]
        answer = self.case.answers[step.question]
        refs = self.catalogue.references_for(question, *place)
        return Line(
            question=step.question,
            asked=question.texts[self.lang],
            answered=self.answer(answer.value, short=answer.short),
            reason=answer.reason,
            follows=self._follows(step),
            remedy=self._settled(step) if step.settled else self._remedy(step),
            settled=step.settled,
            refs=tuple(r.cite for r in refs),
        )

    def answer(self, value: str, *, short: bool) -> str:
        text = self.catalogue.answers[value][self.lang]
        return f"{text} {_OTHER[self.lang]['short']}" if short else text

    def todo(self, advice: Recommendation) -> Iterator[str]:
        other = _OTHER[self.lang]
        for id in advice.missing:
            key = "no_reason" if id in self.case.answers else "no_answer"
            yield other[key].format(id=id, question=self.catalogue[id].texts[self.lang])
        for id, kind in advice.contradictions:
            yield other["contradiction"].format(
                id=id,
                answer=self.answer(self.case.answers[id].value, short=False),
                finding=finding(kind, self.lang),
            )
        wanted = (s.effect for s in advice.steps if s.effect in COMMENTS and not s.settled)
        for effect in dict.fromkeys(wanted):
            key = "objection" if self._objects(effect) else "comment"
            yield other[key].format(comment=self.catalogue.effects[effect][self.lang])
        for id in advice.tasks:
            yield other["task"].format(id=id, question=self.catalogue[id].texts[self.lang])
        if advice.needs_ground:
            yield other["duty"]

    def _follows(self, step: Step) -> str:
        text = FOLLOWS[self.lang][step.effect]
        if step.answer != UNCLEAR:
            return text
        trigger = self.catalogue[step.question].trigger
        counts = _OTHER[self.lang]["unclear"].format(answer=self.answer(trigger, short=False))
        return f"{counts} {text}"

    def _remedy(self, step: Step) -> str:
        if step.effect in COMMENTS:
            return _OTHER[self.lang]["objected" if self._objects(step.effect) else "await"]
        for consequence in self.catalogue[step.question].consequences:
            if consequence.effect is step.effect and consequence.objection:
                return _OTHER[self.lang]["objected"]
        return REMEDIES[self.lang][step.lifted_by]

    def _objects(self, effect: Effect) -> bool:
        return self.case.comments.get(effect) is Verdict.OBJECTION

    def _settled(self, step: Step) -> str:
        other = _OTHER[self.lang]
        if step.effect in COMMENTS:
            said = self.case.comments[step.effect]
            return other["conditional" if said is Verdict.CONDITION else "no_objection"]
        if step.lifted_by in self.case.answers[step.question].measures:
            return self.catalogue.measures[step.lifted_by][self.lang]
        by = next(
            q.id
            for q in self.catalogue.questions
            if q.lifts and (q.lifts.question, q.lifts.effect) == (step.question, step.effect)
        )
        return other["lifted"].format(id=by)


def finding(kind: str, lang: str = "de") -> str:
    """Return what a kind of finding is called in the middle of a sentence."""
    return wording.findings()[kind].several[lang]


_HEADLINES: Mapping[str, Mapping[Outcome, str]] = {
    "de": {
        Outcome.INCOMPLETE: "Noch keine Empfehlung: Es fehlen Antworten oder Gründe.",
        Outcome.BLOCKED: "Noch keine Empfehlung: Die automatische Prüfung widerspricht.",
        Outcome.NOT_PUBLISH: "Empfehlung: nicht veröffentlichen.",
        Outcome.RESTRICTED: "Empfehlung: nur eingeschränkt veröffentlichen.",
        Outcome.OPEN_WITH_CONDITIONS: "Empfehlung: offen veröffentlichen, mit Auflagen.",
        Outcome.OPEN: "Empfehlung: offen veröffentlichen.",
    },
    "en": {
        Outcome.INCOMPLETE: "No recommendation yet: answers or reasons are missing.",
        Outcome.BLOCKED: "No recommendation yet: the automatic check disagrees.",
        Outcome.NOT_PUBLISH: "Recommendation: do not publish.",
        Outcome.RESTRICTED: "Recommendation: publish with restrictions only.",
        Outcome.OPEN_WITH_CONDITIONS: "Recommendation: publish openly, with conditions.",
        Outcome.OPEN: "Recommendation: publish openly.",
    },
}
_WHY = {
    "de": {
        "incomplete": "Beantworten Sie die offenen Fragen, dann folgt die Empfehlung.",
        "blocked": "Erklären Sie den Treffer, oder ändern Sie die Antwort.",
        "not_publish": "Ausschlaggebend: {questions}. Eine gröbere Fassung ändert daran "
        "nichts.",
        "restricted": "Noch nicht erledigt: {questions}. Bis dahin gehen die Daten nicht "
        "uneingeschränkt an die Öffentlichkeit.",
        "restricted_curable": "Ausschlaggebend: {questions}. Eine anonymisierte oder gröbere "
        "Fassung kann öffentlich werden; die Daten selbst bleiben intern.",
        "open_with_conditions": "Nichts steht dagegen. Zu verbessern ist noch: {questions}.",
        "open": "Keine Antwort steht einer Veröffentlichung entgegen.",
    },
    "en": {
        "incomplete": "Answer the open questions, and the recommendation follows.",
        "blocked": "Explain the finding, or change the answer.",
        "not_publish": "Decisive: {questions}. A coarser version does not change that.",
        "restricted": "Not settled yet: {questions}. Until then the data do not go public "
        "without restrictions.",
        "restricted_curable": "Decisive: {questions}. An anonymised or coarser version can go "
        "public; the data themselves stay internal.",
        "open_with_conditions": "Nothing stands against it. To be improved: {questions}.",
        "open": "No answer stands against publishing.",
    },
}
#: What an effect means, by language.
FOLLOWS: Mapping[str, Mapping[Effect, str]] = {
    "de": {
        Effect.KO: "Das spricht gegen eine Veröffentlichung.",
        Effect.ANON: "Die Daten sind zu anonymisieren oder zu vergröbern.",
        Effect.DSB: "Der Datenschutz muss Stellung nehmen.",
        Effect.SEC: "Die Fachstelle für Sicherheit muss Stellung nehmen.",
        Effect.STAT: "Die Statistikstelle muss Stellung nehmen.",
        Effect.RECHT: "Die Rechtsstelle muss Stellung nehmen.",
        Effect.ETHIK: "Die Fachstelle für Datenethik muss Stellung nehmen.",
        Effect.AUFL: "Das ist eine Auflage für die Veröffentlichung.",
    },
    "en": {
        Effect.KO: "This speaks against publishing.",
        Effect.ANON: "The data have to be anonymised or made coarser.",
        Effect.DSB: "The data protection officer has to comment.",
        Effect.SEC: "The security specialist has to comment.",
        Effect.STAT: "The statistics office has to comment.",
        Effect.RECHT: "The legal office has to comment.",
        Effect.ETHIK: "The specialist for data ethics has to comment.",
        Effect.AUFL: "This is a condition of publishing.",
    },
}
#: What would lift an effect, by the measure that the catalogue names.
REMEDIES = {
    "de": {
        "": "Das lässt sich durch keine Maßnahme beheben. Ändert sich die Lage, beantworten "
        "Sie "
        "die Frage neu.",
        "anonymised": "Anonymisieren oder vergröbern Sie die Daten, und kreuzen Sie das bei "
        "der "
        "Antwort an.",
        "consent": "Holen Sie die Einwilligung ein, und kreuzen Sie das bei der Antwort an.",
        "licensed": "Lassen Sie sich die Rechte einräumen, und kreuzen Sie das bei der "
        "Antwort an.",
        "restricted": "Bieten Sie eine gröbere Fassung an oder die Daten auf Anfrage, und "
        "kreuzen Sie das bei der Antwort an.",
        "fixed": "Ergänzen Sie, was fehlt, und kreuzen Sie das bei der Antwort an.",
    },
    "en": {
        "": "No measure lifts this. If the situation changes, answer the question anew.",
        "anonymised": "Anonymise the data or make them coarser, and tick that at the answer.",
        "consent": "Obtain the consent, and tick that at the answer.",
        "licensed": "Have the rights granted, and tick that at the answer.",
        "restricted": "Offer a coarser version or the data on request, and tick that at the "
        "answer.",
        "fixed": "Add what is missing, and tick that at the answer.",
    },
}
_OTHER = {
    "de": {
        "short": "(über Kurzprüfung)",
        "unclear": "„Unklar“ zählt zur Sicherheit wie „{answer}“.",
        "await": "Die Stellungnahme steht noch aus.",
        "objected": "Die Stellungnahme hat Einwände. Gehen Sie darauf ein, und legen Sie neu "
        "vor.",
        "no_objection": "Die Stellungnahme liegt vor, ohne Einwände.",
        "conditional": "Die Stellungnahme liegt vor und nennt eine Auflage.",
        "lifted": "Dafür gibt es eine Rechtsgrundlage (Frage {id}).",
        "no_answer": "Frage {id} beantworten: {question}",
        "no_reason": "Frage {id} braucht eine gültige Antwort mit Begründung: {question}",
        "contradiction": "Frage {id}: Ihre Antwort ist „{answer}“. Die automatische Prüfung "
        "hat "
        "{finding} gefunden. Erklären Sie den Treffer, oder ändern Sie die Antwort.",
        "comment": "Abwarten: {comment}.",
        "objection": "Einwände behandeln: {comment}.",
        "task": "Klären, denn die Antwort ist „Unklar“: Frage {id}, {question}",
        "duty": "Die Daten sind zu veröffentlichen. Wer ablehnt, nennt einen Rechtsgrund, und "
        "die "
        "Leitung zeichnet mit.",
    },
    "en": {
        "short": "(by short check)",
        "unclear": "“Unclear” counts as “{answer}”, to be on the safe side.",
        "await": "The comment is still open.",
        "objected": "The comment objects. Meet the objections and submit again.",
        "no_objection": "The comment was made, without objections.",
        "conditional": "The comment was made and names a condition.",
        "lifted": "There is a legal basis for it (question {id}).",
        "no_answer": "Answer question {id}: {question}",
        "no_reason": "Question {id} needs a valid answer with a reason: {question}",
        "contradiction": "Question {id}: your answer is “{answer}”. The automatic check found "
        "{finding}. Explain the finding or change the answer.",
        "comment": "Wait for: {comment}.",
        "objection": "Meet the objections: {comment}.",
        "task": "Clear up, for the answer is “Unclear”: question {id}, {question}",
        "duty": "The data have to be published. A refusal names a legal ground, and Leitung "
        "signs "
        "too.",
    },
}
